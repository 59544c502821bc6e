"""Master data as resolved: firms, people and deals with everything that hangs on them, and the rows and decisions behind them."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, cast

from graphmap.ingest.identity_keys import domain_of, id_key, mail_key
from graphmap.ingest.resolution.mentions import Resolution
from graphmap.records import MasterRecord


@dataclass(frozen=True, slots=True)
class MasterRow:
    """The current version of one row of master data. ``ordinal`` orders rows: later imports and later rows are larger."""

    key: str
    source: str
    object: str
    source_id: str
    ordinal: int
    record: MasterRecord
    importer: str = "canonical"
    closed: str = ""
    """Why the row counts as ended though its source did not say so."""

    @property
    def source_ref(self) -> str:
        """``source:object:id``, shown to users."""
        return f"{self.source}:{self.object}:{self.source_id}"


@dataclass(frozen=True, slots=True)
class Decided:
    """A human decision that bears on people or firms: ``kind`` set, own_domain, joined or apart (``value`` the other key)."""

    kind: str
    identity: str
    field: str
    value: str
    at: int


@dataclass(frozen=True, slots=True)
class WorksAt:
    """One affiliation of a resolved person."""

    firm: str
    title: str | None
    department: str | None
    seniority: int | None
    valid_from: str | None
    valid_to: str | None
    precedence: int
    via: str
    read_from_title: str | None = None
    """Which rules gave seniority or department, where no source states them."""
    ended_by: str | None = None
    """What the end was inferred from, where no source states it."""


@dataclass
class ResolvedPerson:
    """A person with everything that hangs on them."""

    id: str
    name: str
    title: str | None = None
    department: str | None = None
    seniority: int | None = None
    team: str | None = None
    opt_out: bool | None = None
    made: bool = False
    source_ids: list[str] = field(default_factory=list[str])
    identities: dict[str, tuple[str, str]] = field(default_factory=dict[str, tuple[str, str]])
    works_at: list[WorksAt] = field(default_factory=list[WorksAt])
    manager: tuple[str, str] | None = None
    serves: list[tuple[str, str, str]] = field(default_factory=list[tuple[str, str, str]])
    """Firms of whose account team they are: (firm, role, via)."""


@dataclass
class ResolvedFirm:
    """A firm with everything that hangs on it; ``owner`` = (person id, identity that stated it)."""

    id: str
    name: str
    kind: str
    domains: list[str] = field(default_factory=list[str])
    properties: dict[str, object] = field(default_factory=dict[str, object])
    parent: str | None = None
    owner: tuple[str, str] | None = None
    made: bool = False
    source_ids: list[str] = field(default_factory=list[str])


@dataclass
class ResolvedOpportunity:
    """A deal with its firm, owner and the people in it (person, role, via)."""

    id: str
    properties: dict[str, object]
    firm: str | None
    owner: tuple[str, str] | None
    roles: list[tuple[str, str, str]] = field(default_factory=list[tuple[str, str, str]])
    source_ids: list[str] = field(default_factory=list[str])


@dataclass
class Master:
    """Everything resolved: firms, people, deals, and which identity belongs to which person.

    ``firm_alias`` maps other ids of a firm to its own; ``names`` the name under which an address (by key) was mostly seen.
    """

    firms: dict[str, ResolvedFirm]
    people: dict[str, ResolvedPerson]
    opportunities: dict[str, ResolvedOpportunity]
    person_of: dict[str, str]
    firm_of_domain: dict[str, str]
    firms_listed: bool
    own_domains: set[str]
    firm_alias: dict[str, str] = field(default_factory=dict[str, str])
    names: dict[str, str] = field(default_factory=dict[str, str])
    groups: dict[str, str | None] = field(default_factory=dict[str, str | None])
    """Addresses (by key) of groups and machines: at which firm, None where nobody has their domain."""
    of_record: dict[str, str] = field(default_factory=dict[str, str])
    """Whose record it is, by the key of a compared row."""
    compared: Resolution | None = None
    """What was joined and what is to be asked, where records were compared."""

    def firm_id(self, named: str | None) -> str | None:
        """The id of the firm that is named by an id or an alias; None where nobody knows it."""
        known = named if named is None else self.firm_alias.get(named, named)
        return known if known in self.firms else None

    @cached_property
    def all_own_domains(self) -> frozenset[str]:
        """Domains that are ours: declared, or of a firm of ours."""
        listed = (d for firm in self.firms.values() if firm.kind == "own" for d in firm.domains)
        return frozenset((*self.own_domains, *listed))

    @property
    def own_firm(self) -> str | None:
        """The own firm that channels hang on: the first by id."""
        return min((f.id for f in self.firms.values() if f.kind == "own"), default=None)

    def made_person(self, address: str) -> ResolvedPerson:
        """The person made for an address that no row lists: at the firm that has its domain, or at none."""
        key = mail_key(address)
        who = key.removeprefix("mail:")
        person = ResolvedPerson(who, self.names.get(key, who), made=True, identities={key: ("mail", who)})
        firm = self.firm_of_domain.get(domain_of(who))
        if firm is not None:
            person.works_at.append(WorksAt(firm, None, None, None, None, None, 0, key))
        return person

    def firm_at(self, address: str) -> tuple[str | None, bool | None]:
        """The firm that has an address's domain, and whether it is ours."""
        firm = self.firm_of_domain.get(domain_of(address))
        return firm, None if firm is None else self.firms[firm].kind == "own"


def find_person(who: str, master: Master) -> tuple[str, str] | None:
    """(person id, identity key) for a person id or an address; None where nobody is known by it."""
    for key in (id_key(who), mail_key(who)):
        if key in master.person_of:
            return master.person_of[key], key
    return None


def content_hash(value: object) -> str:
    """A short hash of plain values, independent of the order of keys."""
    text = json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=cast(Any, str)
    )
    return hashlib.blake2b(text.encode(), digest_size=12).hexdigest()
