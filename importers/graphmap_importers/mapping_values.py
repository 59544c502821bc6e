"""What a field holds: a column, a template of columns, or the first of several that is not empty."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from string import Formatter

Cells = Mapping[str, str]
"""Column name -> text of one row; joined columns carry their prefix."""

_BODIES = frozenset(
    {
        "body",
        "bodypreview",
        "callnotes",
        "comment",
        "comments",
        "content",
        "description",
        "emailbody",
        "headers",
        "hsbodypreview",
        "hsbodypreviewhtml",
        "hsemailheaders",
        "hsemailhtml",
        "hsemailsubject",
        "hsemailtext",
        "hsnotebody",
        "html",
        "htmlbody",
        "meetingnotes",
        "memo",
        "message",
        "messagebody",
        "messagetext",
        "note",
        "notebody",
        "notes",
        "plainbody",
        "publicdescription",
        "remarks",
        "subject",
        "text",
        "textbody",
    }
)


def looks_like_body(column: str) -> bool:
    """Whether a column's name says that it holds what people wrote; such columns are never read.

    >>> looks_like_body("Html Body"), looks_like_body("hs_note_body"), looks_like_body("RegionDescription")
    (True, True, False)
    """
    return re.sub(r"[^a-z0-9]", "", column.lower()) in _BODIES


@dataclass(frozen=True, slots=True)
class Template:
    """Text with columns in it, as pairs (text before, column)."""

    parts: tuple[tuple[str, str | None], ...]

    @classmethod
    def parse(cls, text: str) -> Template:
        """A column's name, or a template if there are braces in it; a ValueError where the braces do not fit.

        >>> Template.parse("{First} {Last}").fill({"First": "Ann", "Last": ""})
        'Ann'
        """
        if "{" not in text and "}" not in text:
            return cls((("", text),))
        parts: list[tuple[str, str | None]] = []
        for literal, name, form, conversion in Formatter().parse(text):
            if form or conversion or (name is not None and not name):
                raise ValueError("write {Column name}, with nothing else between the braces")
            parts.append((literal, name))
        return cls(tuple(parts))

    def columns(self) -> Iterator[str]:
        """The columns it needs."""
        return (name for _, name in self.parts if name is not None)

    def fill(self, cells: Cells) -> str:
        """The text for a row, without blanks at its ends; empty if all its columns are."""
        if len(self.parts) == 1:
            before, name = self.parts[0]
            value = "" if name is None else cells[name].strip()
            return before + value if value else ""
        values = [(before, "" if name is None else cells[name].strip()) for before, name in self.parts]
        return (
            "".join(before + value for before, value in values).strip() if any(v for _, v in values) else ""
        )


@dataclass(frozen=True, slots=True)
class Value:
    """The first of some templates that is not empty, then translated where ``values`` has it."""

    templates: tuple[Template, ...]
    translate: Mapping[str, str] | None = None

    def columns(self) -> Iterator[str]:
        """The columns it needs."""
        return (column for template in self.templates for column in template.columns())

    def fill(self, cells: Cells) -> str:
        """The text for a row."""
        for template in self.templates:
            if text := template.fill(cells):
                return text if self.translate is None else self.translate.get(text, text)
        return ""


@dataclass(frozen=True, slots=True)
class Reference:
    """The key of another record: its kind, its object, and the columns that hold the key."""

    kind: str
    object: str
    key: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Condition:
    """Which rows are read: those whose column has one of the values, or is (not) empty."""

    column: str
    values: frozenset[str] | None = None
    negate: bool = False

    def holds(self, cells: Cells) -> bool:
        """Whether a row is read."""
        text = cells[self.column].strip()
        return (text in self.values if self.values is not None else not text) is not self.negate


@dataclass(frozen=True, slots=True)
class Participant:
    """One who took part: a reference, addresses from a column, or always the same name."""

    role: str
    reference: Reference | None = None
    address: Value | None = None
    name: str | None = None

    def columns(self) -> Iterator[str]:
        """The columns it needs."""
        if self.reference is not None:
            yield from self.reference.key
        if self.address is not None:
            yield from self.address.columns()
