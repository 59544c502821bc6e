"""What if they leave, from files to an answer, on both stores."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from graphmap.config import Settings
from graphmap.errors import ConfigError, NotFoundError
from graphmap.services.departures import Leaving
from graphmap.services.service import GraphServices
from graphmap.services.values import LOCAL_ADMIN, Viewer
from graphmap.store import GraphStore
from graphmap.store.digest import digest
from tests.pipeline.kit import Cli, company, counts, write


@pytest.fixture
def services(cli: Cli, graph: GraphStore, any_store_settings: Settings, tmp_path: Path) -> GraphServices:
    """The answers over the small company."""
    assert cli("import", write(tmp_path, company(12))).code == 0
    return GraphServices(graph, any_store_settings)


def test_before_is_the_latest_run_and_nothing_is_written(services: GraphServices) -> None:
    store = services.store
    known, was = counts(store), digest(store)
    page = services.departure(LOCAL_ADMIN, Leaving(("r1", "r2")))
    lines = {line.id: line for line in services.accounts(LOCAL_ADMIN)[1]}
    assert [line.id for line in page.lines] == ["acc01", "acc02"]
    for line in page.lines:
        told = lines[line.id]
        before = line.before
        assert (before.dependence, before.lower, before.upper, before.band, before.status, before.split) == (
            told.dependence, told.lower, told.upper, told.band, told.status, told.split,
        )  # fmt: skip
        if line.after.status == "no_data":
            assert (line.after.dependence, line.after.lower, line.after.upper) == (None, None, None)
        else:
            assert line.after.lower is not None
            assert line.after.upper is not None
            assert 0 <= line.after.lower < line.after.upper <= 100
    assert services.departure(LOCAL_ADMIN, Leaving(("r2", "r1", "r1"))) == page
    assert (counts(store), digest(store)) == (known, was)


def test_money_names_and_contacts_come_with_it(services: GraphServices) -> None:
    page = services.departure(LOCAL_ADMIN, Leaving(("rita@us.example",)))
    line = next(line for line in page.lines if line.id == "acc01")
    assert line.retained is not None
    assert line.exposure is not None
    leaves = 1000 * (1 - line.retained / 100)
    assert (line.exposure.low, line.exposure.middle, line.exposure.high) == pytest.approx(
        (0.15 * leaves, 0.3 * leaves, 0.5 * leaves)
    )
    assert line.exposure.currency == "EUR"
    lost = {c.name for c in line.orphaned_contacts} | {c.contact.name for c in line.covered_contacts}
    assert "Cara" in lost
    assert page.sentence.startswith("If Rita left: ")
    assert page.sentence.endswith("an exposure, not a forecast.")


def test_teams_and_departments_are_the_people_who_work_in_them_now(services: GraphServices) -> None:
    assert services.departure(LOCAL_ADMIN, Leaving(departments=("Sales",))) == services.departure(
        LOCAL_ADMIN, Leaving(("r1",))
    )
    with pytest.raises(NotFoundError, match='the department "it"'):
        services.departure(LOCAL_ADMIN, Leaving(departments=("it",)))


def test_a_contact_leaves_as_well(services: GraphServices) -> None:
    page = services.departure(LOCAL_ADMIN, Leaving(("c1",)))
    assert [line.id for line in page.lines] == ["acc01"]
    assert page.lines[0].orphaned_contacts == ()
    assert page.lines[0].retained is not None
    assert page.lines[0].retained < 100


def test_a_limited_view_sees_its_own_accounts(services: GraphServices) -> None:
    limited = Viewer("Lena", "manager", scope=("acc02",))
    assert [line.id for line in services.departure(limited, Leaving(("r1", "r2"))).lines] == ["acc02"]
    with pytest.raises(NotFoundError):
        services.departure(limited, Leaving(("c1",)))


def test_loss_ceilings_are_settings_and_must_rise(services: GraphServices, cli: Cli) -> None:
    told = cli("simulate", "--leaving", "r1", "--json", planning_loss_low="0.2", planning_loss_high="0.4")
    assert told.json["loss"] == {"low": 0.2, "middle": 0.3, "high": 0.4}
    refused = cli("simulate", "--leaving", "r1", "--json", planning_loss_low="0.4")
    assert (refused.code, refused.error["code"]) == (2, ConfigError.code)
    assert cli("simulate", "--json").code == 2


def test_the_command_says_the_same(services: GraphServices, cli: Cli) -> None:
    told = cli("simulate", "--leaving", "Rita", "--json").json
    page = services.departure(LOCAL_ADMIN, Leaving(("r1",)))
    assert told["leaving"] == [{"id": "r1", "name": "Rita"}]
    assert [a["id"] for a in told["accounts"]] == [line.id for line in page.lines]
    assert json.loads(json.dumps(told["accounts"][0]["after"])) == {
        "dependence": page.lines[0].after.dependence,
        "lower": page.lines[0].after.lower,
        "upper": page.lines[0].after.upper,
        "band": page.lines[0].after.band,
        "status": page.lines[0].after.status,
        "split": {
            "top_rep": page.lines[0].after.split.top_rep,
            "other_reps": page.lines[0].after.split.other_reps,
            "firm": page.lines[0].after.split.firm,
        },
    }
    assert "Acme" in cli("simulate", "--leaving", "Rita").out


def test_one_person_does_not_leave_together(services: GraphServices) -> None:
    alone, both = (services.exposure(LOCAL_ADMIN, k=k) for k in (1, 2))
    assert (len(alone.people), len(both.people)) == (1, 2)
    assert alone.sentence.startswith(f"If {alone.people[0].name} left, ")
    assert both.sentence.startswith("If Rita and Rob left together, ")
