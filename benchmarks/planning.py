"""What now: a departure, its handover plan, twelve month ends of everything, and the portfolio's mixed-integer program."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

from benchmarks import measure, synthetic
from benchmarks.measure import Cost
from graphmap.scoring.formula import Formula

T = synthetic.T


def asked(folder: Path, what: str) -> None:
    """One question over a million interactions; what is prepared is not measured."""
    from graphmap.planning.departure import depart
    from graphmap.planning.handover import handover
    from graphmap.planning.profiles import Profiles
    from graphmap.scoring.moment import moment_at
    from graphmap.scoring.ties import sum_ties
    from graphmap.scoring.trend import month_ends, score_at

    log, directory = synthetic.read(folder, "1m")
    formula = Formula()
    moment = moment_at(log, sum_ties(log, formula, T), directory, formula, T, 0.5)
    named = log.rep[moment.scores.ties.active]
    busiest = int(np.bincount(named).argmax())
    people, firms = len(directory.person_ids), len(directory.firm_ids)
    nobody = Profiles(
        np.arange(people, dtype=np.int32) % 7, np.arange(people, dtype=np.int32) % 4, np.arange(firms, dtype=np.int32) % 12,
        np.arange(firms, dtype=np.int32) % 3, np.zeros(people, dtype=np.bool_),
    )  # fmt: skip

    def months() -> object:
        return [
            float(np.nansum(score_at(log, directory, formula, at, 0.5).dependence))
            for at in month_ends(T, 11)
        ]

    work: dict[str, Callable[[], object]] = {
        "run": lambda: float(np.nansum(score_at(log, directory, formula, T, 0.5).dependence)),
        "departure": lambda: len(depart(moment, [busiest]).losses),
        "plan": lambda: len(handover(depart(moment, [busiest]), nobody)),
        "months": months,
    }
    measure.report(measure.timed(work[what]))


def program() -> None:
    """Stranded accounts of 10,000 with 1,000 people in teams of twenty, k = 10."""
    from graphmap.planning.portfolio import Shares, worst

    dice = np.random.default_rng(1)
    accounts, people = 10_000, 1_000
    rows: list[int] = []
    columns: list[int] = []
    shares: list[float] = []
    for account in range(accounts):
        size, team = int(dice.integers(1, 6)), int(dice.integers(0, 50))
        near = team * 20 + dice.integers(0, 20, size)
        reps = np.unique(np.where(dice.random(size) < 0.8, near, dice.integers(0, people, size)))
        parts = dice.gamma(0.5, 1, len(reps))
        rows += [account] * len(reps)
        columns += reps.tolist()
        shares += (parts / parts.sum() * (1 - dice.uniform(0, 0.4))).tolist()
    table = Shares(
        np.array(rows, dtype=np.int32), np.array(columns, dtype=np.int32), np.array(shares), dice.lognormal(10, 1.2, accounts),
        np.arange(people, dtype=np.int32), valued=True,
    )  # fmt: skip

    def work() -> object:
        found = worst(table, 10, "stranded")
        return [found.worth / float(table.value.sum()), found.gap]

    measure.report(measure.timed(work))


def run() -> list[str]:
    """The lines of docs/performance.md: ratios to one scoring pass, and the gap of the program."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        synthetic.write(folder, "1m")
        cost: dict[str, Cost] = {
            what: measure.alone("benchmarks.planning", str(folder), what)
            for what in ("run", "departure", "plan", "months")
        }
        solved = measure.alone("benchmarks.planning", "program")
    one = cost["run"].cpu
    lines = [
        "| question, 1 million interactions (330,000 ties) | CPU against one scoring pass | peak MB of the process |",
        "|---|---|---|",
        f"| one scoring pass | 1 | {cost['run'].peak_mb:.0f} |",
        f"| the busiest person leaves: {cost['departure'].value} accounts before and after | {cost['departure'].cpu / one:.2f} | {cost['departure'].peak_mb:.0f} |",
        f"| with the handover plan of {cost['plan'].value} contacts | {cost['plan'].cpu / one:.2f} | {cost['plan'].peak_mb:.0f} |",
        f"| twelve month ends of all accounts | {cost['months'].cpu / one:.2f} | {cost['months'].peak_mb:.0f} |",
    ]
    worth, gap = solved.value if isinstance(solved.value, list) else (0.0, 0.0)
    lines.append(
        f"\nStranded accounts, 10,000 accounts x 1,000 people, k = 10: {solved.wall:.1f} s wall, {100 * worth:.1f} % of the value, gap {gap:.1e}, "
        f"{solved.peak_mb:.0f} MB."
    )
    return lines


if __name__ == "__main__":
    if sys.argv[1] == "program":
        program()
    else:
        asked(Path(sys.argv[1]), sys.argv[2])
