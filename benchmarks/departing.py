"""The command ``graphmap simulate`` on 100,000 ties, cold with a warm store, and a year of month ends against a scoring run.

Needs no data of anybody: 700,000 interactions are made, imported and scored first. ``python -m benchmarks departing``.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import canonical
from graphmap.config import Settings

INTERACTIONS = int(os.environ.get("GRAPHMAP_BENCH_INTERACTIONS", "700000"))
WHO = "r5"


def clock() -> int:
    return time.time_ns() // 1_000_000


def prepare(folder: Path, settings: Settings) -> int:
    """Imports and scores; the number of ties."""
    from graphmap.ingest.loading import Wishes, preflight, run_import
    from graphmap.ingest.protocol import Options
    from graphmap.services.scoringrun import run_scoring
    from graphmap.store.opening import open_store

    with open_store(settings) as store:
        run_import(store, preflight([str(folder)], Options()), Options(), Wishes(), now=clock)
        run_scoring(store, settings, now=clock)
        return int(str(store.read("MATCH ()-[t:TIE]->() RETURN count(t)")[0][0]))


def inside(settings: Settings) -> dict[str, float]:
    """Seconds of a departure apart from the store's, of a scoring run with its store, and of twelve month ends without."""
    from graphmap.scoring.trend import month_ends, score_at
    from graphmap.services.departures import Leaving
    from graphmap.services.lines import scored_run
    from graphmap.services.moments import moment_of
    from graphmap.services.scoringrun import run_scoring
    from graphmap.services.service import GraphServices
    from graphmap.services.values import LOCAL_ADMIN
    from graphmap.store.graphstore import GraphStore
    from graphmap.store.opening import open_store

    stored, plain_read = [0.0], GraphStore.read

    def read(self, text, /, **parameters):
        begin = time.perf_counter()
        try:
            return plain_read(self, text, **parameters)
        finally:
            stored[0] += time.perf_counter() - begin

    with open_store(settings) as store:
        GraphStore.read = read  # type: ignore[method-assign]
        services = GraphServices(store, settings)
        begin = time.perf_counter()
        services.departure(LOCAL_ADMIN, Leaving(who=(WHO,)))
        ours = time.perf_counter() - begin - stored[0]
        GraphStore.read = plain_read  # type: ignore[method-assign]
        begin = time.perf_counter()
        run_scoring(store, settings, now=clock)
        scoring = time.perf_counter() - begin
        moment = moment_of(store, settings, scored_run(store))
        begin = time.perf_counter()
        for at in month_ends(moment.as_of, 11):
            score_at(moment.log, moment.directory, moment.formula, at, moment.baseline)
        months = time.perf_counter() - begin
    return {"ours": ours, "scoring": scoring, "months": months}


def run() -> list[str]:
    """The lines to print."""
    with tempfile.TemporaryDirectory() as name:
        folder, home = Path(name) / "in", Path(name) / "home"
        canonical.write(folder, INTERACTIONS)
        settings = Settings.load(environment={**os.environ, "GRAPHMAP_HOME": str(home)})
        ties = prepare(folder, settings)
        command = [
            sys.executable,
            "-m",
            "graphmap",
            "simulate",
            "--leaving",
            WHO,
            "--json",
            "--home",
            str(home),
        ]
        walls: list[float] = []
        for _ in range(3):
            begin = time.perf_counter()
            done = subprocess.run(command, capture_output=True, check=True)
            walls.append(time.perf_counter() - begin)
        known = inside(settings)
        touched = len(json.loads(done.stdout)["accounts"])
    return [
        f"{ties:,} ties: graphmap simulate, cold with a warm store: {sorted(walls)[1]:.1f} s, {known['ours']:.1f} s of it ours beside the store and "
        f"loading libraries; {touched} accounts before and after with the plan",
        f"twelve month ends of all accounts: {known['months'] / known['scoring']:.2f} of one scoring run with its store",
    ]
