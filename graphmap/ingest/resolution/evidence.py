"""What is known of a person, in comparable form: of one mention at first, of a whole cluster after joins."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import NamedTuple, TypeVar

from graphmap.ingest.resolution.domains import firm_domain
from graphmap.ingest.resolution.firm_names import FirmName, firm_name
from graphmap.ingest.resolution.folding import fold
from graphmap.ingest.resolution.keys import link_key, mail_key, phone_key
from graphmap.ingest.resolution.mentions import Mention
from graphmap.ingest.resolution.person_names import PersonName, person_name
from graphmap.ingest.resolution.role_addresses import is_role_address

T = TypeVar("T")


class Evidence(NamedTuple):
    """Everything comparable; each a tuple without repetition.

    ``stated``: (source, mail key) of addresses that can name one person; ``roles``: mail keys of groups. ``places``: firms by
    key and by domain. ``firm_names``: in both forms. ``sides``: (number of a decision "apart", its side).
    ``twins``: hosts where somebody else who may have this name has an address that differs by a digit only.
    ``lists``: lists of which every record is another person, and this is on.
    ``settled``: a human or a source itself joined records here, so names need not all agree.
    """

    names: tuple[PersonName, ...] = ()
    stated: tuple[tuple[str, str], ...] = ()
    roles: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    firm_names: tuple[FirmName, ...] = ()
    phones: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    ours: tuple[bool, ...] = ()
    sides: tuple[tuple[int, bool], ...] = ()
    twins: tuple[str, ...] = ()
    settled: bool = False
    lists: tuple[str, ...] = ()


def evidence_of(mention: Mention) -> Evidence:
    """The evidence of one mention."""
    mails = _known(mail_key, mention.mails)
    roles = mails if mention.group else tuple(mail for mail in mails if is_role_address(mail))
    hosts = [mail.rpartition("@")[2] for mail in mails]
    places = _known(_place, [*hosts, mention.domain] if mention.domain else hosts)
    name = person_name(mention.name) if mention.name else None
    firm = firm_name(mention.firm_name) if mention.firm_name else None
    return Evidence(
        names=(name,) if name is not None else (),
        stated=tuple((mention.source, mail) for mail in mails if mail not in roles),
        roles=roles,
        links=_known(link_key, mention.links),
        places=(f"firm:{mention.firm}", *places) if mention.firm else places,
        firm_names=(firm,) if firm is not None else (),
        phones=_known(phone_key, mention.phones),
        titles=(fold(mention.title),) if mention.title else (),
        ours=(mention.ours,) if mention.ours is not None else (),
        lists=(mention.listed,) if mention.listed is not None else (),
    )


@lru_cache(maxsize=1 << 15)
def _place(host: str) -> str | None:
    domain = firm_domain(host)
    return None if domain is None else f"domain:{domain}"


def _known(key: Callable[[str], str | None], texts: Sequence[str]) -> tuple[str, ...]:
    """The keys of texts, each once; nearly all records have one text or none."""
    if not texts:
        return ()
    if len(texts) == 1:
        only = key(texts[0])
        return () if only is None else (only,)
    return tuple(dict.fromkeys(found for found in map(key, texts) if found is not None))


def united(one: Evidence, other: Evidence) -> Evidence:
    """The evidence of two clusters together."""
    return Evidence(
        _united(one.names, other.names),
        _united(one.stated, other.stated),
        _united(one.roles, other.roles),
        _united(one.links, other.links),
        _united(one.places, other.places),
        _united(one.firm_names, other.firm_names),
        _united(one.phones, other.phones),
        _united(one.titles, other.titles),
        _united(one.ours, other.ours),
        _united(one.sides, other.sides),
        _united(one.twins, other.twins),
        one.settled or other.settled,
        _united(one.lists, other.lists),
    )


def _united(one: tuple[T, ...], other: tuple[T, ...]) -> tuple[T, ...]:
    if not other or one == other:
        return one
    return tuple(dict.fromkeys((*one, *other))) if one else other


def without_mails(evidence: Evidence, shared: frozenset[str]) -> Evidence:
    """The evidence without addresses and profiles that turned out to be shared."""
    stated = tuple(pair for pair in evidence.stated if pair[1] not in shared)
    links = tuple(link for link in evidence.links if link not in shared)
    if len(stated) == len(evidence.stated) and len(links) == len(evidence.links):
        return evidence
    roles = _united(evidence.roles, tuple(mail for _, mail in evidence.stated if mail in shared))
    return evidence._replace(stated=stated, links=links, roles=roles)
