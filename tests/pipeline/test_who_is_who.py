"""Records of several sources that speak of one person: joined by rules, asked about, decided, and undone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from graphmap.config import Settings
from graphmap.services.service import GraphServices
from graphmap.services.values import LOCAL_ADMIN
from graphmap.store import GraphStore
from graphmap.store.digest import digest
from tests.pipeline.kit import Cli, current, edges, imported, rows, state_of, wiped, write

MAIL = """From x@y.example Fri Mar  6 10:00:00 2026
From: {sender}
To: {to}
Date: Fri, {day} Mar 2026 10:00:00 +0100
Message-ID: <{id}@us.example>

BODY

"""
CARDS = """BEGIN:VCARD
VERSION:3.0
UID:card-1
FN:Robert Smith
ORG:Acme
TITLE:Head of Purchasing
END:VCARD
BEGIN:VCARD
VERSION:3.0
UID:card-2
FN:Mara Blum
EMAIL:mara.blum@gmail.com
END:VCARD
BEGIN:VCARD
VERSION:3.0
UID:card-3
FN:John Doe
EMAIL:john.doe@acme.example
END:VCARD
"""


@pytest.fixture
def sources(tmp_path: Path) -> list[Path]:
    """A list of accounts and reps, a mailbox, and address cards."""
    firms = rows(
        "firms",
        ("us", "Our Firm", "own", "us.example"),
        ("acme", "Acme", "account", "acme.example"),
        ("beta", "Beta GmbH", "account", "beta.example"),
        columns="id name kind domains",
    )
    people = rows("people", ("r1", "Rita Roth", "rita@us.example", "us"), columns="id name emails firm")
    lists = write(tmp_path / "lists", {"firms": firms, "people": people})
    box = tmp_path / "rita.mbox"
    letters = [
        ("Robert Smith <robert.smith@acme.example>", "Rita Roth <rita@us.example>"),
        ("Rita <rita@us.example>", '"Doe, John" <john.doe2@acme.example>'),
        ("info@acme.example", "rita@us.example, support@us.example"),
        ('"Mara Blum" <m.blum@beta.example>', "rita@us.example"),
        ("rita+crm@us.example", "Robert Smith <Robert.Smith@acme.example>"),
        ("Sam <sam.blue@gmail.com>", "rita@us.example"),
    ]
    box.write_text(
        "".join(MAIL.format(sender=s, to=t, day=6 + k, id=k) for k, (s, t) in enumerate(letters)),
        encoding="utf-8",
    )
    cards = tmp_path / "cards.vcf"
    cards.write_text(CARDS, encoding="utf-8")
    return [lists, box, cards]


def known(graph: GraphStore, who: str) -> list[str]:
    found = graph.read(
        "MATCH (p:Person {id: $id})-[:KNOWN_AS]->(x:Identity) RETURN x.key ORDER BY x.key", id=who
    )
    return [str(row[0]) for row in found]


def holder(graph: GraphStore, key: str) -> list[tuple[object, ...]]:
    return graph.read("MATCH (n)-[:KNOWN_AS]->(x:Identity {key: $key}) RETURN labels(n)[0], n.id", key=key)


def test_records_of_one_person_become_one_person_whatever_comes_first(
    cli: Cli, graph: GraphStore, sources: list[Path]
) -> None:
    seen: list[Any] = []
    for order in (sources, sources[::-1], [sources[1], sources[0], sources[2]]):
        wiped(graph)
        for source in order:
            imported(cli, source, "--own-domain", "us.example")
        found = edges(graph)
        people = graph.read("MATCH (p:Person) RETURN p.id, p.name, p.title, p.made ORDER BY p.id")
        work = graph.read("MATCH (p:Person)-[:WORKS_AT]->(f:Firm) RETURN p.id, f.id ORDER BY p.id, f.id")
        seen.append((found["KNOWN_AS"], found["ABOUT"], people, work))
    assert seen[0] == seen[1] == seen[2]
    card = graph.read("MATCH (p:Person) WHERE p.name = 'Robert Smith' RETURN p.id, p.title")
    assert len(card) == 1
    assert card[0][1] == "Head of Purchasing"
    assert "mail:robert.smith@acme.example" in known(graph, str(card[0][0]))
    read = graph.read(
        "MATCH (p:Person {name: 'Robert Smith'})-[w:WORKS_AT]->(f) RETURN f.id, w.seniority, w.department, w.read_from_title"
    )
    assert [row[:3] for row in read] == [("acme", 2, "procurement")]
    assert "by the rule" in str(read[0][3])  # never guessed silently
    assert known(graph, "r1") == ["id:r1", "mail:rita+crm@us.example", "mail:rita@us.example"]


def test_addresses_of_groups_stand_for_their_firm_and_private_ones_for_no_firm(
    cli: Cli, graph: GraphStore, any_store_settings: Settings, sources: list[Path]
) -> None:
    """P8, P45."""
    imported(cli, *sources)
    assert holder(graph, "mail:info@acme.example") == [("Firm", "acme")]
    assert holder(graph, "mail:support@us.example") == [("Firm", "us")]
    assert graph.read("MATCH (p:Person {id: 'sam.blue@gmail.com'})-[:WORKS_AT]->(f) RETURN f.id") == []
    assert graph.read("MATCH (f:Firm {id: 'gmail.com'}) RETURN f.id") == []
    assert cli("score", "--as-of", "2026-03-20T00:00:00Z").code == 0
    ties = cli("account", "acme", "--json").json["ties"]
    assert {(t["rep"], t["contact"]) for t in ties} >= {("r1", "account:acme"), ("FIRM", "account:acme")}
    services = GraphServices(graph, any_store_settings)
    for tie in ties:
        found = services.evidence(LOCAL_ADMIN, "acme", rep=tie["rep"], contact=tie["contact"], limit=99)
        assert len(found.interactions) == tie["interactions"] > 0
        for one in found.interactions:
            assert tie["rep"] in {who.id for who in one.ours}
            assert tie["contact"] in {who.id for who in one.theirs}
    ((groups,),) = [
        [(one.ours, one.theirs)] for one in services.evidence(LOCAL_ADMIN, "acme", rep="FIRM").interactions
    ]
    assert [who.name for who in groups[0]] == ["Rita Roth", "support@us.example"]
    assert [who.name for who in groups[1]] == ["info@acme.example"]


def test_what_is_doubtful_is_asked_decided_and_undone_exactly(
    cli: Cli, graph: GraphStore, sources: list[Path]
) -> None:
    """P25, P30."""
    imported(cli, *sources)
    before = state_of(graph)
    waiting = cli("identity", "review", "--json").json
    pairs = {frozenset((p["one"]["name"], p["other"]["name"])): p for p in waiting}
    mara = pairs[frozenset({"Mara Blum"})]
    assert mara["reasons"]
    namesakes = {"mail:john.doe@acme.example", "mail:john.doe2@acme.example"}
    holders = {str(holder(graph, key)) for key in namesakes}
    assert len(holders) == 2
    joined = cli("identity", "join", mara["id"], "--reason", "she said so", "--json")
    assert joined.code == 0, joined.err
    assert len({str(holder(graph, k)) for k in ("mail:mara.blum@gmail.com", "mail:m.blum@beta.example")}) == 1
    assert mara["id"] not in {p["id"] for p in cli("identity", "review", "--json").json}
    imported(cli, *sources, "--again")
    assert len({str(holder(graph, k)) for k in ("mail:mara.blum@gmail.com", "mail:m.blum@beta.example")}) == 1
    decision = joined.json["id"]
    assert cli("identity", "undo", decision).code == 0
    assert (digest(graph), current(edges(graph), "TIE")) == (before[0], current(before[1], "TIE"))
    (line,) = cli("identity", "log", "--json").json
    assert (line["id"], line["reason"]) == (decision, "she said so")
    assert line["withdrawn_at"] is not None
    assert cli("identity", "undo", decision).code == 2


def test_two_that_the_rules_joined_are_split_for_good(
    cli: Cli, graph: GraphStore, sources: list[Path]
) -> None:
    imported(cli, *sources)
    ((card,),) = graph.read("MATCH (p:Person {name: 'Robert Smith'}) RETURN p.id")
    address = "robert.smith@acme.example"
    assert f"mail:{address}" in known(graph, str(card))
    assert cli("identity", "split", address, card, "--reason", "father and son").code == 0
    assert f"mail:{address}" not in known(graph, str(card))
    imported(cli, *sources, "--again")
    assert f"mail:{address}" not in known(graph, str(card))
    assert holder(graph, f"mail:{address}") == [("Person", address)]


def test_who_is_unknown_or_means_several_is_refused_with_the_names(
    cli: Cli, graph: GraphStore, sources: list[Path]
) -> None:
    imported(cli, *sources)
    refused = cli("identity", "join", "nobody@x.example", "r1", "--json")
    assert (refused.code, refused.error["code"]) == (2, "not-found")
    assert "nobody@x.example" in refused.error["message"]
    assert cli("identity", "join", "r1", "r1", "--json").code == 2
    assert cli("identity", "join", "p-unknown", "--json").code == 2


def test_lists_alone_join_only_what_was_decided(cli: Cli, graph: GraphStore, tmp_path: Path) -> None:
    people = rows(
        "people", ("a", "Anna Ash", "", "acme"), ("b", "Anna Ash", "", "acme"), ("r", "Rita", "", "us"),
        columns="id name emails firm",
    )  # fmt: skip
    firms = rows("firms", ("us", "Us", "own"), ("acme", "Acme", "account"), columns="id name kind")
    imported(cli, write(tmp_path, {"firms": firms, "people": people}))
    before = digest(graph), edges(graph)
    assert (known(graph, "a"), known(graph, "b")) == (["id:a"], ["id:b"])
    done = cli("identity", "join", "a", "b", "--json")
    assert done.code == 0, done.err
    assert known(graph, "a") == ["id:a", "id:b"]
    assert cli("identity", "undo", done.json["id"]).code == 0
    assert (digest(graph), edges(graph)) == before
