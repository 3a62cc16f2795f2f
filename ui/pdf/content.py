"""The content of the PDF of an answer: its texts in the order in which the page shows them.

``ui/answer/answer_card.py`` records them while it shows an answer, so that the PDF, the page and the problem
report cannot differ.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from logic.core.answer import Alternative, Answer
from logic.core.codes import encode
from logic.core.messages import Language
from logic.core.models import Request
from logic.core.registry import answer_to_dict, calculator_name
from ui.l10n.text import Text

REPRODUCE_COMMAND = "python -m logic reproduce"
MAX_RESULT_CHARS = 4_000
"""Longest result in a problem report; the code reproduces the full result."""


@dataclass
class Table:
    """Rows under a title; the first cell of a row is its header."""

    title: str
    rows: list[list[str]]
    header: list[str] = field(default_factory=list)


@dataclass
class PresentedAnswer:
    """The texts of an answer that a page has shown so far."""

    label: str = ""
    figure: str = ""
    unit: str = ""
    line: str = ""
    share: float | None = None
    """The customer's percentage of the bar."""
    payers: list[tuple[str, str]] = field(default_factory=list)
    """The customer and the other payer, with their amounts."""
    readings: list[tuple[Alternative, str]] = field(default_factory=list)
    """Other readings with a summary of their results."""
    documents: list[str] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    tables_replace_steps: bool = False
    """Whether the tables contain everything that the steps do, so that the steps are left out."""


@dataclass(frozen=True)
class Line:
    """A text with the name of its clause, and a value if it has one."""

    text: str
    clause: str
    value: str = ""


@dataclass(frozen=True)
class PrintableAnswer:
    """Everything in the PDF, in the words and digits of its language."""

    language: Language
    title: str
    input_summary: list[tuple[str, str]]
    presented: PresentedAnswer
    steps: list[Line]
    readings: list[Line]
    notices: list[Line]
    code: str
    link: str
    labels: Mapping[str, str]
    """Headings and other fixed texts."""
    omitted_text: Callable[[int], str]
    """Return the text that replaces a number of omitted steps."""


def problem_report(t: Text, answer: Answer[Any], request: Request, link: str, editions: str) -> str:
    """Return the text of a problem report: request, result, editions, code and link."""
    result = json.dumps(answer_to_dict(answer)["result"], ensure_ascii=False)
    if len(result) > MAX_RESULT_CHARS:
        result = f"{result[:MAX_RESULT_CHARS]}…"
    return "\n".join(
        (
            t("sheet.case"),
            t("sheet.case_calculator", name=calculator_name(request)),
            t("sheet.case_request", fields=request.model_dump_json(exclude_defaults=True)),
            t("sheet.case_result", fields=result),
            editions,
            t("sheet.case_code", code=encode(request)),
            t("sheet.case_link", link=link),
        )
    )
