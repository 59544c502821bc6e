"""Which accounts an interaction concerns: the firms, not ours, where its participants worked on that day."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence

from graphmap.ingest.identity_keys import domain_of
from graphmap.ingest.master import Master, WorksAt
from graphmap.records import ROLES_ON_NO_SIDE

_EPOCH = datetime.date(1970, 1, 1).toordinal()
_DAY_MS = 86_400_000


class Placing:
    """Answers where an identity stood on a day, with what was resolved; addresses nobody lists stand at their domain's firm."""

    def __init__(self, master: Master) -> None:
        self._master = master
        self._firms: dict[str, str | list[WorksAt] | None] = {}
        self._ours = {firm.id for firm in master.firms.values() if firm.kind == "own"}

    def about(self, at: int, participants: Iterable[tuple[str, str]]) -> tuple[str, ...]:
        """Ids of the firms, sorted; ``participants`` are (role, identity key), ``at`` epoch ms."""
        found: set[str] = set()
        for role, key in participants:
            if role in ROLES_ON_NO_SIDE or role == "channel":
                continue
            named = key.removeprefix("account:") if role == "account" else self._firm(key, at)
            firm = self._master.firm_id(named)
            if firm is not None and firm not in self._ours:
                found.add(firm)
        return tuple(sorted(found))

    def _firm(self, key: str, at: int) -> str | None:
        if key not in self._firms:
            self._firms[key] = self._always(key)
        known = self._firms[key]
        return known if known is None or isinstance(known, str) else firm_on(known, at)

    def _always(self, key: str) -> str | list[WorksAt] | None:
        """The one firm where the person always worked, or the affiliations to choose from."""
        who = self._master.person_of.get(key)
        if who is None:
            return self._master.firm_of_domain.get(domain_of(key)) if key.startswith("mail:") else None
        work = self._master.people[who].works_at
        if not work:
            return None
        if len(work) == 1 and work[0].valid_from is None and work[0].valid_to is None:
            return work[0].firm
        return work


def firm_on(work: Sequence[WorksAt], at: int) -> str | None:
    """The firm of a person on the UTC date of ``at``: of several the latest start, then the larger precedence."""
    day = datetime.date.fromordinal(_EPOCH + at // _DAY_MS).isoformat()
    valid = [
        w
        for w in work
        if (w.valid_from is None or w.valid_from <= day) and (w.valid_to is None or day < w.valid_to)
    ]
    return max(valid, key=lambda w: (w.valid_from or "", w.precedence)).firm if valid else None
