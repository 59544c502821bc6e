"""What the analyst door answers, with every value as JSON can say it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import neo4j.graph
import neo4j.spatial
import neo4j.time


@dataclass(frozen=True, slots=True)
class Answer:
    """Rows of a read-only statement; ``truncated`` where the row limit cut them."""

    columns: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]
    truncated: bool
    elapsed_ms: int


def as_json_value(value: Any) -> object:
    r"""A value of the driver as JSON can say it.

    Nodes become ``{"labels", "properties"}``, relationships ``{"type", "properties"}``, paths the list of both in turn,
    times ISO text, bytes hex text, points ``{"srid", "coordinates"}``, numbers that JSON does not know text.

    >>> as_json_value([b"\x01", float("inf"), {"a": (1, None)}])
    ['01', 'Infinity', {'a': [1, None]}]
    """
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else _odd_number(value)
    if isinstance(value, bytes | bytearray):
        return bytes(value).hex()
    if isinstance(value, neo4j.graph.Path):
        return _path(value)
    if isinstance(value, neo4j.graph.Node):
        return {"labels": sorted(value.labels), "properties": _properties(value)}
    if isinstance(value, neo4j.graph.Relationship):
        return {"type": value.type, "properties": _properties(value)}
    if isinstance(value, neo4j.time.DateTime | neo4j.time.Date | neo4j.time.Time | neo4j.time.Duration):
        return value.iso_format()
    if isinstance(value, neo4j.spatial.Point):
        return {"srid": value.srid, "coordinates": [float(number) for number in value]}
    if isinstance(value, Mapping):
        return {str(key): as_json_value(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [as_json_value(inner) for inner in value]
    return str(value)


def _odd_number(value: float) -> str:
    if math.isnan(value):
        return "NaN"
    return "Infinity" if value > 0 else "-Infinity"


def _properties(entity: neo4j.graph.Entity) -> dict[str, object]:
    return {name: as_json_value(inner) for name, inner in sorted(entity.items())}


def _path(path: neo4j.graph.Path) -> list[object]:
    steps: list[object] = [as_json_value(path.nodes[0])] if path.nodes else []
    for relationship, node in zip(path.relationships, path.nodes[1:], strict=True):
        steps += [as_json_value(relationship), as_json_value(node)]
    return steps
