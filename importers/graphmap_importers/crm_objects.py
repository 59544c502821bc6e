"""JSON objects of a CRM's interface as cells: the wanted keys, whatever they are nested in, as the text a CSV would have."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import cast

from graphmap_importers.crm_rows import JOINED

INSIDE = ("properties", "fields", "data", "associations")
"""Keys under which interfaces put the fields of a record."""

_MEANING = ("value", "results", "id", "person_id", "email")
"""Which key of an object inside a field says what it is."""

_DEPTH = 4


def flat_cells(
    value: Mapping[str, object],
    names: Mapping[str, str],
    squash: Callable[[str], str],
    as_text: Callable[[str, object], str],
    depth: int = _DEPTH,
) -> dict[str, str]:
    """The wanted cells of an object; ``names`` maps squashed keys to the vendor's names. The first that is not blank counts.

    >>> flat_cells({"id": 7, "properties": {"Email": "a@b.example", "notes": "x"}}, {"id": "id", "email": "email"},
    ...            str.lower, lambda name, value: plain_text(value))
    {'id': '7', 'email': 'a@b.example'}
    """
    found: dict[str, str] = {}
    for key, inner in value.items():
        if key == JOINED and isinstance(inner, str):
            found[JOINED] = inner
            continue
        name = names.get(squash(key))
        if name is not None:
            text = as_text(name, inner)
            found[name] = found.get(name) or text
        elif depth and key in INSIDE and isinstance(inner, dict):
            below = flat_cells(cast("dict[str, object]", inner), names, squash, as_text, depth - 1)
            for name, text in below.items():
                found[name] = found.get(name) or text
    return found


def plain_text(value: object, depth: int = _DEPTH) -> str:
    """A value as a cell: lists with semicolons between their items, objects by what identifies them.

    >>> plain_text([{"value": "a@b.example", "label": "work"}, {"value": ""}]), plain_text(True), plain_text({"results": [{"id": 4}]})
    ('a@b.example', 'true', '4')
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(int(value)) if float(value).is_integer() and abs(value) < 1e18 else repr(value)
    if depth and isinstance(value, list):
        items = (plain_text(item, depth - 1) for item in cast("list[object]", value))
        return ";".join(item for item in items if item)
    if depth and isinstance(value, dict):
        inside = cast("dict[str, object]", value)
        return next((plain_text(inside[key], depth - 1) for key in _MEANING if key in inside), "")
    return ""
