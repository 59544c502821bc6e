"""What the site asks: evidence of every kind of tie, every person that is named, pages of any size."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from graphmap.config import Settings
from graphmap.services.service import GraphServices
from graphmap.services.values import LOCAL_ADMIN, PortfolioFilter
from graphmap.store import GraphStore
from tests.pipeline.kit import Cli, company, data, rows, write


@pytest.fixture
def services(cli: Cli, graph: GraphStore, any_store_settings: Settings, tmp_path: Path) -> GraphServices:
    """The answers over the small company."""
    assert cli("import", write(tmp_path, company(6))).code == 0
    return GraphServices(graph, any_store_settings)


def test_the_evidence_of_every_tie_is_its_interactions(services: GraphServices) -> None:
    for account in ("acc01", "acc02", "acc03"):
        page = services.account(LOCAL_ADMIN, account)
        assert page.ties
        for tie in page.ties:
            found = services.evidence(LOCAL_ADMIN, account, rep=tie.rep, contact=tie.contact, limit=5000)
            assert found.tie == tie
            assert len(found.interactions) == tie.interactions, (account, tie.rep, tie.contact)
            assert found.interactions[0].at == tie.last_at
            assert found.interactions[-1].at == tie.first_at
            assert not found.more
            assert all(one.ours and one.theirs for one in found.interactions)


def test_evidence_goes_the_way_that_the_number_counts(
    services: GraphServices, cli: Cli, tmp_path: Path
) -> None:
    """Senders decide where no direction is stated; every touch of an interaction went the same way."""
    out = tmp_path / "touches.jsonl"
    assert cli("export", "touches", "--out", out, "--format", "jsonl").code == 0
    counted: dict[str, set[str]] = {}
    for line in out.read_text(encoding="utf-8").splitlines():
        touch = json.loads(line)
        counted.setdefault(touch["interaction"], set()).add(touch["direction"])
    shown = {
        one.id: {one.direction}
        for account in ("acc01", "acc02", "acc03")
        for one in services.evidence(LOCAL_ADMIN, account, limit=5000).interactions
    }
    assert set().union(*counted.values()) == {"in", "out", "mutual"}
    assert {key: shown[key] for key in counted} == counted


def test_the_firm_and_the_unnamed_contact_are_named_in_words(services: GraphServices) -> None:
    found = services.evidence(LOCAL_ADMIN, "acc03", rep="FIRM", contact="account:acc03")
    assert (found.rep.name if found.rep else "", found.contact.name if found.contact else "") == (
        "the firm itself",
        "somebody unnamed",
    )
    assert [n.name for n in found.interactions[0].ours] == ["portal"]
    by_firm = services.evidence(LOCAL_ADMIN, "acc03", rep="FIRM")
    by_contact = services.evidence(LOCAL_ADMIN, "acc03", contact="account:acc03")
    whole = services.evidence(LOCAL_ADMIN, "acc03")
    assert by_firm.interactions == by_contact.interactions == whole.interactions
    assert len(whole.interactions) == 6


def test_evidence_is_cut_at_the_limit_and_says_so(services: GraphServices) -> None:
    cut = services.evidence(LOCAL_ADMIN, "acc01", limit=3)
    assert (len(cut.interactions), cut.more) == (3, True)
    whole = services.evidence(LOCAL_ADMIN, "acc01", limit=5000)
    assert cut.interactions == whole.interactions[:3]
    assert not whole.more


def test_every_page_size_is_honoured(services: GraphServices) -> None:
    assert len(services.portfolio(LOCAL_ADMIN, PortfolioFilter(per_page=1)).lines) == 1
    assert services.portfolio(LOCAL_ADMIN, PortfolioFilter(per_page=1)).pages == 3
    page = services.portfolio(LOCAL_ADMIN, PortfolioFilter(per_page=1000, sort="name"))
    assert ([line.name for line in page.lines], page.pages) == (["Acme", "Beta", "Gamma"], 1)


def test_more_than_five_hundred_accounts_fit_on_one_page(
    cli: Cli, graph: GraphStore, any_store_settings: Settings, tmp_path: Path
) -> None:
    firms = rows("firms", ("us", "Us", "own"), *((f"k{k:03d}", f"K{k}", "account") for k in range(600)))
    people = rows("people", ("r1", "Rita", "", "us"), ("c1", "Cara", "", "k000"))
    told = rows("interactions", ("i", "2026-01-01T00:00:00Z", "meeting", "", "organizer:r1;attendee:c1"))
    assert cli("import", write(tmp_path, {"firms": firms, "people": people, "interactions": told})).code == 0
    page = GraphServices(graph, any_store_settings).portfolio(LOCAL_ADMIN, PortfolioFilter(per_page=1000))
    assert len(page.lines) == page.matching > 500


def test_everybody_who_is_named_has_a_page_and_every_rep_with_a_tie_is_listed(
    cli: Cli, graph: GraphStore, any_store_settings: Settings
) -> None:
    folder = data("canonical_check")
    wanted = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    assert cli("import", folder, "--no-score").code == 0
    assert cli("score", "--as-of", wanted["as_of"]).code == 0
    services = GraphServices(graph, any_store_settings)
    _, lines = services.accounts(LOCAL_ADMIN)
    named = {line.owner.id for line in lines if line.owner} | {
        line.top_rep.id for line in lines if line.top_rep
    }
    busy = sorted(lines, key=lambda line: (-line.interactions, line.id))[:4]
    lost = [line for line in lines if line.orphaned_share or line.lost_contact_share][:4]
    for line in {line.id: line for line in [*busy, *lost]}.values():
        page = services.account(LOCAL_ADMIN, line.id)
        reps = {rep.id for rep in page.reps}
        contacts = {contact.id for contact in page.contacts}
        assert {tie.rep for tie in page.ties} - {"FIRM"} <= reps, line.id
        assert {tie.contact for tie in page.ties} <= contacts, line.id
        assert sum(share.points for share in page.through) == pytest.approx(line.dependence or 0.0)
        named |= reps | {contact.id for contact in page.contacts if not contact.unnamed}
    assert len(named) > 20
    for who in sorted(named)[::5]:
        assert services.person(LOCAL_ADMIN, who).person.id == who


def test_what_counts_as_active_and_known_follows_the_settings(
    cli: Cli, graph: GraphStore, store_environment: dict[str, str], tmp_path: Path
) -> None:
    setting = {"scoring_active_strength": "1000000", "scoring_min_sample": "99"}
    assert cli("import", write(tmp_path, company(6)), **setting).code == 0
    strict = {f"GRAPHMAP_{name.upper()}": value for name, value in setting.items()}
    page = GraphServices(graph, Settings.load(environment={**store_environment, **strict})).account(
        LOCAL_ADMIN, "acc01"
    )
    assert not any(tie.active for tie in page.ties)
    assert page.account.active_reps == 0
    assert "fewer than 99" in str(page.why_unknown)
