"""Who took part in what, as Arrow columns on disk: one segment per pull, appended as new batches appear in the store."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute
from filelock import FileLock

from graphmap.errors import StoreError
from graphmap.records import DIRECTIONS, INTERACTION_KINDS, ROLES

FORMAT = 1
pc: Any = pyarrow.compute
"""Its functions are made at run time, so no type checker knows them."""


class Batch(Protocol):
    """One batch as parallel lists, as the store hands it out."""

    @property
    def ids(self) -> list[str]:
        """Interaction ids."""
        ...

    @property
    def kinds(self) -> list[str]:
        """Their kinds."""
        ...

    @property
    def ats(self) -> list[int]:
        """Their times, epoch ms."""
        ...

    @property
    def directions(self) -> list[str]:
        """As stated; empty = not."""
        ...

    @property
    def part_ids(self) -> list[str]:
        """Interaction of each participant."""
        ...

    @property
    def keys(self) -> list[str]:
        """Identity keys."""
        ...

    @property
    def roles(self) -> list[str]:
        """Roles."""
        ...

    @property
    def places(self) -> list[int]:
        """Places among the participants."""
        ...


class BatchSource(Protocol):
    """What the cache asks of the store."""

    def epoch(self) -> int:
        """Raised whenever interactions were taken out: then everything is pulled again."""
        ...

    def batches(self) -> Mapping[str, int]:
        """Batches per import run, in the order of the runs."""
        ...

    def pull(self, batch: str) -> Batch:
        """One batch, named ``run:number``."""
        ...


@dataclass(frozen=True)
class Participations:
    """All interactions and participants, the newest version of each.

    ``interactions``: id, at (ms), kind, direction (text, empty = not stated); ``parts``: interaction (row of interactions),
    key, role, place. Sorted by (at, id) and (interaction, place).
    """

    interactions: pa.Table
    parts: pa.Table
    stamp: str


_INTERACTIONS = pa.schema(
    [
        ("id", pa.string()),
        ("at", pa.int64()),
        ("kind", pa.dictionary(pa.int8(), pa.string())),
        ("direction", pa.dictionary(pa.int8(), pa.string())),
    ]
)
_PARTS = pa.schema(
    [
        ("id", pa.string()),
        ("key", pa.string()),
        ("role", pa.dictionary(pa.int8(), pa.string())),
        ("place", pa.int32()),
    ]
)


def refresh(folder: Path, source: BatchSource) -> Participations:
    """Pulls what is new into the cache and returns everything; a cache of another store or epoch is rebuilt, a damaged one too.

    Raises:
        StoreError: the folder cannot be written.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        # Two processes that bring one cache up to date at once would tear each other's segments.
        with FileLock(folder.with_suffix(".lock")):
            try:
                return _refresh(folder, source)
            except (pa.ArrowInvalid, OSError) as error:
                if not _is_damage(error):
                    raise
                shutil.rmtree(folder, ignore_errors=True)
                return _refresh(folder, source)
    except OSError as error:
        raise unwritable(folder, error) from error


def unwritable(folder: Path, error: OSError) -> StoreError:
    """The cache cannot be kept, said in one sentence."""
    return StoreError(
        f"the cache of touches in {folder} cannot be written: {error.strerror or error}",
        remedy="make room or allow writing there (GRAPHMAP_HOME names the folder), then run graphmap score",
    )


def _is_damage(error: Exception) -> bool:
    """A segment that is gone, cut or torn; anything else of the system (a full disk) stays what it is."""
    return isinstance(error, pa.ArrowInvalid | FileNotFoundError) or getattr(error, "errno", None) is None


def _refresh(folder: Path, source: BatchSource) -> Participations:
    manifest = _manifest(folder)
    wanted = dict(source.batches())
    epoch = source.epoch()
    known: dict[str, int] = manifest.get("batches", {}) if manifest.get("epoch") == epoch else {}
    if manifest.get("format") != FORMAT or any(known[run] > wanted.get(run, 0) for run in known) or not known:
        known = {}
        shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    new = [f"{run}:{number}" for run, count in wanted.items() for number in range(known.get(run, 0), count)]
    segments: list[str] = list(manifest.get("segments", [])) if known else []
    if new:
        name = f"segment-{len(segments):05d}"
        _write_segment(folder / name, (source.pull(batch) for batch in new))
        segments.append(name)
        _save_manifest(folder, {"format": FORMAT, "epoch": epoch, "batches": wanted, "segments": segments})
    stamp = f"{epoch}:" + ",".join(f"{run}={count}" for run, count in wanted.items())
    return _assemble([folder / name for name in segments], stamp)


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        return json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def _save_manifest(folder: Path, manifest: dict[str, object]) -> None:
    temporary = folder / "manifest.json.new"
    temporary.write_text(json.dumps(manifest), encoding="utf-8")
    temporary.replace(folder / "manifest.json")


def _write_segment(path: Path, batches: Iterator[Batch]) -> None:
    with (
        pa.OSFile(str(path) + ".interactions", "wb") as one,
        pa.OSFile(str(path) + ".parts", "wb") as two,
        pa.ipc.new_stream(one, _INTERACTIONS) as interactions,
        pa.ipc.new_stream(two, _PARTS) as parts,
    ):
        for batch in batches:
            interactions.write_batch(
                _record_batch([batch.ids, batch.ats, batch.kinds, batch.directions], _INTERACTIONS)
            )
            parts.write_batch(_record_batch([batch.part_ids, batch.keys, batch.roles, batch.places], _PARTS))


_KINDS = {
    "kind": INTERACTION_KINDS,
    "direction": ("", *DIRECTIONS),
    "role": ROLES,
}


def _record_batch(columns: Sequence[Sequence[object]], schema: pa.Schema) -> pa.RecordBatch:
    arrays: list[pa.Array] = []
    for values, column in zip(columns, schema, strict=True):
        if column.name in _KINDS:
            names = pa.array(_KINDS[column.name])
            codes = pc.index_in(pa.array(values, pa.string()), names).cast(pa.int8())
            arrays.append(pa.DictionaryArray.from_arrays(codes, names))
        else:
            arrays.append(pa.array(values, column.type))
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def _read(paths: Sequence[Path], suffix: str, schema: pa.Schema) -> pa.Table:
    tables = [schema.empty_table()]
    for path in paths:
        with pa.memory_map(str(path) + suffix) as file, pa.ipc.open_stream(file) as reader:
            tables.append(reader.read_all())
    return pa.concat_tables(tables)


def _assemble(paths: Sequence[Path], stamp: str) -> Participations:
    interactions = _read(paths, ".interactions", _INTERACTIONS)
    parts = _read(paths, ".parts", _PARTS)
    # Row numbers tie both tables together: a later segment replaces an earlier version of the same interaction.
    order = pc.sort_indices(interactions, [("at", "ascending"), ("id", "ascending")])
    unique = pc.count_distinct(interactions["id"]).as_py() == len(interactions)
    if not unique:
        interactions, parts = _newest(interactions, parts, paths)
        order = pc.sort_indices(interactions, [("at", "ascending"), ("id", "ascending")])
    interactions = interactions.take(order)
    row = pc.index_in(parts["id"], interactions["id"].combine_chunks()).cast(pa.int32())
    parts = pa.table(
        {"interaction": row, "key": parts["key"], "role": parts["role"], "place": parts["place"]}
    )
    position = np.lexsort((parts["place"].to_numpy(), parts["interaction"].to_numpy()))
    return Participations(
        interactions.combine_chunks(), parts.take(pa.array(position)).combine_chunks(), stamp
    )


def _newest(interactions: pa.Table, parts: pa.Table, paths: Sequence[Path]) -> tuple[pa.Table, pa.Table]:
    """Keeps the version of the last segment for ids that several segments hold."""
    seen: set[str] = set()
    kept_interactions: list[pa.Table] = []
    kept_parts: list[pa.Table] = []
    for path in reversed(paths):
        mine = _read([path], ".interactions", _INTERACTIONS)
        ids: list[str] = mine["id"].to_pylist()
        latest = {identifier: row for row, identifier in enumerate(ids)}
        rows = sorted(row for identifier, row in latest.items() if identifier not in seen)
        mine = mine.take(pa.array(rows, pa.int64()))
        theirs = _read([path], ".parts", _PARTS)
        theirs = theirs.filter(pc.is_in(theirs["id"], mine["id"].combine_chunks()))
        seen.update(ids)
        kept_interactions.append(mine)
        kept_parts.append(theirs)
    del interactions, parts
    return pa.concat_tables(kept_interactions), pa.concat_tables(kept_parts)
