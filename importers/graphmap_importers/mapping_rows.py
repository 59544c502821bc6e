"""A row as a mapping sees it to a record: ids, references, participants.

What a table says is turned into a few functions once, so that a row costs their calls alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache

from graphmap_importers.cells import Problem, Reading, participants_cell
from graphmap_importers.mapping_model import Field, Table
from graphmap_importers.mapping_values import Cells, Participant, Reference, Value
from graphmap_importers.record_ids import id_maker, record_id
from graphmap_importers.rows import COLUMNS, Built, Pairs, build, interaction_of, natural_key

Fill = Callable[[Cells], str]
Make = Callable[[Cells, Reading], tuple[str, Built]]
"""A row to its key in the source and its record; a ``Problem`` says why there is none."""


def key_of(columns: tuple[str, ...]) -> Fill:
    """Gives the key that stands in the columns of a row; empty if a part of it is."""
    if len(columns) == 1:
        (only,) = columns
        return lambda cells: cells[only].strip()

    def several(cells: Cells) -> str:
        parts = [cells[column].strip() for column in columns]
        return natural_key(*parts) if all(parts) else ""

    return several


def record_maker(table: Table, source: str) -> Make:
    """Makes the records of a table's rows."""
    key_in = key_of(table.key)

    def key_for(cells: Cells) -> str:
        if key := key_in(cells):
            return key
        column = next(name for name in table.key if not cells[name].strip())
        raise Problem("missing", "the row has no key", column=column, value="", remedy=f"fill in {column}")

    if table.kind == "interactions":
        return _interactions(table, source, key_for)
    fills = {name: _fill(field, source) for name, field in table.fields.items()}
    own = id_maker(table.kind, source, table.object) if "id" in COLUMNS[table.kind] else None

    def make(cells: Cells, reading: Reading) -> tuple[str, Built]:
        key = key_for(cells)
        row = {name: fill(cells) for name, fill in fills.items()}
        if own is not None:
            row["id"] = own(key)
        return key, build(table.kind, row, reading)

    return make


def _interactions(table: Table, source: str, key_for: Fill) -> Make:
    at, kind, direction, thread = (
        _fill(table.fields.get(name, ""), source) for name in ("at", "kind", "direction", "thread")
    )
    own = id_maker(table.kind, source, table.object)
    stated = None if table.participants else _fill(table.fields.get("participants", ""), source)
    sides = [_side(one, source) for one in table.participants]

    def make(cells: Cells, reading: Reading) -> tuple[str, Built]:
        key = key_for(cells)
        pairs: Pairs | Problem
        try:
            if stated is None:
                found: list[tuple[str, str]] = []
                for side in sides:
                    found += side(cells)
                pairs = tuple(found) or participants_cell("")
            else:
                pairs = participants_cell(stated(cells))
        except Problem as problem:
            pairs = problem  # of several problems of a row that of the first column is told
        row = at(cells), kind(cells), direction(cells), thread(cells)
        return key, interaction_of(own(key), row, pairs, reading)

    return make


def label_of(table: Table, field: str) -> str:
    """The columns of the file a canonical field comes from, for messages."""
    if field == "participants":
        columns = [column for participant in table.participants for column in participant.columns()]
    else:
        mapped = table.fields.get(field, "")
        columns = list(mapped.columns()) if isinstance(mapped, Value) else [field]
    return ", ".join(dict.fromkeys(columns))


def _fill(field: Field, source: str) -> Fill:
    if isinstance(field, Value):
        return _plain_column(field) or field.fill
    if isinstance(field, Reference):
        return _reference(field, source)
    return lambda _cells: field


def _plain_column(value: Value) -> Fill | None:
    """A field that is one column as it stands, which most are."""
    if value.translate is not None or len(value.templates) != 1 or len(value.templates[0].parts) != 1:
        return None
    before, column = value.templates[0].parts[0]
    return None if before or column is None else lambda cells: cells[column].strip()


def _reference(reference: Reference, source: str) -> Fill:
    key_in = key_of(reference.key)

    def fill(cells: Cells) -> str:
        key = key_in(cells)
        return record_id(reference.kind, source, reference.object, key) if key else ""

    return fill


def _side(one: Participant, source: str) -> Callable[[Cells], Pairs]:
    role = one.role
    if one.reference is not None:
        who = _reference(one.reference, source)
        return lambda cells: _pairs(role, (who(cells),))
    if one.address is not None:
        said = _fill(one.address, source)
        return lambda cells: _addressed(role, said(cells))
    return lambda _cells: _pairs(role, (one.name or "",))


# The same few people stand in most rows.
@lru_cache(maxsize=1 << 14)
def _addressed(role: str, text: str) -> Pairs:
    """The addresses of a cell with their role: exports put several into one."""
    return _pairs(role, tuple(who for part in re.split(r"[;,]", text) if (who := part.strip().lower())))


@lru_cache(maxsize=1 << 14)
def _pairs(role: str, names: Sequence[str]) -> Pairs:
    whole = ";".join(f"{role}:{who}" for who in names if who)
    return participants_cell(whole) if whole else ()
