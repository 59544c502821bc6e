"""Whatever a table holds, places are exact, and how the stream is cut into reads does not matter."""

from __future__ import annotations

import csv
import io

from hypothesis import given, settings
from hypothesis import strategies as st

from graphmap.ingest.protocol import Raw
from graphmap.ingest.tables import read_header, read_rows

CELL = st.text(alphabet='ab",;\n\r é😀', max_size=6)
TABLE = st.integers(1, 4).flatmap(
    lambda width: st.lists(st.lists(CELL, min_size=width, max_size=width), min_size=1, max_size=8)
)
HOSTILE = st.lists(
    st.sampled_from([b"a", b",", b'"', b"\n", b"\r\n", b"\xff", b"\0", b"x,y\n", b'"q",1\n'])
).map(b"".join)


class Dribble(io.RawIOBase):
    """Hands over a stream in pieces of given sizes."""

    def __init__(self, data: bytes, sizes: list[int]) -> None:
        self._data, self._sizes, self._at = data, sizes, 0

    def read(self, size: int = -1) -> bytes:
        step = self._sizes[self._at % len(self._sizes)] if self._sizes else len(self._data)
        if size >= 0:
            step = min(step, size)
        self._at += 1
        part, self._data = self._data[:step], self._data[step:]
        return part


class CutSource:
    name = "t.csv"

    def __init__(self, data: bytes, sizes: list[int]) -> None:
        self.data, self.sizes, self.size = data, sizes, len(data)

    def open(self):
        return Dribble(self.data, self.sizes)


def read_all(data: bytes, sizes: list[int]):
    header = read_header(io.BytesIO(data), "t.csv")
    return header, list(read_rows(CutSource(data, sizes), header))


def write(rows: list[list[str]], encoding: str) -> tuple[bytes, list[tuple[int, int]]]:
    """The bytes of a table with quoted cells, and line and end of each row, counted independently."""
    data, places = "".encode(encoding), []
    line = 1
    for row in rows:
        out = io.StringIO()
        csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n").writerow(row)
        text = out.getvalue()
        data += text.encode({"utf-16": "utf-16-le", "utf-8-sig": "utf-8"}.get(encoding, encoding))
        places.append((line, len(data)))
        line += text.count("\n")
    return data, places


@given(TABLE, st.lists(st.integers(1, 5), max_size=4), st.sampled_from(["utf-8", "utf-16", "utf-8-sig"]))
def test_cells_lines_and_ends_are_exact(rows, sizes, encoding):
    rows = [[f"c{i}" for i in range(len(rows[0]))], *rows]
    data, places = write(rows, encoding)
    _, found = read_all(data, sizes)
    assert all(isinstance(one, Raw) for one in found)
    assert [list(one.cells) for one in found] == rows[1:]
    assert [(one.origin.line, one.end) for one in found] == places[1:]


@given(HOSTILE, st.lists(st.integers(1, 9), min_size=1, max_size=4))
@settings(max_examples=300)
def test_cutting_the_stream_anywhere_changes_nothing_and_no_line_is_lost(body, sizes):
    data = b"a,b\n" + body
    _, whole = read_all(data, [])
    _, cut = read_all(data, sizes)
    assert cut == whole
    lines = [one.origin.line for one in whole]
    assert lines == sorted(set(lines))
    ends = [one.end for one in whole if isinstance(one, Raw)]
    assert ends == sorted(set(ends))
    assert all(end <= len(data) for end in ends)
    # Every physical line that is not blank is in some record, or was refused.
    texts = data.split(b"\n")
    covered: set[int] = set()
    for one in whole:
        text = one.text if isinstance(one, Raw) else one.raw
        covered |= set(range(one.origin.line, one.origin.line + (text or "").count("\n") + 1))
    assert {n for n, text in enumerate(texts, 1) if n > 1 and text.strip()} <= covered | {
        n for n, text in enumerate(texts, 1) if not text.decode("utf-8", "replace").strip()
    }
