"""The headers of one mail to an interaction and the names of who took part, or the reason why not."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from functools import lru_cache

from graphmap.days import day_of
from graphmap.ingest.protocol import Converted
from graphmap.records import Bounce, DisplayName, Excluded, Notice, Origin, Sourced
from graphmap_importers.cells import Problem
from graphmap_importers.mail_addresses import Mailbox, Mailboxes, read_mailboxes
from graphmap_importers.mail_dates import When, sent_at
from graphmap_importers.mail_headers import as_text
from graphmap_importers.mail_names import clean_name
from graphmap_importers.mail_policy import (
    is_bare_daemon,
    list_addresses,
    reason_by_flags,
    reason_by_headers,
    reason_by_list,
)
from graphmap_importers.quick import quick_interaction, quick_sourced
from graphmap_importers.shared_ids import message_id

RECIPIENT_LIMIT = 1_000
"""Recipients that are read of one mail; the rest is told about."""

Cells = Mapping[str, Sequence[str]]

_ID = re.compile(r"<([^<>]+)>")


@dataclass(frozen=True, slots=True)
class Box:
    """What all mails of one mailbox share: their source, a reason to leave all out, the latest time that can be true, the zone."""

    source: str
    reason: str | None
    latest: int
    zone: tzinfo
    zone_given: bool


def convert_mail(cells: Cells, origin: Origin, box: Box) -> Converted:
    """The records of one mail: its interaction, and a display name for each address that was called something."""
    reason = box.reason or reason_by_flags(origin.file) or _missing_headers(cells)
    if reason is not None:
        return Excluded(origin, reason)
    recipients = {role: read_mailboxes(cells.get(role, ())) for role in ("to", "cc", "bcc")}
    senders = _senders(cells)
    sender = senders[0].who if senders else ""
    anybody = any(one.found or one.lost for one in recipients.values())
    reason = reason_by_headers(cells, sender, has_recipients=anybody)
    if reason is None and not senders:
        reason = "no_sender"
    if reason is None:
        reason, recipients = _without_list(cells, recipients)
    if reason is None and not any(one.found for one in recipients.values()):
        reason = "no_recipient"
    if reason is not None:
        return Excluded(origin, reason, _bounces(cells, origin, box) if reason == "bounce" else ())
    when = sent_at(cells, box.zone, box.latest)
    if when is None:
        return _no_date(cells).rejected(origin, as_text(cells))
    return _records(cells, origin, box, senders, recipients, when)


def _bounces(cells: Cells, origin: Origin, box: Box) -> tuple[Sourced, ...]:
    """The addresses that a mail came back from. Only headers are read: servers that name them in the body alone tell nothing."""
    when = sent_at(cells, box.zone, box.latest)
    if when is None:
        return ()
    day = day_of(when.at)
    failed = read_mailboxes(cells.get("x-failed-recipients", ())).found
    return tuple(
        quick_sourced(Bounce(who, day), origin, box.source, "bounces", f"{who} {day}")
        for who in dict.fromkeys(one.who for one in failed)
        if "@" in who
    )


def _missing_headers(cells: Cells) -> str | None:
    has = any(name in cells for name in ("from", "sender", "date", "message-id"))
    return None if has else "no_headers"


def _senders(cells: Cells) -> list[Mailbox]:
    """Who wrote it: From (the person behind it where a group's server put itself there), Sender only without From."""
    value = cells.get("from", cells.get("sender", ()))[:1]
    if not value or is_bare_daemon(value[0]):
        return []
    found = list(read_mailboxes(value).found)
    if _is_rewritten(cells, found):
        behind = read_mailboxes(cells.get("x-original-from", cells.get("reply-to", ()))[:1]).found
        people = [one for one in behind if "@" in one.who and one.who not in {own.who for own in found}]
        if people:
            return people[:1]
    addresses = [one for one in found if "@" in one.who]
    directory = [one for one in found if one.who.startswith("/")]
    return addresses or directory or found[:1]


def _is_rewritten(cells: Cells, found: Sequence[Mailbox]) -> bool:
    if "x-original-from" in cells:
        return True
    return "list-id" in cells and any(" via " in one.name for one in found)


def _without_list(cells: Cells, recipients: dict[str, Mailboxes]) -> tuple[str | None, dict[str, Mailboxes]]:
    """A list's mails count for those they name beside the list; what only goes out counts for nobody."""
    reason = reason_by_list(cells)
    if reason != "list":
        return reason, recipients
    own = list_addresses(cells)
    named = {
        role: Mailboxes(tuple(one for one in each.found if one.who not in own), each.lost)
        for role, each in recipients.items()
    }
    people = any("@" in one.who for each in named.values() for one in each.found)
    return (None if "list-post" in cells and people else "list"), named


def _records(
    cells: Cells,
    origin: Origin,
    box: Box,
    senders: Sequence[Mailbox],
    recipients: Mapping[str, Mailboxes],
    when: When,
) -> tuple[Sourced, ...]:
    pairs: dict[tuple[str, str], None] = {}
    called: dict[_Called, None] = {}
    beyond = 0
    for role, found in (
        ("from", senders[:RECIPIENT_LIMIT]),
        *((r, each.found) for r, each in recipients.items() if each.found),
    ):
        for who, name in found:
            if len(pairs) > RECIPIENT_LIMIT:
                beyond += 1
                continue
            pairs[role, who] = None
            if name and (known := _called(who, name)) is not None:
                called[known] = None
    lost = sum(each.lost for each in recipients.values())
    participants = tuple(pairs)
    message_id = _own_id(cells)
    identifier = f"mail:{message_id}" if message_id else _fingerprint(when.at, participants)
    thread = _thread(cells) or message_id or identifier
    record = quick_interaction(identifier, when.at, "email", participants, None, thread)
    notices = ()
    if lost or beyond or not when.has_offset or when.source != "date" or "cut" in cells:
        notices = _notices(cells, origin, box, when, lost, beyond)
    first = quick_sourced(record, origin, box.source, "interactions", identifier, notices)
    if not called:
        return (first,)
    source = box.source
    return (
        first,
        *[quick_sourced(known, origin, source, "display_names", key) for known, key in called],
    )


def _own_id(cells: Cells) -> str:
    values = cells.get("message-id")
    return message_id(values[0]) if values else ""


def _thread(cells: Cells) -> str | None:
    """The first mail of the conversation. Not Gmail's number: it differs from mailbox to mailbox, and copies must be equal."""
    for name in ("references", "in-reply-to"):
        for value in cells.get(name, ())[:1]:
            found = _ID.search(value)
            if found is not None:
                return "".join(found[1].lower().split())
    return None


def _fingerprint(at: int, participants: Sequence[tuple[str, str]]) -> str:
    """An id for a mail without one. Bcc does not count: only the sender's copy shows it."""
    senders = sorted(who for role, who in participants if role == "from")
    others = sorted({who for role, who in participants if role in {"to", "cc"}})
    text = "\n".join((str(at // 60_000), *senders, "", *others))
    return f"mail:fp:{hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()}"


_Called = tuple[DisplayName, str]
"""A display name and its key within the source."""


# The same few people stand in most mails.
@lru_cache(maxsize=1 << 13)
def _called(who: str, name: str) -> _Called | None:
    """What an address is called; None where that says nothing more than the address."""
    shown = clean_name(name) if "@" in who else ""
    if not shown or shown.lower() == who.partition("@")[0]:
        return None
    return DisplayName(who, shown), f"{who} {shown}"


def _notices(
    cells: Cells, origin: Origin, box: Box, when: When, lost: int, beyond: int
) -> tuple[Notice, ...]:
    notices: list[Notice] = []
    if lost:
        message = f"{lost} recipient(s) have neither an address nor a full name and were left out"
        notices.append(Notice(origin, "unresolved_recipients", message))
    if beyond:
        message = f"{beyond} recipient(s) beyond the first {RECIPIENT_LIMIT:,} were left out"
        notices.append(Notice(origin, "too_many_recipients", message))
    if when.source != "date":
        where = "the newest Received header" if when.source == "received" else "the From_ line of the mailbox"
        message = f"Date is missing or cannot be true; the time is that of {where}"
        notices.append(Notice(origin, "other_date", message, "Date"))
    if not when.has_offset and not box.zone_given:
        message = "the time has no offset and was read as UTC; --tz names the zone"
        notices.append(Notice(origin, "no_offset", message, "Date"))
    if "cut" in cells:
        notices.append(Notice(origin, "long_headers", "only the first 256 kB of the headers were read"))
    return tuple(notices)


def _no_date(cells: Cells) -> Problem:
    return Problem(
        "no_date",
        "neither Date nor Received nor the From_ line has a time between 1990 and today",
        column="Date",
        value=(cells.get("date") or ("",))[0],
        remedy="export the mail again with a Date header, or leave it out",
    )
