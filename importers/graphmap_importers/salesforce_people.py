"""Accounts, contacts, users, teams and deals of Salesforce as records."""

from __future__ import annotations

from graphmap.records import (
    Affiliation,
    Bounce,
    Firm,
    FirmKind,
    Opportunity,
    OpportunityRole,
    Person,
    TeamRole,
)
from graphmap_importers.cells import texts_cell
from graphmap_importers.crm_rows import JOINED, Outcome, Row
from graphmap_importers.salesforce_ids import USER, full_id, record_of
from graphmap_importers.salesforce_survey import OWN, Survey
from graphmap_importers.web_domains import web_domains


def reference(row: Row, column: str, *prefixes: str) -> str | None:
    """The record that a cell names; None for a blank cell, and for another kind of record (a queue, a room)."""
    text = row[column]
    if not text:
        return None
    identifier = full_id(text, column)
    return record_of(identifier) if not prefixes or identifier.startswith(prefixes) else None


def own_id(row: Row) -> str:
    """The 18 characters of the row's own id."""
    return full_id(row.need("Id"), "Id")


def account(row: Row, survey: Survey) -> Outcome:
    """A firm; a person account is a person without a firm."""
    del survey
    identifier = own_id(row)
    if row["MasterRecordId"]:
        return "merged"
    if row.flag("IsDeleted"):
        return "deleted"
    if row.flag("IsPersonAccount"):
        return _person_account(row, identifier)
    firm = Firm(
        id=record_of(identifier),
        name=row.need("Name"),
        kind=_firm_kind(row["Type"]),
        domains=web_domains(row["Website"]),
        parent=reference(row, "ParentId"),
        owner=reference(row, "OwnerId", USER),
        industry=row["Industry"] or None,
        territory=row["BillingCountry"] or None,
        aliases=texts_cell(row[JOINED]),
    )
    return ((firm, "Account", identifier),)


def contact(row: Row, survey: Survey) -> Outcome:
    """A person of theirs."""
    del survey
    identifier = own_id(row)
    if row["MasterRecordId"]:
        return "merged"
    if row.flag("IsDeleted"):
        return "deleted"
    if row.flag("IsPersonAccount"):
        return "person_account"
    firm = reference(row, "AccountId")
    if firm is None:
        return "private_contact"
    person = Person(
        id=record_of(identifier),
        name=_name(row),
        emails=row.addresses("Email"),
        firm=firm,
        title=row["Title"] or None,
        department=row["Department"] or None,
        manager=reference(row, "ReportsToId"),
        opt_out=_opt_out(row, "HasOptedOutOfEmail", "DoNotCall"),
        aliases=texts_cell(row[JOINED]),
        phones=row.texts("Phone", "MobilePhone"),
    )
    return ((person, "Contact", identifier), *_bounces(row, person))


def _bounces(row: Row, person: Person) -> tuple[tuple[Bounce, str, str], ...]:
    """That a mail to a contact came back, and when; the flag goes with a new address."""
    day = row.day("EmailBouncedDate")
    if day is None:
        return ()
    return tuple((Bounce(address, day), "bounces", f"{address} {day}") for address in person.emails)


def lead(row: Row, survey: Survey) -> Outcome:
    """Nobody of their own: a converted lead is another id of its contact."""
    del survey
    own_id(row)
    if row.flag("IsDeleted"):
        return "deleted"
    return "converted_lead" if row["ConvertedContactId"] else "open_lead"


def user(row: Row, survey: Survey) -> Outcome:
    """A person of ours; users of portals, of programs and of guests are none."""
    del survey
    identifier = own_id(row)
    if row["ContactId"] or row["UserType"].lower() not in {"", "standard"}:
        return "not_a_colleague"
    gone = row.has("IsActive") and bool(row["IsActive"]) and not row.flag("IsActive")
    person = Person(
        id=record_of(identifier),
        name=_name(row),
        emails=row.addresses("Email"),
        firm=OWN,
        title=row["Title"] or None,
        department=row["Department"] or None,
        manager=reference(row, "ManagerId", USER),
        valid_to=_left_on(row) if gone else None,
        phones=row.texts("Phone", "MobilePhone"),
    )
    return ((person, "User", identifier),)


def affiliation(row: Row, survey: Survey) -> Outcome:
    """A contact's further account."""
    del survey
    firm, person = full_id(row.need("AccountId"), "AccountId"), full_id(row.need("ContactId"), "ContactId")
    if row.flag("IsDeleted"):
        return "deleted"
    if row.flag("IsDirect"):
        return "direct"  # the contact's own row says so
    until = row.day("EndDate")
    if until is None and row["IsActive"] and not row.flag("IsActive"):
        until = row.day("LastModifiedDate")
        row.tell("ended", f"the relation is not active; it counts until {until or 'now'}, its last change")
    found = Affiliation(record_of(person), record_of(firm), valid_from=row.day("StartDate"), valid_to=until)
    return ((found, "AccountContactRelation", row["Id"] or f"{person}|{firm}"),)


def team_role(row: Row, survey: Survey) -> Outcome:
    """A user of an account's team."""
    del survey
    firm, person = full_id(row.need("AccountId"), "AccountId"), full_id(row.need("UserId"), "UserId")
    if row.flag("IsDeleted"):
        return "deleted"
    found = TeamRole(record_of(firm), record_of(person), row["TeamMemberRole"] or None)
    return ((found, "AccountTeamMember", row["Id"] or f"{person}|{firm}"),)


def opportunity(row: Row, survey: Survey) -> Outcome:
    """A deal."""
    identifier = own_id(row)
    if row.flag("IsDeleted"):
        return "deleted"
    closed = row.flag("IsClosed")
    firm = reference(row, "AccountId")
    found = Opportunity(
        id=record_of(identifier),
        name=row["Name"] or None,
        firm=None if firm in survey.no_firms else firm,
        owner=reference(row, "OwnerId", USER),
        amount=row.number("Amount"),
        currency=row["CurrencyIsoCode"] or None,
        stage=row["StageName"] or None,
        status="open" if not closed else "won" if row.flag("IsWon") else "lost",
        opened_on=row.day("CreatedDate"),
        close_on=row.day("CloseDate"),
    )
    return ((found, "Opportunity", identifier),)


def opportunity_role(row: Row, survey: Survey) -> Outcome:
    """A contact's part in a deal."""
    del survey
    deal = full_id(row.need("OpportunityId"), "OpportunityId")
    person = full_id(row.need("ContactId"), "ContactId")
    if row.flag("IsDeleted"):
        return "deleted"
    found = OpportunityRole(record_of(deal), record_of(person), row["Role"] or None)
    return ((found, "OpportunityContactRole", row["Id"] or f"{deal}|{person}"),)


def _person_account(row: Row, identifier: str) -> Outcome:
    contact_id = full_id(row["PersonContactId"], "PersonContactId") if row["PersonContactId"] else identifier
    others = () if contact_id == identifier else (record_of(identifier),)
    person = Person(
        id=record_of(contact_id),
        name=_name(row),
        emails=row.addresses("PersonEmail"),
        title=row["PersonTitle"] or None,
        opt_out=_opt_out(row, "PersonHasOptedOutOfEmail", "PersonDoNotCall"),
        aliases=(*others, *texts_cell(row[JOINED])),
        phones=row.texts("Phone", "PersonMobilePhone"),
    )
    return ((person, "PersonAccount", identifier),)


def _firm_kind(kind: str) -> FirmKind | None:
    low = kind.lower()
    if "partner" in low or "reseller" in low:
        return "partner"
    return "other" if low in {"competitor", "vendor", "press", "analyst", "investor"} else None


def _name(row: Row) -> str:
    full = f"{row['FirstName']} {row['LastName']}".strip()
    return row["Name"] or full or row.first("Email", "PersonEmail") or row.need("Name")


def _opt_out(row: Row, *columns: str) -> bool | None:
    told = [row.flag(column) for column in columns if row[column]]
    return any(told) if told else None


def _left_on(row: Row) -> str | None:
    column = "LastModifiedDate" if row["LastModifiedDate"] else "LastLoginDate"
    day = row.day(column)
    if day is None:
        row.tell("left", "the user is not active and no day says since when; they count as still here")
    else:
        row.tell("left", f"the user is not active and counts as gone since {day} ({column})", column, day)
    return day
