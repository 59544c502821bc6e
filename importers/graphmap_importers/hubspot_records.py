"""Companies, contacts, owners, deals and engagements of HubSpot as records."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from graphmap.records import (
    Affiliation,
    Firm,
    Interaction,
    InteractionKind,
    Opportunity,
    OpportunityRole,
    Person,
)
from graphmap_importers.crm_rows import JOINED, Made, Outcome, Row
from graphmap_importers.hubspot_survey import (
    OWN,
    Survey,
    full_name,
    number_of,
    numbers,
    own_number,
    record_of,
)
from graphmap_importers.mail_addresses import read_mailboxes
from graphmap_importers.shared_ids import meeting_id, message_id
from graphmap_importers.web_domains import web_domains

_NOT_SENT = {
    "bounced": "bounce",
    "failed": "bounce",
    "scheduled": "not_sent",
    "sending": "not_sent",
    "draft": "draft",
}
_NOT_HELD = {
    "no_show": "no_show",
    "canceled": "cancelled",
    "cancelled": "cancelled",
    "rescheduled": "rescheduled",
}
_CONNECTED = frozenset(("", "completed", "in_progress", "connecting"))
_LOG = (".hubspot.com", "@hubspot.com", ".hubspotemail.net")
"""Addresses to which a copy is sent so that HubSpot logs the mail."""

Pairs = dict[tuple[str, str], None]


def join_owner(row: Row, survey: Survey) -> str:
    """The owner, where the file has the display name instead of the number."""
    name = row["hubspot_owner_id"]
    return "" if not name or name.isdecimal() else survey.owners.get(name.lower()) or ""


def join_contact(row: Row, survey: Survey) -> str:
    """The company whose domain the contact's address has, where none is associated."""
    if row.first("associatedcompanyid", "companies"):
        return ""
    for address in row.addresses("email"):
        company = survey.companies.get(address.rpartition("@")[2])
        if company is not None:
            return company
    return ""


def join_deal(row: Row, survey: Survey) -> str:
    """The owner by name, and the companies of the deal."""
    companies = survey.companies_of.of(f"deal {own_number(row, 'deal')}")
    return " ".join((join_owner(row, survey) or "-", *companies))


def join_engagement(row: Row, survey: Survey) -> str:
    """Owner, contacts and companies of an engagement, as ``owner contact,contact company,company``."""
    key = f"engagement {own_number(row, 'email')}"
    contacts = [*numbers(row, "contacts"), *survey.contacts_of.of(key)]
    companies = [
        survey.merged.get(record_of("company", one), record_of("company", one)).rpartition(":")[2]
        for one in (*numbers(row, "companies"), *survey.companies_of.of(key))
    ]
    found = (",".join(sorted(dict.fromkeys(each), key=int)) or "-" for each in (contacts, companies))
    return " ".join((join_owner(row, survey) or "-", *found))


def company(row: Row, survey: Survey) -> Outcome:
    """A firm."""
    del survey
    number = own_number(row, "company")
    if row.flag("archived"):
        return "deleted"
    parent = numbers(row, "hs_parent_company_id")[:1]
    firm = Firm(
        id=record_of("company", number),
        name=row.need("name", "domain"),
        domains=tuple(dict.fromkeys((*web_domains(row["domain"]), *web_domains(row["website"])))),
        parent=record_of("company", parent[0]) if parent else None,
        owner=_owner(row, row[JOINED]),
        industry=row["industry"] or None,
        territory=row["country"] or None,
        aliases=tuple(record_of("company", one) for one in numbers(row, "hs_merged_object_ids")),
    )
    return ((firm, "company", number),)


def contact(row: Row, survey: Survey) -> Outcome:
    """A person of theirs, at the first associated company; the others are affiliations."""
    del survey
    number = own_number(row, "contact")
    if row.flag("archived"):
        return "deleted"
    identifier = record_of("contact", number)
    companies = [record_of("company", one) for one in numbers(row, "associatedcompanyid", "companies")]
    if not companies and row[JOINED]:
        companies = [row[JOINED]]
        row.tell(
            "firm_by_domain",
            "no company is associated; the one with the domain of the address counts",
            "email",
        )
    emails = row.addresses("email", "hs_additional_emails")
    merged = (
        text.partition(":")[0] for text in row["hs_calculated_merged_vids"].replace(",", ";").split(";")
    )
    others = {
        *numbers(row, "hs_merged_object_ids"),
        *(one.strip() for one in merged if one.strip().isdecimal()),
    }
    person = Person(
        id=identifier,
        name=full_name(row) or next(iter(emails), "") or row.need("firstname"),
        emails=emails,
        firm=companies[0] if companies else None,
        title=row["jobtitle"] or None,
        department=row["job_function"] or None,
        opt_out=row.flag("hs_email_optout") if row["hs_email_optout"] else None,
        aliases=tuple(record_of("contact", one) for one in sorted(others - {number}, key=int)),
        links=row.texts("hs_linkedin_url"),
        phones=row.texts("phone", "mobilephone"),
    )
    more: list[Made] = [
        (Affiliation(identifier, firm), "contact_company", f"{number}|{firm}") for firm in companies[1:]
    ]
    return ((person, "contact", number), *more)


def owner(row: Row, survey: Survey) -> Outcome:
    """A person of ours."""
    del survey
    number = own_number(row, "owner")
    emails = row.addresses("email")
    person = Person(record_of("owner", number), full_name(row) or row.need("email"), emails, OWN)
    if row.flag("archived"):
        row.tell("left", "the owner is archived and no day says since when; they count as still here")
    return ((person, "owner", number),)


def deal(row: Row, survey: Survey) -> Outcome:
    """A deal with the contacts in it."""
    number = own_number(row, "deal")
    if row.flag("archived"):
        return "deleted"
    identifier = record_of("deal", number)
    named, *joined = row[JOINED].split(" ") if row[JOINED] else ["-"]
    companies = [*numbers(row, "associatedcompanyid", "companies"), *joined]
    found = Opportunity(
        id=identifier,
        name=row["dealname"] or None,
        firm=record_of("company", companies[0]) if companies else None,
        owner=_owner(row, named),
        amount=row.number("amount"),
        currency=row["deal_currency_code"] or None,
        stage=row["dealstage"] or None,
        status=_status(row),
        opened_on=row.day("createdate", survey.reading),
        close_on=row.day("closedate", survey.reading),
    )
    roles: list[Made] = [
        (OpportunityRole(identifier, record_of("contact", one)), "deal_contact", f"{number}|{one}")
        for one in numbers(row, "contacts")
    ]
    return ((found, "deal", number), *roles)


def deal_contact(row: Row, survey: Survey) -> Outcome:
    """A contact's part in a deal, from the table of a warehouse."""
    del survey
    number = number_of(row.need("deal_id"), "deal_id")
    who = number_of(row.need("contact_id"), "contact_id")
    role = OpportunityRole(record_of("deal", number), record_of("contact", who), row["label"] or None)
    return ((role, "deal_contact", f"{number}|{who}"),)


def email(row: Row, survey: Survey) -> Outcome:
    """A mail under its own message id, so that it is the same as in a mailbox."""
    number = own_number(row, "email")
    reason = "deleted" if row.flag("archived") else _NOT_SENT.get(row["hs_email_status"].lower())
    if reason is not None:
        return reason
    who, contacts, _ = _joined(row)
    pairs: Pairs = {}
    for role, column in (
        ("from", "hs_email_from_email"), ("to", "hs_email_to_email"), ("cc", "hs_email_cc_email"), ("bcc", "hs_email_bcc_email"),
    ):  # fmt: skip
        for address, _name in read_mailboxes([row[column]]).found if row[column] else ():
            if "@" in address and not address.endswith(_LOG):
                pairs[role, address] = None
    incoming = row["hs_email_direction"].lower() == "incoming_email"
    ours, theirs = ("to", "from") if incoming else ("from", "to")
    # What the file names by address is who it was; else whoever it is associated with.
    if who and not any(role == ours for role, _ in pairs):
        pairs[ours, who] = None
    if not any(role == theirs for role, _ in pairs):
        pairs.update({(theirs, one): None for one in contacts})
    if not any(role == "from" for role, _ in pairs):
        return "no_sender"
    if all(role == "from" for role, _ in pairs):
        return "no_recipient"
    at = row.moment("hs_timestamp", reading=survey.reading, tell_naive=survey.tell_naive)
    known = message_id(row["hs_email_message_id"])
    identifier = f"mail:{known}" if known else record_of("email", number)
    participants = tuple(
        sorted(pairs, key=lambda pair: (("from", "to", "cc", "bcc").index(pair[0]), pair[1]))
    )
    thread = message_id(row["hs_email_thread_id"]) or None
    return ((Interaction(identifier, at, "email", participants, None, thread), "email", number),)


def meeting(row: Row, survey: Survey) -> Outcome:
    """A meeting under its calendar's id, so that it is the same as in a calendar."""
    number = own_number(row, "meeting")
    reason = (
        "deleted"
        if row.flag("archived")
        else _NOT_HELD.get(row["hs_meeting_outcome"].lower().replace(" ", "_"))
    )
    if reason is not None:
        return reason
    at = row.moment(
        "hs_meeting_start_time", "hs_timestamp", reading=survey.reading, tell_naive=survey.tell_naive
    )
    who, contacts, companies = _joined(row)
    others = [record_of("owner", one) for one in numbers(row, "hs_attendee_owner_ids")]
    pairs: Pairs = {("organizer", who): None} if who else {}
    pairs.update({("attendee", one): None for one in (*others, *contacts) if one != who})
    uid = row["hs_i_cal_uid"]
    identifier = meeting_id(uid, at) if uid else record_of("meeting", number)
    return _interaction(identifier, at, "meeting", pairs, companies, uid or None, ("meeting", number))


def call(row: Row, survey: Survey) -> Outcome:
    """A call."""
    number = own_number(row, "call")
    if row.flag("archived"):
        return "deleted"
    if row["hs_call_status"].lower() not in _CONNECTED:
        return "not_connected"
    at = row.moment("hs_timestamp", reading=survey.reading, tell_naive=survey.tell_naive)
    who, contacts, companies = _joined(row)
    inbound = row["hs_call_direction"].lower() == "inbound"
    ours, theirs = ("callee", "caller") if inbound else ("caller", "callee")
    pairs: Pairs = {(ours, who): None} if who else {}
    pairs.update({(theirs, one): None for one in contacts})
    return _interaction(record_of("call", number), at, "call", pairs, companies, None, ("call", number))


def _interaction(
    identifier: str,
    at: int,
    kind: InteractionKind,
    pairs: Pairs,
    companies: Sequence[str],
    thread: str | None,
    key: tuple[str, str],
) -> Outcome:
    if not any(":contact:" in who for _, who in pairs):
        # Associated companies did not take part; where nobody is named, one alone says whose contact did.
        if len(companies) != 1:
            return "nobody_named"
        pairs["account", companies[0]] = None
    return ((Interaction(identifier, at, kind, tuple(pairs), None, thread), *key),)


def _joined(row: Row) -> tuple[str | None, list[str], list[str]]:
    """Owner, contacts and companies."""
    numbers(row, "contacts", "companies")  # a cell that holds no numbers must be heard of
    named, contacts, companies = row[JOINED].split(" ") if row[JOINED] else ("-", "-", "-")
    return (
        _owner(row, named),
        [record_of("contact", one) for one in contacts.split(",") if one != "-"],
        [record_of("company", one) for one in companies.split(",") if one != "-"],
    )


def _owner(row: Row, named: str) -> str | None:
    text = row["hubspot_owner_id"]
    if not text:
        return None
    if text.isdecimal():
        return record_of("owner", text)
    if named not in {"", "-"}:
        return named
    row.tell(
        "owner_by_name",
        "the owner is given by a name that no file of owners has, or that two have",
        "hubspot_owner_id",
        text,
    )
    return None


def _status(row: Row) -> Literal["open", "won", "lost"]:
    stage = row["dealstage"].lower().replace(" ", "")
    won = row["hs_is_closed_won"].lower() in {"true", "1"} or stage == "closedwon"
    if won:
        return "won"
    closed = row["hs_is_closed"].lower() in {"true", "1", "yes"} or stage == "closedlost"
    return "lost" if closed else "open"
