"""The files of a Salesforce export: how they are called and which of their columns are read."""

from __future__ import annotations

import re
from collections.abc import Sequence

from graphmap_importers.crm_tables import squash, stem_of

COLUMNS: dict[str, tuple[str, ...]] = {
    "Account": (
        *(
            "Id",
            "Name",
            "Website",
            "ParentId",
            "OwnerId",
            "Type",
            "Industry",
            "BillingCountry",
            "MasterRecordId",
        ),
        *(
            "IsDeleted",
            "IsPersonAccount",
            "PersonContactId",
            "PersonEmail",
            "PersonTitle",
            "FirstName",
            "LastName",
        ),
        *("PersonHasOptedOutOfEmail", "PersonDoNotCall", "Phone", "PersonMobilePhone"),
    ),
    "Contact": (
        *("Id", "AccountId", "Name", "FirstName", "LastName", "Email", "Title", "Department", "ReportsToId"),
        *(
            "Phone",
            "MobilePhone",
            "HasOptedOutOfEmail",
            "DoNotCall",
            "EmailBouncedDate",
            "IsPersonAccount",
            "MasterRecordId",
            "IsDeleted",
        ),
    ),
    "User": (
        *(
            "Id",
            "Name",
            "FirstName",
            "LastName",
            "Email",
            "Title",
            "Department",
            "ManagerId",
            "IsActive",
            "UserType",
        ),
        *("ContactId", "CompanyName", "LastModifiedDate", "LastLoginDate", "Phone", "MobilePhone"),
    ),
    "Lead": ("Id", "IsConverted", "ConvertedContactId", "MasterRecordId", "IsDeleted"),
    "AccountContactRelation": (
        *("Id", "AccountId", "ContactId", "IsDirect", "IsActive", "StartDate", "EndDate", "IsDeleted"),
        "LastModifiedDate",
    ),
    "AccountTeamMember": ("Id", "AccountId", "UserId", "TeamMemberRole", "IsDeleted"),
    "Opportunity": (
        *(
            "Id",
            "AccountId",
            "OwnerId",
            "Name",
            "Amount",
            "CurrencyIsoCode",
            "StageName",
            "IsClosed",
            "IsWon",
        ),
        *("CreatedDate", "CloseDate", "IsDeleted"),
    ),
    "OpportunityContactRole": ("Id", "OpportunityId", "ContactId", "Role", "IsDeleted"),
    "Task": (
        *(
            "Id",
            "WhoId",
            "WhatId",
            "AccountId",
            "OwnerId",
            "ActivityDate",
            "CompletedDateTime",
            "Status",
            "IsClosed",
        ),
        *("Type", "TaskSubtype", "CallType", "IsRecurrence", "IsDeleted", "IsArchived", "LastModifiedDate"),
    ),
    "Event": (
        *(
            "Id",
            "WhoId",
            "WhatId",
            "AccountId",
            "OwnerId",
            "StartDateTime",
            "ActivityDateTime",
            "ActivityDate",
        ),
        *("IsChild", "IsPrivate", "IsRecurrence", "IsDeleted", "IsArchived", "LastModifiedDate"),
    ),
    "EmailMessage": (
        *("Id", "FromAddress", "FromName", "ToAddress", "CcAddress", "BccAddress", "MessageDate", "Status"),
        *("MessageIdentifier", "ThreadIdentifier", "ActivityId", "IsBounced", "IsDeleted"),
    ),
    "EventRelation": ("Id", "EventId", "RelationId", "Status", "IsWhat", "IsInvitee", "IsDeleted"),
    "TaskRelation": ("Id", "TaskId", "RelationId", "IsWhat", "IsDeleted"),
    "EmailMessageRelation": (
        *("Id", "EmailMessageId", "RelationAddress", "RelationId", "RelationType", "IsDeleted"),
    ),
}
"""The columns that are read, by the kind of file. AnnualRevenue is the customer's own revenue and not what we earn there."""

NEEDED: dict[str, tuple[str, ...]] = {
    "Account": ("Id", "Name"),
    "Contact": ("Id", "AccountId"),
    "User": ("Id",),
    "Lead": ("Id", "IsConverted"),
    "AccountContactRelation": ("AccountId", "ContactId"),
    "AccountTeamMember": ("AccountId", "UserId"),
    "Opportunity": ("Id", "StageName"),
    "OpportunityContactRole": ("OpportunityId", "ContactId"),
    "Task": ("Id", "OwnerId"),
    "Event": ("Id", "OwnerId"),
    "EmailMessage": ("Id", "FromAddress"),
    "EventRelation": ("EventId", "RelationId"),
    "TaskRelation": ("TaskId", "RelationId"),
    "EmailMessageRelation": ("EmailMessageId", "RelationType"),
}
"""The columns by which a kind of file is recognised, beside its name."""

_BY_STEM = {name.lower(): name for name in COLUMNS}
_SIGNS = frozenset(
    (
        *(
            "ownerid",
            "isdeleted",
            "systemmodstamp",
            "lastmodifieddate",
            "createdbyid",
            "lastmodifiedbyid",
            "accountid",
        ),
        *(
            "createddate",
            "usertype",
            "username",
            "profileid",
            "fivetransynced",
            "parentid",
            "contactid",
            "relationid",
        ),
        *("relationtype", "isactive", "managerid", "masterrecordid"),
    )
)
_ID_LIKE = re.compile(r"[A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?|\d(?:[.,]\d+)?[eE]\+\d+")


def kind_of(base: str, columns: Sequence[str]) -> str | None:
    """The kind of a file by its name and its API names; None for reports (labels with blanks) and foreign files.

    >>> kind_of("Account.csv", ["Id", "Name", "OwnerId"]), kind_of("accounts_2.csv", ["ID", "NAME", "ISDELETED"])
    ('Account', 'Account')
    >>> kind_of("account.csv", ["Account ID", "Account Name"]), kind_of("Account.csv", ["accountid", "name"])
    (None, None)
    """
    stem = re.sub(r"^(?:salesforce|sf)|(?:data|export|extract)$", "", stem_of(base))
    for form in (stem, stem.removesuffix("s"), re.sub("ies$", "y", stem)):
        kind = _BY_STEM.get(form)
        if kind is not None:
            there = {squash(column) for column in columns}
            needed = {squash(column) for column in NEEDED[kind]}
            if needed <= there and _SIGNS & there:
                return kind
    return None


def looks_like_id(text: str) -> bool:
    """Whether a cell may be an id, also one that a spreadsheet spoiled."""
    return _ID_LIKE.fullmatch(text) is not None
