"""Run the app under uvicorn for production: ``make serve``, ``python -m server``."""

import os
import sys

import uvicorn

from logic.core.errors import SettingError
from logic.core.settings import settings
from server.connections import HttpProtocol, WebSocketProtocol

GRACE_SECONDS = 20
MAX_WAITING_CONNECTIONS = 128
"""Connections not yet accepted. If file descriptors run out, asyncio logs this many errors a second."""
SWITCH_SECONDS = 0.001
"""How long a thread runs before another may. A fifth of Python's default: the event loop serves all pages."""
MAX_WEBSOCKET_BYTES = 256 << 10
"""The longest message of a page: the values of its fields. Files are uploaded over HTTP."""


def main() -> None:
    """Serve until a signal ends the process; requests in progress are finished first."""
    try:
        options = settings()
    except SettingError as error:
        sys.exit(f"Khodroyar does not start; a setting cannot be used:\n{error}")
    os.environ.setdefault("STREAMLIT_SERVER_PORT", str(options.port))
    sys.setswitchinterval(SWITCH_SECONDS)
    print(f"Khodroyar listens on http://{options.host}:{options.port}", flush=True)
    ports = [options.port, *filter(None, [options.internal_port])]
    configs = [
        uvicorn.Config(
            "app:app",
            host=options.host,
            port=port,
            http=HttpProtocol,
            ws=WebSocketProtocol,
            backlog=MAX_WAITING_CONNECTIONS,
            proxy_headers=True,
            forwarded_allow_ips=options.proxies,
            log_level="warning",  # at level info uvicorn logs the addresses of visitors
            access_log=False,  # server/observability.py logs requests without query strings
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
