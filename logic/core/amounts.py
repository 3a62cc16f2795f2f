"""Parse typed amounts: digits of three scripts, number words, powers of ten and units, in two languages.

Nothing is guessed. A text that can mean two amounts is rejected; the error lists both amounts, so that
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
from logic.datasets.dataset import cached_per_dataset, data_dir
from logic.datasets.tables import Row, build, display_path, read_toml

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
_RIALS_PER_UNIT: Final[dict[Unit | None, int]] = {"rial": 1, "toman": 10}

_MAX_LENGTH: Final = 80
# A number has at most _MAX_LENGTH digits and its point moves by at most 13 places: nothing is rounded.
_PRECISION: Final = 2 * _MAX_LENGTH
_GROUP_DIGITS: Final = 3
_DECIMAL_MARKS: Final = f".{DECIMAL_MARK}/"
_GROUPING_MARKS: Final = f",{GROUPING_MARK}{COMMA}_' "
_MAX_DECIMALS: Final = 2
"""Digits after a Persian grouping mark that may be decimals; more belong to a group that is being edited."""
_NUMBER: Final = rf"[0-9](?:[0-9{_DECIMAL_MARKS}{_GROUPING_MARKS}]*[0-9])?"
_LETTER: Final = r"[^\W\d_]"
_WORD: Final = re.compile(rf"{_LETTER}+|%|[-~]")
_TOKEN: Final = re.compile(rf"({_NUMBER})|({_WORD.pattern})|(\S)")
_GROUPED_IN_THREES: Final = re.compile(r"[0-9]{1,3}(?:[^0-9][0-9]{3})+")
_DATE: Final = re.compile(r"(?:1[34][0-9]{2}|20[0-9]{2})/[0-9]{1,2}/[0-9]{1,2}")
_MISPLACED_MINUS: Final = re.compile(rf"\(.*\)|[\d,{GROUPING_MARK}. ]+-")
_HYPHENATED: Final = re.compile(r"(?<=[a-z])-(?=[a-z])")
"""The hyphen in "twenty-five"."""
_ARTICLE_HALF: Final = re.compile(r"\ba half\b")

_FILE: Final = "amount_words.toml"
_Word = Annotated[str, AfterValidator(lambda word: normalise(word).casefold())]
_Words = Annotated[tuple[_Word, ...], Field(min_length=1)]


class _OtherWords(Row):
    """Words in amounts that are not numbers, powers of ten or units."""

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
    """Words for numbers, for powers of ten (by exponent) and for units."""

    number: Mapping[Annotated[int, Field(ge=0, lt=1000)], _Words]
    power: Mapping[Annotated[int, Field(ge=1, le=_TRILLION)], _Words]
    unit: Mapping[Unit, _Words]


@dataclass(frozen=True)
class AmountWords:
    """The meaning of each word that may occur in an amount."""

    numbers: Mapping[str, int]
    powers: Mapping[str, int]
    units: Mapping[str, Unit]
    other: _OtherWords
    sign: re.Pattern[str]
    replacements: tuple[tuple[re.Pattern[str], str], ...]
    """Regular expressions and their replacements. They reduce each unit to a single separate word."""


@cached_per_dataset
def amount_words() -> AmountWords:
    """Return the words of ``data/amount_words.toml``.

    Raises:
        DataError: the file is damaged, or a word occurs twice.

    """
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
        replacements=(
            *((re.compile(rf"(?<!{_LETTER}){phrase}(?!{_LETTER})"), word) for phrase, word in phrases),
            (re.compile(rf"(?<={_LETTER})({_any_of(other.attached_unit)})"), r" \1"),
            (_HYPHENATED, " "),
            (_ARTICLE_HALF, "half"),
        ),
    )


def _check_words(file: Path, tables: _WordTables, other: _OtherWords) -> None:
    """Check that each word occurs once and is a single word; alternative names of units may be phrases."""
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
            raise DataError(display_path(file), None, "[word] attached_unit", f"{word!r} is not a unit")


def _any_of(words: Iterable[str]) -> str:
    """Return a regular expression that matches any of the words."""
    return "|".join(map(re.escape, words))


@dataclass(frozen=True)
class AmountError:
    """The reason why a text is not an amount. `code` is a key of the page texts.

    `readings` are the amounts that the text may mean, in the unit of the field, the likeliest first.
    They are not checked against the limits of the field.
    """

    code: AmountCode
    readings: tuple[Decimal, ...] = ()


class _RefusedError(Exception):
    """An `AmountError` on its way to `parse_amount`."""

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
    """Parse a typed text as an exact amount in `unit`; never raise.

    If the text names tomans and the field takes rials, or the reverse, the amount is converted. It is never
    rounded.

    Args:
        text: what was typed.
        unit: the unit of the field; None for a plain number.
        decimals: the most decimals that the amount may have.
        minimum: the lowest valid amount.
        maximum: the highest valid amount.

    Returns:
        The amount, or an AmountError if the text does not have exactly one meaning or breaks a limit.

    """
    try:
        with localcontext(prec=_PRECISION):
            amount = _parse(text, unit, decimals)
            _check_limits(amount, decimals, minimum, maximum)
    except _RefusedError as refusal:
        return refusal.error
    return amount


def to_persian_digits(value: Decimal | int) -> str:
    """Return a number in grouped Persian digits, as fields accept it: no direction marks, an ASCII minus."""
    return f"{Decimal(value):,f}".translate(_TO_PERSIAN)


@dataclass(frozen=True)
class _Term:
    """A number and the powers of ten that follow it, as in "2 thousand milliard"."""

    number: Decimal
    power: int = 0
    multiplied: bool = False

    @property
    def value(self) -> Decimal:
        return self.number.scaleb(self.power)


class _Parser:
    """A text that is parsed word by word: its terms, its unit, and at most one ambiguous number."""

    def __init__(
        self, vocabulary: AmountWords, *, has_persian_digits: bool, is_money: bool, decimals: int
    ) -> None:
        self._vocabulary = vocabulary
        self.terms: list[_Term] = []
        self.unit: Unit | None = None
        self.ambiguity: tuple[int, AmountError] | None = None  # index of the term, and its possible amounts
        self._after_and = False
        self._after_unit = False
        self._number_words: list[int] = []  # values of number words that are not yet a term
        self._has_persian_digits = has_persian_digits
        self._is_money = is_money
        self._decimals = decimals

    def parse(self, text: str) -> None:
        """Parse a text that is not blank. Raises _RefusedError."""
        for number, word, other in _TOKEN.findall(text):
            if word in self._vocabulary.numbers or word in self._vocabulary.other.hundred:
                self._take_number_word(word)
                continue
            if word in self._vocabulary.other.and_ and self._number_words and not self._after_and:
                self._after_and = True  # within "hundred and fifty", or at the end of a term
                continue
            self._end_number_words()
            if other:
                raise _RefusedError("chars")
            if number:
                self._take_number(number)
            else:
                self._take_word(word)
        self._end_number_words()
        if self._after_and:
            raise _RefusedError("order")
        if not self.terms:
            raise _RefusedError("words" if self.unit else "chars")

    def _take_word(self, word: str) -> None:
        vocabulary, other = self._vocabulary, self._vocabulary.other
        if word in other.and_:
            self._take_and()
        elif word in other.half:
            self._take_half()
        elif word in vocabulary.powers:
            self._take_power(word)
        elif word in vocabulary.units:
            self._take_unit(vocabulary.units[word])
        elif word in other.range:
            raise _RefusedError("range")
        elif word in other.approximate:
            raise _RefusedError("approximate")
        elif word in other.million_or_milliard and self._is_money:
            self._take_abbreviated_power()
        else:
            raise _RefusedError("words" if re.search(r"[\u0600-\u06ff]", word) else "chars")

    def _take_number_word(self, word: str) -> None:
        """Add a number word to those before it, as in "five hundred twenty two"."""
        if word in self._vocabulary.other.hundred:
            if len(self._number_words) != 1 or not 0 < self._number_words[0] < _HUNDRED:
                raise _RefusedError("order")
            self._number_words = [self._number_words[0] * _HUNDRED]
            return
        value = self._vocabulary.numbers[word]
        if self._number_words:
            last = self._number_words[-1]
            limit = _HUNDRED if last >= _HUNDRED else _TEN if last >= 2 * _TEN else 0
            if not 0 < value < limit:
                raise _RefusedError("order")
        else:
            self._check_number_allowed()
        self._number_words.append(value)
        self._after_and = False

    def _end_number_words(self) -> None:
        if self._number_words:
            self.terms.append(_Term(Decimal(sum(self._number_words))))
            self._number_words = []

    def _check_number_allowed(self) -> None:
        if self._after_unit or (self.terms and not self.terms[-1].multiplied):
            raise _RefusedError("order")

    def _take_number(self, text: str) -> None:
        self._check_number_allowed()
        try:
            number = _number(text, has_persian_digits=self._has_persian_digits, decimals=self._decimals)
        except _RefusedError as refusal:
            readings = refusal.error.readings
            if not readings or self.ambiguity:
                raise
            # Parse the rest, so that the readings include the powers and the unit that follow.
            self.ambiguity = (len(self.terms), refusal.error)
            number = readings[0]
        self.terms.append(_Term(number))
        self._after_and = False

    def _take_half(self) -> None:
        """Parse "half a million", "one and a half million", "one million and a half"."""
        if self._after_unit or self.ambiguity or bool(self.terms) != self._after_and:
            raise _RefusedError("order")
        last = self.terms.pop() if self.terms else _Term(Decimal(0))
        self.terms.append(replace(last, number=last.number + Decimal("0.5")))
        self._after_and = False

    def _take_and(self) -> None:
        if not self.terms or self._after_and:
            raise _RefusedError("order")
        self._after_and = True

    def _take_power(self, word: str) -> None:
        power = self._vocabulary.powers[word]
        if power == _THOUSAND and (not self.terms or (self._after_and and self.terms[-1].multiplied)):
            self._check_number_allowed()
            self.terms.append(_Term(Decimal(1)))  # "thousand and five hundred", "one million and thousand"
            self._after_and = False
        if not self.terms or self._after_and or self._after_unit:
            raise _RefusedError("words")
        last = self.terms[-1]
        if last.multiplied and not (last.power == _THOUSAND and power in {_MILLION, _MILLIARD}):
            raise _RefusedError("order")
        self.terms[-1] = replace(last, power=last.power + power, multiplied=True)
        if word in self._vocabulary.other.thousand_milliard_tomans:
            self._take_unit("toman")

    def _take_abbreviated_power(self) -> None:
        """Record an abbreviated power as an ambiguity: million or milliard."""
        if (
            not self.terms
            or self._after_and
            or self._after_unit
            or self.ambiguity
            or self.terms[-1].multiplied
        ):
            raise _RefusedError("words")
        last = self.terms[-1]
        readings = tuple(last.number.scaleb(power) for power in (_MILLION, _MILLIARD))
        self.ambiguity = (len(self.terms) - 1, AmountError("ambiguous_power", readings))
        self.terms[-1] = _Term(readings[0], multiplied=True)

    def _take_unit(self, unit: Unit) -> None:
        if self._after_and:
            raise _RefusedError("words")
        if self.unit not in {None, unit}:
            raise _RefusedError("unit_conflict")
        self.unit = unit
        self._after_unit = bool(self.terms)


def _parse(text: str, unit: Unit | None, decimals: int) -> Decimal:
    if len(text) > _MAX_LENGTH:  # checked first, because normalising takes quadratic time
        raise _RefusedError("too_long")
    words = normalise(text).casefold()
    if not words:
        raise _RefusedError("empty")
    words = words.removesuffix(".").rstrip()
    vocabulary = amount_words()
    for pattern, replacement in vocabulary.replacements:
        words = pattern.sub(replacement, words)
    if _MISPLACED_MINUS.fullmatch(words):
        raise _RefusedError("minus_place")
    sign = vocabulary.sign.match(words)
    if sign:
        words = words[sign.end() :]
    if re.search(r"\d[a-z]+\d", words):  # 1e3, 0x10
        raise _RefusedError("chars")
    parser = _Parser(
        vocabulary,
        has_persian_digits=not re.search(r"[0-9]", text),
        is_money=unit in _RIALS_PER_UNIT,
        decimals=decimals,
    )
    parser.parse(words)
    scale = _conversion_factor(parser.unit, unit)
    if sign and sign[1] != "+":
        scale = -scale
    if parser.ambiguity:
        _refuse_ambiguity(*parser.ambiguity, parser.terms, scale)
    return _without_exponent(scale * _total(parser.terms, scale))


def _number(text: str, *, has_persian_digits: bool, decimals: int) -> Decimal:
    """Parse a run of digits and separators, normalised to Latin digits.

    ``has_persian_digits``: the text was typed without Latin digits, so "/" is a decimal mark.
    """
    decimal_marks = [char for char in text if char in _DECIMAL_MARKS]
    grouping_marks = [char for char in text if char in _GROUPING_MARKS]
    if len(set(decimal_marks)) > 1 or len(set(grouping_marks)) > 1:
        raise _RefusedError("separators")
    if _DATE.fullmatch(text):
        raise _RefusedError("looks_like_date")
    if len(decimal_marks) > 1:  # 1.234.567, 12/500/000: a number has one decimal mark
        if grouping_marks or not _GROUPED_IN_THREES.fullmatch(text):
            raise _RefusedError("separators")
        return Decimal(_digits_of(text))
    mark = decimal_marks[0] if decimal_marks else "."
    integer, _, fraction = text.partition(mark)
    if grouping_marks:
        _check_grouping(integer, fraction, grouping_marks[0])
        integer = _digits_of(integer)
    value = Decimal(f"{integer}.{fraction}")
    if mark == "/" and not has_persian_digits:  # 12/5: a fraction, a date or a decimal
        raise _RefusedError("slash", (value,))
    could_be_group = len(fraction) == _GROUP_DIGITS and len(integer) <= _GROUP_DIGITS and integer.strip("0")
    if could_be_group and not grouping_marks and decimals < _GROUP_DIGITS:  # 1.250
        raise _RefusedError("ambiguous_dot", (value, Decimal(integer + fraction)))
    return value


def _check_grouping(integer: str, fraction: str, mark: str) -> None:
    """Refuse grouping marks that do not separate thousands.

    Persian ones are accepted in other positions, because people edit text that the field itself has grouped.
    A single one before one or two digits is ambiguous: it may be meant as a decimal mark.
    """
    if mark in fraction:  # 1.234,56
        raise _RefusedError("separators")
    if _GROUPED_IN_THREES.fullmatch(integer):
        return
    if mark == GROUPING_MARK and (integer.count(mark) > 1 or len(integer.partition(mark)[2]) > _MAX_DECIMALS):
        return
    if mark == " " or integer.count(mark) > 1:
        raise _RefusedError("grouping")
    readings = () if fraction else (Decimal(integer.replace(mark, ".")), Decimal(_digits_of(integer)))
    raise _RefusedError("ambiguous_comma", readings)


def _digits_of(text: str) -> str:
    return re.sub(r"[^0-9]", "", text)


def _conversion_factor(typed_unit: Unit | None, unit: Unit | None) -> Decimal:
    """Return the factor that converts the typed unit to the unit of the field."""
    if typed_unit in {None, unit}:
        return Decimal(1)
    if typed_unit not in _RIALS_PER_UNIT or unit not in _RIALS_PER_UNIT:
        raise _RefusedError("unit_unknown")
    return Decimal(_RIALS_PER_UNIT[typed_unit]) / _RIALS_PER_UNIT[unit]


def _refuse_ambiguity(index: int, error: AmountError, terms: list[_Term], scale: Decimal) -> None:
    readings = []
    for number in error.readings:
        possible_terms = [*terms[:index], replace(terms[index], number=number), *terms[index + 1 :]]
        readings.append(_without_exponent(scale * sum((term.value for term in possible_terms), Decimal(0))))
    raise _RefusedError(error.code, tuple(readings))


def _total(terms: list[_Term], scale: Decimal) -> Decimal:
    """Add up the terms. Each must be smaller than the one before: 2 million and 500 thousand.

    ``scale`` is only applied to the readings of an error.
    """
    total = terms[0].value
    for previous, term in pairwise(terms):
        if not term.multiplied and term.number < 10**_THOUSAND and previous.power >= _MILLION:
            # "2 million and 500" is 2,500,000 in speech and 2,000,500 in print.
            last_terms = (term.number.scaleb(previous.power - _THOUSAND), term.number)
            readings = tuple(_without_exponent(scale * (total + last)) for last in last_terms)
            raise _RefusedError("ambiguous_rest", readings)
        is_smaller = term.power < previous.power and term.value < Decimal(1).scaleb(previous.power)
        if not is_smaller or previous.number % 1:  # 2.5 million and 500 thousand
            raise _RefusedError("order")
        total += term.value
    return total


def _without_exponent(value: Decimal) -> Decimal:
    """Remove exponents, trailing zeros and the sign of zero: 2E+6 is 2000000, 1.50 is 1.5."""
    return value.normalize() if value % 1 else Decimal(int(value))


def _check_limits(amount: Decimal, decimals: int, minimum: Decimal | int, maximum: Decimal | int) -> None:
    if amount.scaleb(decimals) % 1:
        raise _RefusedError("fraction")
    if amount < 0 <= minimum:
        raise _RefusedError("negative")
    if amount < minimum:
        raise _RefusedError("too_small")
    if amount > maximum:
        raise _RefusedError("too_big")
