"""Tests of the log: its content, and what it must not contain."""

import asyncio
import io
import json
import logging
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from starlette.requests import ClientDisconnect
from starlette.types import Message, Receive, Scope, Send

from server import observability
from server.observability import RequestLogMiddleware

VISITOR_INPUT = "PLATE-12345"


def request_log(app: Any, path: str = "/share") -> tuple[list[Message], str]:  # noqa: ANN401 - an ASGI app
    """Send one request through the middleware; return what it sent and what it logged."""
    sent: list[Message] = []
    records: list[str] = []

    class Handler(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            records.append(record.getMessage())

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.request"}

    handler = Handler()
    loggers = [logging.getLogger(name) for name in ("khodroyar.access", "khodroyar.fault")]
    for logger in loggers:
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)
    scope = {"type": "http", "method": "GET", "path": path, "query_string": b"", "headers": []}
    try:
        with ThreadPoolExecutor(1) as executor:  # this thread's event loop may be that of the browser
            executor.submit(lambda: asyncio.run(RequestLogMiddleware(app)(scope, receive, send))).result()
    finally:
        for logger in loggers:
            logger.removeHandler(handler)
    return sent, "\n".join(records)


async def fail(_scope: Scope, _receive: Receive, _send: Send) -> None:
    raise ValueError(VISITOR_INPUT)


async def fail_later(_scope: Scope, _receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    raise ValueError(VISITOR_INPUT)


async def disconnect(_scope: Scope, _receive: Receive, _send: Send) -> None:
    raise ClientDisconnect


async def answer(_scope: Scope, _receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b""})


def test_an_unexpected_error_is_answered_with_the_id_in_the_log() -> None:
    sent, log = request_log(fail)
    assert sent[0]["status"] == 500
    (error,) = json.loads(sent[1]["body"])["errors"]
    assert error["code"] == "our_fault"
    fault = log.split("fault ")[1].split()[0]
    assert fault in error["message"]["fa"]
    assert fault in error["message"]["en"]
    assert "ValueError" in log
    assert VISITOR_INPUT not in log


def test_an_error_during_an_answer_is_logged_without_its_text() -> None:
    sent, log = request_log(fail_later)
    assert [message["type"] for message in sent] == ["http.response.start"]
    assert "ValueError" in log
    assert VISITOR_INPUT not in log


def test_no_logger_writes_the_text_of_an_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(logging, "_logRecordFactory", logging.LogRecord)  # restored after the test
    observability.log_to_stdout()
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    library = logging.getLogger("streamlit.error_util")  # it logs what a callback raises
    library.addHandler(handler)
    try:
        int(VISITOR_INPUT)
    except ValueError:
        library.exception("Uncaught app execution")
    finally:
        library.removeHandler(handler)
    assert "ValueError at test_observability.py:" in out.getvalue()
    assert VISITOR_INPUT not in out.getvalue()


def test_a_disconnected_client_is_logged_without_an_error() -> None:
    _, log = request_log(disconnect)
    assert json.loads(log)["status"] == 499


@pytest.mark.parametrize(
    ("path", "logged"),
    [
        ("/share", "/share"),
        ("/_stcore/upload_file/5d481786-0000-4000-8000-000000000000/id0", "/_stcore"),
        ("/_stcore/stream", "/_stcore"),
        ("/media/0123456789abcdef.pdf", "/media"),
        ("/x\u009b\u2028y", "/x\u009b\u2028y"),
    ],
)
def test_the_log_names_no_session_and_is_one_line_of_ascii(path: str, logged: str) -> None:
    _, log = request_log(answer, path)
    assert json.loads(log)["path"] == logged
    assert log.isascii()
    assert len(log.splitlines()) == 1
