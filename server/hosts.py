"""Answer only requests for the named hosts, but health checks for every host."""

from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.types import Receive, Scope, Send

from ui.shell import BASE

HEALTH_PATHS = (f"{BASE}/healthz", f"{BASE}/readyz")
"""A container's health check and Kubernetes' probes ask by address, not by the public name."""


class AllowedHostsMiddleware(TrustedHostMiddleware):
    """Starlette's middleware without a say over health checks."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass health checks on; refuse other hosts with status 400."""
        if scope["type"] == "http" and scope["path"] in HEALTH_PATHS:
            await self.app(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)
