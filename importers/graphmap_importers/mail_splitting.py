"""A mailbox stream to header blocks: bodies are skipped while splitting, so their text never reaches a value."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from graphmap.errors import InputError

HEAD_LIMIT = 256 * 1024
"""Bytes of headers that are read of one mail; what is beyond is skipped like a body."""

BLOCK = 256 * 1024

_FROM_LINE_LIMIT = 400
_BLANK_LINE = re.compile(rb"\n\r?\n")
_DAY = re.compile(rb"\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\b[ ,].*\d:\d\d|\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d")
_YEAR = re.compile(rb"\b(?:19|20)\d\d(?:\b|-)")
_HEADER = re.compile(rb">?[!-9;-~]{1,100}+[ \t]*+:")


class Head(NamedTuple):
    """The header block of one mail: its line in the file, the offset behind the mail, its bytes, whether it was cut."""

    line: int
    end: int
    data: bytes
    cut: bool


def split_mailbox(stream: BinaryIO, name: str, block: int = BLOCK) -> Iterator[Head]:
    r"""The header blocks of an mbox, in constant memory; an InputError where reading fails in the middle.

    A mail begins behind a blank line with a ``From_`` line that has a date, where the next line looks like a header.
    Line ends may be LF or CRLF. Whatever stands before the first ``From_`` line is read as a mail of its own.

    >>> import io
    >>> box = b"From a@b Tue Mar  5 10:00:00 2024\nTo: c@d\n\nhello\n\nFrom here on\n"
    >>> [(head.line, head.end) for head in split_mailbox(io.BytesIO(box), "box")]
    [(1, 63)]
    """
    return _Splitter(stream, name, block).heads()


def read_head(stream: BinaryIO, name: str) -> Head | None:
    """The header block of a file that holds one mail; None if it begins like an mbox, and then it is to be split.

    The count of bytes that Apple Mail writes in front of a mail is passed over.
    """
    data = b""
    while len(data) < HEAD_LIMIT and (more := _read(stream, name, min(BLOCK, HEAD_LIMIT - len(data)))):
        data += more
        if _BLANK_LINE.search(data):
            break
    count = re.match(rb"\d{1,12}[ \t]*\r?\n", data)
    data = data[count.end() :] if count else data[_lead(data) :]
    if data.startswith(b"From "):
        return None
    found = _BLANK_LINE.search(data)
    if found is not None or len(data) < HEAD_LIMIT:
        return Head(1, 0, data if found is None else data[: found.start() + 1], cut=False)
    return Head(1, 0, data[: data.rfind(b"\n") + 1], cut=True)


def looks_like_mailbox(data: bytes) -> bool:
    """Whether bytes begin with a ``From_`` line that has a date and a header below it."""
    begin = _lead(data)
    return data.startswith(b"From ", begin) and _begins_mail(data, begin)


def _lead(data: bytes) -> int:
    """How long a byte order mark and blank lines at the beginning are."""
    mark = 3 if data.startswith(b"\xef\xbb\xbf") else 0
    return len(data) - len(data[mark:].lstrip(b"\r\n"))


def _begins_mail(data: bytes, begin: int) -> bool:
    end = data.find(b"\n", begin, begin + _FROM_LINE_LIMIT)
    if end < 0:
        return False
    line = data[begin:end]
    return bool(_HEADER.match(data, end + 1) and _DAY.search(line) and _YEAR.search(line))


def _read(stream: BinaryIO, name: str, size: int) -> bytes:
    try:
        return stream.read(size)
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile) as error:
        remedy = "copy or download the file again and repeat the import; it goes on where it stopped"
        raise InputError(f"reading stopped ({error})", file=name, remedy=remedy) from error


class _Splitter:
    """A window on the stream. All offsets are those of the file; the window begins at ``base``."""

    def __init__(self, stream: BinaryIO, name: str, block: int) -> None:
        self._stream, self._name, self._block = stream, name, block
        self._data, self._base = b"", 0
        self._line, self._counted = 1, 0

    def heads(self) -> Iterator[Head]:
        while len(self._data) < 16 and self._more(0):
            pass
        begin = _lead(self._data)
        while self._data[begin:] == b"" and self._more(begin):
            begin = self._base + _lead(self._data)  # nothing but blank lines so far
        if self._data[begin - self._base :] == b"":
            return
        while True:
            line = self._line_at(begin)
            data, cut, behind = self._head(begin)
            following = self._next(behind)
            yield Head(line, self._base + len(self._data) if following is None else following, data, cut)
            if following is None:
                return
            begin = following

    def _more(self, keep: int) -> bool:
        """Reads another block; what stands before ``keep`` may go."""
        block = _read(self._stream, self._name, self._block)
        if not block:
            return False
        self._line_at(max(keep, self._counted))
        cut = max(keep - self._base, 0)
        self._data = self._data[cut:] + block
        self._base += cut
        return True

    def _line_at(self, place: int) -> int:
        self._line += self._data.count(b"\n", self._counted - self._base, place - self._base)
        self._counted = place
        return self._line

    def _head(self, begin: int) -> tuple[bytes, bool, int]:
        """The header block that begins there, whether it was cut, and the offset from where to look for the next mail."""
        scan = begin
        while True:
            start = begin - self._base
            found = _BLANK_LINE.search(self._data, scan - self._base, start + HEAD_LIMIT)
            if found is not None:
                return self._data[start : found.start() + 1], False, self._base + found.start()
            scan = max(begin, self._base + len(self._data) - 2)
            if len(self._data) - start >= HEAD_LIMIT:
                block = self._data[start : start + HEAD_LIMIT]
                return block[: block.rfind(b"\n") + 1], True, begin + HEAD_LIMIT
            if not self._more(begin):
                return self._data[start:], False, self._base + len(self._data)

    def _next(self, scan: int) -> int | None:
        """Where the next mail begins; None at the end of the file."""
        while True:
            place = self._data.find(b"\nFrom ", scan - self._base)
            if place < 0:
                scan = max(scan, self._base + len(self._data) - 5)
                # Two bytes more stay, so that the line before can be seen to be blank.
                if not self._more(max(self._base, scan - 2)):
                    return None
                continue
            begin = self._base + place + 1
            if not (self._data.endswith(b"\n", 0, place) or self._data.endswith(b"\n\r", 0, place)):
                scan = begin
                continue
            if len(self._data) - place < 2 * _FROM_LINE_LIMIT and self._more(max(self._base, begin - 3)):
                scan = begin - 1
                continue
            if _begins_mail(self._data, begin - self._base):
                return begin
            scan = begin
