"""Hostile clients, one for each attack: `python -m tools.harness.attackers ADDRESS SECONDS [ATTACK …]`.

Each has its own address (X-Forwarded-For) and repeats its attack until the time is over. Prints as JSON how
often each attack was finished and the status codes that it got.
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
from tools.harness.http_client import http_request, read_size
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
"""Real attackers do not use the server's cores."""
ROUND_SECONDS = 20
"""An attack that takes longer is cancelled and started again."""
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
        """Send a message and wait for the end of the run it starts."""
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
        """Set widgets and wait for the end of the run."""
        message = BackMsg()
        message.rerun_script.page_script_hash = self.page
        message.rerun_script.widget_states.widgets.extend(states)
        await self.run(message)

    def widget(self, key: str) -> str:
        """Return the id of the widget with a key."""
        return next(widget for widget in self.widgets if widget.endswith(f"-{key}"))


@dataclass
class Client:
    """A client with its own address."""

    address: str
    name: str
    statuses: Counter[int] = field(default_factory=Counter)

    @property
    def headers(self) -> dict[str, str]:
        """Return headers by which nginx recognises the client and chooses its replica."""
        return {
            "X-Forwarded-For": self.name,
            "Cookie": f"khodroyar_visit={zlib.crc32(self.name.encode()):032x}",
        }

    async def request(
        self, path: str, body: bytes | None = None, method: str | None = None, **headers: str
    ) -> int:
        """Send a request, read the whole response and return its status."""
        fields = {**self.headers, **{name.replace("_", "-"): value for name, value in headers.items()}}
        async with http_request(self.address, path, body, fields, method) as answer:
            self.statuses[answer.status] += 1
            await read_size(answer)
            return answer.status

    async def post(self, path: str, body: bytes, *, lines: bool = False) -> None:
        """Post a request, or a batch of lines, to the API."""
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
            with suppress(AttributeError):  # websockets aborts a transport that is already closed
                await stream.close()

    @asynccontextmanager
    async def visit(self, page: str, query: str = "") -> AsyncIterator[Visit]:
        """Open a page and yield its visit after the first run."""
        async with self.stream() as stream:
            visit, message = Visit(stream), BackMsg()
            message.rerun_script.page_name, message.rerun_script.query_string = page, query
            await visit.run(message)
            yield visit

    async def upload(self, session: str, file_id: str, content: bytes, name: str = "a.csv") -> int:
        """Upload a file as the browser does and return the status."""
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
        """Delete an upload as the browser does when another file replaces it; return the status."""
        cookie, token = await self._token()
        path = f"{UPLOAD_PATH}/{session}/{file_id}"
        return await self.request(path, method="DELETE", Cookie=cookie, X_Xsrftoken=token)

    async def _token(self) -> tuple[str, str]:
        """Return the Cookie header and Streamlit's XSRF token."""
        async with http_request(self.address, HEALTH_PATH, headers=self.headers) as page:
            token = xsrf_token(page.headers.get("set-cookie", ""))
        return f"{self.headers['Cookie']}; {XSRF_COOKIE}={token}", token


def text_state(widget: str, value: str) -> WidgetState:
    """Return the state of a text field."""
    return WidgetState(id=widget, string_value=value)


def file_state(widget: str, name: str, file_id: str, size: int) -> WidgetState:
    """Return the state of a file field after an upload."""
    state = WidgetState(id=widget)
    state.file_uploader_state_value.uploaded_file_info.add(name=name, file_id=file_id, size=size)
    return state


# ------------------------------------------------------------------ the attacks
async def many_errors(client: Client) -> None:
    """Send requests whose list has twenty thousand invalid items."""
    for calculator, name in (
        ("events_by_level", "events"), ("warranty_status", "events"), ("compare_levels", "levels"),
    ):  # fmt: skip
        body = f'{{"{name}":['.encode() + b",".join([b"{}"] * 20_000) + b"]}"
        await client.post(calculator, body)


async def many_errors_in_a_batch(client: Client) -> None:
    """Send a batch of one line of 3.9 MB and one of 60 lines of 60 kB."""
    await client.post("events_by_level/batch", LONG_LINE, lines=True)
    await client.post("events_by_level/batch", LONG_LINES, lines=True)


async def long_place(client: Client) -> None:
    """Send coordinates with many spaces inside as the browser's position."""
    async with client.visit("dealers") as visit:
        trigger = WidgetState(id=component_events(visit.widget("dealers-here")))
        position = {"lat": "35" + " " * 100_000 + "x", "lon": "51"}
        trigger.json_trigger_value = json.dumps([{"event": "position", "value": position}])
        await visit.send(trigger)


async def combining_marks(client: Client) -> None:
    """Send 0.2 MB of combining marks as an amount."""
    async with client.visit("share") as visit:
        text = "1" + "\u0301" * 50_000 + "\u0327" * 50_000
        await visit.send(text_state(visit.widget("share-damage"), text))


async def large_messages(client: Client, count: int = 41) -> None:
    """Send texts just below the limit of a message, which the page puts into its link; then one of 9 MB."""
    async with client.visit("share") as visit:
        for letter in range(count):
            await visit.send(text_state(visit.widget("share-damage"), chr(ord("0") + letter) * 250_000))
        await visit.send(text_state(visit.widget("share-damage"), "x" * (9 * MEGABYTE)))


async def large_links(client: Client) -> None:
    """Run a page with different long links."""
    async with client.visit("share") as visit:
        for letter in range(41):
            message = BackMsg()
            message.rerun_script.page_script_hash = visit.page
            message.rerun_script.query_string = f"damage={letter}" + "0" * 250_000
            await visit.run(message)


async def uploads(client: Client) -> None:
    """Upload sixty files of 5 MB in one visit."""
    async with client.visit("fleet") as visit:
        for number in range(60):
            await client.upload(visit.session, f"id{number}", bytes(5 * MEGABYTE - 1_000))


async def oversized_bodies(client: Client) -> None:
    """Send bodies that nginx accepts and the server refuses without reading them."""
    await client.post("subscriber_share/batch", bytes(4_500_000), lines=True)
    await client.post("subscriber_share", bytes(4_500_000))
    await client.request("/api/v1/subscriber_share", bytes(4_500_000), Content_Type="text/plain")
    await client.request("/share", bytes(5_500_000))
    await client.upload("no-such-visit", "id0", bytes(5 * MEGABYTE - 1_000))


async def submit_file(client: Client, name: str, content: bytes, reruns: int = 2) -> None:
    """Upload a file on the fleet page and run the page with it."""
    async with client.visit("fleet") as visit:
        for number in range(reruns):
            file_id = f"id{number}"
            await client.upload(visit.session, file_id, content, name)
            await visit.send(file_state(visit.widget("fleet-file"), name, file_id, len(content)))


async def workbooks(client: Client) -> None:
    """Submit small workbooks that are large when unpacked."""
    for content in WORKBOOKS:
        await submit_file(client, "a.xlsx", content, 1)


async def bad_rows(client: Client) -> None:
    """Submit a CSV file of twenty thousand rows with seven invalid columns."""
    await submit_file(client, "a.csv", BAD_ROWS)


async def full_fleets(client: Client) -> None:
    """Submit a valid file of twenty thousand cars and leave the visit."""
    await submit_file(client, "a.csv", FULL_FLEET)


async def endless_numbers(client: Client) -> None:
    """Send numbers that take gigabytes when written out, deep lists, and very many digits."""
    for number in ("1e-99999999999999999999", "1e18446744073709551616", "9" * 50_000, "[" * 50_000):
        line = f'{{"level": "two_star", "event": "collision", "damage_rial": {number}}}\n'.encode()
        await client.post("subscriber_share", line)
        await client.post("subscriber_share/batch", line * 60, lines=True)


async def batches(client: Client) -> None:
    """Send at once ten of the batches that take most work for their size."""
    body = b"{}\n" * 5_000
    await asyncio.gather(*(client.post("compare_levels/batch", body, lines=True) for _ in range(10)))


async def advisers(client: Client) -> None:
    """Call the slowest calculator twenty times at once."""
    await asyncio.gather(*(client.post("level_adviser", ADVISER) for _ in range(20)))


async def half_open(client: Client) -> None:
    """Open connections with incomplete requests, and WebSockets without messages."""
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
    """Request unknown paths, other hosts and other methods."""
    for number in range(50):
        await client.request(f"/{number:x}/../%2e%2e/{number}?x={'y' * 5_000}")
        await client.request("/share", Host="evil.example")
        await client.request(f"{UPLOAD_PATH}/x/y", b"x", "DELETE")
        await client.request("/static/js/none.js", method="PATCH")


async def short_visits(client: Client) -> None:
    """Open ten pages at a time and leave them at once."""

    async def open_and_leave(page: str) -> None:
        async with client.visit(page):
            pass

    await asyncio.gather(
        *(open_and_leave(page) for page in ("share", "service", "dealers", "adviser", "levels") * 2)
    )


async def endless_presses(client: Client) -> None:
    """Request reruns without waiting for their results."""
    async with client.visit("adviser") as visit:
        message = BackMsg()
        message.rerun_script.page_script_hash = visit.page
        for _ in range(200):
            await visit.stream.send(message.SerializeToString())
        await visit.run(message)


ATTACKS: tuple[Callable[[Client], Awaitable[None]], ...] = (
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


async def repeat(attack: Callable[[Client], Awaitable[None]], client: Client, end: float) -> dict[str, int]:
    """Repeat an attack until the end; count those finished, cut by the server, and given up."""
    outcomes = {"finished": 0, "cut": 0, "given up": 0}
    while (left := end - time.monotonic()) > 0:
        try:
            async with asyncio.timeout(min(left, ROUND_SECONDS)):
                await attack(client)
            outcomes["finished"] += 1
        except TimeoutError:
            outcomes["given up"] += left >= ROUND_SECONDS
        except (OSError, EOFError, WebSocketException):
            outcomes["cut"] += 1
        await asyncio.sleep(PAUSE_SECONDS)
    return outcomes


async def attack_all(address: str, seconds: float, *names: str) -> dict[str, dict[str, dict[str, int]]]:
    """Run all attacks at once, or those that are named."""
    end = time.monotonic() + seconds
    attacks = [attack for attack in ATTACKS if not names or attack.__name__ in names]
    clients = [Client(address, f"10.66.0.{number}") for number in range(1, len(attacks) + 1)]
    outcomes = await asyncio.gather(
        *(repeat(attack, client, end) for attack, client in zip(attacks, clients, strict=True))
    )
    attack_names = [attack.__name__ for attack in attacks]
    statuses = [
        {str(status): count for status, count in sorted(client.statuses.items())} for client in clients
    ]
    return {
        "attacks": dict(zip(attack_names, outcomes, strict=True)),
        "statuses": dict(zip(attack_names, statuses, strict=True)),
    }


if __name__ == "__main__":
    os.nice(NICENESS)
    WORKBOOKS += [with_sheet_data(sheet) for sheet in HOSTILE_SHEETS.values()]
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdout.write(
        json.dumps(asyncio.run(attack_all(sys.argv[1], float(sys.argv[2]), *sys.argv[3:]))) + "\n"
    )
