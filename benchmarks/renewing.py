"""Ten thousand new interactions, touch log to frames, against doing everything again; the store's time is not in it."""

from __future__ import annotations

import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks import measure, synthetic
from graphmap.records import ROLES
from graphmap.scoring.directory import Directory
from graphmap.scoring.formula import Formula
from graphmap.scoring.touches import KINDS, Interactions
from graphmap.services import touchdata
from graphmap.touchlog import participations

NEW = 10_000
CHUNK = 50_000


@dataclass(frozen=True)
class Lists:
    """A batch as the store hands it out."""

    ids: list[str]
    kinds: list[str]
    ats: list[int]
    directions: list[str]
    part_ids: list[str]
    keys: list[str]
    roles: list[str]
    places: list[int]


@dataclass(frozen=True)
class Made:
    """Interactions of one batch per 50,000, the last 10,000 as one of their own; ``done`` of the batches are there."""

    log: Interactions
    directory: Directory
    done: int

    @property
    def bounds(self) -> list[tuple[int, int]]:
        """First and last interaction of every batch."""
        old = len(self.log.at) - NEW
        return [*((k, min(k + CHUNK, old)) for k in range(0, old, CHUNK)), (old, len(self.log.at))]

    def epoch(self) -> int:
        """Nothing was ever taken out."""
        return 0

    def batches(self) -> dict[str, int]:
        """One run of all batches."""
        return {"run": self.done}

    def pull(self, batch: str) -> Lists:
        """One batch."""
        low, high = self.bounds[int(batch.split(":")[1])]
        log, names = self.log, self.directory.person_ids
        begin, stop = np.searchsorted(log.part_of, [low, high])
        part, who = log.part_of[begin:stop], log.who[begin:stop].tolist()
        ids = [f"i{k:09d}" for k in range(low, high)]
        first = np.searchsorted(part, np.arange(low, high))
        places = np.arange(len(part)) - first[part - low]
        return Lists(
            ids, [KINDS[k] for k in log.kind[low:high].tolist()], log.at[low:high].tolist(), [""] * (high - low),
            [ids[k - low] for k in part.tolist()],
            ["channel:portal" if w == self.directory.firm_rep else f"id:{names[w]}" for w in who],
            [ROLES[r] for r in log.role[begin:stop].tolist()], places.tolist(),
        )  # fmt: skip


def prepare(folder: Path, size: str) -> None:
    """The log with everything but the newest, clustered and summed at its T; beside it a copy with all, of which nothing is kept."""
    log, directory = synthetic.make(size)
    made = Made(log, directory, 0)
    made = Made(log, directory, len(made.bounds) - 1)
    people = person_of(directory)
    pulled = participations.refresh(folder / "kept", made)
    data = touchdata.current(pulled, directory, people, 50)
    touchdata.sums_at(data, Formula(), int(log.at[-NEW - 1]))
    participations.refresh(folder / "kept", Made(log, directory, made.done + 1))
    shutil.copytree(folder / "kept", folder / "anew")
    (folder / "anew" / "clustered.json").unlink()
    synthetic.save_directory(folder, directory)


def person_of(directory: Directory) -> dict[str, str]:
    """Who is behind each id."""
    return {f"id:{name}": name for name in directory.person_ids if not name.startswith("account:")}


def run_once(folder: Path, which: str) -> None:
    """From the touch log to frames, once with what was kept and once with nothing."""
    from graphmap.scoring.frames import account_frame, tie_frame
    from graphmap.scoring.portfolio import score

    directory = synthetic.read_directory(folder)
    people = person_of(directory)
    manifest = participations.manifest_of(folder / which)
    segments = manifest["segments"]
    pulled = participations.Pulled(
        folder / which, manifest["lineage"], tuple(segments), tuple(segments.values())
    )

    def work() -> object:
        data = touchdata.current(pulled, directory, people, 50)
        as_of = pulled.newest(synthetic.T)
        assert as_of is not None
        sums = touchdata.sums_at(data, Formula(), as_of)
        scores = score(data.log, sums, directory, Formula(), as_of, 0.5)
        accounts = account_frame(scores, directory)
        ties = tie_frame(data.log, sums, scores, directory)
        return [len(accounts), len(ties), float(accounts.dependence.sum()), float(ties.strength.sum())]

    measure.report(measure.timed(work))


def run(sizes: tuple[str, ...] = ("1m", "10m")) -> list[str]:
    """Both ways at all sizes; lines of a table."""
    lines = [
        "| interactions | way | CPU against everything again | peak MB | same values |",
        "|---|---|---|---|---|",
    ]
    for size in sizes:
        with tempfile.TemporaryDirectory() as temporary:
            folder = Path(temporary)
            measure.subprocess.run(
                [sys.executable, "-m", "benchmarks.renewing", "prepare", str(folder), size], check=True
            )
            anew = measure.alone("benchmarks.renewing", "anew", str(folder))
            kept = measure.alone("benchmarks.renewing", "kept", str(folder))
            lines.append(f"| {size} | everything again | 1 ({anew.cpu:.2f} s) | {anew.peak_mb:.0f} | |")
            lines.append(
                f"| {size} | 10,000 new ones | {kept.cpu / anew.cpu:.3f} | {kept.peak_mb:.0f} | "
                f"{'yes' if kept.value == anew.value else f'NO {kept.value} {anew.value}'} |"
            )
    return lines


if __name__ == "__main__":
    if sys.argv[1] == "prepare":
        prepare(Path(sys.argv[2]), sys.argv[3])
    else:
        run_once(Path(sys.argv[2]), sys.argv[1])
