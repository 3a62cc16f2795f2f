"""Random visits: no sequence of inputs, choices and presses raises an exception."""

import random
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from logic.core.messages import LANGUAGES, Language
from tests.support.page_run import ROUTER, RUN_SECONDS, SCRIPTS, html
from tools.harness.hostile_input import MARKUP
from ui.l10n.text import text

TYPED = (
    "", "0", "-1", "abc", MARKUP, "۱۲۳", "١٢٣", "1e99", "9" * 90, "2 میلیون تومان", "29,70", "۰٫۵", "\u202e12",
    "' OR 1=1 --", "🚗", "{{7*7}}", "\x00", "35.7, 51.4", "تهران",
)  # fmt: skip
VISITS, STEPS_PER_VISIT = 20, 60


def take_step(app: AppTest, rng: random.Random) -> str:
    """Take one random step of a visitor and return its description."""
    widgets = [*app.text_input, *app.selectbox, *app.toggle, *app.checkbox, *app.button, *app.button_group]
    if not widgets or rng.random() < 0.15:
        page = rng.choice(list(SCRIPTS))
        app.switch_page(SCRIPTS[page])
        return f"to {page}"
    widget: Any = rng.choice(widgets)
    match widget.type:
        case "text_input":
            widget.set_value(rng.choice(TYPED))
        case "selectbox":
            widget.select_index(rng.randrange(len(widget.options)))
        case "button":
            widget.click()
        case "button_group":
            option = rng.choice(widget.options)
            widget.set_value(option if isinstance(widget.value, str | None) else [option])
        case _:
            widget.set_value(rng.random() < 0.5)
    return f"{widget.type} {widget.key} = {widget.value!r}"


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_random_visit_raises_an_exception(language: Language) -> None:
    rng = random.Random(f"khodroyar {language}")  # noqa: S311 - the same visits on every machine
    for _ in range(VISITS):
        app = AppTest.from_file(str(ROUTER), default_timeout=RUN_SECONDS)
        app.query_params["lang"] = language
        app.run()
        steps: list[str] = []
        for _ in range(STEPS_PER_VISIT):
            steps.append(take_step(app, rng))
            app.run()
            assert not app.exception, (steps, [exception.value for exception in app.exception])
            assert text(language)("app.basis") in html(app), steps
