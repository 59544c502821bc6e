"""A row as a mapping sees it to a row with canonical names: ids, references, participants."""

from __future__ import annotations

import re
from functools import lru_cache

from graphmap_importers.cells import Problem
from graphmap_importers.mapping_model import Table
from graphmap_importers.mapping_values import Cells, Participant, Reference, Value
from graphmap_importers.record_ids import record_id
from graphmap_importers.rows import COLUMNS, natural_key


def source_key(table: Table, cells: Cells) -> str:
    """The key of a row in its source; empty if a part of it is."""
    return _key(table.key, cells)


def canonical_row(table: Table, source: str, cells: Cells) -> dict[str, str]:
    """The row with canonical column names; a ``Problem`` where it has no key."""
    key = source_key(table, cells)
    if not key:
        column = next(name for name in table.key if not cells[name].strip())
        message = "the row has no key"
        raise Problem("missing", message, column=column, value="", remedy=f"fill in {column}")
    row: dict[str, str] = {}
    for name, field in table.fields.items():
        if isinstance(field, Value):
            row[name] = field.fill(cells)
        elif isinstance(field, Reference):
            row[name] = _reference(field, source, cells)
        else:
            row[name] = field
    if "id" in COLUMNS[table.kind]:
        row["id"] = record_id(table.kind, source, table.object, key)
    if table.participants:
        row["participants"] = ";".join(
            f"{one.role}:{who}" for one in table.participants for who in _who(one, source, cells)
        )
    return row


def label_of(table: Table, field: str) -> str:
    """The columns of the file a canonical field comes from, for messages."""
    if field == "participants":
        columns = [column for participant in table.participants for column in participant.columns()]
    else:
        mapped = table.fields.get(field, "")
        columns = list(mapped.columns()) if isinstance(mapped, Value) else [field]
    return ", ".join(dict.fromkeys(columns))


def _key(columns: tuple[str, ...], cells: Cells) -> str:
    parts = [cells[column].strip() for column in columns]
    return natural_key(*parts) if all(parts) else ""


def _reference(reference: Reference, source: str, cells: Cells) -> str:
    key = _key(reference.key, cells)
    return record_id(reference.kind, source, reference.object, key) if key else ""


def _who(one: Participant, source: str, cells: Cells) -> list[str]:
    if one.reference is not None:
        found = _reference(one.reference, source, cells)
        return [found] if found else []
    if one.address is not None:
        return _addresses(one.address.fill(cells))
    return [one.name] if one.name else []


# The same few people stand in most rows.
@lru_cache(maxsize=1 << 14)
def _addresses(text: str) -> list[str]:
    """The addresses of a cell: exports put several into one."""
    return [who for part in re.split(r"[;,]", text) if (who := part.strip().lower())]
