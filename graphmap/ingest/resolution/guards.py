"""What keeps two clusters apart, whatever speaks for joining them; every guard looks at everything known of both."""

from __future__ import annotations

import re
from enum import IntEnum

from graphmap.ingest.resolution.domains import domain_kind
from graphmap.ingest.resolution.evidence import Evidence
from graphmap.ingest.resolution.folding import without_umlauts
from graphmap.ingest.resolution.person_names import may_be_one
from graphmap.ingest.resolution.spelling import spelt

_DIGITS = re.compile(r"\d+")
_NUMBERED = re.compile(r"[^\W\d][2-9]@")
APART = "a person decided that they are two"
NAMES = "their names do not go together"
DIGIT = "their addresses at work differ only by a digit"
PROFILES = "they have different profiles"
OURS = "one is of ours, the other is not"
ONE_SOURCE = "one source lists them with different addresses at one firm"
ADDRESSES = "they have different addresses at one firm"
FIRMS = "the firms may be two"
NUMBERED = "a numbered address says that the firm has two of that name"


class Ground(IntEnum):
    """How strong the ground for a join is; the weaker, the more guards."""

    SIMILAR = 0
    NAME = 1
    KEY = 2
    STATED = 3


def refusal(one: Evidence, other: Evidence, ground: Ground) -> str | None:
    """Why these two must not be joined automatically on this ground, in words; None if nothing is against it."""
    if one.sides and other.sides and any((number, not side) in other.sides for number, side in one.sides):
        return APART
    if ground is Ground.STATED:
        return None
    if not names_agree(one, other):
        return NAMES
    if one.stated and other.stated and _differ_by_digit(one, other):
        return DIGIT
    if ground is Ground.KEY:
        return None
    if one.ours and other.ours and one.ours != other.ours:
        return OURS
    if one.links and other.links and _different_profiles(one, other):
        return PROFILES
    if _numbered(one, other) or _numbered(other, one) or _fits_twin(one, other) or _fits_twin(other, one):
        return NUMBERED
    if one.stated and other.stated:
        return _different_addresses(one, other, ground)
    return None


def names_agree(one: Evidence, other: Evidence) -> bool:
    """Whether every name of the one may be every name of the other; of settled clusters some name is enough."""
    if not one.names or not other.names or one.names == other.names:
        return True
    every = (may_be_one(a, b) for a in one.names for b in other.names)
    return any(every) if one.settled or other.settled else all(every)


def without_digits(mail: str) -> str:
    """An address with the digits before the @ left out.

    >>> without_digits("mail:john.smith2@a1.example")
    'mail:john.smith@a1.example'
    """
    local, at, host = mail.rpartition("@")
    return _DIGITS.sub("", local) + at + host


def _differ_by_digit(one: Evidence, other: Evidence) -> bool:
    mine, theirs = {mail for _, mail in one.stated}, {mail for _, mail in other.stated}
    bare = {without_digits(mail) for mail in mine - theirs} & {without_digits(mail) for mail in theirs - mine}
    return any(domain_kind(mail.rpartition("@")[2]) == "firm" for mail in bare)


def _fits_twin(one: Evidence, other: Evidence) -> bool:
    """Whether the one has a twin at a firm, and the other no address there that would tell which of the two is meant."""
    return bool(one.twins) and not {mail.rpartition("@")[2] for _, mail in other.stated}.issuperset(one.twins)


def _numbered(one: Evidence, other: Evidence) -> bool:
    """Whether the one is known at a firm only by its whole name with a number (john.smith2@), and the other by no address there."""
    hosts = {
        mail.rpartition("@")[2] for _, mail in one.stated if _NUMBERED.search(mail) and _whole_name(mail, one)
    }
    if not hosts:
        return False
    plain = {mail.rpartition("@")[2] for _, mail in one.stated if not _NUMBERED.search(mail)}
    plain.update(mail.rpartition("@")[2] for _, mail in other.stated)
    return any(domain_kind(host) == "firm" for host in hosts - plain)


def _whole_name(mail: str, known: Evidence) -> bool:
    """Whether an address spells a given and a family name in full; anna2@ only says that there is another Anna."""
    text = spelt(_NUMBERED.sub(lambda found: found[0][0] + "@", mail))
    orders = (order for name in known.names if name.whole for order in (name.pair, name.pair[::-1]))
    return text is not None and any(text == without_umlauts("".join(order)) for order in orders)


def _different_profiles(one: Evidence, other: Evidence) -> bool:
    """Two chosen names of profiles at one site; the numbers that a search shows (acoaa...) are second names of a profile."""
    sites: dict[str, set[str]] = {}
    for link in one.links:
        site, _, name = link.rpartition("/")
        if not name.startswith("acoaa"):
            sites.setdefault(site, set()).add(name)
    for link in other.links:
        site, _, name = link.rpartition("/")
        if site in sites and not name.startswith("acoaa") and link not in one.links:
            return not any(second in one.links for second in other.links)
    return False


def _different_addresses(one: Evidence, other: Evidence, ground: Ground) -> str | None:
    """Different addresses at one firm's domain: from one source two people, with names that only resemble each other too."""
    mine, theirs = {mail for _, mail in one.stated}, {mail for _, mail in other.stated}
    if not mine.isdisjoint(theirs):
        return None
    for source, mail in one.stated:
        host = mail.rpartition("@")[2]
        for source2, mail2 in other.stated:
            if host == mail2.rpartition("@")[2] and domain_kind(host) == "firm":
                if source == source2:
                    return ONE_SOURCE
                if ground is Ground.SIMILAR:
                    return ADDRESSES
    return None
