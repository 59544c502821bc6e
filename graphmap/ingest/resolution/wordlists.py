"""Reads the package's own word lists: lines of plain text, ``#`` begins a remark, ``[name]`` begins a section."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from importlib.resources import files


def sections(name: str) -> dict[str, list[str]]:
    """The lines of a list by section; those before the first section under the empty name."""
    found: dict[str, list[str]] = {}
    section = ""
    text = (files("graphmap.ingest.resolution") / "data" / name).read_text(encoding="utf-8")
    for raw in text.splitlines():
        line = raw.strip()
        if line.startswith("[") and line.endswith("]"):
            section = line[1:-1]
        elif line and not line.startswith("#"):
            found.setdefault(section, []).append(line)
    return found


def lines(name: str) -> list[str]:
    """The lines of a list without sections."""
    return sections(name).get("", [])


def tables(name: str) -> Mapping[str, list[dict[str, object]]]:
    """A TOML file of arrays of tables."""
    return tomllib.loads((files("graphmap.ingest.resolution") / "data" / name).read_text(encoding="utf-8"))
