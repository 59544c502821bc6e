"""When a mail was sent: Date, else the newest Received, else the From_ line; what cannot be true is passed over."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, tzinfo
from email.utils import parsedate_to_datetime
from typing import NamedTuple

from graphmap_importers.times import NotADateError, milliseconds, moment

EARLIEST = 631_152_000_000
"""1990-01-01 in epoch milliseconds UTC; no mail of a customer is older."""

LEEWAY = 2 * 86_400_000
"""Clocks may be ahead by two days."""

_EPOCH_DAY = date(1970, 1, 1).toordinal()
_MONTHS = {
    name: number
    for number, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], start=1
    )
}
_USUAL = re.compile(
    r"(?:[A-Za-z]{3},? )?(\d{1,2}) ([A-Za-z]{3}) (\d{4}) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)([0-5]\d)(?: \(|$)"
)
_YEAR_BELOW_1000 = re.compile(r"(?<![\d:+.-])0\d{3}(?![\d:])")
_OFFSET_IN_NAME = re.compile(r"\b(?:GMT|UTC|UT)([+-]\d{4})")
_ENVELOPE = re.compile(
    r"\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? ([A-Z][a-z]{2}) {1,2}(\d{1,2}) (\d\d:\d\d(?::\d\d)?)"
    r"(?: ([+-]\d{4}))?(?: [A-Z]{3,4})? (\d{4})(?: ([+-]\d{4}))?"
)
_TEXT_LIMIT = 200


class When(NamedTuple):
    """Epoch milliseconds UTC, the header it stands in, and whether its offset is known."""

    at: int
    source: str
    has_offset: bool


def sent_at(cells: Mapping[str, Sequence[str]], zone: tzinfo, latest: int) -> When | None:
    """When a mail was sent, by the first of its times between 1990 and ``latest``; None if none is usable."""
    for source in ("date", "received", "envelope"):
        for text in cells.get(source, ())[:1]:
            found = envelope_time(text) if source == "envelope" else header_time(text, zone)
            if found is not None and EARLIEST <= found[0] <= latest:
                return When(found[0], source, found[1])
    return None


def header_time(text: str, zone: tzinfo = UTC) -> tuple[int, bool] | None:
    """Epoch milliseconds of a Date header, and whether it names its offset (else it is in ``zone``); None for no time.

    >>> header_time("Tue, 5 Mar 2024 10:00:00 +0100")
    (1709629200000, True)
    >>> header_time("Sun, 30 Nov 0002 00:00:00 PST"), header_time("31 Feb 2024 10:00:00 +0000")
    (None, None)
    """
    usual = _USUAL.match(text)
    if usual is None:
        return _unusual(text[:_TEXT_LIMIT], zone)
    day, month, year, hour, minute, second, sign, off_hours, off_minutes = usual.groups()
    number = _MONTHS.get(month.lower(), 0)
    offset = (int(off_hours) * 60 + int(off_minutes)) * (-60_000 if sign == "-" else 60_000)
    try:
        days = date(int(year), number, int(day)).toordinal() - _EPOCH_DAY
    except ValueError:
        return None
    seconds = int(hour) * 3600 + int(minute) * 60 + min(int(second), 59)  # 60: a leap second
    if int(hour) > 23 or int(minute) > 59 or int(second) > 60 or int(off_hours) > 15:
        return None
    return days * 86_400_000 + seconds * 1000 - offset, True


def below_year_1000(text: str) -> bool:
    """Whether a date is of a year such as 0002, which some exports write for "none" and Python reads as 2002.

    >>> below_year_1000("Sun, 30 Nov 0002 00:00:00 -0800"), below_year_1000("5 Mar 24 10:00:00 +0000")
    (True, False)
    """
    return _YEAR_BELOW_1000.search(text[:_TEXT_LIMIT]) is not None


def envelope_time(line: str) -> tuple[int, bool] | None:
    """The time in a ``From_`` line, in UTC where it names no offset.

    >>> envelope_time("From 1723@xxx Fri Feb 04 17:10:22 +0000 2022")
    (1643994622000, True)
    """
    found = _ENVELOPE.search(line[:400])
    if found is None:
        iso = re.search(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d\S*", line[:400])
        return None if iso is None else _iso(iso[0], UTC)
    month, day, clock, before, year, behind = found.groups()
    clock = clock if len(clock) > 5 else f"{clock}:00"
    return header_time(f"{day} {month} {year} {clock} {before or behind or '+0000'}")


def _unusual(text: str, zone: tzinfo) -> tuple[int, bool] | None:
    if below_year_1000(text):
        return None
    text = _OFFSET_IN_NAME.sub(r"\1", text)
    try:
        parsed: datetime = parsedate_to_datetime(text)
        named = (
            parsed.tzinfo is not None or "-0000" in text
        )  # "-0000": UTC, and nobody knows the sender's zone
        return milliseconds(
            parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC if named else zone), UTC
        ), named
    except (ValueError, TypeError, IndexError, OverflowError):
        return _iso(text, zone)


def _iso(text: str, zone: tzinfo) -> tuple[int, bool] | None:
    try:
        return moment(text.strip(), zone)
    except (NotADateError, ValueError, OverflowError):
        return None
