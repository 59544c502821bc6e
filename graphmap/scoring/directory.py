"""Who worked where when, as arrays: the lookup of a person's firm on a day, who has left, whose title was which."""

from __future__ import annotations

import bisect
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

OWN, ACCOUNT, PARTNER, OTHER = 0, 1, 2, 3
FIRM_KIND_CODES = {"own": OWN, "account": ACCOUNT, "partner": PARTNER, "other": OTHER}
ALWAYS = -(2**30)
OPEN = 2**30

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Directory:
    """People and firms with their affiliations.

    ``person_ids`` and ``firm_ids`` are sorted as text, so indexes order like ids. An account's unnamed contact is a person
    with id ``account:FIRM`` and one open affiliation. The firm itself (FIRM) has the index ``firm_rep``.
    Affiliation k: ``person[k]`` worked at ``firm[k]`` from day ``start[k]`` (inclusive) to ``end[k]`` (exclusive), days since
    1970-01-01 UTC; ``precedence[k]`` decides among those that start on the same day (larger wins); ``seniority[k]`` 0-3 or -1.
    """

    person_ids: tuple[str, ...]
    firm_ids: tuple[str, ...]
    firm_kind: NDArray[np.int8]
    owner: NDArray[np.int32]
    unnamed_of: NDArray[np.int32]
    person: NDArray[np.int32]
    firm: NDArray[np.int32]
    start: Ints
    end: Ints
    precedence: Ints
    seniority: NDArray[np.int8]

    @property
    def firm_rep(self) -> int:
        """The index that stands for FIRM among reps."""
        return len(self.person_ids)

    def person_at(self, identifier: str) -> int | None:
        """The index of a person, None where there is none."""
        return _index_of(self.person_ids, identifier)

    def firm_at(self, identifier: str) -> int | None:
        """The index of a firm, None where there is none."""
        return _index_of(self.firm_ids, identifier)

    @cached_property
    def _segments(self) -> tuple[Ints, NDArray[np.int32]]:
        """Keys (person, day) where the firm changes, sorted, and the firm from there on (-1 = none)."""
        order = np.lexsort((self.precedence, self.start, self.person))
        person, firm = self.person[order], self.firm[order]
        start, end = self.start[order], self.end[order]
        bounds = np.flatnonzero(np.diff(person, prepend=-1))
        sizes = np.diff(np.append(bounds, len(person)))
        # Nearly everybody worked at one firm: from its start on there, from its end on nowhere.
        once = bounds[sizes == 1]
        once = once[end[once] > start[once]]
        keys = [_key(person[once], start[once]), _key(person[once], end[once])]
        firms: list[NDArray[np.int32]] = [firm[once], np.full(len(once), -1, dtype=np.int32)]
        for begin, size in zip(bounds[sizes > 1].tolist(), sizes[sizes > 1].tolist(), strict=True):
            rows = slice(begin, begin + size)
            line = np.array(_timeline(start[rows], end[rows], firm[rows]), dtype=np.int64)
            keys.append(_key(np.full(len(line), person[begin], dtype=np.int32), line[:, 0]))
            firms.append(line[:, 1].astype(np.int32))
        whole = np.concatenate(keys)
        by_key = np.argsort(whole, kind="stable")
        return whole[by_key], np.concatenate(firms)[by_key]

    def firm_on(self, person: NDArray[np.int32], day: Ints) -> NDArray[np.int32]:
        """The firm index of each person on each day (UTC), -1 for none; shapes (n,), (n,) -> (n,)."""
        keys, firms = self._segments
        if len(keys) == 0:
            return np.full(len(person), -1, dtype=np.int32)
        wanted = person.astype(np.int64) * _SPAN + (np.clip(day, -_HALF + 2, _HALF - 2) + _HALF)
        at = np.searchsorted(keys, wanted, side="right") - 1
        found = firms[np.maximum(at, 0)]
        same = (at >= 0) & (keys[np.maximum(at, 0)] // _SPAN == person)
        return np.where(same, found, np.int32(-1)).astype(np.int32)

    def moved_to(self, later: Directory) -> tuple[NDArray[np.int32], NDArray[np.int32]] | None:
        """Where every person and firm of this directory stands in a later one, as index arrays; both keep their order.

        None where what was known of somebody changed: an id is gone, a firm is of another kind, an affiliation differs.
        """
        people, firms = _places(self.person_ids, later.person_ids), _places(self.firm_ids, later.firm_ids)
        if people is None or firms is None or not np.array_equal(self.firm_kind, later.firm_kind[firms]):
            return None
        before = _fingerprints(
            people[self.person],
            firms[self.firm],
            self.start,
            self.end,
            self.precedence,
            len(later.person_ids),
        )
        after = _fingerprints(
            later.person, later.firm, later.start, later.end, later.precedence, len(later.person_ids)
        )
        return (people, firms) if np.array_equal(before[people], after[people]) else None

    def last_end(self, group: NDArray[np.int32] | None = None) -> dict[tuple[int, int], int]:
        """For every (person, firm) the latest end of an affiliation; ``group`` maps firms to a common one (own firms)."""
        firm = self.firm if group is None else group[self.firm]
        latest: dict[tuple[int, int], int] = {}
        for who, where, end in zip(self.person.tolist(), firm.tolist(), self.end.tolist(), strict=True):
            latest[who, where] = max(end, latest.get((who, where), ALWAYS))
        return latest

    @cached_property
    def _own_end(self) -> Ints:
        ends = np.full(len(self.person_ids) + 1, ALWAYS, dtype=np.int64)
        ours = self.firm_kind[self.firm] == OWN
        np.maximum.at(ends, self.person[ours], self.end[ours])
        ends[self.firm_rep] = OPEN
        return ends

    def rep_left(self, reps: NDArray[np.int32], day: int) -> NDArray[np.bool_]:
        """Whether each rep has left us by that day: no affiliation with any own firm is open or ends after it."""
        return self._own_end[reps] <= day

    @cached_property
    def _pair_keys(self) -> tuple[Ints, Ints]:
        key = self.person.astype(np.int64) * (len(self.firm_ids) + 1) + self.firm
        unique, inverse = np.unique(key, return_inverse=True)
        ends = np.full(len(unique), ALWAYS, dtype=np.int64)
        np.maximum.at(ends, inverse, self.end)
        return unique, ends

    def contact_left(
        self, contacts: NDArray[np.int32], accounts: NDArray[np.int32], day: int
    ) -> NDArray[np.bool_]:
        """Whether each contact has left the account by that day."""
        unique, ends = self._pair_keys
        key = contacts.astype(np.int64) * (len(self.firm_ids) + 1) + accounts
        at = np.minimum(np.searchsorted(unique, key), max(len(unique) - 1, 0))
        if len(unique) == 0:
            return np.zeros(len(contacts), dtype=np.bool_)
        return np.where(unique[at] == key, ends[at] <= day, False)

    def seniority_on(
        self, contacts: NDArray[np.int32], accounts: NDArray[np.int32], day: int
    ) -> NDArray[np.int8]:
        """Seniority 0-3 of the affiliation with the account that is valid on that day (the latest), -1 unknown."""
        valid = np.flatnonzero((self.start <= day) & (day < self.end))
        span = len(self.firm_ids) + 1
        known = self.person[valid].astype(np.int64) * span + self.firm[valid]
        order = np.lexsort((self.precedence[valid], self.start[valid], known))
        known, level = known[order], self.seniority[valid][order]
        wanted = contacts.astype(np.int64) * span + accounts
        # The last of equal keys is the one that starts latest.
        at = np.searchsorted(known, wanted, side="right") - 1
        if not len(known):
            return np.full(len(wanted), -1, dtype=np.int8)
        return np.where((at >= 0) & (known[at] == wanted), level[at], np.int8(-1)).astype(np.int8)


def _index_of(ids: tuple[str, ...], wanted: str) -> int | None:
    place = bisect.bisect_left(ids, wanted)
    return place if place < len(ids) and ids[place] == wanted else None


def _places(ids: tuple[str, ...], later: tuple[str, ...]) -> NDArray[np.int32] | None:
    place = dict(zip(later, range(len(later)), strict=True))
    found = np.fromiter((place.get(one, -1) for one in ids), dtype=np.int32, count=len(ids))
    return None if np.any(found < 0) else found


def _fingerprints(
    person: NDArray[np.int32],
    firm: NDArray[np.int32],
    start: Ints,
    end: Ints,
    precedence: Ints,
    people: int,
) -> NDArray[np.uint64]:
    """A number of 64 bits for everything that is known of where each person worked, whatever the order of the rows."""
    mixed = np.zeros(len(person), dtype=np.uint64)
    for column in (firm, start, end, precedence):
        # The finaliser of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014): every bit of the input moves every bit.
        mixed = (mixed ^ column.astype(np.int64).view(np.uint64)) + np.uint64(0x9E3779B97F4A7C15)
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        mixed ^= mixed >> np.uint64(31)
    whole = np.zeros(people, dtype=np.uint64)
    np.add.at(whole, person, mixed)
    return whole


_HALF = 2**31
_SPAN = 2**33


def _key(person: NDArray[np.int32], day: Ints) -> Ints:
    return person.astype(np.int64) * _SPAN + np.clip(day, -_HALF + 1, _HALF - 1) + _HALF


def _timeline(start: Ints, end: Ints, firm: NDArray[np.int32]) -> list[tuple[int, int]]:
    """Piecewise firm of one person, rows given in rising priority (start, precedence): [(first day, firm or -1)]."""
    days = sorted({int(day) for day in start} | {int(day) for day in end})
    line: list[tuple[int, int]] = []
    for day in days:
        now = -1
        for row in range(len(start) - 1, -1, -1):
            if start[row] <= day < end[row]:
                now = int(firm[row])
                break
        line.append((day, now))
    return line
