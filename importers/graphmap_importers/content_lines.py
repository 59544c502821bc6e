"""Content lines as calendars and address cards share them: physical lines from bytes, and one line to name, parameters, value."""

from __future__ import annotations

import codecs
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple, cast

from graphmap.errors import InputError
from graphmap.ingest.protocol import Source

LINE_LIMIT = 1_000_000
"""Bytes of a line that are looked at; the rest of a longer one (a picture, as a rule) is passed over."""

_HEAD = 64 * 1024
_BOMS = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
# Possessive: an unbalanced quote fails at once instead of being tried in every way.
_HEAD_AND_VALUE = re.compile(r'((?:[^":]|"[^"]*")*+):(.*)', re.DOTALL)
_PARAMETER = re.compile(r';((?:[^";]|"[^"]*")*+)')
_TIME_LINES = frozenset({"DTSTART", "DTEND", "RECURRENCE-ID", "RDATE", "EXDATE", "DTSTAMP"})
_ZONE_WITH_COLON = re.compile(r"(.*):(\d{8}(?:T[\dTZ,/]*)?)", re.DOTALL)
_CARET = {"^n": "\n", "^N": "\n", "^'": '"', "^^": "^"}
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)


class PhysicalLine(NamedTuple):
    """A line as it stands: its 1-based number, the offset behind it, its bytes without the line end."""

    number: int
    end: int
    data: bytes


class ContentLine(NamedTuple):
    """One property: its name in upper case without a group, its parameters (names in upper case), its value as written."""

    name: str
    params: dict[str, str]
    value: str


def physical_lines(source: Source) -> Iterator[PhysicalLine]:
    """The lines of a file in constant memory; an InputError names file and line where reading fails in the middle.

    UTF-16 with a byte order mark comes as UTF-8 (offsets count its bytes then); carriage returns alone end lines where a
    file has no other line end.
    """
    number = 0
    try:
        with source.open() as opened:
            head = opened.read(_HEAD)
        with source.open() as opened:
            stream = _plain(opened, head)
            bare = b"\n" not in head and b"\r" in head
            for end, data in _bare_lines(stream) if bare else _lines(stream):
                number += 1
                plain = data.replace(b"\0", b"")  # a damaged file, or UTF-16 that does not say so
                yield PhysicalLine(number, end, plain.removeprefix(codecs.BOM_UTF8) if number == 1 else plain)
    except (OSError, EOFError, UnicodeError, zlib.error, zipfile.BadZipFile) as error:
        remedy = "copy or download the file again and repeat the import; it goes on where it stopped"
        raise InputError(
            f"reading stopped ({error})", file=source.name, line=number + 1, remedy=remedy
        ) from error


def text_of(data: bytes, charset: str = "utf-8") -> str:
    r"""Bytes as text: in the named encoding, else as old Windows programs write it.

    >>> text_of("Zoë".encode()), text_of("Zoë".encode("cp1252"))
    ('Zoë', 'Zoë')
    """
    try:
        return data.decode(charset)
    except (UnicodeError, LookupError):
        return data.decode("cp1252", "replace")


def content_line(text: str) -> ContentLine | None:
    """The property a logical line holds; None for a line without a colon.

    >>> content_line('item1.ORGANIZER;CN="Smith, J";X=1:MAILTO:j@x.example')
    ContentLine(name='ORGANIZER', params={'CN': 'Smith, J', 'X': '1'}, value='MAILTO:j@x.example')
    """
    found = _HEAD_AND_VALUE.match(text)
    head, value = found.groups() if found else _split(text)
    if head is None:
        return None
    name, semicolon, _ = head.partition(";")
    if ":" in value and name.upper() in _TIME_LINES and (found := _ZONE_WITH_COLON.fullmatch(value)):
        head, value = f"{head}:{found[1]}", found[2]  # TZID=(GMT+01:00) Somewhere, without quotes
    params: dict[str, str] = {}
    if semicolon:
        for part in _PARAMETER.findall(head):
            key, equals, given = part.partition("=")
            params.setdefault(key.strip().upper(), _parameter(given) if equals else "")
    return ContentLine(name.rpartition(".")[2].strip().upper(), params, value)


def name_of(data: bytes) -> bytes:
    """The property's name in upper case, without looking at the rest of a line."""
    return data[:80].partition(b":")[0].partition(b";")[0].rpartition(b".")[2].strip().upper()


def unescaped(text: str) -> str:
    r"""A text value without its escapes.

    >>> unescaped(r"Smith\, J\; a\nb")
    'Smith, J; a\nb'
    """
    if "\\" not in text:
        return text
    return _ESCAPE.sub(lambda found: "\n" if found[1] in "nN" else found[1], text)


def _split(text: str) -> tuple[str | None, str]:
    # A quote that is not closed where it should be: what stands before the first colon.
    head, colon, value = text.partition(":")
    return (head.replace('"', ""), value.removesuffix('"')) if colon else (None, "")


def _parameter(given: str) -> str:
    text = given.strip().replace('"', "")
    return re.sub(r"\^[nN'^]", lambda found: _CARET[found[0]], text) if "^" in text else text


def _plain(stream: BinaryIO, head: bytes) -> BinaryIO:
    encoding = _BOMS.get(head[:2])
    if encoding is None:
        return stream
    stream.read(2)
    return cast("BinaryIO", _Recoded(stream, encoding))


class _Recoded:
    """Bytes of another encoding read as UTF-8 lines."""

    def __init__(self, stream: BinaryIO, encoding: str) -> None:
        self._text = io.TextIOWrapper(stream, encoding, errors="replace", newline="\n")

    def readline(self, size: int) -> bytes:
        return self._text.readline(size).encode("utf-8", "replace")

    def read(self, size: int) -> bytes:
        return self._text.read(size).encode("utf-8", "replace")


def _lines(stream: BinaryIO) -> Iterator[tuple[int, bytes]]:
    end = 0
    while data := stream.readline(LINE_LIMIT):
        end += len(data)
        rest = data
        while not rest.endswith(b"\n") and (rest := stream.readline(LINE_LIMIT)):
            end += len(rest)
        yield end, data.rstrip(b"\r\n")


def _bare_lines(stream: BinaryIO) -> Iterator[tuple[int, bytes]]:
    end, pending = 0, b""
    while block := stream.read(_HEAD):
        *lines, pending = (pending + block).split(b"\r")
        for data in lines:
            end += len(data) + 1
            yield end, data
        if len(pending) > LINE_LIMIT:
            end += len(pending) - LINE_LIMIT
            pending = pending[:LINE_LIMIT]
    if pending:
        yield end + len(pending), pending
