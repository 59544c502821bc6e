"""The demo's planted truth: every situation that the guided tour promises is found by import and scoring."""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path

import pytest

import graphmap
from graphmap.config import Settings
from graphmap.ingest.loading import Wishes, preflight, run_import
from graphmap.ingest.protocol import Options
from graphmap.samples.company import DOMAIN, LEAVER, NAMED, Company
from graphmap.samples.connections import NAMESAKES
from graphmap.samples.sources import write_sources
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
    truth = write_sources(tmp_path / "company")
    options = Options(own_domains=(DOMAIN,))
    checked = preflight([str(tmp_path / "company")], options)
    result = run_import(embedded_store, checked, options, Wishes(options.own_domains), now=clock)
    assert result.totals.quarantined.total() == 0
    assert result.totals.adds_up()
    everybody_is_found_once(embedded_store, truth)
    everything_happened_once(embedded_store, truth)
    noise = {
        "private",
        "mass_mail",
        "bounce",
        "newsletter",
        "bulk",
        "list",
        "spam",
        "auto_reply",
        "auto_generated",
    }
    assert set(result.totals.excluded) == noise
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


def everybody_is_found_once(store: GraphStore, truth: Company) -> None:
    """Each planted person is one person; who has no address is a connection: a namesake, or one of two of a name at a firm."""
    found = store.read(
        "MATCH (p:Person) OPTIONAL MATCH (p)-[:KNOWN_AS]->(i:Identity {kind: 'mail'}) RETURN p.id, p.name, collect(i.value)"
    )
    planted = {str(person["emails"]): str(person["name"]) for person in truth.people}
    held = [tuple(mails) for _, _, mails in found if isinstance(mails, list) and mails]
    assert sorted(held) == sorted((address,) for address in planted)
    twice = {
        name
        for firm in truth.firms
        for name, count in Counter(p["name"] for p in truth.people if p["firm"] == firm["id"]).items()
        if count > 1
    }
    connections = [str(name) for _, name, mails in found if not mails]
    assert len([name for name in connections if name not in twice]) == NAMESAKES


def everything_happened_once(store: GraphStore, truth: Company) -> None:
    """Copies of a mail in the CRM and in a mailbox are one; what was called off is kept as that and counts for nothing."""
    ((count,),) = store.read("MATCH (i:Interaction)-[:ABOUT]->() RETURN count(DISTINCT i)")
    assert count == len(truth.interactions)


def cell(line: AccountLine) -> tuple[str, str]:
    return line.cell.ours, line.cell.theirs


def rules(line: AccountLine) -> set[str]:
    return {finding.rule for finding in line.findings}
