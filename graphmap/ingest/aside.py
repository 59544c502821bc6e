"""Records that are set aside, as rows for the store: with file, line, column, value, reason and remedy."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from graphmap.ingest.preflight import PlannedPart
from graphmap.records import Origin, Rejected

VALUE_LIMIT = 200


def rejected_row(rejected: Rejected, planned: PlannedPart, run: str) -> dict[str, object]:
    """The row of a rejected record; its id is the same whenever the same place is rejected for the same reason."""
    origin = rejected.origin
    position = origin.position or (f"line {origin.line}" if origin.line is not None else "")
    text = "\x1f".join((origin.file, position, rejected.column or "", rejected.code, rejected.value or ""))
    return {
        "id": "Q-" + hashlib.blake2b(text.encode(), digest_size=6).hexdigest(),
        "run": run,
        "file": origin.file,
        "position": position,
        "line": origin.line,
        "column": rejected.column,
        "value": None if rejected.value is None else rejected.value[:VALUE_LIMIT],
        "code": rejected.code,
        "message": rejected.message,
        "remedy": rejected.remedy,
        "raw": rejected.raw,
        "header": planned.part.header,
        "state": "open",
        "importer": planned.importer.name,
        "object": planned.part.object,
    }


def rejection(
    origin: Origin, code: str, message: str, column: str, value: str, remedy: str, raw: str | None
) -> Rejected:
    """A rejection found while loading, with the same fields as one found while reading."""
    return Rejected(origin, code, message, column, value, remedy, raw)


ID_LIMIT = 2_000
"""Bytes of an id or address: both servers index them, and neither indexes endless ones."""


def too_long(origin: Origin, column: str, values: Iterable[str], raw: str | None) -> Rejected | None:
    """Why a record is set aside whose id, or whose participant's, is longer than any id should be."""
    for value in values:
        if len(value) * 4 > ID_LIMIT and len(value.encode()) > ID_LIMIT:
            message = f"an id or address of {len(value)} characters is too long; {ID_LIMIT} bytes are kept"
            return rejection(origin, "too_long_id", message, column, value, "give it a shorter id", raw)
    return None
