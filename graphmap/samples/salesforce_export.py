"""The CRM of the sample company as a Data Export of Salesforce: a zip with one table an object."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path

from graphmap.samples.directory import OWN, Directory, moment
from graphmap.samples.tables import as_csv

Table = list[dict[str, object]]
TWICE = 17
"""Every so many contacts one stands twice in the CRM, once with a middle initial."""


def write_export(path: Path, known: Directory, logged: Sequence[dict[str, object]]) -> None:
    """Accounts, contacts, users, calls, meetings and mails; the same content gives the same bytes."""
    tables: dict[str, Table] = {
        "Account": _accounts(known), "Contact": _contacts(known), "User": _users(known), "Task": [], "Event": [],
        "EventRelation": [], "EmailMessage": [],
    }  # fmt: skip
    for number, row in enumerate(logged, start=1):
        match row["kind"]:
            case "email":
                tables["EmailMessage"].append(_mail(known, row, number))
            case "call":
                tables["Task"].append(_call(known, row, number))
            case _:
                tables["Event"].append(_meeting(known, row, number))
                tables["EventRelation"] += _invited(known, row, number)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, rows in tables.items():
            archive.writestr(zipfile.ZipInfo(f"{name}.csv"), as_csv(rows, end="\r\n"), zipfile.ZIP_DEFLATED)


def _accounts(known: Directory) -> Table:
    return [
        {
            "Id": known.crm_id(i), "Name": firm["name"], "Website": f"https://www.{firm['domains']}",
            "OwnerId": known.crm_id(str(firm["owner"])) if firm.get("owner") else "",
            "Type": "Partner" if firm["kind"] == "partner" else "Customer", "Industry": firm.get("industry", ""),
            "BillingCountry": firm.get("territory", ""), "IsDeleted": "0",
        }
        for i, firm in known.firms.items()
        if i != OWN
    ]  # fmt: skip


def _contacts(known: Directory) -> Table:
    rows: Table = []
    for number, who in enumerate(known.contacts):
        person = known.people[who]
        first, last = known.names(who)
        row: dict[str, object] = {
            "Id": known.crm_id(who), "AccountId": known.crm_id(str(person["firm"])), "FirstName": first, "LastName": last,
            "Email": known.address(who), "Title": person["title"], "Department": person["department"], "IsDeleted": "0",
        }  # fmt: skip
        rows.append(row)
        if number % TWICE == 0:
            again = f"003{9 * 10**11 + number:012d}"
            rows.append({**row, "Id": again, "FirstName": f"{first} K.", "Title": "", "Department": ""})
    return rows


def _users(known: Directory) -> Table:
    rows: Table = []
    for who in (w for w in known.people if known.is_ours(w)):
        first, last = known.names(who)
        left = known.people[who]["valid_to"]
        rows.append(
            {
                "Id": known.crm_id(who), "FirstName": first, "LastName": last, "Email": known.address(who),
                "Title": known.people[who]["title"], "IsActive": "0" if left else "1", "UserType": "Standard",
                "CompanyName": "Lindwerk", "LastLoginDate": f"{left}T00:00:00Z" if left else "",
            }
        )  # fmt: skip
    return rows


def _mail(known: Directory, row: dict[str, object], number: int) -> dict[str, object]:
    named = {role: known.address(who) for role, who in known.participants(row)}
    return {
        "Id": f"02s{number:012d}", "FromAddress": named["from"], "ToAddress": named["to"], "MessageDate": _time(row),
        "Status": "3", "MessageIdentifier": f"<{known.message_id(row)}>", "ThreadIdentifier": f"<{known.first_id(row)}>", "IsDeleted": "0",
    }  # fmt: skip


def _call(known: Directory, row: dict[str, object], number: int) -> dict[str, object]:
    named = dict(known.participants(row))
    return {
        "Id": f"00T{number:012d}", "WhoId": known.crm_id(named["callee"]), "OwnerId": known.crm_id(named["caller"]),
        "ActivityDate": _time(row)[:10], "CompletedDateTime": _time(row), "Status": "Completed", "IsClosed": "1",
        "TaskSubtype": "Call", "CallType": "Outbound", "IsDeleted": "0",
    }  # fmt: skip


def _meeting(known: Directory, row: dict[str, object], number: int) -> dict[str, object]:
    pairs = known.participants(row)
    (owner,) = (who for role, who in pairs if role == "organizer")
    contact = next(who for role, who in pairs if role == "attendee" and not known.is_ours(who))
    return {
        "Id": f"00U{number:012d}", "WhoId": known.crm_id(contact), "OwnerId": known.crm_id(owner), "StartDateTime": _time(row),
        "IsChild": "0", "IsPrivate": "0", "IsDeleted": "0",
    }  # fmt: skip


def _invited(known: Directory, row: dict[str, object], number: int) -> Table:
    return [
        {
            "Id": f"0RE{number * 100 + k:012d}", "EventId": f"00U{number:012d}", "RelationId": known.crm_id(who),
            "Status": "Accepted", "IsInvitee": "1", "IsWhat": "0", "IsDeleted": "0",
        }
        for k, (role, who) in enumerate(known.participants(row))
        if role == "attendee"
    ]  # fmt: skip


def _time(row: dict[str, object]) -> str:
    return moment(row).strftime("%Y-%m-%dT%H:%M:%SZ")
