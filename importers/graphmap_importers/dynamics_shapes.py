"""The files of Dynamics 365: tables of Dataverse under their logical names, as CSV or as objects of its interface."""

from __future__ import annotations

import re
from collections.abc import Sequence

COLUMNS: dict[str, tuple[str, ...]] = {
    kind: tuple(names.split())
    for kind, names in {
        "account": """accountid name websiteurl emailaddress1 parentaccountid ownerid owneridtype industrycode address1_country
            statecode merged masterid""",
        "contact": """contactid fullname firstname lastname emailaddress1 emailaddress2 emailaddress3 jobtitle department
            parentcustomerid parentcustomeridtype telephone1 mobilephone donotemail statecode merged masterid modifiedon""",
        "systemuser": """systemuserid fullname firstname lastname internalemailaddress domainname isdisabled title
            parentsystemuserid accessmode applicationid modifiedon""",
        "opportunity": """opportunityid name customerid customeridtype parentaccountid parentcontactid estimatedvalue actualvalue
            transactioncurrencyid estimatedclosedate actualclosedate createdon statecode stepname ownerid owneridtype""",
        "email": """activityid messageid senton actualend createdon statecode directioncode sender torecipients ownerid owneridtype
            regardingobjectid regardingobjectidtype conversationindex""",
        "appointment": """activityid globalobjectid scheduledstart actualstart createdon statecode ownerid owneridtype
            regardingobjectid regardingobjectidtype""",
        "phonecall": """activityid actualend actualstart scheduledend createdon statecode directioncode ownerid owneridtype
            regardingobjectid regardingobjectidtype""",
        "activityparty": "activityid partyid partyidtype partyobjecttypecode participationtypemask addressused",
    }.items()
}
"""The columns that are read, by the kind of file. Subjects, descriptions and revenues are not."""

KEYS = {
    kind: "activityid" if kind in ("email", "appointment", "phonecall", "activityparty") else f"{kind}id"
    for kind in COLUMNS
}
"""The column with the row's own id (of a party: with its activity's)."""

_SIGNS: dict[str, set[str]] = {
    "account": {"name", "websiteurl", "parentaccountid"},
    "contact": {"fullname", "lastname", "emailaddress1"},
    "systemuser": {"fullname", "internalemailaddress", "domainname"},
    "opportunity": {"name", "customerid", "estimatedvalue"},
    "email": {"messageid", "senton", "torecipients", "directioncode", "statecode"},
    "appointment": {"scheduledstart", "globalobjectid"},
    "phonecall": {"directioncode", "actualend", "scheduledend", "statecode"},
    "activityparty": {"participationtypemask"},
}
"""Columns of which at least one must be there beside the id."""

_LOOKUP = re.compile(r"^_(\w+)_value$")
_KIND_OF = "@microsoft.dynamics.crm.lookuplogicalname"


def squash(column: str) -> str:
    """The logical name of a column: a lookup without its wrapping, the kind of its target as ``…type``.

    >>> squash("_parentcustomerid_value"), squash("_parentcustomerid_value@Microsoft.Dynamics.CRM.lookuplogicalname")
    ('parentcustomerid', 'parentcustomeridtype')
    >>> squash("FullName"), squash("_ownerid_value@OData.Community.Display.V1.FormattedValue")
    ('fullname', 'ownerid@odata.community.display.v1.formattedvalue')
    """
    low = column.strip().lower()
    name, mark, note = low.partition("@")
    found = _LOOKUP.fullmatch(name)
    plain = found[1] if found else name
    if not mark:
        return plain
    return f"{plain}type" if f"@{note}" == _KIND_OF else f"{plain}@{note}"


def kind_of(base: str, columns: Sequence[str]) -> str | None:
    """The kind of a file by its name and its columns; None for foreign files.

    >>> kind_of("account_data.csv", ["accountid", "name", "websiteurl"]), kind_of("accounts.csv", ["Id", "Name"])
    ('account', None)
    """
    there = {squash(column) for column in columns}
    words = [
        re.sub("ies$", "y", w).removesuffix("s")
        for w in re.findall(r"[a-z]+", base.lower().rpartition(".")[0])
    ]
    for kind in COLUMNS:
        if kind in words and KEYS[kind] in there and _SIGNS[kind] & there:
            return kind
    return None
