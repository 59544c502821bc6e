"""Account shards as folders of Arrow files, which workers map into memory: on one machine, or on storage they share."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

from graphmap.scoring.shard import shard_bounds, shard_of
from graphmap.scoring.ties import TieLog
from graphmap.touchlog import clustered

GROUPS = {
    "base": ("at", "code", "interaction"),
    "ties": ("account", "rep", "contact", "start", "stop"),
    "codes": ("codes",),
    "late": ("late_at", "late_code", "late_interaction"),
}


def write_shards(log: TieLog, firms: int, folder: Path, count: int) -> tuple[tuple[Path, int, int], ...]:
    """Writes at most ``count`` shards below the folder; each as (its folder, first firm index, the one after its last)."""
    bounds = shard_bounds(log, firms, count)
    written: list[tuple[Path, int, int]] = []
    for number, (low, high) in enumerate(pairwise(bounds)):
        part, place = shard_of(log, low, high), folder / f"shard-{number:04d}"
        groups = {
            name: {column: getattr(part, column) for column in columns} for name, columns in GROUPS.items()
        }
        clustered.save(place, groups, {"low": low, "high": high})
        written.append((place, low, high))
    return tuple(written)


def read_shard(place: Path) -> TieLog:
    """A shard mapped into memory.

    Raises:
        FileNotFoundError: the folder holds no whole shard (on a cluster: the workers do not share the folder).
    """
    columns = clustered.load(place, list(GROUPS)) if clustered.mark_of(place) is not None else None
    if columns is None:
        raise FileNotFoundError(f"{place} holds no whole shard")
    return TieLog(**columns)
