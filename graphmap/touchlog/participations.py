"""Who took part in what, as Arrow columns on disk: one segment per pull, appended as new batches appear in the store."""

from __future__ import annotations

import contextlib
import json
import secrets
import shutil
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute
from filelock import FileLock
from numpy.typing import NDArray

from graphmap.errors import StoreError
from graphmap.records import DIRECTIONS, INTERACTION_KINDS, ROLES

FORMAT = 2
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
    """Interactions and participants of some segments, in the order in which they were pulled.

    ``interactions``: id, at (ms), kind, direction (text, empty = not stated); ``parts``: interaction (row of interactions),
    key, role, place, sorted by (interaction, place). ``first``: the number of the first interaction among all that were pulled.
    ``alive`` (interactions,): false where a later row holds a newer version of the same interaction; nobody takes part there.
    """

    interactions: pa.Table
    parts: pa.Table
    first: int
    alive: NDArray[np.bool_]


@dataclass(frozen=True)
class Pulled:
    """Everything that was pulled, as segments on disk. An interaction's number is its row, counted through the segments.

    ``lineage`` names this cache: a rebuilt one has another. ``sizes``: interactions of each segment.
    """

    folder: Path
    lineage: str
    segments: tuple[str, ...]
    sizes: tuple[int, ...]

    def read(self, begin: int = 0) -> Participations:
        """The segments from ``begin`` on."""
        paths = [self.folder / name for name in self.segments[begin:]]
        interactions = _read(paths, ".interactions", _INTERACTIONS)
        tables: list[pa.Table] = [_PARTS.empty_table()]
        offset = 0
        for path, size in zip(paths, self.sizes[begin:], strict=True):
            part = _read([path], ".parts", _PARTS)
            row = pc.add(part["interaction"], pa.scalar(offset, pa.int32()))
            tables.append(part.set_column(0, "interaction", row))
            offset += size
        parts = pa.concat_tables(tables)
        alive = _alive(interactions["id"])
        if not alive.all():
            parts = parts.filter(pa.array(alive[parts["interaction"].to_numpy()]))
        return Participations(interactions, parts, sum(self.sizes[:begin]), alive)

    def ids(self) -> pa.ChunkedArray:
        """The ids of all interactions by number."""
        return self._column("id")

    def newest(self, now: int) -> int | None:
        """The time of the newest interaction that is not after ``now``."""
        newest = None
        for at in self._column("at").chunks:
            values = at.to_numpy()
            past = values[values <= now]
            if len(past):
                newest = max(int(past.max()), newest if newest is not None else int(past.max()))
        return newest

    def numbers_of(self, ids: pa.ChunkedArray, before: int) -> NDArray[np.int64]:
        """The numbers, among the segments before ``before``, of the rows that hold these ids."""
        wanted = ids.combine_chunks()
        found: list[NDArray[np.int64]] = [np.zeros(0, dtype=np.int64)]
        first = 0
        for name, size in zip(self.segments[:before], self.sizes[:before], strict=True):
            held = pc.is_in(
                _read([self.folder / name], ".interactions", _INTERACTIONS)["id"], value_set=wanted
            )
            found.append(first + np.flatnonzero(held.to_numpy()))
            first += size
        return np.concatenate(found)

    def _column(self, name: str) -> pa.ChunkedArray:
        paths = [self.folder / segment for segment in self.segments]
        return _read(paths, ".interactions", _INTERACTIONS)[name]


def _alive(ids: pa.ChunkedArray) -> NDArray[np.bool_]:
    """Which rows are the last ones of their id."""
    count = len(ids)
    if pc.count_distinct(ids).as_py() == count:
        return np.ones(count, dtype=np.bool_)
    codes = ids.combine_chunks().dictionary_encode().indices.to_numpy()
    last = np.zeros(int(codes.max()) + 1, dtype=np.int64)
    np.maximum.at(last, codes, np.arange(count))
    return last[codes] == np.arange(count)


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
        ("interaction", pa.int32()),
        ("key", pa.string()),
        ("role", pa.dictionary(pa.int8(), pa.string())),
        ("place", pa.int32()),
    ]
)


def refresh(folder: Path, source: BatchSource) -> Pulled:
    """Pulls what is new into the cache; a cache of another store or epoch is rebuilt. The caller holds ``lock(folder)``.

    Raises:
        StoreError: the folder cannot be written.
    """
    manifest: dict[str, Any] = manifest_of(folder)
    wanted = dict(source.batches())
    epoch = source.epoch()
    known: dict[str, int] = manifest.get("batches", {}) if manifest.get("epoch") == epoch else {}
    if manifest.get("format") != FORMAT or any(known[run] > wanted.get(run, 0) for run in known) or not known:
        known = {}
        manifest = {"lineage": secrets.token_hex(8), "segments": {}}
        shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    new = [f"{run}:{number}" for run, count in wanted.items() for number in range(known.get(run, 0), count)]
    segments: dict[str, int] = manifest["segments"]
    if new:
        name = f"segment-{len(segments):05d}"
        segments[name] = _write_segment(folder / name, (source.pull(batch) for batch in new))
        _save_manifest(folder, {**manifest, "format": FORMAT, "epoch": epoch, "batches": wanted})
    return Pulled(folder, manifest["lineage"], tuple(segments), tuple(segments.values()))


@contextlib.contextmanager
def lock(folder: Path) -> Generator[None, None, None]:
    """One process at a time brings a cache up to date: two at once would tear each other's files."""
    folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with FileLock(folder.with_suffix(".lock")):
        yield


def unwritable(folder: Path, error: OSError) -> StoreError:
    """The cache cannot be kept, said in one sentence."""
    return StoreError(
        f"the cache of touches in {folder} cannot be written: {error.strerror or error}",
        remedy="make room or allow writing there (GRAPHMAP_HOME names the folder), then run graphmap score",
    )


def is_damage(error: Exception) -> bool:
    """A file that is gone, cut or torn; anything else of the system (a full disk) stays what it is."""
    return isinstance(error, pa.ArrowInvalid | FileNotFoundError) or getattr(error, "errno", None) is None


def manifest_of(folder: Path) -> dict[str, Any]:
    """What the cache holds: lineage, epoch, batches per run, interactions per segment; empty where there is none."""
    try:
        return json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def _save_manifest(folder: Path, manifest: dict[str, object]) -> None:
    temporary = folder / "manifest.json.new"
    temporary.write_text(json.dumps(manifest), encoding="utf-8")
    temporary.replace(folder / "manifest.json")


def _write_segment(path: Path, batches: Iterator[Batch]) -> int:
    count = 0
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
            row = pc.index_in(pa.array(batch.part_ids, pa.string()), pa.array(batch.ids, pa.string()))
            rows = row.to_numpy() + count
            order = np.lexsort((np.array(batch.places, dtype=np.int32), rows))
            made = _record_batch([rows.astype(np.int32), batch.keys, batch.roles, batch.places], _PARTS)
            parts.write_batch(made.take(pa.array(order)))
            count += len(batch.ids)
    return count


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
