"""Two replicas behind the shipped nginx: one is killed, both are restarted in turn, and nobody loses an answer."""

import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from string import Template
from typing import Any

import kubernetes_validate
import pytest
import yaml
from playwright.sync_api import expect

from tests.serving import ROOT, SECONDS, free_port, wait_until_healthy
from tests.visiting import DESK, Visit
from tools import programs

DEPLOY = ROOT / "deploy"
TEMPLATE = DEPLOY / "nginx" / "khodroyar.conf.template"
AROUND = """
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
worker_processes 1;
daemon off;
events {{}}
http {{
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  include {folder}/khodroyar.conf;
}}
"""
"""What the stock image has around a site: here in a folder of the test's, so that nobody needs to be root."""
KUBERNETES = "1.31"


class Replica:
    """One server on a port of its own."""

    def __init__(self) -> None:
        """Start it and wait until it answers."""
        self.port = free_port()
        self.start()

    def start(self) -> None:
        environment = {"KHODROYAR_PORT": str(self.port), "STREAMLIT_SERVER_COOKIE_SECRET": "one for all"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "server"],
            cwd=ROOT,
            env={**os.environ, **environment},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        wait_until_healthy(f"http://localhost:{self.port}", self.process)

    def end(self, how: signal.Signals) -> None:
        self.process.send_signal(how)
        self.process.wait(SECONDS)

    def visits(self) -> int:
        """How many visitors are connected to it."""
        with urllib.request.urlopen(f"http://localhost:{self.port}/metrics", timeout=10) as answer:
            lines = answer.read().decode().splitlines()
        return int(
            float(next(line for line in lines if line.startswith("khodroyar_open_visits ")).split()[1])
        )


@pytest.fixture
def replicas() -> Iterator[list[Replica]]:
    started = [Replica(), Replica()]
    yield started
    for each in started:
        each.process.kill()
        each.process.wait()


@pytest.fixture
def front(replicas: list[Replica], tmp_path: Path) -> Iterator[str]:
    """The shipped configuration before both; only its two variables are filled in, as the image fills them."""
    nginx = programs.find("nginx")
    assert nginx, "no nginx: make test installs it, or says what to install"
    port = free_port()
    lines = "".join(f"server 127.0.0.1:{each.port} max_fails=1 fail_timeout=5s;" for each in replicas)
    filled = (
        TEMPLATE.read_text().replace("${KHODROYAR_LISTEN}", str(port)).replace("${KHODROYAR_REPLICAS}", lines)
    )
    assert "${KHODROYAR" not in filled.partition("map $cookie")[2]
    (tmp_path / "khodroyar.conf").write_text(filled)
    (tmp_path / "nginx.conf").write_text(AROUND.format(folder=tmp_path))
    command = [nginx, "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf")]
    tried = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    assert tried.returncode == 0, tried.stderr
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        address = f"http://localhost:{port}"
        wait_until_healthy(address, server)
        yield address
        server.terminate()


def visitors(visit: Callable[..., Visit], front: str, replicas: list[Replica]) -> dict[str, Visit]:
    """Visitors who came by a link and changed its answer, some on either replica."""
    found: dict[str, Visit] = {}
    for number in range(2, 12):
        window = visit(DESK, language="en", at=front).open(f"/share?damage={number}0000000&earlier=1")
        expect(window.page.locator(".kh-num b")).to_have_text(f"{2 * number},000,000", timeout=30_000)
        window.page.locator(".st-key-share-earlier button").nth(0).click()
        expect(window.page.locator(".kh-num b")).to_have_text(f"{number},000,000", timeout=30_000)
        found[f"{number},000,000"] = window
        if len(found) >= 4 and all(each.visits() for each in replicas):
            return found
    pytest.fail("ten visitors, and all on one replica")


def all_answered(found: dict[str, Visit]) -> None:
    """Every visitor is connected, sees the answer, and gets another one for another question."""
    for answer, window in found.items():
        expect(window.page.locator("#kh-gone")).to_be_empty(timeout=60_000)
        expect(window.page.locator(".kh-num b")).to_have_text(answer, timeout=30_000)
        window.page.wait_for_timeout(1000)  # its first run there; no hand is as quick as a test's
        window.settled()
    for answer, window in found.items():
        window.page.locator(".st-key-share-earlier button").nth(1).click()
        twice = f"{2 * int(answer.replace(',', '')):,}"
        expect(window.page.locator(".kh-num b")).to_have_text(twice, timeout=30_000)
        window.page.locator(".st-key-share-earlier button").nth(0).click()
        expect(window.page.locator(".kh-num b")).to_have_text(answer, timeout=30_000)


def test_when_a_replica_is_killed_every_visitor_goes_on_with_the_other(
    visit: Callable[..., Visit], front: str, replicas: list[Replica]
) -> None:
    found = visitors(visit, front, replicas)
    killed, left = replicas
    killed.end(signal.SIGKILL)
    all_answered(found)
    end = time.monotonic() + SECONDS
    while left.visits() < len(found) and time.monotonic() < end:
        time.sleep(0.2)
    assert left.visits() == len(found)


def test_a_rolling_restart_loses_no_visitor_and_no_request(
    visit: Callable[..., Visit], front: str, replicas: list[Replica]
) -> None:
    found = visitors(visit, front, replicas)
    failed: list[str] = []
    done = threading.Event()

    def keep_asking() -> None:
        while not done.is_set():
            for path in ("/share?damage=5", "/healthz", "/_stcore/health"):
                try:
                    with urllib.request.urlopen(front + path, timeout=20) as answer:  # noqa: S310 - our own
                        answer.read()
                except OSError as error:
                    failed.append(f"{path}: {error}")
            time.sleep(0.1)

    asking = threading.Thread(target=keep_asking)
    asking.start()
    for each in replicas:
        each.end(signal.SIGTERM)
        each.start()
        time.sleep(5)  # nginx tries a replica again after that
    done.set()
    asking.join()
    assert failed == []
    all_answered(found)


def test_a_visitor_stays_with_one_replica_and_what_is_for_the_owner_stays_inside(front: str) -> None:
    def asked(path: str, cookie: str = "") -> tuple[int, str]:
        request = urllib.request.Request(front + path, headers={"Cookie": cookie})  # noqa: S310 - our own
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310
                return answer.status, answer.headers.get("Set-Cookie", "")
        except urllib.error.HTTPError as error:
            error.close()
            return error.code, ""

    status, given = asked("/")
    assert status == 200
    name, _, rest = given.partition("=")
    value = rest.partition(";")[0]
    assert (name, len(value)) == ("khodroyar_visit", 32)
    assert "HttpOnly" in given
    assert asked("/", f"khodroyar_visit={value}") == (200, "")
    assert asked("/", "khodroyar_visit=made-up")[1].startswith("khodroyar_visit=")
    assert asked("/metrics")[0] == 404
    assert asked("/readyz")[0] == 404
    assert asked("/healthz")[0] == 200


def test_a_flood_and_an_oversized_file_stop_at_nginx(front: str) -> None:
    big = urllib.request.Request(f"{front}/_stcore/upload_file/x", data=bytes(6_500_000), method="PUT")  # noqa: S310
    with pytest.raises((urllib.error.HTTPError, ConnectionError)) as refused:
        urllib.request.urlopen(big, timeout=20)  # noqa: S310
    assert getattr(refused.value, "code", 413) == 413
    if isinstance(refused.value, urllib.error.HTTPError):
        refused.value.close()
    statuses = []
    for _ in range(400):
        request = urllib.request.Request(f"{front}/api/v1/nothing", method="POST", data=b"{}")  # noqa: S310
        try:
            urllib.request.urlopen(request, timeout=20).close()  # noqa: S310
        except urllib.error.HTTPError as error:
            statuses.append(error.code)
            error.close()
    assert set(statuses) == {404, 429}


# --- The files for Docker and Kubernetes, as far as they can be checked without either

MANIFESTS: list[dict[str, Any]] = list(
    yaml.safe_load_all((DEPLOY / "kubernetes" / "khodroyar.yaml").read_text(encoding="utf-8"))
)


def manifest(kind: str) -> dict[str, Any]:
    return next(each for each in MANIFESTS if each["kind"] == kind)


@pytest.mark.parametrize("kind", [each["kind"] for each in MANIFESTS])
def test_a_manifest_is_valid_by_the_schemas_of_kubernetes(kind: str) -> None:
    kubernetes_validate.validate(manifest(kind), KUBERNETES, strict=True)


def test_the_manifests_speak_of_one_another() -> None:
    pod = manifest("Deployment")["spec"]["template"]
    labels = pod["metadata"]["labels"].items()
    for kind in ("Deployment", "PodDisruptionBudget"):
        assert manifest(kind)["spec"]["selector"]["matchLabels"].items() <= labels
    service = manifest("Service")["spec"]
    assert service["selector"].items() <= labels
    container = pod["spec"]["containers"][0]
    ports = {port["name"] for port in container["ports"]}
    assert {port["targetPort"] for port in service["ports"]} <= ports
    path = manifest("Ingress")["spec"]["rules"][0]["http"]["paths"][0]["backend"]["service"]
    assert path["name"] == manifest("Service")["metadata"]["name"]
    assert path["port"]["name"] in {port["name"] for port in service["ports"]}
    assert (
        manifest("HorizontalPodAutoscaler")["spec"]["scaleTargetRef"]["name"]
        == manifest("Deployment")["metadata"]["name"]
    )
    for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
        assert container[probe]["httpGet"]["path"] in ("/readyz", "/healthz")
    from_map = container["envFrom"][0]["configMapRef"]["name"]
    assert from_map == manifest("ConfigMap")["metadata"]["name"]
    assert pod["spec"]["enableServiceLinks"] is False


def test_what_is_set_for_containers_are_settings_of_the_app() -> None:
    from logic.settings import PREFIX, Settings  # noqa: PLC0415 - of this test alone

    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    given = {*manifest("ConfigMap")["data"], *compose["services"]["app"]["environment"]} - {
        "STREAMLIT_SERVER_COOKIE_SECRET"
    }
    assert given <= known
    assert "$" in compose["services"]["app"]["environment"]["STREAMLIT_SERVER_COOKIE_SECRET"]
    variables = {
        name for _, named, braced, _ in Template.pattern.findall(TEMPLATE.read_text()) if (name := braced)
    }
    assert variables - {"KHODROYAR_LISTEN", "KHODROYAR_REPLICAS"} == set()
    assert {"KHODROYAR_LISTEN", "KHODROYAR_REPLICAS"} <= compose["services"]["nginx"]["environment"].keys()


def test_the_image_holds_what_the_app_needs_and_no_more() -> None:
    steps = (DEPLOY / "Dockerfile").read_text(encoding="utf-8").splitlines()
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    copied = {
        part
        for line in steps
        if line.startswith("COPY ") and "--from" not in line
        for part in line.split()[1:-1]
    }
    assert copied == allowed
    for name in copied:
        assert (ROOT / name).exists(), name
    assert "USER 10001" in steps
    assert any(line.startswith("HEALTHCHECK") for line in steps)
    whole = "\n".join(steps) + (DEPLOY / "compose.yaml").read_text()
    assert "tests" not in whole
