"""A small HTTP client for asyncio, for tests that keep many requests on their way."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

PIECE_BYTES = 1 << 18
ENCODING = "latin-1"


@dataclass(frozen=True)
class HttpAnswer:
    """An answer whose body is still to be read."""

    status: int
    headers: Mapping[str, str]
    body: asyncio.StreamReader


@asynccontextmanager
async def opened(
    address: str,
    path: str,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    method: str | None = None,
) -> AsyncIterator[HttpAnswer]:
    """Send a request (POST where it has a body) to http://host:port, read the head of the answer.

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
        read: dict[str, str] = {}
        for line in lines:
            name, _, value = line.partition(":")
            before = f"{read[name.lower()]}, " if name.lower() in read else ""
            read[name.lower()] = before + value.strip()
        yield HttpAnswer(int(status.split()[1]), read, reader)
    finally:
        writer.close()


async def read_size(answer: HttpAnswer) -> int:
    """Read the rest of an answer and forget it; return its size in bytes."""
    size = 0
    while piece := await answer.body.read(PIECE_BYTES):
        size += len(piece)
    return size
