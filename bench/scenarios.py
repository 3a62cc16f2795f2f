"""Pages to measure, each by a link with an answer, and Streamlit's smallest app as a baseline."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tools.harness.app_server import streamlit_server


@dataclass(frozen=True)
class PageScenario:
    """A page, its link, the key of its buttons (the first two are pressed in turn), the answer's selector."""

    page: str
    link: str
    key: str
    answer_selector: str = ".st-key-answer"


SCENARIOS = (
    PageScenario("share", "damage=200000000", "share-earlier"),
    PageScenario("service", "car=tondar90&odometer=29700", "service-level", ".kh-items"),
    PageScenario("levels", "", "levels-use", ".kh-comparison thead"),
    PageScenario("tyre", "new_depth=8&remaining_depth=5&price=32000000", "tyre-grade"),
    PageScenario("dealers", "city=tehran", "dealers-network", ".kh-dealers"),
    PageScenario("replacement", "damage=90000000&value=100000000&wanted=200000000", "replacement-earlier"),
    PageScenario("subscription", "fee=3650000&paid=3650000&started=1404-01-01", "subscription-task"),
    PageScenario(
        "downtime",
        "admitted=1403-02-01&ready=1403-02-05&price=1000000000",
        "downtime-period",
        ".kh-input-summary",
    ),
    PageScenario("purchase", "paid=100000000&due=1404-01-01", "purchase-task"),
    PageScenario("warranty", "started=1404-01-01&odometer=10000", "warranty-maker"),
    PageScenario("events", "damage_1=150000000", "events-earlier"),
    PageScenario("adviser", "accident=150000000&repair=20000000&price_two_star=9000000", "adviser-use"),
    PageScenario(
        "my_car", "car=tondar90&odometer=29700&card_started=1405-03-01", "my_car-earlier", ".kh-input-summary"
    ),
    PageScenario("guide", "need=damage&situation=collision&level=two_star", "guide-need"),
    PageScenario("fleet", "sample=yes&within=500", "fleet-within"),
)
BASELINE = PageScenario("", "", "n", ".answer")
BASELINE_SCRIPT = """
import streamlit as st
pressed = st.segmented_control("n", ["0", "1"], default="0", key="n")
st.html(f'<p class="answer">{pressed}</p>')
"""


@contextmanager
def baseline_app() -> Iterator[str]:
    """Start Streamlit's smallest app that answers a press, with default settings, and yield its address."""
    with TemporaryDirectory() as folder:
        (Path(folder) / "baseline.py").write_text(BASELINE_SCRIPT)
        with streamlit_server("baseline.py", Path(folder)) as address:
            yield address
