"""How a name is spelt in an address: anna.bell, abell, bella, a_bell."""

from __future__ import annotations

import re

from graphmap.ingest.resolution.domains import firm_domain
from graphmap.ingest.resolution.folding import fold, without_umlauts
from graphmap.ingest.resolution.person_names import PersonName

_SIGNS = re.compile(r"[._\-']+")


def spelt(mail: str) -> tuple[str, str] | None:
    """(letters before the @, place of the domain) of an address at a firm; None with digits, for john2 may be another John.

    >>> spelt("mail:A.Bell@eu.acme.com"), spelt("mail:a.bell2@acme.com"), spelt("mail:abell@gmail.com")
    (('abell', 'domain:acme.com'), None, None)
    """
    local, _, host = mail.removeprefix("mail:").rpartition("@")
    domain = firm_domain(host)
    text = without_umlauts(_SIGNS.sub("", fold(local)))
    if domain is None or not text.isalpha() or len(text) < 3:
        return None
    return text, f"domain:{domain}"


def spellings(name: PersonName) -> set[str]:
    """The ways in which addresses spell a name. A given name alone is none: there are too many Annas.

    >>> sorted(spellings(PersonName("anna", "bell")))
    ['abell', 'annab', 'annabell', 'bella', 'bellanna']
    """
    given, family = name.given, name.family
    if not given or not family:
        return set()
    ways = (given + family, family + given, given[0] + family, family + given[0], given + family[0])
    return {without_umlauts(way) for way in ways}
