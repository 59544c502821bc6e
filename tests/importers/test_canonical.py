from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import asdict
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphmap.errors import ConfigError, InputError
from graphmap.ingest.protocol import API, Importer, Options, Probe, Raw
from graphmap.records import (
    DIRECTIONS,
    FIRM_KINDS,
    INTERACTION_KINDS,
    ROLES,
    Affiliation,
    DisplayName,
    Firm,
    Interaction,
    Opportunity,
    OpportunityRole,
    Person,
    Rejected,
    TeamRole,
)
from graphmap_importers.canonical import CanonicalImporter
from graphmap_importers.rows import COLUMNS

CANONICAL = CanonicalImporter()


def match(name, head):
    found = CANONICAL.identify(Probe(name, head), Options())
    return None if found is None else (found.confidence, found.label)


def test_it_is_an_importer():
    assert isinstance(CANONICAL, Importer)
    assert (CANONICAL.api, CANONICAL.name, CANONICAL.version) == (API, "canonical", 1)


@pytest.mark.parametrize(
    ("name", "head", "expected"),
    [
        ("a/b.zip!x/firms.csv", b"ID, Name \n", (0.9, "canonical firms")),
        ("Firms.CSV", b"\xef\xbb\xbfid,name,other\n1,x\n", (0.9, "canonical firms")),
        ("people.jsonl", b'{"id": "1", "name": "x"}\n{', (0.9, "canonical people")),
        ("interactions.csv", b"Subject,Date\n", (0.3, "canonical interactions")),
        ("interactions.csv", b"\x00\xff", (0.3, "canonical interactions")),
        ("firms.csv", b"", (0.3, "canonical firms")),
        ("people.jsonl", b"[1", (0.3, "canonical people")),
        ("firms.xlsx", b"id,name\n", None),
        ("myfirms.csv", b"id,name\n", None),
        ("firms", b"id,name\n", None),
    ],
)
def test_files_are_known_by_name_and_header(name, head, expected):
    assert match(name, head) == expected


@pytest.mark.parametrize(
    ("name", "data", "says", "remedy"),
    [
        (
            "interactions.csv",
            "id,when\n",
            "interactions needs the columns at, kind, participants",
            "--mapping",
        ),
        ("firms.csv", "id;name\n1;x\n", "firms needs the columns id, name", "commas between the columns"),
        ("people.jsonl", '{"id": 1}\n', "people needs the column name, and this file has id", "rename"),
        ("firms.csv", "id,name,ID\n", "the column id stands twice", "keep one"),
        ("firms.csv", "", "the file is empty", "header row"),
        ("other.csv", "id,name\n", "none of the canonical files", "firms.csv"),
    ],
)
def test_a_file_that_cannot_be_used_says_what_is_missing(memory, name, data, says, remedy):
    with pytest.raises(InputError, match=says) as caught:
        CANONICAL.plan([memory(name, data)], Options())
    assert caught.value.file == name
    assert remedy in caught.value.remedy


def test_times_without_offset_are_in_the_zone_the_user_says(memory, run):
    source = memory("interactions.csv", "id,at,kind,participants\n1,2026-07-01 12:00,call,caller:a\n")
    for tz, hour, codes in ((None, 12, ["no_offset"]), ("UTC", 12, []), ("Europe/Berlin", 10, [])):
        (found,) = run(CANONICAL, [source], Options(tz=tz))
        assert datetime.fromtimestamp(found.record.at / 1000, UTC).hour == hour
        assert [notice.code for notice in found.notices] == codes
    with pytest.raises(ConfigError, match='no time zone "Mars/Base"'):
        CANONICAL.plan([source], Options(tz="Mars/Base"))


def test_unknown_columns_are_told_once_and_their_text_is_not_kept(memory, run):
    table = 'id,name,Body,kind,mood\n,x,secret,,\n1,x,secret,,\n2,y,secret,rival,\n3,"z\n'
    lines = (
        '{"id": null, "name": "x"}\n{"id": 1, "name": "x", "Body": "secret"}\n{"id": 2, "Body": "secret"}\n{'
    )
    for name, data in (("firms.csv", table), ("firms.jsonl", lines)):
        found = run(CANONICAL, [memory(name, data)])
        assert isinstance(found[0], Rejected)
        first = found[1].notices
        assert (first[0].code, first[0].column.lower()) == ("unknown_column", "body")
        assert not getattr(found[2], "notices", ())
        assert "secret" not in repr(found)
        assert found[3].raw is None


def test_json_lines_say_the_same_as_a_table(memory, run):
    lines = [
        {
            "id": 7,
            "name": " Ann ",
            "emails": ["A@b.example", "c@d.example"],
            "opt_out": False,
            "seniority": 2,
        },
        {"id": "8", "name": "Bo", "emails": "A@b.example;c@d.example", "firm": None},
        {"id": "9", "name": "Cy", "emails": ["a;b"]},
        {"id": "10", "name": {"first": "Di"}},
        {"id": "11", "name": "Ed", "seniority": True},
    ]
    found = run(CANONICAL, [memory("people.jsonl", "\n".join(map(json.dumps, lines)))])
    assert found[0].record == Person("7", "Ann", ("a@b.example", "c@d.example"), opt_out=False, seniority=2)
    assert found[1].record == Person("8", "Bo", ("a@b.example", "c@d.example"))
    assert [(one.code, one.column) for one in found[2:]] == [
        ("json", "emails"),
        ("json", "name"),
        ("seniority", "seniority"),
    ]


def test_the_header_fits_the_text_of_rows_that_are_set_aside(memory, run):
    bad = memory("firms.csv", 'kind,"ID",name,my note\nrival,1,x,secret\n')
    (part,) = CANONICAL.plan([bad], Options())
    (found,) = run(CANONICAL, [bad])
    assert (part.header, found.raw) == ("kind,ID,name,my note", "rival,1,x,")
    (again,) = run(CANONICAL, [memory("firms.csv", f"{part.header}\n{found.raw}\n".replace("rival", "own"))])
    assert again.record == Firm("1", "x", "own")


def test_empty_json_lines_and_a_header_alone_are_empty(memory, run):
    assert run(CANONICAL, [memory("firms.jsonl", ""), memory("people.csv", "id,name\n")]) == []


def test_optional_columns_may_be_missing_and_in_any_order(memory, run):
    data = "participants,kind,id,at\nfrom:a;to:b,email,1,2026-01-01T00:00:00Z\n"
    (found,) = run(CANONICAL, [memory("interactions.csv", data)])
    assert found.record == Interaction("1", 1767225600000, "email", (("from", "a"), ("to", "b")))


def test_memory_stays_constant_however_long_the_file_is(memory):
    class Endless(io.RawIOBase):
        def __init__(self):
            self.first = True

        def read(self, size=-1):
            if self.first:
                self.first = False
                return b"id,at,kind,participants\n"
            return b"1,2026-01-01T00:00:00Z,email,from:a;to:b\n" * 1000

    class Source:
        name, size = "interactions.csv", 0

        def open(self):
            return Endless()

    (part,) = CANONICAL.plan([Source()], Options())
    stream = CANONICAL.read(part, Options())
    rows = [next(stream) for _ in range(20_000)]
    assert rows[-1].origin.line == 20_001


TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12).map(str.strip)
NAME = TEXT.filter(bool)
WORD = st.text(st.characters(codec="utf-8", exclude_characters="\0;", exclude_categories=["Cc"]), max_size=9)
ITEM = (
    WORD.map(str.strip)
    .map(str.lower)
    .map(str.lower)
    .filter(lambda text: text and text == text.lower().strip())
)
LIST = st.lists(ITEM, max_size=3, unique=True).map(tuple)
# The address of a web page is reduced to its domain, so only what is none comes back as it was written.
DOMAINS = st.lists(
    ITEM.filter(lambda text: re.match(r"[a-z]+://|www\.", text) is None), max_size=3, unique=True
).map(tuple)
WHO = WORD.map(str.strip).filter(bool)
MAYBE = st.none() | NAME
DAY = st.none() | st.dates().map(lambda day: day.isoformat())
NUMBER = st.none() | st.floats(allow_nan=False, allow_infinity=False)
RANK = st.none() | st.integers(0, 3)
RECORDS = {
    "firms": st.builds(
        Firm, NAME, NAME, st.none() | st.sampled_from(FIRM_KINDS), DOMAINS, *[MAYBE] * 6, NUMBER, MAYBE, DAY,
        LIST,
    ),
    "people": st.builds(
        Person, NAME, NAME, LIST, MAYBE, MAYBE, MAYBE, RANK, MAYBE, MAYBE, st.none() | st.booleans(), DAY, DAY,
        LIST, LIST, LIST, MAYBE,
    ),
    "affiliations": st.builds(Affiliation, NAME, NAME, MAYBE, MAYBE, RANK, DAY, DAY),
    "opportunities": st.builds(
        Opportunity, NAME, MAYBE, MAYBE, MAYBE, NUMBER, MAYBE, MAYBE,
        st.none() | st.sampled_from(["open", "won", "lost"]), DAY, DAY,
    ),
    "opportunity_roles": st.builds(OpportunityRole, NAME, NAME, MAYBE),
    "account_team": st.builds(TeamRole, NAME, NAME, MAYBE),
    "display_names": st.builds(DisplayName, NAME.map(str.lower), NAME),
    "interactions": st.builds(
        Interaction, NAME, st.integers(-62_135_596_800_000, 253_402_300_799_999),
        st.sampled_from(INTERACTION_KINDS),
        st.lists(st.tuples(st.sampled_from(ROLES), WHO), min_size=1, max_size=4).map(tuple),
        st.none() | st.sampled_from(DIRECTIONS), MAYBE,
    ),
}  # fmt: skip


def cell(name, value):
    if name == "at":
        return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=value)).isoformat()
    if name == "participants":
        return ";".join(f"{role}:{who}" for role, who in value)
    if isinstance(value, tuple):
        return ";".join(value)
    return "" if value is None else str(value)


def write_table(name, records):
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerow(COLUMNS[name])
    writer.writerows([cell(field, value) for field, value in asdict(one).items()] for one in records)
    return out.getvalue()


def write_lines(name, records):
    return "".join(
        json.dumps({field: cell(field, value) for field, value in asdict(one).items()}) + "\n"
        for one in records
    )


@pytest.mark.parametrize("name", RECORDS)
@given(data=st.data())
def test_what_is_written_is_read_back(memory, run, name, data):
    records = data.draw(st.lists(RECORDS[name], max_size=3))
    for file, text in (
        (f"{name}.csv", write_table(name, records)),
        (f"{name}.jsonl", write_lines(name, records)),
    ):
        found = run(CANONICAL, [memory(file, text)])
        assert [one.record for one in found] == records
        assert all(one.object == name and one.source == "canonical" for one in found)


@pytest.mark.parametrize("name", RECORDS)
@given(rows=st.lists(st.lists(TEXT, min_size=7, max_size=7), max_size=4))
def test_any_text_becomes_a_record_or_a_reason(memory, name, rows):
    columns = COLUMNS[name][:7]
    width = len(columns)
    out = io.StringIO()
    csv.writer(out).writerows([columns, *(row[:width] for row in rows)])
    (part,) = CANONICAL.plan([memory(f"{name}.csv", out.getvalue())], Options())
    for raw in CANONICAL.read(part, Options()):
        done = CANONICAL.convert(raw, part, Options()) if isinstance(raw, Raw) else raw
        assert isinstance(done, tuple) or (done.code and done.message and done.remedy)
