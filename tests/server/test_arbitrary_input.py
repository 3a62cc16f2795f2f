"""Property tests of the API: any bytes are answered in the contract's form, without an internal error."""

import json
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.types import ASGIApp

from logic.core.registry import calculators, find
from server import api
from server.observability import RequestLogMiddleware, route_of
from tests.support.arbitrary import any_bytes, any_text, examples
from tests.support.asgi import send_request
from tests.support.contract import assert_matches_contract
from tests.support.worked_examples import requests_of

STATUSES = {200, 404, 405, 413, 415, 422}


pytestmark = pytest.mark.usefixtures("faults")


@cache
def app() -> ASGIApp:
    """Build the API with the middleware that answers unexpected errors."""
    return RequestLogMiddleware(api.build())


def bodies(name: str) -> st.SearchStrategy[bytes]:
    """Return a strategy for bodies of a calculator: valid requests, some with mistakes."""
    return any_bytes(
        *(json.dumps(request, ensure_ascii=False).encode() for request in requests_of(name)[:20])
    )


@pytest.mark.parametrize("name", calculators())
@examples(2)
@given(data=st.data())
def test_any_body_is_answered_or_refused(name: str, data: st.DataObject) -> None:
    status, body = send_request(app(), f"/{name}", data.draw(bodies(name)), content_type="application/json")
    assert status in (200, 422)
    assert_matches_contract(json.loads(body), find(name))
    assert json.loads(body)["ok"] is (status == 200)


@pytest.mark.parametrize("name", calculators())
@examples(2)
@given(data=st.data())
def test_any_batch_has_one_response_a_line(name: str, data: st.DataObject) -> None:
    sent = b"\n".join(data.draw(st.lists(bodies(name), max_size=4)))
    status, body = send_request(app(), f"/{name}/batch", sent, content_type="application/x-ndjson")
    assert status == 200
    responses = [json.loads(line) for line in body.splitlines()]
    assert len(responses) == len([line for line in sent.split(b"\n") if line.strip()])
    for response in responses:
        assert_matches_contract(response, find(name))


LATIN_1 = st.text(st.characters(max_codepoint=255, exclude_characters="\r\n\0"), max_size=20)


@examples()
@given(
    path=any_text(["/subscriber_share", "/subscriber_share/batch", "/openapi.json", "/docs", "/"]),
    query=any_bytes(b"a=1"),
    method=st.sampled_from(["GET", "POST", "PUT", "HEAD", "OPTIONS", "x"]),
    headers=st.fixed_dictionaries(
        {},
        optional={
            name: LATIN_1 | st.sampled_from(["application/json", "9" * 5000, "-1", "²", "gzip"])
            for name in (
                "content_type",
                "content_length",
                "x_request_id",
                "accept",
                "accept_encoding",
                "cookie",
            )
        },
    ),
)
def test_any_address_method_and_header_is_answered(
    path: str, query: bytes, method: str, headers: dict[str, str]
) -> None:
    status, _ = send_request(app(), f"/{path.lstrip('/')}", b"{}", query=query, method=method, **headers)
    assert status in STATUSES
    assert route_of(path)
