"""Hostile clients, one of each kind: `python -m tools.harness.attackers ADDRESS SECONDS [KIND …]`.

Each has an address of its own (X-Forwarded-For) and repeats its attack without a pause until the time is over.
Prints, as JSON, how often each kind finished one, and the statuses that it got.
"""

import asyncio
import json
import os
import sys
import time
import zlib
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from tools.harness.fleet_files import as_csv
from tools.harness.hostile_input import HOSTILE_SHEETS, with_sheet_data
from tools.harness.http_client import opened, read_size
from tools.harness.streamlit_protocol import (
    HEALTH_PATH,
    SUBPROTOCOL,
    UPLOAD_PATH,
    XSRF_COOKIE,
    BackMsg,
    ForwardMsg,
    WidgetState,
    component_events,
    stream_url,
    xsrf_token,
)

NICENESS = 19
"""Attackers compute on machines of their own."""
ROUND_SECONDS = 20
"""An attack that takes longer is given up, and begun anew."""
PAUSE_SECONDS = 0.02
JSON, NDJSON = {"Content-Type": "application/json"}, {"Content-Type": "application/x-ndjson"}
MEGABYTE = 1_000_000


@dataclass
class Visit:
    """A page that is open over a WebSocket."""

    stream: ClientConnection
    session: str = ""
    page: str = ""
    widgets: list[str] = field(default_factory=list)

    async def run(self, message: BackMsg) -> None:
        """Send a message and wait for the end of the run that it starts."""
        await self.stream.send(message.SerializeToString())
        while True:
            received = ForwardMsg.FromString(bytes(await self.stream.recv(decode=False)))
            match received.WhichOneof("type"):
                case "new_session":
                    self.session = received.new_session.initialize.session_id
                case "navigation":
                    self.page = received.navigation.page_script_hash
                case "delta":
                    element = received.delta.new_element
                    kind = element.WhichOneof("type")
                    if kind in {"text_input", "file_uploader", "bidi_component"}:
                        self.widgets.append(getattr(element, kind).id)
                case "script_finished":
                    return

    async def send(self, *states: WidgetState) -> None:
        """Set widgets and wait for the answer."""
        message = BackMsg()
        message.rerun_script.page_script_hash = self.page
        message.rerun_script.widget_states.widgets.extend(states)
        await self.run(message)

    def widget(self, key: str) -> str:
        """Return the id of the widget with a key."""
        return next(widget for widget in self.widgets if widget.endswith(f"-{key}"))


@dataclass
class Client:
    """A client with an address of its own."""

    address: str
    name: str
    statuses: Counter[int] = field(default_factory=Counter)

    @property
    def headers(self) -> dict[str, str]:
        """Return what tells nginx the client, and which replica it stays with."""
        return {
            "X-Forwarded-For": self.name,
            "Cookie": f"khodroyar_visit={zlib.crc32(self.name.encode()):032x}",
        }

    async def request(
        self, path: str, body: bytes | None = None, method: str | None = None, **headers: str
    ) -> int:
        """Send a request, read the answer, return its status."""
        fields = {**self.headers, **{name.replace("_", "-"): value for name, value in headers.items()}}
        async with opened(self.address, path, body, fields, method) as answer:
            self.statuses[answer.status] += 1
            await read_size(answer)
            return answer.status

    async def ask(self, path: str, body: bytes, *, lines: bool = False) -> None:
        """Send a request to the API."""
        await self.request(f"/api/v1/{path}", body, **(NDJSON if lines else JSON))

    @asynccontextmanager
    async def stream(self) -> AsyncIterator[ClientConnection]:
        """Open a WebSocket."""
        url = stream_url(self.address)
        stream = await connect(
            url,
            subprotocols=[SUBPROTOCOL],
            additional_headers=self.headers,
            compression="deflate",
            max_size=None,
        )
        try:
            yield stream
        finally:
            with suppress(AttributeError):  # websockets aborts a transport that is closed already
                await stream.close()

    @asynccontextmanager
    async def visit(self, page: str, query: str = "") -> AsyncIterator[Visit]:
        """Open a page."""
        async with self.stream() as stream:
            visit, message = Visit(stream), BackMsg()
            message.rerun_script.page_name, message.rerun_script.query_string = page, query
            await visit.run(message)
            yield visit

    async def upload(self, session: str, file_id: str, content: bytes, name: str = "a.csv") -> int:
        """Upload a file as the browser does; return the status."""
        boundary = "----khodroyar"
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="f"; filename="{name}"\r\n\r\n'
        cookie, token = await self._token()
        return await self.request(
            f"{UPLOAD_PATH}/{session}/{file_id}",
            body=head.encode() + content + f"\r\n--{boundary}--\r\n".encode(),
            method="PUT",
            Content_Type=f"multipart/form-data; boundary={boundary}",
            Cookie=cookie,
            X_Xsrftoken=token,
        )

    async def delete_upload(self, session: str, file_id: str) -> int:
        """Delete a file as the browser does when another replaces it; return the status."""
        cookie, token = await self._token()
        path = f"{UPLOAD_PATH}/{session}/{file_id}"
        return await self.request(path, method="DELETE", Cookie=cookie, X_Xsrftoken=token)

    async def _token(self) -> tuple[str, str]:
        """Return the cookies, and Streamlit's token against forged requests."""
        async with opened(self.address, HEALTH_PATH, headers=self.headers) as page:
            token = xsrf_token(page.headers.get("set-cookie", ""))
        return f"{self.headers['Cookie']}; {XSRF_COOKIE}={token}", token


def text_state(widget: str, value: str) -> WidgetState:
    """Return a text field with a text."""
    return WidgetState(id=widget, string_value=value)


def file_state(widget: str, name: str, file_id: str, size: int) -> WidgetState:
    """Return the field for a file with a file that is uploaded."""
    state = WidgetState(id=widget)
    state.file_uploader_state_value.uploaded_file_info.add(name=name, file_id=file_id, size=size)
    return state


# ------------------------------------------------------------------ the kinds: each function is one attack
async def many_errors(client: Client) -> None:
    """A request whose list has twenty thousand bad items."""
    for calculator, name in (
        ("events_by_level", "events"), ("warranty_status", "events"), ("compare_levels", "levels"),
    ):  # fmt: skip
        body = f'{{"{name}":['.encode() + b",".join([b"{}"] * 20_000) + b"]}"
        await client.ask(calculator, body)


async def many_errors_in_a_batch(client: Client) -> None:
    """Batches of one line of 3.9 MB, and of 60 lines of 60 kB."""
    await client.ask("events_by_level/batch", LONG_LINE, lines=True)
    await client.ask("events_by_level/batch", LONG_LINES, lines=True)


async def long_place(client: Client) -> None:
    """Spaces inside coordinates, as the browser's own position."""
    async with client.visit("dealers") as visit:
        trigger = WidgetState(id=component_events(visit.widget("dealers-here")))
        found = {"lat": "35" + " " * 100_000 + "x", "lon": "51"}
        trigger.json_trigger_value = json.dumps([{"event": "position", "value": found}])
        await visit.send(trigger)


async def combining_marks(client: Client) -> None:
    """A fifth of a megabyte of combining marks as an amount."""
    async with client.visit("share") as visit:
        text = "1" + "\u0301" * 50_000 + "\u0327" * 50_000
        await visit.send(text_state(visit.widget("share-damage"), text))


async def large_messages(client: Client, count: int = 41) -> None:
    """Texts just below the limit of a message, each in the link; then one of 9 MB."""
    async with client.visit("share") as visit:
        for letter in range(count):
            await visit.send(text_state(visit.widget("share-damage"), chr(ord("0") + letter) * 250_000))
        await visit.send(text_state(visit.widget("share-damage"), "x" * (9 * MEGABYTE)))


async def large_links(client: Client) -> None:
    """Runs with other long links."""
    async with client.visit("share") as visit:
        for letter in range(41):
            message = BackMsg()
            message.rerun_script.page_script_hash = visit.page
            message.rerun_script.query_string = f"damage={letter}" + "0" * 250_000
            await visit.run(message)


async def uploads(client: Client) -> None:
    """Sixty files of 5 MB in one visit."""
    async with client.visit("fleet") as visit:
        for number in range(60):
            await client.upload(visit.session, f"id{number}", bytes(5 * MEGABYTE - 1_000))


async def oversized_bodies(client: Client) -> None:
    """Bodies that nginx lets through and the server refuses unread."""
    await client.ask("subscriber_share/batch", bytes(4_500_000), lines=True)
    await client.ask("subscriber_share", bytes(4_500_000))
    await client.request("/api/v1/subscriber_share", bytes(4_500_000), Content_Type="text/plain")
    await client.request("/share", bytes(5_500_000))
    await client.upload("no-such-visit", "id0", bytes(5 * MEGABYTE - 1_000))


async def give_file(client: Client, name: str, content: bytes, reruns: int = 2) -> None:
    """Upload a file on the fleet page and have it read."""
    async with client.visit("fleet") as visit:
        for number in range(reruns):
            file_id = f"id{number}"
            await client.upload(visit.session, file_id, content, name)
            await visit.send(file_state(visit.widget("fleet-file"), name, file_id, len(content)))


async def workbooks(client: Client) -> None:
    """Small workbooks that unpack to much."""
    for content in WORKBOOKS:
        await give_file(client, "a.xlsx", content, 1)


async def bad_rows(client: Client) -> None:
    """A CSV file of twenty thousand rows with seven bad columns."""
    await give_file(client, "a.csv", BAD_ROWS)


async def full_fleets(client: Client) -> None:
    """Valid files of twenty thousand cars, each in a visit of its own that is left."""
    await give_file(client, "a.csv", FULL_FLEET)


async def endless_numbers(client: Client) -> None:
    """Numbers that need gigabytes when they are written out, deep lists, endless digits."""
    for number in ("1e-99999999999999999999", "1e18446744073709551616", "9" * 50_000, "[" * 50_000):
        line = f'{{"level": "two_star", "event": "collision", "damage_rial": {number}}}\n'.encode()
        await client.ask("subscriber_share", line)
        await client.ask("subscriber_share/batch", line * 60, lines=True)


async def batches(client: Client) -> None:
    """Ten of the batches that are answered with most work for their size, at once."""
    body = b"{}\n" * 5_000
    await asyncio.gather(*(client.ask("compare_levels/batch", body, lines=True) for _ in range(10)))


async def advisers(client: Client) -> None:
    """The calculator that takes longest, twenty at once."""
    await asyncio.gather(*(client.ask("level_adviser", ADVISER) for _ in range(20)))


async def half_open(client: Client) -> None:
    """Connections whose request never ends, and WebSockets that say nothing."""
    head = f"Host: localhost\r\nX-Forwarded-For: {client.name}\r\nContent-Length: 500\r\n".encode()
    starts = (
        b"GET / HT",
        b"POST /api/v1/x HTTP/1.1\r\n" + head,
        b"POST / HTTP/1.1\r\n" + head + b"\r\n{",
        b"",
    )
    host, _, port = client.address.removeprefix("http://").partition(":")
    writers = []
    try:
        for start in starts * 20:
            _, writer = await asyncio.open_connection(host, int(port))
            writers.append(writer)
            writer.write(start)
            await writer.drain()
        async with client.stream(), client.stream(), client.stream():
            await asyncio.sleep(5)
    finally:
        for writer in writers:
            writer.close()


async def random_paths(client: Client) -> None:
    """Addresses that are none, other hosts, other methods."""
    for number in range(50):
        await client.request(f"/{number:x}/../%2e%2e/{number}?x={'y' * 5_000}")
        await client.request("/share", Host="evil.example")
        await client.request(f"{UPLOAD_PATH}/x/y", b"x", "DELETE")
        await client.request("/static/js/none.js", method="PATCH")


async def short_visits(client: Client) -> None:
    """Pages that are opened and left at once, ten at a time."""

    async def come_and_go(page: str) -> None:
        async with client.visit(page):
            pass

    await asyncio.gather(
        *(come_and_go(page) for page in ("share", "service", "dealers", "adviser", "levels") * 2)
    )


async def endless_presses(client: Client) -> None:
    """Reruns that are asked for without waiting for their answers."""
    async with client.visit("adviser") as visit:
        message = BackMsg()
        message.rerun_script.page_script_hash = visit.page
        for _ in range(200):
            await visit.stream.send(message.SerializeToString())
        await visit.run(message)


KINDS: tuple[Callable[[Client], Awaitable[None]], ...] = (
    many_errors, many_errors_in_a_batch, long_place, combining_marks, large_messages, large_links, uploads, oversized_bodies,
    workbooks, bad_rows, full_fleets, endless_numbers, batches, advisers, half_open, random_paths, short_visits,
    endless_presses,
)  # fmt: skip

LONG_LINE = b'{"events":[' + b",".join([b"{}"] * 1_300_000) + b"]}\n"
LONG_LINES = (b'{"events":[' + b",".join([b"{}"] * 20_000) + b"]}\n") * 60
FULL_FLEET = as_csv(*((f"{row}", "tondar90", "29700", "three_star", "1405-01-15") for row in range(20_000)))
BAD_COLUMNS = ["label", "car", "odometer", "level", "card_started", "delivered", "produced", "earlier"]
BAD_ROWS = as_csv(*(["a", *["?"] * 7] for _ in range(20_000)), head=BAD_COLUMNS)
ADVISER = json.dumps(
    dict.fromkeys(("accidents_a_year", "repairs_a_year", "thefts_a_year", "tows_a_year"), 100)
    | dict.fromkeys(("accident_rial", "repair_rial", "theft_rial", "tow_rial", "service_rial"), 1_000_000)
    | {"vehicle": "roa", "km_a_year": 200_000, "prices_rial": {"one_star": 9_000_000}}
).encode()
WORKBOOKS: list[bytes] = []


async def attack(kind: Callable[[Client], Awaitable[None]], client: Client, end: float) -> dict[str, int]:
    """Repeat one kind until the end; return how many attacks were finished, cut by the server, and given up."""
    outcomes = {"finished": 0, "cut": 0, "given up": 0}
    while (left := end - time.monotonic()) > 0:
        try:
            async with asyncio.timeout(min(left, ROUND_SECONDS)):
                await kind(client)
            outcomes["finished"] += 1
        except TimeoutError:
            outcomes["given up"] += left >= ROUND_SECONDS
        except (OSError, EOFError, WebSocketException):
            outcomes["cut"] += 1
        await asyncio.sleep(PAUSE_SECONDS)
    return outcomes


async def attack_all(address: str, seconds: float, *names: str) -> dict[str, dict[str, dict[str, int]]]:
    """Attack in every way at once, or in the ways that are named."""
    end = time.monotonic() + seconds
    kinds = [kind for kind in KINDS if not names or kind.__name__ in names]
    clients = [Client(address, f"10.66.0.{number}") for number in range(1, len(kinds) + 1)]
    outcomes = await asyncio.gather(
        *(attack(kind, client, end) for kind, client in zip(kinds, clients, strict=True))
    )
    names_of_kinds = [kind.__name__ for kind in kinds]
    statuses = [
        {str(status): times for status, times in sorted(client.statuses.items())} for client in clients
    ]
    return {
        "attacks": dict(zip(names_of_kinds, outcomes, strict=True)),
        "statuses": dict(zip(names_of_kinds, statuses, strict=True)),
    }


if __name__ == "__main__":
    os.nice(NICENESS)
    WORKBOOKS += [with_sheet_data(sheet) for sheet in HOSTILE_SHEETS.values()]
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdout.write(
        json.dumps(asyncio.run(attack_all(sys.argv[1], float(sys.argv[2]), *sys.argv[3:]))) + "\n"
    )
