from __future__ import annotations

import pytest

from graphmap.errors import ConfigError
from graphmap_importers.mapping_file import SHIPPED, load_mapping
from graphmap_importers.mapping_values import looks_like_body

PEOPLE = '[[people]]\nfile = "p.csv"\nkey = "Id"\ncolumns.name = "Name"\n'
ORDERS = '[[interactions]]\nfile = "o.csv"\nkey = "Id"\nconstants.kind = "order"\ncolumns.at = "Day"\n'
OWNER = 'participants = [{ role = "owner", ref = "people", column = "Rep" }]\n'


@pytest.fixture
def load(tmp_path):
    def go(text, *, source=True):
        path = tmp_path / "m.toml"
        path.write_text(('source = "s"\n' if source else "") + text, "utf-8")
        return load_mapping(str(path))

    return go


def test_the_shipped_mappings_are_found_by_name():
    names = sorted(path.stem for path in SHIPPED.glob("*.toml"))
    assert names == ["adventureworks", "chinook", "classicmodels", "northwind"]
    for name in names:
        assert load_mapping(name).source == name
    assert load_mapping("adventureworks").files() == {
        "DimReseller.csv", "Customer.csv", "Store.csv", "pbi_Salesperson.csv", "pbi_Sales.csv"
    }  # fmt: skip
    assert load_mapping(str(SHIPPED / "chinook.toml")).source == "chinook"


@pytest.mark.parametrize("name", ["nothing", "x/northwind", "../northwind", "nothing.toml"])
def test_an_unknown_mapping_names_those_there_are(name):
    with pytest.raises(ConfigError, match="no such mapping") as caught:
        load_mapping(name)
    assert caught.value.file == name
    assert "adventureworks, chinook, classicmodels, northwind" in caught.value.remedy


def test_a_mapping_is_read_again_when_it_changes(load):
    assert len(load(PEOPLE).tables) == 1
    assert len(load(PEOPLE + ORDERS + OWNER).tables) == 2


@pytest.mark.parametrize(
    ("text", "says", "remedy"),
    [
        ("x = [", "not a TOML file", "mappings.md"),
        ("", "it maps nothing", "[[firms]]"),
        ("colour = 1\n" + PEOPLE, "colour: there is no such key", "valid keys: source"),
        ("[[peple]]\n", "peple: there is no such key", "did you mean people?"),
        ("people = 3\n", "must be a list of tables", "write people"),
        ('[[people]]\nkey = "Id"\n', "[[people]] 1, file: this is missing", 'file = "..."'),
        ('[[people]]\nfile = "p.csv"\n', "key: this is missing", "column"),
        (PEOPLE + "key2 = 1\n", "key2: there is no such key", "did you mean key?"),
        (PEOPLE + 'columns.nmae = "N"\n', "columns, nmae: there is no such key", "did you mean name?"),
        (PEOPLE + 'columns.id = "N"\n', "columns, id: there is no such key", "name, emails"),
        (PEOPLE + "columns.title = 3\n", "title: this must be a text or a list of texts", "write title"),
        (PEOPLE + 'columns.title = "{A"\n', "cannot be used", "mappings.md"),
        (PEOPLE + 'columns.title = "{A!r}"\n', "nothing else between the braces", "mappings.md"),
        ('[[people]]\nfile = "p.csv"\nkey = "Id"\n', "columns.name: this is missing", 'columns.name ='),
        (PEOPLE + 'constants.firm = "acme"\n', '"acme" is no firm that is known', "own_firm"),
        (PEOPLE + 'columns.firm = "F"\n', "no object is named", "none is mapped"),
        (PEOPLE + 'columns.manager = ["A", "B"]\n', "the key of p has 1 columns, this has 2", "as many"),
        (PEOPLE + 'columns.manager = { object = "q", column = "A" }\n', 'no object "q" of people', ": p"),
        (PEOPLE + 'columns.manager = { object = "p", colum = "A" }\n', "colum: there is no such", "column"),
        (PEOPLE + PEOPLE, 'the name "p" is taken', "another name"),
        (PEOPLE + PEOPLE + 'object = "q"\n', "two tables make people from p.csv", "a copy"),
        (PEOPLE + 'object = "own_firm"\n', '"own_firm" is taken', "another name"),
        (PEOPLE + 'values.title = { a = "b" }\n', "no such column to translate", "columns.title"),
        (PEOPLE + OWNER, "only interactions have participants", "remove"),
        (PEOPLE + 'columns.title = "Notes"\n', '"Notes" looks like text that people', "who, when"),
        (PEOPLE + 'where = { "Html Body" = "x" }\n', '"Html Body" looks like text', "remove it"),
        (PEOPLE + 'columns.title = "q.memo"\njoins = [{ file = "q.csv", on = { I = "I" } }]', "q.memo", "it"),
        (PEOPLE + 'where = { A = { not_empty = true, empty = true } }', "exactly one of empty", "not_empty"),
        (PEOPLE + 'where = { A = { is = 3 } }\n', "is: there is no such key", "valid keys"),
        (PEOPLE + 'joins = [{ file = "q.csv" }]\n', "on: this is missing", "Column there"),
        (PEOPLE + 'distinct = "yes"\n', "this must be true or false", "distinct = true"),
        (PEOPLE + 'delimiter = ";;"\n', '";;" is not one character', ";"),
        (PEOPLE + 'decimal = "x"\n', '"x" is not valid here', "use one of: ., ,"),
        (PEOPLE + 'date_format = "DD/MM"\n', '"auto" or a form such as', "mappings.md"),
        (PEOPLE + 'date_format = "%d.%m.%Q"\n', "cannot be used", "mappings.md"),
        (ORDERS, "participants: this is missing", "role"),
        (PEOPLE + ORDERS + 'participants = [{ role = "boss", name = "R" }]\n', '"boss"', "owner"),
        (PEOPLE + ORDERS + 'participants = [{ role = "owner" }]\n', "exactly one of ref", "address"),
        (PEOPLE + ORDERS + 'participants = [{ role = "account", address = "A" }]\n', "takes a firm", "firms"),
        (ORDERS + 'participants = [{ role = "channel", name = "a;b" }]\n', "cannot contain ;", "leave"),
        (ORDERS.replace('constants.kind = "order"\n', "") + OWNER, "no object is named", "none is mapped"),
        ("own_firm = { id = \"x\" }\n" + PEOPLE, "own_firm, name: this is missing", "name"),
        ("own_firm = 3\n" + PEOPLE, "own_firm: this must be a table", "own_firm ="),
    ],
)  # fmt: skip
def test_every_mistake_names_file_table_key_and_remedy(load, text, says, remedy):
    with pytest.raises(ConfigError) as caught:
        load(text)
    assert says in caught.value.message
    assert remedy in (caught.value.remedy or "")
    assert caught.value.file.endswith("m.toml")


def test_a_mapping_without_a_source(load):
    with pytest.raises(ConfigError, match="source: this is missing"):
        load(PEOPLE, source=False)


@pytest.mark.parametrize(
    "column", ["Description", "TextBody", "HTML_Body", "hs_email_text", "comments", "Subject"]
)
def test_what_people_wrote_is_never_mapped(column):
    assert looks_like_body(column)


@pytest.mark.parametrize("column", ["Name", "RegionDescription", "NoteCount", "Contact", "Textile"])
def test_other_columns_are(column):
    assert not looks_like_body(column)
