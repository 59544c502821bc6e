"""A mapping is proposed for tables that nobody knows, says what it is not sure of, and can be imported with as it stands."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphmap.ingest.sources import find_sources
from graphmap_importers.column_words import WORDS, folded, meaning
from graphmap_importers.mapping_file import load_mapping
from graphmap_importers.mapping_proposal import propose
from tests.importers.books import DAY, xlsx

FIRMS = "Kundennr;Firma;Webseite;Branche;Notiz\n17;Müller AG;www.mueller.example;Metall;x\n18;Kurz & Co;kurz.example;Holz;y\n"
PEOPLE = "Vorname;Nachname;E-Mail;Funktion;Kunde\nAnn;Lee;ann@mueller.example;Einkauf;17\nBo;Ek;bo@kurz.example;CEO;18\n"
CALLS = (
    "Datum,Verkäufer,E-Mail,Art\n03.04.2026,rita@us.example,ann@mueller.example,Anruf\n"
    "25.04.2026,rita@us.example,bo@kurz.example,Besuch\n"
)


def write(folder: Path, **files: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / f"{name}.csv").write_bytes(text.encode("cp1252"))
    return folder


def proposed(folder: Path) -> tuple[str, str]:
    made = propose(find_sources([str(folder)]))
    return made.text, "\n".join(made.remarks)


def test_a_proposal_is_a_mapping_that_names_what_stands_where(tmp_path: Path) -> None:
    text, told = proposed(write(tmp_path / "in", Kunden=FIRMS, Kontakte=PEOPLE, Aktivitaeten=CALLS))
    path = tmp_path / "proposed.toml"
    path.write_text(text, encoding="utf-8")
    mapping = load_mapping(str(path))
    assert [(t.kind, t.file, t.key) for t in mapping.tables] == [
        ("firms", "Kunden.csv", ("Kundennr",)),
        ("people", "Kontakte.csv", ("E-Mail",)),
        ("interactions", "Aktivitaeten.csv", ("Datum", "Verkäufer", "E-Mail")),
    ]
    assert next((t.form.encoding, t.form.delimiter) for t in mapping.tables) == ("cp1252", ";")
    assert 'values.kind = { "Anruf" = "call", "Besuch" = "meeting" }' in text
    assert "  not read: Notiz" in told
    assert (
        'columns.firm = { object = "Kunden", column = "Kunde" }' in text
    )  # its texts are keys of Kunden.csv


def test_what_no_date_tells_is_asked(tmp_path: Path) -> None:
    rows = "Date,From,To\n03/04/2026,r@us.example,c@a.example\n04/05/2026,r@us.example,d@a.example\n"
    text, told = proposed(write(tmp_path / "in", mails=rows))
    assert "no row tells whether the day or the month comes first" in told
    assert 'constants.kind = "email"' in text


def test_what_is_not_recognised_is_said(tmp_path: Path) -> None:
    text, told = proposed(write(tmp_path / "in", x="Colour,Size\nred,1\n"))
    assert text == ""
    assert (
        told == f"{tmp_path}/in/x.csv: neither firms, people nor interactions are recognised in Colour, Size"
    )


def test_a_name_that_is_only_alike_is_pointed_out(tmp_path: Path) -> None:
    _, told = proposed(write(tmp_path / "in", x="Compny Name,Website\nAcme,acme.example\n"))
    assert 'look at "Compny Name": its name is only alike (taken for company)' in told


def test_every_known_name_means_one_thing() -> None:
    every = [word for words in WORDS.values() for word in words]
    assert len(every) == len(set(every))
    assert all(folded(word) == word for word in every)


@pytest.mark.parametrize(("column", "what"), [(w, what) for what, words in WORDS.items() for w in words])
def test_a_known_name_is_known_however_it_is_written(column: str, what: str) -> None:
    for written in (column, column.upper(), column.title().replace(" ", ""), column.replace(" ", "_")):
        if folded(written) == column:
            assert meaning(written) == (what, True)


@given(
    st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=12), min_size=1, max_size=6),
    st.binary(max_size=200),
)
def test_any_table_gives_a_proposal_or_a_reason(
    tmp_path_factory: pytest.TempPathFactory, columns: list[str], rest: bytes
) -> None:
    folder = tmp_path_factory.mktemp("any")
    (folder / "t.csv").write_bytes(",".join((*columns, "Company", "E-Mail", "Name")).encode() + b"\n" + rest)
    made = propose(find_sources([str(folder)]))
    assert made.remarks
    if made.text:
        path = folder / "m.toml"
        path.write_text(made.text, encoding="utf-8")
        assert load_mapping(str(path)).tables


def test_tables_that_hold_keys_of_others_refer_to_them(tmp_path: Path, test_data) -> None:
    text, told = proposed(test_data / "northwind")
    path = tmp_path / "proposed.toml"
    path.write_text(text, encoding="utf-8")
    orders = next(t for t in load_mapping(str(path)).tables if t.file == "Orders.csv")
    assert orders.key == ("OrderID",)
    assert [(p.role, p.reference.object, p.reference.key) for p in orders.participants if p.reference] == [
        ("account", "Customers", ("CustomerID",)),
        ("to", "Customers contacts", ("CustomerID",)),
        ("owner", "Employees", ("EmployeeID",)),
    ]
    assert 'date_format = "auto"' in text
    assert 'constants.kind = "order"' in text
    assert "  who took part as what is a guess by the names of the columns" in told
    assert "Employees.csv: taken for people" in told
    assert "Customers.csv: taken for firms and people" in told


def test_a_column_whose_name_lies_within_another_is_not_told_as_read(tmp_path: Path) -> None:
    table = "ID,Company,Comp,Nr\n1,Acme,x,y\n2,Beta,x,y\n"
    _, told = proposed(write(tmp_path / "in", x=table))
    assert "read: ID, Company\n" in told
    assert "  not read: Comp, Nr" in told


BOOK = {
    "Kunden": {"A1": "Kundennr", "B1": "Firma", "C1": "Webseite", "A2": 17, "B2": "Müller AG", "C2": "mueller.example"},
    "Leer": {},
    "Besuche": {
        "A1": "Datum", "B1": "Verkäufer", "C1": "Kunde", "A2": (DAY, 46053), "B2": "rita@us.example", "C2": 17,
    },
}  # fmt: skip


def test_all_sheets_of_a_workbook_are_tables(tmp_path: Path) -> None:
    (tmp_path / "crm.xlsx").write_bytes(xlsx(BOOK))
    text, told = proposed(tmp_path)
    (tmp_path / "m.toml").write_text(text, encoding="utf-8")
    firms, visits = load_mapping(str(tmp_path / "m.toml")).tables
    assert (firms.kind, firms.file, firms.key) == ("firms", "crm.xlsx!Kunden", ("Kundennr",))
    assert (visits.kind, visits.file) == ("interactions", "crm.xlsx!Besuche")
    assert [(p.role, p.reference.object) for p in visits.participants if p.reference] == [
        ("account", "Kunden")
    ]
    assert "crm.xlsx!Kunden: taken for firms; read: Kundennr, Firma, Webseite" in told
    assert "crm.xlsx!Leer: " in told
    assert "day or the month" not in told  # cells that are dates are ISO


def test_a_workbook_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    (tmp_path / "crm.xlsx").write_bytes(b"PK no zip")
    text, told = proposed(tmp_path)
    assert text == ""
    assert "damaged, or no workbook" in told


def test_all_streams_of_records_are_tables(tmp_path: Path) -> None:
    lines = (
        '{"type": "SCHEMA", "stream": "companies", "schema": {}}',
        '{"type": "RECORD", "stream": "companies", "record": {"id": 7, "company": "Acme", "website": "acme.example"}}',
        '{"type": "RECORD", "stream": "contacts", "record": {"id": "c", "name": "Ann", "email": "ann@acme.example", "company": "Acme"}}',
        "no record",
    )
    (tmp_path / "tap.jsonl").write_text("\n".join(lines))
    text, told = proposed(tmp_path)
    (tmp_path / "m.toml").write_text(text, encoding="utf-8")
    tables = load_mapping(str(tmp_path / "m.toml")).tables
    assert [(t.kind, t.file) for t in tables] == [
        ("firms", "tap.jsonl!companies"),
        ("people", "tap.jsonl!contacts"),
    ]
    assert "tap.jsonl!contacts: taken for people; read: " in told
