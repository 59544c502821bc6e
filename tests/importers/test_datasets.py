"""The public data sets through their shipped mappings: what facts.json counted on its own comes out again."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from datetime import UTC, datetime

import pytest

from graphmap.ingest.protocol import Options
from graphmap.ingest.sources import find_sources, neighbours, probe
from graphmap.records import Excluded, Firm, Interaction, Person, Rejected, Sourced
from graphmap_importers.canonical import CanonicalImporter
from graphmap_importers.mapping import MappingImporter

# What facts.json calls an account, from the firm's name and its id in the source.
LABEL = {
    "northwind": lambda name, key: key,
    "classicmodels": lambda name, key: name,
    "chinook": lambda name, key: key.zfill(2),
    "adventureworks": lambda name, key: f"{name} #{key}",
}


@pytest.fixture(scope="session")
def converted(test_data, run):
    done = {}

    def convert(name):
        if name not in done:
            options, importer = Options(mapping=name), MappingImporter()
            sources = find_sources([test_data / name])
            mine = [
                one for one in sources if importer.identify(probe(one, neighbours(one, sources)), options)
            ]
            done[name] = run(importer, mine, options)
        return done[name]

    return convert


def accounts_of(name, found):
    """Per account: how many interactions, its reps by number of interactions, first and last day."""
    kept = [one for one in found if isinstance(one, Sourced)]
    firms = {one.record.id: one for one in kept if isinstance(one.record, Firm)}
    people = {one.record.id: one.record for one in kept if isinstance(one.record, Person)}
    own = {id for id, one in firms.items() if one.record.kind == "own"}
    counts, reps, days = Counter(), defaultdict(Counter), defaultdict(list)
    for one in kept:
        if not isinstance(one.record, Interaction):
            continue
        ours = {who for _, who in one.record.participants if who in people and people[who].firm in own}
        theirs = {people[who].firm for _, who in one.record.participants if who in people} - own
        theirs |= {who for role, who in one.record.participants if role == "account"}
        assert {who for _, who in one.record.participants} <= people.keys() | firms.keys()
        for firm in theirs:
            source = firms[firm]
            label = LABEL[name](source.record.name, source.source_id)
            counts[label] += 1
            reps[label].update(people[who].name for who in ours)
            days[label].append(datetime.fromtimestamp(one.record.at / 1000, UTC).date().isoformat())
    return counts, reps, days


@pytest.mark.parametrize("name", list(LABEL))
def test_counts_and_plain_shares_are_those_of_the_facts(converted, test_data, name):
    facts = json.loads((test_data / name / "facts.json").read_text("utf-8"))
    found = converted(name)
    assert not [one for one in found if isinstance(one, Rejected)]
    counts, reps, days = accounts_of(name, found)
    expected = {
        one["account"][:2] if name == "chinook" else one["account"]: one for one in facts["per_account"]
    }
    assert counts == {label: one["n_interactions"] for label, one in expected.items()}
    for label, one in expected.items():
        assert len(reps[label]) == one["n_reps"], label
        most = max(reps[label].values())
        assert reps[label][one["top_rep"]] == most, label
        assert round(most / counts[label], 6) == one["top_share"], label
        assert (min(days[label]), max(days[label])) == (one["first"], one["last"]), label
    summary = facts["summary"]
    interactions = [one for one in found if isinstance(one, Sourced) and isinstance(one.record, Interaction)]
    assert len(interactions) == summary["interactions"]
    assert len({rep for count in reps.values() for rep in count}) == summary["reps"]
    assert len({one.record.id for one in interactions}) == len(interactions)
    assert {one.record.kind for one in interactions} == {"order"}
    assert not any(one.notices for one in interactions)


@pytest.mark.parametrize(
    ("name", "firms", "people"),
    [
        ("northwind", 91, 9 + 91),
        ("classicmodels", 122, 23 + 122),
        ("chinook", 59, 8 + 59),
        ("adventureworks", 701, 18),
    ],
)
def test_master_data_is_complete_and_refers_to_what_exists(converted, name, firms, people):
    kept = [one for one in converted(name) if isinstance(one, Sourced)]
    all_firms = {one.record.id: one.record for one in kept if isinstance(one.record, Firm)}
    all_people = {one.record.id: one.record for one in kept if isinstance(one.record, Person)}
    assert (len(all_firms), len(all_people)) == (firms + 1, people)
    assert sum(firm.kind == "own" for firm in all_firms.values()) == 1
    assert {firm.owner for firm in all_firms.values()} - {None} <= all_people.keys()
    assert {person.firm for person in all_people.values()} <= all_firms.keys()
    assert {person.manager for person in all_people.values()} - {None} <= all_people.keys()
    assert len({(one.object, one.source_id) for one in kept}) == len(kept)


def test_customers_without_a_rep_keep_their_name_and_have_no_owner(converted):
    firms = [
        one.record
        for one in converted("classicmodels")
        if isinstance(one, Sourced) and one.object == "customers"
    ]
    assert sum(firm.owner is None for firm in firms) == 22


def test_northwind_keeps_its_text_as_it_stands(converted):
    kept = [one for one in converted("northwind") if isinstance(one, Sourced)]
    names = {one.record.name for one in kept if one.object == "Contacts"}
    assert {"Maria Anders", "JosÃ© Pedro Freyre"} <= names


def test_owners_of_adventure_works_and_those_in_touch(converted, test_data):
    facts = json.loads((test_data / "adventureworks" / "facts_owner.json").read_text("utf-8"))["summary"]
    kept = [one for one in converted("adventureworks") if isinstance(one, Sourced)]
    firms = {one.record.id: one.record for one in kept if one.object == "Reseller"}
    orders = defaultdict(list)
    for one in kept:
        if isinstance(one.record, Interaction):
            (_, rep), (_, firm) = one.record.participants
            orders[firm].append((one.record.at, rep))
    took = {firm for firm, done in orders.items() if firms[firm].owner in {rep for _, rep in done}}
    people = {one.record.id: one.record.name for one in kept if one.object == "Salesperson"}
    assert len(orders) == facts["with_owner_and_orders"]
    assert all(firms[firm].owner for firm in orders)
    # The facts compare the owner's address (josé0@) with the plain letters of the rep's name (jose), so all
    # of José Saraiva's accounts count there as those whose owner took no order. He took orders of 29 of them.
    jose = {firm for firm in took if people[firms[firm].owner] == "José Saraiva"}
    assert len(jose) == 29
    assert len(took - jose) == facts["owner_took_at_least_one_order"]
    assert len(orders) - len(took - jose) == facts["owner_took_no_order"]


def test_order_lines_are_all_accounted_for(converted):
    found = [one for one in converted("adventureworks") if one.origin.file.endswith("pbi_Sales.csv")]
    assert len(found) == 57_851
    assert Counter(one.reason for one in found if isinstance(one, Excluded)) == {"same_key": 57_851 - 3616}


def test_canonical_sets_of_the_project_are_read_without_loss(test_data, run):
    for name in ("golden_account", "canonical_check"):
        importer = CanonicalImporter()
        sources = [
            one
            for one in find_sources([test_data / name])
            if importer.identify(probe(one), Options()) is not None
        ]
        found = run(importer, sources)
        rows = sum(
            len((test_data / name / file).read_text().splitlines()) - 1
            for file in {source.name.rpartition("/")[2] for source in sources}
        )
        assert len(found) == rows
        assert all(isinstance(one, Sourced) and not one.notices for one in found)
