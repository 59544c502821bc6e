"""Salesforce: the CSV files of a Data Export or of the Data Loader, alone, in a folder or in their zip."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from graphmap.ingest.protocol import Options
from graphmap.records import Rejected
from graphmap_importers.crm_export import Becomes, CrmImporter, First, Shape, shapes_of
from graphmap_importers.crm_rows import Row
from graphmap_importers.crm_tables import Table, squash
from graphmap_importers.salesforce_activities import email, event, join_event, join_mail, join_task, task
from graphmap_importers.salesforce_ids import SOURCE, record_of
from graphmap_importers.salesforce_people import (
    account,
    affiliation,
    contact,
    lead,
    opportunity,
    opportunity_role,
    own_id,
    team_role,
    user,
)
from graphmap_importers.salesforce_shapes import COLUMNS, NEEDED, kind_of, looks_like_id
from graphmap_importers.salesforce_survey import Survey, survey

REASONS: tuple[str, ...] = (
    *(
        "merged",
        "deleted",
        "person_account",
        "private_contact",
        "converted_lead",
        "open_lead",
        "not_a_colleague",
    ),
    *("direct", "series", "other_task", "open_task", "same_as_email", "nobody_named", "copy", "private"),
    *("draft", "bounce", "no_sender", "no_recipient"),
)
"""All reasons to leave a row out; docs/sources/salesforce.md describes each."""

_ARCHIVED = (
    "archived_activities",
    "the oldest activity is about a year old: Salesforce leaves older ones out of plain exports; "
    "use Export All of the Data Loader, or the Data Export service",
)


def _join_aliases(row: Row, found: Survey) -> str:
    return ";".join(found.aliases.get(record_of(own_id(row)), ()))


SHAPES: dict[str, Shape[Survey]] = shapes_of(
    COLUMNS,
    Account=Becomes("firms", account, _join_aliases, ("Account",)),
    Contact=Becomes("people", contact, _join_aliases, ("Contact", "Lead")),
    User=Becomes("people", user),
    Lead=Becomes("people", lead),
    AccountContactRelation=Becomes("affiliations", affiliation),
    AccountTeamMember=Becomes("account_team", team_role),
    Opportunity=Becomes("opportunities", opportunity, None, ("Account",)),
    OpportunityContactRole=Becomes("opportunity_roles", opportunity_role),
    Task=Becomes("interactions", task, join_task, ("TaskRelation", "EmailMessage", "Account")),
    Event=Becomes("interactions", event, join_event, ("EventRelation", "Account")),
    EmailMessage=Becomes("interactions", email, join_mail, ("EmailMessageRelation",)),
    EventRelation=Becomes(None),
    TaskRelation=Becomes(None),
    EmailMessageRelation=Becomes(None),
)
"""What becomes of each kind of file."""


class SalesforceImporter(CrmImporter[Survey]):
    """Reads accounts, people, deals and activities under the names that Salesforce's own exports give them."""

    name: ClassVar[str] = SOURCE
    files: ClassVar[str] = (
        "Data Export: Account.csv, Contact.csv, User.csv, Task.csv, Event.csv, EmailMessage.csv, ..."
    )

    def shape_of(self, base: str, columns: Sequence[str]) -> Shape[Survey] | None:
        """By the object in the file's name and its API names."""
        kind = kind_of(base, columns)
        return None if kind is None else SHAPES[kind]

    def fits(self, shape: Shape[Survey], row: Row) -> bool:
        """A row with something like an id where there must be one."""
        return any(looks_like_id(row[squash(name)]) for name in NEEDED[shape.name])

    def source_of(self, name: str) -> str:
        """All exports are one source: ids of Salesforce are unique in the world."""
        del name
        return SOURCE

    def squash(self, column: str) -> str:
        """Without case and underscores."""
        return squash(column)

    def survey(
        self, source: str, tables: Mapping[str, Sequence[Table]], options: Options
    ) -> tuple[Survey, Mapping[str, Sequence[Rejected]]]:
        """Merges, conversions, participants, and tasks that stand for mails."""
        del source
        return survey(tables, options.own_domains)

    def first(self, shape: Shape[Survey], world: Survey, *, retried: bool) -> First:
        """Our own firm with the first user; a remark where older activities were left out of the export."""
        if retried:
            return First()
        made = ((world.own_firm, "own_firm", "own"),) if shape.name == "User" else ()
        return First(made, (_ARCHIVED,) if shape.name in world.archived else ())
