"""People who must not come back: keyed hashes of their addresses and ids, asked before anything is written."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import TypeVar

from graphmap.errors import ConfigError
from graphmap.ingest.identity_keys import id_key, mail_key
from graphmap.ingest.resolution import keys as normal
from graphmap.records import (
    Affiliation,
    Bounce,
    DisplayName,
    Firm,
    Interaction,
    Opportunity,
    OpportunityRole,
    Person,
    Record,
    TeamRole,
)
from graphmap.store import suppressions
from graphmap.store.graphstore import GraphStore

R = TypeVar("R", bound=Record)
Holds = Callable[[str], bool]
"""Whether a person id or an address is one of those who go."""
Alias = Callable[[str], str]
"""What an interaction is called instead of its own id."""
REASON = "suppressed"
"""Why a record is left out."""
FEWEST = 2
"""An interaction with fewer participants tells nothing of two sides."""
CHECKED = "graphmap suppression check"
_ADDRESS = re.compile(r"[^\s<>\"',;:()\[\]]+@[^\s<>\"',;:()\[\]]+")
_WITHIN = re.compile(r"[\w.+]+@[\w.]+")
"""An address inside an id, where a hyphen more often ends it than belongs to it."""
_NOBODY = frozenset({"channel", "account"})


def hashed(key: bytes, identity: str) -> str:
    """HMAC-SHA-256 of an identity key under the secret key, in hex: nobody without the key can guess an address back."""
    return hmac.new(key, identity.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def forms(who: str) -> tuple[str, ...]:
    """The identity keys under which somebody may turn up: as an id, and an address in its plain and its normalised form.

    >>> forms("Anna.Berg+x@Gmail.com")
    ('id:Anna.Berg+x@Gmail.com', 'mail:anna.berg+x@gmail.com', 'mail:annaberg@gmail.com')
    """
    if "@" not in who:
        return (id_key(who),)
    plain = mail_key(who)
    same = normal.mail_key(who)
    normalised = [f"mail:{same.removeprefix('mail:')}"] if same is not None else []
    return tuple(dict.fromkeys((id_key(who), plain, *normalised)))


@dataclass(frozen=True)
class Suppression:
    """Who must not come back. ``hashes`` empty = nobody, and nothing is asked."""

    hashes: frozenset[str] = frozenset()
    key: bytes = b""
    _known: dict[str, bool] = field(default_factory=dict[str, bool], compare=False, repr=False)

    def holds(self, who: str) -> bool:
        """Whether somebody (a person id or an address) is suppressed."""
        if not self.hashes:
            return False
        known = self._known.get(who)
        if known is None:
            known = any(hashed(self.key, form) in self.hashes for form in forms(who))
            self._known[who] = known
        return known

    def mentioned(self, text: str | None) -> bool:
        """Whether an address of somebody suppressed stands in a text (a row that is set aside)."""
        return bool(self.hashes) and mentions(text, self.holds)

    def without(self, record: R) -> R | None:
        """The record without those who are suppressed; None where it is about one of them, or nobody is left to have met."""
        return without(record, self.holds, self.alias) if self.hashes else record

    def alias(self, interaction: str) -> str:
        """What an interaction is called whose own id names somebody who is suppressed: the same at every import."""
        return f"x-{hashed(self.key, interaction)[:24]}"


NOBODY = Suppression()
"""Nobody is suppressed."""


def mentions(text: str | None, holds: Holds) -> bool:
    """Whether an address of somebody whom ``holds`` names stands in a text."""
    if not text or "@" not in text:
        return False
    return any(holds(address) for shape in (_ADDRESS, _WITHIN) for address in shape.findall(text))


def without(record: R, holds: Holds, alias: Alias) -> R | None:
    """The record without the people whom ``holds`` names; None where it is about one of them.

    An interaction stays while at least two participants are left; it has no conversation id where that one names them, and
    another id (``alias``) where its own does. Other rows stay with an owner or manager unnamed.
    """
    made: Record | None = record
    match record:
        case Person():
            if any(holds(who) for who in (record.id, *record.emails, *record.aliases)):
                made = None
            elif record.manager is not None and holds(record.manager):
                made = replace(record, manager=None)
        case Affiliation() | OpportunityRole() | TeamRole():
            made = None if holds(record.person) else record
        case DisplayName() | Bounce():
            made = None if holds(record.address) else record
        case Firm() | Opportunity():
            if record.owner is not None and holds(record.owner):
                made = replace(record, owner=None)
        case Interaction():
            made = _interaction(record, holds, alias)
    return made  # type: ignore[return-value]  # each case gives back what it was given


def _interaction(record: Interaction, holds: Holds, alias: Alias) -> Interaction | None:
    left = tuple(pair for pair in record.participants if pair[0] in _NOBODY or not holds(pair[1]))
    if len(left) < min(FEWEST, len(record.participants)):
        return None
    thread = None if mentions(record.thread, holds) else record.thread
    identifier = alias(record.id) if mentions(record.id, holds) else record.id
    if (left, thread, identifier) == (record.participants, record.thread, record.id):
        return record
    return replace(record, id=identifier, participants=left, thread=thread)


def suppression_of(store: GraphStore, key: bytes | None) -> Suppression:
    """Who is suppressed in this store, to be asked with its key.

    Raises:
        ConfigError: somebody is suppressed and the key is missing or another one; nothing may be imported then.
    """
    check = suppressions.check_value(store)
    if check is None:
        return Suppression()
    if key is None or not hmac.compare_digest(hashed(key, CHECKED), check):
        what = "is missing" if key is None else "is not the one that the store was made with"
        raise ConfigError(
            f"people were forgotten in this store, and the key that keeps them out {what}",
            remedy="put suppression.key of the home folder where it was made into this one, or set GRAPHMAP_PRIVACY_SUPPRESSION_KEY",
        )
    return Suppression(frozenset(suppressions.hashes(store)), key)


def suppress(store: GraphStore, key: bytes, identities: Iterable[str], author: str, at: int) -> int:
    """Stores keyed hashes of identity keys (``mail:…``, ``id:…``); returns how many.

    Raises:
        ConfigError: the store was made with another key.
    """
    suppression_of(store, key)
    every = {form for identity in identities for form in forms(identity.partition(":")[2])}
    made = sorted(hashed(key, form) for form in every)
    suppressions.save(store, made, hashed(key, CHECKED), author, at)
    return len(made)
