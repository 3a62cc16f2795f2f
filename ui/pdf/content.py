"""The content of a printed sheet: the texts of an answer in the order in which the page shows them.

``ui/answer/answer_card.py`` records them here while it shows an answer, so that the sheet, the screen and the
text of a problem report cannot differ.
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

COMMAND = "python -m logic reproduce"
MAX_RESULT_CHARS = 4_000
"""Characters of a result in a case's text; the code brings the whole of it."""


@dataclass
class Table:
    """Rows under a title; the first cell of a row names it."""

    title: str
    rows: list[list[str]]
    head: list[str] = field(default_factory=list)


@dataclass
class PresentedAnswer:
    """What a page has said of an answer so far."""

    label: str = ""
    figure: str = ""
    unit: str = ""
    line: str = ""
    share: float | None = None
    """Percent of the bar that is the customer's."""
    payers: list[tuple[str, str]] = field(default_factory=list)
    """The customer and the other one, with what they pay."""
    readings: list[tuple[Alternative, str]] = field(default_factory=list)
    """Other readings with what they come to."""
    documents: list[str] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    tables_say_all: bool = False
    """The tables are the working: its steps would say the same in more lines."""


@dataclass(frozen=True)
class Line:
    """A sentence with the name of its clause, and a figure where it has one."""

    text: str
    clause: str
    value: str = ""


@dataclass(frozen=True)
class PrintableAnswer:
    """Everything that stands on the paper, in the words and digits of its language."""

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
    """The paper's own texts: its headings, what it is made from, and when."""
    omitted_text: Callable[[int], str]
    """What is said in place of so many steps that do not fit."""


def problem_report(t: Text, found: Answer[Any], request: Request, link: str, editions: str) -> str:
    """A case as text to send: the question, what came of it, and how to find it again."""
    result = json.dumps(answer_to_dict(found)["result"], ensure_ascii=False)
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
