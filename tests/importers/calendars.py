"""Small calendars for tests, and the importer with a clock that stands still."""

from __future__ import annotations

from datetime import UTC, datetime

from graphmap_importers.calendar_files import CalendarImporter

NOW = datetime(2024, 7, 1, 15, 30, tzinfo=UTC)
CALENDAR = CalendarImporter(lambda: NOW)
PEOPLE = ("ORGANIZER;CN=Rep One:mailto:rep@us.example", "ATTENDEE;CN=Ann Ode:mailto:ann@acme.example")


def event(*lines: str, people: tuple[str, ...] = PEOPLE) -> str:
    return "\r\n".join(("BEGIN:VEVENT", *lines, *people, "END:VEVENT", ""))


def calendar(*parts: str, head: tuple[str, ...] = ()) -> str:
    return "\r\n".join(("BEGIN:VCALENDAR", "VERSION:2.0", *head, "")) + "".join(parts) + "END:VCALENDAR\r\n"
