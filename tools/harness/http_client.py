"""A small asyncio HTTP client for many requests at once."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

PIECE_BYTES = 1 << 18
ENCODING = "latin-1"


@dataclass(frozen=True)
class HttpResponse:
    """A response whose body is not yet read."""

    status: int
    headers: Mapping[str, str]
    body: asyncio.StreamReader


@asynccontextmanager
async def http_request(
    address: str,
    path: str,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    method: str | None = None,
) -> AsyncIterator[HttpResponse]:
    """Send a request to http://host:port and yield the response after its headers; with a body it is a POST.

    Raises OSError, EOFError.
    """
    url = urlsplit(address)
    reader, writer = await asyncio.open_connection(url.hostname, url.port)
    fields = {"Host": url.netloc, "Connection": "close", **(headers or {})}
    if body is not None:
        fields["Content-Length"] = str(len(body))
    head = [f"{method or ('GET' if body is None else 'POST')} {path} HTTP/1.1"]
    head += [f"{name}: {value}" for name, value in fields.items()]
    try:
        writer.write("\r\n".join([*head, "", ""]).encode(ENCODING) + (body or b""))
        status, *lines = (await reader.readuntil(b"\r\n\r\n")).decode(ENCODING).strip().split("\r\n")
        response_headers: dict[str, str] = {}
        for line in lines:
            name, _, value = line.partition(":")
            before = f"{response_headers[name.lower()]}, " if name.lower() in response_headers else ""
            response_headers[name.lower()] = before + value.strip()
        yield HttpResponse(int(status.split()[1]), response_headers, reader)
    finally:
        writer.close()


async def read_size(response: HttpResponse) -> int:
    """Read the body of a response without keeping it; return its size in bytes."""
    size = 0
    while piece := await response.body.read(PIECE_BYTES):
        size += len(piece)
    return size
