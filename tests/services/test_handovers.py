"""The handover plan from files to text, word for word, in three situations; on both stores."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.pipeline.kit import Cli, Tables, rows, write

GOLDEN = Path(__file__).parent / "golden"
START = datetime.datetime(2026, 1, 5, 9, tzinfo=datetime.UTC)


def meetings(kind: Iterable[tuple[str, str, int]]) -> list[dict[str, object]]:
    """Weekly meetings: (one of ours, one of theirs, how many), the last one on the same day for all."""
    made: list[tuple[object, ...]] = []
    for ours, theirs, often in kind:
        for week in range(20 - often, 20):
            at = (START + datetime.timedelta(weeks=week)).isoformat()
            made.append(
                (f"{ours}-{theirs}-{week}", at, "meeting", "mutual", f"organizer:{ours};attendee:{theirs}")
            )
    return rows("interactions", *made)


def situation(people: list[tuple[str, ...]], kind: Iterable[tuple[str, str, int]]) -> Tables:
    firms = rows(
        "firms",
        ("us", "Our Firm", "own", "us.example"),
        ("acme", "Acme", "account", "acme.example", "", "anna", "big", "chemicals", "", "", 90000, "EUR"),
        ("brix", "Brix", "account", "brix.example", "", "", "big", "chemicals"),
    )
    columns = "id name firm title department seniority opt_out"
    return {
        "firms": firms,
        "people": rows("people", *people, columns=columns),
        "interactions": meetings(kind),
    }


ANNA = ("anna", "Anna Berg", "us", "Account executive", "Sales", "1")
CARL = ("carl", "Carl Moor", "acme", "Buyer", "Purchasing", "2")
DORA = ("dora", "Dora Lind", "acme", "Engineer", "Production", "0")
SITUATIONS = {
    "one_successor_obvious": situation(
        [ANNA, ("ben", "Ben Falk", "us", "Service lead", "Service", "1"), CARL, DORA],
        [("anna", "carl", 18), ("anna", "dora", 6), ("ben", "carl", 5)],
    ),
    "nobody": situation(
        [ANNA, ("hugo", "Hugo Nagel", "us", "Accountant", "Finance", "0"), CARL, DORA],
        [("anna", "carl", 18), ("anna", "dora", 3)],
    ),
    "two_departments": situation(
        [
            ANNA, ("eva", "Eva Roth", "us", "Consultant", "Service", "1"), ("finn", "Finn Hart", "us", "Account executive", "Sales", "1"),
            CARL, DORA, ("gerd", "Gerd Vogel", "brix", "Buyer", "Purchasing", "1"), ("iris", "Iris Wolf", "acme", "Board", "", "3", "true"),
        ],
        [("anna", "carl", 18), ("anna", "dora", 4), ("anna", "iris", 2), ("eva", "dora", 8), ("finn", "gerd", 12)],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SITUATIONS)
def test_the_plan_reads_as_reviewed(name: str, cli: Cli, tmp_path: Path) -> None:
    assert cli("import", write(tmp_path, SITUATIONS[name])).code == 0
    told = cli("simulate", "--leaving", "Anna Berg", "--on", "2026-06-30").out
    plan = told[told.index("Handover plan") :]
    assert plan == (GOLDEN / f"{name}.txt").read_text(encoding="utf-8")
    gone = cli("simulate", "--leaving", "Anna Berg", "--on", "2026-05-01").out
    assert "Anna Berg introduces" not in gone
    assert "Anna Berg writes" not in gone
    assert "will be lost" not in told + gone


def test_a_contact_rule_stands_above_the_order_and_ends_on_its_day(cli: Cli, tmp_path: Path) -> None:
    assert cli("import", write(tmp_path, SITUATIONS["two_departments"])).code == 0

    def first(contact: str) -> tuple[object, object]:
        plan = cli("simulate", "--leaving", "anna", "--json").json["plan"]
        entry = next(e for e in plan if e["contact"] == contact)
        return (entry["successors"][0]["id"] if entry["successors"] else None, entry["note"])

    assert first("dora") == ("eva", "")
    assert (
        cli(
            "decide", "rule", "--contact", "dora", "--through", "finn", "--reason", "went to school together"
        ).code
        == 0
    )
    assert first("dora") == ("finn", "")
    assert (
        cli(
            "decide",
            "rule",
            "--account",
            "acme",
            "--not-at-all",
            "--until",
            "2026-03-01",
            "--reason",
            "tender",
        ).code
        == 0
    )
    assert first("carl")[0] == "eva"  # the rule was over on the day of the data
    assert (
        cli(
            "decide", "rule", "--account", "acme", "--not-at-all", "--reason", "a quarrel is being settled"
        ).code
        == 0
    )
    assert first("carl") == (None, "Not to be contacted: nothing is planned.")
    assert first("dora") == ("finn", "")  # the contact's own rule wins
    listed = cli("decide", "list", "--json").json
    assert [(r["about"]["id"], r["kind"]) for r in listed] == [("dora", "through"), ("acme", "not_at_all")]
    assert cli("decide", "undo", listed[1]["id"]).code == 0
    assert first("carl")[0] == "eva"
    assert cli("decide", "undo", "d-0000").code == 2


def test_an_accepted_finding_stays_raised_with_who_accepted_it_and_why(cli: Cli, tmp_path: Path) -> None:
    assert cli("import", write(tmp_path, SITUATIONS["nobody"])).code == 0
    raised = [f["rule"] for f in cli("account", "acme", "--json").json["findings"]]
    assert "only_one_active_rep" in raised
    told = ("decide", "accept", "acme", "only_one_active_rep", "--author", "Mia")
    assert cli(*told, "--reason", "a small account", "--until", "2027-01-01").code == 0
    page = cli("account", "acme", "--json").json
    assert [f["rule"] for f in page["findings"]] == raised
    assert [(d["kind"], d["rule"], d["author"], d["reason"], d["until"][:10]) for d in page["decisions"]] == [
        ("accepted", "only_one_active_rep", "Mia", "a small account", "2027-01-01")
    ]
    assert cli("decide", "accept", "acme", "owner_mismatch", "--reason", "x").code == 2
