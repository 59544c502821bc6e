"""What was set aside, given back: as CSV with the reason beside each row, or tried again as it stood."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from graphmap.ingest.discovery import find_importers
from graphmap.ingest.loading import ImportResult, Wishes, run_import
from graphmap.ingest.preflight import PlannedPart, look
from graphmap.ingest.protocol import OBJECTS, Importer, Options
from graphmap.store.graphstore import GraphStore
from graphmap.store.runs import delete_rejected, rejected, set_rejected_state

Rows = Sequence[Mapping[str, object]]


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
    """Writes one CSV per file: the original header and rows, and the reason in two more columns (read again as unknown)."""
    out.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    for name, mine in _by_file(rows).items():
        header = next((str(r["header"]) for r in mine if r.get("header")), None)
        path = out / name.replace("!", "/").rsplit("/", 1)[-1]
        number = 1
        while path in written:
            number += 1
            path = path.with_stem(f"{path.stem}-{number}")
        lines = [] if header is None else [f"{header},graphmap_reason,graphmap_remedy"]
        for row in mine:
            lines.append(",".join((str(row.get("raw") or ""), _quoted(row["message"]), _quoted(row.get("remedy") or ""))))
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        written.append(path)
    return written


def _quoted(value: object) -> str:
    return '"' + str(value).replace('"', '""') + '"'


def _by_file(rows: Rows) -> dict[str, list[Mapping[str, object]]]:
    grouped: dict[str, list[Mapping[str, object]]] = {}
    for row in rows:
        grouped.setdefault(str(row["file"]), []).append(row)
    return grouped


def retry(store: GraphStore, options: Options, wishes: Wishes, *, now: Callable[[], int]) -> ImportResult | None:
    """Imports the open rows again as they stood; those that go through are marked fixed. None if there is nothing to try."""
    rows = [row for row in rejected(store) if row.get("raw")]
    parts = list(_parts(rows, options))
    if not parts:
        return None
    ids = [str(row["id"]) for row in rows]
    set_rejected_state(store, ids, "fixed")
    try:
        result = run_import(store, look(parts, [], options), options, wishes, now=now)
    except BaseException:
        set_rejected_state(store, ids, "open")
        raise
    _reopen(store, rows, result.run)
    return result


def _reopen(store: GraphStore, rows: Rows, run: str | None) -> None:
    """What failed again is open as it was, at its old place; the copy that the retry made goes."""
    copies = [row for row in rejected(store) if row["run"] == run]
    failed = {(row["file"], row.get("raw")) for row in copies}
    set_rejected_state(store, [str(r["id"]) for r in rows if (r["file"], r.get("raw")) in failed], "open")
    known = {row["id"] for row in rows}
    delete_rejected(store, [str(row["id"]) for row in copies if row["id"] not in known])


def _parts(rows: Rows, options: Options) -> Iterable[PlannedPart]:
    importers: dict[str, Importer] = {f.name: f.importer for f in find_importers() if f.importer is not None}
    planned: list[PlannedPart] = []
    for name, mine in _by_file(rows).items():
        importer = importers.get(str(mine[0].get("importer")))
        if importer is None:
            continue
        header = next((str(r["header"]) for r in mine if r.get("header")), None)
        texts = [str(r["raw"]) for r in mine]
        content = "\n".join(texts if header is None else [header, *texts]) + "\n"
        parts = importer.plan([TextSource(name, content.encode())], options)
        wanted = {str(r["object"]) for r in mine}
        planned += [PlannedPart(importer, part) for part in parts if part.object in wanted]
    return sorted(planned, key=lambda p: (OBJECTS.index(p.part.object), p.part.source.name))
