"""Scripts and styles under addresses that hold their own hash, so that browsers may keep them for good."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files
from pathlib import Path

from flask import Blueprint, Response, abort, send_file, url_for

blueprint = Blueprint("assets", __name__)

OWN = Path(__file__).parent / "static"
VIS = "vis-network.min.js"
_TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}


def _digest(*parts: bytes) -> str:
    total = hashlib.sha256()
    for part in parts:
        total.update(part)
    return total.hexdigest()[:16]


@cache
def own_digest() -> str:
    """One hash over all our files: the scripts import each other by relative address."""
    return _digest(
        *(path.name.encode() + path.read_bytes() for path in sorted(OWN.iterdir()) if path.is_file())
    )


@cache
def vis_file() -> Path:
    """The renderer inside the installed pyvis package; nothing of it is copied into ours."""
    return Path(str(files("pyvis"))) / "lib" / "vis-9.1.2" / VIS


@cache
def vis_digest() -> str:
    """The renderer's hash."""
    return _digest(vis_file().read_bytes())


def address(name: str) -> str:
    """The hashed address of a file."""
    return url_for("assets.file", digest=vis_digest() if name == VIS else own_digest(), name=name)


@blueprint.get("/assets/<digest>/<name>")
def file(digest: str, name: str) -> Response:
    """One file; an old hash is not found, so that nobody mixes two versions."""
    path = vis_file() if name == VIS else OWN / name
    known = vis_digest() if name == VIS else own_digest()
    # A name from the address is only ever compared with names in the folder.
    if digest != known or (name != VIS and name not in {entry.name for entry in OWN.iterdir()}):
        abort(404)
    response = send_file(path, mimetype=_TYPES.get(path.suffix, "application/octet-stream"), etag=digest)
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response
