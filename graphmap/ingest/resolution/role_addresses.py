"""Addresses and names behind which a group or a machine stands: info@, sales-emea@, team-x@, noreply@, "Sales Team"."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from graphmap.ingest.resolution.folding import fold, without_umlauts
from graphmap.ingest.resolution.wordlists import sections

_SIGNS = re.compile(r"[._\-+]+")
_LETTERS = re.compile(r"[^\W\d_]+")
_LIST = re.compile(r"(?:dl|grp|group|gruppe|verteiler|mailgroup)[-_].*[^\W\d_]{2}", re.IGNORECASE | re.DOTALL)
"""How distribution lists are named, address and display name: DL-Sales. A full stop or blank may follow somebody's initials."""


@cache
def _words() -> dict[str, frozenset[str]]:
    return {
        section: frozenset(without_umlauts(fold(word)) for line in found for word in line.split())
        for section, found in sections("role_addresses.txt").items()
    }


@lru_cache(maxsize=1 << 15)
def is_role_address(address: str) -> bool:
    """Whether the part before the @ names a group. A surname that is such a word too (john.sales@) is a person.

    >>> [is_role_address(f"{a}@acme.example") for a in ("info", "team-x", "uk.sales", "no-reply", "dl-north", "john.sales", "anna")]
    [True, True, True, True, True, False, False]
    """
    written = address.removeprefix("mail:").rpartition("@")[0]
    if _LIST.match(written):
        return True
    local = without_umlauts(fold(written))
    parts = [part if part.isalpha() else "".join(_LETTERS.findall(part)) for part in _SIGNS.split(local)]
    parts = [part for part in parts if part]
    if not parts:
        return False
    words = _words()
    if "".join(parts) in words["whole"] or parts[0] in words["whole"]:
        return True
    if len(parts) == 1:
        return False
    return parts[-1] in words["end"] or (parts[0] in words["before"] and parts[-1] in words["whole"])


@lru_cache(maxsize=1 << 15)
def is_group_name(name: str) -> bool:
    """Whether a display name names a group: all its words do, and it ends as groups do, or it is a distribution list.

    >>> [is_group_name(n) for n in ("Sales Team", "Accounts Payable", "DL-Houston", "EMEA Support", "DL Hughley", "Karl List", "Ping Law")]
    [True, True, True, True, False, False, False]
    """
    if _LIST.match(name.strip()):
        return True
    found = _LETTERS.findall(without_umlauts(fold(name)))
    words = _words()
    if len(found) < 2:
        return False
    if "".join(found) in words["whole"]:
        return True
    known = words["whole"] | words["end"] | words["before"]
    return found[-1] in words["end"] and all(word in known for word in found)
