"""HubSpot: its CSV exports, objects of its interface as JSON lines, and tables of a warehouse."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from graphmap.ingest.protocol import Options
from graphmap.records import Rejected
from graphmap_importers.cells import Reading
from graphmap_importers.crm_export import Becomes, CrmImporter, First, Shape, shapes_of
from graphmap_importers.crm_rows import Row
from graphmap_importers.crm_tables import Table
from graphmap_importers.hubspot_records import (
    call,
    company,
    contact,
    deal,
    deal_contact,
    email,
    join_contact,
    join_deal,
    join_engagement,
    join_owner,
    meeting,
    owner,
)
from graphmap_importers.hubspot_shapes import COLUMNS, KEYS, kind_of, squash
from graphmap_importers.hubspot_survey import SOURCE, Survey, survey
from graphmap_importers.times import zone

REASONS: tuple[str, ...] = (
    *("deleted", "bounce", "not_sent", "draft", "no_sender", "no_recipient"),
    *("no_show", "cancelled", "rescheduled", "not_connected", "nobody_named"),
)
"""All reasons to leave a row out; docs/sources/hubspot.md describes each."""

_ENGAGED = ("owner", "company", "engagement_contact", "engagement_company")


SHAPES: dict[str, Shape[Survey]] = shapes_of(
    COLUMNS,
    company=Becomes("firms", company, join_owner, ("owner",)),
    contact=Becomes("people", contact, join_contact, ("company",)),
    owner=Becomes("people", owner),
    deal=Becomes("opportunities", deal, join_deal, ("owner", "deal_company")),
    deal_contact=Becomes("opportunity_roles", deal_contact),
    email=Becomes("interactions", email, join_engagement, _ENGAGED),
    meeting=Becomes("interactions", meeting, join_engagement, _ENGAGED),
    call=Becomes("interactions", call, join_engagement, _ENGAGED),
    engagement_contact=Becomes(None),
    engagement_company=Becomes(None),
    deal_company=Becomes(None),
)
"""What becomes of each kind of file."""


class HubSpotImporter(CrmImporter[Survey]):
    """Reads companies, contacts, owners, deals, mails, meetings and calls."""

    name: ClassVar[str] = SOURCE
    files: ClassVar[str] = "companies, contacts, owners, deals, emails, meetings, calls as .csv or .jsonl"
    reads_objects: ClassVar[bool] = True

    def shape_of(self, base: str, columns: Sequence[str]) -> Shape[Survey] | None:
        """By a word in the file's name and its columns."""
        kind = kind_of(base, columns)
        return None if kind is None else SHAPES[kind]

    def fits(self, shape: Shape[Survey], row: Row) -> bool:
        """A row with a number where there must be one."""
        return bool(row.first("id", KEYS.get(shape.name, "id"), COLUMNS[shape.name][0]))

    def source_of(self, name: str) -> str:
        """All exports are of one portal."""
        del name
        return SOURCE

    def squash(self, column: str) -> str:
        """The internal name."""
        return squash(column)

    def survey(
        self, source: str, tables: Mapping[str, Sequence[Table]], options: Options
    ) -> tuple[Survey, Mapping[str, Sequence[Rejected]]]:
        """Owners, companies, merges and associations."""
        del source
        return survey(
            tables, options.own_domains, Reading(zone(options.tz)), zone_given=options.tz is not None
        )

    def first(self, shape: Shape[Survey], world: Survey, *, retried: bool) -> First:
        """Our own firm with the first owner."""
        if retried or shape.name != "owner":
            return First()
        return First(((world.own_firm, "own_firm", "own"),))
