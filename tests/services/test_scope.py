"""A viewer with a limited view meets its own accounts and nothing of the others, anywhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from graphmap.config import Settings
from graphmap.errors import NotFoundError, QueryRefusedError
from graphmap.services.service import GraphServices
from graphmap.services.values import LOCAL_ADMIN, PortfolioFilter, Viewer
from graphmap.store import GraphStore
from tests.pipeline.kit import Cli, changed, company, write

LIMITED = Viewer("Lena", "analyst", scope=("acc01",))


@pytest.fixture
def services(cli: Cli, graph: GraphStore, any_store_settings: Settings, tmp_path: Path) -> GraphServices:
    """The answers over the small company, with something set aside."""
    tables = company(6)
    tables["affiliations"].append({"person": "nobody", "firm": "acc02"})
    assert cli("import", write(tmp_path, tables)).code == 1
    return GraphServices(graph, any_store_settings)


def test_the_portfolio_and_the_map_hold_the_viewers_accounts_alone(services: GraphServices) -> None:
    page = services.portfolio(LIMITED, PortfolioFilter())
    assert [line.id for line in page.lines] == ["acc01"]
    assert (page.matching, page.figures.accounts, page.segments) == (1, 1, ("big",))
    assert {owner.id for owner in page.owners} <= {"r1"}
    assert sum(value.total for value in page.figures.values) == 1000
    drawn = services.portfolio_map(LIMITED, PortfolioFilter())
    assert {a.id for a in drawn.accounts} == {link.account for link in drawn.links} == {"acc01"}
    assert {rep.id for rep in drawn.reps} == {link.rep for link in drawn.links}
    assert [a.id for a in services.accounts(LIMITED)[1]] == ["acc01"]
    assert len(services.accounts(LOCAL_ADMIN)[1]) == 3


def test_another_account_is_not_found_by_any_name_it_has(services: GraphServices) -> None:
    assert services.account(LIMITED, "acme.example").account.id == "acc01"
    for who in ("acc02", "Beta", "beta.example", "acc03"):
        with pytest.raises(NotFoundError) as raised:
            services.account(LIMITED, who)
        assert "Beta (" not in str(raised.value)
        with pytest.raises(NotFoundError):
            services.evidence(LIMITED, who)


def test_people_of_other_accounts_are_not_found_and_ours_show_only_ties_in_view(
    services: GraphServices,
) -> None:
    assert {tie.account.id for tie in services.person(LOCAL_ADMIN, "r2").ties} == {"acc01", "acc02"}
    rob = services.person(LIMITED, "r2")
    assert {tie.account.id for tie in rob.ties} == {"acc01"}
    allowed = {one.id for one in services.evidence(LOCAL_ADMIN, "acc01", limit=5000).interactions}
    assert rob.recent
    assert {one.id for one in rob.recent} <= allowed
    mover = services.person(LIMITED, "c4")
    assert [a.firm.id for a in mover.affiliations] == ["acc01"]
    for who in ("c3", "Cleo", "x@partner.example", "lost@nowhere.example"):
        services.person(LOCAL_ADMIN, who)
        with pytest.raises(NotFoundError):
            services.person(LIMITED, who)


def test_search_finds_only_what_the_viewer_may_see(services: GraphServices) -> None:
    assert {hit.id for hit in services.search(LOCAL_ADMIN, "c")} >= {"acc01", "acc02", "c1", "c3"}
    found = {hit.id for hit in services.search(LIMITED, "c")}
    assert "c1" in found
    assert not found & {"acc02", "acc03", "c3", "x@partner.example", "lost@nowhere.example"}
    assert services.search(LIMITED, "beta") == ()
    assert [hit.id for hit in services.search(LIMITED, "CARL@acme")] == ["c2"]


def test_queries_are_refused_and_imports_show_no_rows(services: GraphServices) -> None:
    with pytest.raises(QueryRefusedError):
        services.run_query(LIMITED, "single_thread_accounts", {})
    with pytest.raises(QueryRefusedError):
        services.run_cypher(LIMITED, "MATCH (f:Firm) RETURN f.name")
    with pytest.raises(QueryRefusedError):
        services.run_cypher(Viewer("Vera", "viewer"), "MATCH (f:Firm) RETURN f.name")
    assert services.run_cypher(LOCAL_ADMIN, "MATCH (f:Firm {id: 'acc02'}) RETURN f.name").rows == (("Beta",),)
    page = services.imports(LIMITED)
    assert (page.quarantine, page.quarantined, page.unmatched_domains) == ((), 0, ())
    whole = services.imports(LOCAL_ADMIN)
    assert whole.quarantined == 1
    assert dict(whole.unmatched_domains) == {"nowhere.example": 1}


def test_people_to_verify_are_those_of_the_viewers_accounts(
    services: GraphServices, cli: Cli, tmp_path: Path
) -> None:
    tables = company(6)
    for who in ("c1", "c3", "r2"):
        tables = changed(tables, "people", who, title="Wizard")
    assert cli("import", write(tmp_path / "later", tables)).code == 0

    def titles(viewer: Viewer) -> set[str]:
        return {v.person.id for v in services.verify(viewer).people if v.why == "title_changed"}

    assert titles(LOCAL_ADMIN) == {"c1", "c3", "r2"}
    assert titles(LIMITED) == {"c1"}
    with pytest.raises(NotFoundError):
        services.still_there(LIMITED, "c3", "")
    services.still_there(LIMITED, "c1", "asked")
    assert titles(LOCAL_ADMIN) == {"c3", "r2"}
