"""What was set aside, given back: as files with the reason beside each row, or tried again as it stood."""

from __future__ import annotations

import io
import json
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, ClassVar

from graphmap.ingest.discovery import find_importers
from graphmap.ingest.importresult import ImportResult
from graphmap.ingest.loading import Wishes, run_import
from graphmap.ingest.preflight import PlannedPart, look
from graphmap.ingest.protocol import (
    API,
    OBJECTS,
    Converted,
    Importer,
    Match,
    Options,
    Part,
    Probe,
    Raw,
    Source,
)
from graphmap.ingest.tables import detect_delimiter
from graphmap.records import Origin, Rejected
from graphmap.store.graphstore import GraphStore
from graphmap.store.runs import rejected, set_rejected_state

Row = Mapping[str, object]
Rows = Sequence[Row]
TABLES = (".csv", ".tsv", ".tab", ".txt")
REASONS = ("graphmap_reason", "graphmap_remedy")


@dataclass(frozen=True)
class TextSource:
    """Rows that were set aside, as a source under the name of the file they came from."""

    name: str
    content: bytes

    @property
    def size(self) -> int:
        """Bytes."""
        return len(self.content)

    def open(self) -> AbstractContextManager[BinaryIO]:
        """A stream from the start."""
        return nullcontext(io.BytesIO(self.content))


def export_rejected(rows: Rows, out: Path) -> list[Path]:
    """Writes one file per file: the original header and rows, and the reason in two more columns (read again as unknown).

    A row whose text was not kept (it was too long, or no text) is not in it.
    """
    out.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    for mine in _by_file(rows):
        name, header = str(mine[0]["file"]), _header(mine)
        path = out / name.replace("!", "/").replace("\\", "/").rsplit("/", 1)[-1]
        if header is not None and path.suffix.lower() not in TABLES:
            path = path.with_name(f"{path.name}.csv")  # a sheet of a workbook, a stream of records
        number = 1
        while path in written:
            number += 1
            path = path.with_stem(f"{path.stem}-{number}")
        path.write_text("".join(f"{line}\n" for line in _lines(header, mine)), encoding="utf-8")
        written.append(path)
    return written


def _lines(header: str | None, rows: Rows) -> Iterator[str]:
    if header is None:
        yield from (_object_line(row) for row in rows)
        return
    delimiter = detect_delimiter(header)
    yield delimiter.join((header, *REASONS))
    for row in rows:
        yield delimiter.join((str(row["raw"]), _quoted(row["message"]), _quoted(row.get("remedy") or "")))


def _object_line(row: Row) -> str:
    try:
        known = json.loads(str(row["raw"]))
    except ValueError:
        return str(row["raw"])
    if not isinstance(known, dict):
        return str(row["raw"])
    return json.dumps(
        {**known, REASONS[0]: row["message"], REASONS[1]: row.get("remedy") or ""}, ensure_ascii=False
    )


def _quoted(value: object) -> str:
    return '"' + str(value).replace('"', '""') + '"'


def _header(rows: Rows) -> str | None:
    return None if rows[0].get("header") is None else str(rows[0]["header"])


def _by_file(rows: Rows) -> list[list[Row]]:
    """Rows whose text is known, together where one header fits them all."""
    grouped: dict[tuple[object, ...], list[Row]] = {}
    for row in rows:
        if row.get("raw"):
            key = (row["file"], row.get("importer"), row.get("object"), row.get("header"))
            grouped.setdefault(key, []).append(row)
    return list(grouped.values())


def retry(
    store: GraphStore, options: Options, wishes: Wishes, *, now: Callable[[], int]
) -> ImportResult | None:
    """Imports the open rows again as they stood; those that go through are marked fixed. None if there is nothing to try.

    They stay open until all of it is done, so an interruption loses nothing. One that fails again stays open at its old place.
    """
    rows = [row for row in rejected(store) if row.get("raw")]
    parts = _parts(rows, options)
    if not parts:
        return None
    failed: dict[object, tuple[object, object]] = {}

    def hear(again: Sequence[Mapping[str, object]]) -> None:
        failed.update({row["id"]: (row["file"], row["line"]) for row in again})

    result = run_import(store, look(parts, [], options), options, wishes, now=now, on_aside=hear)
    if result.stopped is not None:
        return result
    importers = {planned.importer.name for planned in parts}
    places = set(failed.values())
    passed = [row for row in rows if row["id"] not in failed and row.get("importer") in importers]
    # For another reason than before: the row is open under its new reason.
    changed = [str(row["id"]) for row in passed if (row["file"], row.get("line")) in places]
    set_rejected_state(store, changed, "superseded")
    set_rejected_state(store, [str(row["id"]) for row in passed if str(row["id"]) not in changed], "fixed")
    return result


def _parts(rows: Rows, options: Options) -> list[PlannedPart]:
    importers: dict[str, Importer] = {f.name: f.importer for f in find_importers() if f.importer is not None}
    planned: list[PlannedPart] = []
    for mine in _by_file(rows):
        importer = importers.get(str(mine[0].get("importer")))
        if importer is None:
            continue
        header = _header(mine)
        file = str(mine[0]["file"])
        begins: list[int] = []
        texts = [] if header is None else [header]
        line = 1 + sum(text.count("\n") + 1 for text in texts)
        for row in mine:
            begins.append(line)
            texts.append(str(row["raw"]))
            line += texts[-1].count("\n") + 1
        # Several groups of one file are told apart by a folder in front, which no importer looks at.
        same = sum(planned_part.part.source.name.endswith(file) for planned_part in planned)
        source = TextSource(f"retry-{same}/{file}" if same else file, ("\n".join(texts) + "\n").encode())
        for part in importer.plan([source], options):
            if part.object == mine[0].get("object"):
                planned.append(
                    PlannedPart(_AtOldPlace(importer, file, begins, [_place(row) for row in mine]), part)
                )
    return sorted(planned, key=lambda p: (OBJECTS.index(p.part.object), p.part.source.name))


def _place(row: Row) -> tuple[int | None, str | None]:
    line = None if row.get("line") is None else int(str(row["line"]))
    position = str(row.get("position") or "")
    return line, None if not position or position == f"line {line}" else position


class _AtOldPlace:
    """An importer that tells of every row where it stood in the file it came from."""

    api: ClassVar[int] = API
    name: ClassVar[str]
    version: ClassVar[int]
    files: ClassVar[str]

    def __init__(
        self,
        importer: Importer,
        file: str,
        begins: Sequence[int],
        places: Sequence[tuple[int | None, str | None]],
    ) -> None:
        self._importer = importer
        self._file = file
        self._begins = begins
        self._places = places
        self.name = importer.name  # pyright: ignore[reportAttributeAccessIssue]
        self.version = importer.version  # pyright: ignore[reportAttributeAccessIssue]
        self.files = importer.files  # pyright: ignore[reportAttributeAccessIssue]

    def identify(self, probe: Probe, options: Options) -> Match | None:
        return self._importer.identify(probe, options)

    def plan(self, sources: Sequence[Source], options: Options) -> list[Part]:
        return self._importer.plan(sources, options)

    def read(self, part: Part, options: Options) -> Iterator[Raw | Rejected]:
        for raw in self._importer.read(part, options):
            yield replace(raw, origin=self._old(raw.origin))

    def convert(self, raw: Raw, part: Part, options: Options) -> Converted:
        converted = self._importer.convert(raw, part, options)
        if not isinstance(converted, tuple):
            return converted
        # A few rows of a file do not tell a thread as a whole.
        return tuple(replace(sourced, whole_since=None) for sourced in converted)

    def _old(self, origin: Origin) -> Origin:
        place = bisect_right(self._begins, origin.line or 0) - 1
        line, position = self._places[place] if place >= 0 else (origin.line, origin.position)
        return Origin(self._file, line, position)
