"""How a name is spelt in an address: anna.bell, abell, bella, a_bell."""

from __future__ import annotations

import re
from functools import lru_cache

from graphmap.ingest.resolution.domains import firm_domain
from graphmap.ingest.resolution.folding import fold, without_umlauts
from graphmap.ingest.resolution.person_names import PersonName

_SIGNS = re.compile(r"[._\-']+")
SHORTEST = 3
"""Two letters are initials of many."""


def spelt(mail: str) -> str | None:
    """The letters before the @ of an address at a firm; None with digits, for john2 may be another John.

    >>> spelt("mail:A.Bell@eu.acme.com"), spelt("mail:a.bell2@acme.com"), spelt("mail:abell@gmail.com")
    ('abell', None, None)
    """
    local, _, host = mail.removeprefix("mail:").rpartition("@")
    text = without_umlauts(_SIGNS.sub("", fold(local)))
    return text if firm_domain(host) is not None and text.isalpha() and len(text) >= SHORTEST else None


@lru_cache(maxsize=1 << 14)
def spellings(name: PersonName) -> frozenset[str]:
    """The ways in which addresses spell a name. A given name alone is none: there are too many Annas.

    >>> sorted(spellings(PersonName("anna", "bell")))
    ['abell', 'annab', 'annabell', 'bella', 'bellanna']
    """
    given, family = name.given, name.family
    if not given or not family:
        return frozenset()
    ways = (given + family, family + given, given[0] + family, family + given[0], given + family[0])
    return frozenset(map(without_umlauts, ways))
