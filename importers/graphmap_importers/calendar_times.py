"""Dates and times as calendars write them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, tzinfo
from typing import NamedTuple

from graphmap_importers.times import NotADateError, milliseconds

_FORM = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)?(Z?))?", re.IGNORECASE)


class Stamp(NamedTuple):
    """A time on the wall of a zone. A day has no zone and midnight as its time; a floating time has no zone either."""

    wall: datetime
    zone: tzinfo | None
    day: bool = False

    @property
    def floating(self) -> bool:
        """Whether it is a time of which nobody said where."""
        return self.zone is None and not self.day

    def utc(self, where: tzinfo = UTC) -> datetime:
        """The moment in UTC; a floating time is in ``where``, a day begins at midnight UTC so that it stays that day."""
        if self.day:
            return self.wall.replace(tzinfo=UTC)
        return self.wall.replace(tzinfo=self.zone or where).astimezone(UTC)


def stamp(text: str, zone: tzinfo | None = None) -> Stamp:
    """One value of DTSTART and its like; ``zone`` counts where the text names none. A NotADateError for all else.

    >>> stamp("20240108T090000Z").utc().isoformat(), stamp("20240108").day
    ('2024-01-08T09:00:00+00:00', True)
    """
    found = _FORM.fullmatch(text.strip())
    if found is None:
        raise NotADateError(text)
    year, month, day, hour, minute, second, is_utc = found.groups()
    try:
        if hour is None:
            return Stamp(datetime(int(year), int(month), int(day)), None, day=True)  # noqa: DTZ001
        # A leap second is the second before it.
        seconds = min(int(second or 0), 59) if second == "60" else int(second or 0)
        wall = datetime(int(year), int(month), int(day), int(hour), int(minute), seconds)  # noqa: DTZ001
    except ValueError as error:
        raise NotADateError(text) from error
    return Stamp(wall, UTC if is_utc else zone)


def basic(moment: datetime, *, day: bool) -> str:
    """A moment in UTC in basic form, for ids.

    >>> basic(datetime(2024, 1, 8, 9, tzinfo=UTC), day=False)
    '20240108T090000Z'
    """
    date = f"{moment.year:04}{moment.month:02}{moment.day:02}"
    return date if day else f"{date}T{moment.hour:02}{moment.minute:02}{moment.second:02}Z"


def epoch(moment: datetime) -> int:
    """Milliseconds since 1970."""
    return milliseconds(moment, UTC)


def on_wall(given: Stamp, zone: tzinfo | None, time_of: Stamp) -> datetime:
    """The wall time of a stamp as seen from a series in ``zone``; a day means the series' time on that day.

    ``zone`` None: a series of whole days.
    """
    if zone is None:
        return given.wall.replace(hour=0, minute=0, second=0)
    if given.day:
        return datetime.combine(given.wall.date(), time_of.wall.time())
    if given.zone is None or given.zone is zone:
        return given.wall
    try:
        return given.wall.replace(tzinfo=given.zone).astimezone(zone).replace(tzinfo=None, fold=0)
    except OverflowError:  # the ends of the calendar are in no window
        return given.wall
