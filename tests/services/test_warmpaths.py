"""Who could introduce us, as asked for on the command line and by the site: ways, rules, colleagues, open doors."""

from __future__ import annotations

from pathlib import Path

import pytest

from graphmap.config import Settings
from graphmap.services.service import GraphServices
from graphmap.services.values import LOCAL_ADMIN
from graphmap.store import GraphStore
from tests.pipeline.kit import Cli, company, rows, write


@pytest.fixture
def services(cli: Cli, graph: GraphStore, any_store_settings: Settings, tmp_path: Path) -> GraphServices:
    """The answers over the small company, which lost a deal with Acme lately and one long ago with Beta."""
    deals = rows(
        "opportunities",
        ("o1", "Renewal", "acc01", "r1", 12.5, "EUR", "offer", "lost", "2026-01-01", "2026-02-01"),
        ("o2", "Start", "acc02", "r2", 12.5, "EUR", "offer", "lost", "2023-01-01", "2023-02-01"),
    )
    tables = {**company(6), "opportunities": deals}
    assert cli("import", write(tmp_path, tables)).code == 0
    return GraphServices(graph, any_store_settings)


def test_ways_start_with_ours_and_say_how(services: GraphServices, cli: Cli) -> None:
    page = services.path(LOCAL_ADMIN, "c1")
    assert [one.id for one in page.lines[0].people] == ["r1", "c1"]
    assert page.lines[0].how.startswith("Rita knows Cara (strength ")
    assert [line.strength for line in page.lines] == sorted(
        (one.strength for one in page.lines), reverse=True
    )
    assert all(0 < line.strength <= 1 for line in page.lines)
    told = cli("path", "--to", "cara@acme.example", "--json").json
    assert [[one["id"] for one in line["people"]] for line in told] == [
        [one.id for one in line.people] for line in page.lines
    ]
    assert [line["strength"] for line in told] == [line.strength for line in page.lines]
    assert services.path(LOCAL_ADMIN, "c1", start="r2").lines[0].people[0].id == "r2"


def test_nobody_has_to_introduce_us_to_a_colleague(services: GraphServices, cli: Cli) -> None:
    page = services.path(LOCAL_ADMIN, "r1")
    assert (page.lines, page.note) == ((), "They work for us: nobody has to introduce us.")
    assert page.note in cli("path", "--to", "r1").out


def test_rules_hold_on_every_way(services: GraphServices, cli: Cli) -> None:
    assert any(line.people[-2].id == "r1" for line in services.path(LOCAL_ADMIN, "c1").lines)
    through = cli("decide", "rule", "--contact", "c1", "--through", "r2", "--reason", "knows her well")
    assert through.code == 0
    page = services.path(LOCAL_ADMIN, "c1", k=50)
    assert page.note == "A contact rule says through whom."
    assert page.lines
    assert {line.people[-2].id for line in page.lines} == {"r2"}
    assert cli("decide", "rule", "--contact", "c1", "--not-at-all", "--reason", "asked for it").code == 0
    page = services.path(LOCAL_ADMIN, "c1")
    assert (page.lines, page.note) == ((), "Not to be contacted.")


def test_a_door_is_open_where_a_deal_was_lost_lately(services: GraphServices, cli: Cli) -> None:
    _, doors = services.doors(LOCAL_ADMIN)
    assert {(door.account.id, door.why) for door in doors} == {("acc01", "lost_deal")}
    assert ("r1", "c1") in {(door.colleague.id, door.contact.id) for door in doors}
    assert [door["contact"]["id"] for door in cli("doors", "--json").json["doors"]] == [
        door.contact.id for door in doors
    ]
    assert cli("decide", "rule", "--contact", "c1", "--not-at-all", "--reason", "asked for it").code == 0
    assert "c1" not in {door.contact.id for door in services.doors(LOCAL_ADMIN)[1]}
