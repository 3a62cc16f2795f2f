"""The calculators over HTTP: one POST each, batches as JSON lines, errors in the contract's words.

The models are those of ``logic/``; FastAPI describes them, the contract's own reader reads the requests, so
that a number is never a float on its way and an error says the same as on the command line.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from email.message import Message
from typing import Any, Literal, TypeVar

import htpy as h
from fastapi import FastAPI, Request, Response
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse, JSONResponse, StreamingResponse
from fastapi.routing import APIRoute
from pydantic import BaseModel, Field, create_model
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from logic import __version__
from logic.core.errors import FieldError
from logic.core.faults import report_fault
from logic.core.messages import Language
from logic.core.registry import Calculator, calculators
from logic.core.settings import settings
from server.batch_worker import error_codes, refused, respond_or_report
from server.batches import SERVICE_UNAVAILABLE, BatchLimitMiddleware, answer_batch
from server.observability import ANSWERS, CLIENT_LEFT, ERRORS
from ui.assets import SWAGGER, is_fetched

JSON, LINES = ("application/json",), ("application/x-ndjson", "application/jsonl", "application/json-lines")
UTF_8 = {"utf-8", "utf8"}
UNREADABLE, TOO_LARGE, WRONG_TYPE, OUR_FAULT = 422, 413, 415, 500
CALCULATING = ThreadPoolExecutor(1, "api")
"""Single requests are calculated one after another: more threads would only take turns with the pages'."""


class FieldErrorModel(BaseModel):
    """One thing wrong with one field of a request."""

    field: str
    code: str
    message: dict[Language, str]


class ErrorResponse(BaseModel):
    """A request that cannot be answered as it stands."""

    ok: Literal[False]
    errors: list[FieldErrorModel] = Field(min_length=1)


JsonValueType = str | int | bool | None


class StepModel(BaseModel):
    """A step of the working."""

    key: str
    clause: str
    inputs: dict[str, JsonValueType]
    value: JsonValueType
    unit: str | None


class NoticeModel(BaseModel):
    """What to confirm, what was assumed, what the law says against the booklet."""

    key: str
    clause: str
    severity: Literal["info", "warning"]
    params: dict[str, JsonValueType]


class AlternativeModel(BaseModel):
    """Where another reading of the print gives another result: the fields that differ."""

    reading: str
    clause: str
    result: dict[str, Any]


class HttpError(Exception):
    """A status with its errors."""

    def __init__(self, status: int, code: str, **params: object) -> None:
        """``code`` is a key of data/messages.toml."""
        super().__init__(code)
        self.status, self.error = status, FieldError("request", code, params)


def refusal(status: int, *errors: FieldError) -> JSONResponse:
    """The contract's refusal, with its status, counted."""
    _count(each.code for each in errors)
    return JSONResponse(refused(*errors), status)


async def read_body(request: Request, types: tuple[str, ...], max_kb: int) -> bytes:
    """The body, read no further than allowed. Raises HttpError."""
    kind = Message()
    kind["content-type"] = request.headers.get("content-type", "")
    if kind.get_content_type() not in types or str(kind.get_param("charset", "utf-8")).lower() not in UTF_8:
        raise HttpError(WRONG_TYPE, "wrong_content_type", expected=types[0])
    most, said = max_kb * 1000, request.headers.get("content-length", "0")
    read, size = [], 0
    if said.isdecimal() and int(said) > most:
        raise HttpError(TOO_LARGE, "body_too_large", limit=max_kb)
    async for piece in request.stream():
        size += len(piece)
        if size > most:
            raise HttpError(TOO_LARGE, "body_too_large", limit=max_kb)
        read.append(piece)
    return b"".join(read)


def respond_and_count(calculator: Calculator, line: bytes) -> dict[str, object]:
    """The response to one request, counted."""
    response = respond_or_report(calculator, line)
    if response["ok"]:
        ANSWERS.labels(calculator.name, "api").inc()
    _count(error_codes(response))
    return response


def _count(codes: Iterable[str]) -> None:
    """Count the errors of a request; a fault of ours is counted where it is reported."""
    for code in codes:
        if code != "our_fault":
            ERRORS.labels(code).inc()


async def answer_single(calculator: Calculator, request: Request) -> Response:
    """Answer one request: 200, 422 with every field's error, or 500 with the id of our fault."""
    body = await read_body(request, JSON, settings().body_kb)
    loop = asyncio.get_running_loop()
    response = await loop.run_in_executor(CALCULATING, respond_and_count, calculator, body)
    return JSONResponse(response, 200 if response["ok"] else _status(response))


def _status(response: Mapping[str, object]) -> int:
    """The status of a response with errors."""
    return OUR_FAULT if error_codes(response)[0] == "our_fault" else UNREADABLE


async def answer_lines_of_batch(calculator: Calculator, request: Request) -> Response:
    """Answer JSON lines one by one, in their order; a bad line gets its errors, the others their answers."""
    body = await read_body(request, LINES, settings().batch_kb)
    limit = settings().batch_lines
    if body.count(b"\n") > 2 * limit:  # blank lines do not count, but millions of them cost seconds
        raise HttpError(TOO_LARGE, "too_many_lines", limit=limit)
    lines = [line for line in body.split(b"\n") if line.strip()]
    if len(lines) > limit:
        raise HttpError(TOO_LARGE, "too_many_lines", limit=limit)
    return StreamingResponse(answer_batch(calculator, lines), media_type=LINES[0])


Handle = Callable[[Calculator, Request], Awaitable[Response]]
E = TypeVar("E", bound=Callable[..., object])


def _route(handle: Handle, calculator: Calculator) -> type[APIRoute]:
    """A route that FastAPI describes by its models and that the contract's reader serves."""

    class Contract(APIRoute):
        def get_route_handler(self) -> Callable[[Request], Awaitable[Response]]:  # type: ignore[override]
            async def handler(request: Request) -> Response:
                return await handle(calculator, request)

            return handler

    return Contract


def _answer_model(calculator: Calculator) -> type[BaseModel]:
    name = "".join(part.capitalize() for part in calculator.name.split("_"))
    return create_model(
        f"{name}Answer",
        __doc__="The contract's answer.",
        ok=(Literal[True], ...),
        result=(calculator.result, ...),
        steps=(list[StepModel], ...),
        notices=(list[NoticeModel], ...),
        alternatives=(list[AlternativeModel], ...),
    )


ERROR_RESPONSES: dict[int | str, dict[str, Any]] = {
    UNREADABLE: {"model": ErrorResponse, "description": "The request cannot be answered as it stands"},
    TOO_LARGE: {"model": ErrorResponse, "description": "The body is too large, or has too many lines"},
    WRONG_TYPE: {"model": ErrorResponse, "description": "Another content type is needed"},
}
BUSY = {
    "model": ErrorResponse,
    "description": "Too many batches are running; Retry-After says when to try again",
}


def _add_calculator(app: FastAPI, calculator: Calculator) -> None:
    """The two addresses of a calculator."""
    summary = (calculator.function.__doc__ or "").strip().partition("\n")[0]
    answer = _answer_model(calculator)

    def ask(asked: Any) -> None:  # noqa: ANN401 - described by its annotations below
        ...  # the route class answers

    ask.__annotations__ = {"asked": calculator.request, "return": None}
    app.router.add_api_route(
        f"/{calculator.name}",
        ask,
        methods=["POST"],
        name=calculator.name,
        summary=summary,
        response_model=answer,
        responses=ERROR_RESPONSES,
        tags=["calculators"],
        operation_id=calculator.name,
        route_class_override=_route(answer_single, calculator),
    )

    def ask_many() -> None: ...  # the route class answers

    line = {"schema": {"type": "string", "description": f"Requests of {calculator.name}, one a line"}}
    answers = {
        LINES[0]: {"schema": {"type": "string", "description": "One response a line, in the same order"}}
    }
    app.router.add_api_route(
        f"/{calculator.name}/batch",
        ask_many,
        methods=["POST"],
        name=f"{calculator.name}_batch",
        summary=f"{calculator.name} for many lines",
        response_class=Response,
        responses={
            200: {"content": answers, "description": "One response a line"},
            TOO_LARGE: ERROR_RESPONSES[TOO_LARGE],
            WRONG_TYPE: ERROR_RESPONSES[WRONG_TYPE],
            SERVICE_UNAVAILABLE: BUSY,
        },
        openapi_extra={"requestBody": {"required": True, "content": {LINES[0]: line}}},
        tags=["batches"],
        operation_id=f"{calculator.name}_batch",
        route_class_override=_route(answer_lines_of_batch, calculator),
    )


def _no_viewer(description: str) -> h.Element:
    """Say how to get Swagger UI, and where the description is meanwhile."""
    return h.html(lang="en")[
        h.title["Khodroyar · API"],
        h.p[
            "The viewer, Swagger UI, is not installed: run ",
            h.code["make assets"],
            " and start the app again.",
        ],
        h.p["The description of the API: ", h.a(href=description)[description]],
    ]


def build() -> FastAPI:
    """The application under ``/api/v1``."""
    app = FastAPI(
        title="Khodroyar",
        version=__version__,
        summary="Car after-sales booklets as answers, each figure with its clause",
        openapi_url="/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    app.add_middleware(BatchLimitMiddleware)
    for calculator in calculators().values():
        _add_calculator(app, calculator)

    @app.get("/", include_in_schema=False)
    @app.get("/docs", include_in_schema=False)
    def docs(request: Request) -> HTMLResponse:
        root = request.scope.get("root_path", "").rstrip("/")
        if not is_fetched(*SWAGGER):
            return HTMLResponse(str(_no_viewer(f"{root}/openapi.json")))
        base = root.removesuffix("/api/v1")
        return get_swagger_ui_html(
            openapi_url=f"{root}/openapi.json",
            title="Khodroyar · API",
            swagger_js_url=f"{base}/app/static/swagger/swagger-ui-bundle.js",
            swagger_css_url=f"{base}/app/static/swagger/swagger-ui.css",
            swagger_favicon_url="data:,",
        )

    @app.exception_handler(HttpError)
    def on_http_error(_request: Request, error: HttpError) -> Response:
        return refusal(error.status, error.error)

    @app.exception_handler(HTTPException)
    def on_no_such_address(_request: Request, error: HTTPException) -> Response:
        code = {404: "unknown_address", 405: "wrong_method"}.get(error.status_code, "invalid")
        answer = refusal(error.status_code, FieldError("request", code))
        answer.headers.update(error.headers or {})
        return answer

    @app.exception_handler(ClientDisconnect)
    def on_client_left(_request: Request, _error: ClientDisconnect) -> Response:
        return Response(status_code=CLIENT_LEFT)  # for the log; nobody is left to read it

    @app.exception_handler(Exception)
    def on_fault(_request: Request, error: Exception) -> Response:
        return refusal(OUR_FAULT, report_fault("api", error))

    return app
