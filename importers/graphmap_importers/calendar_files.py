"""Calendars (.ics): every occurrence of an event with other people becomes a meeting."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import ClassVar, cast

from graphmap.ingest.protocol import API, Converted, Match, Options, Part, Probe, Raw, Source
from graphmap.records import DisplayName, Excluded, Interaction, Notice, Origin, Rejected, Sourced
from graphmap_importers.calendar_blocks import Block, Survey, blocks, survey, uid_of
from graphmap_importers.calendar_events import Event, block_text, read_event
from graphmap_importers.calendar_people import Party
from graphmap_importers.calendar_rules import fits
from graphmap_importers.calendar_series import MAX_OCCURRENCES, Occurrence, Window, expand, single
from graphmap_importers.calendar_times import basic, epoch
from graphmap_importers.calendar_versions import choose_versions
from graphmap_importers.cells import Problem
from graphmap_importers.file_names import base_of
from graphmap_importers.times import zone

YEARS_BACK = timedelta(days=5 * 365 + 1)
YEAR_AHEAD = timedelta(days=366)

_ENDINGS = (".ics", ".ical", ".icalendar", ".ifb", ".vcs")
_OTHER = {b"VTODO": "todo", b"VJOURNAL": "journal", b"VFREEBUSY": "free_busy"}


@dataclass(frozen=True, slots=True)
class Plan:
    """How a calendar is read: from when to when, where floating times are, under which source name."""

    window: Window
    zone: tzinfo | None
    source: str


def _now() -> datetime:
    return datetime.now(UTC)


class CalendarImporter:
    """Reads calendar files, alone, in a folder or in a zip. ``now`` is asked once per plan."""

    api: ClassVar[int] = API
    name: ClassVar[str] = "calendar"
    version: ClassVar[int] = 1
    files: ClassVar[str] = "calendars (.ics)"

    def __init__(self, now: Callable[[], datetime] = _now) -> None:
        self._now = now

    def identify(self, probe: Probe, options: Options) -> Match | None:
        """By what stands in it; less sure by the name alone."""
        del options
        begins = probe.head[:1024].lstrip(b"\xef\xbb\xbf\xff\xfe\r\n\t ").replace(b"\0", b"").upper()
        named = base_of(probe.name).lower().endswith(_ENDINGS)
        if begins.startswith(b"BEGIN:VCALENDAR"):
            return Match(0.9, "calendar")
        return Match(0.6 if b"BEGIN:V" in begins else 0.3, "calendar") if named else None

    def plan(self, sources: Sequence[Source], options: Options) -> list[Part]:
        """One part per file; the time that is read ends a year after today and begins five years before it."""
        today = self._now().astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        # Whole days, so that imports of one day read the same.
        window = Window(today - YEARS_BACK, today + YEAR_AHEAD)
        where = None if options.tz is None else zone(options.tz)
        return [
            Part(source, "interactions", Plan(window, where, source_name(source.name))) for source in sources
        ]

    def read(self, part: Part, options: Options) -> Iterator[Raw | Rejected]:
        """The occurrences, series by series; what is no event, or no version that counts, comes with its reason."""
        del options
        found = False
        for raw in _Reader(part).records():
            found = True
            yield raw
        if not found:
            yield Rejected(
                Origin(part.source.name, 1),
                "no_calendar",
                "there is no event, task or other component in this file",
                remedy="export the calendar again as .ics",
            )

    def convert(self, raw: Raw, part: Part, options: Options) -> Converted:
        """A meeting with the names its people go by, or why not."""
        del options
        cells, plan = cast("dict[str, object]", raw.cells), cast("Plan", part.plan)
        reason = cast("str | None", cells.get("excluded"))
        if reason is not None:
            return Excluded(raw.origin, reason)
        occurrence = cast("Occurrence", cells["occurrence"])
        event = occurrence.event
        reason = _left_out(event, event.party)
        if reason is not None:
            return Excluded(raw.origin, reason)
        people = event.party.people
        if occurrence.cancelled:
            people = tuple(("declined", who) for _, who in people)
        thread, meant = event.uid, basic(occurrence.meant, day=occurrence.day)
        record = Interaction(
            id=f"ev:{thread}#{meant}",
            at=epoch(occurrence.start),
            kind="meeting",
            participants=people,
            thread=thread,
        )
        notices = _notices(raw.origin, event, occurrence, cut=bool(cells.get("cut")))
        since = epoch(plan.window.low) if cells.get("whole") else None
        done = (Sourced(record, raw.origin, plan.source, "VEVENT", record.id, notices, since),)
        if not cells.get("first"):  # an occurrence adds no name to those of the first
            return done
        names = event.party.names
        return done + tuple(
            Sourced(DisplayName(who, name), raw.origin, plan.source, "name", f"{who}|{name}")
            for who, name in names
        )


def source_name(name: str) -> str:
    """The source of a file: its name without folder and ending, so that it is the same wherever the file lies.

    >>> source_name("exports/calendars.zip!ann@us.example.ics")
    'calendar:ann@us.example'
    """
    stem, dot, _ = base_of(name).rpartition(".")
    return f"calendar:{stem if dot else base_of(name)}"


def _left_out(event: Event, party: Party) -> str | None:
    """Why an event is no meeting of people; None if it is one."""
    if event.private:
        return "private"
    if event.answer:
        return "answer"
    if party.guests:
        return None
    if event.out_of_office:
        return "out_of_office"
    if party.invited:
        return "no_address" if any(code == "no_address" for code, *_ in party.remarks) else "nobody"
    return "all_day" if event.start.day else "nobody"


def _notices(origin: Origin, event: Event, occurrence: Occurrence, *, cut: bool) -> tuple[Notice, ...]:
    notices = tuple(Notice(origin, *remark) for remark in event.remarks)
    if occurrence.cancelled:
        notices += (Notice(origin, "cancelled", "the meeting is cancelled; nobody took part"),)
    if cut:
        message = f"the series has more than {MAX_OCCURRENCES:,} occurrences; the first of them are kept"
        notices += (Notice(origin, "cut", message, "RRULE"),)
    return notices


class _Reader:
    """One reading of one file: the series that are not complete yet wait here."""

    def __init__(self, part: Part) -> None:
        self._file = part.source.name
        self._source = part.source
        self._plan = cast("Plan", part.plan)
        self._waiting: dict[bytes, list[Event]] = {}
        self._broken: set[bytes] = set()  # UIDs of which an event is set aside
        self._end = 0

    def records(self) -> Iterator[Raw | Rejected]:
        found = survey(self._source)
        for block in blocks(self._source):
            self._end = block.end
            yield from (self._excluded(line, "alarm") for line in block.alarms)
            if block.kind in _OTHER:
                yield self._excluded(block.line, _OTHER[block.kind])
            else:
                yield from self._event(block, found)
        # Nothing waits here unless the file changed between the two passes.
        for events in self._waiting.values():
            yield from self._series(events)

    def _event(self, block: Block, found: Survey) -> Iterator[Raw | Rejected]:
        uid = uid_of(block)
        try:
            if not block.closed:
                raise Problem(
                    "unclosed",
                    "the event has no end: the file was cut off, or the next one begins inside it",
                    remedy="export or download the calendar again",
                )
            event = read_event(block, found.heads[block.calendar], self._plan.zone)
        except Problem as problem:
            yield problem.rejected(Origin(self._file, block.line), block_text(block))
            self._broken.add(uid)
            event = None
        if not uid:
            if event is not None:
                yield from self._series([event])
            return
        waiting = self._waiting.setdefault(uid, [])
        if event is not None:
            waiting.append(event)
        found.events[uid] -= 1
        if found.events[uid] <= 0:
            yield from self._series(self._waiting.pop(uid), broken=uid in self._broken)

    def _series(self, events: Sequence[Event], *, broken: bool = False) -> Iterator[Raw | Rejected]:
        """All that the events of one UID come to: occurrences, and a reason for each event that has none.

        ``broken``: one of them is set aside, so these may not be all there is.
        """
        versions = choose_versions(events)
        yield from (self._excluded(event.line, "answer") for event in versions.answers)
        yield from (self._excluded(event.line, "superseded") for event in versions.old)
        master, alone = versions.master, versions.overrides
        told: set[int] = set()
        whole = not broken and master is not None and not any(event.message for event in events)
        if master is not None and (master.recurring or alone) and fits(master.start.wall):
            try:
                found, more = expand(master, alone, self._plan.window)
            except Problem as problem:
                yield problem.rejected(Origin(self._file, master.line), master.text)
                told.add(master.line)
            else:
                whole = whole and not more
                for occurrence in found:
                    yield self._occurrence(occurrence, told, in_series=True, cut=more, whole=whole)
                    more = False
                begins = single(master)
                inside = bool(found) or (begins is not None and self._plan.window.holds(begins.start))
                yield from self._untold(
                    [master, *alone], told, "no_occurrence" if inside else "outside_window"
                )
                return
        elif master is not None:
            alone = [master, *alone]
        for event in alone:
            occurrence = single(event)
            if occurrence is not None and self._plan.window.holds(occurrence.start):
                in_series = event.rid is not None
                yield self._occurrence(occurrence, told, in_series=in_series, cut=False, whole=whole)
        yield from self._untold(alone, told, "outside_window")

    def _untold(self, events: Sequence[Event], told: set[int], reason: str) -> Iterator[Raw]:
        """Events without an occurrence that is read; only a master can be replaced altogether."""
        for event in events:
            if event.line not in told:
                yield self._excluded(event.line, reason if event.rid is None else "outside_window")

    def _occurrence(
        self, occurrence: Occurrence, told: set[int], *, in_series: bool, cut: bool, whole: bool
    ) -> Raw:
        event = occurrence.event
        position = f"occurrence {basic(occurrence.meant, day=occurrence.day)}" if in_series else None
        first = event.line not in told
        told.add(event.line)
        cells: dict[str, object] = {"occurrence": occurrence, "first": first, "cut": cut, "whole": whole}
        return Raw(Origin(self._file, event.line, position), self._end, cells, event.text)

    def _excluded(self, line: int, reason: str) -> Raw:
        return Raw(Origin(self._file, line), self._end, {"excluded": reason})
