"""Accounts, contacts, users, opportunities and activities of Dynamics 365 as records."""

from __future__ import annotations

from typing import Literal

from graphmap.records import Firm, Interaction, InteractionKind, Opportunity, OpportunityRole, Person
from graphmap_importers.crm_rows import JOINED, Made, Outcome, Row
from graphmap_importers.dynamics_survey import OWN, Survey, guid_of, own_guid, record_of
from graphmap_importers.mail_addresses import read_mailboxes
from graphmap_importers.shared_ids import meeting_id, message_id
from graphmap_importers.web_domains import web_domains

_STATES: dict[str, dict[str, str]] = {
    "email": {
        "0": "not_sent",
        "open": "not_sent",
        "2": "cancelled",
        "canceled": "cancelled",
        "cancelled": "cancelled",
    },
    "appointment": {"2": "cancelled", "canceled": "cancelled", "cancelled": "cancelled"},
    "phonecall": {
        "0": "not_held",
        "open": "not_held",
        "2": "cancelled",
        "canceled": "cancelled",
        "cancelled": "cancelled",
    },
}
"""States of an activity in which it did not take place, and the reason that is counted. Appointments are seldom completed by
hand, so an open one counts."""
_ROLES: dict[str, dict[str, str]] = {
    "email": {"1": "from", "2": "to", "3": "cc", "4": "bcc"},
    "appointment": {"5": "attendee", "6": "attendee", "7": "organizer"},
    "phonecall": {"1": "caller", "2": "callee"},
}

Pairs = dict[tuple[str, str], None]


def join_aliases(row: Row, survey: Survey) -> str:
    """Records that were merged into this one."""
    kind = "account" if row.has("accountid") else "contact"
    return ";".join(survey.aliases.get(own_guid(row, kind), ()))


def join_parties(row: Row, survey: Survey) -> str:
    """Who took part in an activity, as ``mask:who`` with commas; who is a GUID of a person or an address."""
    found: list[str] = []
    for text in survey.parties.of(own_guid(row, "email")):
        mask, guid, *address = text.split(" ")
        known = guid in survey.contacts or guid in survey.users
        # The address of that time, where the id is nobody in these files.
        who = guid if known or (guid != "-" and not address) else next(iter(address), "")
        if who:
            found.append(f"{mask}:{who}")
    return ",".join(found)


def account(row: Row, survey: Survey) -> Outcome:
    """A firm."""
    del survey
    guid = own_guid(row, "account")
    if row["merged"] and row.flag("merged"):
        return "merged"
    industry = row["industrycode"]
    firm = Firm(
        id=record_of(guid),
        name=row.need("name"),
        domains=web_domains(row["websiteurl"]),
        parent=_reference(row, "parentaccountid"),
        owner=_owner(row),
        # A bare number is an option's code; what it means stands in another table.
        industry=None if not industry or industry.isdecimal() else industry,
        territory=row["address1_country"] or None,
        aliases=tuple(record_of(one) for one in row[JOINED].split(";") if one),
    )
    return ((firm, "account", guid),)


def contact(row: Row, survey: Survey) -> Outcome:
    """A person of theirs; one who was deactivated has left on the day of that."""
    guid = own_guid(row, "contact")
    if row["merged"] and row.flag("merged"):
        return "merged"
    firm = _reference(row, "parentcustomerid")
    kind = row["parentcustomeridtype"].lower()
    if firm is not None and (
        kind == "contact" or guid_of(row["parentcustomerid"], "parentcustomerid") in survey.contacts
    ):
        row.tell("firm_is_a_person", "the parent is a contact, not an account", "parentcustomerid")
        firm = None
    emails = row.addresses("emailaddress1", "emailaddress2", "emailaddress3")
    gone = row["statecode"].lower() in {"1", "inactive"}
    person = Person(
        id=record_of(guid),
        name=_name(row) or next(iter(emails), "") or row.need("fullname"),
        emails=emails,
        firm=firm,
        title=row["jobtitle"] or None,
        department=row["department"] or None,
        opt_out=row.flag("donotemail") if row["donotemail"] else None,
        valid_to=row.day("modifiedon") if gone and firm is not None else None,
        aliases=tuple(record_of(one) for one in row[JOINED].split(";") if one),
        phones=row.texts("telephone1", "mobilephone"),
    )
    return ((person, "contact", guid),)


def user(row: Row, survey: Survey) -> Outcome:
    """A person of ours; applications and other users who are nobody are left out."""
    del survey
    guid = own_guid(row, "systemuser")
    if row["applicationid"] or row["accessmode"].lower() in {
        "3",
        "4",
        "5",
        "non-interactive",
        "support user",
    }:
        return "not_a_person"
    emails = row.addresses("internalemailaddress")
    if not emails and "@" in row["domainname"]:
        emails = row.addresses("domainname")
    person = Person(
        id=record_of(guid),
        name=_name(row) or next(iter(emails), "") or row.need("fullname"),
        emails=emails,
        firm=OWN,
        title=row["title"] or None,
        manager=_reference(row, "parentsystemuserid"),
        valid_to=row.day("modifiedon") if row["isdisabled"] and row.flag("isdisabled") else None,
    )
    return ((person, "systemuser", guid),)


def opportunity(row: Row, survey: Survey) -> Outcome:
    """A deal, with the contact named in it."""
    guid = own_guid(row, "opportunity")
    customer = _reference(row, "customerid")
    is_person = row["customeridtype"].lower() == "contact" or (
        customer is not None and guid_of(row["customerid"], "customerid") in survey.contacts
    )
    firm = _reference(row, "parentaccountid") or (None if is_person else customer)
    who = _reference(row, "parentcontactid") or (customer if is_person else None)
    currency = row["transactioncurrencyid"]
    deal = Opportunity(
        id=record_of(guid),
        name=row["name"] or None,
        firm=firm,
        owner=_owner(row),
        amount=row.number("actualvalue") if row["actualvalue"] else row.number("estimatedvalue"),
        currency=currency if len(currency) == 3 and currency.isalpha() else None,
        stage=row["stepname"] or None,
        status=_status(row["statecode"].lower()),
        opened_on=row.day("createdon"),
        close_on=row.day("actualclosedate") or row.day("estimatedclosedate"),
    )
    more: list[Made] = []
    if who is not None:
        more = [(OpportunityRole(deal.id, who), "opportunity_contact", f"{guid}|{who}")]
    return ((deal, "opportunity", guid), *more)


def email(row: Row, survey: Survey) -> Outcome:
    """A mail under its own message id, so that it is the same as in a mailbox."""
    del survey
    reason = _STATES["email"].get(row["statecode"].lower())
    if reason is not None:
        return reason
    guid = own_guid(row, "email")
    pairs = _parties(row, "email")
    if not any(role == "from" for role, _ in pairs) and row["sender"]:
        pairs |= {("from", a): None for a, _ in read_mailboxes([row["sender"]]).found if "@" in a}
    if all(role == "from" for role, _ in pairs) and row["torecipients"]:
        text = row["torecipients"].replace(";", ",")
        pairs |= {("to", a): None for a, _ in read_mailboxes([text]).found if "@" in a}
    if not any(role == "from" for role, _ in pairs):
        return "no_sender"
    if all(role == "from" for role, _ in pairs):
        return "no_recipient"
    at = row.moment("senton", "actualend", "createdon")
    known = message_id(row["messageid"])
    order = ("from", "to", "cc", "bcc")
    told = tuple(sorted(pairs, key=lambda pair: (order.index(pair[0]), pair[1])))
    identifier = f"mail:{known}" if known else record_of(guid)
    return ((Interaction(identifier, at, "email", told), "email", guid),)


def appointment(row: Row, survey: Survey) -> Outcome:
    """A meeting under its calendar's id, so that it is the same as in a calendar."""
    at = row.moment("scheduledstart", "actualstart", "createdon")
    uid = row["globalobjectid"]
    return _activity(row, survey, "appointment", "meeting", at, meeting_id(uid, at) if uid else None)


def phonecall(row: Row, survey: Survey) -> Outcome:
    """A call that was held."""
    reason = _STATES["phonecall"].get(row["statecode"].lower())
    if reason is not None:
        return reason
    return _activity(
        row,
        survey,
        "phonecall",
        "call",
        row.moment("actualend", "actualstart", "scheduledend", "createdon"),
        None,
    )


def _activity(
    row: Row, survey: Survey, kind: str, made: InteractionKind, at: int, identifier: str | None
) -> Outcome:
    reason = _STATES[kind].get(row["statecode"].lower())
    if reason is not None:
        return reason
    guid = own_guid(row, kind)
    pairs = _parties(row, kind)
    owner = _owner(row)
    first = "organizer" if kind == "appointment" else "caller"
    if owner is not None and not any(role == first for role, _ in pairs):
        pairs = {(first, owner): None, **pairs}
    if all(who == owner or who.rpartition(":")[2] in survey.users for _, who in pairs):
        firm = _reference(row, "regardingobjectid")
        if firm is None or row["regardingobjectidtype"].lower() != "account":
            return "nobody_named"
        pairs["account", firm] = None
    return ((Interaction(identifier or record_of(guid), at, made, tuple(pairs)), kind, guid),)


def _parties(row: Row, kind: str) -> Pairs:
    pairs: Pairs = {}
    for text in row[JOINED].split(","):
        mask, _, who = text.partition(":")
        role = _ROLES[kind].get(mask)
        if role is not None and who:
            pairs[role, who if "@" in who else record_of(who)] = None
    # The order of the parties' rows says nothing.
    order = list(_ROLES[kind].values())
    return dict.fromkeys(sorted(pairs, key=lambda pair: (-order.index(pair[0]), pair[1])))


def _reference(row: Row, column: str) -> str | None:
    return record_of(guid_of(row[column], column)) if row[column] else None


def _owner(row: Row) -> str | None:
    """The owning user; a team owns as nobody."""
    kind = row["owneridtype"].lower()
    return None if kind and kind != "systemuser" else _reference(row, "ownerid")


def _name(row: Row) -> str:
    return row["fullname"] or f"{row['firstname']} {row['lastname']}".strip()


def _status(state: str) -> Literal["open", "won", "lost"]:
    if state in {"1", "won"}:
        return "won"
    return "lost" if state in {"2", "lost"} else "open"
