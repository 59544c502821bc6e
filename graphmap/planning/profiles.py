"""What people and accounts are like, as codes, and how alike a colleague is to whoever leaves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from graphmap.scoring.moment import Moment, works_for_us

Indexes = NDArray[np.int32]
TRAITS = ("industry", "segment", "department", "seniority")
"""What similarity looks at, in the order in which it is told."""


@dataclass(frozen=True)
class Profiles:
    """Codes of what is known: -1 = unknown, equal text (without case) = equal code.

    ``department``, ``seniority`` of people, ``industry``, ``segment`` of firms: shapes (people,) and (firms,) of the
    directory. ``silent``: people who do not want to be contacted.
    """

    department: Indexes
    seniority: Indexes
    industry: Indexes
    segment: Indexes
    silent: NDArray[np.bool_]
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    """The texts behind the codes of industry, segment and department."""

    def word(self, trait: str, code: int) -> str:
        """The text behind a code."""
        return self.words[trait][code] if code >= 0 else ""


def coded(texts: Sequence[str | None]) -> tuple[Indexes, tuple[str, ...]]:
    """Codes of texts, equal without case; empty and None are -1.

    >>> codes, words = coded(["Retail", "", "retail", "Food"])
    >>> codes.tolist(), words
    ([1, -1, 1, 0], ('Food', 'Retail'))
    """
    spelled: dict[str, str] = {}
    for text in texts:
        if text:
            spelled.setdefault(text.casefold(), text)
    keys = sorted(spelled)
    place = {key: k for k, key in enumerate(keys)}
    codes = np.array([place[t.casefold()] if t else -1 for t in texts], dtype=np.int32)
    return codes, tuple(spelled[key] for key in keys)


@dataclass(frozen=True)
class Bench:
    """Everybody of ours who stays and may be asked, with what they do now. ``load`` = active ties, shape (people,)."""

    moment: Moment
    profiles: Profiles
    people: Indexes
    _similar: dict[tuple[int, int, float], dict[int, tuple[str, ...]]] = field(
        default_factory=dict[tuple[int, int, float], dict[int, tuple[str, ...]]], compare=False, repr=False
    )

    @cached_property
    def load(self) -> NDArray[np.int64]:
        """Active ties of every person of the directory, FIRM last."""
        log = self.moment.log
        active = self.moment.scores.ties.active
        return np.bincount(log.rep[active], minlength=len(self.moment.directory.person_ids) + 1)

    @cached_property
    def _experience(self) -> dict[str, dict[tuple[int, int], set[int]]]:
        """(person, code) of industries and segments -> the accounts of it where they have an active tie."""
        log, active = self.moment.log, self.moment.scores.ties.active
        rep, account = log.rep[active].tolist(), log.account[active]
        found: dict[str, dict[tuple[int, int], set[int]]] = {"industry": {}, "segment": {}}
        for trait, codes in (("industry", self.profiles.industry), ("segment", self.profiles.segment)):
            for who, where, code in zip(rep, account.tolist(), codes[account].tolist(), strict=True):
                found[trait].setdefault((who, code), set()).add(where)
        return found

    def similar(self, account: int, leaver: int, least: float) -> dict[int, tuple[str, ...]]:
        """Everybody who shares at least that part (0-1) of the four traits, with what they share."""
        key = (account, leaver, least)
        if key not in self._similar:
            told = ((one, self.alike(one, account, leaver)) for one in self.people.tolist())
            self._similar[key] = {one: traits for one, traits in told if len(traits) >= least * len(TRAITS)}
        return self._similar[key]

    def alike(self, candidate: int, account: int, leaver: int) -> tuple[str, ...]:
        """Which of industry, segment, department and seniority are the same.

        Industry and segment: the candidate has an active tie at another account of the same; department and seniority: the same
        as the leaver's. What is unknown is never the same.
        """
        profiles = self.profiles
        same: list[str] = []
        for trait, code in (("industry", profiles.industry[account]), ("segment", profiles.segment[account])):
            if code >= 0 and self._experience[trait].get((candidate, int(code)), set()) - {account}:
                same.append(trait)
        for trait, codes in (("department", profiles.department), ("seniority", profiles.seniority)):
            if codes[leaver] >= 0 and codes[candidate] == codes[leaver]:
                same.append(trait)
        return tuple(same)


def bench(moment: Moment, profiles: Profiles, leaving: Sequence[int] = ()) -> Bench:
    """The bench without the leaving people and without those who do not want to be contacted."""
    everybody = np.arange(len(moment.directory.person_ids), dtype=np.int32)
    here = works_for_us(moment.directory, everybody, moment.day) & ~profiles.silent
    here[list(leaving)] = False
    return Bench(moment, profiles, everybody[here])
