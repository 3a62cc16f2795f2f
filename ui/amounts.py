"""Amounts in: what a person typed, read as a number or refused with a code.

Nothing is guessed. A text that can mean two amounts is refused and carries both as readings, so that
the field can offer them as buttons. The Persian and English words that count as numbers and units are
the tables below.
"""

import re
import unicodedata
from dataclasses import dataclass, replace
from decimal import Decimal, localcontext
from itertools import pairwise
from typing import Final, Literal

Unit = Literal["rial", "toman", "percent", "km", "mm", "days", "hours"]
AmountCode = Literal[
    "ambiguous_comma",
    "ambiguous_dot",
    "ambiguous_rest",
    "chars",
    "empty",
    "fraction",
    "grouping",
    "looks_like_date",
    "minus_place",
    "negative",
    "order",
    "range",
    "separators",
    "slash",
    "too_big",
    "too_long",
    "too_small",
    "unit_conflict",
    "unit_unknown",
    "words",
]

LATIN_DIGITS: Final = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", "0123456789" * 2)
_TO_PERSIAN: Final = str.maketrans("0123456789,.", "۰۱۲۳۴۵۶۷۸۹٬٫")
# Direction marks, the byte order mark and tatweel: invisible or ornament, and often pasted along.
_DROPPED: Final = dict.fromkeys(
    map(ord, "\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\u0640")
)
_FOLDED: Final = str.maketrans(
    {"ي": "ی", "ى": "ی", "ك": "ک", "\u2212": "-", "﷼": "ریال", "٪": "%"}
    | dict.fromkeys("\u200c\u00a0\u202f\u2009\u2007\t", " ")
)

_THOUSAND, _MILLION, _MILLIARD, _TRILLION = 3, 6, 9, 12
_POWER_WORDS: Final = {
    "هزار": _THOUSAND,
    "k": _THOUSAND,
    "thousand": _THOUSAND,
    "میلیون": _MILLION,
    "ملیون": _MILLION,
    "m": _MILLION,
    "mn": _MILLION,
    "million": _MILLION,
    "میلیارد": _MILLIARD,
    "ملیارد": _MILLIARD,
    "b": _MILLIARD,
    "bn": _MILLIARD,
    "billion": _MILLIARD,
    "تریلیون": _TRILLION,
    "trillion": _TRILLION,
    "همت": _TRILLION,
}
_THOUSAND_MILLIARD_TOMANS: Final = "همت"  # a power and the unit toman in one word
_AND: Final = "و"
_UNIT_WORDS: Final[dict[str, Unit]] = {
    "ریال": "rial",
    "rial": "rial",
    "rials": "rial",
    "irr": "rial",
    "تومان": "toman",
    "تومن": "toman",
    "ت": "toman",
    "toman": "toman",
    "tomans": "toman",
    "%": "percent",
    "درصد": "percent",
    "کیلومتر": "km",
    "km": "km",
    "میلیمتر": "mm",
    "mm": "mm",
    "روز": "days",
    "day": "days",
    "days": "days",
    "ساعت": "hours",
    "hour": "hours",
    "hours": "hours",
}
_IN_RIALS: Final[dict[Unit | None, int]] = {"rial": 1, "toman": 10}

_MAX_LENGTH: Final = 80
# A typed number has at most _MAX_LENGTH digits and is moved by at most 13 places: no step ever rounds.
_PRECISION: Final = 2 * _MAX_LENGTH
_GROUP: Final = 3
_DECIMAL_MARKS: Final = ".٫/"
_GROUPING_MARKS: Final = ",٬،_' "
_PERSIAN_GROUPING: Final = "٬"
_NUMBER: Final = rf"[0-9](?:[0-9{_DECIMAL_MARKS}{_GROUPING_MARKS}]*[0-9])?"
_TOKEN: Final = re.compile(rf"({_NUMBER})|([^\W\d_]+|%)|(\S)")
_IN_TRIPLES: Final = re.compile(r"[0-9]{1,3}(?:[^0-9][0-9]{3})+")
_DATE: Final = re.compile(r"(?:1[34][0-9]{2}|20[0-9]{2})/[0-9]{1,2}/[0-9]{1,2}")
_SIGN: Final = re.compile(r"([+-]|منفی(?= ))\s*(?=\d)")
_MISPLACED_MINUS: Final = re.compile(r"\(.*\)|[\d,٬. ]+-")
_RESPELLED: Final = (
    (re.compile(r"(?<![^\W\d_])(کیلو|میلی) +(?=متر)"), r"\1"),
    (re.compile(r"(?<![^\W\d_])ک +م\b"), "km"),
    (re.compile(r"(?<=[^\W\d_])(تومان|تومن|ریال|کیلومتر|میلیمتر)"), r" \1"),  # هزارتومان
)


@dataclass(frozen=True)
class AmountError:
    """Why a text is not an amount: a key into the text table.

    `readings` are the amounts that it might have meant, in the unit of the field, the likelier first.
    They are not held against the field's limits.
    """

    code: AmountCode
    readings: tuple[Decimal, ...] = ()


class _RefusedError(Exception):
    """Carries a refusal from where it is found to `parse_amount`."""

    def __init__(self, code: AmountCode, readings: tuple[Decimal, ...] = ()) -> None:
        super().__init__(code)
        self.error = AmountError(code, readings)


def parse_amount(
    text: str,
    *,
    unit: Unit | None = "rial",
    places: int = 0,
    lo: Decimal | int = 0,
    hi: Decimal | int = 10**15,
) -> Decimal | AmountError:
    """Read a typed text as an exact amount in `unit`; None is a plain number.

    Rials and tomans are converted where the text names the other one. The answer has at most `places`
    decimals, lies between `lo` and `hi`, both included, and is never rounded. Whatever cannot be read
    in exactly one way is an AmountError; nothing is raised.
    """
    try:
        with localcontext(prec=_PRECISION):
            amount = _read(text, unit, places)
            _check_limits(amount, places, lo, hi)
    except _RefusedError as refusal:
        return refusal.error
    return amount


def to_fa(value: Decimal | int) -> str:
    """Write a number in Persian digits, grouped, as a field takes it: no direction marks, a plain minus."""
    return f"{Decimal(value):,f}".translate(_TO_PERSIAN)


def fold(text: str) -> str:
    """Give a typed text one spelling: letters, spaces and signs; digits stay as they are.

    NFC and not NFKC, which would make 122 of 12².
    """
    return unicodedata.normalize("NFC", text).translate(_DROPPED).translate(_FOLDED).strip()


@dataclass(frozen=True)
class _Term:
    """One number with the powers of ten said after it, as «۲ هزار میلیارد»."""

    number: Decimal
    power: int = 0
    multiplied: bool = False

    @property
    def worth(self) -> Decimal:
        return self.number.scaleb(self.power)


class _Reader:
    """What has been read of a text, word by word: terms, the unit said, one doubtful number at most."""

    def __init__(self, *, persian: bool, places: int) -> None:
        self.terms: list[_Term] = []
        self.unit: Unit | None = None
        self.doubt: tuple[int, AmountError] | None = None  # which term, and what it might be
        self._joined = False  # the last word was «و»
        self._persian = persian
        self._places = places

    def read(self, text: str) -> None:
        """Take in a text that is not blank; one term is left at least, as only a number may come first."""
        for number, word, other in _TOKEN.findall(text):
            if other:
                raise _RefusedError("range" if other == "-" else "chars")
            if number:
                self._take_number(number)
            elif word == _AND:
                self._take_and()
            elif word in _POWER_WORDS:
                self._take_power(word)
            elif word in _UNIT_WORDS:
                self._take_unit(_UNIT_WORDS[word])
            else:
                raise _RefusedError("words" if re.search(r"[\u0600-\u06ff]", word) else "chars")
        if self._joined:
            raise _RefusedError("order")

    def _take_number(self, text: str) -> None:
        if self.unit or (self.terms and not self.terms[-1].multiplied):
            raise _RefusedError("order")
        try:
            number = _number(text, persian=self._persian, places=self._places)
        except _RefusedError as refusal:
            readings = refusal.error.readings
            if not readings or self.doubt:
                raise
            # Read on, so that the readings carry the powers and the unit that follow.
            self.doubt = (len(self.terms), refusal.error)
            number = readings[0]
        self.terms.append(_Term(number))
        self._joined = False

    def _take_and(self) -> None:
        if not self.terms or self._joined:
            raise _RefusedError("order")
        self._joined = True

    def _take_power(self, word: str) -> None:
        if not self.terms or self.unit or self._joined:
            raise _RefusedError("words")
        power = _POWER_WORDS[word]
        last = self.terms[-1]
        if last.multiplied and not (last.power == _THOUSAND and power in {_MILLION, _MILLIARD}):
            raise _RefusedError("order")
        self.terms[-1] = _Term(last.number, last.power + power, multiplied=True)
        if word == _THOUSAND_MILLIARD_TOMANS:
            self.unit = "toman"

    def _take_unit(self, unit: Unit) -> None:
        if not self.terms or self._joined:
            raise _RefusedError("words")
        if self.unit not in {None, unit}:
            raise _RefusedError("unit_conflict")
        self.unit = unit


def _read(text: str, unit: Unit | None, places: int) -> Decimal:
    if len(text) > _MAX_LENGTH:  # before anything else: composing letters takes quadratic time
        raise _RefusedError("too_long")
    folded = fold(text)
    if not folded:
        raise _RefusedError("empty")
    words = folded.translate(LATIN_DIGITS).casefold()
    for spelling, respelled in _RESPELLED:
        words = spelling.sub(respelled, words)
    if _MISPLACED_MINUS.fullmatch(words):
        raise _RefusedError("minus_place")
    sign = _SIGN.match(words)
    if sign:
        words = words[sign.end() :]
    if re.search(r"\d[a-z]+\d", words):  # 1e3, 0x10
        raise _RefusedError("chars")
    reader = _Reader(persian=not re.search(r"[0-9]", folded), places=places)
    reader.read(words)
    scale = _scale(reader.unit, unit)
    if sign and sign[1] != "+":
        scale = -scale
    if reader.doubt:
        _refuse_doubt(*reader.doubt, reader.terms, scale)
    return _plain(scale * _total(reader.terms, scale))


def _number(text: str, *, persian: bool, places: int) -> Decimal:
    """Read one run of Latin digits and separators; `persian` tells that they were typed otherwise."""
    decimal_marks = [char for char in text if char in _DECIMAL_MARKS]
    grouping_marks = [char for char in text if char in _GROUPING_MARKS]
    if len(set(decimal_marks)) > 1 or len(set(grouping_marks)) > 1:
        raise _RefusedError("separators")
    if _DATE.fullmatch(text):
        raise _RefusedError("looks_like_date")
    if len(decimal_marks) > 1:  # 1.234.567, ۱۲/۵۰۰/۰۰۰: no decimal has two marks
        if grouping_marks or not _IN_TRIPLES.fullmatch(text):
            raise _RefusedError("separators")
        return Decimal(_digits_of(text))
    mark = decimal_marks[0] if decimal_marks else "."
    whole, _, fraction = text.partition(mark)
    if grouping_marks:
        _check_grouping(whole, fraction, grouping_marks[0])
        whole = _digits_of(whole)
    value = Decimal(f"{whole}.{fraction}")
    if mark == "/" and not persian:  # 12/5: a fraction, a date, or a decimal typed on a Latin keyboard
        raise _RefusedError("slash", (value,))
    could_be_group = len(fraction) == _GROUP and len(whole) <= _GROUP and whole.strip("0")
    if could_be_group and not grouping_marks and places < _GROUP:  # 1.250
        raise _RefusedError("ambiguous_dot", (value, Decimal(whole + fraction)))
    return value


def _check_grouping(whole: str, fraction: str, mark: str) -> None:
    """Refuse grouping marks that stand where no thousands end.

    «٬» may stand anywhere: it is never a decimal mark, and people edit our own grouped text midway.
    """
    if mark in fraction:  # 1.234,56
        raise _RefusedError("separators")
    if mark == _PERSIAN_GROUPING or _IN_TRIPLES.fullmatch(whole):
        return
    if mark == " " or whole.count(mark) > 1:
        raise _RefusedError("grouping")
    readings = () if fraction else (Decimal(whole.replace(mark, ".")), Decimal(_digits_of(whole)))
    raise _RefusedError("ambiguous_comma", readings)


def _digits_of(text: str) -> str:
    return re.sub(r"[^0-9]", "", text)


def _scale(said: Unit | None, unit: Unit | None) -> Decimal:
    """Tell by what the number is multiplied to come from the unit said to the unit of the field."""
    if said in {None, unit}:
        return Decimal(1)
    if said not in _IN_RIALS or unit not in _IN_RIALS:
        raise _RefusedError("unit_unknown")
    return Decimal(_IN_RIALS[said]) / _IN_RIALS[unit]


def _refuse_doubt(index: int, error: AmountError, terms: list[_Term], scale: Decimal) -> None:
    readings = []
    for number in error.readings:
        reading = [*terms[:index], replace(terms[index], number=number), *terms[index + 1 :]]
        readings.append(_plain(scale * sum((term.worth for term in reading), Decimal(0))))
    raise _RefusedError(error.code, tuple(readings))


def _total(terms: list[_Term], scale: Decimal) -> Decimal:
    """Add up the terms, which must fall in size: «۲ میلیون و ۵۰۰ هزار». `scale` serves the readings."""
    total = terms[0].worth
    for before, term in pairwise(terms):
        if not term.multiplied and term.number < 10**_THOUSAND and before.power >= _MILLION:
            # «۲ میلیون و ۵۰۰» is 2,500,000 in speech and 2,000,500 in print.
            rests = (term.number.scaleb(before.power - _THOUSAND), term.number)
            raise _RefusedError("ambiguous_rest", tuple(_plain(scale * (total + rest)) for rest in rests))
        falls = term.power < before.power and term.worth < Decimal(1).scaleb(before.power)
        if not falls or before.number % 1:  # ۲٫۵ میلیون و ۵۰۰ هزار
            raise _RefusedError("order")
        total += term.worth
    return total


def _plain(value: Decimal) -> Decimal:
    """Drop exponents, trailing zeros and the sign of zero: 2E+6 is 2000000, 1.50 is 1.5."""
    return value.normalize() if value % 1 else Decimal(int(value))


def _check_limits(amount: Decimal, places: int, lo: Decimal | int, hi: Decimal | int) -> None:
    if amount.scaleb(places) % 1:
        raise _RefusedError("fraction")
    if amount < 0 <= lo:
        raise _RefusedError("negative")
    if amount < lo:
        raise _RefusedError("too_small")
    if amount > hi:
        raise _RefusedError("too_big")
