"""Start the server as `make serve` does, with bugs: ``python -m tests.support.faulty_server``.

These fail: the calculator of the share page for all levels but one, the dialog of that page, the inputs of
the warranty page after the first two fields, the button callback of the page of the visitor's car, the PDF of
every answer.
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

BROKEN_CALCULATOR, WORKING_LEVEL = "subscriber_share", Level.MOBILE


def put_bug_in_calculator() -> None:
    """Make the calculator fail for all levels but one."""
    answer = answers_with_a_bug(BROKEN_CALCULATOR, spares=lambda request: request.level is WORKING_LEVEL)
    vars(logic.core.registry)["Answer"] = answer


def _put_bugs() -> None:
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
    _put_bugs()
    main()
