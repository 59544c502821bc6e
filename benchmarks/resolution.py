"""Who is who: 50,000 invented people in about 108,000 records, and a thousand records more against the whole.

``python -m benchmarks resolution``; GRAPHMAP_BENCH_PEOPLE sets another size.
"""

from __future__ import annotations

import os
import resource
import sys

from benchmarks import measure
from graphmap.ingest.resolution import Mention, resolve_people
from tests.ingest.resolution.people_generator import crowd

SIZE = int(os.environ.get("GRAPHMAP_BENCH_PEOPLE", "50000"))
NEW = 1_000


def mentions(more: str) -> list[Mention]:
    """The invented records; with ``more`` the thousand that the first run leaves out."""
    made = crowd(SIZE).mentions
    return made if more else made[:-NEW]


def resolved(more: str) -> None:
    """One resolution in a process of its own; also says what the records alone take."""
    given = mentions(more)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

    def work() -> object:
        found = resolve_people(given)
        return [len(given), len(found.clusters), len(found.proposals), before]

    measure.report(measure.timed(work))


def normalised(more: str) -> None:
    """Only the comparable forms of every record: what no rule can be faster than."""
    from graphmap.ingest.resolution.evidence import evidence_of

    given = mentions(more)
    measure.report(measure.timed(lambda: [len([evidence_of(m) for m in given]), 0, 0, 0.0]))


WAYS = {"resolved": resolved, "normalised": normalised}


def run() -> list[str]:
    """CPU seconds, as a share of bringing the records into comparable form, and peak memory of the process."""
    lines = [
        f"{SIZE} people",
        "",
        "| step | records | people found | proposals | CPU s | CPU against comparable forms alone | peak MB (records alone) |",
        "|---|---|---|---|---|---|---|",
    ]
    base = measure.alone("benchmarks.resolution", "normalised", "more")
    for name, way, more in (
        ("comparable forms alone", "normalised", "more"),
        ("all but a thousand", "resolved", ""),
        ("a thousand more against the whole", "resolved", "more"),
    ):
        cost = base if way == "normalised" else measure.alone("benchmarks.resolution", way, more)
        assert isinstance(cost.value, list)
        records, people, asked, before = cost.value
        lines.append(
            f"| {name} | {records} | {people} | {asked} | {cost.cpu:.1f} | {cost.cpu / base.cpu:.1f} | {cost.peak_mb:.0f} ({before:.0f}) |"
        )
    return lines


if __name__ == "__main__":
    WAYS[sys.argv[1]](sys.argv[2])
