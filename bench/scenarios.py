"""What is asked while measuring: each page with an answer in its link, and Streamlit's smallest app as the floor."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tools.harness.app_server import streamlit_server


@dataclass(frozen=True)
class PageScenario:
    """A page, its link, the row of buttons of which the first two are pressed in turn, and what answers."""

    page: str
    link: str
    key: str
    expected_text: str = ".st-key-answer"


SCENARIOS = (
    PageScenario("share", "damage=200000000", "share-earlier"),
    PageScenario("service", "car=tondar90&odometer=29700", "service-level", ".kh-items"),
    PageScenario("levels", "", "levels-use", ".kh-cmp thead"),
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
SCRIPT = """
import streamlit as st
pressed = st.segmented_control("n", ["0", "1"], default="0", key="n")
st.html(f'<p class="answer">{pressed}</p>')
"""


@contextmanager
def baseline_app() -> Iterator[str]:
    """The address of the smallest app that answers a press, under Streamlit's default settings."""
    with TemporaryDirectory() as folder:
        (Path(folder) / "hello.py").write_text(SCRIPT)
        with streamlit_server("hello.py", Path(folder)) as address:
            yield address
