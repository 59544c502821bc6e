"""A rule of repetition made safe to follow: checked, on the wall of its zone, and begun close to where it is wanted."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo
from typing import Any, cast

from dateutil.rrule import rrulestr
from icalendar.prop import vRecur

from graphmap_importers.cells import Problem

FOUR_CENTURIES = 19 * 400
LAST_YEAR = 9999 - FOUR_CENTURIES - 10

MAX_SKIPPED = 200_000
"""Repetitions before the window that are counted through where a rule leaves no other way."""

_DAY = timedelta(days=1)
_UNITS = {
    "SECONDLY": timedelta(seconds=1),
    "MINUTELY": timedelta(minutes=1),
    "HOURLY": timedelta(hours=1),
    "DAILY": _DAY,
    "WEEKLY": timedelta(days=7),
}


def far(wall: datetime) -> datetime:
    """The same day of the week and of the year, 7,600 years later (why: see ``calendar_series``).

    >>> far(datetime(2024, 2, 29)).isoformat()
    '9624-02-29T00:00:00'
    """
    return wall.replace(year=wall.year + FOUR_CENTURIES)


def near(wall: datetime) -> datetime:
    """Back from ``far``."""
    return wall.replace(year=wall.year - FOUR_CENTURIES)


def fits(wall: datetime) -> bool:
    """Whether ``far`` can take it; what lies beyond is in no window."""
    return wall.year <= LAST_YEAR


def refused(text: str, why: str) -> Problem:
    """The reason why a series is set aside for its rule."""
    message = f"the rule of repetition is refused: {why}"
    remedy = "make the series anew in the calendar, or export it again"
    return Problem("rule", message, column="RRULE", value=text, remedy=remedy)


class Rule:
    """One RRULE. ``until`` is kept apart where the rule also has a COUNT, which the libraries do not take together."""

    def __init__(self, text: str, zone: tzinfo | None) -> None:
        self.text = text
        try:
            # Some programs write blanks between the days of a list.
            self._parts = cast("dict[str, list[Any]]", vRecur.from_ical("".join(text.split())))
        except ValueError as error:
            raise refused(self.text, f"{error}"[:200]) from None
        self.frequency = str(self._first("FREQ") or "").upper()
        if not self.frequency:
            raise refused(self.text, "it has no FREQ")
        self._interval = int(self._first("INTERVAL") or 1) if "INTERVAL" in self._parts else 1
        if self._interval < 1 or self._first("INTERVAL") == 0:
            raise refused(self.text, "INTERVAL is not 1 or more")
        if str(self._parts.pop("RSCALE", ["GREGORIAN"])[0]).upper() != "GREGORIAN":
            raise refused(self.text, "it counts in another calendar than the Gregorian")
        self._parts.pop("SKIP", None)
        count = self._first("COUNT")
        self.count = None if count is None or int(count) < 0 else int(count)
        if self.count is None:
            self._parts.pop("COUNT", None)
        self.until = self._until(zone)

    @property
    def closest(self) -> timedelta:
        """How close two repetitions can be, roughly and never too wide."""
        times = 1
        for name in ("BYHOUR", "BYMINUTE", "BYSECOND"):
            times *= max(1, len(self._parts.get(name, ())))
        unit = min(_UNITS.get(self.frequency, _DAY), _DAY)
        return (unit * self._interval if unit < _DAY else unit) / times

    @property
    def often(self) -> bool:
        """Whether it may repeat several times a day."""
        return self.closest < timedelta(hours=12)

    def advanced(self, start: datetime, low: datetime) -> datetime:
        """A later start, still before ``low``, from which the rule goes on as it would; the same start if there is none.

        A Problem where a rule could only be followed through too many repetitions.
        """
        unit = _UNITS.get(self.frequency)
        if start >= low:
            return start
        if unit is None:
            if self.often:
                self._refuse_many(start, low)
            return start
        try:
            period = unit * self._interval
        except OverflowError:
            return start
        steps = (low - start) // period - 1
        if steps <= 0:
            return start
        if self.count is not None:
            if any(name.startswith("BY") for name in self._parts):
                self._refuse_many(start, low)
                return start
            self.count = max(0, self.count - steps)
        return start + steps * period

    def place_of(self, number: int, start: datetime, low: datetime, high: datetime) -> datetime | None:
        """When the repetition of that number (from 0) behind ``low`` is; None where it is not before ``high``."""
        # A lazy walk: a rule that repeats every second is only followed as far as it is wanted.
        for wall in rrulestr(self.component().to_ical().decode(), dtstart=far(start)):
            if wall >= far(high):
                return None
            if wall >= far(low):
                if number == 0:
                    return near(wall)
                number -= 1
        return None

    def component(self) -> vRecur:
        """The rule for the libraries, moved ahead like its series."""
        parts = dict(self._parts)
        if self.count is not None:
            parts["COUNT"] = [self.count]
        elif self.until is not None and fits(self.until):
            parts["UNTIL"] = [far(self.until)]
        return vRecur(parts)

    def _refuse_many(self, start: datetime, low: datetime) -> None:
        skipped = (low - start) // self.closest
        if skipped > MAX_SKIPPED and (self.count is None or self.count > MAX_SKIPPED):
            raise refused(self.text, "it repeats too often before the time that is read")

    def _until(self, zone: tzinfo | None) -> datetime | None:
        """The last moment on the wall of the series; a day lasts to its end."""
        given = self._parts.pop("UNTIL", None)
        if given is None:
            return None
        value = given[0]
        if not isinstance(value, datetime):
            return datetime(value.year, value.month, value.day, 23, 59, 59)  # noqa: DTZ001
        if value.tzinfo is not None and zone is not None:
            value = value.astimezone(zone)
        return value.replace(tzinfo=None, fold=0)

    def _first(self, name: str) -> Any:
        values = self._parts.get(name)
        return values[0] if values else None
