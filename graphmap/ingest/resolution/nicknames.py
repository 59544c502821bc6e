"""Which given names are forms of one another: Bob and Robert, Kasia and Katarzyna."""

from __future__ import annotations

from functools import cache

from graphmap.ingest.resolution.folding import fold, without_umlauts
from graphmap.ingest.resolution.wordlists import lines


@cache
def _families() -> dict[str, frozenset[int]]:
    found: dict[str, set[int]] = {}
    for number, line in enumerate(lines("nicknames.txt")):
        for word in line.split():
            found.setdefault(without_umlauts(fold(word)), set()).add(number)
    return {word: frozenset(numbers) for word, numbers in found.items()}


_NONE: frozenset[int] = frozenset()


def same_given_name(one: str, other: str) -> bool:
    """Whether two folded given names are forms of one name; equal names are. Not transitive: Alex is Alexander and Alexandra.

    >>> same_given_name("bob", "robert"), same_given_name("alexander", "alexandra"), same_given_name("x", "x")
    (True, False, True)
    """
    if one == other:
        return True
    families = _families()
    return not families.get(one, _NONE).isdisjoint(families.get(other, _NONE))
