"""Read typed amounts: digits of three scripts, number words, powers of ten and units, in two languages.

Nothing is guessed. A text that can mean two amounts is refused and carries both as readings, so that
the field can offer them as buttons.
"""

import re
from dataclasses import dataclass, replace
from decimal import Decimal, localcontext
from itertools import pairwise
from typing import Final, Literal

from logic.core.normalisation import normalise

Unit = Literal["rial", "toman", "percent", "km", "mm", "days", "hours"]
AmountCode = Literal[
    "ambiguous_comma",
    "ambiguous_dot",
    "ambiguous_power",
    "ambiguous_rest",
    "approximate",
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

_TO_PERSIAN: Final = str.maketrans("0123456789,.", "۰۱۲۳۴۵۶۷۸۹٬٫")

_THOUSAND, _MILLION, _MILLIARD, _TRILLION = 3, 6, 9, 12
_POWER_WORDS: Final = {
    "هزار": _THOUSAND,
    "k": _THOUSAND,
    "thousand": _THOUSAND,
    "میلیون": _MILLION,
    "ملیون": _MILLION,
    "میلون": _MILLION,
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
_ABBREVIATED_POWER: Final = "م"
"""After an amount of money: million or milliard."""
_AND: Final = ("و", "and")
_HALF: Final = ("نیم", "half")
_APPROXIMATE: Final = ("حدود", "حدودا", "تقریبا", "about", "around", "approx", "approximately", "~")
_RANGE: Final = ("تا", "الی", "to", "-")
_HUNDRED: Final = 100
_TEN: Final = 10
_NUMBER_WORDS: Final[dict[str, int]] = {
    word: value
    for value, words in {
        0: "صفر zero",
        1: "یک a one",
        2: "دو two",
        3: "سه three",
        4: "چهار چار four",
        5: "پنج five",
        6: "شش شیش six",
        7: "هفت seven",
        8: "هشت eight",
        9: "نه nine",
        10: "ده ten",
        11: "یازده eleven",
        12: "دوازده twelve",
        13: "سیزده thirteen",
        14: "چهارده fourteen",
        15: "پانزده پونزده fifteen",
        16: "شانزده شونزده sixteen",
        17: "هفده هیفده seventeen",
        18: "هجده هیجده eighteen",
        19: "نوزده nineteen",
        20: "بیست twenty",
        30: "سی thirty",
        40: "چهل forty",
        50: "پنجاه fifty",
        60: "شصت sixty",
        70: "هفتاد seventy",
        80: "هشتاد eighty",
        90: "نود ninety",
        100: "صد یکصد",
        200: "دویست",
        300: "سیصد",
        400: "چهارصد",
        500: "پانصد پونصد",
        600: "ششصد شیشصد",
        700: "هفتصد",
        800: "هشتصد",
        900: "نهصد",
    }.items()
    for word in words.split()
}
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
_MAX_DECIMALS: Final = 2
"""Digits after «٬» that may be decimals; more are the rest of a group that is being edited."""
_NUMBER: Final = rf"[0-9](?:[0-9{_DECIMAL_MARKS}{_GROUPING_MARKS}]*[0-9])?"
_TOKEN: Final = re.compile(rf"({_NUMBER})|([^\W\d_]+|%|[-~])|(\S)")
_IN_TRIPLES: Final = re.compile(r"[0-9]{1,3}(?:[^0-9][0-9]{3})+")
_DATE: Final = re.compile(r"(?:1[34][0-9]{2}|20[0-9]{2})/[0-9]{1,2}/[0-9]{1,2}")
_SIGN: Final = re.compile(r"([+-]|منفی(?= ))\s*(?=\w)")
_MISPLACED_MINUS: Final = re.compile(r"\(.*\)|[\d,٬. ]+-")
_RESPELLED: Final = (
    (re.compile(r"(?<![^\W\d_])(کیلو|میلی) +(?=متر)"), r"\1"),
    (re.compile(r"(?<![^\W\d_])ک +م\b"), "km"),
    (re.compile(r"(?<=[^\W\d_])(تومان|تومن|ریال|کیلومتر|میلیمتر)"), r" \1"),  # هزارتومان
    (re.compile(r"(?<=[a-z])-(?=[a-z])"), " "),  # twenty-five
    (re.compile(r"\ba half\b"), "half"),
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

    def __init__(self, *, persian: bool, money: bool, places: int) -> None:
        self.terms: list[_Term] = []
        self.unit: Unit | None = None
        self.doubt: tuple[int, AmountError] | None = None  # which term, and what it might be
        self._joined = False  # the last word was «و»
        self._closed = False  # a unit stands after the number
        self._words: list[int] = []  # number words that are not yet a term
        self._persian = persian
        self._money = money
        self._places = places

    def read(self, text: str) -> None:
        """Take in a text that is not blank. Raises _RefusedError."""
        for number, word, other in _TOKEN.findall(text):
            if word in _NUMBER_WORDS or word == "hundred":
                self._take_number_word(word)
                continue
            if word in _AND and self._words and not self._joined:
                self._joined = True  # «صد و پنجاه», or the end of a term
                continue
            self._end_number_words()
            if other:
                raise _RefusedError("chars")
            if number:
                self._take_number(number)
            else:
                self._take_word(word)
        self._end_number_words()
        if self._joined:
            raise _RefusedError("order")
        if not self.terms:
            raise _RefusedError("words" if self.unit else "chars")

    def _take_word(self, word: str) -> None:
        if word in _AND:
            self._take_and()
        elif word in _HALF:
            self._take_half()
        elif word in _POWER_WORDS:
            self._take_power(word)
        elif word in _UNIT_WORDS:
            self._take_unit(_UNIT_WORDS[word])
        elif word in _RANGE:
            raise _RefusedError("range")
        elif word in _APPROXIMATE:
            raise _RefusedError("approximate")
        elif word == _ABBREVIATED_POWER and self._money:
            self._take_abbreviated_power()
        else:
            raise _RefusedError("words" if re.search(r"[\u0600-\u06ff]", word) else "chars")

    def _take_number_word(self, word: str) -> None:
        """Add a number word to those before it: «صد» «پنجاه» «دو», five hundred twenty two."""
        if word == "hundred":
            if len(self._words) != 1 or not 0 < self._words[0] < _HUNDRED:
                raise _RefusedError("order")
            self._words = [self._words[0] * _HUNDRED]
            return
        value = _NUMBER_WORDS[word]
        if self._words:
            last = self._words[-1]
            step = _HUNDRED if last >= _HUNDRED else _TEN if last >= 2 * _TEN else 0
            if not 0 < value < step:
                raise _RefusedError("order")
        else:
            self._check_place_of_number()
        self._words.append(value)
        self._joined = False

    def _end_number_words(self) -> None:
        if self._words:
            self.terms.append(_Term(Decimal(sum(self._words))))
            self._words = []

    def _check_place_of_number(self) -> None:
        if self._closed or (self.terms and not self.terms[-1].multiplied):
            raise _RefusedError("order")

    def _take_number(self, text: str) -> None:
        self._check_place_of_number()
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

    def _take_half(self) -> None:
        """Read «نیم میلیون», «یک و نیم میلیون» and «یک میلیون و نیم»."""
        if self._closed or self.doubt or bool(self.terms) != self._joined:
            raise _RefusedError("order")
        last = self.terms.pop() if self.terms else _Term(Decimal(0))
        self.terms.append(replace(last, number=last.number + Decimal("0.5")))
        self._joined = False

    def _take_and(self) -> None:
        if not self.terms or self._joined:
            raise _RefusedError("order")
        self._joined = True

    def _take_power(self, word: str) -> None:
        power = _POWER_WORDS[word]
        if power == _THOUSAND and (not self.terms or (self._joined and self.terms[-1].multiplied)):
            self._check_place_of_number()
            self.terms.append(_Term(Decimal(1)))  # «هزار و پانصد», «یک میلیون و هزار»
            self._joined = False
        if not self.terms or self._joined or self._closed:
            raise _RefusedError("words")
        last = self.terms[-1]
        if last.multiplied and not (last.power == _THOUSAND and power in {_MILLION, _MILLIARD}):
            raise _RefusedError("order")
        self.terms[-1] = replace(last, power=last.power + power, multiplied=True)
        if word == _THOUSAND_MILLIARD_TOMANS:
            self._take_unit("toman")

    def _take_abbreviated_power(self) -> None:
        """Read «۱۵۰ م» as a doubt: million or milliard."""
        if not self.terms or self._joined or self._closed or self.doubt or self.terms[-1].multiplied:
            raise _RefusedError("words")
        last = self.terms[-1]
        readings = tuple(last.number.scaleb(power) for power in (_MILLION, _MILLIARD))
        self.doubt = (len(self.terms) - 1, AmountError("ambiguous_power", readings))
        self.terms[-1] = _Term(readings[0], multiplied=True)

    def _take_unit(self, unit: Unit) -> None:
        if self._joined:
            raise _RefusedError("words")
        if self.unit not in {None, unit}:
            raise _RefusedError("unit_conflict")
        self.unit = unit
        self._closed = bool(self.terms)


def _read(text: str, unit: Unit | None, places: int) -> Decimal:
    if len(text) > _MAX_LENGTH:  # before anything else: composing letters takes quadratic time
        raise _RefusedError("too_long")
    words = normalise(text).casefold()
    if not words:
        raise _RefusedError("empty")
    words = words.removesuffix(".").rstrip()
    for spelling, respelled in _RESPELLED:
        words = spelling.sub(respelled, words)
    if _MISPLACED_MINUS.fullmatch(words):
        raise _RefusedError("minus_place")
    sign = _SIGN.match(words)
    if sign:
        words = words[sign.end() :]
    if re.search(r"\d[a-z]+\d", words):  # 1e3, 0x10
        raise _RefusedError("chars")
    reader = _Reader(persian=not re.search(r"[0-9]", text), money=unit in _IN_RIALS, places=places)
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

    «٬» may stand elsewhere, as people edit our own grouped text midway; a single one before one or two digits
    may be meant as a decimal mark.
    """
    if mark in fraction:  # 1.234,56
        raise _RefusedError("separators")
    if _IN_TRIPLES.fullmatch(whole):
        return
    if mark == _PERSIAN_GROUPING and (whole.count(mark) > 1 or len(whole.partition(mark)[2]) > _MAX_DECIMALS):
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
