"""What changed, from files to answers; another instant is what a run at it stored, bit for bit; on both stores."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from graphmap.config import Settings
from graphmap.services.history import end_of_day, rows_at
from graphmap.services.lines import scored_run
from graphmap.services.service import GraphServices
from graphmap.services.times import milliseconds
from graphmap.services.values import LOCAL_ADMIN, Viewer
from graphmap.store import GraphStore, assessments
from tests.pipeline.kit import Cli, company, counts, write

THEN = "2026-02-10T12:00:00+00:00"


@pytest.fixture
def services(cli: Cli, graph: GraphStore, any_store_settings: Settings, tmp_path: Path) -> GraphServices:
    assert cli("import", write(tmp_path, company(16)), "--no-score").code == 0
    assert cli("score", "--as-of", THEN, scoring_baseline="0.5").code == 0
    assert cli("score", scoring_baseline="0.5").code == 0
    return GraphServices(graph, any_store_settings)


def test_an_old_instant_computed_anew_is_what_was_stored_for_it(services: GraphServices) -> None:
    store = services.store
    run = scored_run(store)
    first = next(
        r for r in store.read("MATCH (r:Run {kind: 'score'}) RETURN r.id ORDER BY r.sequence LIMIT 1")
    )[0]
    rows = rows_at(store, services._settings, run, milliseconds(THEN))
    assert len(rows) == 3
    for firm, row in rows.items():
        stored = assessments.assessment(store, str(first), firm)
        assert stored is not None
        known = {k: v for k, v in row.items() if v not in (None, []) and k not in ("id", "run", "tie_kept")}
        assert {k: stored.get(k) for k in known} == known


def test_two_days_are_compared_and_nothing_is_stored(services: GraphServices, cli: Cli) -> None:
    before = counts(services.store), services.store.status().nodes
    page = services.compare(LOCAL_ADMIN, datetime.date(2026, 1, 12), datetime.date(2026, 4, 20))
    assert (counts(services.store), services.store.status().nodes) == before
    changed = {one.account.id: one for one in page.accounts}
    acme = changed["acc01"]
    assert acme.before.status == "unknown"
    assert acme.after.status == "ok"
    assert "single_threaded_us" in acme.new
    row = rows_at(services.store, services._settings, page.run, end_of_day(datetime.date(2026, 4, 20)))[
        "acc01"
    ]
    after = acme.after
    assert (after.dependence, after.lower, after.upper) == (row["dependence"], row["lower"], row["upper"])
    told = cli("compare", "2026-01-12", "2026-04-20", "--json", scoring_baseline="0.5").json
    assert [a["id"] for a in told["accounts"]] == sorted(changed)
    assert next(a for a in told["accounts"] if a["id"] == "acc01")["new"] == list(acme.new)
    same = services.compare(LOCAL_ADMIN, datetime.date(2027, 1, 1), datetime.date(2027, 1, 2))
    assert same.accounts == ()
    limited = services.compare(
        Viewer("Lena", "manager", scope=("acc03",)), datetime.date(2026, 1, 12), datetime.date(2026, 4, 20)
    )
    assert {one.account.id for one in limited.accounts} <= {"acc03"}
    assert cli("compare", "2026-04-20", "2026-01-12").code == 2


def test_a_trend_ends_with_the_latest_run(services: GraphServices, cli: Cli) -> None:
    page = services.trend(LOCAL_ADMIN, "Acme", 4)
    line = next(a for a in services.accounts(LOCAL_ADMIN)[1] if a.id == "acc01")
    assert (page.points[-1].dependence, page.points[-1].lower, page.points[-1].status) == (
        line.dependence, line.lower, line.status,
    )  # fmt: skip
    assert [p.at[:10] for p in page.points[:-1]] == ["2025-12-31", "2026-01-31", "2026-02-28", "2026-03-31"]
    assert page.points[0].status == "no_data"
    assert page.direction == "unknown"
    assert cli("trend", "acc01", "--json").json["points"][-1]["dependence"] == line.dependence
