"""Text to moments and days: ISO 8601 first, other forms only where a mapping names them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from graphmap.days import day_of
from graphmap.errors import ConfigError

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_from_iso = datetime.fromisoformat
_BETWEEN = frozenset("T ")
_FIRST, _LAST = (
    -62_135_596_800_000,
    253_402_300_799_999,
)  # the years 1 to 9999, all that Python and the stores know

_TAIL = re.compile(r"\s*(Z|UTC|GMT|[+-]\d\d:?\d\d)$", re.IGNORECASE)
_ISO = re.compile(
    r"\d{4}-?\d\d-?\d\d([T ]\d\d(:?\d\d(:?\d\d([.,]\d+)?)?)?)?(Z|[+-]\d\d:?\d\d)?", re.IGNORECASE
)


class NotADateError(ValueError):
    """A text is no date in the form that is expected."""


@lru_cache(maxsize=64)
def zone(name: str | None) -> tzinfo:
    """The time zone of that name (UTC for None); a ConfigError where there is none.

    >>> zone("Europe/Berlin").key
    'Europe/Berlin'
    """
    if name is None or name.upper() in {"UTC", "Z", "GMT"}:
        return UTC
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        remedy = "use a name such as Europe/Berlin or America/New_York, or UTC"
        raise ConfigError(f'there is no time zone "{name}"', remedy=remedy) from error


def moment(text: str, where: tzinfo = UTC) -> tuple[int, bool]:
    """Epoch milliseconds UTC of an ISO 8601 text, and whether it names its offset; else it is in ``where``.

    >>> moment("2026-01-01T01:00:00.25+01:00")
    (1767225600250, True)
    >>> moment("2026-01-01")
    (1767225600000, False)
    """
    try:
        # Common shapes in C; what it accepts beyond ISO (any letter between day and time) goes the long way.
        parsed = _from_iso(text) if text[10:11] in _BETWEEN else _iso(text)
    except ValueError:
        parsed = _iso(text)
    if parsed.tzinfo is UTC:
        since = parsed - _EPOCH
        return since.days * 86_400_000 + since.seconds * 1000 + since.microseconds // 1000, True
    return milliseconds(parsed, where), parsed.tzinfo is not None


def moment_as(text: str, forms: Sequence[str], where: tzinfo = UTC) -> tuple[int, bool]:
    """Like ``moment`` in the first form that fits: a ``strptime`` form, ``iso`` or ``excel`` (serial days).

    >>> moment_as("7/4/1996", ["iso", "%m/%d/%Y"])
    (836438400000, False)
    >>> moment_as("46053.5", ["excel"])
    (1769860800000, False)
    """
    for form in forms:
        try:
            if form == "iso":
                return moment(text, where)
            parsed = _serial(text) if form == "excel" else datetime.strptime(text, form)  # noqa: DTZ007
        except ValueError:
            continue
        return milliseconds(parsed, where), parsed.tzinfo is not None
    raise NotADateError(text)


def _serial(text: str) -> datetime:
    days = float(text.replace(",", "."))  # as it is written where commas are decimal
    # Below 61 spreadsheets disagree (one of them knows a 29 February 1900); 2958465 is the last day of 9999.
    if not 61 <= days < 2_958_466:
        raise NotADateError(text)
    return datetime(1899, 12, 30) + timedelta(milliseconds=round(days * 86_400_000))  # noqa: DTZ001


def milliseconds(parsed: datetime, where: tzinfo) -> int:
    """Whole milliseconds since 1970 in UTC, rounded down; exact, because no float is involved."""
    since = (parsed if parsed.tzinfo is not None else parsed.replace(tzinfo=where)) - _EPOCH
    value = since.days * 86_400_000 + since.seconds * 1000 + since.microseconds // 1000
    if not _FIRST <= value <= _LAST:
        raise NotADateError("outside the years 1 to 9999")
    return value


def day(text: str, forms: Sequence[str] = ()) -> str:
    """The day ``YYYY-MM-DD`` of a text; a time in it counts in UTC.

    >>> day("2026-03-01"), day("2026-03-01T23:30:00-02:00"), day("31.12.2025", ["%d.%m.%Y"])
    ('2026-03-01', '2026-03-02', '2025-12-31')
    """
    if not forms and len(text) == 10:
        try:
            return date.fromisoformat(text).isoformat()
        except ValueError as error:
            raise NotADateError(text) from error
    at, _ = moment_as(text, forms) if forms else moment(text)
    return day_of(at)


def _iso(text: str) -> datetime:
    tail = _TAIL.search(text)
    if tail is not None:
        offset = tail[1].upper()
        text = text[: tail.start()] + ("Z" if offset in {"UTC", "GMT"} else offset)
    if not _ISO.fullmatch(text):
        raise NotADateError(text)
    try:
        return datetime.fromisoformat(text.upper())
    except ValueError as error:
        raise NotADateError(text) from error
