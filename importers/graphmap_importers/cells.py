"""One cell to one value: numbers, days, moments, lists, choices. What cannot be read is a ``Problem``."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import UTC, tzinfo
from functools import lru_cache

from graphmap.records import ROLES, Origin, Rejected
from graphmap_importers.times import NotADateError, day, moment, moment_as

VALUE_LIMIT = 200
"""A value is shown up to this length."""

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_YES, _NO = {"true", "yes", "1", "y"}, {"false", "no", "0", "n"}
_ROLES = frozenset(ROLES)


class Problem(Exception):  # noqa: N818 - not an error of the program: the reason why a record is set aside
    """Why a record is set aside: code, sentence, and the cell and remedy where there is one."""

    def __init__(
        self,
        code: str,
        message: str,
        *,
        column: str | None = None,
        value: str | None = None,
        remedy: str | None = None,
    ) -> None:
        super().__init__(message)
        self.code, self.message, self.column, self.remedy = code, message, column, remedy
        self.value = None if value is None else value[:VALUE_LIMIT]

    def rejected(self, origin: Origin, raw: str | None) -> Rejected:
        """The record that is set aside, at its place."""
        return Rejected(origin, self.code, self.message, self.column, self.value, self.remedy, raw)


@dataclass(frozen=True, slots=True)
class Reading:
    """How cells are written: the zone of times without offset, the form of dates, the decimal sign."""

    zone: tzinfo = UTC
    date_format: tuple[str, ...] = ()
    decimal: str = "."

    @property
    def expected(self) -> str:
        """The form of a date in words."""
        forms = (_ISO if form == "iso" else _SERIAL if form == "excel" else form for form in self.date_format)
        return " or ".join(forms) or _ISO


_ISO = "2026-01-31 (a time as 2026-01-31T09:30:00+01:00)"
_SERIAL = "46053.5 (days as a spreadsheet counts them)"
PLAIN = Reading()


def moment_cell(text: str, column: str, reading: Reading) -> tuple[int, bool]:
    """Epoch milliseconds, and whether the cell names its offset."""
    try:
        if not reading.date_format:
            return moment(text, reading.zone)
        return moment_as(text, reading.date_format, reading.zone)
    except NotADateError:
        raise _no_date(text, column, reading) from None


def day_cell(text: str, column: str, reading: Reading) -> str | None:
    """The day ``YYYY-MM-DD``; None for an empty cell."""
    if not text:
        return None
    try:
        return day(text, reading.date_format)
    except NotADateError:
        raise _no_date(text, column, reading) from None


def number_cell(text: str, column: str, reading: Reading = PLAIN) -> float | None:
    """A number; None for an empty cell. With a decimal comma, dots and blanks between digits only group.

    >>> number_cell("1.5e3", "amount"), number_cell("", "amount")
    (1500.0, None)
    >>> number_cell("1.234,50", "amount", Reading(decimal=","))
    1234.5
    """
    if not text:
        return None
    plain = text
    if reading.decimal == ",":
        plain = re.sub(r"(?<=\d)[. '\u00a0\u202f](?=\d{3}(?!\d))", "", text)
        plain = "" if "." in plain else plain.replace(",", ".")
    if _NUMBER.fullmatch(plain) and plain.isascii() and math.isfinite(value := float(plain)):
        return value
    example = "1234.50" if reading.decimal == "." else "1234,50"
    raise Problem(
        "number",
        f'"{text[:VALUE_LIMIT]}" is not a number in the form {example}',
        column=column,
        value=text,
        remedy="write the number alone, without currency and without signs between the thousands",
    )


def seniority_cell(text: str, column: str = "seniority") -> int | None:
    """0 user, 1 manager, 2 director, 3 executive; None for an empty cell."""
    if not text:
        return None
    if text in {"0", "1", "2", "3"}:
        return int(text)
    message = f'"{text[:VALUE_LIMIT]}" is not a seniority'
    remedy = "use 0 user, 1 manager, 2 director, 3 executive, or leave it empty"
    raise Problem("seniority", message, column=column, value=text, remedy=remedy)


def flag_cell(text: str, column: str) -> bool | None:
    """Yes or no; None for an empty cell."""
    low = text.lower()
    if not low:
        return None
    if low in _YES or low in _NO:
        return low in _YES
    message = f'"{text[:VALUE_LIMIT]}" is neither true nor false'
    raise Problem(
        "boolean", message, column=column, value=text, remedy="write true or false, or leave it empty"
    )


def choice_cell(text: str, column: str, choices: tuple[str, ...], code: str) -> str | None:
    """One of the choices, in whatever case it is written; None for an empty cell."""
    low = text.lower()
    if not low or low in choices:
        return low or None
    raise not_a_choice(text, column, choices, code)


def not_a_choice(text: str, column: str, choices: tuple[str, ...], code: str) -> Problem:
    """A cell that is none of the choices."""
    message = f'"{text[:VALUE_LIMIT]}" is no {column}'
    return Problem(code, message, column=column, value=text, remedy=f"use one of: {', '.join(choices)}")


def list_cell(text: str) -> tuple[str, ...]:
    """Items between semicolons in lower case, each once, in their order.

    >>> list_cell("A@b.example; c@d.example;;a@b.example")
    ('a@b.example', 'c@d.example')
    """
    if not text:
        return ()
    return tuple(dict.fromkeys(item for part in text.lower().split(";") if (item := part.strip())))


def texts_cell(text: str) -> tuple[str, ...]:
    """Items between semicolons as they are written, each once, in their order.

    >>> texts_cell("003A;; 003B;003A")
    ('003A', '003B')
    """
    if not text:
        return ()
    return tuple(dict.fromkeys(item for part in text.split(";") if (item := part.strip())))


def participants_cell(text: str) -> tuple[tuple[str, str], ...]:
    """Pairs (role, who) in file order; who may itself contain a colon.

    >>> participants_cell("from:ann@acme.example; channel:web:shop")
    (('from', 'ann@acme.example'), ('channel', 'web:shop'))
    """
    pairs = tuple(filter(None, map(_participant, text.split(";"))))
    if not pairs:
        remedy = "write role:who joined by ;, for example from:ann@acme.example;to:r7"
        raise Problem("participants", "nobody took part", column="participants", value=text, remedy=remedy)
    return pairs


# The same few people stand in most rows; remembering them halves the time of a row.
@lru_cache(maxsize=1 << 15)
def _participant(item: str) -> tuple[str, str] | None:
    role, _, who = item.partition(":")
    known, who, text = role.strip().lower(), who.strip(), item.strip()
    if not text:
        return None
    if known not in _ROLES:
        message = f'"{text[:VALUE_LIMIT]}" does not begin with a known role'
        remedy = f"write role:who with one of: {', '.join(ROLES)}"
        raise Problem("role", message, column="participants", value=text, remedy=remedy)
    if not who:
        remedy = "write role:who, for example from:ann@acme.example"
        message = f'the role "{known}" names nobody'
        raise Problem("participants", message, column="participants", value=text, remedy=remedy)
    return known, who


def _no_date(text: str, column: str, reading: Reading) -> Problem:
    return Problem(
        "date",
        f'"{text[:VALUE_LIMIT]}" is not a date in the form {reading.expected}',
        column=column,
        value=text,
        remedy="write a day that exists in this form",
    )
