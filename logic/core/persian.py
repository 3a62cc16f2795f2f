"""Persian and Arabic letters, digits and signs. No other module of logic/ contains such characters."""

from collections.abc import Mapping
from typing import Final

DIGITS: Final = "۰۱۲۳۴۵۶۷۸۹"
ARABIC_DIGITS: Final = "٠١٢٣٤٥٦٧٨٩"
DECIMAL_MARK: Final = "٫"
GROUPING_MARK: Final = "٬"
COMMA: Final = "،"
SEMICOLON: Final = "؛"
PERCENT: Final = "٪"
EQUIVALENT_LETTERS: Final[Mapping[str, str]] = {
    **dict.fromkeys("يىئ", "ی"),
    **dict.fromkeys("ك", "ک"),
    **dict.fromkeys("ةۀەھہ", "ه"),
    **dict.fromkeys("آأإٱ", "ا"),
    **dict.fromkeys("ؤ", "و"),
}
"""Letters of different keyboards, mapped to the Persian letter that replaces them."""
