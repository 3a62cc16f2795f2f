"""Two replicas behind the shipped nginx: no visitor loses an answer if one is killed or restarted."""

import signal
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.support.browser_visit import DESKTOP, Visit
from tools.harness.app_server import wait_for
from tools.harness.nginx import running_nginx
from tools.harness.replicas import Replica, running_replicas

OPEN_VISITS, ANSWERS = "khodroyar_open_visits ", "khodroyar_answers_total"
PAGE_REQUESTS = r'khodroyar_requests_total\{.*route="/share"'

pytestmark = pytest.mark.slow


@pytest.fixture
def replicas() -> Iterator[list[Replica]]:
    with running_replicas() as started:
        yield started


@pytest.fixture
def nginx_url(replicas: list[Replica], tmp_path: Path) -> Iterator[str]:
    """Start the shipped nginx in front of both replicas."""
    with running_nginx(tmp_path, *(replica.port for replica in replicas)) as nginx:
        yield nginx


def begin_visits(visit: Callable[..., Visit], nginx_url: str, replicas: list[Replica]) -> dict[str, Visit]:
    """Open visits and change their answers until both replicas have some visits; return the visits by answer."""
    visits: dict[str, Visit] = {}
    for number in range(2, 12):
        window = visit(DESKTOP, "en", nginx_url, private=True).open(
            f"/share?damage={number}0000000&earlier=1"
        )
        expect(window.page.locator(".kh-answer-figure b")).to_have_text(
            f"{2 * number},000,000", timeout=30_000
        )
        window.page.locator(".st-key-share-earlier button").nth(0).click()
        expect(window.page.locator(".kh-answer-figure b")).to_have_text(f"{number},000,000", timeout=30_000)
        visits[f"{number},000,000"] = window
        if len(visits) >= 4 and all(replica.metric(OPEN_VISITS) for replica in replicas):
            return visits
    pytest.fail("all ten visits are on one replica")


def assert_all_are_answered(visitors: dict[str, Visit]) -> None:
    """Fail unless every visitor is connected, sees the answer, and gets another answer after a change."""
    for answer, window in visitors.items():
        expect(window.page.locator("#kh-offline")).to_be_empty(timeout=60_000)
        expect(window.page.locator(".kh-answer-figure b")).to_have_text(answer, timeout=30_000)
        window.wait_until_idle()
    for answer, window in visitors.items():
        window.page.locator(".st-key-share-earlier button").nth(1).click()
        twice = f"{2 * int(answer.replace(',', '')):,}"
        expect(window.page.locator(".kh-answer-figure b")).to_have_text(twice, timeout=30_000)
        window.page.locator(".st-key-share-earlier button").nth(0).click()
        expect(window.page.locator(".kh-answer-figure b")).to_have_text(answer, timeout=30_000)


def test_visitors_of_a_killed_replica_continue_on_the_other(
    visit: Callable[..., Visit], nginx_url: str, replicas: list[Replica]
) -> None:
    visitors = begin_visits(visit, nginx_url, replicas)
    killed, other = replicas
    moved, answers_before = killed.metric(OPEN_VISITS), other.metric(ANSWERS)
    killed.end(signal.SIGKILL)
    pause = next(iter(visitors.values())).page.wait_for_timeout
    wait_for(
        lambda: other.metric(OPEN_VISITS) == len(visitors), "all visitors on the other replica", pause=pause
    )
    # A moved visit starts with a run; wait for its answer before pressing a button.
    wait_for(
        lambda: other.metric(ANSWERS) >= answers_before + moved,
        "the first run of each moved visit",
        pause=pause,
    )
    assert_all_are_answered(visitors)
    assert other.metric(OPEN_VISITS) == len(visitors)


def test_a_rolling_restart_loses_no_visitor_and_no_request(
    visit: Callable[..., Visit], nginx_url: str, replicas: list[Replica]
) -> None:
    visitors = begin_visits(visit, nginx_url, replicas)
    pause = next(iter(visitors.values())).page.wait_for_timeout
    failed: list[str] = []
    done = threading.Event()

    def send_requests() -> None:
        while not done.wait(0.1):
            for path in ("/share?damage=5", "/healthz", "/_stcore/health"):
                try:
                    with urllib.request.urlopen(nginx_url + path, timeout=20) as answer:  # noqa: S310 - our own
                        answer.read()
                except OSError as error:
                    failed.append(f"{path}: {error}")

    sender = threading.Thread(target=send_requests)
    sender.start()
    for replica in replicas:
        replica.end(signal.SIGTERM)
        replica.start()
        wait_for(partial(replica.metric, PAGE_REQUESTS), "nginx to use the restarted replica", pause=pause)
    done.set()
    sender.join()
    assert failed == []
    wait_for(
        lambda: sum(replica.metric(OPEN_VISITS) for replica in replicas) == len(visitors),
        "all visitors",
        pause=pause,
    )
    wait_for(
        lambda: sum(replica.metric(ANSWERS) for replica in replicas) >= len(visitors),
        "the first run of each moved visit",
        pause=pause,
    )
    assert_all_are_answered(visitors)
