from __future__ import annotations

import zipfile

import pytest

from graphmap.errors import InputError
from graphmap.ingest.protocol import API, Importer, Options, Probe
from graphmap.ingest.sources import find_sources
from graphmap.records import Rejected, Sourced
from graphmap_importers.mapping import MappingImporter
from graphmap_importers.record_ids import record_id

MAPPING = MappingImporter()
TOML = """
source = "s"
[[people]]
file = "p.csv"
key = "Id"
columns.name = "{First} {Last}"
columns.title = "t.Title"
joins = [{ file = "t.csv", on = { Code = "Code" } }]
"""
PEOPLE = "Id,First,Last,Code\n1,Ann,A,x\n2,Bo,B,y\n3,Cy,C,\n"
TITLES = "Code,Title,Notes\nx,Chief,\nz,Other,\n,Nobody,\n"


@pytest.fixture
def given(tmp_path):
    def write(files, toml=TOML, beside=None):
        (tmp_path / "m").mkdir(exist_ok=True)
        (tmp_path / "in").mkdir(exist_ok=True)
        (tmp_path / "m" / "m.toml").write_text(toml, "utf-8")
        for name, text in (beside or {}).items():
            (tmp_path / "m" / name).write_text(text, "utf-8")
        for name, text in files.items():
            path = tmp_path / "in" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        options = Options(mapping=str(tmp_path / "m" / "m.toml"))
        return find_sources([tmp_path / "in"]), options

    return write


def test_it_is_an_importer():
    assert isinstance(MAPPING, Importer)
    assert (MAPPING.api, MAPPING.name, MAPPING.version) == (API, "csv-mapping", 1)


def test_only_files_that_the_mapping_names_are_claimed(given):
    _, options = given({})
    assert MAPPING.identify(Probe("p.csv", b""), Options()) is None
    assert MAPPING.identify(Probe("a.zip!d/p.csv", b""), options).label == "s people"
    assert MAPPING.identify(Probe("t.csv", b""), options).label == "s lookup"
    assert MAPPING.identify(Probe("q.csv", b"Id,First"), options) is None
    assert MAPPING.plan([], Options()) == []


def titles(found):
    return [one.record.title for one in found]


def test_a_joined_file_of_the_set(given, run):
    sources, options = given({"p.csv": PEOPLE, "t.csv": TITLES})
    found = run(MAPPING, sources, options)
    assert titles(found) == ["Chief", None, None]
    assert [one.record.id for one in found] == [record_id("people", "s", "p", n) for n in "123"]


def test_a_joined_file_beside_the_mapping_wins(given, run):
    sources, options = given({"p.csv": PEOPLE, "t.csv": TITLES}, beside={"t.csv": "Code;Title\nx;Mine\n"})
    assert titles(run(MAPPING, sources, options)) == ["Mine", None, None]


def test_of_several_joined_files_the_one_in_the_same_folder(given, run):
    sources, options = given(
        {"a/p.csv": PEOPLE, "a/t.csv": TITLES, "b/t.csv": TITLES.replace("Chief", "Wrong")}
    )
    assert titles(run(MAPPING, sources, options)) == ["Chief", None, None]
    sources, options = given({"c/p.csv": PEOPLE})
    with pytest.raises(InputError, match="there are several") as caught:
        run(MAPPING, sources, options)
    assert caught.value.file.endswith("c/p.csv")


def test_a_joined_file_that_is_missing(given, run):
    sources, options = given({"p.csv": PEOPLE})
    with pytest.raises(InputError, match=r"needs t\.csv to read this file, and it is not among") as caught:
        run(MAPPING, sources, options)
    assert "put t.csv beside it" in caught.value.remedy


def test_a_join_that_finds_two_different_rows(given, run):
    sources, options = given({"p.csv": PEOPLE, "t.csv": TITLES + "x,Chief,other\n"})
    assert titles(run(MAPPING, sources, options)) == ["Chief", None, None]
    sources, options = given({"t.csv": TITLES + "x,Boss,\n"})
    with pytest.raises(InputError, match=r"two rows have the same Code \(x\)") as caught:
        run(MAPPING, sources, options)
    assert caught.value.line == 5


@pytest.mark.parametrize(
    ("files", "file", "column", "remedy"),
    [
        ({"p.csv": "Id,First,Code\n1,a,x\n", "t.csv": TITLES}, "p.csv", "Last", "Id, First, Code"),
        ({"p.csv": PEOPLE, "t.csv": "Code,Name\n"}, "t.csv", "Title", "Code, Name"),
        ({"p.csv": PEOPLE, "t.csv": "Kode,Title\n"}, "t.csv", "Code", "Kode, Title"),
        ({"p.csv": "Id,Id,First,Last,Code\n", "t.csv": TITLES}, "p.csv", "Id", "keep one"),
    ],
)
def test_a_column_that_a_file_lacks(given, run, files, file, column, remedy):
    sources, options = given(files)
    with pytest.raises(InputError) as caught:
        run(MAPPING, sources, options)
    assert caught.value.file.endswith(file)
    assert (caught.value.line, caught.value.column) == (1, column)
    assert remedy in caught.value.remedy


def test_folders_and_zips_give_the_same_records(given, run, tmp_path):
    sources, options = given({"p.csv": PEOPLE, "t.csv": TITLES})
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr("x/p.csv", PEOPLE)
        archive.writestr("x/t.csv", TITLES)
    packed = find_sources([tmp_path / "all.zip"])
    one, two = run(MAPPING, sources, options), run(MAPPING, packed, options)
    assert [(a.record, a.source, a.object, a.source_id) for a in one] == [
        (b.record, b.source, b.object, b.source_id) for b in two
    ]


def test_the_zone_of_the_user_wins_and_none_is_told(given, run):
    orders = TOML.split("[[people]]", maxsplit=1)[0] + (
        '[[interactions]]\nfile = "o.csv"\nkey = "Id"\ncolumns.at = "At"\nconstants.kind = "order"\n'
        'participants = [{ role = "channel", name = "shop" }]\n'
    )
    files = {"o.csv": "Id,At\n1,2026-07-01 12:00\n"}
    seen = []
    for line, tz in (("", None), ('tz = "Europe/Berlin"\n', None), ('tz = "Europe/Berlin"\n', "Asia/Tokyo")):
        sources, options = given(files, toml=orders.replace("\n[[", f"\n{line}[[", 1))
        (found,) = run(MAPPING, sources, Options(tz=tz, mapping=options.mapping))
        seen.append((found.record.at // 3_600_000 % 24, [notice.code for notice in found.notices]))
    assert seen == [(12, ["no_offset"]), (10, []), (3, [])]


def test_own_firm_comes_with_the_first_row_that_is_kept(given, run):
    toml = TOML.replace("[[people]]", 'own_firm = { id = "us", name = "Us" }\n[[people]]')
    sources, options = given({"p.csv": PEOPLE.replace("Ann,A", ","), "t.csv": TITLES}, toml=toml)
    found = run(MAPPING, sources, options)
    assert isinstance(found[0], Rejected)
    assert (found[0].column, found[0].code) == ("First, Last", "missing")
    assert [one.object for one in found if isinstance(one, Sourced)] == ["own_firm", "p", "p"]
    assert found[1].origin.line == 3
