"""The HTTP API of the calculators: a POST per calculator, batches as JSON lines, errors as in the contract.

FastAPI only describes the models of ``logic/``. `logic.core.registry` parses the requests, so that no number
becomes a float and errors are the same as on the command line.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from email.message import Message
from typing import Any, Literal

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
from server.batch_worker import error_codes, error_response, respond_or_report
from server.batches import BYTES_PER_KB, SERVICE_UNAVAILABLE, BatchLimitMiddleware, answer_batch
from server.observability import ANSWERS, CLIENT_LEFT, ERRORS
from ui.assets import SWAGGER, is_fetched

JSON_TYPES = ("application/json",)
NDJSON_TYPES = ("application/x-ndjson", "application/jsonl", "application/json-lines")
UTF_8_NAMES = {"utf-8", "utf8"}
UNPROCESSABLE, CONTENT_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE, INTERNAL_SERVER_ERROR = 422, 413, 415, 500
EXECUTOR = ThreadPoolExecutor(1, "api")
"""Single requests are calculated one after another: more threads would only slow down the pages."""


class FieldErrorModel(BaseModel):
    """An error in one field of a request."""

    field: str
    code: str
    message: dict[Language, str]


class ErrorResponse(BaseModel):
    """The response to a request that cannot be answered."""

    ok: Literal[False]
    errors: list[FieldErrorModel] = Field(min_length=1)


JsonValueType = str | int | bool | None


class StepModel(BaseModel):
    """A step of the calculation."""

    key: str
    clause: str
    inputs: dict[str, JsonValueType]
    value: JsonValueType
    unit: str | None


class NoticeModel(BaseModel):
    """A fact to confirm, an assumption, or a conflict between the law and the booklet."""

    key: str
    clause: str
    severity: Literal["info", "warning"]
    params: dict[str, JsonValueType]


class AlternativeModel(BaseModel):
    """The fields of the result that differ under another reading of the clause."""

    reading: str
    clause: str
    result: dict[str, Any]


class HttpError(Exception):
    """An error that is answered with a status code."""

    def __init__(self, status: int, code: str, **params: object) -> None:
        """Set the status and the error; ``code`` is a key of data/messages.toml."""
        super().__init__(code)
        self.status, self.error = status, FieldError("request", code, params)


def refusal(status: int, *errors: FieldError) -> JSONResponse:
    """Return a response with errors, and count them."""
    _count(error.code for error in errors)
    return JSONResponse(error_response(*errors), status)


async def read_body(request: Request, types: tuple[str, ...], max_kb: int) -> bytes:
    """Return the body of a request; stop reading it at the limit. Raises HttpError."""
    header = Message()
    header["content-type"] = request.headers.get("content-type", "")
    charset = str(header.get_param("charset", "utf-8")).lower()
    if header.get_content_type() not in types or charset not in UTF_8_NAMES:
        raise HttpError(UNSUPPORTED_MEDIA_TYPE, "wrong_content_type", expected=types[0])
    max_bytes, declared_bytes = max_kb * BYTES_PER_KB, request.headers.get("content-length", "0")
    pieces, size = [], 0
    if declared_bytes.isdecimal() and int(declared_bytes) > max_bytes:
        raise HttpError(CONTENT_TOO_LARGE, "body_too_large", limit=max_kb)
    async for piece in request.stream():
        size += len(piece)
        if size > max_bytes:
            raise HttpError(CONTENT_TOO_LARGE, "body_too_large", limit=max_kb)
        pieces.append(piece)
    return b"".join(pieces)


def respond_and_count(calculator: Calculator, line: bytes) -> dict[str, object]:
    """Return the response to one request, and count it."""
    response = respond_or_report(calculator, line)
    if response["ok"]:
        ANSWERS.labels(calculator.name, "api").inc()
    _count(error_codes(response))
    return response


def _count(codes: Iterable[str]) -> None:
    """Count the errors of a request, except internal errors, which are counted when they are reported."""
    for code in codes:
        if code != "our_fault":
            ERRORS.labels(code).inc()


async def answer_single(calculator: Calculator, request: Request) -> Response:
    """Answer one request: 200, 422 with the errors of all fields, or 500 with the id of an internal error."""
    body = await read_body(request, JSON_TYPES, settings().body_kb)
    loop = asyncio.get_running_loop()
    response = await loop.run_in_executor(EXECUTOR, respond_and_count, calculator, body)
    return JSONResponse(response, 200 if response["ok"] else _status(response))


def _status(response: Mapping[str, object]) -> int:
    """Return the status code of a response with errors."""
    return INTERNAL_SERVER_ERROR if error_codes(response)[0] == "our_fault" else UNPROCESSABLE


async def answer_lines_of_batch(calculator: Calculator, request: Request) -> Response:
    """Answer JSON lines in their order; an invalid line gets its errors, the other lines their answers."""
    body = await read_body(request, NDJSON_TYPES, settings().batch_kb)
    limit = settings().batch_lines
    if body.count(b"\n") > 2 * limit:  # blank lines are ignored, but splitting millions of them takes seconds
        raise HttpError(CONTENT_TOO_LARGE, "too_many_lines", limit=limit)
    lines = [line for line in body.split(b"\n") if line.strip()]
    if len(lines) > limit:
        raise HttpError(CONTENT_TOO_LARGE, "too_many_lines", limit=limit)
    return StreamingResponse(answer_batch(calculator, lines), media_type=NDJSON_TYPES[0])


Handler = Callable[[Calculator, Request], Awaitable[Response]]


def _route_class(handler: Handler, calculator: Calculator) -> type[APIRoute]:
    """Return a route class that calls ``handler``: FastAPI describes the models but parses nothing."""

    class CalculatorRoute(APIRoute):
        def get_route_handler(self) -> Callable[[Request], Awaitable[Response]]:  # type: ignore[override]
            async def handle(request: Request) -> Response:
                return await handler(calculator, request)

            return handle

    return CalculatorRoute


def _answer_model(calculator: Calculator) -> type[BaseModel]:
    name = "".join(part.capitalize() for part in calculator.name.split("_"))
    return create_model(
        f"{name}Answer",
        __doc__="An answer: result, steps, notices and alternatives.",
        ok=(Literal[True], ...),
        result=(calculator.result, ...),
        steps=(list[StepModel], ...),
        notices=(list[NoticeModel], ...),
        alternatives=(list[AlternativeModel], ...),
    )


ERROR_RESPONSES: dict[int | str, dict[str, Any]] = {
    UNPROCESSABLE: {
        "model": ErrorResponse,
        "description": "The request has errors",
    },
    CONTENT_TOO_LARGE: {
        "model": ErrorResponse,
        "description": "The body is too large or has too many lines",
    },
    UNSUPPORTED_MEDIA_TYPE: {"model": ErrorResponse, "description": "The content type is not supported"},
}
BUSY = {
    "model": ErrorResponse,
    "description": "Too many batches are running; Retry-After says when to try again",
}


def _add_calculator(app: FastAPI, calculator: Calculator) -> None:
    """Add the routes of a calculator: single requests and batches."""
    summary = (calculator.function.__doc__ or "").strip().partition("\n")[0]
    answer = _answer_model(calculator)

    def endpoint(request: Any) -> None:  # noqa: ANN401 - described by its annotations below
        ...  # never called: the route class answers

    endpoint.__annotations__ = {"request": calculator.request, "return": None}
    app.router.add_api_route(
        f"/{calculator.name}",
        endpoint,
        methods=["POST"],
        name=calculator.name,
        summary=summary,
        response_model=answer,
        responses=ERROR_RESPONSES,
        tags=["calculators"],
        operation_id=calculator.name,
        route_class_override=_route_class(answer_single, calculator),
    )

    def batch_endpoint() -> None: ...  # never called: the route class answers

    line = {"schema": {"type": "string", "description": f"Requests of {calculator.name}, one a line"}}
    answers = {
        NDJSON_TYPES[0]: {
            "schema": {"type": "string", "description": "One response a line, in the same order"}
        }
    }
    app.router.add_api_route(
        f"/{calculator.name}/batch",
        batch_endpoint,
        methods=["POST"],
        name=f"{calculator.name}_batch",
        summary=f"{calculator.name} for many lines",
        response_class=Response,
        responses={
            200: {"content": answers, "description": "One response a line"},
            CONTENT_TOO_LARGE: ERROR_RESPONSES[CONTENT_TOO_LARGE],
            UNSUPPORTED_MEDIA_TYPE: ERROR_RESPONSES[UNSUPPORTED_MEDIA_TYPE],
            SERVICE_UNAVAILABLE: BUSY,
        },
        openapi_extra={"requestBody": {"required": True, "content": {NDJSON_TYPES[0]: line}}},
        tags=["batches"],
        operation_id=f"{calculator.name}_batch",
        route_class_override=_route_class(answer_lines_of_batch, calculator),
    )


def _missing_viewer_page(description: str) -> h.Element:
    """Return a page that says how to install Swagger UI, with a link to the description of the API."""
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
    """Return the application for ``/api/v1``."""
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
            return HTMLResponse(str(_missing_viewer_page(f"{root}/openapi.json")))
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
        return Response(status_code=CLIENT_LEFT)  # for the log: the client does not receive it

    @app.exception_handler(Exception)
    def on_fault(_request: Request, error: Exception) -> Response:
        return refusal(INTERNAL_SERVER_ERROR, report_fault("api", error))

    return app
