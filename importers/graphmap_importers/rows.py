"""A row with canonical column names to a record: the one place where the rules of the canonical files stand.

The canonical importer hands over its rows as they are; other importers first give their columns these names.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from typing import NoReturn, cast

from graphmap.records import (
    DIRECTIONS,
    FIRM_KINDS,
    INTERACTION_KINDS,
    Affiliation,
    Bounce,
    Direction,
    DisplayName,
    Firm,
    FirmKind,
    Interaction,
    InteractionKind,
    Notice,
    Opportunity,
    OpportunityRole,
    Origin,
    Person,
    Record,
    TeamRole,
)
from graphmap_importers.cells import (
    Problem,
    Reading,
    choice_cell,
    day_cell,
    flag_cell,
    list_cell,
    moment_cell,
    not_a_choice,
    number_cell,
    participants_cell,
    seniority_cell,
    texts_cell,
)
from graphmap_importers.quick import quick_interaction
from graphmap_importers.web_domains import web_domains

Row = Mapping[str, str]
"""Canonical column name -> text; a missing or blank cell is unknown."""

Pairs = tuple[tuple[str, str], ...]
"""Role and who, for everybody who took part."""

Built = tuple[Record, str, bool]
"""A record, its natural key within its file, and whether its time (if it has one) lacks an offset."""

_CLASSES: dict[str, type[Record]] = {
    "firms": Firm,
    "people": Person,
    "affiliations": Affiliation,
    "opportunities": Opportunity,
    "opportunity_roles": OpportunityRole,
    "account_team": TeamRole,
    "display_names": DisplayName,
    "bounces": Bounce,
    "interactions": Interaction,
}

COLUMNS: dict[str, tuple[str, ...]] = {
    name: tuple(field.name for field in fields(kind)) for name, kind in _CLASSES.items()
}
"""The columns of each canonical file: the fields of its record, under the same names."""

REQUIRED: dict[str, tuple[str, ...]] = {
    "firms": ("id", "name"),
    "people": ("id", "name"),
    "affiliations": ("person", "firm"),
    "opportunities": ("id",),
    "opportunity_roles": ("opportunity", "person"),
    "account_team": ("firm", "person"),
    "display_names": ("address", "name"),
    "bounces": ("address", "day"),
    "interactions": ("id", "at", "kind", "participants"),
}

_WEB = re.compile(r"[a-z]+://|www\.")
_STATUS = ("open", "won", "lost")
_KINDS: dict[str, InteractionKind] = {kind: cast("InteractionKind", kind) for kind in INTERACTION_KINDS}
_DIRECTIONS: dict[str, Direction] = {direction: cast("Direction", direction) for direction in DIRECTIONS}


def build(object_name: str, row: Row, reading: Reading) -> Built:
    """The record of a row; a ``Problem`` says why there is none."""
    return _BUILDERS[object_name](row, reading)


def no_offset(origin: Origin) -> Notice:
    """The remark about a time that was read as UTC because nothing says otherwise."""
    message = "the time has no offset and was read as UTC; --tz names the zone"
    return Notice(origin, "no_offset", message, "at")


def _need(row: Row, column: str) -> str:
    return row.get(column, "").strip() or _missing(column)


def _missing(column: str) -> NoReturn:
    raise Problem("missing", f"the row has no {column}", column=column, value="", remedy=f"fill in {column}")


def _text(row: Row, column: str) -> str | None:
    return row.get(column, "").strip() or None


def _cell(row: Row, column: str) -> str:
    return row.get(column, "").strip()


def _day(row: Row, column: str, reading: Reading) -> str | None:
    return day_cell(row.get(column, "").strip(), column, reading)


def _firm(row: Row, reading: Reading) -> Built:
    identifier = _need(row, "id")
    record = Firm(
        id=identifier,
        name=_need(row, "name"),
        kind=cast("FirmKind | None", choice_cell(_cell(row, "kind"), "kind", FIRM_KINDS, "kind")),
        domains=_domains(row),
        parent=_text(row, "parent"),
        owner=_text(row, "owner"),
        segment=_text(row, "segment"),
        industry=_text(row, "industry"),
        territory=_text(row, "territory"),
        team=_text(row, "team"),
        annual_value=number_cell(_cell(row, "annual_value"), "annual_value", reading),
        currency=_text(row, "currency"),
        renewal_on=_day(row, "renewal_on", reading),
        aliases=texts_cell(row.get("aliases", "")),
    )
    return record, identifier, False


def _domains(row: Row) -> tuple[str, ...]:
    """Domains as listed; of the address of a web page its domain."""
    listed = list_cell(row.get("domains", ""))
    plain = ((one,) if _WEB.match(one) is None else web_domains(one) for one in listed)
    return tuple(dict.fromkeys(domain for domains in plain for domain in domains))


def _person(row: Row, reading: Reading) -> Built:
    identifier = _need(row, "id")
    record = Person(
        id=identifier,
        name=_need(row, "name"),
        emails=list_cell(row.get("emails", "")),
        firm=_text(row, "firm"),
        title=_text(row, "title"),
        department=_text(row, "department"),
        seniority=seniority_cell(_cell(row, "seniority")),
        team=_text(row, "team"),
        manager=_text(row, "manager"),
        opt_out=flag_cell(_cell(row, "opt_out"), "opt_out"),
        valid_from=_day(row, "valid_from", reading),
        valid_to=_day(row, "valid_to", reading),
        aliases=texts_cell(row.get("aliases", "")),
        links=texts_cell(row.get("links", "")),
        phones=texts_cell(row.get("phones", "")),
        firm_name=_text(row, "firm_name"),
    )
    return record, identifier, False


def _affiliation(row: Row, reading: Reading) -> Built:
    record = Affiliation(
        person=_need(row, "person"),
        firm=_need(row, "firm"),
        title=_text(row, "title"),
        department=_text(row, "department"),
        seniority=seniority_cell(_cell(row, "seniority")),
        valid_from=_day(row, "valid_from", reading),
        valid_to=_day(row, "valid_to", reading),
    )
    # Without the end and the seniority: filling them in later is an update of the same row, not a second one.
    key = natural_key(record.person, record.firm, record.valid_from, record.title, record.department)
    return record, key, False


def _opportunity(row: Row, reading: Reading) -> Built:
    identifier = _need(row, "id")
    status = choice_cell(_cell(row, "status"), "status", _STATUS, "status")
    record = Opportunity(
        id=identifier,
        name=_text(row, "name"),
        firm=_text(row, "firm"),
        owner=_text(row, "owner"),
        amount=number_cell(_cell(row, "amount"), "amount", reading),
        currency=_text(row, "currency"),
        stage=_text(row, "stage"),
        status=status,  # pyright: ignore[reportArgumentType] - choice_cell lets only these through
        opened_on=_day(row, "opened_on", reading),
        close_on=_day(row, "close_on", reading),
    )
    return record, identifier, False


def _opportunity_role(row: Row, _reading: Reading) -> Built:
    record = OpportunityRole(_need(row, "opportunity"), _need(row, "person"), _text(row, "role"))
    return record, natural_key(record.opportunity, record.person, record.role), False


def _team_role(row: Row, _reading: Reading) -> Built:
    record = TeamRole(_need(row, "firm"), _need(row, "person"), _text(row, "role"))
    return record, natural_key(record.firm, record.person, record.role), False


def _display_name(row: Row, _reading: Reading) -> Built:
    record = DisplayName(_need(row, "address").lower(), _need(row, "name"))
    return record, natural_key(record.address, record.name), False


def _bounce(row: Row, reading: Reading) -> Built:
    day = day_cell(_need(row, "day"), "day", reading) or _missing("day")
    record = Bounce(_need(row, "address").lower(), day)
    return record, natural_key(record.address, record.day), False


def interaction(cells: Sequence[str], reading: Reading) -> Built:
    """The interaction of the six cells in the order of its columns (the long files: no row as a mapping)."""
    identifier, at, kind, participants, direction, thread = cells
    identifier = identifier.strip() or _missing("id")
    pairs: Pairs | Problem
    try:
        pairs = participants_cell(participants)
    except Problem as problem:
        pairs = problem
    return interaction_of(identifier, (at, kind, direction, thread), pairs, reading)


def interaction_of(
    identifier: str,
    cells: tuple[str, str, str, str],
    participants: Pairs | Problem,
    reading: Reading,
) -> Built:
    """The interaction of time, kind, direction and thread as text; of several problems that of the first column is told."""
    at_text, kind_text, direction_text, thread = cells
    at, has_offset = moment_cell(at_text.strip() or _missing("at"), "at", reading)
    kind = _KINDS.get(kind_text) or _KINDS.get(kind_text.strip().lower())
    if kind is None:
        text = kind_text.strip() or _missing("kind")
        raise not_a_choice(text, "kind", INTERACTION_KINDS, "kind")
    direction: Direction | None = None
    if direction_text:
        direction = _DIRECTIONS.get(direction_text) or _DIRECTIONS.get(direction_text.strip().lower())
        if direction is None and (text := direction_text.strip()):
            raise not_a_choice(text, "direction", DIRECTIONS, "direction")
    if isinstance(participants, Problem):
        raise participants
    record = quick_interaction(
        identifier, at, kind, participants, direction, (thread.strip() or None) if thread else None
    )
    return record, identifier, not has_offset


def _interaction(row: Row, reading: Reading) -> Built:
    return interaction([row.get(column, "") for column in COLUMNS["interactions"]], reading)


def natural_key(*parts: str | None) -> str:
    r"""The parts of a key as one text in which they stay apart; a single part as it is.

    >>> natural_key("a|b"), natural_key("a|b", None, "c")
    ('a|b', 'a\\|b||c')
    """
    if len(parts) == 1:
        return parts[0] or ""
    return "|".join((part or "").replace("\\", "\\\\").replace("|", "\\|") for part in parts)


_BUILDERS: dict[str, Callable[[Row, Reading], Built]] = {
    "firms": _firm,
    "people": _person,
    "affiliations": _affiliation,
    "opportunities": _opportunity,
    "opportunity_roles": _opportunity_role,
    "account_team": _team_role,
    "display_names": _display_name,
    "bounces": _bounce,
    "interactions": _interaction,
}
