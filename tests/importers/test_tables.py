from __future__ import annotations

import io

import pytest

from graphmap.errors import ConfigError, InputError
from graphmap.ingest import tables
from graphmap.ingest.protocol import Raw
from graphmap.ingest.tables import RECORD_LIMIT, detect_delimiter, read_header, read_objects, read_rows
from graphmap.records import Rejected


def rows_of(source, **options):
    with source.open() as stream:
        header = read_header(stream, source.name, **options)
    return list(read_rows(source, header))


@pytest.fixture
def table(memory):
    def read(data, **options):
        return rows_of(memory("t.csv", data), **options)

    return read


def brief(found):
    return [
        (one.origin.line, list(one.cells)) if isinstance(one, Raw) else (one.origin.line, one.code)
        for one in found
    ]


def test_rows_have_their_line_their_end_and_their_text(table):
    data = 'a,b\r\n1,x\r\n\r\n"2 ""q""","y\r\nz"\r\n3,w'
    found = table(data)
    assert brief(found) == [(2, ["1", "x"]), (4, ['2 "q"', "y\r\nz"]), (6, ["3", "w"])]
    assert [one.text for one in found] == ["1,x", '"2 ""q""","y\r\nz"', "3,w"]
    assert [one.end for one in found] == [10, data.index("3,w"), len(data)]


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("utf-8", b""),
        ("utf-8-sig", b""),
        ("utf-16", b""),
        ("utf-16-le", b"\xff\xfe"),
        ("utf-16-be", b"\xfe\xff"),
    ],
)
def test_byte_order_marks_decide_the_encoding(table, encoding, mark):
    data = mark + "näme,b\r\nĊ਍😀,1\r\nx,2\r\n".encode(encoding)
    found = table(data)
    assert brief(found) == [(2, ["Ċ਍😀", "1"]), (3, ["x", "2"])]
    assert found[-1].end == len(data)


def test_broken_utf8_costs_one_record_and_names_the_column(table):
    found = table(b'name,city\nAnn,K\xf6ln\nBo,"two\nl\xffnes"\nCy,Rome\n')
    assert brief(found) == [(2, "encoding"), (3, "encoding"), (5, ["Cy", "Rome"])]
    assert [one.column for one in found[:2]] == ["city", "city"]
    assert found[0].message == "the row has bytes that are no UTF-8"
    assert found[0].raw == "Ann,K\ufffdln"


def test_a_named_encoding_is_used_and_a_wrong_one_refused(table):
    assert brief(table("a;b\nMüller;1\n".encode("cp1252"), encoding="cp1252", delimiter=";")) == [
        (2, ["Müller", "1"])
    ]
    with pytest.raises(ConfigError, match='"klingon" is no text encoding'):
        table("a,b\n", encoding="klingon")


def test_broken_utf16_costs_one_record(table):
    data = "a,b\n1,x\n2,y\n".encode("utf-16-le").replace("x".encode("utf-16-le"), b"\x00\xd8")
    assert brief(table(b"\xff\xfe" + data)) == [(2, "encoding"), (3, ["2", "y"])]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('1,"x\n2,y\n3,z\n', [(2, "unclosed_quote"), (3, ["2", "y"]), (4, ["3", "z"])]),
        ('1,"x\n2,"y"\n3,z\n', [(2, "unclosed_quote"), (3, ["2", "y"]), (4, ["3", "z"])]),
        ('1,"x\n2,"y\n3,z\n', [(2, "unclosed_quote"), (3, "unclosed_quote"), (4, ["3", "z"])]),
        ('1,"x\n2,y\n3",z\n', [(2, "unclosed_quote"), (3, ["2", "y"]), (4, ['3"', "z"])]),
        ('1,"x" y\n2,y\n', [(2, "quote"), (3, ["2", "y"])]),
        ('1,"x\n', [(2, "unclosed_quote")]),
        ('1,"x', [(2, "unclosed_quote")]),
        ('1,"x"\r2,y\n3,z\n', [(2, "line_break"), (3, ["3", "z"])]),
        ('1,5" disk\n2,y\n', [(2, ["1", '5" disk']), (3, ["2", "y"])]),
        ("1\n1,2,3\n2,y\n3", [(2, "columns"), (3, "columns"), (4, ["2", "y"]), (5, "columns")]),
        ("1,x\0\n2,y\n", [(2, "nul"), (3, ["2", "y"])]),
        ('1,"a\nb",c\n2,y\n', [(2, "columns"), (4, ["2", "y"])]),
        ("   \n1,x\n\n,\n", [(3, ["1", "x"]), (5, ["", ""])]),
    ],
)
def test_only_the_bad_record_is_set_aside(table, body, expected):
    """P38."""
    assert brief(table("a,b\n" + body)) == expected


def test_what_is_set_aside_says_why_and_what_to_do(table):
    (bad,) = table("a,b\n1,2,3\n")
    assert bad == Rejected(
        bad.origin,
        "columns",
        "the row has 3 columns, the header 2",
        remedy="quote cells that contain the separator",
        raw="1,2,3",
    )
    assert (bad.origin.file, bad.origin.line) == ("t.csv", 2)


def test_a_long_record_is_read_and_a_too_long_one_set_aside(table):
    fits, long = "x" * (RECORD_LIMIT - 10), "y" * (3 * RECORD_LIMIT)
    found = table(f'a,b\n1,{fits}\n2,{long}\n3,z\n4,"{fits}"\n5,{long}')
    assert [(one.origin.line, getattr(one, "code", "")) for one in found] == [
        (2, ""),
        (3, "too_long"),
        (4, ""),
        (5, ""),
        (6, "too_long"),
    ]
    assert found[1].raw is None


def test_a_too_long_line_ends_a_quote_that_is_open(table):
    found = table('a,b\n1,"x\n2,' + "y" * (2 * RECORD_LIMIT) + "\n3,z\n")
    assert brief(found) == [(2, "unclosed_quote"), (3, "too_long"), (4, ["3", "z"])]


def test_many_open_quotes_do_not_make_reading_slow(table, monkeypatch):
    # Every line opens a quote and every line below continues it: looking ahead is limited per file.
    monkeypatch.setattr(tables, "_RETRY_BUDGET", 4 * RECORD_LIMIT)
    lines = 60_000
    found = table("a,b,c\n" + 'a",b"c,"d\n' * lines)
    assert len(found) == lines
    assert {one.code for one in found} == {"unclosed_quote"}


def test_an_old_spreadsheet_with_carriage_returns_alone(table):
    assert brief(table("a,b\r1,x\r2,y\r")) == [(2, ["1", "x"]), (3, ["2", "y"])]


def test_a_separator_line_of_excel_is_understood(table):
    assert brief(table("sep=;\na;b\n1;x\n")) == [(3, ["1", "x"])]


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("a,b\n1,2\n", ","),
        ("a;b\n1,5;2\n", ";"),
        ("a\tb\n1\t2\n", "\t"),
        ("a|b\n1|2\n", "|"),
        ("a\n1\n", ","),
    ],
)
def test_the_separator_is_found(table, text, sign):
    assert detect_delimiter(text) == sign
    assert all(isinstance(one, Raw) for one in table(text, delimiter=None))


def test_one_column_and_a_header_over_two_lines(table):
    assert brief(table("a\n1\n\n2\n")) == [(2, ["1"]), (4, ["2"])]
    assert brief(table('"a\n\nx",b\n1,2\n')) == [(4, ["1", "2"])]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (b"\n \n", "empty"),
        (b'a,"b\n1,2\n', "quote"),
        (b"a\0,b\n", "NUL"),
        (b"\xff,b\n", "UTF-8"),
    ],
)
def test_a_file_without_a_header_is_refused_with_the_place(table, data, says):
    with pytest.raises(InputError, match=says) as caught:
        table(data)
    assert caught.value.file == "t.csv"
    assert caught.value.line == 1
    assert caught.value.remedy


class _Failing(io.RawIOBase):
    def __init__(self, data: bytes, error: Exception) -> None:
        self._data, self._error = data, error

    def read(self, size: int = -1) -> bytes:
        if not self._data:
            raise self._error
        part, self._data = self._data[:7], self._data[7:]
        return part


@pytest.mark.parametrize("error", [OSError(5, "Input/output error"), EOFError("cut")])
def test_a_read_error_in_the_middle_names_file_and_line(memory, error):
    whole = memory("t.csv", "a,b\n1,x\n2,y\n3,z\n")
    with whole.open() as stream:
        header = read_header(stream, "t.csv")

    class Source:
        name, size = "t.csv", 16

        def open(self):
            return _Failing(b"a,b\n1,x\n2,", error)

    found = read_rows(Source(), header)
    assert next(found).origin.line == 2
    with pytest.raises(InputError, match="reading stopped") as caught:
        next(found)
    assert (caught.value.file, caught.value.line) == ("t.csv", 3)


def test_json_lines(memory):
    data = (
        b'\xef\xbb\xbf{"id": "1"}\r\n\n{"id": 2\n[1]\n{"x": NaN}\n{"k": "\\ud800"}\n{"k": "a\\u0000b"}\n'
        b'{"k": "\xff"}\n{"k": "a\0"}\n' + b"[" * 20_000 + b'\n{"id": "9"}'
    )
    found = list(read_objects(memory("t.jsonl", data)))
    assert [(one.origin.line, getattr(one, "code", "ok")) for one in found] == [
        (1, "ok"),
        (3, "json"),
        (4, "json"),
        (5, "json"),
        (6, "json"),
        (7, "nul"),
        (8, "encoding"),
        (9, "nul"),
        (10, "json"),
        (11, "ok"),
    ]
    assert found[0].cells == {"id": "1"}
    assert found[-1].end == len(data)
