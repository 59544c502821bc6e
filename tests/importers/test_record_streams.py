"""Singer, Airbyte and plain JSON Lines through a mapping: the same records as the same data as CSV."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphmap.errors import InputError
from graphmap.ingest.protocol import Options, Probe
from graphmap.records import Excluded, Rejected, Sourced
from graphmap_importers.mapping import MappingImporter
from graphmap_importers.record_streams import flat

TOML = """
source = "s"

[[firms]]
file = "{file}!companies"
object = "companies"
key = "id"
columns.name = "name"
columns.annual_value = "deal.value"

[[people]]
file = "{file}!contacts"
key = "id"
columns.name = "{{first}} {{last}}"
columns.emails = "mails"
columns.firm = {{ object = "companies", column = "company" }}
"""
FIRMS = [{"id": 1, "name": "Acme", "deal": {"value": 10.5}}, {"id": 2, "name": "Bolt, Inc", "deal": None}]
PEOPLE = [
    {"id": "a", "first": "Ann", "last": "A", "mails": ["ann@acme.example", "a@acme.example"], "company": 1, "note": "secret-canary"},
    {"id": "b", "first": "Bo", "last": "B", "mails": [], "company": 2},
]  # fmt: skip


def singer():
    yield {"type": "SCHEMA", "stream": "companies", "schema": {}, "key_properties": ["id"]}
    for one in FIRMS:
        yield {"type": "RECORD", "stream": "companies", "record": one}
    yield {"type": "STATE", "value": {"bookmarks": {}}}
    for one in PEOPLE:
        yield {
            "type": "RECORD",
            "stream": "contacts",
            "record": one,
            "time_extracted": "2026-01-01T00:00:00Z",
        }


def airbyte():
    yield {"type": "LOG", "log": {"level": "INFO", "message": "begin"}}
    for stream, rows in (("contacts", PEOPLE), ("companies", FIRMS)):
        for one in rows:
            yield {"type": "RECORD", "record": {"stream": stream, "data": one, "emitted_at": 1}}


@pytest.fixture
def read(tmp_path, memory, run):
    def go(text, toml="", name="data/tap.jsonl"):
        (tmp_path / "m.toml").write_text(toml or TOML.format(file="tap.jsonl"), encoding="utf-8")
        options = Options(mapping=str(tmp_path / "m.toml"))
        return run(MappingImporter(), [memory(name, text)], options)

    return go


def lines(messages):
    return "\n".join(json.dumps(one) for one in messages)


def told(found):
    return sorted((one.record for one in found if isinstance(one, Sourced)), key=lambda record: record.id)


@pytest.mark.parametrize("messages", [singer, airbyte])
def test_singer_and_airbyte_say_what_a_csv_says(read, tmp_path, memory, run, messages):
    found = read(lines(messages()))
    assert not [one for one in found if isinstance(one, Rejected)]
    (tmp_path / "c.toml").write_text(
        TOML.format(file="x").replace("x!companies", "companies.csv").replace("x!contacts", "contacts.csv"),
        encoding="utf-8",
    )
    sheets = [
        memory("companies.csv", 'id,name,deal.value\n1,Acme,10.5\n2,"Bolt, Inc",\n'),
        memory(
            "contacts.csv",
            "id,first,last,mails,company\na,Ann,A,ann@acme.example;a@acme.example,1\nb,Bo,B,,2\n",
        ),
    ]
    as_csv = run(MappingImporter(), sheets, Options(mapping=str(tmp_path / "c.toml")))
    assert told(found) == told(as_csv)
    assert len(told(found)) == 4


def test_lines_that_are_the_records_themselves(read):
    toml = 'source = "s"\n[[firms]]\nfile = "companies.jsonl!*"\nkey = "id"\ncolumns.name = "name"\n'
    plain = read(lines(FIRMS), toml, "companies.jsonl")
    loaded = read(
        lines({"_airbyte_ab_id": "x", "_airbyte_data": one} for one in FIRMS), toml, "companies.jsonl"
    )
    assert told(plain) == told(loaded)
    assert {one.name for one in told(plain)} == {"Acme", "Bolt, Inc"}


def test_a_broken_line_and_a_bad_record_cost_themselves_only_and_keep_no_other_field(read):
    broken = lines(
        [
            *singer(),
            {
                "type": "RECORD",
                "stream": "contacts",
                "record": {"id": "", "first": "X", "note": "secret-canary"},
            },
        ]
    )
    found = read(broken.replace('{"type": "STATE"', '{"type": STATE', 1))
    rejected = [one for one in found if isinstance(one, Rejected)]
    assert sorted((one.code, one.origin.line) for one in rejected) == [
        ("json", 4),
        ("json", 4),
        ("missing", 7),
    ]
    assert "secret-canary" not in repr(found)
    assert {one.origin.file for one in rejected} <= {"data/tap.jsonl!companies", "data/tap.jsonl!contacts"}
    assert len(told(found)) == 4


RENAMED = [
    {"id": 1, "name": "Acme", "_sdc_deleted_at": None},
    {"id": 2, "name": "Bolt", "_sdc_deleted_at": None},
    {"id": 1, "name": "Acme International", "_sdc_deleted_at": None},
    {"id": 3, "name": "Curd", "_sdc_deleted_at": None},
    {"id": 2, "name": "Bolt", "_sdc_deleted_at": "2026-05-01T00:00:00Z"},
]


def test_of_a_record_that_is_told_again_the_last_version_counts_and_a_deletion_is_one(read):
    toml = """
source = "s"
[[firms]]
file = "companies.jsonl!*"
key = "id"
columns.name = "name"
where._sdc_deleted_at = { empty = true }
"""
    found = read(lines(RENAMED), toml, "companies.jsonl")
    assert [one.name for one in told(found)] == ["Acme International", "Curd"]
    assert sorted((one.origin.line, one.reason) for one in found if isinstance(one, Excluded)) == [
        (1, "superseded"), (2, "superseded"), (5, "not_selected"),
    ]  # fmt: skip


def test_a_stream_that_is_not_there_names_those_that_are(read):
    with pytest.raises(InputError, match='no record of a stream "contacts"') as told_:
        read(lines(one for one in singer() if one.get("stream") != "contacts"))
    assert told_.value.file == "data/tap.jsonl"
    assert "companies" in told_.value.remedy


def test_only_files_that_the_mapping_names_are_claimed(tmp_path):
    (tmp_path / "m.toml").write_text(TOML.format(file="tap.jsonl"), encoding="utf-8")
    options = Options(mapping=str(tmp_path / "m.toml"))
    assert MappingImporter().identify(Probe("a.zip!tap.jsonl", b""), options).label == "s firms, people"
    assert MappingImporter().identify(Probe("other.jsonl", b""), options) is None


plain = (
    st.none()
    | st.booleans()
    | st.integers(-(10**9), 10**9)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8)
)


@settings(max_examples=200)
@given(st.dictionaries(st.text(max_size=5), st.recursive(plain, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3), max_leaves=8), max_size=5))  # fmt: skip
def test_any_record_is_one_line_of_text_a_field(record):
    """Whatever JSON a record holds, its fields are texts without line breaks of their own, and reading it again says the same."""
    cells = flat(record)
    assert all(isinstance(cell, str) for cell in cells.values())
    assert flat(json.loads(json.dumps(record))) == cells
