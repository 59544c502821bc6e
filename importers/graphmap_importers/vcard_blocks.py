"""A file of address cards cut into its cards as a stream, of all versions; only a few lines of each are kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from graphmap.ingest.protocol import Source
from graphmap_importers.content_lines import LINE_LIMIT, name_of, physical_lines

CARD_LINES = frozenset(
    {
        b"FN", b"N", b"ORG", b"TITLE", b"ROLE", b"EMAIL", b"TEL", b"URL", b"UID", b"KIND", b"CLASS", b"NICKNAME",
        b"X-ABSHOWAS", b"X-ADDRESSBOOKSERVER-KIND", b"X-SOCIALPROFILE",
    }
)  # fmt: skip
"""The only lines of a card that are kept. Notes, pictures, postal addresses and birthdays are not among them."""

MAX_LINES = 500


@dataclass(slots=True)
class Card:
    """One card: its first line, the offset behind it, its kept lines unfolded. ``closed``: whether its END stands there."""

    line: int
    lines: list[bytes] = field(default_factory=list[bytes])
    end: int = 0
    closed: bool = True


def cards(source: Source) -> Iterator[Card]:
    """The cards of a file in the order of their ends; a card inside another (an assistant's) is one of its own."""
    splitter = _Splitter()
    end = 0
    for number, end, data in physical_lines(source):
        yield from splitter.line(number, end, data)
    yield from splitter.finish(end)


class _Splitter:
    """The open cards, innermost last, and how the last line goes on."""

    def __init__(self) -> None:
        self._open: list[Card] = []
        self._kept: list[bytes] | None = None
        self._in_agent = False  # the last line announced a card inside this one
        self._soft = False  # the last line is quoted-printable and ends with "=": the next one belongs to it

    def line(self, number: int, end: int, data: bytes) -> Iterator[Card]:
        if self._soft and data[:9].upper() not in (b"BEGIN:VCA", b"END:VCARD"):
            self._go_on(data.lstrip(b" \t") if data[:1] in (b" ", b"\t") else data)
            self._soft = data.endswith(b"=")
            return
        if data[:1] in (b" ", b"\t"):
            self._go_on(data[1:])
            return
        self._kept, self._soft = None, False
        name = name_of(data)
        if name == b"BEGIN" and _kind(data) == b"VCARD":
            if self._open and not self._in_agent:
                yield from self.finish(end)
            self._open.append(Card(number))
            self._in_agent = False
        elif name == b"END" and _kind(data) == b"VCARD" and self._open:
            card = self._open.pop()
            card.end = end
            yield card
        elif self._open:
            self._in_agent = name == b"AGENT"
            head = data.partition(b":")[0].upper()
            self._soft = data.endswith(b"=") and b"QUOTED-PRINTABLE" in head
            card = self._open[-1]
            if name in CARD_LINES and len(card.lines) < MAX_LINES:
                card.lines.append(data)
                self._kept = card.lines

    def finish(self, end: int) -> Iterator[Card]:
        """The cards that have no end."""
        while self._open:
            card = self._open.pop()
            card.end, card.closed = end, False
            yield card

    def _go_on(self, data: bytes) -> None:
        kept = self._kept
        if kept and len(kept[-1]) < LINE_LIMIT:
            if self._soft:
                kept[-1] = kept[-1].removesuffix(b"=")
            kept[-1] += data


def _kind(data: bytes) -> bytes:
    return data.partition(b":")[2].strip().upper()
