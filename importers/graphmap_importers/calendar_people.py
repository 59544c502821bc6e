"""Who is invited: organizer and attendees of an event as roles and addresses; rooms and lists are nobody."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import unquote

from graphmap_importers.content_lines import ContentLine

MAX_PEOPLE = 1_000
"""People of one event that are kept."""

Remark = tuple[str, str, str | None, str | None]
"""Code, sentence, column and value of a notice."""

_ADDRESS = re.compile(r"[^\s@<>,;:\"()\[\]\\]+@[^\s@<>,;:\"()\\]+")
_NOT_PEOPLE = {"ROOM", "RESOURCE"}
_DECLINED = {"DECLINED", "DELEGATED"}
_LETTER = re.compile(r"[^\W\d_]")
_NO_NAMES = {"undefined", "null", "none", "unknown", "nil"}
_NAME_LIMIT = 200


@dataclass(slots=True)
class Party:
    """The people of an event: (role, who) with the organizer first, then by role and address; their names; remarks.

    ``invited`` counts all attendees that are people, also those without an address.
    """

    people: tuple[tuple[str, str], ...]
    names: tuple[tuple[str, str], ...]
    invited: int
    remarks: tuple[Remark, ...]

    @property
    def guests(self) -> int:
        """How many people with an address take part beside the organizer."""
        return sum(role != "organizer" for role, _ in self.people)


def party(organizer: ContentLine | None, attendees: Iterable[ContentLine]) -> Party:
    """The people behind the lines ORGANIZER and ATTENDEE."""
    roles: dict[str, str] = {}
    names: dict[tuple[str, str], None] = {}
    remarks: dict[str, Remark] = {}
    head = _who(organizer, names) if organizer is not None else None
    invited = 0
    for line in attendees:
        if line.params.get("CUTYPE", "").strip().upper() in _NOT_PEOPLE:
            continue
        invited += 1
        why = _left_out(line)
        if why is not None:
            invited -= 1
            remarks.setdefault(why[0], why)
            continue
        who = _who(line, names)
        if who is None:
            address = line.value.strip().lower().removeprefix("mailto:")
            if address.endswith("calendar.google.com"):  # a room, or a calendar that stands for nobody
                invited -= 1
                continue
            remarks.setdefault(
                "no_address", ("no_address", "an attendee has no address and is left out", "ATTENDEE", None)
            )
            continue
        declined = line.params.get("PARTSTAT", "").strip().upper() in _DECLINED
        # Whoever stands there twice took part if one of the lines says so.
        if roles.get(who) != "attendee":
            roles[who] = "declined" if declined else "attendee"
    if len(roles) > MAX_PEOPLE:
        message = f"the event has {len(roles):,} people; {MAX_PEOPLE:,} are kept"
        remarks["many_people"] = ("many_people", message, "ATTENDEE", str(len(roles)))
        roles = dict(sorted(roles.items())[:MAX_PEOPLE])
    first: list[tuple[str, str]] = []
    if head is not None:
        # An organizer takes part unless their own line says that they do not.
        first = [("declined" if roles.pop(head, "") == "declined" else "organizer", head)]
    people = (*first, *sorted((role, who) for who, role in roles.items()))
    known = {who for _, who in people}
    return Party(people, tuple(name for name in names if name[0] in known), invited, tuple(remarks.values()))


def address_of(value: str) -> str | None:
    """The address in a value such as ``MAILTO:Ann@x.example``, in lower case; an X.500 name as it is; else None.

    >>> address_of("MAILTO:Ann@X.example"), address_of("invalid:nomail"), address_of("mailto:/O=A/CN=JD")
    ('ann@x.example', None, '/o=a/cn=jd')
    """
    text = value.strip().strip("<>").strip()
    while text[:7].lower() == "mailto:":
        text = text[7:].strip()
    if text[:3].lower() in {"/o=", "/cn"}:
        return text.lower()
    if "%" in text:
        text = unquote(text)
    text = text.partition("?")[0].strip("<> '").lower()
    return text if _ADDRESS.fullmatch(text) else None


def real_name(text: str, address: str) -> str | None:
    """A display name that names somebody; None for an address, a number or a word of programs.

    >>> real_name(" 'Ann Ode' ", "ann@x.example"), real_name("ann@x.example", "ann@x.example")
    ('Ann Ode', None)
    """
    name = " ".join(text.split()).strip("'\" ")
    if not name or len(name) > _NAME_LIMIT or "@" in name or not _LETTER.search(name):
        return None
    if name.lower() in _NO_NAMES or name.lower() == address.partition("@")[0]:
        return None
    return name


def _left_out(line: ContentLine) -> Remark | None:
    """Attendees that are no people in the meeting."""
    if line.params.get("CUTYPE", "").strip().upper() == "GROUP":
        return "group", "a distribution list is invited; whoever is behind it is not known", "ATTENDEE", None
    if line.params.get("ROLE", "").strip().upper() == "NON-PARTICIPANT":
        message = "somebody was informed only and is left out"
        return "not_participating", message, "ATTENDEE", None
    return None


def _who(line: ContentLine, names: dict[tuple[str, str], None]) -> str | None:
    address = address_of(line.value) or address_of(line.params.get("EMAIL", ""))
    if address is None or address.endswith("calendar.google.com"):
        return None
    name = real_name(line.params.get("CN", ""), address)
    if name is not None and "@" in address:
        names.setdefault((address, name))
    return address
