"""The HTTP server around the pages: API, security headers, limits, health checks, metrics, access log."""
