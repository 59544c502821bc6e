"""Touches clustered by account, as Arrow files that are mapped into memory: a cache, made again whenever its stamp differs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

FORMAT = 1
GROUPS: Mapping[str, tuple[str, ...]] = {
    "touches": ("at", "code", "interaction"),
    "ties": ("account", "rep", "contact"),
    "starts": ("start",),
    "codes": ("codes",),
}
"""Which columns lie together in which file; columns of one file have one length."""

Columns = dict[str, NDArray[Any]]


def save(folder: Path, stamp: str, columns: Columns) -> None:
    """Writes the columns; the stamp comes last, so a half-written cache is no cache."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    mark = folder / "clustered.json"
    mark.unlink(missing_ok=True)
    for group, names in GROUPS.items():
        batch = pa.record_batch([pa.array(columns[name]) for name in names], names=list(names))
        temporary = folder / f"{group}.arrow.new"
        with pa.OSFile(str(temporary), "wb") as file, pa.ipc.new_file(file, batch.schema) as writer:
            writer.write_batch(batch)
        temporary.replace(folder / f"{group}.arrow")
    mark.write_text(json.dumps({"format": FORMAT, "stamp": stamp}), encoding="utf-8")


def load(folder: Path, stamp: str) -> Columns | None:
    """The columns mapped into memory, or None where the cache is another one, damaged or not there."""
    try:
        known = json.loads((folder / "clustered.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if known != {"format": FORMAT, "stamp": stamp}:
        return None
    columns: Columns = {}
    try:
        for group, names in GROUPS.items():
            with pa.memory_map(str(folder / f"{group}.arrow")) as file:
                batch = pa.ipc.open_file(file).get_batch(0)
                columns.update({name: np.asarray(batch.column(name)) for name in names})
    except (OSError, KeyError, pa.ArrowInvalid):
        return None
    return columns
