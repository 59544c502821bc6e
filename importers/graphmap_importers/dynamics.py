"""Dynamics 365 (Dataverse): tables as CSV or JSON lines under their logical names, joined by who took part (activityparty)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from graphmap.ingest.protocol import Options
from graphmap.records import Rejected
from graphmap_importers.crm_export import Becomes, CrmImporter, First, Shape, shapes_of
from graphmap_importers.crm_rows import Row
from graphmap_importers.crm_tables import Table
from graphmap_importers.dynamics_records import (
    account,
    appointment,
    contact,
    email,
    join_aliases,
    join_parties,
    opportunity,
    phonecall,
    user,
)
from graphmap_importers.dynamics_shapes import COLUMNS, KEYS, kind_of, squash
from graphmap_importers.dynamics_survey import SOURCE, Survey, survey

REASONS: tuple[str, ...] = (
    *("merged", "not_a_person", "not_sent", "not_held", "cancelled"),
    *("no_sender", "no_recipient", "nobody_named"),
)
"""All reasons to leave a row out; docs/sources/dynamics.md describes each."""

SHAPES = shapes_of(
    COLUMNS,
    account=Becomes("firms", account, join_aliases, ("account",)),
    contact=Becomes("people", contact, join_aliases, ("contact",)),
    systemuser=Becomes("people", user),
    opportunity=Becomes("opportunities", opportunity, None, ("contact",)),
    email=Becomes("interactions", email, join_parties, ("activityparty", "contact", "systemuser")),
    appointment=Becomes(
        "interactions", appointment, join_parties, ("activityparty", "contact", "systemuser")
    ),
    phonecall=Becomes("interactions", phonecall, join_parties, ("activityparty", "contact", "systemuser")),
    activityparty=Becomes(None),
)
"""What becomes of each kind of file."""


class DynamicsImporter(CrmImporter[Survey]):
    """Reads accounts, contacts, users, opportunities, mails, appointments and phone calls."""

    name: ClassVar[str] = SOURCE
    files: ClassVar[str] = (
        "account, contact, systemuser, opportunity, email, appointment, phonecall, activityparty as .csv or .jsonl"
    )
    reads_objects: ClassVar[bool] = True

    def shape_of(self, base: str, columns: Sequence[str]) -> Shape[Survey] | None:
        """By the table in the file's name and its logical names."""
        kind = kind_of(base, columns)
        return None if kind is None else SHAPES[kind]

    def fits(self, shape: Shape[Survey], row: Row) -> bool:
        """A row with something like a GUID where there must be one."""
        return row[KEYS[shape.name]].count("-") == 4

    def source_of(self, name: str) -> str:
        """All exports are one source: GUIDs are unique in the world."""
        del name
        return SOURCE

    def squash(self, column: str) -> str:
        """The logical name."""
        return squash(column)

    def survey(
        self, source: str, tables: Mapping[str, Sequence[Table]], options: Options
    ) -> tuple[Survey, Mapping[str, Sequence[Rejected]]]:
        """Participants, merges, and whose ids are people."""
        del source
        return survey(tables, options.own_domains)

    def first(self, shape: Shape[Survey], world: Survey, *, retried: bool) -> First:
        """Our own firm with the first user."""
        if retried or shape.name != "systemuser":
            return First()
        return First(((world.own_firm, "own_firm", "own"),))
