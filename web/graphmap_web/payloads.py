"""JSON for scripts: fetched, so nothing has to be escaped into a page; unchanged data cost a 304."""

from __future__ import annotations

import hashlib
import json

from flask import Response, request


def encode(value: object) -> bytes:
    """Compact JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode(
        "utf-8", "replace"
    )


def answer(value: object) -> Response:
    """A JSON answer with an ETag; bytes are taken as already encoded."""
    body = value if isinstance(value, bytes) else encode(value)
    response = Response(body, mimetype="application/json")
    response.set_etag(hashlib.sha256(body).hexdigest()[:24])
    response.headers["Cache-Control"] = "private, no-cache"
    response.make_conditional(request)
    return response
