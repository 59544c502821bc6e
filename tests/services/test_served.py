"""The customer's side from files to an answer; on both stores."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest

from graphmap.services.served import _stage
from tests.pipeline.kit import Cli, Tables, rows, write

AS_OF = 1_773_000_000_000  # 2026-03-08


def company() -> Tables:
    told = [
        *((f"m{w}", f"2026-0{1 + w // 4}-{1 + 7 * (w % 4):02}T10:00:00Z", "meeting", "", "organizer:anna;attendee:carl") for w in range(12)),
        *((f"s{w}", f"2026-0{1 + w // 4}-{2 + 7 * (w % 4):02}T10:00:00Z", "call", "", "caller:eva;callee:dora") for w in range(8)),
        *((f"x{w}", f"2026-0{1 + w // 4}-{3 + 7 * (w % 4):02}T10:00:00Z", "call", "", "caller:mo;callee:gerd") for w in range(12)),
        *((f"y{w}", f"2026-0{1 + w // 4}-{3 + 7 * (w % 4):02}T11:00:00Z", "call", "", "caller:anna;callee:gerd") for w in range(12)),
        ("q1", "2026-03-02T10:00:00Z", "email", "", "from:carl;to:anna", "t1"),
        ("q2", "2026-03-02T13:00:00Z", "email", "", "from:anna;to:carl", "t1"),
        ("q3", "2026-03-03T10:00:00Z", "email", "", "from:carl;to:anna", "t1"),
    ]  # fmt: skip
    people = rows(
        "people",
        ("anna", "Anna Berg", "us", "Sales"), ("eva", "Eva Roth", "us", "Service"), ("mo", "Mo Lind", "us", "Marketing"),
        ("carl", "Carl Moor", "acme", "Purchasing", 3), ("dora", "Dora Lind", "acme", "Production", 0), ("iris", "Iris Wolf", "acme", "", 3),
        ("gerd", "Gerd Vogel", "brix", "Purchasing", 2),
        columns="id name firm department seniority",
    )  # fmt: skip
    firms = rows(
        "firms", ("us", "Our Firm", "own"), ("acme", "Acme", "account", "2026-05-01"), ("brix", "Brix", "account", "2026-05-10"),
        columns="id name kind renewal_on",
    )  # fmt: skip
    return {"firms": firms, "people": people, "interactions": rows("interactions", *told)}


def test_whom_we_know_who_serves_them_and_how_fast_they_are_answered(cli: Cli, tmp_path: Path) -> None:
    assert cli("import", write(tmp_path, company()), scoring_baseline="0.5").code == 0
    told: dict[str, Any] = cli("served", "acme", "--json").json
    assert (told["roster"], told["covered"], told["executives"], told["executives_covered"]) == (3, 2, 2, 1)
    shares = {r["id"]: r["share"] for r in cli("account", "acme", "--json").json["reps"]}
    assert {d["name"]: d["share"] for d in told["departments"]} == {
        "Sales": pytest.approx(shares["anna"]), "Service": pytest.approx(shares["eva"]),
    }  # fmt: skip
    assert told["largest_department"] == "Sales"
    assert 1 < told["effective_departments"] < 2
    assert [(d["name"], d["people"], d["covered"]) for d in told["their_departments"]] == [
        ("department not known", 1, 0), ("Production", 1, 1), ("Purchasing", 1, 1),
    ]  # fmt: skip
    assert (told["answers"]["ours_hours"], told["answers"]["ours_count"]) == (3.0, 1)
    assert (told["answers"]["theirs_hours"], told["answers"]["theirs_count"]) == (5.0, 1)
    assert told["answered_by"] == [{"person": {"id": "anna", "name": "Anna Berg"}, "count": 1}]
    assert (told["stage"], told["quiet_departments"]) == ("renewal_near", ["Marketing"])
    assert "Acme: renewal near" in cli("served", "Acme").out
    assert cli("served", "nowhere").code == 2


@pytest.mark.parametrize(
    ("deals", "renewal", "last", "stage"),
    [
        ([("open", None), ("lost", "2026-01-01")], "2026-03-09", 0, "open_opportunity"),
        ([("won", "2025-01-01"), ("lost", "2026-01-01")], "2026-03-09", 0, "lost"),
        ([("lost", "2025-01-01"), ("won", "2026-01-01")], "2026-03-09", 0, "onboarding"),
        ([("won", "2025-01-01")], "2026-06-06", 0, "renewal_near"),
        ([("won", "2025-01-01")], "2026-06-07", 0, "running"),
        ([], "2026-03-07", 0, "running"),
        ([], None, 181, "dormant"),
        ([], None, None, "dormant"),
    ],
)
def test_the_stage_of_the_journey(
    deals: list[tuple[str, str | None]], renewal: str | None, last: int | None, stage: str
) -> None:

    touched = -(2**62) if last is None else AS_OF - last * 86_400_000
    day = datetime.datetime.fromtimestamp(AS_OF / 1000, datetime.UTC).date()
    assert day == datetime.date(2026, 3, 8)
    assert _stage(deals, renewal, day, touched, AS_OF)[0] == stage
