"""One ``[[firms]]``, ``[[people]]`` ... table of a mapping file, checked field by field."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from graphmap.records import ROLES
from graphmap_importers.date_order import AUTO
from graphmap_importers.file_names import table_stem
from graphmap_importers.mapping_model import Field, Form, Join, Table
from graphmap_importers.mapping_section import Section
from graphmap_importers.mapping_values import (
    Condition,
    Participant,
    Reference,
    Template,
    Value,
    looks_like_body,
)
from graphmap_importers.rows import COLUMNS, REQUIRED

Objects = Mapping[str, tuple[str, tuple[str, ...]]]
"""Object name -> kind and key columns."""

OWN_FIRM = "own_firm"
"""The object under which our own firm is told."""

REFERENCES: dict[tuple[str, str], str] = {
    ("firms", "parent"): "firms",
    ("firms", "owner"): "people",
    ("people", "firm"): "firms",
    ("people", "manager"): "people",
    ("affiliations", "person"): "people",
    ("affiliations", "firm"): "firms",
    ("opportunities", "firm"): "firms",
    ("opportunities", "owner"): "people",
    ("opportunity_roles", "opportunity"): "opportunities",
    ("opportunity_roles", "person"): "people",
    ("account_team", "firm"): "firms",
    ("account_team", "person"): "people",
}
"""Fields that name another record, and the kind it has."""

_MADE = {"id", "participants"}  # the id comes from the key, participants have their own list


def parse_table(kind: str, section: Section, form: Form, objects: Objects, own_firm: str | None) -> Table:
    """One table of the mapping; a ConfigError names the key that is wrong."""
    file = section.need("file")
    key = section.texts("key") or section.fail(
        "key", "this is missing", "name the column (or columns) of the id"
    )
    translate = _translations(section)
    fields = _columns(kind, section, objects, translate) | _constants(kind, section, own_firm)
    table = Table(
        kind=kind,
        object=section.text("object") or table_stem(file),
        file=file,
        key=key,
        fields=fields,
        participants=tuple(_participant(one, objects) for one in section.sections("participants")),
        where=_where(section),
        joins=tuple(_join(one) for one in section.sections("joins")),
        distinct=section.flag("distinct"),
        form=parse_form(section, form),
    )
    section.finish()
    _check(table, section, translate)
    return table


def parse_form(section: Section, default: Form) -> Form:
    """How cells are written, as far as a table says so; the rest is as before."""
    delimiter = section.sign("delimiter") or default.delimiter
    if delimiter is not None and len(delimiter) != 1:
        section.fail("delimiter", f'"{delimiter}" is not one character', r'use for example ";" or "\t"')
    forms = tuple(section.checked("date_format", one, _date_form) for one in section.texts("date_format"))
    return Form(
        delimiter,
        section.text("encoding") or default.encoding,
        forms or default.date_format,
        section.one_of("decimal", (".", ",")) or default.decimal,
        section.text("tz") or default.tz,
    )


def _date_form(text: str) -> str:
    if text in {"iso", "excel", AUTO}:
        return text
    if "%" not in text:
        raise ValueError('it is "iso", "excel", "auto" or a form such as "%d.%m.%Y"')
    datetime.strptime(datetime(2026, 1, 31, tzinfo=UTC).strftime(text), text)  # noqa: DTZ007 - only a trial
    return text


def _check(table: Table, section: Section, translate: Mapping[str, Mapping[str, str]]) -> None:
    if table.kind == "interactions" and not table.participants:
        section.fail(
            "participants",
            "this is missing",
            'write participants = [{ role = "owner", ref = "people", ... }]',
        )
    if table.kind != "interactions" and table.participants:
        section.fail("participants", "only interactions have participants", "remove it")
    for field in REQUIRED[table.kind]:
        if field not in table.fields and field not in _MADE:
            section.fail(f"columns.{field}", "this is missing", f'write columns.{field} = "Column"')
    for field in translate:
        if not isinstance(table.fields.get(field), Value):
            section.fail(
                f"values.{field}", "there is no such column to translate", f"map columns.{field} first"
            )
    right = [column for join in table.joins for _, column in join.on]
    prefixes = sorted((join.prefix for join in table.joins), key=len, reverse=True)
    for column in [*table.columns(), *right]:
        bare = next((column.removeprefix(prefix) for prefix in prefixes if column.startswith(prefix)), column)
        if looks_like_body(bare):
            message = f'the column "{column}" looks like text that people wrote; graphmap keeps only metadata'
            section.fail(None, message, "remove it; who, when and of what kind is enough")


def _fields(kind: str) -> list[str]:
    return [name for name in COLUMNS[kind] if name not in _MADE]


def _translations(section: Section) -> dict[str, dict[str, str]]:
    values = section.section("values")
    found: dict[str, dict[str, str]] = {}
    for field in values.names() if values is not None else ():
        if values is not None and (inner := values.section(field)) is not None:
            found[field] = {text: inner.need(text) for text in inner.names()}
    return found


def _columns(
    kind: str, section: Section, objects: Objects, translate: Mapping[str, Mapping[str, str]]
) -> dict[str, Field]:
    columns = section.section("columns")
    if columns is None:
        return {}
    columns.finish(_fields(kind))
    found: dict[str, Field] = {}
    for field in columns.names():
        target = REFERENCES.get((kind, field))
        if target is not None:
            found[field] = _reference(columns, field, target, objects)
        else:
            found[field] = _value(columns, field, translate.get(field))
    return found


def _constants(kind: str, section: Section, own_firm: str | None) -> dict[str, Field]:
    constants = section.section("constants")
    if constants is None:
        return {}
    constants.finish(_fields(kind))
    found: dict[str, Field] = {}
    for field in constants.names():
        text = constants.need(field)
        if REFERENCES.get((kind, field)) == "firms":
            if text != "own" or own_firm is None:
                remedy = 'write "own" and describe own_firm at the top of the mapping'
                constants.fail(field, f'"{text}" is no firm that is known here', remedy)
            text = own_firm
        found[field] = text
    return found


def _value(section: Section, key: str, translate: Mapping[str, str] | None = None) -> Value:
    templates = tuple(section.checked(key, text, Template.parse) for text in section.texts(key))
    return Value(templates, translate)


def _reference(columns: Section, field: str, kind: str, objects: Objects) -> Reference:
    if not columns.is_table(field):
        return _refer(columns, field, kind, None, columns.texts(field), objects)
    inner = columns.section(field)
    if inner is None:
        columns.fail(field, "this is missing", "name a column")
    name, key = inner.text("object"), inner.texts("column")
    inner.finish()
    return _refer(inner, "column", kind, name, key, objects)


def _refer(
    section: Section, key: str, kind: str, name: str | None, columns: tuple[str, ...], objects: Objects
) -> Reference:
    names = [known for known, (its_kind, _) in objects.items() if its_kind == kind]
    if name is None and len(names) == 1:
        name = names[0]
    if name is None or name not in names:
        told = "no object is named" if name is None else f'there is no object "{name}" of {kind}'
        section.fail(
            "object", told, f"say which of {kind} it is, one of: {', '.join(names) or 'none is mapped'}"
        )
    width = len(objects[name][1])
    if len(columns) != width:
        section.fail(
            key, f"the key of {name} has {width} columns, this has {len(columns)}", "name as many columns"
        )
    return Reference(kind, name, columns)


def _participant(section: Section, objects: Objects) -> Participant:
    role = section.one_of("role", ROLES) or section.need("role")
    kind = section.one_of("ref", ("people", "firms"))
    name, column = section.text("object"), section.texts("column")
    address = _value(section, "address") if section.texts("address") else None
    always = section.text("name")
    section.finish()
    if [kind is not None, address is not None, always is not None].count(True) != 1:
        remedy = 'write ref = "people" with column, or address = "Column", or name = "..."'
        section.fail(None, "a participant needs exactly one of ref, address and name", remedy)
    if role == "account" and kind != "firms":
        section.fail("role", "the role account takes a firm", 'write ref = "firms" with its column')
    if always is not None and ";" in always:
        section.fail("name", "a name cannot contain ;", "leave it out")
    reference = None if kind is None else _refer(section, "column", kind, name, column, objects)
    return Participant(role, reference, address, always)


def _where(section: Section) -> tuple[Condition, ...]:
    where = section.section("where")
    if where is None:
        return ()
    found: list[Condition] = []
    for column in where.names():
        if not where.is_table(column):
            found.append(Condition(column, frozenset(where.texts(column))))
            continue
        inner = where.section(column)
        if inner is None:
            continue
        is_empty, not_empty, unlike = inner.flag("empty"), inner.flag("not_empty"), inner.texts("not")
        inner.finish()
        if [is_empty, not_empty, bool(unlike)].count(True) != 1:
            remedy = 'write { not_empty = true }, { empty = true } or { not = ["...", "..."] }'
            inner.fail(None, "a condition needs exactly one of empty, not_empty and not", remedy)
        found.append(
            Condition(column, frozenset(unlike), True) if unlike else Condition(column, None, not_empty)
        )
    return tuple(found)


def _join(section: Section) -> Join:
    file = section.need("file")
    on = section.section("on")
    pairs = () if on is None else tuple((left, on.need(left)) for left in on.names())
    if not pairs:
        section.fail("on", "this is missing", 'write on = { "Column here" = "Column there" }')
    prefix = section.text("prefix") or table_stem(file) + "."
    section.finish()
    return Join(file, pairs, prefix)
