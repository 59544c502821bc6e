"""A calendar file cut into its components as a stream: what people wrote is dropped here, before anything is kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from graphmap.ingest.protocol import Source
from graphmap_importers.content_lines import LINE_LIMIT, content_line, name_of, physical_lines, text_of

COMPONENTS = (b"VEVENT", b"VTODO", b"VJOURNAL", b"VFREEBUSY")

EVENT_LINES = frozenset(
    {
        b"UID", b"RECURRENCE-ID", b"SEQUENCE", b"DTSTAMP", b"STATUS", b"CLASS", b"DTSTART", b"DTEND", b"RRULE", b"RDATE",
        b"EXDATE", b"EXRULE", b"ORGANIZER", b"ATTENDEE", b"X-MICROSOFT-CDO-BUSYSTATUS",
    }
)  # fmt: skip
"""The only lines of an event that are kept. Titles, descriptions, places, attachments and links are not among them."""

MAX_LINES = 20_000
"""Kept lines of one event; an event with more has more invited people than any meeting."""

_HEAD_LINES = frozenset({b"METHOD", b"X-WR-TIMEZONE"})
_ZONE_LINES = frozenset({b"TZID", b"DTSTART", b"TZOFFSETFROM", b"TZOFFSETTO", b"TZNAME", b"RRULE", b"RDATE"})
_UID_ONLY = frozenset({b"UID"})


@dataclass(slots=True)
class Block:
    """One component: its first line, the offset behind it, which calendar of the file it is in, its kept lines unfolded.

    ``alarms`` are the first lines of the alarms in it; ``closed`` is False where the file or the next component cut it off.
    """

    kind: bytes
    line: int
    calendar: int
    lines: list[bytes] = field(default_factory=list[bytes])
    alarms: list[int] = field(default_factory=list[int])
    end: int = 0
    closed: bool = True


@dataclass(slots=True)
class Head:
    """What a calendar says of all its events: its method, its own zone, and the zones it defines (by name, as text)."""

    method: str = ""
    zone: str = ""
    zones: dict[str, str] = field(default_factory=dict[str, str])


@dataclass(slots=True)
class Survey:
    """What a first pass finds: the calendars of the file, and how many events each UID has."""

    heads: list[Head]
    events: Counter[bytes]


def survey(source: Source) -> Survey:
    """The first, cheap pass over a file; an event may stand anywhere in it, and zones may stand behind the events."""
    heads: list[Head] = [Head()]
    texts: dict[str, str] = {}
    events: Counter[bytes] = Counter()
    for block in _cut(source, _UID_ONLY, heads, texts):
        if block.kind == b"VEVENT":
            events[uid_of(block)] += 1
    return Survey(heads, events)


def blocks(source: Source) -> Iterator[Block]:
    """The components of a file in their order, each with the lines of EVENT_LINES alone."""
    yield from _cut(source, EVENT_LINES, None, {})


def uid_of(block: Block) -> bytes:
    """The UID as written, empty if there is none."""
    return next((line.partition(b":")[2].strip() for line in block.lines if name_of(line) == b"UID"), b"")


def _cut(
    source: Source, wanted: frozenset[bytes], heads: list[Head] | None, texts: dict[str, str]
) -> Iterator[Block]:
    splitter = _Splitter(wanted, heads, texts)
    number = end = 0
    for number, end, data in physical_lines(source):
        if data[:1] in (b" ", b"\t"):
            splitter.go_on(data)
        else:
            done = splitter.line(number, end, data)
            if done is not None:
                yield done
    last = splitter.finish(end)
    if last is not None:
        yield last


class _Splitter:
    """Where in the nest of components the stream is, and the kept line that may go on."""

    def __init__(self, wanted: frozenset[bytes], heads: list[Head] | None, texts: dict[str, str]) -> None:
        self._wanted, self._heads, self._texts = wanted, heads, texts
        self._calendar = 0
        self._block: Block | None = None
        self._inner: bytes | None = None  # a component inside the event, whose lines are nobody's
        self._zone: list[bytes] | None = None
        self._kept: list[bytes] | None = (
            None  # where the last kept line stands, if the next one may continue it
        )
        self._head: list[bytes] = []

    def go_on(self, data: bytes) -> None:
        """A folded line continues the one before it."""
        kept = self._kept
        if kept and len(kept[-1]) < LINE_LIMIT:
            kept[-1] += data[1:]

    def line(self, number: int, end: int, data: bytes) -> Block | None:
        """A line that begins a property; the block it completes, if any."""
        self._kept = None
        name = name_of(data)
        if name == b"BEGIN":
            return self._begin(number, end, data.partition(b":")[2].strip().upper())
        if name == b"END":
            return self._end(end, data.partition(b":")[2].strip().upper())
        block = self._block
        if block is not None:
            if self._inner is None and name in self._wanted and len(block.lines) < MAX_LINES:
                self._keep(block.lines, data)
        elif self._zone is not None:
            if name in _ZONE_LINES:
                self._keep(self._zone, data)
        elif self._heads is not None and name in _HEAD_LINES:
            self._keep(self._head, data)
        return None

    def finish(self, end: int) -> Block | None:
        """The component that was open when the file ended."""
        self._tell_head()
        return self._cut_off(end)

    def _keep(self, lines: list[bytes], data: bytes) -> None:
        lines.append(data)
        self._kept = lines

    def _begin(self, number: int, end: int, kind: bytes) -> Block | None:
        done = None
        if kind == b"VCALENDAR" or kind in COMPONENTS:
            done = self._cut_off(end)
            self._zone = None
        if kind == b"VCALENDAR":
            self._next_calendar()
        elif kind in COMPONENTS:
            self._block, self._inner = Block(kind, number, self._calendar), None
        elif self._block is not None:
            if self._inner is None:
                self._inner = kind
            if kind == b"VALARM":
                self._block.alarms.append(number)
        elif kind == b"VTIMEZONE":
            self._zone = [b"BEGIN:VTIMEZONE"]
        elif self._zone is not None:
            self._zone.append(b"BEGIN:" + kind)
        return done

    def _end(self, end: int, kind: bytes) -> Block | None:
        block = self._block
        if block is not None:
            if kind == block.kind:
                self._block, self._inner, block.end = None, None, end
                return block
            if kind == b"VCALENDAR":
                return self._cut_off(end)
            if kind == self._inner:
                self._inner = None
        elif self._zone is not None:
            self._zone.append(b"END:" + kind)
            if kind == b"VTIMEZONE":
                self._tell_zone(self._zone)
                self._zone = None
        return None

    def _cut_off(self, end: int) -> Block | None:
        block, self._block, self._inner = self._block, None, None
        if block is not None:
            block.end, block.closed = end, False
        return block

    def _next_calendar(self) -> None:
        self._tell_head()
        self._calendar += 1
        if self._heads is not None:
            self._heads.append(Head())

    def _tell_head(self) -> None:
        if self._heads is not None:
            for data in self._head:
                line = content_line(text_of(data))
                if line is not None and line.name == "METHOD":
                    self._heads[self._calendar].method = line.value.strip().upper()
                elif line is not None:
                    self._heads[self._calendar].zone = line.value.strip()
        self._head = []

    def _tell_zone(self, lines: list[bytes]) -> None:
        if self._heads is None:
            return
        named = next(
            (text_of(data).partition(":")[2].strip() for data in lines if name_of(data) == b"TZID"), ""
        )
        text = text_of(b"\r\n".join(lines) + b"\r\n")
        # A file may hold a calendar per event, each with the same zones.
        self._heads[self._calendar].zones.setdefault(named, self._texts.setdefault(text, text))
