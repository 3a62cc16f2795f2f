"""``make serve``: the app under uvicorn, for production."""

import os
import sys

import uvicorn

from logic.errors import SettingError
from logic.settings import settings

GRACE_SECONDS = 20
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
    uvicorn.run(
        "app:app",
        host=chosen.host,
        port=chosen.port,
        proxy_headers=True,
        forwarded_allow_ips=chosen.proxies,
        access_log=False,  # server/watch.py writes one without query strings
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
        ws_max_size=MAX_WEBSOCKET_BYTES,
        ws_per_message_deflate=False,  # a few compressed kilobytes could unpack to megabytes
    )


if __name__ == "__main__":
    main()
