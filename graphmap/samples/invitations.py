"""A calendar of the sample company as an .ics file, with a room, a private event and one that was called off."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from pathlib import Path

from graphmap.samples.company import DOMAIN, END
from graphmap.samples.directory import Directory, moment

_HEAD = ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Lindwerk//Calendar//EN", "METHOD:PUBLISH")


def write_calendar(path: Path, known: Directory, owner: str, meetings: Sequence[dict[str, object]]) -> None:
    """The meetings of one person, and what lies between them."""
    lines = [*_HEAD]
    for number, row in enumerate(meetings):
        room = number % 5 == 0
        lines += _event(
            str(row["id"]),
            moment(row),
            [_participant(known, *pair) for pair in known.participants(row)],
            room=room,
        )
    mine = _participant(known, "organizer", owner)
    lines += _event("dentist", END - datetime.timedelta(days=30), [mine], private=True)
    lines += _event(
        "called-off",
        END - datetime.timedelta(days=20),
        [mine, _participant(known, "attendee", known.contacts[0])],
        off=True,
    )
    path.write_bytes("".join(f"{line}\r\n" for line in (*lines, "END:VCALENDAR")).encode())


def _participant(known: Directory, role: str, who: str) -> str:
    what = "ORGANIZER" if role == "organizer" else "ATTENDEE;CUTYPE=INDIVIDUAL;PARTSTAT=ACCEPTED"
    return f'{what};CN="{known.people[who]["name"]}":mailto:{known.address(who)}'


def _event(
    name: str,
    at: datetime.datetime,
    people: Sequence[str],
    *,
    room: bool = False,
    private: bool = False,
    off: bool = False,
) -> list[str]:
    end = at + datetime.timedelta(minutes=45)
    return [
        "BEGIN:VEVENT", f"UID:{name}@calendar.{DOMAIN}", f"DTSTAMP:{at:%Y%m%dT%H%M%SZ}", f"DTSTART:{at:%Y%m%dT%H%M%SZ}",
        f"DTEND:{end:%Y%m%dT%H%M%SZ}", f"STATUS:{'CANCELLED' if off else 'CONFIRMED'}",
        *(["CLASS:PRIVATE"] if private else []), *people,
        *([f"ATTENDEE;CUTYPE=ROOM;PARTSTAT=ACCEPTED;CN=Blue room:mailto:room-blue@{DOMAIN}"] if room else []),
        "END:VEVENT",
    ]  # fmt: skip
