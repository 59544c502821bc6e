"""Of several sources the newest wins field by field, a blank cell takes nothing away, and a human wins over all."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from graphmap.ingest.identity import resolve
from graphmap.ingest.master import Decided, MasterRow
from graphmap.records import Firm, Person

_FIELDS = ("segment", "industry", "territory", "currency")
_texts = st.one_of(st.none(), st.sampled_from(["a", "b", "c"]))
_firms = st.lists(st.fixed_dictionaries(dict.fromkeys(_FIELDS, _texts)), min_size=1, max_size=5)
_people = st.lists(
    st.fixed_dictionaries({"title": _texts, "department": _texts, "team": _texts}), min_size=1, max_size=5
)


def _firm_rows(said: list[dict[str, str | None]]) -> list[MasterRow]:
    return [
        MasterRow(f"s{n}|o|acme", f"s{n}", "o", "acme", n, replace(Firm("acme", "Acme"), **fields))
        for n, fields in enumerate(said)
    ]


def _last(said: list[dict[str, str | None]], field: str) -> str | None:
    return next((fields[field] for fields in reversed(said) if fields[field] is not None), None)


@given(_firms, st.randoms())
def test_the_newest_source_that_says_something_of_a_field_of_a_firm_wins(said, chance) -> None:
    rows = _firm_rows(said)
    chance.shuffle(rows)  # in which order rows are read back does not matter
    (firm,) = resolve(rows, [], []).firms.values()
    assert {field: firm.properties.get(field) for field in _FIELDS} == {f: _last(said, f) for f in _FIELDS}


@given(_people, st.randoms())
def test_the_newest_source_that_says_something_of_a_person_wins(said, chance) -> None:
    rows = [
        MasterRow(f"s{n}|o|ann", f"s{n}", "o", "ann", n, replace(Person("ann", "Ann"), **fields))
        for n, fields in enumerate(said)
    ]
    chance.shuffle(rows)
    person = resolve(rows, [], []).people["ann"]
    assert {field: getattr(person, field) for field in said[0]} == {f: _last(said, f) for f in said[0]}


@given(_firms, st.sampled_from(["segment", "industry"]))
def test_what_a_human_set_wins_over_every_source(said, field: str) -> None:
    decided = Decided("set", "firm:acme", field, "decided", 1)
    (firm,) = resolve(_firm_rows(said), [], [decided]).firms.values()
    assert firm.properties[field] == "decided"
