"""Human decisions against each other: the newest wins, and an older one that contradicts newer ones says nothing."""

from __future__ import annotations

from collections.abc import Iterable

from graphmap.ingest.resolution.keys import identity_key
from graphmap.ingest.resolution.mentions import HumanDecision


def in_force(decisions: Iterable[HumanDecision]) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """(joined pairs, apart pairs) of identity keys in comparable form; of two at one time "apart" wins.

    >>> a = HumanDecision("joined", "id:1", "id:2", 1), HumanDecision("joined", "id:2", "id:3", 2)
    >>> in_force([*a, HumanDecision("apart", "id:1", "id:3", 3)])
    ([('id:2', 'id:3')], [('id:1', 'id:3')])
    """
    up: dict[str, str] = {}
    joined: list[tuple[str, str]] = []
    apart: list[tuple[str, str]] = []

    def top(key: str) -> str:
        while up.setdefault(key, key) != key:
            up[key] = up[up[key]]
            key = up[key]
        return key

    def kept_apart(one: str, other: str) -> bool:
        ends = {top(one), top(other)}
        return any({top(a), top(b)} == ends for a, b in apart)

    known = {(d.at, d.kind, *sorted((identity_key(d.one), identity_key(d.other)))) for d in decisions}
    for _, kind, one, other in sorted(known, key=lambda d: (-d[0], *d[1:])):
        if top(one) == top(other):
            continue
        if kind == "apart":
            apart.append((one, other))
        elif not kept_apart(one, other):
            up[top(one)] = top(other)
            joined.append((one, other))
    return sorted(joined), sorted(apart)
