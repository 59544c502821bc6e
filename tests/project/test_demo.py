"""The demo's planted truth: every situation that the guided tour promises is found by import and scoring."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

import graphmap
from graphmap.config import Settings
from graphmap.ingest.loading import Wishes, preflight, run_import
from graphmap.ingest.protocol import Options
from graphmap.samples.company import LEAVER, NAMED, write_company
from graphmap.services.scoringrun import run_scoring
from graphmap.services.service import GraphServices
from graphmap.services.values import LOCAL_ADMIN, AccountLine
from graphmap.store import GraphStore


def clock() -> int:
    return time.time_ns() // 1_000_000


def test_the_sample_company_shows_what_the_tour_promises(
    embedded_store: GraphStore, embedded_environment: dict[str, str], tmp_path: Path
) -> None:
    settings = Settings.load(environment=embedded_environment)
    write_company(tmp_path / "company")
    result = run_import(
        embedded_store, preflight([str(tmp_path / "company")], Options()), Options(), Wishes(), now=clock
    )
    assert result.totals.quarantined.total() == 0
    assert result.totals.adds_up()
    run_scoring(embedded_store, settings, now=clock)
    services = GraphServices(embedded_store, settings)
    lines = {line.name: line for line in services.accounts(LOCAL_ADMIN)[1]}
    assert set(lines) >= {name for name, _, _ in NAMED}

    assert cell(lines["Nordwind Energy"]) == ("single", "multi")
    assert cell(lines["Kestrel Optics"]) == ("single", "single")
    assert cell(lines["Granit Tools"]) == ("multi", "single")
    assert cell(lines["Lumen Health"]) == ("multi", "multi")
    assert lines["Opal Labs"].status == "unknown"
    assert lines["Fjord Marine"].active_reps == 2
    assert (lines["Basalt Logistics"].orphaned_share or 0) > 30
    assert lines["Quarz Retail"].band == "firm"
    assert "owner_mismatch" in rules(lines["Saffron Foods"])
    assert (lines["Tundra Systems"].lost_contact_share or 0) > 30
    assert "dormant" in rules(lines["Willow Paper"])
    assert "rep_left_orphan" in rules(lines["Basalt Logistics"])
    assert "key_contact_left" in rules(lines["Tundra Systems"])
    assert "one_way" in rules(lines["Zephyr Media"])
    assert lines["Umbra Chemicals"].status == "no_data"

    page = services.account(LOCAL_ADMIN, "Basalt Logistics")
    assert {rep.id for rep in page.reps if rep.left} == {LEAVER}
    page = services.account(LOCAL_ADMIN, "Nordwind Energy")
    assert sum(term.points for term in page.through) == pytest.approx(page.account.dependence)

    graph = graphmap.account_graph(embedded_store, "acc01", settings=settings)
    assert sum(active for _, _, active in graph.edges(data="active")) == sum(t.active for t in page.ties)
    accounts, ties = graphmap.frames(embedded_store, settings=settings)
    assert accounts.loc["acc01", "dependence"] == pytest.approx(page.account.dependence, rel=1e-12)
    assert set(ties[ties.account == "acc01"].rep) == {t.rep for t in page.ties}


def cell(line: AccountLine) -> tuple[str, str]:
    return line.cell.ours, line.cell.theirs


def rules(line: AccountLine) -> set[str]:
    return {finding.rule for finding in line.findings}
