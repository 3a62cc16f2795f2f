"""Read typed amounts: digits of three scripts, number words, powers of ten and units, in two languages.

Nothing is guessed. A text that can mean two amounts is refused and carries both as readings, so that
the field can offer them as buttons.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, localcontext
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, Field

from logic.core.errors import DataError
from logic.core.normalisation import normalise
from logic.core.persian import COMMA, DECIMAL_MARK, DIGITS, GROUPING_MARK
from logic.datasets.tables import Row, build, cached_per_dataset, data_dir, display_path, read_toml

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

_TO_PERSIAN: Final = str.maketrans("0123456789,.", DIGITS + GROUPING_MARK + DECIMAL_MARK)

_THOUSAND, _MILLION, _MILLIARD, _TRILLION = 3, 6, 9, 12
_HUNDRED: Final = 100
_TEN: Final = 10
_IN_RIALS: Final[dict[Unit | None, int]] = {"rial": 1, "toman": 10}

_MAX_LENGTH: Final = 80
# A typed number has at most _MAX_LENGTH digits and is moved by at most 13 places: no step ever rounds.
_PRECISION: Final = 2 * _MAX_LENGTH
_GROUP: Final = 3
_DECIMAL_MARKS: Final = f".{DECIMAL_MARK}/"
_GROUPING_MARKS: Final = f",{GROUPING_MARK}{COMMA}_' "
_MAX_DECIMALS: Final = 2
"""Digits after a Persian grouping mark that may be decimals; more are the rest of a group being edited."""
_NUMBER: Final = rf"[0-9](?:[0-9{_DECIMAL_MARKS}{_GROUPING_MARKS}]*[0-9])?"
_LETTER: Final = r"[^\W\d_]"
_WORD: Final = re.compile(rf"{_LETTER}+|%|[-~]")
_TOKEN: Final = re.compile(rf"({_NUMBER})|({_WORD.pattern})|(\S)")
_IN_TRIPLES: Final = re.compile(r"[0-9]{1,3}(?:[^0-9][0-9]{3})+")
_DATE: Final = re.compile(r"(?:1[34][0-9]{2}|20[0-9]{2})/[0-9]{1,2}/[0-9]{1,2}")
_MISPLACED_MINUS: Final = re.compile(rf"\(.*\)|[\d,{GROUPING_MARK}. ]+-")
_HYPHENATED: Final = re.compile(r"(?<=[a-z])-(?=[a-z])")
"""As in twenty-five."""
_A_HALF: Final = re.compile(r"\ba half\b")

_FILE: Final = "amount_words.toml"
_Word = Annotated[str, AfterValidator(lambda word: normalise(word).casefold())]
_Words = Annotated[tuple[_Word, ...], Field(min_length=1)]


class _OtherWords(Row):
    """Words of amounts that are neither numbers, powers nor units."""

    hundred: _Words
    thousand_milliard_tomans: _Words
    million_or_milliard: _Words
    and_: _Words = Field(alias="and")
    half: _Words
    approximate: _Words
    range: _Words
    minus: _Words
    attached_unit: _Words


class _WordTables(Row):
    """Words of numbers, of powers of ten by their exponent, and of units."""

    number: Mapping[Annotated[int, Field(ge=0, lt=1000)], _Words]
    power: Mapping[Annotated[int, Field(ge=1, le=_TRILLION)], _Words]
    unit: Mapping[Unit, _Words]


@dataclass(frozen=True)
class AmountWords:
    """What each word of an amount means."""

    numbers: Mapping[str, int]
    powers: Mapping[str, int]
    units: Mapping[str, Unit]
    other: _OtherWords
    sign: re.Pattern[str]
    respelled: tuple[tuple[re.Pattern[str], str], ...]
    """Expressions and their replacements, which leave every unit as one word by itself."""


@cached_per_dataset
def amount_words() -> AmountWords:
    """Return the words of ``data/amount_words.toml``. Raises DataError."""
    file = data_dir() / _FILE
    content = read_toml(file)
    other = build(_OtherWords, content.pop("word", {}), file, "[word] ".__add__)
    tables = build(_WordTables, content, file)
    _check_words(file, tables, other)
    powers = {**tables.power, _TRILLION: (*tables.power.get(_TRILLION, ()), *other.thousand_milliard_tomans)}
    phrases = [(phrase, words[0]) for words in tables.unit.values() for phrase in words if " " in phrase]
    return AmountWords(
        numbers={word: number for number, words in tables.number.items() for word in words},
        powers={word: power for power, words in powers.items() for word in words},
        units={word: unit for unit, words in tables.unit.items() for word in words},
        other=other,
        sign=re.compile(rf"([+-]|(?:{_any_of(other.minus)})(?= ))\s*(?=\w)"),
        respelled=(
            *((re.compile(rf"(?<!{_LETTER}){phrase}(?!{_LETTER})"), word) for phrase, word in phrases),
            (re.compile(rf"(?<={_LETTER})({_any_of(other.attached_unit)})"), r" \1"),
            (_HYPHENATED, " "),
            (_A_HALF, "half"),
        ),
    )


def _check_words(file: Path, tables: _WordTables, other: _OtherWords) -> None:
    """Check that a word is no duplicate and is one word; only further spellings of a unit may be several."""
    words_of = {**dict(tables), "word": other.model_dump(by_alias=True, exclude={"attached_unit"})}
    seen: set[str] = set()
    for table, words_by_meaning in words_of.items():
        for meaning, words in words_by_meaning.items():
            for index, word in enumerate(words):
                parts = word.split(" ") if table == "unit" and index else [word]
                if word in seen or not all(map(_WORD.fullmatch, parts)):
                    problem = f"{word!r} is a duplicate" if word in seen else f"{word!r} is not one word"
                    raise DataError(display_path(file), None, f"[{table}] {meaning}", problem)
                seen.add(word)
    for word in other.attached_unit:
        if not any(word in words for words in tables.unit.values()):
            raise DataError(display_path(file), None, "[word] attached_unit", f"{word!r} is no unit")


def _any_of(words: Iterable[str]) -> str:
    """Return an expression that matches each of the words."""
    return "|".join(map(re.escape, words))


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
    decimals: int = 0,
    minimum: Decimal | int = 0,
    maximum: Decimal | int = 10**15,
) -> Decimal | AmountError:
    """Read a typed text as an exact amount in `unit`; None is a plain number.

    Rials and tomans are converted where the text names the other one. The answer has at most `places`
    decimals, lies between `lo` and `hi`, both included, and is never rounded. Whatever cannot be read
    in exactly one way is an AmountError; nothing is raised.
    """
    try:
        with localcontext(prec=_PRECISION):
            amount = _read(text, unit, decimals)
            _check_limits(amount, decimals, minimum, maximum)
    except _RefusedError as refusal:
        return refusal.error
    return amount


def to_persian_digits(value: Decimal | int) -> str:
    """Write a number in Persian digits, grouped, as a field takes it: no direction marks, a plain minus."""
    return f"{Decimal(value):,f}".translate(_TO_PERSIAN)


@dataclass(frozen=True)
class _Term:
    """One number with the powers of ten said after it, as 2 thousand milliard."""

    number: Decimal
    power: int = 0
    multiplied: bool = False

    @property
    def worth(self) -> Decimal:
        return self.number.scaleb(self.power)


class _Reader:
    """What has been read of a text, word by word: terms, the unit said, one doubtful number at most."""

    def __init__(self, known: AmountWords, *, persian: bool, money: bool, places: int) -> None:
        self._known = known
        self.terms: list[_Term] = []
        self.unit: Unit | None = None
        self.doubt: tuple[int, AmountError] | None = None  # which term, and what it might be
        self._joined = False  # the last word was "and"
        self._closed = False  # a unit stands after the number
        self._words: list[int] = []  # number words that are not yet a term
        self._persian = persian
        self._money = money
        self._places = places

    def read(self, text: str) -> None:
        """Take in a text that is not blank. Raises _RefusedError."""
        for number, word, other in _TOKEN.findall(text):
            if word in self._known.numbers or word in self._known.other.hundred:
                self._take_number_word(word)
                continue
            if word in self._known.other.and_ and self._words and not self._joined:
                self._joined = True  # inside hundred and fifty, or at the end of a term
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
        known, other = self._known, self._known.other
        if word in other.and_:
            self._take_and()
        elif word in other.half:
            self._take_half()
        elif word in known.powers:
            self._take_power(word)
        elif word in known.units:
            self._take_unit(known.units[word])
        elif word in other.range:
            raise _RefusedError("range")
        elif word in other.approximate:
            raise _RefusedError("approximate")
        elif word in other.million_or_milliard and self._money:
            self._take_abbreviated_power()
        else:
            raise _RefusedError("words" if re.search(r"[\u0600-\u06ff]", word) else "chars")

    def _take_number_word(self, word: str) -> None:
        """Add a number word to those before it, as in five hundred twenty two."""
        if word in self._known.other.hundred:
            if len(self._words) != 1 or not 0 < self._words[0] < _HUNDRED:
                raise _RefusedError("order")
            self._words = [self._words[0] * _HUNDRED]
            return
        value = self._known.numbers[word]
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
        """Read half a million, one and a half million, one million and a half."""
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
        power = self._known.powers[word]
        if power == _THOUSAND and (not self.terms or (self._joined and self.terms[-1].multiplied)):
            self._check_place_of_number()
            self.terms.append(_Term(Decimal(1)))  # thousand and five hundred, one million and thousand
            self._joined = False
        if not self.terms or self._joined or self._closed:
            raise _RefusedError("words")
        last = self.terms[-1]
        if last.multiplied and not (last.power == _THOUSAND and power in {_MILLION, _MILLIARD}):
            raise _RefusedError("order")
        self.terms[-1] = replace(last, power=last.power + power, multiplied=True)
        if word in self._known.other.thousand_milliard_tomans:
            self._take_unit("toman")

    def _take_abbreviated_power(self) -> None:
        """Read an abbreviated power as a doubt: million or milliard."""
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
    known = amount_words()
    for spelling, respelled in known.respelled:
        words = spelling.sub(respelled, words)
    if _MISPLACED_MINUS.fullmatch(words):
        raise _RefusedError("minus_place")
    sign = known.sign.match(words)
    if sign:
        words = words[sign.end() :]
    if re.search(r"\d[a-z]+\d", words):  # 1e3, 0x10
        raise _RefusedError("chars")
    reader = _Reader(known, persian=not re.search(r"[0-9]", text), money=unit in _IN_RIALS, places=places)
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
    if len(decimal_marks) > 1:  # 1.234.567, 12/500/000: no decimal has two marks
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

    Persian ones may stand elsewhere, as people edit our own grouped text midway; a single one before one or
    two digits may be meant as a decimal mark.
    """
    if mark in fraction:  # 1.234,56
        raise _RefusedError("separators")
    if _IN_TRIPLES.fullmatch(whole):
        return
    if mark == GROUPING_MARK and (whole.count(mark) > 1 or len(whole.partition(mark)[2]) > _MAX_DECIMALS):
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
    """Add up the terms, which must fall in size: 2 million and 500 thousand. `scale` serves the readings."""
    total = terms[0].worth
    for before, term in pairwise(terms):
        if not term.multiplied and term.number < 10**_THOUSAND and before.power >= _MILLION:
            # "2 million and 500" is 2,500,000 in speech and 2,000,500 in print.
            rests = (term.number.scaleb(before.power - _THOUSAND), term.number)
            raise _RefusedError("ambiguous_rest", tuple(_plain(scale * (total + rest)) for rest in rests))
        falls = term.power < before.power and term.worth < Decimal(1).scaleb(before.power)
        if not falls or before.number % 1:  # 2.5 million and 500 thousand
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
