"""Which mails are no contact between people: by labels, folders and headers, never by what somebody wrote."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from graphmap_importers.mail_dates import below_year_1000

REASONS: tuple[str, ...] = (
    "spam",
    "trash",
    "draft",
    "chat",
    "calendar_item",
    "bounce",
    "read_receipt",
    "auto_reply",
    "auto_generated",
    "no_reply",
    "list",
    "newsletter",
    "bulk",
    "no_headers",
    "no_sender",
    "no_recipient",
)
"""All reasons to leave a mail out; docs/sources/mail.md describes each."""

Cells = Mapping[str, Sequence[str]]

_NO_REPLY = re.compile(
    r"(?:^|[._+-])(?:(?:no|do|dont|donot|not)[._-]?(?:not[._-]?)?reply|noreply|nicht[._-]?antworten|nepasrepondre"
    r"|ne[._-]?pas[._-]?repondre|no[._-]?responder|nao[._-]?responda)(?:$|[._+@-])"
    r"|^(?:notifications?|newsletter|bounces?|automated|unsubscribe)(?:$|[+-])",
)
_LIST_SIGNS = frozenset(("list-post", "list-id", "list-unsubscribe", "precedence"))
_SIGNS = frozenset(
    (
        *("x-gmail-labels", "x-folder", "content-type", "content-class", "x-failed-recipients", "precedence"),
        *("auto-submitted", "x-autoreply", "x-autorespond", "x-auto-response-suppress", "x-spam-flag"),
    )
)
_DAEMONS = ("mailer-daemon", "postmaster")
_BARE_DAEMON = re.compile(r"[\s<\"']*mailer-daemon[\s>\"']*", re.IGNORECASE)
_FLAGS = re.compile(r"/(?:cur|new)/\d{6,12}[._,][^/]*[:;!]2,([A-Za-z]*)$")


def reason_by_flags(name: str) -> str | None:
    """The reason that the flags in the name of a Maildir's file give: trashed or draft.

    >>> reason_by_flags("box/cur/1700000000.M1.host:2,ST"), reason_by_flags("box/cur/1700000000.M1.host:2,RS")
    ('trash', None)
    """
    flags = _FLAGS.search(name)
    return None if flags is None else "trash" if "T" in flags[1] else "draft" if "D" in flags[1] else None


def reason_by_headers(cells: Cells, sender: str, *, has_recipients: bool) -> str | None:
    """The reason that headers give; mailing lists aside, whose mails may still count for those they name."""
    if sender and _SIGNS.isdisjoint(cells):
        return _reason_by_sender(sender)
    for label in _first(cells, "x-gmail-labels").split(","):
        if label:
            return label
    kind = _first(cells, "content-type")
    if _first(cells, "x-folder") or _is_calendar(cells, kind) or _is_pseudo_mail(cells, has_recipients):
        return _first(cells, "x-folder") or "calendar_item"
    by_sender = _reason_by_sender(sender)
    if "report-type=disposition-notification" in kind:
        return "read_receipt"
    if "report-type=delivery-status" in kind or "x-failed-recipients" in cells:
        return "bounce"
    if by_sender != "bounce" and (automatic := _automatic(cells)):
        return automatic
    return "spam" if _first(cells, "x-spam-flag") == "yes" else by_sender


# The same few people write most mails.
@lru_cache(maxsize=1 << 12)
def _reason_by_sender(sender: str) -> str | None:
    local = sender.rpartition("@")[0]
    return "bounce" if local in _DAEMONS else "no_reply" if _NO_REPLY.search(local) else None


def reason_by_list(cells: Cells) -> str | None:
    """``list`` for a list that one can write to, ``newsletter`` or ``bulk`` for what only goes out, else None."""
    if _LIST_SIGNS.isdisjoint(cells):
        return None
    precedence = _first(cells, "precedence")
    if "list-post" in cells:
        return "list"
    if "list-unsubscribe" in cells:
        return "newsletter"
    if "list-id" in cells or precedence == "list":
        return "list"
    return "bulk" if precedence in {"bulk", "junk"} else None


def list_addresses(cells: Cells) -> set[str]:
    """The addresses of the list itself, by List-Post and List-Id.

    >>> sorted(list_addresses({"list-post": ["<mailto:talk@b.example>"], "list-id": ["<sales.a.example>"]}))
    ['sales@a.example', 'talk@b.example']
    """
    posts = {value.removeprefix("<mailto:").rstrip(">") for value in cells.get("list-post", ())}
    ids = (value.strip("<>").partition(".") for value in cells.get("list-id", ()))
    return posts | {f"{name}@{domain}" for name, _, domain in ids if domain}


def is_bare_daemon(value: str) -> bool:
    """Whether a sender is what exports of Outlook files write where they know none."""
    return _BARE_DAEMON.fullmatch(value[:100]) is not None


def _automatic(cells: Cells) -> str | None:
    submitted = _first(cells, "auto-submitted").partition(";")[0].strip()
    # Exchange sets X-Auto-Response-Suppress on mails of people too: alone it says nothing.
    suppressed = "x-auto-response-suppress" in cells
    nobody = _first(cells, "return-path").replace(" ", "") == "<>"
    replies = (
        "x-autoreply" in cells or "x-autorespond" in cells or _first(cells, "precedence") == "auto_reply"
    )
    if (
        submitted.startswith("auto-replied")
        or replies
        or (suppressed and (nobody or submitted not in {"", "no"}))
    ):
        return "auto_reply"
    return None if submitted in {"", "no"} else "auto_generated"


def _is_calendar(cells: Cells, kind: str) -> bool:
    return kind.startswith("text/calendar") or "calendarmessage" in _first(cells, "content-class")


def _is_pseudo_mail(cells: Cells, has_recipients: bool) -> bool:
    """Calendar, notes and contacts in exports of Outlook files: no sender, nobody to, and a date of the year 2."""
    return (
        not has_recipients
        and is_bare_daemon(_first(cells, "from"))
        and below_year_1000(_first(cells, "date"))
    )


def _first(cells: Cells, name: str) -> str:
    values = cells.get(name)
    return values[0] if values else ""
