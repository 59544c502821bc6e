"""One instant with everything that its numbers came from, so that they can be asked again with other people in place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from graphmap.scoring.capture import Completeness, withheld
from graphmap.scoring.directory import OWN, Directory
from graphmap.scoring.formula import DAY_MS, Formula
from graphmap.scoring.portfolio import Scores, score
from graphmap.scoring.ties import TieLog, TieSums


@dataclass(frozen=True)
class Moment:
    """Ties, their sums, people and numbers at ``as_of`` (epoch ms) under one formula and baseline s0.

    ``captured``: how much of each account is, where that is known.
    """

    log: TieLog
    sums: TieSums
    directory: Directory
    formula: Formula
    as_of: int
    baseline: float | None
    scores: Scores
    captured: Completeness | None = None

    @property
    def day(self) -> int:
        """The UTC day of ``as_of``, days since 1970-01-01."""
        return self.as_of // DAY_MS

    def with_people(self, directory: Directory) -> Moment:
        """The same instant and the same interactions with other affiliations: sums and baseline stay, numbers are made anew."""
        scores = score(self.log, self.sums, directory, self.formula, self.as_of, self.baseline)
        return replace(self, directory=directory, scores=withheld(scores, self.captured))


def moment_at(
    log: TieLog,
    sums: TieSums,
    directory: Directory,
    formula: Formula,
    as_of: int,
    baseline: float | None,
    captured: Completeness | None = None,
) -> Moment:
    """A moment with its numbers."""
    scores = withheld(score(log, sums, directory, formula, as_of, baseline), captured)
    return Moment(log, sums, directory, formula, as_of, baseline, scores, captured)


def works_for_us(directory: Directory, people: NDArray[np.int32], day: int) -> NDArray[np.bool_]:
    """Whether each of these people (indexes, shape (n,)) has an affiliation with an own firm that lasts beyond the day."""
    return ~directory.rep_left(people, day)


def without(directory: Directory, leaving: Iterable[int], day: int) -> Directory:
    """The directory in which these people have left on ``day``: ours leave us, others leave their firms.

    Only ends move, and only to an earlier day.
    """
    gone = np.zeros(len(directory.person_ids), dtype=np.bool_)
    gone[list(leaving)] = True
    ours = directory.firm_kind[directory.firm] == OWN
    our_people = works_for_us(directory, directory.person, day)
    closing = gone[directory.person] & (ours == our_people)
    return replace(directory, end=np.where(closing, np.minimum(directory.end, day), directory.end))
