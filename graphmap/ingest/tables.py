"""Tables as streams: CSV and JSON Lines from bytes to records with exact places, in constant memory.

A record that cannot be read is set aside alone. Lines without quotes are split directly; only lines with
quotes go through the ``csv`` module. A quote that is never closed costs its own line, not the lines below it.
"""

from __future__ import annotations

import codecs
import csv
import io
import json
import zipfile
import zlib
from collections import deque
from collections.abc import Collection, Generator, Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO, NamedTuple, cast

from graphmap.errors import ConfigError, InputError
from graphmap.ingest.protocol import Raw, Source, Spelling
from graphmap.records import Origin, Rejected

RECORD_LIMIT = 1_000_000
"""A longer record is set aside (bytes of one line; characters of a record over several lines)."""

DELIMITERS = ",;\t|"

_HEAD = 64 * 1024
_BLOCK = 256 * 1024
_RETRY_BUDGET = 64 * RECORD_LIMIT  # lookahead behind open quotes that may come to nothing, per file

# A cell may be as long as a record. This limit of the csv module is the process's, so it is only ever raised.
csv.field_size_limit(max(csv.field_size_limit(), RECORD_LIMIT * 2))

_WHY: dict[str, tuple[str, str]] = {
    "encoding": ("the row has bytes that are no {encoding}", "save the file as UTF-8"),
    "unclosed_quote": ("a quote is opened and not closed", 'close it, or write "" for a quote inside a cell'),
    "quote": ("text stands beside a quoted cell", 'write "" for a quote inside a cell'),
    "line_break": ("a carriage return stands outside quotes", "quote cells over several lines"),
    "columns": ("the row has {has} columns, the header {width}", "quote cells that contain the separator"),
    "nul": ("the row has a NUL character", "export the file again; it may be damaged"),
    "too_long": ("the row is longer than 1 MB", "look for a quote or line end that is missing"),
    "json": ("the line is not one JSON object ({why})", "write one object a line, as UTF-8"),
}


Line = tuple[int, int, str, str | None]
"""A physical line: its 1-based number, the offset behind it, its text without the line end, what is wrong."""


class _OpenOrigin:
    """An Origin whose slots are still open while it is made.

    A frozen record sets each field through ``object.__setattr__``, and that is half the time of a row. So the
    four kinds of objects that are made for every row of a long file are made open and then given their frozen
    class; Python refuses that unless both have the same slots.
    """

    __slots__ = ("file", "line", "position")

    def __init__(self, file: str, line: int | None = None, position: str | None = None) -> None:
        self.file, self.line, self.position = file, line, position
        self.__class__ = Origin  # noqa: PLE0237  # pyright: ignore[reportAttributeAccessIssue]


class _OpenRaw:
    __slots__ = ("cells", "end", "origin", "text")

    def __init__(
        self, origin: Origin, end: int, cells: Sequence[str] | dict[str, object], text: str | None = None
    ) -> None:
        self.origin, self.end, self.cells, self.text = origin, end, cells, text
        self.__class__ = Raw  # noqa: PLE0237  # pyright: ignore[reportAttributeAccessIssue]


quick_origin = cast("type[Origin]", _OpenOrigin)
quick_raw = cast("type[Raw]", _OpenRaw)


class Layout(NamedTuple):
    """How bytes become lines: the encoding, the length of the byte order mark, and the line end."""

    encoding: str
    mark: int
    line_end: bytes


@dataclass(frozen=True, slots=True)
class Header:
    """The first row of a table: its columns (stripped), its line, where the next row begins, its layout."""

    columns: tuple[str, ...]
    line: int
    end: int
    delimiter: str
    layout: Layout


def spelling(
    header: Header, read: Collection[str], *, dates: str | None = None, zone: str | None = None
) -> Spelling:
    """What the preflight tells of a table of which the columns ``read`` are read."""
    left = tuple(column for column in header.columns if column and column not in read)
    return Spelling(header.layout.encoding, header.delimiter, left, dates, zone)


def read_layout(head: bytes, encoding: str | None = None) -> Layout:
    r"""Encoding and line end from the first bytes; UTF-8 unless a mark there or ``encoding`` says otherwise.

    >>> read_layout("a,b\r\n".encode("utf-16"))
    Layout(encoding='utf-16-le', mark=2, line_end=b'\n\x00')
    """
    marks = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
    mark = next((mark for mark in marks if head.startswith(mark)), b"")
    try:
        name = marks.get(mark) or codecs.lookup(encoding or "utf-8").name
        name = {"utf-8-sig": "utf-8", "utf-16": "utf-16-le"}.get(name, name)
        newline, bare = "\n".encode(name), "\r".encode(name)
    except (LookupError, UnicodeError) as error:
        remedy = "use for example utf-8 or cp1252"
        raise ConfigError(f'"{encoding}" is no text encoding', remedy=remedy) from error
    # A file with carriage returns alone comes from old spreadsheets.
    return Layout(name, len(mark), newline if newline in head or bare not in head else bare)


def read_header(
    stream: BinaryIO, name: str, *, delimiter: str | None = ",", encoding: str | None = None
) -> Header:
    """The header row; an InputError where there is none. ``delimiter`` None finds it among ``, ; tab |``."""
    head = stream.read(_HEAD)
    layout = read_layout(head, encoding)
    feed = _Feed(read_lines(io.BytesIO(head), name, layout))
    line = next((line for line in feed if line[2].strip() or line[3]), None)
    if line is not None and len(line[2].strip()) == 5 and line[2].strip().lower().startswith("sep="):
        delimiter = line[2].strip()[4]  # what Excel writes to tell itself
        line = feed.take()
    if line is None:
        raise InputError("the file is empty", file=name, line=1, remedy="export it again, with a header row")
    if delimiter is None:
        delimiter = detect_delimiter(head.decode(layout.encoding, "replace").lstrip("\ufeff"), line[0])
    record = feed.record(line, delimiter)
    if isinstance(record, str) or record.flaw or "\0" in record.text:
        code = record if isinstance(record, str) else record.flaw or "nul"
        remedy = "save it as a table in UTF-8 with a header row"
        raise InputError(_why(code, layout), file=name, line=line[0], remedy=remedy)
    cells = tuple(cell.strip() for cell in record.cells)
    return Header(cells, line[0], record.end, delimiter, layout)


def detect_delimiter(text: str, line: int = 1) -> str:
    r"""The separator by which the rows agree best with the header at ``line``; a comma where none does.

    >>> detect_delimiter("name;amount\nAcme, Inc;1,5\n")
    ';'
    """
    lines = text.splitlines()[line - 1 : line + 49]

    def agreement(delimiter: str) -> tuple[int, int]:
        widths = [len(row) for row in csv.reader(lines, delimiter=delimiter) if row]
        return (widths.count(widths[0]), widths[0]) if widths and widths[0] > 1 else (0, 0)

    return max(DELIMITERS, key=agreement)


def read_rows(source: Source, header: Header, *, keep_text: bool = True) -> Generator[Raw | Rejected]:
    """The rows below the header, each as a list of cells; what cannot be read comes as Rejected at its place.

    ``keep_text`` False leaves out the text of rows (for files with columns that must not be kept anywhere).
    """
    name, width, delimiter, begin = source.name, len(header.columns), header.delimiter, header.end
    between = f'"{delimiter}"'
    with source.open() as stream:
        feed = _Feed(read_lines(stream, name, header.layout))
        for line in feed:
            number, end, text, flaw = line
            if end <= begin:
                continue
            if flaw is None and '"' not in text and "\0" not in text:
                text = text.rstrip("\r")
                cells = text.split(delimiter)
                if len(cells) == width and (width > 1 or text.strip()):
                    yield quick_raw(quick_origin(name, number), end, cells, text if keep_text else None)
                    continue
                if not text.strip():
                    continue
            elif flaw is None and text.count('"') == 2 * width and "\0" not in text:
                # Exports that quote every cell: where no other quote is there, the cells are what stands between them.
                text = text.rstrip("\r")
                cells = text[1:-1].split(between)
                if len(cells) == width and text[0] == text[-1] == '"':
                    yield quick_raw(quick_origin(name, number), end, cells, text if keep_text else None)
                    continue
            yield _careful(feed, line, name, header, keep_text)


def read_objects(source: Source, *, keep_text: bool = True) -> Generator[Raw | Rejected]:
    """The objects of a JSON Lines file, one a line; what is not an object comes as Rejected."""
    with source.open() as stream:
        layout = read_layout(stream.read(_HEAD))
    with source.open() as stream:
        for number, end, text, flaw in read_lines(stream, source.name, layout):
            if not text.strip():
                continue
            origin = Origin(source.name, number)
            value = flaw or ("nul" if "\0" in text else _parse_object(text))
            kept = text.strip() if keep_text and flaw != "too_long" else None
            if isinstance(value, dict):
                yield Raw(origin, end, value, kept)
            else:
                code = value if value in _WHY else "json"
                yield Rejected(origin, code, _why(code, layout, why=value), remedy=_WHY[code][1], raw=kept)


def read_lines(stream: BinaryIO, name: str, layout: Layout) -> Iterator[Line]:
    """The physical lines of a stream; an InputError names file and line where reading fails in the middle."""
    encoding, end, width, number = layout.encoding, layout.mark, len(layout.line_end), 0
    mark = end
    try:
        while mark > 0 and (skipped := stream.read(mark)):
            mark -= len(skipped)
        for pieces, extra in _blocks(stream, layout.line_end):
            for piece in pieces:
                number += 1
                size = len(piece) + width + extra
                extra = 0  # noqa: PLW2901 - it belongs to the first line of the block only
                end += size
                if size > RECORD_LIMIT:
                    yield number, end, "", "too_long"
                    continue
                try:
                    yield number, end, piece.decode(encoding), None
                except UnicodeDecodeError:
                    yield number, end, piece.decode(encoding, "replace"), "encoding"
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile) as error:
        remedy = "copy or download the file again and repeat the import; it goes on where it stopped"
        raise InputError(f"reading stopped ({error})", file=name, line=number + 1, remedy=remedy) from error


def _blocks(stream: BinaryIO, line_end: bytes) -> Iterator[tuple[list[bytes], int]]:
    """Lines without their ends, many at a time, and how many bytes more than its text the first of them has.

    Of a line that is too long only the length is remembered, so that memory stays constant.
    """
    pending, dropped, width = b"", 0, len(line_end)
    while block := stream.read(_BLOCK):
        *lines, pending = _cut(pending + block, line_end)
        if lines:
            yield lines, dropped
            dropped = 0
        if len(pending) > RECORD_LIMIT:
            whole = len(pending) // width * width
            dropped, pending = dropped + whole, pending[whole:]
    if pending or dropped:
        yield [pending], dropped - width


def _cut(data: bytes, line_end: bytes) -> list[bytes]:
    width = len(line_end)
    if width == 1:
        return data.split(line_end)
    lines: list[bytes] = []
    start = place = 0
    while (place := data.find(line_end, place)) >= 0:
        if place % width:
            place += 1  # in UTF-16 a line end counts only where a character can begin
            continue
        lines.append(data[start:place])
        start = place = place + width
    return [*lines, data[start:]]


class _Record(NamedTuple):
    cells: list[str]
    end: int
    text: str
    flaw: str | None


class _Feed:
    """Physical lines, with those that a failed record looked at given back."""

    def __init__(self, lines: Iterator[Line]) -> None:
        self._lines = lines
        self._ahead: deque[Line] = deque()
        self._budget = _RETRY_BUDGET

    def __iter__(self) -> Iterator[Line]:
        ahead = self._ahead
        for line in self._lines:
            # A record may have taken lines beyond this one meanwhile; those it gave back come first.
            yield line
            while ahead:
                yield ahead.popleft()

    def take(self) -> Line | None:
        return self._ahead.popleft() if self._ahead else next(self._lines, None)

    def record(self, first: Line, delimiter: str, width: int | None = None) -> _Record | str:
        """The record that begins with this line, or what is wrong with it; then only this line is used up."""
        taken = [first]
        try:
            cells = next(csv.reader(self._texts(taken), delimiter=delimiter, strict=True))
        except csv.Error:
            self._give_back(taken)
            return _fault(first[2], delimiter) if len(taken) == 1 else "unclosed_quote"
        if len(taken) > 1 and width not in (None, len(cells)) and _width(taken[1][2], delimiter) == width:
            # The row does not fit and the line inside it is a row of its own: the quote closed by accident.
            self._give_back(taken)
            return "unclosed_quote"
        flaw = next((line[3] for line in taken if line[3]), None)
        return _Record(cells, taken[-1][1], "\n".join(line[2] for line in taken), flaw)

    def _texts(self, taken: list[Line]) -> Iterator[str]:
        yield taken[0][2] + "\n"
        size = len(taken[0][2])
        while size < RECORD_LIMIT and self._budget > 0 and (line := self.take()) is not None:
            if line[3] == "too_long":
                self._ahead.appendleft(line)
                return
            taken.append(line)
            size += len(line[2]) + 1
            yield line[2] + "\n"

    def _give_back(self, taken: Sequence[Line]) -> None:
        self._ahead.extendleft(reversed(taken[1:]))
        self._budget -= sum(len(line[2]) for line in taken[1:])


def _careful(feed: _Feed, line: Line, name: str, header: Header, keep_text: bool) -> Raw | Rejected:
    number, _, text, flaw = line
    width, has, column, origin = len(header.columns), 0, None, Origin(name, number)
    record = flaw if flaw == "too_long" else feed.record(line, header.delimiter, width)
    if isinstance(record, str):
        code = record
    else:
        text, has = record.text, len(record.cells)
        code = record.flaw or ("nul" if "\0" in text else "columns" if has != width else None)
        if code is None:
            return Raw(origin, record.end, record.cells, text.rstrip("\r") if keep_text else None)
        sign = {"encoding": "\ufffd", "nul": "\0"}.get(code)
        if sign is not None and has == width:
            column = next((header.columns[i] for i, cell in enumerate(record.cells) if sign in cell), None)
    raw = text.rstrip("\r") if keep_text and code != "too_long" else None
    message = _why(code, header.layout, width, has)
    return Rejected(origin, code, message, column, remedy=_WHY[code][1], raw=raw)


def _why(code: str, layout: Layout, width: int = 0, has: int = 0, why: str = "") -> str:
    return _WHY[code][0].format(encoding=layout.encoding.upper(), width=width, has=has, why=why)


def _fault(text: str, delimiter: str) -> str:
    """Why one line is no record: the lenient reader reads what the strict one refuses."""
    try:
        cells = next(csv.reader((text.rstrip("\r") + "\n",), delimiter=delimiter), [""])
    except csv.Error:
        return "line_break"
    # An open quote keeps the line end in its cell.
    return "unclosed_quote" if cells[-1].endswith("\n") else "quote"


def _width(text: str, delimiter: str) -> int:
    """How many cells a line has as a record of its own; 0 if it is none."""
    if text.count('"') % 2:
        return 0
    try:
        return len(next(csv.reader((text,), delimiter=delimiter, strict=True), ()))
    except csv.Error:
        return 0


def _parse_object(text: str) -> dict[str, object] | str:
    """The object on a line, or why there is none."""
    try:
        value: object = json.loads(text, parse_constant=_refuse_constant)
        if not isinstance(value, dict):
            return "not an object"
        # Escapes can smuggle in what no text may hold: a NUL, or half of a character.
        if "\\u" in text and b"\\u0000" in json.dumps(value, ensure_ascii=False).encode():
            return "nul"
    except (ValueError, RecursionError) as error:
        return str(error).splitlines()[0]
    return cast("dict[str, object]", value)


def _refuse_constant(text: str) -> object:
    raise ValueError(f"{text} is no JSON")
