"""What the preflight of an import saw, as text and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphmap.cli.context import say

if TYPE_CHECKING:
    from graphmap.ingest.preflight import Preflight
    from graphmap.ingest.protocol import Options, Spelling


_SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_MOST_NAMED = 12
"""So many columns that are not read are named."""


def show_preflight(checked: Preflight, options: Options) -> None:
    """Says for every file what it is, how it is written, and what would be set aside, left out or remarked on."""
    for one in checked.looked:
        more = "" if one.complete else "+"
        text = f"{one.planned.part.source.name}: {one.planned.part.object}, read by {one.planned.importer.name}, {one.records}{more} records"
        if one.codes:
            text += ", would be set aside: " + ", ".join(
                f"{n} {code}" for code, n in sorted(one.codes.items())
            )
        if one.excluded:
            text += ", left out: " + ", ".join(f"{n} {reason}" for reason, n in sorted(one.excluded.items()))
        if one.notices:
            text += ", remarks: " + ", ".join(f"{n} {code}" for code, n in sorted(one.notices.items()))
        say(text)
        if (told := one.planned.part.spelling) is not None:
            say(f"  {_spelled(told)}")
        for reject in one.rejects:
            say(
                f"  {_reject_text(reject.origin.file, reject.origin.line, reject.column, reject.value, reject.message, reject.remedy)}"
            )
    for name in checked.unknown:
        say(f"{name}: no importer knows this file")
    if options.tz is None and any(one.notices.get("no_offset") for one in checked.looked):
        say("times without an offset are taken as UTC; --tz says otherwise")


def _spelled(told: Spelling) -> str:
    text = f"{told.encoding}, separated by {_SEPARATORS.get(told.separator, told.separator)}"
    if told.dates is not None:
        text += f", dates as {told.dates}"
    if told.zone is not None:
        text += f", times without offset in {told.zone}"
    if told.not_read:
        more = f" and {len(told.not_read) - _MOST_NAMED} more" if len(told.not_read) > _MOST_NAMED else ""
        text += f"; not read: {', '.join(told.not_read[:_MOST_NAMED])}{more}"
    return text


def _reject_text(
    file: str, line: int | None, column: str | None, value: str | None, message: str, remedy: str | None
) -> str:
    where = f"{file}:{line}" if line is not None else file
    named = f' column "{column}":' if column else ""
    shown = f' "{value}"' if value and value not in message else ""
    tail = f" ({remedy})" if remedy else ""
    return f"{where}:{named}{shown} {message}{tail}"


def preflight_json(checked: Preflight) -> dict[str, object]:
    """The same as the contract prints it."""
    from dataclasses import asdict

    return {
        "files": [
            {
                "path": one.planned.part.source.name, "importer": one.planned.importer.name, "object": one.planned.part.object,
                "records": one.records, "complete": one.complete, "quarantined": dict(sorted(one.codes.items())),
                "excluded": dict(sorted(one.excluded.items())), "notices": dict(sorted(one.notices.items())),
                "spelling": None if one.planned.part.spelling is None else asdict(one.planned.part.spelling),
            }
            for one in checked.looked
        ],
        "unknown": checked.unknown,
        "own_domain_guess": checked.guess,
    }  # fmt: skip
