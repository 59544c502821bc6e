"""What those who left lately took along: a contact with a large vote, a rep whose share nobody has taken up since."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from graphmap.scoring.directory import OWN, Directory
from graphmap.scoring.formula import DAY_MS, Formula
from graphmap.scoring.portfolio import Scores
from graphmap.scoring.ties import TieLog, TieSums
from graphmap.scoring.trend import score_at


@dataclass(frozen=True, slots=True)
class Left:
    """Somebody (index) who left on ``day``: ``share`` 0-1 the vote (theirs) or P (ours) just before, ``level`` seniority or -1.

    ``gained`` 0-1: the largest gain of anybody of ours since.
    """

    person: int
    day: int
    share: float
    level: int = -1
    gained: float = 0.0


@dataclass(frozen=True)
class Leavers:
    """Per account (index of the directory) who left, the largest share first."""

    contacts: dict[int, tuple[Left, ...]]
    reps: dict[int, tuple[Left, ...]]


def leavers(
    log: TieLog,
    sums: TieSums,
    directory: Directory,
    scores: Scores,
    formula: Formula,
    as_of: int,
    baseline: float | None,
    days: float,
) -> Leavers:
    """Everybody who left within so many days before ``as_of`` and had a tie, with what they held on the day before."""
    today = as_of // DAY_MS
    ties = scores.ties
    there = sums.interactions > 0
    rows = np.flatnonzero(there & (ties.rep_left | ties.contact_left))
    ends = _Ends(directory)
    by_day: dict[int, set[tuple[int, int, bool]]] = defaultdict(set)
    for row in rows.tolist():
        account = int(log.account[row])
        for gone, person, own in (
            (ties.rep_left[row], int(log.rep[row]), True),
            (ties.contact_left[row], int(log.contact[row]), False),
        ):
            if not gone:
                continue
            end = ends.of(person, None if own else account)
            if end is not None and today - days <= end <= today:
                by_day[end].add((account, person, own))
    contacts: dict[int, list[Left]] = defaultdict(list)
    reps: dict[int, list[Left]] = defaultdict(list)
    now: dict[int, list[tuple[int, float]]] = defaultdict(list)
    for (account, rep), share in _shares(scores).items():
        now[account].append((rep, share))
    for end, gone_then in sorted(by_day.items()):
        # Only the accounts concerned: a leaving a day must not cost a pass over everything.
        few = log.of_accounts({account for account, _, _ in gone_then})
        before = score_at(few, directory, formula, end * DAY_MS - 1, baseline)
        shares, votes, levels = _shares(before), _votes(before), _levels(before)
        for account, person, own in sorted(gone_then):
            if own:
                held = shares.get((account, person), 0.0)
                gains = [p - shares.get((account, rep), 0.0) for rep, p in now[account]]
                reps[account].append(Left(person, end, held, gained=max(gains, default=0.0)))
            else:
                level = levels.get((account, person), -1)
                contacts[account].append(Left(person, end, votes.get((account, person), 0.0), level))
    return Leavers(_sorted(contacts), _sorted(reps))


def _sorted(found: dict[int, list[Left]]) -> dict[int, tuple[Left, ...]]:
    return {a: tuple(sorted(some, key=lambda one: (-one.share, one.person))) for a, some in found.items()}


class _Ends:
    """The last day of a person with a firm, or with any of ours."""

    def __init__(self, directory: Directory) -> None:
        self._pairs = directory.last_end()
        own = np.where(directory.firm_kind == OWN, -1, np.arange(len(directory.firm_kind)))
        self._ours = directory.last_end(own.astype(np.int32))

    def of(self, person: int, firm: int | None) -> int | None:
        return self._ours.get((person, -1)) if firm is None else self._pairs.get((person, firm))


def _shares(scores: Scores) -> dict[tuple[int, int], float]:
    reps = scores.reps
    some = reps.share > 0
    keys = zip(reps.account[some].tolist(), reps.rep[some].tolist(), strict=True)
    return dict(zip(keys, reps.share[some].tolist(), strict=True))


def _votes(scores: Scores) -> dict[tuple[int, int], float]:
    contacts = scores.contacts
    keys = zip(contacts.account.tolist(), contacts.contact.tolist(), strict=True)
    return dict(zip(keys, contacts.vote.tolist(), strict=True))


def _levels(scores: Scores) -> dict[tuple[int, int], int]:
    contacts = scores.contacts
    keys = zip(contacts.account.tolist(), contacts.contact.tolist(), strict=True)
    return dict(zip(keys, contacts.seniority.tolist(), strict=True))
