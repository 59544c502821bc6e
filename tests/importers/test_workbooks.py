"""Workbooks through a mapping: typed cells, places as a spreadsheet shows them, and what is refused."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphmap.errors import InputError
from graphmap.ingest.discovery import choose
from graphmap.ingest.protocol import Options, Raw
from graphmap.ingest.repairing import TextSource
from graphmap.ingest.sources import find_sources, neighbourhoods, probe
from graphmap.records import Firm, Interaction, Person
from graphmap_importers import workbooks
from graphmap_importers.mapping import MappingImporter
from graphmap_importers.workbook_sheet import lines
from tests.importers.books import DAY, TIME, xlsx
from tests.importers.exports import records, rejections, shown, told

MAPPING = """
source = "crm"
date_format = "%d.%m.%Y"
decimal = ","

[[firms]]
file = "Book.xlsx!Clients & Co"
key = "No"
columns.name = "Client"
columns.renewal_on = "Renewal"
columns.annual_value = "Value"

[[people]]
file = "Book.xlsx!People"
key = "Mail"
columns.name = "Name"
columns.emails = "Mail"
columns.firm = "Client"

[[interactions]]
file = "calls.csv"
key = "id"
columns.at = "day"
constants.kind = "call"
joins = [{ file = "Book.xlsx!People", on = { who = "Name" }, prefix = "p." }]
participants = [{ role = "callee", address = "p.Mail" }]
"""
CLIENTS = {
    **{"B3": "No", "C3": "Client", "D3": "Renewal", "E3": "Value", "F3": "Notes"},
    **{"B5": 17, "C5": "Acme\nTools", "D5": (DAY, 46053), "E5": 1234.5, "F5": "kanarie"},
    **{"B6": "A-18", "C6": "Beta", "D6": "31.12.2026", "E6": "1.234,50", "F6": True},
    **{"B7": 19, "C7": "Gamma", "D7": (TIME, 46053.5), "E7": "much", "F7": "kanarie"},
    **{"B8": 20, "C8": None, "D8": "", "E8": 7},
}
PEOPLE = {"A1": "Name", "B1": "Mail", "C1": "Client", "A2": "Eva", "B2": "Eva@acme.example", "C2": 17}
BOOK = xlsx({"Clients & Co": CLIENTS, "People": PEOPLE, "Other": {"A1": "kanarie"}})


@pytest.fixture
def options(tmp_path):
    path = tmp_path / "crm.toml"
    path.write_text(MAPPING, "utf-8")
    return Options(mapping=path.as_posix())


def sources(memory, book=BOOK, name="data/Book.xlsx"):
    return [
        memory(name, book),
        memory("data/calls.csv", "id,day,who\n1,2026-01-31,Eva\n".replace("2026-01-31", "31.01.2026")),
    ]


def test_cells_are_read_with_their_types_and_joined_with_other_files(options, memory, run):
    found = run(MappingImporter(), sources(memory), options)
    acme, beta = records(found, Firm)
    assert (acme.name, acme.renewal_on, acme.annual_value) == ("Acme Tools", "2026-01-31", 1234.5)
    assert (beta.name, beta.renewal_on, beta.annual_value) == ("Beta", "2026-12-31", 1234.5)
    (eva,) = records(found, Person)
    assert (eva.emails, eva.firm) == (("eva@acme.example",), acme.id)
    (call,) = records(found, Interaction)
    assert call.participants == (("callee", "eva@acme.example"),)


def test_a_bad_cell_is_named_as_the_spreadsheet_shows_it(options, memory, run):
    found = rejections(run(MappingImporter(), sources(memory), options))
    assert [
        (one.code, one.origin.file, one.origin.line, one.origin.position, one.column) for one in found
    ] == [
        ("number", "data/Book.xlsx!Clients & Co", 7, "Clients & Co!E7", "Value"),
        ("missing", "data/Book.xlsx!Clients & Co", 8, "Clients & Co!C8", "Client"),
    ]


def test_what_the_mapping_does_not_name_comes_out_nowhere(options, memory):
    assert "kanarie" not in shown(MappingImporter(), sources(memory), options)


def test_a_workbook_is_known_by_the_mapping_alone(options, tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "Book.xlsx").write_bytes(BOOK)
    with zipfile.ZipFile(tmp_path / "in" / "crm.zip", "w") as packed:
        packed.writestr("x/Book.xlsx", BOOK)
    (tmp_path / "in" / "Else.xlsx").write_bytes(BOOK)
    found = find_sources([tmp_path / "in"])
    around = neighbourhoods(found)
    chosen = {one.name.partition("/in/")[2]: choose(probe(one, around[one.name]), options) for one in found}
    assert chosen.pop("Else.xlsx") is None
    assert [choice.match.label for choice in chosen.values()] == ["crm firms, people"] * 2
    assert all(choose(probe(one, around[one.name]), Options()) is None for one in found)


def test_a_workbook_and_the_same_tables_as_csv_give_the_same_records(tmp_path, memory, run):
    mapping = MAPPING.partition("[[interactions]]")[0]
    (tmp_path / "book.toml").write_text(mapping)
    (tmp_path / "csv.toml").write_text(
        mapping.replace("Book.xlsx!Clients & Co", "Clients & Co.csv").replace(
            "Book.xlsx!People", "People.csv"
        )
    )
    clients = "No;Client;Renewal;Value\n17;Acme Tools;31.01.2026;1.234,5\nA-18;Beta;31.12.2026;1.234,50\n"
    book = {place: value for place, value in CLIENTS.items() if int(place[1:]) < 7}
    as_book = run(MappingImporter(), sources(memory, xlsx({"Clients & Co": book, "People": PEOPLE})), Options(mapping=str(tmp_path / "book.toml")))  # fmt: skip
    tables = [
        memory("x/Clients & Co.csv", clients),
        memory("x/People.csv", "Name,Mail,Client\nEva,Eva@acme.example,17\n"),
    ]
    assert told(as_book) == told(run(MappingImporter(), tables, Options(mapping=str(tmp_path / "csv.toml"))))


def test_a_row_that_was_set_aside_is_read_again_as_text(options, memory, run):
    importer = MappingImporter()
    part = importer.plan(sources(memory), options)[0]
    raw = [one for one in importer.read(part, options) if isinstance(one, Raw)][2]
    text = f"{part.header}\n{raw.text}\n".replace("much", '"5,5"')
    (firm,) = records(run(importer, [TextSource("data/Book.xlsx!Clients & Co", text.encode())], options))
    assert (firm.name, firm.annual_value, firm.renewal_on) == ("Gamma", 5.5, "2026-01-31")


def test_a_sheet_that_is_not_there_is_told_with_those_that_are(options, memory):
    with pytest.raises(InputError, match='no sheet "People"') as told:
        MappingImporter().plan(sources(memory, xlsx({"Clients & Co": CLIENTS, "Persons": PEOPLE})), options)
    assert "Persons" in str(told.value)


def test_an_empty_sheet_is_told(options, memory):
    with pytest.raises(InputError, match="empty"):
        MappingImporter().plan(sources(memory, xlsx({"Clients & Co": {}, "People": PEOPLE})), options)


LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>'


@pytest.mark.parametrize(
    ("book", "why"),
    [
        (b"", "damaged"),
        (b"PK\x03\x04 no zip", "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "damaged"),
        (BOOK[:500], "damaged"),
        (xlsx({"Clients & Co": {"A1": "&c;"}}, head=LAUGHS), "damaged"),
        (xlsx({"Clients & Co": {"A1": 1, "XFD1048576": 2}}), "memory"),
        (xlsx({"Clients & Co": CLIENTS}, more={"xl/media/zeros": bytes(40_000_000)}), "unpack"),
    ],
    ids=["empty", "no zip", "no xls", "cut", "entities", "far cell", "zeros"],
)
def test_hostile_and_broken_workbooks_are_refused_with_a_sentence_and_cost_nothing_else(
    book, why, options, memory
):
    """P43."""
    with pytest.raises(InputError, match=why) as told:
        MappingImporter().plan(sources(memory, book), options)
    assert told.value.file == "data/Book.xlsx"
    assert told.value.remedy == "open it, save the sheet as CSV and import that"


def test_a_workbook_that_is_too_large_is_refused(options, memory, monkeypatch):
    """P43."""
    monkeypatch.setattr(workbooks, "BOOK_LIMIT", 100)
    with pytest.raises(InputError, match="larger than"):
        MappingImporter().plan(sources(memory), options)


CELL = st.one_of(st.text(max_size=8), st.integers(-(10**9), 10**9), st.booleans(), st.just(""))


@given(st.lists(st.lists(CELL, min_size=2, max_size=2), max_size=8), st.integers(0, 3))
def test_every_row_of_a_sheet_is_one_line_whatever_is_in_its_cells(rows, indent):
    done = list(lines(iter(rows), indent, "."))
    assert len(done) == len(rows)
    assert all(line.count("\n") == 1 and line.endswith("\n") for line in done)


def test_the_same_bytes_come_each_time_they_are_read(memory):
    source = workbooks.SheetSource(memory("x/Book.xlsx", BOOK), "Clients & Co", ",")
    with source.open() as one, source.open() as two:
        text = one.read()
        assert text == two.read()
    assert len(text) == source.size
    assert text.decode().splitlines()[:5] == ["", "", ",No,Client,Renewal,Value,Notes", "", ',17,Acme Tools,2026-01-31,"1234,5",kanarie']  # fmt: skip
    assert isinstance(source.open(), BytesIO)
