"""Calendars: our reader against icalendar with recurring-ical-events on the whole file, in CPU and peak memory.

``python -m benchmarks calendars``; GRAPHMAP_BENCH_EVENTS sets how many events the made calendar has.
"""

from __future__ import annotations

import os
import random
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks import measure
from benchmarks.measure import Cost

SIZE = int(os.environ.get("GRAPHMAP_BENCH_EVENTS", "10000"))
NOW = datetime(2026, 1, 1, tzinfo=UTC)
RULES = (
    "FREQ=WEEKLY;BYDAY=TU",
    "FREQ=WEEKLY;INTERVAL=2",
    "FREQ=MONTHLY;BYDAY=2TH;COUNT=18",
    "FREQ=DAILY;COUNT=12",
    "FREQ=WEEKLY;UNTIL=20250630T000000Z",
)
ZONE = """BEGIN:VTIMEZONE
TZID:W. Europe Standard Time
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE"""


def write(path: Path, events: int, seed: int = 1) -> None:
    """A calendar of one rep: a tenth of the events are series, four people are invited on average, texts are long."""
    dice = random.Random(seed)
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//graphmap//benchmark//EN",
        "X-WR-TIMEZONE:Europe/Berlin",
    ]
    lines += ZONE.splitlines()
    for number in range(events):
        lines += _event(dice, number)
    lines.append("END:VCALENDAR")
    with path.open("w", encoding="utf-8", newline="") as file:
        for line in lines:
            file.writelines(piece + "\r\n" for piece in _folded(line))


def _folded(line: str) -> Iterator[str]:
    yield line[:72]
    for begin in range(72, len(line), 71):
        yield " " + line[begin : begin + 71]


def _event(dice: random.Random, number: int) -> list[str]:
    start = datetime(2023, 1, 2, 8) + timedelta(minutes=30 * dice.randrange(48 * 1000))  # noqa: DTZ001
    form = dice.choices(("day", "utc", "berlin", "windows", "floating"), (8, 42, 30, 15, 5))[0]
    local = f"{start:%Y%m%dT%H%M%S}"
    when = {
        "day": f"DTSTART;VALUE=DATE:{start:%Y%m%d}",
        "utc": f"DTSTART:{local}Z",
        "berlin": f"DTSTART;TZID=Europe/Berlin:{local}",
        "windows": f"DTSTART;TZID=W. Europe Standard Time:{local}",
        "floating": f"DTSTART:{local}",
    }[form]
    lines = ["BEGIN:VEVENT", when]
    if form != "day":
        lines.append(f"DURATION:PT{dice.choice((30, 60, 90))}M")
        if dice.random() < 0.1:
            lines.append(f"RRULE:{dice.choice(RULES)}")
            if dice.random() < 0.3:
                lines.append(f"EXDATE;TZID=Europe/Berlin:{start + timedelta(days=7):%Y%m%dT%H%M%S}")
    status = dice.choices(("CONFIRMED", "TENTATIVE", "CANCELLED"), (90, 5, 5))[0]
    lines += [
        "DTSTAMP:20251101T080000Z",
        f"UID:{number}-{dice.getrandbits(48):x}@calendar.example",
        f"STATUS:{status}",
        f"SEQUENCE:{dice.randrange(4)}",
        f"SUMMARY:Meeting {number}",
        "DESCRIPTION:" + "What we talk about \\n and where to dial in " * dice.randint(1, 8),
        f"ORGANIZER;CN=Rep {number % 40}:mailto:rep{number % 40}@us.example",
    ]
    for guest in range(min(int(dice.expovariate(1 / 4)), 30)):
        answer = dice.choice(("ACCEPTED", "ACCEPTED", "DECLINED", "NEEDS-ACTION", "TENTATIVE"))
        address = f"p{dice.randrange(5000)}@firm{dice.randrange(200)}.example"
        lines.append(f"ATTENDEE;ROLE=REQ-PARTICIPANT;PARTSTAT={answer};CN=Guest {guest}:mailto:{address}")
    return [*lines, "END:VEVENT"]


def ours(path: Path) -> None:
    """All records of the file through the importer."""
    from graphmap.ingest.protocol import Options, Raw
    from graphmap.ingest.sources import find_sources
    from graphmap_importers.calendar_files import CalendarImporter

    importer, options = CalendarImporter(lambda: NOW), Options()

    def work() -> object:
        (part,) = importer.plan(find_sources([path]), options)
        return sum(
            isinstance(importer.convert(raw, part, options), tuple)
            for raw in importer.read(part, options)
            if isinstance(raw, Raw)
        )

    measure.report(measure.timed(work))


def whole(path: Path) -> None:
    """The same span by the libraries, the file as one calendar."""
    import icalendar
    import recurring_ical_events

    from graphmap_importers.calendar_files import YEAR_AHEAD, YEARS_BACK

    def work() -> object:
        calendar = icalendar.Calendar.from_ical(path.read_bytes())
        query = recurring_ical_events.of(calendar, skip_bad_series=True)
        return len(query.between(NOW - YEARS_BACK, NOW + YEAR_AHEAD))

    measure.report(measure.timed(work))


WAYS = {"ours": ours, "whole": whole}


def run() -> list[str]:
    """Ratios of CPU, and the peak memory of each process."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rep.ics"
        write(path, SIZE)

        def go(way: str) -> Cost:
            return measure.alone("benchmarks.calendars", way, str(path))

        mine, theirs = go("ours"), go("whole")
    return [
        f"{SIZE} events, {theirs.value} occurrences, {mine.value} of them with other people",
        "",
        "| reader | CPU against the whole file by the libraries | peak MB of the process |",
        "|---|---|---|",
        f"| libraries, whole file | 1.00 | {theirs.peak_mb:.0f} |",
        f"| ours, a series at a time | {mine.cpu / theirs.cpu:.2f} | {mine.peak_mb:.0f} |",
    ]


if __name__ == "__main__":
    WAYS[sys.argv[1]](Path(sys.argv[2]))
