"""A person who stands in several contact files of one import is told once, with the first file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from graphmap.ingest.protocol import Source

Earlier = set[str]
"""The keys of all files before one."""


def keys_before(sources: Sequence[Source], keys: Callable[[Source], Iterable[str]]) -> dict[str, Earlier]:
    """The keys that stand in the files before each, by the file's name. A single file is not read for that."""
    found: dict[str, Earlier] = {}
    seen: Earlier = set()
    for number, source in enumerate(sources):
        found[source.name] = set(seen)
        if number < len(sources) - 1:
            seen.update(keys(source))
    return found
