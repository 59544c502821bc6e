"""The occurrences of one series inside a window, with moved, cancelled and excepted ones.

Rules are followed by ``recurring_ical_events``, with two precautions. A rule without a match (30 February) makes it search
up to the year 9999: the calendar repeats every 400 years to the weekday, so a series is moved 7,600 years ahead while it is
expanded, where that search is 20 times as short. And a series that began long ago, or that repeats every second, is given
only as much of its time as can hold what is wanted. Both work on wall times without a zone, which come back exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from icalendar import Calendar
from icalendar import Event as Component
from icalendar.prop import vDDDLists, vDDDTypes
from recurring_ical_events import CalendarQuery

from graphmap_importers.calendar_events import Event
from graphmap_importers.calendar_rules import Rule, far, fits, near, refused
from graphmap_importers.calendar_times import Stamp, on_wall
from graphmap_importers.cells import Problem

MAX_OCCURRENCES = 5_000
"""Occurrences of one series that are kept."""

_DAY = timedelta(days=1)
_FURTHEST_MOVE = timedelta(days=366)
_PLACE = "X-PLACE"


@dataclass(frozen=True, slots=True)
class Window:
    """From when (inclusive) to when (exclusive) events are read, in UTC."""

    low: datetime
    high: datetime

    def holds(self, moment: datetime) -> bool:
        """Whether an event that starts then is read."""
        return self.low <= moment < self.high


@dataclass(frozen=True, slots=True)
class Occurrence:
    """The event that says how it is, when it starts and when it was meant to (UTC), whether a whole day was meant."""

    event: Event
    start: datetime
    meant: datetime
    day: bool
    cancelled: bool


def expand(master: Event, overrides: Sequence[Event], window: Window) -> tuple[list[Occurrence], bool]:
    """The occurrences in the window by time, at most MAX_OCCURRENCES, and whether there are more.

    A Problem (``rule``) says why the rule cannot be followed.
    """
    if not fits(master.start.wall):
        return [], False
    try:
        return _Series(master, overrides, window).found()
    except Problem:
        raise
    except Exception as error:  # a hostile rule makes the libraries stumble in any way
        raise refused(";".join(master.rules), f"it cannot be followed ({type(error).__name__})") from error


def single(event: Event) -> Occurrence | None:
    """An event that stands alone (one of a series whose master is not there keeps the time it was meant for)."""
    meant = event.start if event.rid is None else event.rid
    try:
        return Occurrence(event, event.start.utc(), meant.utc(), meant.day, event.cancelled)
    except OverflowError:
        return None  # the ends of the calendar


class _Series:
    """A master and its overrides on the wall of the master's zone."""

    def __init__(self, master: Event, overrides: Sequence[Event], window: Window) -> None:
        self._master, self._window, self._zone = master, window, master.series_zone
        self._start = self._wall(master.start)
        self._began = self._start
        self._rules = [Rule(text, self._zone) for text in master.rules]
        counted = len(self._rules) == 1 and self._rules[0].count is not None
        self._until = self._rules[0].until if counted else None
        # Whole days, and walls that a change of the clock makes ambiguous, may lie beside the window by its clock.
        margin = timedelta(0) if any(rule.often for rule in self._rules) else _DAY
        self._low, self._high = self._wall_of(window.low) - margin, self._wall_of(window.high) + margin
        self._events = [master]
        self._moves: list[timedelta] = [timedelta(0)]
        self._overrides = [(one, self._wall(cast("Stamp", one.rid))) for one in overrides]
        self._except_days = {one.wall.date() for one in master.exdates if one.day}
        self._except_times = {self._wall(one) for one in master.exdates if not one.day}

    def found(self) -> tuple[list[Occurrence], bool]:
        master, calendar = self._master, Calendar()
        calendar.add_component(self._core())
        replaced: set[datetime] = set()
        for event, meant in self._overrides:
            start = self._wall(event.start)
            if fits(start) and fits(meant):
                calendar.add_component(self._override(event, start, meant))
            else:
                replaced.add(meant)  # moved beyond all windows
        components, more = self._between(CalendarQuery(calendar))
        found = [self._occurrence(cast("Any", component)) for component in components]
        kept = [
            one
            for one, wall in found
            if self._window.holds(one.start) and (one.event is not master or self._own(wall, replaced))
        ]
        kept.sort(key=lambda one: (one.start, one.meant))
        return kept[:MAX_OCCURRENCES], more or len(kept) > MAX_OCCURRENCES

    def _own(self, wall: datetime, replaced: set[datetime]) -> bool:
        """Whether an occurrence of the master is one: not replaced, and not behind the UNTIL of a rule with COUNT."""
        return wall not in replaced and (self._until is None or wall <= self._until)

    def _core(self) -> Component:
        component, start = Component(), self._start
        if len(self._rules) == 1:
            self._began = start = self._rules[0].advanced(start, self._low)
        component["UID"] = "series"
        component["DTSTART"] = vDDDTypes(far(start))
        component[_PLACE] = 0
        if self._rules:
            component["RRULE"] = [rule.component() for rule in self._rules]
        more = [wall for one in self._master.rdates if self._low <= (wall := self._wall(one)) <= self._high]
        if more:
            component["RDATE"] = vDDDLists([far(wall) for wall in more])
        return component

    def _override(self, event: Event, start: datetime, meant: datetime) -> Component:
        component = Component()
        component["UID"] = "series"
        component["DTSTART"] = vDDDTypes(far(start))
        rid = vDDDTypes(far(meant))
        if event.this_and_future and abs(start - meant) <= _FURTHEST_MOVE:
            rid.params["RANGE"] = "THISANDFUTURE"
        component["RECURRENCE-ID"] = rid
        component[_PLACE] = len(self._events)
        self._events.append(event)
        self._moves.append(start - meant)
        return component

    def _between(self, query: CalendarQuery) -> tuple[Sequence[object], bool]:
        """The occurrences between low and high, and whether there are more: where they come close together, the end is earlier."""
        ends = [
            end
            for rule in self._rules
            if rule.often
            and (end := rule.place_of(MAX_OCCURRENCES, self._began, self._low, self._high)) is not None
        ]
        return query.between(far(self._low), far(min(ends, default=self._high))), bool(ends)

    def _occurrence(self, component: Any) -> tuple[Occurrence, datetime]:
        place = component[_PLACE]
        event, wall = self._events[place], near(component["DTSTART"].dt)
        meant_wall = wall - self._moves[place]
        master = self._master
        meant, start = self._utc(meant_wall), self._utc(wall)
        if place and event.rid is not None and meant_wall == self._wall(event.rid):
            start = event.start.utc()
        cancelled = event.cancelled or (master.cancelled and master.rank[:2] >= event.rank[:2])
        cancelled = cancelled or meant_wall in self._except_times or meant_wall.date() in self._except_days
        return Occurrence(event, start, meant, master.start.day, cancelled), meant_wall

    def _utc(self, wall: datetime) -> datetime:
        return Stamp(wall, self._zone, self._zone is None).utc()

    def _wall(self, given: Stamp) -> datetime:
        return on_wall(given, self._zone, self._master.start)

    def _wall_of(self, moment: datetime) -> datetime:
        return moment.astimezone(self._zone or UTC).replace(tzinfo=None, fold=0)
