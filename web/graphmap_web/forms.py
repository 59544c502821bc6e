"""Who may send a form: the same site, with the token of this browser's session."""

from __future__ import annotations

import hmac
import secrets
from urllib.parse import urlsplit

from flask import Flask, abort, request, session

_UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})


def csrf_token() -> str:
    """The session's token, made at the first form."""
    token: object = session.get("csrf")
    if not isinstance(token, str):
        token = secrets.token_urlsafe(24)
        session["csrf"] = token
    return token


def same_site() -> bool:
    """Whether the browser says that our own page sent this; one that says nothing is judged by the token."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        return False
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == request.host


def guard_posts(app: Flask) -> None:
    """Refuses every writing method that does not come from a form of this site with 403."""

    @app.before_request
    def check() -> None:  # pyright: ignore[reportUnusedFunction]
        if request.method not in _UNSAFE:
            return
        expected: object = session.get("csrf")
        given = request.form.get("csrf", "")
        if (
            not same_site()
            or not isinstance(expected, str)
            or not hmac.compare_digest(expected.encode(), given.encode())
        ):
            abort(
                403,
                "The form has expired or came from another site. Open the page again and send it once more.",
            )
