"""The generated statements are pure text from the schema; nothing of a user can get into them."""

from __future__ import annotations

import pytest

from graphmap.schema import NODES, RELATIONSHIPS
from graphmap.store import statements


def test_every_key_is_constrained_and_every_listed_property_indexed():
    texts = statements.ddl()
    for kind in NODES:
        assert any(f"(n:{kind.label}) REQUIRE n.{kind.key} IS UNIQUE" in text for text in texts)
        for name in kind.indexed:
            assert any(f"(n:{kind.label}) ON (n.{name})" in text for text in texts)
    assert all("IF NOT EXISTS" in text for text in texts)
    assert len(texts) == len(set(texts))


@pytest.mark.parametrize("kind", RELATIONSHIPS, ids=lambda kind: kind.type)
def test_a_merge_begins_at_the_end_with_few_edges(kind):
    start, end = kind.start.split("|")[0], kind.end.split("|")[0]
    text = statements.merge_relationships(kind.type, start, end)
    begins_at = "(b)<-[" if kind.crowded == "start" else "(a)-["
    assert f"MERGE {begins_at}r:{kind.type}" in text
    for name in kind.identity:
        assert f"{name}: row[2].{name}" in text


@pytest.mark.parametrize(
    "make",
    [
        lambda: statements.upsert_nodes("Firm) DETACH DELETE (n"),
        lambda: statements.create_nodes("Firm", ["name} SET n.x"]),
        lambda: statements.delete_nodes("Nothing"),
        lambda: statements.merge_relationships("OWNS", "Firm", "Person"),
        lambda: statements.merge_relationships("LIKES", "Person", "Firm"),
        lambda: statements.create_relationships("OWNS", "Person", "Firm", ["x: 1"]),
        lambda: statements.link("OWNS", "Person", "Opportunity", []),
    ],
)
def test_what_the_schema_does_not_name_never_becomes_text(make):
    with pytest.raises(AssertionError):
        make()


def test_rows_are_grouped_by_what_identifies_them_and_the_last_of_equals_counts():
    rows = [
        ("p", "o", {"role": "buyer", "via": "1"}),
        ("p", "o", {"role": "buyer", "via": "2"}),
        ("p", "o", {"role": None, "via": "3"}),
        ("p", "o", {"via": "4"}),
    ]
    made = statements.link("ROLE_IN", "Person", "Opportunity", rows)
    assert [statement.expect for statement in made] == [1, 1]
    assert made[0].parameters["rows"] == [["p", "o", {"role": "buyer", "via": "2"}]]
    assert made[1].parameters["rows"] == [["p", "o", {"via": "4"}]]
    assert "role IS NULL" in made[1].text
