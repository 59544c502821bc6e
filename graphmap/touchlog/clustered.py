"""Touches clustered by account and their sums, as Arrow files that are mapped into memory: a cache, made again when in doubt."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

FORMAT = 2
MARK = "clustered.json"

Columns = dict[str, NDArray[Any]]


def save(folder: Path, groups: Mapping[str, Mapping[str, NDArray[Any]]], mark: Mapping[str, object]) -> None:
    """Writes each group of columns of one length as a file; the mark comes last, so a half-written cache is no cache."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    (folder / MARK).unlink(missing_ok=True)
    for name, columns in groups.items():
        batch = pa.record_batch([pa.array(column) for column in columns.values()], names=list(columns))
        temporary = folder / f"{name}.arrow.new"
        with pa.OSFile(str(temporary), "wb") as file, pa.ipc.new_file(file, batch.schema) as writer:
            writer.write_batch(batch)
        temporary.replace(folder / f"{name}.arrow")
    temporary = folder / f"{MARK}.new"
    temporary.write_text(json.dumps({"format": FORMAT, **mark}), encoding="utf-8")
    temporary.replace(folder / MARK)


def mark_of(folder: Path) -> dict[str, Any] | None:
    """What was saved with the columns, or None where there is no whole cache of this format."""
    try:
        known = json.loads((folder / MARK).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return known if isinstance(known, dict) and known.get("format") == FORMAT else None


def load(folder: Path, groups: Sequence[str]) -> Columns | None:
    """The columns of these groups mapped into memory; None where a file is gone or damaged."""
    columns: Columns = {}
    try:
        for name in groups:
            with pa.memory_map(str(folder / f"{name}.arrow")) as file:
                batch = pa.ipc.open_file(file).get_batch(0)
                for field in batch.schema.names:
                    column = batch.column(field)
                    texts = pa.types.is_string(column.type)
                    columns[field] = (
                        np.array(column.to_pylist(), dtype=object) if texts else np.asarray(column)
                    )
    except (OSError, KeyError, pa.ArrowInvalid):
        return None
    return columns
