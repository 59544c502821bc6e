"""The zone that a calendar means by a name: of the zone database, of Windows in several spellings, or defined in the file."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from icalendar import Timezone
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

_UTC_NAMES = {"utc", "gmt", "z", "etc/utc", "tzone://microsoft/utc", "coordinated universal time"}

# What Windows shows instead of a zone's name; where it shows cities, these are found in the zone database.
_SHOWN = {
    "eastern time": "America/New_York",
    "central time": "America/Chicago",
    "mountain time": "America/Denver",
    "pacific time": "America/Los_Angeles",
    "alaska": "America/Anchorage",
    "hawaii": "Pacific/Honolulu",
    "arizona": "America/Phoenix",
    "atlantic time": "America/Halifax",
    "newfoundland": "America/St_Johns",
    "saskatchewan": "America/Regina",
    "central america": "America/Guatemala",
    "indiana": "America/Indiana/Indianapolis",
    "new delhi": "Asia/Kolkata",
    "mumbai": "Asia/Kolkata",
    "beijing": "Asia/Shanghai",
    "abu dhabi": "Asia/Dubai",
    "osaka": "Asia/Tokyo",
    "bern": "Europe/Zurich",
    "edinburgh": "Europe/London",
}
_OFFSET = re.compile(r"^\(?(?:UTC|GMT)\s*(?:([+-])(\d\d?):?(\d\d)?)?(?:\)\s*(.*))?$", re.IGNORECASE)
_RULE = re.compile(r"^RRULE[^:]*:(.*)$", re.IGNORECASE | re.MULTILINE)
_DEFINITION_LIMIT = 100_000


@lru_cache(maxsize=4096)
def named_zone(name: str) -> tzinfo | None:
    """The zone of a name, whatever program wrote it; None where nobody can know.

    >>> named_zone("W. Europe Standard Time"), named_zone("(UTC-05:00) Eastern Time (US & Canada)")
    (zoneinfo.ZoneInfo(key='Europe/Berlin'), zoneinfo.ZoneInfo(key='America/New_York'))
    >>> named_zone("/freeassociation.sourceforge.net/Europe/Berlin"), named_zone("Customized Time Zone")
    (zoneinfo.ZoneInfo(key='Europe/Berlin'), None)
    """
    text = name.strip().strip('"')
    if text.lower() in _UTC_NAMES:
        return UTC
    known = _database(text.strip("/")) or _database(WINDOWS_TO_OLSON.get(text, ""))
    if known is not None:
        return known
    parts = text.strip("/").split("/")
    # /vendor/some/path/Europe/Berlin: the longest end that is a zone. One word alone says too little.
    for start in range(1, len(parts) - 1):
        known = _database("/".join(parts[start:]))
        if known is not None:
            return known
    return _shown(text)


@lru_cache(maxsize=512)
def defined_zone(definition: str) -> tzinfo | None:
    """The zone of a VTIMEZONE; None where it is broken or unlike any zone (a rule that is not yearly)."""
    if len(definition) > _DEFINITION_LIMIT:
        return None
    # Only a yearly rule is cheap to follow over centuries, and no zone has another.
    if any("FREQ=YEARLY" not in rule.upper() for rule in _RULE.findall(definition)):
        return None
    try:
        zone = cast("Timezone", Timezone.from_ical(definition)).to_tz(lookup_tzid=False)
        # A definition may be accepted and then fail at its first use.
        for month in (1, 7):
            datetime(2024, month, 1, tzinfo=zone).utcoffset()
    except Exception:  # the libraries raise whatever a damaged definition makes them stumble over
        return None
    return zone


def _database(name: str) -> tzinfo | None:
    if not name or name.startswith(("/", ".")) or len(name) > 64:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _shown(text: str) -> tzinfo | None:
    found = _OFFSET.match(text)
    places = ((found[4] or "") if found else text).lower()
    places = re.sub(r"\(.*?\)", "", places)
    for place in places.split(","):
        key = _SHOWN.get(place.strip()) or _cities().get(place.strip())
        if key is not None:
            return ZoneInfo(key)
    if found is None:
        return None
    if found[1] is None:
        return UTC
    offset = timedelta(hours=int(found[2]), minutes=int(found[3] or 0))
    if offset >= timedelta(days=1):
        return None
    return timezone(-offset if found[1] == "-" else offset)


@lru_cache(maxsize=1)
def _cities() -> dict[str, str]:
    """City in lower case -> zone, where the database has it under one name only."""
    found: dict[str, list[str]] = {}
    for key in sorted(available_timezones()):
        area, _, city = key.rpartition("/")
        if area and not area.startswith(("Etc", "SystemV", "US", "posix", "right")):
            found.setdefault(city.replace("_", " ").lower(), []).append(key)
    return {city: keys[0] for city, keys in found.items() if len(keys) == 1}
