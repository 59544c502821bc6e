"""Organizations, people, users, deals and activities of Pipedrive as records."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, cast

from graphmap.records import Firm, Interaction, InteractionKind, Opportunity, OpportunityRole, Person
from graphmap_importers.cells import PLAIN, Problem, Reading
from graphmap_importers.crm_rows import JOINED, Made, Outcome, Row
from graphmap_importers.crm_tables import Table, plain_rows
from graphmap_importers.mail_addresses import clean_address
from graphmap_importers.rows import no_offset
from graphmap_importers.web_domains import web_domains

SOURCE = "pipedrive"
OWN = "pipedrive:own"
_KINDS: dict[str, InteractionKind] = {
    "call": "call", "meeting": "meeting", "lunch": "meeting", "demo": "meeting", "email": "email",
}  # fmt: skip
"""Types of activities that are a touch; tasks, deadlines and own types are not."""

_SIDES = {"call": ("caller", "callee"), "meeting": ("organizer", "attendee"), "email": ("from", "to")}

Pairs = dict[tuple[str, str], None]


@dataclass
class Survey:
    """What rows need to know of other files: by name (None: two have it) and by id the people, users and organizations."""

    own_firm: Firm
    reading: Reading = PLAIN
    tell_naive: bool = True
    names: dict[str, dict[str, str | None]] = field(
        default_factory=lambda: {"organization": {}, "person": {}, "user": {}, "deal": {}}
    )


def record_of(kind: str, number: str) -> str:
    """The id of a record in the graph; numbers of Pipedrive are unique only within a kind.

    >>> record_of("person", "7")
    'pipedrive:person:7'
    """
    return f"{SOURCE}:{kind}:{number}"


def number_of(text: str, column: str) -> str:
    """A record's number; a ``Problem`` where a text is none."""
    plain = text.strip().removesuffix(".0")
    if plain.isascii() and plain.isdecimal() and len(plain) < 25:
        return plain
    raise Problem(
        "pipedrive_id",
        f'"{text[:200]}" is no number of a Pipedrive record',
        column=column,
        value=text,
        remedy="export the file again with its ID column",
    )


def own_number(row: Row) -> str:
    """The number of the row's own record."""
    return number_of(row.need("id"), "id")


def survey(
    tables: Mapping[str, Sequence[Table]], own_domains: Sequence[str], reading: Reading, *, zone_given: bool
) -> Survey:
    """Names by which exports point at organizations, people, users and deals, where they have no numbers."""
    found = Survey(
        Firm(OWN, "Our firm", "own", tuple(one.lower() for one in own_domains)),
        reading,
        tell_naive=not zone_given,
    )
    for kind, names in found.names.items():
        for row in _good(tables.get(kind, ())):
            name = row.first("name", "title").lower()
            if name:
                identifier = record_of(kind, own_number(row))
                names[name] = identifier if names.get(name, identifier) == identifier else None
    return found


def _good(tables: Sequence[Table]) -> Iterator[Row]:
    for row in plain_rows(tables):
        if isinstance(row, Row):
            try:
                own_number(row)
            except Problem:
                continue
            yield row


_POINTERS = (("owner", "user"), ("org", "organization"), ("person", "person"), ("deal", "deal"))


def join_names(row: Row, survey: Survey) -> str:
    """What names in the row stand for, as ``column=id`` with semicolons."""
    found: list[str] = []
    for column, kind in _POINTERS:
        text = row[column]
        if text and not _is_number(text):
            identifier = survey.names[kind].get(text.lower())
            if identifier is not None:
                found.append(f"{column}={identifier}")
    return ";".join(found)


def organization(row: Row, survey: Survey) -> Outcome:
    """A firm."""
    del survey
    number = own_number(row)
    if _is_deleted(row):
        return "deleted"
    firm = Firm(
        id=record_of("organization", number),
        name=row.need("name"),
        domains=web_domains(row["website"]),
        owner=_pointer(row, "owner", "user"),
        territory=row["country"] or None,
    )
    return ((firm, "organization", number),)


def person(row: Row, survey: Survey) -> Outcome:
    """A person of theirs."""
    del survey
    number = own_number(row)
    if _is_deleted(row):
        return "deleted"
    emails = row.addresses("emails", "emails_home", "emails_other")
    name = row["name"] or f"{row['first_name']} {row['last_name']}".strip() or next(iter(emails), "")
    found = Person(
        id=record_of("person", number),
        name=name or row.need("name"),
        emails=emails,
        firm=_pointer(row, "org", "organization"),
        title=row["job_title"] or None,
        phones=tuple(
            dict.fromkeys(p for t in row.texts("phones", "phones_mobile", "phones_home") for p in _split(t))
        ),
    )
    return ((found, "person", number),)


def user(row: Row, survey: Survey) -> Outcome:
    """A person of ours."""
    del survey
    number = own_number(row)
    emails = row.addresses("emails")
    if row["active_flag"] and not row.flag("active_flag"):
        row.tell("left", "the user is inactive and no day says since when; they count as still here")
    found = Person(record_of("user", number), row["name"] or row.need("emails"), emails, OWN)
    return ((found, "user", number),)


def deal(row: Row, survey: Survey) -> Outcome:
    """A deal, with the contact person in it."""
    number = own_number(row)
    status = row["status"].lower()
    if row.flag("is_deleted") or status == "deleted":
        return "deleted"
    identifier = record_of("deal", number)
    closed = row.first("won_time", "lost_time")
    found = Opportunity(
        id=identifier,
        name=row["title"] or None,
        firm=_pointer(row, "org", "organization"),
        owner=_pointer(row, "owner", "user"),
        amount=row.number("value"),
        currency=row["currency"] or None,
        stage=row["stage"] or None,
        status=cast("Literal['open', 'won', 'lost']", status) if status in ("won", "lost") else "open",
        opened_on=row.day("add_time", survey.reading),
        close_on=row.day("won_time" if row["won_time"] else "lost_time", survey.reading)
        if closed
        else row.day("expected_close_date", survey.reading),
    )
    who = _pointer(row, "person", "person")
    more: list[Made] = []
    if who is not None:
        more = [(OpportunityRole(identifier, who), "deal_person", f"{number}|{who}")]
    return ((found, "deal", number), *more)


def activity(row: Row, survey: Survey) -> Outcome:
    """A call, meeting or mail that is done."""
    number = own_number(row)
    if _is_deleted(row):
        return "deleted"
    kind = _KINDS.get(row["type"].strip().lower())
    if kind is None:
        return "other_activity"
    if row["done"].lower() not in {"1", "true", "yes", "done", "t"}:
        return "not_done"
    at = _moment(row, survey)
    owner = _pointer(row, "owner", "user")
    contacts = [who for text in _split(row["participants"]) if (who := _who(text)) is not None]
    contacts += [a for text in _split(row["attendees"]) if (a := clean_address(text))]
    main = _pointer(row, "person", "person")
    others: list[str] = list(dict.fromkeys([*([main] if main else []), *contacts]))
    ours, theirs = _SIDES[kind]
    pairs: Pairs = {(ours, owner): None} if owner else {}
    pairs.update({(theirs, one): None for one in others})
    if not others:
        firm = _pointer(row, "org", "organization")
        if firm is None:
            return "nobody_named"
        pairs["account", firm] = None
    if kind == "email" and owner is None:
        return "no_sender"
    return ((Interaction(record_of("activity", number), at, kind, tuple(pairs)), "activity", number),)


def _moment(row: Row, survey: Survey) -> int:
    """The interface's times are UTC and it says when something was done; a day alone counts from noon."""
    day = row.need("due_date", "marked_as_done_time")
    if len(day) > 10:
        return row.moment(
            "due_date", "marked_as_done_time", reading=survey.reading, tell_naive=survey.tell_naive
        )
    date = row.day("due_date", survey.reading) or row.day("marked_as_done_time", survey.reading)
    assert date is not None
    clock = row["due_time"] or "12:00"
    try:
        time = datetime.time.fromisoformat(clock if len(clock) > 4 else f"0{clock}")
    except ValueError:
        raise Problem(
            "time",
            f'"{clock}" is no time of day',
            column="due_time",
            value=clock,
            remedy="write it like 14:30",
        ) from None
    if row["due_time"] and survey.tell_naive:
        row.notices.append(no_offset(row.origin))
    moment = datetime.datetime.combine(datetime.date.fromisoformat(date), time, survey.reading.zone)
    return round(moment.timestamp() * 1000)


def _who(text: str) -> str | None:
    return record_of("person", text) if _is_number(text) else clean_address(text)


def _pointer(row: Row, column: str, kind: str) -> str | None:
    """The record that a cell points at, by its number or by a name that one of the files has."""
    text = row[column]
    if not text:
        return None
    if _is_number(text):
        return record_of(kind, number_of(text, column))
    for pair in row[JOINED].split(";"):
        name, _, identifier = pair.partition("=")
        if name == column:
            return identifier
    row.tell("unknown_name", "no file has this name, or two have it", column, text)
    return None


def _is_number(text: str) -> bool:
    return text.removesuffix(".0").isdecimal()


def _is_deleted(row: Row) -> bool:
    if row["is_deleted"]:
        return row.flag("is_deleted")
    return bool(row["active_flag"]) and not row.flag("active_flag")


def _split(text: str) -> list[str]:
    return [one.strip() for one in text.replace(",", ";").split(";") if one.strip()]
