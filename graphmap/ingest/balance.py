"""The balance of an import: read = new + updated + unchanged + duplicate + excluded + quarantined, per file and in all."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass
class Balance:
    """Counts of source records of one file.

    >>> balance = Balance(read=3, new=1, unchanged=1)
    >>> balance.quarantined["date"] += 1
    >>> balance.adds_up()
    True
    """

    read: int = 0
    new: int = 0
    updated: int = 0
    unchanged: int = 0
    duplicate: int = 0
    excluded: Counter[str] = field(default_factory=Counter[str])
    quarantined: Counter[str] = field(default_factory=Counter[str])
    notices: Counter[str] = field(default_factory=Counter[str])

    def adds_up(self) -> bool:
        """Whether every record that was read is accounted for once."""
        settled = self.new + self.updated + self.unchanged + self.duplicate
        return self.read == settled + self.excluded.total() + self.quarantined.total()

    def settle(self, new: int, updated: int, unchanged: int, reused: int) -> None:
        """Adds what became of the records of one batch; ``reused`` ids were found to stand for more than one mail."""
        self.new += new
        self.updated += updated
        self.unchanged += unchanged
        if reused:
            self.notices["reused_id"] += reused

    def as_json(self) -> dict[str, object]:
        """As the contract prints it (notices apart)."""
        return {
            "read": self.read,
            "new": self.new,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "duplicate": self.duplicate,
            "excluded": dict(sorted(self.excluded.items())),
            "quarantined": dict(sorted(self.quarantined.items())),
        }

    def to_text(self) -> str:
        """For a cursor: everything, as JSON."""
        return json.dumps({**self.as_json(), "notices": dict(sorted(self.notices.items()))})

    @classmethod
    def from_text(cls, text: str) -> Balance:
        """The counts of a cursor."""
        return cls.from_mapping(json.loads(text))

    @classmethod
    def from_mapping(cls, known: Mapping[str, object]) -> Balance:
        """From the mapping that ``as_json`` made."""
        balance = cls()
        for name in ("read", "new", "updated", "unchanged", "duplicate"):
            setattr(balance, name, known[name])
        for name in ("excluded", "quarantined", "notices"):
            counts = known.get(name) or {}
            assert isinstance(counts, dict)
            setattr(balance, name, Counter({str(k): int(v) for k, v in counts.items()}))
        return balance


def total(balances: Iterable[Balance]) -> Balance:
    """The sum of several balances."""
    whole = Balance()
    for one in balances:
        for name in ("read", "new", "updated", "unchanged", "duplicate"):
            setattr(whole, name, getattr(whole, name) + getattr(one, name))
        whole.excluded.update(one.excluded)
        whole.quarantined.update(one.quarantined)
        whole.notices.update(one.notices)
    return whole
