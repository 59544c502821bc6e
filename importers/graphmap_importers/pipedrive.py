"""Pipedrive: its exports and the objects of its interface (organizations, people, users, deals, activities)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from graphmap.ingest.protocol import Options
from graphmap.records import Rejected
from graphmap_importers.cells import Reading
from graphmap_importers.crm_export import Becomes, CrmImporter, First, Shape, shapes_of
from graphmap_importers.crm_rows import Row
from graphmap_importers.crm_tables import Table
from graphmap_importers.pipedrive_records import (
    SOURCE,
    Survey,
    activity,
    deal,
    join_names,
    organization,
    person,
    survey,
    user,
)
from graphmap_importers.pipedrive_shapes import COLUMNS, kind_of, squash
from graphmap_importers.times import zone

REASONS: tuple[str, ...] = ("deleted", "other_activity", "not_done", "nobody_named", "no_sender")
"""All reasons to leave a row out; docs/sources/pipedrive.md describes each."""

_NAMED = ("user", "organization", "person", "deal")

SHAPES = shapes_of(
    COLUMNS,
    organization=Becomes("firms", organization, join_names, ("user",)),
    person=Becomes("people", person, join_names, ("organization",)),
    user=Becomes("people", user),
    deal=Becomes("opportunities", deal, join_names, _NAMED),
    activity=Becomes("interactions", activity, join_names, _NAMED),
)
"""What becomes of each kind of file."""


class PipedriveImporter(CrmImporter[Survey]):
    """Reads organizations, people, users, deals and activities that are done."""

    name: ClassVar[str] = SOURCE
    files: ClassVar[str] = "organizations, people, users, deals, activities as .csv or .jsonl"
    reads_objects: ClassVar[bool] = True

    def shape_of(self, base: str, columns: Sequence[str]) -> Shape[Survey] | None:
        """By the labels of its columns, or by its name."""
        kind = kind_of(base, columns)
        return None if kind is None else SHAPES[kind]

    def fits(self, shape: Shape[Survey], row: Row) -> bool:
        """A row with a number where there must be one."""
        del shape
        return row["id"].removesuffix(".0").isdecimal()

    def source_of(self, name: str) -> str:
        """All exports are of one company."""
        del name
        return SOURCE

    def squash(self, column: str) -> str:
        """The plain name."""
        return squash(column)

    def survey(
        self, source: str, tables: Mapping[str, Sequence[Table]], options: Options
    ) -> tuple[Survey, Mapping[str, Sequence[Rejected]]]:
        """Names that stand for numbers."""
        del source
        reading = Reading(zone(options.tz))
        return survey(tables, options.own_domains, reading, zone_given=options.tz is not None), {}

    def first(self, shape: Shape[Survey], world: Survey, *, retried: bool) -> First:
        """Our own firm with the first user."""
        if retried or shape.name != "user":
            return First()
        return First(((world.own_firm, "own_firm", "own"),))
