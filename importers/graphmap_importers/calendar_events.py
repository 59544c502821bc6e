"""One VEVENT to what is known of it: when, how often, who, and how much of that is still valid."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from hashlib import blake2b
from typing import TypeVar

from graphmap_importers.calendar_blocks import Block, Head
from graphmap_importers.calendar_people import Party, Remark, party
from graphmap_importers.calendar_times import Stamp, stamp
from graphmap_importers.calendar_zones import defined_zone, named_zone
from graphmap_importers.cells import VALUE_LIMIT, Problem
from graphmap_importers.content_lines import LINE_LIMIT, ContentLine, content_line, text_of
from graphmap_importers.times import NotADateError

T = TypeVar("T")

_CANCELLED = {"CANCELLED", "CANCELED"}
_PRIVATE = {"PRIVATE", "CONFIDENTIAL"}
ANSWERS = {"REPLY", "COUNTER", "DECLINECOUNTER", "REFRESH"}
"""Methods of messages about a meeting that do not say how it is."""


@dataclass(slots=True)
class Event:
    """One VEVENT as it stands. ``rank`` orders versions of the same occurrence: SEQUENCE, DTSTAMP, place in the file.

    ``message``: it was sent to somebody (an invitation, a cancellation), and may be a part of what a calendar holds.
    """

    line: int
    uid: str
    rank: tuple[int, datetime, int]
    start: Stamp
    rid: Stamp | None
    this_and_future: bool
    rules: tuple[str, ...]
    rdates: tuple[Stamp, ...]
    exdates: tuple[Stamp, ...]
    series_zone: tzinfo | None
    cancelled: bool
    private: bool
    out_of_office: bool
    answer: bool
    message: bool
    party: Party
    remarks: tuple[Remark, ...]
    text: str

    @property
    def recurring(self) -> bool:
        """Whether it says that it happens more than once."""
        return bool(self.rules or self.rdates)


def read_event(block: Block, head: Head, zone: tzinfo | None) -> Event:
    """The event of a closed block; a Problem says why there is none. ``zone`` is what the user named for floating times."""
    return _Reader(block, head, zone).event()


def block_text(block: Block) -> str:
    """The kept lines, as an event that can be read again."""
    return "\n".join(("BEGIN:VEVENT", *map(text_of, block.lines), "END:VEVENT"))


class _Reader:
    """The kept lines by name, and the zones that count for them."""

    def __init__(self, block: Block, head: Head, zone: tzinfo | None) -> None:
        self._block, self._head, self._given = block, head, zone
        self._remarks: dict[str, Remark] = {}
        self._lines: dict[str, list[ContentLine]] = {}
        for data in block.lines:
            line = content_line(text_of(data))
            if line is not None:
                if len(data) >= LINE_LIMIT:
                    message = f"the line {line.name} is longer than 1 MB"
                    remedy = "export the calendar again; it may be damaged"
                    raise Problem("too_long", message, column=line.name, remedy=remedy)
                self._lines.setdefault(line.name, []).append(line)

    def event(self) -> Event:
        start_line = self._one("DTSTART")
        if start_line is None:
            raise Problem(
                "no_start",
                "the event has no DTSTART",
                column="DTSTART",
                remedy="give it a start in the calendar",
            )
        start, series_zone = self._start(start_line)
        rid_line = self._one("RECURRENCE-ID")
        rid = None if rid_line is None else self._stamp(rid_line, start)
        sequence = self._value("SEQUENCE")
        people = party(self._one("ORGANIZER"), self._lines.get("ATTENDEE", ()))
        self._check_end(start)
        if "EXRULE" in self._lines:
            self._remark("exrule", "a rule of exceptions (EXRULE) is not read", "EXRULE")
        return Event(
            line=self._block.line,
            uid=self._uid(people),
            rank=(int(sequence) if sequence.isascii() and sequence[:9].isdigit() and len(sequence) < 10 else 0,
                  self._dtstamp(), self._block.line),
            start=start,
            rid=rid,
            this_and_future=rid_line is not None and rid_line.params.get("RANGE", "").upper() == "THISANDFUTURE",
            rules=tuple(line.value.strip() for line in self._lines.get("RRULE", ())) if rid is None else (),
            rdates=self._dates("RDATE", start) if rid is None else (),
            exdates=self._dates("EXDATE", start) if rid is None else (),
            series_zone=series_zone,
            cancelled=self._value("STATUS") in _CANCELLED or self._head.method == "CANCEL",
            private=self._value("CLASS") in _PRIVATE,
            out_of_office=self._value("X-MICROSOFT-CDO-BUSYSTATUS") == "OOF",
            answer=self._head.method in ANSWERS,
            message=self._head.method not in ("", "PUBLISH"),
            party=people,
            remarks=(*self._remarks.values(), *people.remarks),
            text=block_text(self._block),
        )  # fmt: skip

    def _one(self, name: str) -> ContentLine | None:
        lines = self._lines.get(name)
        return lines[0] if lines else None

    def _value(self, name: str) -> str:
        line = self._one(name)
        return "" if line is None else line.value.strip().upper()

    def _uid(self, people: Party) -> str:
        line = self._one("UID")
        if line is not None and line.value.strip():
            return line.value.strip()
        self._remark("no_uid", "the event has no UID; its start and its people identify it", "UID")
        start = self._one("DTSTART")
        parts = [start.value if start is not None else "", *(who for _, who in people.people)]
        return f"fp-{blake2b(chr(0).join(parts).encode('utf-8', 'replace'), digest_size=8).hexdigest()}"

    def _start(self, line: ContentLine) -> tuple[Stamp, tzinfo | None]:
        """The start, and the zone in which a series goes on (None: whole days)."""
        given = self._stamp(line, None)
        if given.day:
            return given, None
        own = named_zone(self._head.zone) if self._head.zone else None
        if given.floating:
            given = given._replace(zone=self._default(own))
        elif given.zone is UTC and own is not None:
            # What such calendars show and repeat: UTC is only how they write a time of their own zone.
            return given, own
        return given, given.zone

    def _default(self, own: tzinfo | None) -> tzinfo:
        """The zone of times that name none: the calendar's, the user's, else UTC, which is told."""
        if own is None and len(self._head.zones) == 1:
            ((name, definition),) = self._head.zones.items()
            own = named_zone(name) or defined_zone(definition)
        if own is not None:
            return own
        if self._given is not None:
            return self._given
        message = "the time has no zone and was read as UTC; --tz names the zone"
        self._remark("no_offset", message, "DTSTART")
        return UTC

    def _zone(self, line: ContentLine) -> tzinfo | None:
        name = line.params.get("TZID")
        if name is None:
            return None
        known = named_zone(name)
        if known is None:
            definition = self._head.zones.get(name)
            known = None if definition is None else defined_zone(definition)
        if known is None:
            message = (
                f'nobody knows the zone "{name[:VALUE_LIMIT]}"; the time is read like one without a zone'
            )
            self._remark("unknown_zone", message, line.name, name[:VALUE_LIMIT])
        return known

    def _stamp(self, line: ContentLine, start: Stamp | None) -> Stamp:
        """The one value of a line; a floating time beside a start is in the start's zone."""
        try:
            given = stamp(line.value, self._zone(line))
        except NotADateError:
            raise Problem(
                "date",
                f'"{line.value[:VALUE_LIMIT]}" is no time; 20260131T093000Z is one',
                column=line.name,
                value=line.value,
                remedy="export the calendar again, or correct the time in it",
            ) from None
        return given._replace(zone=start.zone) if start is not None and given.floating else given

    def _dates(self, name: str, start: Stamp) -> tuple[Stamp, ...]:
        """The values of RDATE or EXDATE; one that is no date is told and left out."""
        found: list[Stamp] = []
        for line in self._lines.get(name, ()):
            zone = self._zone(line)
            for text in line.value.split(","):
                try:
                    given = stamp(text.partition("/")[0], zone)  # of a period the start
                except NotADateError:
                    message = f"a date in {name} is not read: it is none"
                    self._remark("ignored_date", message, name, text[:VALUE_LIMIT])
                    continue
                found.append(given._replace(zone=start.zone) if given.floating else given)
        return tuple(found)

    def _dtstamp(self) -> datetime:
        line = self._one("DTSTAMP")
        return _or(lambda: stamp(line.value if line else "").utc(), datetime.min.replace(tzinfo=UTC))

    def _check_end(self, start: Stamp) -> None:
        line = self._one("DTEND")
        if line is None:
            return
        end = _or(lambda: stamp(line.value, self._zone(line)), None)
        if end is not None and _or(lambda: end.utc(start.zone or UTC) < start.utc(), default=False):
            self._remark(
                "end_before_start", "the event ends before it starts; its start counts", "DTEND", line.value
            )

    def _remark(self, code: str, message: str, column: str, value: str | None = None) -> None:
        self._remarks.setdefault(code, (code, message, column, value))


def _or(make: Callable[[], T], default: T) -> T:
    try:
        return make()
    except (NotADateError, OverflowError, ValueError):
        return default
