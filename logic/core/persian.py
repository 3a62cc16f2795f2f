"""Letters, digits and signs of Persian and Arabic keyboards: the only module of logic/ that contains them."""

from collections.abc import Mapping
from typing import Final

DIGITS: Final = "۰۱۲۳۴۵۶۷۸۹"
ARABIC_DIGITS: Final = "٠١٢٣٤٥٦٧٨٩"
DECIMAL_MARK: Final = "٫"
GROUPING_MARK: Final = "٬"
COMMA: Final = "،"
SEMICOLON: Final = "؛"
PERCENT: Final = "٪"
SAME_LETTERS: Final[Mapping[str, str]] = {
    **dict.fromkeys("يىئ", "ی"),
    **dict.fromkeys("ك", "ک"),
    **dict.fromkeys("ةۀەھہ", "ه"),
    **dict.fromkeys("آأإٱ", "ا"),
    **dict.fromkeys("ؤ", "و"),
}
"""Letters that keyboards write differently, each with the one that is compared."""
