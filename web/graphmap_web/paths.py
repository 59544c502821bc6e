"""Ids in addresses: any text survives in one path segment, a slash, a percent sign or only dots included."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, unquote_to_bytes

from werkzeug.routing import BaseConverter

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

# Browsers resolve "." and ".." even where they are percent-encoded, so such an id gets a tilde in front.
_DOTS = re.compile(r"~*\.{1,2}")


def encode_id(value: str) -> str:
    """One path segment for an id.

    >>> encode_id("a/b 50%"), encode_id("..")
    ('a%2Fb%2050%25', '~..')
    """
    return quote("~" + value if _DOTS.fullmatch(value) else value, safe="", errors="replace")


def decode_id(segment: str) -> str:
    """The id of a segment that :class:`WholeSegments` let through.

    >>> decode_id("a%2Fb 50%25"), decode_id("~..")
    ('a/b 50%', '..')
    """
    value = unquote(segment)
    return value[1:] if value.startswith("~") and _DOTS.fullmatch(value) else value


class IdConverter(BaseConverter):
    """``<id:account>`` in a route."""

    regex = "[^/]+"

    def to_python(self, value: str) -> str:
        """From the address."""
        return decode_id(value)

    def to_url(self, value: object) -> str:
        """To the address."""
        return encode_id(str(value))


class WholeSegments:
    """WSGI hands the path over decoded, so that ``a%2Fb`` and ``a/b`` look alike; this keeps them apart."""

    def __init__(self, application: WSGIApplication) -> None:
        self.application = application

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Writes PATH_INFO anew from the raw address; ``%`` and ``/`` inside a segment stay encoded."""
        raw = str(environ.get("REQUEST_URI") or environ.get("RAW_URI") or "")
        if raw.startswith(("http://", "https://")):
            raw = "/" + (raw.split("/", 3)[3:] or [""])[0]
        path = raw.split("?", 1)[0].split("#", 1)[0]
        root = str(environ.get("SCRIPT_NAME") or "")
        if path.startswith("/") and path.startswith(root):
            segments = (
                unquote_to_bytes(segment).replace(b"%", b"%25").replace(b"/", b"%2F")
                for segment in path[len(root) :].encode("latin-1", "replace").split(b"/")
            )
            environ["PATH_INFO"] = b"/".join(segments).decode("latin-1")
        else:
            environ["PATH_INFO"] = str(environ.get("PATH_INFO") or "").replace("%", "%25")
        return self.application(environ, start_response)
