"""Five million interactions on two local Dask workers against one process: the same bits, the ratio, every worker's peak."""

from __future__ import annotations

import hashlib
import sys
import tempfile
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import measure, synthetic
from graphmap.engines.daskengine import Workers, spread
from graphmap.scoring.formula import Formula
from graphmap.scoring.portfolio import Scores, baseline_of, score
from graphmap.scoring.ties import TieSums, sum_ties

SIZE = "5m"


def bits(value: Any) -> str:
    """A hash over every column of tables."""
    made = hashlib.sha256()

    def take(one: Any) -> None:
        for field in fields(one):
            column = getattr(one, field.name)
            if isinstance(column, np.ndarray):
                made.update(column.tobytes())
            elif field.name in ("ties", "reps", "contacts"):
                take(column)
            else:
                made.update(repr(column).encode())

    take(value)
    return made.hexdigest()


def _answer(scores: Scores, sums: TieSums, peaks: list[int]) -> list[object]:
    return [bits(scores), bits(sums), [round(peak / 1e6) for peak in peaks]]


def one(folder: Path) -> None:
    """Touch log to numbers in this process."""
    log, directory = synthetic.read(folder, SIZE)

    def work() -> object:
        sums = sum_ties(log, Formula(), synthetic.T)
        baseline = baseline_of(log, sums, directory, Formula(), synthetic.T)
        return _answer(score(log, sums, directory, Formula(), synthetic.T, baseline), sums, [])

    measure.report(measure.timed(work))


def two(folder: Path) -> None:
    """The same on two workers, with writing the shards and starting and ending the workers."""
    log, directory = synthetic.read(folder, SIZE)

    def work() -> object:
        with spread(log, directory, Formula(), synthetic.T, Workers(count=2)) as portfolio:
            scores = portfolio.score(Formula(), synthetic.T, portfolio.baseline)
            return _answer(scores, portfolio.tie_sums, list(portfolio.peaks().values()))

    measure.report(measure.timed(work))


def run() -> list[str]:
    """The lines to print."""
    with tempfile.TemporaryDirectory() as name:
        synthetic.write(Path(name), SIZE)
        alone = measure.alone("benchmarks.dask", "one", name)
        spread_out = measure.alone("benchmarks.dask", "two", name)
    first, second = list(alone.value), list(spread_out.value)  # type: ignore[call-overload]  # JSON
    if first[:2] != second[:2]:
        raise SystemExit("the two engines differ")
    peaks = " and ".join(f"{peak} MB" for peak in second[2])
    return [
        f"5M interactions, one process: {alone.wall:.1f} s, {alone.cpu:.1f} CPU s, peak {alone.peak_mb:.0f} MB",
        f"two Dask workers: {spread_out.wall:.1f} s, {spread_out.cpu:.1f} CPU s, peak of the workers {peaks}, of the one who asks "
        f"{spread_out.peak_mb:.0f} MB; {spread_out.wall / alone.wall:.2f} of one process, the same bits",
    ]


if __name__ == "__main__":
    {"one": one, "two": two}[sys.argv[1]](Path(sys.argv[2]))
