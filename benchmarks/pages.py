"""Pages: our own time above the store's for an account with its map, and a whole portfolio read and shown.

Needs no data of anybody: a store is made, filled with 10,000 accounts, scored, and asked. ``python -m benchmarks pages``.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import canonical, measure
from graphmap.config import Settings

ACCOUNTS = int(os.environ.get("GRAPHMAP_BENCH_ACCOUNTS", "10000"))


def clock() -> int:
    return time.time_ns() // 1_000_000


def asked(folder: Path, home: Path) -> None:
    """Imports, scores, then times pages through the site with the time inside the store taken apart."""
    from graphmap.ingest.loading import Wishes, preflight, run_import
    from graphmap.ingest.protocol import Options
    from graphmap.services.scoringrun import run_scoring
    from graphmap.services.service import GraphServices
    from graphmap.services.values import LOCAL_ADMIN
    from graphmap.store.graphstore import GraphStore
    from graphmap.store.opening import open_store
    from graphmap_web import create_app

    settings = Settings.load(environment={**os.environ, "GRAPHMAP_HOME": str(home)})
    inside = [0.0]
    plain_read = GraphStore.read

    def read(self, text, /, **parameters):
        begin = time.perf_counter()
        try:
            return plain_read(self, text, **parameters)
        finally:
            inside[0] += time.perf_counter() - begin

    with open_store(settings) as store:
        run_import(store, preflight([str(folder)], Options()), Options(), Wishes(), now=clock)
        run_scoring(store, settings, now=clock)
        GraphStore.read = read  # type: ignore[method-assign]
        services = GraphServices(store, settings)
        client = create_app(services).test_client()
        lines = sorted(services.accounts(LOCAL_ADMIN)[1], key=lambda a: -a.interactions)
        answers: dict[str, list[float]] = {}
        for name, path, again in (
            ("portfolio, first", "/", 1), ("portfolio, again", "/", 5), ("account page", f"/accounts/{lines[0].id}", 7),
            ("account map data", f"/accounts/{lines[0].id}/map.json", 7),
        ):  # fmt: skip
            if name == "portfolio, first":
                services._kept = None
            found = []
            for _ in range(again):
                inside[0] = 0.0
                begin = time.perf_counter()
                response = client.get(path)
                whole = time.perf_counter() - begin
                assert response.status_code == 200, (path, response.status_code)
                found.append((whole, whole - inside[0]))
            answers[name] = list(min(found))
        measure.report(measure.Cost(0, 0, 0, answers))


def run() -> list[str]:
    """Milliseconds in this run: whole and our own above the store's."""
    from graphmap.store.embedded import stop_embedded

    lines = [f"{ACCOUNTS} accounts", "", "| page | whole ms | ours above the store's ms |", "|---|---|---|"]
    with tempfile.TemporaryDirectory() as temporary:
        folder, home = Path(temporary) / "data", Path(temporary) / "home"
        canonical.write(folder, ACCOUNTS * 4, accounts=ACCOUNTS)
        cost = measure.alone("benchmarks.pages", str(folder), str(home))
        stop_embedded(home)
    lines += [
        f"| {name} | {1000 * whole:.0f} | {1000 * ours:.0f} |" for name, (whole, ours) in cost.value.items()
    ]  # type: ignore[union-attr]
    return lines


if __name__ == "__main__":
    asked(Path(sys.argv[1]), Path(sys.argv[2]))
