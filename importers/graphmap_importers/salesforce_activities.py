"""Calls, mails and meetings of Salesforce as interactions."""

from __future__ import annotations

from typing import Literal

from graphmap.records import DisplayName, Interaction, InteractionKind
from graphmap_importers.crm_rows import JOINED, Outcome, Row
from graphmap_importers.mail_addresses import read_mailboxes
from graphmap_importers.mail_names import clean_name
from graphmap_importers.salesforce_ids import ACCOUNT, PEOPLE, USER, record_of
from graphmap_importers.salesforce_people import own_id, reference
from graphmap_importers.salesforce_survey import Survey
from graphmap_importers.shared_ids import message_id

Pairs = dict[tuple[str, str], None]

_SAME_AS_EMAIL = "same_as_email"
_HOUR = 3_600_000
_MAIL_ROLES = ("from", "to", "cc", "bcc")


def join_task(row: Row, survey: Survey) -> str:
    """Who else a task is related to, as ``role who;role who``, last the account it is about; or that it stands for a mail."""
    key = record_of(own_id(row))
    return _SAME_AS_EMAIL if key in survey.mail_tasks else _with_account(row, survey, survey.tasks.of(key))


def join_event(row: Row, survey: Survey) -> str:
    """Who was invited, in the same form."""
    return _with_account(row, survey, survey.events.of(record_of(own_id(row))))


def _with_account(row: Row, survey: Survey, found: list[str]) -> str:
    account = reference(row, "AccountId", ACCOUNT) or reference(row, "WhatId", ACCOUNT)
    account = account and survey.merged.get(account, account)
    if account is not None and account not in survey.no_firms:
        found.append(f"account {account}")
    return ";".join(found)


def join_mail(row: Row, survey: Survey) -> str:
    """Who a mail was from and to, as ``role who address;``."""
    return ";".join(survey.mails.of(record_of(own_id(row))))


def task(row: Row, survey: Survey) -> Outcome:
    """A call or mail that was logged; things to do are none, nor what an EmailMessage tells better."""
    del survey
    identifier = own_id(row)
    if row.flag("IsDeleted"):
        return "deleted"
    if row.flag("IsRecurrence"):
        return "series"
    kind = _task_kind(row)
    if kind is None:
        return "other_task"
    if not (row.flag("IsClosed") if row["IsClosed"] else row["Status"].lower() == "completed"):
        return "open_task"
    if row[JOINED] == _SAME_AS_EMAIL:
        return _SAME_AS_EMAIL
    owner = reference(row, "OwnerId", USER)
    people, account = _others(row)
    theirs, ours = ("to", "owner") if kind == "email" else ("callee", "caller")
    if kind == "call" and row["CallType"].lower() == "inbound":
        theirs, ours = "caller", "callee"
    pairs: Pairs = {(ours, owner): None} if owner else {}
    for _, who in people:
        if who != owner:
            pairs[theirs, who] = None
    return _interaction(identifier, kind, _task_moment(row), owner, pairs, account, "Task")


def event(row: Row, survey: Survey) -> Outcome:
    """A meeting; the copies of those who were invited, private ones and masters of series are none."""
    del survey
    identifier = own_id(row)
    if row.flag("IsDeleted"):
        return "deleted"
    if row.flag("IsChild"):
        return "copy"
    if row.flag("IsRecurrence"):
        return "series"
    if row.flag("IsPrivate"):
        return "private"
    owner = reference(row, "OwnerId", USER)
    people, account = _others(row)
    pairs: Pairs = {("organizer", owner): None} if owner else {}
    for role, who in people:
        if who != owner:
            pairs[role, who] = None
    at = row.moment("StartDateTime", "ActivityDateTime", "ActivityDate")
    return _interaction(identifier, "meeting", at, owner, pairs, account, "Event")


def email(row: Row, survey: Survey) -> Outcome:
    """A mail, under its own message id where Salesforce kept it, so that it is the same as in a mailbox."""
    del survey
    identifier = own_id(row)
    if row.flag("IsDeleted"):
        return "deleted"
    if row["Status"].lower() in {"5", "draft"}:
        return "draft"
    if row.flag("IsBounced"):
        return "bounce"
    pairs: Pairs = {}
    linked: set[str] = set()
    for entry in filter(None, row[JOINED].split(";")):
        role, who, *address = entry.split(" ")
        pairs[role, who] = None
        linked.update(address)
    names: list[DisplayName] = []
    for role, column in (
        ("from", "FromAddress"), ("to", "ToAddress"), ("cc", "CcAddress"), ("bcc", "BccAddress"),
    ):  # fmt: skip
        for who, _ in read_mailboxes([row[column]]).found:
            if "@" in who and who not in linked:
                pairs[role, who] = None
                linked.add(who)
                if role == "from" and (name := clean_name(row["FromName"])) and name.lower() != who:
                    names.append(DisplayName(who, name))
    if not any(role == "from" for role, _ in pairs):
        return "no_sender"
    if all(role == "from" for role, _ in pairs):
        return "no_recipient"
    at = row.moment("MessageDate")
    known = message_id(row["MessageIdentifier"])
    own = f"mail:{known}" if known else record_of(identifier)
    ordered = sorted(pairs, key=lambda pair: (_MAIL_ROLES.index(pair[0]), pair[1]))
    mail = Interaction(own, at, "email", tuple(ordered), None, message_id(row["ThreadIdentifier"]) or None)
    return (
        (mail, "EmailMessage", identifier),
        *((name, "display_names", f"{name.address} {name.name}") for name in names),
    )


def _others(row: Row) -> tuple[list[tuple[str, str]], str | None]:
    """Who beside the owner took part, as (role, who), and the account."""
    account: str | None = None
    found: dict[str, str] = {}
    who = reference(row, "WhoId", *PEOPLE)
    if who is not None:
        found[who] = "attendee"
    for entry in filter(None, row[JOINED].split(";")):
        role, _, one = entry.partition(" ")
        if role == "account":
            account = one
        elif found.get(one) != "declined":
            found[one] = role
    reference(row, "AccountId")  # a cell that is no id must be heard of, whether or not it is needed
    return sorted((role, one) for one, role in found.items()), account


def _interaction(
    identifier: str,
    kind: InteractionKind,
    at: int,
    owner: str | None,
    pairs: Pairs,
    account: str | None,
    object_name: str,
) -> Outcome:
    if account is None and not any(who != owner for _, who in pairs):
        return "nobody_named"
    if account is not None and all(":005" in who for _, who in pairs):
        pairs["account", account] = None  # nobody of theirs is named, but the account is
    return ((Interaction(record_of(identifier), at, kind, tuple(pairs)), object_name, identifier),)


def _task_kind(row: Row) -> Literal["call", "email"] | None:
    subtype = row["TaskSubtype"].lower()
    if subtype in {"", "task"}:
        subtype = row["Type"].lower()  # where the subtype was not set, people said it here
    return "call" if subtype == "call" else "email" if subtype == "email" else None


def _task_moment(row: Row) -> int:
    """The day for which it was logged; the time of completion where that is the same day, or the only one there is.

    Whoever loads old calls into Salesforce closes all of them on one day, so the completion alone says little.
    """
    if not row["ActivityDate"] or not row["CompletedDateTime"]:
        return row.moment("ActivityDate", "CompletedDateTime")
    at, completed = row.moment("ActivityDate"), row.moment("CompletedDateTime")
    return (
        completed if at - 14 * _HOUR <= completed <= at + 36 * _HOUR else at
    )  # the day is one of the user's zone
