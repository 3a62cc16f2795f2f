"""``make serve``: the app under uvicorn, for production."""

import os
import sys

import uvicorn

from logic.core.errors import SettingError
from logic.core.settings import settings
from server.connections import HttpProtocol, WebSocketProtocol

GRACE_SECONDS = 20
MAX_WAITING_CONNECTIONS = 128
"""Not yet accepted. Where descriptors run out, asyncio logs so many errors a second."""
SWITCH_SECONDS = 0.001
"""How long a thread computes before another may: a fifth of the usual, for the loop that serves all pages."""
MAX_WEBSOCKET_BYTES = 256 << 10
"""The longest message of a page: its fields. Files are uploaded over HTTP."""


def main() -> None:
    """Serve until told to stop; what is on its way is finished first."""
    try:
        chosen = settings()
    except SettingError as error:
        sys.exit(f"Khodroyar does not start; a setting cannot be used:\n{error}")
    os.environ.setdefault("STREAMLIT_SERVER_PORT", str(chosen.port))
    sys.setswitchinterval(SWITCH_SECONDS)
    print(f"Khodroyar listens on http://{chosen.host}:{chosen.port}", flush=True)
    ports = [chosen.port, *filter(None, [chosen.internal_port])]
    configs = [
        uvicorn.Config(
            "app:app",
            host=chosen.host,
            port=port,
            http=HttpProtocol,
            ws=WebSocketProtocol,
            backlog=MAX_WAITING_CONNECTIONS,
            proxy_headers=True,
            forwarded_allow_ips=chosen.proxies,
            log_level="warning",  # at the level of information it names addresses
            access_log=False,  # server/observability.py writes one without query strings
            server_header=False,
            timeout_graceful_shutdown=GRACE_SECONDS,
            ws_max_size=MAX_WEBSOCKET_BYTES,
        )
        for port in ports
    ]
    server = uvicorn.Server(configs[0])
    server.run([config.bind_socket() for config in configs])
    if not server.started:
        sys.exit(1)


if __name__ == "__main__":
    main()
