"""What resolution takes and gives: mentions and decisions in, clusters and proposals out. All frozen, all plain."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Literal

Ref = tuple[str, str]
"""A mention by its source and its record there."""


@dataclass(frozen=True, slots=True)
class Mention:
    """What one record of one source says of one person. (``source``, ``record``) is unique.

    ``ids`` are strong: records that share one are one person, whatever else they say (the id itself, aliases of merged
    and converted records, a directory name; the caller gives each a prefix so that the numbers of two systems never
    meet). ``mails``, ``links`` and ``phones`` stand as written. ``firm`` is a key of a firm that holds across sources,
    ``firm_name`` and ``domain`` what the record says of the firm. ``ours``: one of our people, None for unknown.
    ``listed``: a list of which every record is another person, so no two of its records are joined but by id or decision.
    ``group``: its addresses are those of a group, whatever stands before the @.
    """

    source: str
    record: str
    name: str = ""
    mails: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    firm: str | None = None
    firm_name: str | None = None
    domain: str | None = None
    title: str | None = None
    phones: tuple[str, ...] = ()
    ours: bool | None = None
    listed: str | None = None
    group: bool = False

    @property
    def ref(self) -> Ref:
        """(source, record)."""
        return self.source, self.record


@dataclass(frozen=True, slots=True)
class HumanDecision:
    """Somebody said that two identity keys are one person, or are two. ``at`` epoch milliseconds; the newest wins.

    A key is one of a mention's ``ids``, ``mail:ADDRESS``, ``link:URL``, or ``record:SOURCE/RECORD``.
    """

    kind: Literal["joined", "apart"]
    one: str
    other: str
    at: int


class Rule(Enum):
    """Why two records were joined, in words."""

    DECIDED = "a person decided that they are one"
    ID = "the same id, or one is merged into the other at the source"
    LINK = "the same profile"
    MAIL = "the same address"
    NAME_AND_FIRM = "the same name at the same firm"
    NICKNAME = "forms of one name at the same firm"
    LONGER_NAME = "one name is the other with a part more, at the same firm"
    SLIP = "names that differ by a slip of the pen, at the same firm"
    INITIAL = "an initial that fits one person of the firm only"
    PHONE = "the same name and the same number, which nobody else has"
    FIRM_BY_NAME = "the same name at a firm known by its name only, where one person only has it"
    SPELT_ADDRESS = "an address that spells the name of one person of the domain only"


@dataclass(frozen=True, slots=True)
class Join:
    """One automatic join: two records and the rule; ``on`` is what they share (a key, a name)."""

    one: Ref
    other: Ref
    rule: Rule
    on: str

    @property
    def words(self) -> str:
        """The reason as a sentence without a full stop."""
        return f"{self.rule.value}: {self.on}"


@dataclass(frozen=True, slots=True)
class Cluster:
    """The records of one person, and the joins that brought them together (one fewer than records)."""

    members: tuple[Ref, ...]
    joins: tuple[Join, ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """Two records that may be one person: a human decides, by ``keys``. ``score`` 0-100, ``reasons`` in words."""

    one: Ref
    other: Ref
    keys: tuple[str, str]
    score: int
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Resolution:
    """Clusters by their first member, proposals by falling score; ``no_identity``: keys that name nobody, and why."""

    clusters: tuple[Cluster, ...]
    proposals: tuple[Proposal, ...]
    no_identity: Mapping[str, str]
