"""What importers emit: frozen, plain records with text ids, UTC milliseconds and ``None`` for unknown.

One record is one statement of one source. Nothing here knows a file format or a database.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

FirmKind = Literal["own", "account", "partner", "other"]
InteractionKind = Literal["email", "call", "meeting", "order", "message"]
Direction = Literal["in", "out", "mutual"]

FIRM_KINDS: tuple[str, ...] = ("own", "account", "partner", "other")
INTERACTION_KINDS: tuple[str, ...] = ("email", "call", "meeting", "order", "message")
DIRECTIONS: tuple[str, ...] = ("in", "out", "mutual")
ROLES: tuple[str, ...] = (
    "from",
    "to",
    "cc",
    "bcc",
    "organizer",
    "attendee",
    "declined",
    "caller",
    "callee",
    "owner",
    "channel",
    "account",
)
ROLES_ON_NO_SIDE = ("bcc", "declined")
"""Whoever has one of these took no part: no touch, no account concerned, no direction comes of it."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a record stands: the file as given (relative), its 1-based line or another position in words."""

    file: str
    line: int | None = None
    position: str | None = None


@dataclass(frozen=True, slots=True)
class Firm:
    """A firm: ours (``own``), a customer (``account``), or another. ``kind`` None: ours if a domain is ours, else account.

    ``aliases`` are other ids of the same firm (merged in its source).
    """

    id: str
    name: str
    kind: FirmKind | None = None
    domains: tuple[str, ...] = ()
    parent: str | None = None
    owner: str | None = None
    segment: str | None = None
    industry: str | None = None
    territory: str | None = None
    team: str | None = None
    annual_value: float | None = None
    currency: str | None = None
    renewal_on: str | None = None
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Person:
    """A person of ours or theirs; ``emails`` in lower case, dates as ISO ``YYYY-MM-DD`` (UTC days).

    ``aliases`` are other ids of the same person (merged or converted in the source, a directory name), ``links`` addresses
    of profiles, ``phones`` numbers as written, ``firm_name`` the organisation as written where the source names no firm id.
    """

    id: str
    name: str
    emails: tuple[str, ...] = ()
    firm: str | None = None
    title: str | None = None
    department: str | None = None
    seniority: int | None = None
    team: str | None = None
    manager: str | None = None
    opt_out: bool | None = None
    valid_from: str | None = None
    valid_to: str | None = None
    aliases: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    firm_name: str | None = None


@dataclass(frozen=True, slots=True)
class Affiliation:
    """A person works at a firm from ``valid_from`` (inclusive) to ``valid_to`` (exclusive); empty ends are open."""

    person: str
    firm: str
    title: str | None = None
    department: str | None = None
    seniority: int | None = None
    valid_from: str | None = None
    valid_to: str | None = None


@dataclass(frozen=True, slots=True)
class Interaction:
    """One email, meeting, call, order or message.

    ``at`` is epoch milliseconds UTC. ``participants`` are pairs (role, who); who is a person id or an address, a channel
    name for role ``channel``, a firm id for role ``account``.
    """

    id: str
    at: int
    kind: InteractionKind
    participants: tuple[tuple[str, str], ...]
    direction: Direction | None = None
    thread: str | None = None


@dataclass(frozen=True, slots=True)
class Opportunity:
    """A deal of a firm."""

    id: str
    name: str | None = None
    firm: str | None = None
    owner: str | None = None
    amount: float | None = None
    currency: str | None = None
    stage: str | None = None
    status: Literal["open", "won", "lost"] | None = None
    opened_on: str | None = None
    close_on: str | None = None


@dataclass(frozen=True, slots=True)
class OpportunityRole:
    """A person's part in a deal."""

    opportunity: str
    person: str
    role: str | None = None


@dataclass(frozen=True, slots=True)
class TeamRole:
    """One of us serves a firm in a role (account team)."""

    firm: str
    person: str
    role: str | None = None


@dataclass(frozen=True, slots=True)
class DisplayName:
    """An address was seen under a name: what a mail or an invitation called somebody. It names nobody who has a name."""

    address: str
    name: str


@dataclass(frozen=True, slots=True)
class Bounce:
    """A mail to an address came back for good on a ``day`` (ISO, UTC)."""

    address: str
    day: str


MasterRecord = Firm | Person | Affiliation | Opportunity | OpportunityRole | TeamRole | DisplayName | Bounce
"""What is known about people and firms: everything but the interactions."""

Record = MasterRecord | Interaction


@dataclass(frozen=True, slots=True)
class Rejected:
    """A source record that was set aside: where, which value, why, and what to do. ``raw`` is the row as it stood (metadata only)."""

    origin: Origin
    code: str
    message: str
    column: str | None = None
    value: str | None = None
    remedy: str | None = None
    raw: str | None = None


@dataclass(frozen=True, slots=True)
class Excluded:
    """A source record that policy leaves out; counted by reason, no content kept.

    ``beside``: rows of master data that it states all the same (which addresses a bounce came back from).
    """

    origin: Origin
    reason: str
    beside: tuple[Sourced, ...] = ()


@dataclass(frozen=True, slots=True)
class Notice:
    """A remark about a record that is kept (an unknown column, a time without offset, a participant nobody knows)."""

    origin: Origin
    code: str
    message: str
    column: str | None = None
    value: str | None = None


@dataclass(frozen=True, slots=True)
class Sourced:
    """A record with where it came from: ``source`` (instance, e.g. ``canonical``), its ``object`` and ``source_id`` there.

    ``whole_since``: from that time on (epoch ms) this file tells all that its source has of the interaction's thread; what an
    earlier file told of the thread from then on and this one does not was called off. None: it may be a part of it.
    """

    record: Record
    origin: Origin
    source: str
    object: str
    source_id: str
    notices: tuple[Notice, ...] = ()
    whole_since: int | None = None
