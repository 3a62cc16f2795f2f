"""Start the server as `make serve` does, with bugs in it: ``python -m tests.support.faulty_server``.

What fails: the calculator of the share page for every level but one, and the dialog there, the inputs of the warranty page after its
first two fields, the callback of the button on the page of the visitor's car, the PDF of every answer.
"""

import logic.core.registry
import logic.warranty.tables
import server.batches
import ui.answer.answer_card
import ui.pdf.layout
from logic.core.models import Level
from server.__main__ import main
from tests.support.bugs import answers_with_a_bug, fail
from ui.frame.url_state import UrlState

BROKEN_CALCULATOR, SPARED_LEVEL = "subscriber_share", Level.MOBILE


def put_bug_in_calculator() -> None:
    """Let the calculator fail for every level but one."""
    answers = answers_with_a_bug(BROKEN_CALCULATOR, spares=lambda request: request.level is SPARED_LEVEL)
    vars(logic.core.registry)["Answer"] = answers


def _put_in_bugs() -> None:
    put_bug_in_calculator()
    bugs: dict[object, dict[str, object]] = {
        server.batches: {"WORKER_MODULE": "tests.support.faulty_batch_worker"},
        logic.warranty.tables: {"maker_tables": fail},
        ui.answer.answer_card: {"_explain_levels": fail},
        ui.pdf.layout: {"render_pdf": fail},
        UrlState: {"clear": fail},
    }
    for owner, functions in bugs.items():
        for name, function in functions.items():
            setattr(owner, name, function)


if __name__ == "__main__":
    _put_in_bugs()
    main()
