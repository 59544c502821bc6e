"""The tables: every world, both tasks, D against each other candidate with its interval; bands; coverage of the interval."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from graphmap.research.candidates import CANDIDATES, KNOWN_LEAVER, OWNER_LEAVES, Judged, judge
from graphmap.research.coverage import Coverage
from graphmap.research.worlds import World
from graphmap.scoring.formula import BANDS, Formula
from graphmap.scoring.separation import auc, auc_gain

TASKS = (KNOWN_LEAVER, OWNER_LEAVES)
RIVALS = ("plain share", "CRM owner", "HHI")


@dataclass(frozen=True)
class Gain:
    """AUC of D minus AUC of a rival, in points, with the 2.5 % and 97.5 % points of the paired bootstrap."""

    points: float
    low: float
    high: float


@dataclass(frozen=True)
class Row:
    """One world under one task: AUC in % of every candidate, gains over the rivals, share lost (0-1) and size per band of D."""

    world: str
    task: str
    accounts: int
    auc: dict[str, float]
    gains: dict[str, Gain]
    bands: tuple[tuple[int, float], ...]


def validate(
    worlds: Sequence[World], seeds: Sequence[int], count: int, formula: Formula, rounds: int = 500
) -> Iterator[Row]:
    """Rows of all worlds, task by task within a world; every seed makes ``count`` accounts and all are judged together."""
    for world in worlds:
        found = [judge(world, count, seed, formula) for seed in seeds]
        for task in TASKS:
            yield _row(world, task, _joined([each[task] for each in found]), rounds)


def _joined(parts: Sequence[Judged]) -> Judged:
    return Judged(
        np.concatenate([part.lost for part in parts]),
        {name: np.concatenate([part.scores[name] for part in parts]) for name in CANDIDATES},
        np.concatenate([part.dependence for part in parts]),
    )


def _row(world: World, task: str, judged: Judged, rounds: int) -> Row:
    dice = np.random.default_rng([11, *world.name.encode(), TASKS.index(task)])
    gains = {
        rival: Gain(
            *(
                100 * value
                for value in auc_gain(judged.scores["D"], judged.scores[rival], judged.lost, dice, rounds)
            )
        )
        for rival in RIVALS
    }
    edges = [0.0, *(edge / 100 for edge, _ in BANDS), 1.0 + 1e-9]
    said = judged.scores["D"]
    bands: list[tuple[int, float]] = []
    for low, high in pairwise(edges):
        rows = (said >= low) & (said < high)
        bands.append((int(rows.sum()), float(judged.lost[rows].mean()) if rows.any() else float("nan")))
    area = {name: 100 * auc(judged.scores[name], judged.lost) for name in CANDIDATES}
    return Row(world.name, task, len(judged.lost), area, gains, tuple(bands))


def auc_table(rows: Sequence[Row], task: str) -> Iterator[str]:
    """AUC in % of every candidate in every world, and what D gains over each rival with its 95 % interval, as Markdown."""
    yield (
        "| world | accounts | "
        + " | ".join(CANDIDATES)
        + " | "
        + " | ".join(f"D - {r}" for r in RIVALS)
        + " |"
    )
    yield "|---|" + "---:|" * (1 + len(CANDIDATES) + len(RIVALS))
    for row in rows:
        if row.task == task:
            areas = " | ".join(f"{row.auc[name]:.1f}" for name in CANDIDATES)
            gains = " | ".join(_gain(row.gains[rival]) for rival in RIVALS)
            yield f"| {row.world} | {row.accounts:,} | {areas} | {gains} |"


def _gain(gain: Gain) -> str:
    return f"{gain.points:+.1f} ({gain.low:+.2f} to {gain.high:+.2f})"


def band_table(rows: Sequence[Row], task: str) -> Iterator[str]:
    """Share of accounts lost per band of what the leaver holds, in %, as Markdown."""
    names = [name for _, name in BANDS] + ["captive"]
    yield "| world | " + " | ".join(names) + " |"
    yield "|---|" + "---:|" * len(names)
    for row in rows:
        if row.task == task:
            cells = (f"{100 * share:.1f} % of {n:,}" if n else "-" for n, share in row.bands)
            yield f"| {row.world} | " + " | ".join(cells) + " |"


def coverage_table(found: Sequence[tuple[str, tuple[Coverage, ...]]]) -> Iterator[str]:
    """How often the 90 % interval holds the true index, per world and effective sample, as Markdown."""
    yield "| world | effective sample | accounts | coverage | mean width | bias of D | RMSE of D |"
    yield "|---|---|---:|---:|---:|---:|---:|"
    for world, cells in found:
        for cell in cells:
            if not cell.accounts:
                continue
            yield (
                f"| {world} | {_sample(cell)} | {cell.accounts:,} | {100 * cell.held:.0f} % | {cell.width:.0f} "
                f"| {cell.bias:+.1f} | {cell.error:.1f} |"
            )


def _sample(cell: Coverage) -> str:
    if cell.low == 0 and cell.high == float("inf"):
        return "all"
    return f"{cell.low:.0f} and more" if cell.high == float("inf") else f"{cell.low:.0f} to {cell.high:.0f}"
