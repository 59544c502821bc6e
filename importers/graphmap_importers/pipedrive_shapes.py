"""The files of Pipedrive: exports with labels ("Person - Name"), and objects of its interface in both versions."""

from __future__ import annotations

import re
from collections.abc import Sequence

COLUMNS: dict[str, tuple[str, ...]] = {
    kind: tuple(names.split())
    for kind, names in {
        "organization": "id name owner website country is_deleted active_flag",
        "person": """id name first_name last_name emails emails_home emails_other phones phones_mobile phones_home org owner job_title
            is_deleted active_flag""",
        "user": "id name emails activated active_flag",
        "deal": """id title value currency status stage owner person org expected_close_date won_time lost_time add_time
            is_deleted""",
        "activity": """id type done due_date due_time owner person org deal participants attendees is_deleted active_flag
            marked_as_done_time gcal_event_id""",
    }.items()
}
"""The columns that are read, by the kind of file. Subjects, notes and locations are not."""

_SAME: dict[str, str] = {
    "owner_id": "owner", "owner_name": "owner", "user_id": "owner", "assigned to user": "owner", "address_country": "country",
    "org_id": "org", "org_name": "org", "organization": "org", "email": "emails", "email - work": "emails",
    "email - home": "emails_home", "email - other": "emails_other", "phone": "phones", "phone - work": "phones",
    "phone - mobile": "phones_mobile", "phone - home": "phones_home", "job title": "job_title", "first name": "first_name",
    "last name": "last_name", "person_id": "person", "person_name": "person", "contact person": "person", "stage_id": "stage",
    "expected close date": "expected_close_date", "won time": "won_time", "lost time": "lost_time", "deal created": "add_time",
    "deal_id": "deal", "deal_title": "deal", "due date": "due_date", "due time": "due_time",
    "marked as done time": "marked_as_done_time",
}  # fmt: skip
"""How else columns are called, without the label of their object."""

_SIGNS: dict[str, set[str]] = {
    "organization": {"owner", "website", "is_deleted", "active_flag"},
    "person": {"org", "emails", "is_deleted"},
    "user": {"emails"},
    "deal": {"title"},
    "activity": {"due_date"},
}
_LABEL = re.compile(r"^(organization|person|deal|activity|user) - (.+)$")
_VENDOR = re.compile(
    r"(organization|person|deal|activity|user) - .+|org_id|visible_to|active_flag|is_deleted|pipeline_id|marked_as_done_time|activated",
)
"""Columns that only Pipedrive has."""
_WORDS = {
    "organizations": "organization",
    "people": "person",
    "persons": "person",
    "users": "user",
    "deals": "deal",
    "activities": "activity",
}


def squash(column: str) -> str:
    """The plain name of a column.

    >>> squash("Person - Email - Work"), squash("user_id"), squash("Deal - Title"), squash("Activity - Status")
    ('emails', 'owner', 'title', 'done')
    """
    low = column.strip().lower()
    found = _LABEL.fullmatch(low)
    if found is None:
        return _SAME.get(low, low)
    if found.groups() == ("activity", "status"):
        return "done"
    return _SAME.get(found[2], found[2])


def kind_of(base: str, columns: Sequence[str]) -> str | None:
    """The kind of a file by its labels, or by its name and columns that only Pipedrive has; None for foreign files.

    >>> kind_of("people-1-7.csv", ["Person - ID", "Person - Name", "Person - Organization"]), kind_of("deals.csv", ["id", "title"])
    ('person', None)
    """
    low = [column.strip().lower() for column in columns]
    if not any(_VENDOR.fullmatch(column) for column in low):
        return None
    labels = {found[1] for column in low if (found := _LABEL.fullmatch(column))}
    words = set(re.findall(r"[a-z]+", base.lower().rpartition(".")[0]))
    named = {kind for word, kind in _WORDS.items() if word in words or kind in words}
    # A file's own columns come first; those of other objects may stand beside them.
    first = next((found[1] for column in low if (found := _LABEL.fullmatch(column))), None)
    for kind in [first] if first else sorted(named):
        there = {squash(column) for column in columns}
        keyed = "id" in there or kind in labels
        if kind in COLUMNS and keyed and _SIGNS[kind] & there:
            return kind
    return None
