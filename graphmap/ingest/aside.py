"""Records that are set aside, as rows for the store: with file, line, column, value, reason and remedy."""

from __future__ import annotations

import hashlib

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
