from decimal import Decimal
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from logic.core.amounts import AmountCode, AmountError, Unit, amount_words, parse_amount, to_persian_digits
from logic.core.errors import DataError
from tests.support.data_edits import Edit, removed, replaced

BELOW_ZERO = {"minimum": -(10**9)}
DEPTH: dict[str, Any] = {"unit": "mm", "decimals": 2}
PERCENT: dict[str, Any] = {"unit": "percent", "decimals": 2}

READ: list[tuple[str, dict[str, Any], int | str]] = [
    # digits of three scripts, also mixed
    ("۱۲۳۴۵", {}, 12345),
    ("٤٥٦", {}, 456),
    ("12۳٤", {}, 1234),
    ("۰", {}, 0),
    ("007", {}, 7),
    # grouping
    ("1,234,567", {}, 1234567),
    ("۱٬۲۳۴٬۵۶۷", {}, 1234567),
    ("۱،۲۳۴،۵۶۷", {}, 1234567),
    ("1_000_000", {}, 1000000),
    ("۱ ۲۳۴ ۵۶۷", {}, 1234567),
    ("1\u00a0234\u202f", {}, 1234),
    ("۱۲\u200c۵۰۰", {}, 12500),
    ("\u200f۵۰۰\u200e", {}, 500),
    ("۵\u202e۰۰", {}, 500),
    ("1.234.567", {}, 1234567),
    ("۱۲/۵۰۰/۰۰۰ ریال", {}, 12500000),
    ("۱٫۲۳۴٫۵۶۷", {}, 1234567),
    ("۱٬۲۳9۴٬۵۶۷", {}, 12394567),
    # units of money
    ("۵۰۰ ریال", {}, 500),
    ("۵۰۰ ريال", {}, 500),
    ("۵۰۰﷼", {}, 500),
    ("۵۰۰ تومان", {}, 5000),
    ("۵۰۰ت", {}, 5000),
    ("۵ ت ت", {}, 50),
    ("5000 ریال", {"unit": "toman"}, 500),
    ("5000 ریال", {"unit": "rial"}, 5000),
    # powers of ten in words
    ("۲ میلیون", {}, 2000000),
    ("۲ ميليون", {}, 2000000),
    ("۲ میلیون و ۵۰۰ هزار تومان", {}, 25000000),
    ("۲ میلیون ۵۰۰ هزار", {}, 2500000),
    ("۵۰۰هزارتومان", {}, 5000000),
    ("۵ میلیونتومان", {}, 50000000),
    ("۵۰۰ هزار\u200cتومان", {}, 5000000),
    ("۲٫۵ میلیون", {}, 2500000),
    ("۲/۵ میلیون", {}, 2500000),
    ("2.5m", {}, 2500000),
    ("300K", {}, 300000),
    ("1.5 bn", {}, 1500000000),
    ("۲ همت", {}, 20 * 10**12),
    ("۲ هزار میلیارد تومان", {}, 2 * 10**13),
    ("۲ هزار و ۵۰۰", {}, 2500),
    ("۲ میلیون و ۵۰۰٬۰۰۰", {}, 2500000),
    # the unit first
    ("تومان ۱۵۰۰۰۰", {}, 1500000),
    ("﷼ 1500000", {}, 1500000),
    ("تومان ۲ میلیون و ۵۰۰ هزار", {}, 25000000),
    ("تومان ۵۰۰ تومان", {}, 5000),
    # number words
    ("پانزده میلیون", {}, 15000000),
    ("دو میلیون", {}, 2000000),
    ("دو میلیون و پانصد هزار تومان", {}, 25000000),
    ("سیصد و بیست و پنج هزار", {}, 325000),
    ("هزار تومان", {}, 10000),
    ("هزار و پانصد", {}, 1500),
    ("یک میلیون و هزار", {}, 1001000),
    ("صد و بیست و سه میلیون و چهارصد و پنجاه و شش هزار و هفتصد و هشتاد و نه", {}, 123456789),
    ("یک و نیم میلیون", {}, 1500000),
    ("نیم میلیون", {}, 500000),
    ("دو میلیون و نیم", {}, 2500000),
    ("۲ و نیم میلیون تومان", {}, 25000000),
    ("صفر", {}, 0),
    ("منفی دو میلیون", BELOW_ZERO, -2000000),
    ("fifteen million", {}, 15000000),
    ("two hundred and fifty thousand", {}, 250000),
    ("fifteen hundred", {}, 1500),
    ("twenty-five million rials", {}, 25000000),
    ("one and a half million tomans", {}, 15000000),
    ("۲ هزار میلیارد", {}, 2 * 10**12),
    # a full stop at the end, and an apostrophe between groups
    ("۵۰۰۰.", {}, 5000),
    ("29700 Km.", {"unit": "km"}, 29700),
    ("29’700", {"unit": "km"}, 29700),
    ("۲۹۷۰۰\u200d", {"unit": "km"}, 29700),
    ("۱۲٬۳۴٬۵", {}, 12345),
    ("۱٬۲۳۴۵", {}, 12345),
    # decimals
    ("۱۲/۵", PERCENT, "12.5"),
    ("۱۲٫۵٪", PERCENT, "12.5"),
    ("0.125", {"unit": None, "decimals": 3}, "0.125"),
    ("1,234.50", {"decimals": 2}, "1234.5"),
    ("1,234.00", {}, 1234),
    # signs
    ("\u2212۵۰۰", BELOW_ZERO, -500),
    ("منفی ۵۰۰", BELOW_ZERO, -500),
    ("+500", {}, 500),
    # odometer and tread depth
    ("۶۰٬۰۰۰ کیلومتر", {"unit": "km"}, 60000),
    ("۶۰هزارکیلومتر", {"unit": "km"}, 60000),
    ("۶۰ هزار کیلو\u200cمتر", {"unit": "km"}, 60000),
    ("60,000 KM", {"unit": "km"}, 60000),
    ("60k km", {"unit": "km"}, 60000),
    ("۱۲۰ ک\u200cم", {"unit": "km"}, 120),
    ("۱۲۰ک م", {"unit": "km"}, 120),
    ("۷٫۵ میلی\u200cمتر", DEPTH, "7.5"),
    ("۷/۲۵ میلی متر", DEPTH, "7.25"),
    ("8میلیمتر", DEPTH, 8),
    ("۸میلی\u200cمتر", DEPTH, 8),
    ("۷٫۵ میلی\u200cمتر", {"unit": "mm", "decimals": 3}, "7.5"),
    ("1.6mm", DEPTH, "1.6"),
    ("1.250", {"unit": "mm", "decimals": 3}, "1.25"),
    # more digits than the default decimal context holds
    ("1." + "0" * 40, {}, 1),
]

REFUSED: list[tuple[str, dict[str, Any], AmountCode]] = [
    ("", {}, "empty"),
    ("  \u200c ", {}, "empty"),
    ("9" * 200, {}, "too_long"),
    # not a number, or a number that only looks like one
    ("1e3", {}, "chars"),
    ("0x10", {}, "chars"),
    ("NaN", {}, "chars"),
    ("inf", {}, "chars"),
    ("∞", {}, "chars"),
    ("12²", {}, "chars"),
    ("①", {}, "chars"),
    ("½", {}, "chars"),
    ("१२", {}, "chars"),
    ("-१२", {}, "chars"),
    ("500 dollar", {}, "chars"),
    (",", {}, "chars"),
    (".", {}, "chars"),
    ("5..", {}, "chars"),
    (".5", {"decimals": 2}, "chars"),
    ("<b>5", {}, "chars"),
    ("میلیون", {}, "words"),
    ("۵ بیلیون", {}, "words"),
    ("تومان", {}, "words"),
    ("تومان ۵۰۰ ریال", {}, "unit_conflict"),
    ("م", {}, "words"),
    ("۱۵۰ م", {"unit": "km"}, "words"),
    ("صد و هزار", {}, "words"),
    ("۵ تومان میلیون", {}, "words"),
    # number words out of order
    ("پنجاه صد", {}, "order"),
    ("سه پنج", {}, "order"),
    ("بیست و سی", {}, "order"),
    ("بیست صفر", {}, "order"),
    ("صد و و پنجاه", {}, "order"),
    ("صد و", {}, "order"),
    ("۱۵ صد", {}, "order"),
    ("hundred", {}, "order"),
    ("two hundred hundred", {}, "order"),
    ("۲ نیم", {}, "order"),
    ("و نیم", {}, "order"),
    ("۵ تومان و نیم", {}, "order"),
    # about, and a range
    ("حدود ۱۵ میلیون", {}, "approximate"),
    ("تقریباً ۱۵ میلیون", {}, "approximate"),
    ("about 15 million", {}, "approximate"),
    ("~29700", {"unit": "km"}, "approximate"),
    ("15 تا 20 میلیون", {}, "range"),
    ("15 to 20 million", {}, "range"),
    ("۵–۶ میلیون", {}, "range"),
    ("۵ کم", {"unit": "km"}, "words"),
    # order of the parts
    ("۲ هزار و ۵۰۰ میلیارد", {}, "order"),
    ("۲ میلیون و ۱۵۰۰ هزار", {}, "order"),
    ("۵۰۰ هزار و ۲ میلیون", {}, "order"),
    ("2.5m و ۱۰۰ هزار", {}, "order"),
    ("۲ میلیون و", {}, "order"),
    ("و ۲ میلیون", {}, "order"),
    ("۲ هزار هزار", {}, "order"),
    ("۵ تومان ۵", {}, "order"),
    ("۲ میلیون و تومان", {}, "words"),
    # two readings
    ("۱۵۰ م", {}, "ambiguous_power"),
    ("۱٬۵ میلیون تومان", {}, "ambiguous_comma"),
    ("۷٬۵", DEPTH, "ambiguous_comma"),
    ("۲ میلیون و ۵۰۰", {}, "ambiguous_rest"),
    ("1.250", {}, "ambiguous_dot"),
    ("1.250", DEPTH, "ambiguous_dot"),
    ("۱٫۲۵۰ میلیون", {}, "ambiguous_dot"),
    ("12,5", {}, "ambiguous_comma"),
    ("1,5.5", {"decimals": 2}, "ambiguous_comma"),
    ("1,5 میلیون و 1.250", {}, "ambiguous_dot"),
    ("۲،۵ میلیون", {}, "ambiguous_comma"),
    ("2/5 میلیون", {}, "slash"),
    ("12/5", PERCENT, "slash"),
    ("۱۴۰۴/۰۵/۰۶", {}, "looks_like_date"),
    ("5-6 میلیون", {}, "range"),
    ("--5", {"minimum": -9}, "range"),
    # separators
    ("1,23,567", {}, "grouping"),
    ("۱۲ ۵۰", {}, "grouping"),
    ("1.234,56", {}, "separators"),
    ("1,234٬567", {}, "separators"),
    ("1.23.567", {}, "separators"),
    # units
    ("۲ همت ریال", {}, "unit_conflict"),
    ("۱۲٫۵٪", {}, "unit_unknown"),
    ("۵ میلی\u200cمتر", {"unit": "km"}, "unit_unknown"),
    ("۵ کیلومتر", {}, "unit_unknown"),
    ("۵ ریال", {"unit": None}, "unit_unknown"),
    ("5 ریال", {"unit": "toman"}, "fraction"),
    # decimals that the field does not hold
    ("۱۲/۵", {}, "fraction"),
    ("0.125", DEPTH, "fraction"),
    ("12345.125", DEPTH, "fraction"),
    ("1." + "0" * 40 + "1", {}, "fraction"),
    ("1." + "0" * 40 + "1 میلیون", {}, "fraction"),
    # signs and limits
    ("-500", {}, "negative"),
    ("500-", BELOW_ZERO, "minus_place"),
    ("(500)", {}, "minus_place"),
    ("۰", {"minimum": 1}, "too_small"),
    ("-5", {"minimum": -4}, "too_small"),
    (str(10**20), {}, "too_big"),
    ("1" + "0" * 60, {}, "too_big"),
    ("9" * 65 + " هزار میلیارد", {}, "too_big"),
]

READINGS: list[tuple[str, dict[str, Any], tuple[int | str, ...]]] = [
    ("۱۵۰ م", {}, (150 * 10**6, 150 * 10**9)),
    ("۱۵۰ م تومان", {}, (1500 * 10**6, 1500 * 10**9)),
    ("۱٬۵ میلیون تومان", {}, (15 * 10**6, 150 * 10**6)),
    ("۷٬۵", DEPTH, ("7.5", 75)),
    ("۲٬۵ میلیارد", {}, (2500 * 10**6, 25 * 10**9)),
    ("۲ میلیون و ۵۰۰", {}, (2500000, 2000500)),
    ("۲ میلیون و ۵۰۰ تومان", {}, (25000000, 20005000)),
    ("1.250", {}, ("1.250", 1250)),
    ("1.250 میلیون تومان", {}, (12500000, 12500000000)),
    ("۲،۵ میلیون", {}, (2500000, 25000000)),
    ("2/5 میلیون", {}, (2500000,)),
    ("منفی ۱٫۲۵۰ میلیون", BELOW_ZERO, (-1250000, -1250000000)),
    ("۲ میلیون و 1.250 هزار", {}, (2001250, 3250000)),
    ("1,5.5", {"decimals": 2}, ()),
    ("1e3", {}, ()),
]


def _name(value: object) -> str | None:
    return ascii(value)[:40] if isinstance(value, str) else None


@pytest.mark.parametrize(("text", "field", "amount"), READ, ids=_name)
def test_an_unambiguous_text_is_parsed(text: str, field: dict[str, Any], amount: int | str) -> None:
    assert parse_amount(text, **field) == Decimal(amount)


@pytest.mark.parametrize(("text", "field", "code"), REFUSED, ids=_name)
def test_an_ambiguous_text_is_refused(text: str, field: dict[str, Any], code: AmountCode) -> None:
    refusal = parse_amount(text, **field)
    assert isinstance(refusal, AmountError)
    assert refusal.code == code


@pytest.mark.parametrize(("text", "field", "readings"), READINGS, ids=_name)
def test_a_refusal_lists_what_the_text_might_mean(
    text: str, field: dict[str, Any], readings: tuple[int | str, ...]
) -> None:
    refusal = parse_amount(text, **field)
    assert isinstance(refusal, AmountError)
    assert refusal.readings == tuple(Decimal(reading) for reading in readings)


def test_every_code_has_a_case() -> None:
    assert {code for _, _, code in REFUSED} == set(get_args(AmountCode))


@pytest.mark.parametrize(("amount", "code"), [(9, "too_small"), (10, None), (20, None), (21, "too_big")])
def test_limits_belong_to_the_field(amount: int, code: AmountCode | None) -> None:
    answer = parse_amount(str(amount), minimum=10, maximum=20)
    assert answer == (AmountError(code) if code else Decimal(amount))


@pytest.mark.parametrize(("text", "plain"), [("۲ میلیون", "2000000"), ("1.50", "1.5"), ("-0", "0")])
def test_an_amount_is_formatted_without_exponent_or_trailing_zeros(text: str, plain: str) -> None:
    assert str(parse_amount(text, decimals=2)) == plain


PIECES = st.one_of(
    st.text(max_size=6),
    st.sampled_from(["1", "۲", "٣", "500", "۵۰۰", "1.250", "۱۲/۵", "1,5", "٬", "،", ",", ".", "٫", "/", " "]),
    st.sampled_from(["-", "−", "(", ")", "و", " و ", "هزار", "میلیون", " میلیارد ", "همت", "m", "k", "e"]),
    st.sampled_from(["ریال", " تومان", "ت", "٪", "کیلومتر", "میلی\u200cمتر", "mm", "km", "0" * 30, "منفی "]),
)


@given(
    text=st.lists(PIECES, max_size=8).map("".join),
    unit=st.sampled_from([None, *get_args(Unit)]),
    decimals=st.integers(0, 3),
    minimum=st.sampled_from([0, 1, -(10**9)]),
)
@example(text="1" + "0" * 40, unit="rial", decimals=0, minimum=0)
@settings(max_examples=6 * settings().max_examples)  # cheap, and short texts have many forms
def test_any_text_is_parsed_within_the_limits_or_refused(
    text: str, unit: Unit | None, decimals: int, minimum: int
) -> None:
    amount = parse_amount(text, unit=unit, decimals=decimals, minimum=minimum, maximum=10**12)
    if not isinstance(amount, AmountError):
        assert minimum <= amount <= 10**12
        assert amount == round(amount, decimals)


@given(st.decimals(min_value=-(10**15), max_value=10**15, places=2))
@example(Decimal(0))
@example(Decimal(10**15))
def test_a_formatted_amount_parses_to_itself(value: Decimal) -> None:
    assert parse_amount(to_persian_digits(value), decimals=2, minimum=-(10**15)) == value


def test_whole_numbers_are_written_without_decimals() -> None:
    assert [to_persian_digits(value) for value in (0, 7, 1234, -500, 10**15)] == [
        "۰",
        "۷",
        "۱٬۲۳۴",
        "-۵۰۰",
        "۱٬۰۰۰٬۰۰۰٬۰۰۰٬۰۰۰٬۰۰۰",
    ]


WORDS = "amount_words.toml"


@pytest.mark.parametrize(
    ("words", "text", "options", "amount"),
    [
        (('"seven"]', '"seven", "Sept"]'), "sept million", {}, 7_000_000),
        (('"million"]', '"million", "Mio"]'), "2 mio", {}, 2_000_000),
        (('"درصد"]', '"درصد", "per cent"]'), "8 per cent", PERCENT, 8),
        (('"درصد"]', '"درصد", "صدم"]'), "8 صدم", PERCENT, 8),
        (('["منفی"]', '["منفی", "minus"]'), "minus 8", BELOW_ZERO, -8),
        (('"میلیمتر"]\n', '"میلیمتر", "درصد"]\n'), "صددرصد", PERCENT, 100),
    ],
)
def test_an_added_number_word_is_parsed(
    data_copy: Path, words: tuple[str, str], text: str, options: dict[str, Any], amount: int
) -> None:
    replaced(WORDS, *words)(data_copy)
    assert parse_amount(text, **options) == amount


@pytest.mark.parametrize(
    ("damage", "column", "problem"),
    [
        (removed(WORDS), None, "No such file"),
        (replaced(WORDS, '9 = ["نه"', '9 = ["هشت"'), "[number] 9", "'هشت' is a duplicate"),
        (replaced(WORDS, '["نیم"', '["و"'), "[word] half", "'و' is a duplicate"),
        (replaced(WORDS, '"nineteen"', '"nine teen"'), "[number] 19", "'nine teen' is not one word"),
        (replaced(WORDS, '["روز"', '["شبانه روز"'), "[unit] days", "'شبانه روز' is not one word"),
        (replaced(WORDS, '"ک م"', '"ک.م"'), "[unit] km", "'ک.م' is not one word"),
        (
            replaced(WORDS, 'unit = ["تومان"', 'unit = ["تومنی"'),
            "[word] attached_unit",
            "'تومنی' is not a unit",
        ),
        (replaced(WORDS, "days = ", "weeks = "), "unit", "weeks"),
        (replaced(WORDS, "900 = ", "1000 = "), "number", "less than 1000"),
        (replaced(WORDS, "minus = ", "plus = "), "[word] minus", "is empty"),
        (replaced(WORDS, '900 = ["نهصد"]', "900 = []"), "number", "at least 1 item"),
    ],
)
def test_a_damaged_words_table_is_named_by_file_and_column(
    data_copy: Path, damage: Edit, column: str | None, problem: str
) -> None:
    damage(data_copy)
    with pytest.raises(DataError) as raised:
        amount_words()
    assert (raised.value.file, raised.value.column) == (f"data/{WORDS}", column)
    assert problem in str(raised.value)
