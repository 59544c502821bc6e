"""The files of HubSpot: exports with labels or internal names, objects of its interface, tables of a warehouse."""

from __future__ import annotations

import re
from collections.abc import Sequence

LABELS: dict[str, tuple[str, ...]] = {
    "id": ("record id", "hs_object_id"),
    "name": ("company name",),
    "domain": ("company domain name",),
    "website": ("website url",),
    "hubspot_owner_id": ("contact owner", "company owner", "deal owner", "activity assigned to", "owner_id"),
    "hs_parent_company_id": ("parent company id", "parent company ids"),
    "country": ("country/region",),
    "industry": (),
    "hs_merged_object_ids": ("merged object ids", "merged record ids"),
    "hs_calculated_merged_vids": ("merged vids",),
    "archived": ("is_deleted", "_fivetran_deleted"),
    "email": ("work email", "e-mail"),
    "hs_additional_emails": ("additional email addresses",),
    "firstname": ("first name", "first_name"),
    "lastname": ("last name", "last_name"),
    "jobtitle": ("job title",),
    "job_function": ("job function",),
    "phone": ("phone number",),
    "mobilephone": ("mobile phone number",),
    "hs_linkedin_url": ("linkedin url",),
    "hs_email_optout": ("unsubscribed from all email",),
    "associatedcompanyid": ("primary associated company id", "associated company ids (primary)"),
    "companies": ("associated company ids", "associated company id"),
    "contacts": ("associated contact ids", "associated contact id"),
    "dealname": ("deal name",),
    "dealstage": ("deal stage", "deal_pipeline_stage_id"),
    "amount": (),
    "deal_currency_code": ("currency",),
    "closedate": ("close date",),
    "createdate": ("create date",),
    "hs_is_closed": ("is deal closed?", "is closed (numeric)"),
    "hs_is_closed_won": ("is closed won",),
    "userid": ("active_user_id", "user_id_including_inactive"),
    "hs_timestamp": ("activity date",),
    "hs_email_direction": ("email direction",),
    "hs_email_status": ("email send status",),
    "hs_email_from_email": ("email from address",),
    "hs_email_to_email": ("email to address",),
    "hs_email_cc_email": ("email cc address",),
    "hs_email_bcc_email": ("email bcc address",),
    "hs_email_message_id": ("email message id",),
    "hs_email_thread_id": ("email thread id",),
    "hs_meeting_start_time": ("meeting start time", "start_time"),
    "hs_meeting_outcome": ("meeting outcome", "meeting_outcome"),
    "hs_attendee_owner_ids": ("attendee owners",),
    "hs_i_cal_uid": ("ical uid",),
    "hs_call_direction": ("call direction",),
    "hs_call_status": ("call status",),
    "engagement_id": (),
    "contact_id": (),
    "company_id": (),
    "deal_id": (),
    "category": (),
    "label": (),
}
"""Internal names that are read, and how else their columns are called."""

COLUMNS: dict[str, tuple[str, ...]] = {
    kind: tuple(names.split())
    for kind, names in {
        "company": """id name domain website hubspot_owner_id hs_parent_company_id country industry hs_merged_object_ids
            archived""",
        "contact": """id email hs_additional_emails firstname lastname jobtitle job_function phone mobilephone hs_linkedin_url
            hs_email_optout associatedcompanyid companies hs_merged_object_ids hs_calculated_merged_vids archived""",
        "owner": "id hubspot_owner_id email firstname lastname userid archived",
        "deal": """id deal_id dealname dealstage amount deal_currency_code closedate createdate hs_is_closed hs_is_closed_won
            hubspot_owner_id companies associatedcompanyid contacts archived""",
        "email": """id engagement_id hs_timestamp hs_email_direction hs_email_status hs_email_from_email hs_email_to_email
            hs_email_cc_email hs_email_bcc_email hs_email_message_id hs_email_thread_id hubspot_owner_id contacts companies
            archived""",
        "meeting": """id engagement_id hs_timestamp hs_meeting_start_time hs_meeting_outcome hs_attendee_owner_ids hs_i_cal_uid
            hubspot_owner_id contacts companies archived""",
        "call": """id engagement_id hs_timestamp hs_call_direction hs_call_status hubspot_owner_id contacts companies
            archived""",
        "engagement_contact": "engagement_id contact_id",
        "engagement_company": "engagement_id company_id",
        "deal_contact": "deal_id contact_id label",
        "deal_company": "deal_id company_id",
    }.items()
}
"""The columns that are read, by the kind of file. ``annualrevenue`` is the customer's own revenue."""

KEYS = {
    **{"owner": "hubspot_owner_id", "deal": "deal_id"},
    **dict.fromkeys(("email", "meeting", "call"), "engagement_id"),
}
"""What a record's own number is called where it is not ``id``."""

_SIGNS: dict[str, tuple[set[str], ...]] = {
    "company": ({"name"}, {"domain", "hs_parent_company_id", "hubspot_owner_id", "archived", "createdate"}),
    "contact": ({"email", "lastname", "firstname"},),
    "owner": ({"email"}, {"userid", "archived"}),
    "deal": ({"dealname"},),
    "email": ({"hs_email_from_email", "hs_email_to_email", "hs_email_direction", "hs_timestamp"},),
    "meeting": ({"hs_meeting_start_time", "hs_meeting_outcome", "hs_timestamp"},),
    "call": ({"hs_call_direction", "hs_call_status", "hs_timestamp"},),
    "engagement_contact": ({"engagement_id"}, {"contact_id"}),
    "engagement_company": ({"engagement_id"}, {"company_id"}),
    "deal_contact": ({"deal_id"}, {"contact_id"}),
    "deal_company": ({"deal_id"}, {"company_id"}),
}
"""Columns of which at least one each must be there."""

_VENDOR = re.compile(
    r"record id|hs_\w+|hubspot_\w+|property_\w+|properties[_.]\w+|properties|_fivetran\w*|portal_id|createdat|engagement_id|type_id|dealname|userid",
    re.IGNORECASE,
)
"""Columns that only HubSpot has, whoever delivers them."""

_NAMES = {other: name for name, others in LABELS.items() for other in others} | {
    name: name for name in LABELS
}
_PREFIX = re.compile(r"^(?:property|properties)[_.]")


def squash(column: str) -> str:
    """The internal name of a column under any of its names.

    >>> squash("Record ID"), squash("property_jobtitle"), squash("hs_object_id"), squash("Something else")
    ('id', 'jobtitle', 'id', 'something else')
    """
    low = _PREFIX.sub("", column.strip().strip('`"').lower())
    return _NAMES.get(low, low)


def kind_of(base: str, columns: Sequence[str]) -> str | None:
    """The kind of a file by its name and its columns; None for foreign files.

    >>> kind_of("hubspot-crm-exports-all-contacts-2024-03-01.csv", ["Record ID", "First Name", "Last Name", "Email"])
    'contact'
    >>> kind_of("contacts.csv", ["id", "email", "name"])
    """
    words = re.findall(r"[a-z]+", base.lower().rpartition(".")[0])
    kind = _by_words(words)
    if kind is None or not any(_VENDOR.fullmatch(column.strip().strip('`"')) for column in columns):
        return None
    there = {squash(column) for column in columns}
    keyed = "_" in kind or bool({"id", KEYS.get(kind, "id")} & there)
    return kind if keyed and all(signs & there for signs in _SIGNS[kind]) else None


def _by_words(words: Sequence[str]) -> str | None:
    single = [re.sub("ies$", "y", word).removesuffix("s") for word in words]
    for kind in sorted(COLUMNS, key=len, reverse=True):
        parts = kind.split("_")
        if any(single[at : at + len(parts)] == parts for at in range(len(single))):
            return kind
    return None
