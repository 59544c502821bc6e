"""Addresses behind which a group or a machine stands: info@, sales-emea@, team-x@, noreply@."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from graphmap.ingest.resolution.folding import fold, without_umlauts
from graphmap.ingest.resolution.wordlists import sections

_SIGNS = re.compile(r"[._\-+]+")
_LETTERS = re.compile(r"[^\W\d_]+")


@cache
def _words() -> dict[str, frozenset[str]]:
    return {
        section: frozenset(without_umlauts(fold(word)) for line in found for word in line.split())
        for section, found in sections("role_addresses.txt").items()
    }


@lru_cache(maxsize=1 << 15)
def is_role_address(address: str) -> bool:
    """Whether the part before the @ names a group. A surname that is such a word too (john.sales@) is a person.

    >>> [is_role_address(f"{a}@acme.example") for a in ("info", "team-x", "uk.sales", "no-reply", "john.sales", "anna")]
    [True, True, True, True, False, False]
    """
    local = without_umlauts(fold(address.removeprefix("mail:").rpartition("@")[0]))
    parts = ["".join(_LETTERS.findall(part)) for part in _SIGNS.split(local)]
    parts = [part for part in parts if part]
    if not parts:
        return False
    words = _words()
    if "".join(parts) in words["whole"] or parts[0] in words["whole"]:
        return True
    if len(parts) == 1:
        return False
    return parts[-1] in words["end"] or (parts[0] in words["before"] and parts[-1] in words["whole"])
