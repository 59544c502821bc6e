"""What every answer carries, and which Host names are answered at all."""

from __future__ import annotations

from collections.abc import Collection

from flask import Flask, Response, request

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def host_name(host: str) -> str:
    """The name in a Host header, without port and brackets.

    >>> host_name("127.0.0.1:8750"), host_name("[::1]:80"), host_name("Localhost")
    ('127.0.0.1', '::1', 'localhost')
    """
    if host.startswith("["):
        return host[1:].split("]", 1)[0].lower()
    return host.rsplit(":", 1)[0].lower() if host.count(":") == 1 else host.lower()


def protect(app: Flask, allowed_hosts: Collection[str] | None) -> None:
    """Adds the security headers to every answer and refuses foreign Host names (DNS rebinding) with 400."""

    @app.before_request
    def check_host() -> Response | None:  # pyright: ignore[reportUnusedFunction]
        # A page elsewhere can point its own name at 127.0.0.1; the browser then still sends that name.
        # Plain words instead of our error page, because that page says something about the data.
        if allowed_hosts is None or host_name(request.headers.get("Host", "")) in allowed_hosts:
            return None
        return Response("This site answers only under its own address.\n", 400, mimetype="text/plain")

    @app.after_request
    def add_headers(response: Response) -> Response:  # pyright: ignore[reportUnusedFunction]
        response.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        response.headers["Permissions-Policy"] = (
            "camera=(), microphone=(), geolocation=(), payment=(), usb=()"
        )
        # Relationship data must not stay in shared caches; files under a hashed address set their own.
        response.headers.setdefault("Cache-Control", "private, no-cache")
        return response
