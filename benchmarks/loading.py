"""Loading: our import against the store's raw UNWIND rate, a repeated import, and the pull of the touch log.

``python -m benchmarks loading`` uses the embedded store; with GRAPHMAP_TEST_NEO4J set, that Neo4j as well (it is emptied).
"""

from __future__ import annotations

import csv
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks import canonical, measure
from benchmarks.measure import Cost
from graphmap.config import Settings

SIZE = int(os.environ.get("GRAPHMAP_BENCH_INTERACTIONS", "100000"))


def clock() -> int:
    return time.time_ns() // 1_000_000


def imported(folder: Path, home: Path, again: str) -> None:
    """One import in a process of its own."""
    from graphmap.ingest.loading import Wishes, preflight, run_import
    from graphmap.ingest.protocol import Options
    from graphmap.store.opening import open_store

    checked = preflight([str(folder)], Options())
    with open_store(Settings.load(environment={**os.environ, "GRAPHMAP_HOME": str(home)})) as store:

        def work() -> object:
            result = run_import(store, checked, Options(), Wishes(again=again == "again"), now=clock)
            return [result.totals.new, result.totals.unchanged]

        measure.report(measure.timed(work))


def raw(folder: Path, home: Path, again: str) -> None:
    """The same nodes and relationships by plain UNWIND CREATE, rows parsed before the clock starts."""
    from graphmap.store.opening import open_store

    del again
    people = {
        row["id"]: row["firm"] for row in csv.DictReader((folder / "people.csv").open(encoding="utf-8"))
    }
    rows, parts, about = [], [], []
    for row in csv.DictReader((folder / "interactions.csv").open(encoding="utf-8")):
        rows.append([row["id"], row["kind"], 1, None, row["thread"], "raw", "raw", "raw:0", "0"])
        firms = set()
        for place, text in enumerate(row["participants"].split(";")):
            role, who = text.split(":")
            parts.append([row["id"], f"id:{who}", role, place])
            firms.add(people[who])
        about += [[row["id"], firm] for firm in firms - {"us"}]
    with open_store(Settings.load(environment={**os.environ, "GRAPHMAP_HOME": str(home)})) as store:
        store.create_schema()
        firms_all = sorted(set(people.values()))

        def masters() -> None:
            store.write_with(lambda w: w.run("UNWIND $rows AS r CREATE (:Firm {id: r})", rows=firms_all))
            ids = list(people)
            for begin in range(0, len(ids), 5000):
                page = ids[begin : begin + 5000]
                store.write_with(
                    lambda w, page=page: w.run(
                        "UNWIND $rows AS r CREATE (:Identity {key: r})", rows=[f"id:{p}" for p in page]
                    )
                )

        masters()

        def work() -> object:
            at = [0, 0]
            for begin in range(0, len(rows), 5000):
                page = rows[begin : begin + 5000]
                known = {row[0] for row in page}
                ends = []
                for k, pool in enumerate((parts, about)):
                    stop = at[k]
                    while stop < len(pool) and pool[stop][0] in known:
                        stop += 1
                    ends.append(pool[at[k] : stop])
                    at[k] = stop

                def write(w, page=page, ends=ends) -> None:
                    w.run(
                        "UNWIND $rows AS r CREATE (:Interaction {id: r[0], kind: r[1], at: r[2], direction: r[3], thread: r[4], source: r[5], run: r[6], batch: r[7], hash: r[8]})",
                        rows=page,
                    )
                    w.run(
                        "UNWIND $rows AS p MATCH (i:Interaction {id: p[0]}) MATCH (x:Identity {key: p[1]}) CREATE (x)-[:TOOK_PART {role: p[2], place: p[3]}]->(i)",
                        rows=ends[0],
                    )
                    w.run(
                        "UNWIND $rows AS a MATCH (i:Interaction {id: a[0]}) MATCH (f:Firm {id: a[1]}) CREATE (i)-[:ABOUT]->(f)",
                        rows=ends[1],
                    )

                store.write_with(write)
            return len(rows)

        measure.report(measure.timed(work))


def pulled(folder: Path, home: Path, again: str) -> None:
    """The whole touch log pulled into an empty cache and clustered."""
    from graphmap.services import touchdata
    from graphmap.store.opening import open_store

    del folder, again
    settings = Settings.load(environment={**os.environ, "GRAPHMAP_HOME": str(home)})
    with open_store(settings) as store:
        measure.report(measure.timed(lambda: len(touchdata.load(store, settings).log.at)))


WAYS = {"imported": imported, "raw": raw, "pulled": pulled}


def emptied() -> None:
    """Deletes everything in the given Neo4j, in pages: relationships first, for a firm may have millions."""
    from graphmap.store.opening import open_store

    with open_store(Settings.load(environment=os.environ)) as store:
        for text in (
            "MATCH ()-[r]->() WITH r LIMIT 50000 DELETE r RETURN count(*)",
            "MATCH (n) WITH n LIMIT 50000 DELETE n RETURN count(*)",
        ):
            left = 1
            while left:
                left = store.write_with(lambda w, text=text: int(str(w.run(text)[0][0])))


def run() -> list[str]:
    """Ratios of wall time (the server works in its own process) and peak memory of the importing one, for each store."""
    from graphmap.store.embedded import stop_embedded

    lines = [
        f"{SIZE} interactions",
        "",
        "| store and step | interactions a second against raw | peak MB of the process |",
        "|---|---|---|",
    ]
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "data"
        canonical.write(folder, SIZE)
        homes = Path(temporary) / "two", Path(temporary) / "one"
        lines += _steps("embedded", folder, homes, stop_embedded)
        if uri := os.environ.get("GRAPHMAP_TEST_NEO4J"):
            os.environ["GRAPHMAP_STORE"] = uri
            os.environ["GRAPHMAP_STORE_USER"] = os.environ.get("GRAPHMAP_TEST_NEO4J_USER", "neo4j")
            os.environ["GRAPHMAP_STORE_PASSWORD"] = os.environ.get("GRAPHMAP_TEST_NEO4J_PASSWORD", "")
            emptied()
            homes = Path(temporary) / "four", Path(temporary) / "three"
            lines += _steps("Neo4j", folder, homes, lambda _home: emptied())
    return lines


def _steps(store: str, folder: Path, homes: tuple[Path, Path], ended: Callable[[Path], object]) -> list[str]:
    def go(way: str, home: Path, again: str = "") -> Cost:
        return measure.alone("benchmarks.loading", way, str(folder), str(home), again)

    plain = go("raw", homes[0])
    ended(homes[0])
    first, second, log = (
        go("imported", homes[1]), go("imported", homes[1], "again"), go("pulled", homes[1]),
    )  # fmt: skip
    ended(homes[1])
    return [
        *(
            f"| {store}: {name} | {plain.wall / cost.wall:.2f} | {cost.peak_mb:.0f} |"
            for name, cost in (
                ("raw UNWIND CREATE", plain),
                ("first import", first),
                ("import again, nothing changed", second),
                ("touch log pulled and clustered", log),
            )
        ),
        f"| {store}: again / first | {first.wall / second.wall:.2f} | |",
    ]


if __name__ == "__main__":
    WAYS[sys.argv[1]](Path(sys.argv[2]), Path(sys.argv[3]), sys.argv[4])
