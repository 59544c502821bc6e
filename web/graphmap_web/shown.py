"""How values are written on pages: percentages, strengths, dates, money."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from graphmap.services.values import AccountLine
from graphmap_web import words

_SYMBOLS = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥"}
_KINDS = {"email": "Email", "call": "Call", "meeting": "Meeting", "order": "Order", "message": "Message"}
_DIRECTIONS = {"in": "from them", "out": "from us", "mutual": "both ways"}


def percent(value: float | None) -> str:
    """A share of 0-100 without decimals.

    >>> percent(68.21), percent(None), percent(0)
    ('68 %', '–', '0 %')
    """
    # + 0.0 turns the -0 of a rounded difference into 0.
    return "–" if value is None else f"{round(value) + 0.0:.0f} %"


def points(value: float | None) -> str:
    """A term of the dependence with one decimal, so that the terms visibly add up."""
    return "–" if value is None else f"{value:.1f}"


def change(value: float) -> str:
    """Points gained or lost, with a true minus sign.

    >>> change(-0.7), change(12.4), change(0)
    ('−1 point', '+12 points', '0 points')
    """
    whole = round(value)
    sign = "−" if whole < 0 else "+" if whole > 0 else ""
    return f"{sign}{abs(whole)} point{'' if abs(whole) == 1 else 's'}"


def strength(value: float | None) -> str:
    """A strength in fresh two-way mails, one decimal.

    >>> strength(5.75), strength(0.04)
    ('5.8', '<0.1')
    """
    if value is None:
        return "–"
    return "<0.1" if 0 < value < 0.05 else f"{value:.1f}"


def number(value: float | None) -> str:
    """A count or an effective number.

    >>> number(1234), number(1.66), number(None)
    ('1,234', '1.7', '–')
    """
    if value is None:
        return "–"
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"


def money(value: float | None, currency: str | None) -> str:
    """An amount, shortened; the CSV has it in full.

    >>> money(1_400_000, "EUR"), money(412_300, "GBP"), money(None, "EUR")
    ('€1.4m', '£412k', '–')
    """
    if value is None:
        return "–"
    code = currency or ""
    sign = _SYMBOLS.get(code, code + "\u00a0" if code else "")
    size = abs(value)
    minus = "-" if value < 0 else ""
    if size >= 999_500_000:
        return f"{minus}{sign}{size / 1e9:.1f}bn"
    if size >= 999_500:
        return f"{minus}{sign}{size / 1e6:.1f}m"
    if size >= 1_000:
        return f"{minus}{sign}{size / 1e3:.0f}k"
    return f"{minus}{sign}{size:.0f}"


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def day(text: str | None) -> str:
    """A date.

    >>> day("2026-11-20T08:30:00Z"), day("2027-03-31"), day(None), day("soon")
    ('20 Nov 2026', '31 Mar 2027', '–', 'soon')
    """
    if not text:
        return "–"
    found = _moment(text)
    return f"{found.day} {found:%b %Y}" if found else text


def clock(text: str | None) -> str:
    """A date with the time, UTC.

    >>> clock("2026-11-20T08:30:00Z")
    '20 Nov 2026, 08:30 UTC'
    """
    if not text:
        return "–"
    found = _moment(text)
    return f"{found.day} {found:%b %Y, %H:%M} UTC" if found else text


def ago(text: str | None, now: str) -> str:
    """Days between a touch and the day the data reach to.

    >>> ago("2026-11-10T08:00:00Z", "2026-11-20T08:00:00Z"), ago(None, "2026-11-20T08:00:00Z")
    ('10 days ago', '–')
    """
    then, at = (_moment(text) if text else None), _moment(now)
    if then is None or at is None:
        return day(text)
    days = (at - then).days
    return "the same day" if days == 0 else f"{days:,} day{'s' if days != 1 else ''} ago"


def names(people: tuple[Any, ...]) -> str:
    """Names joined by commas."""
    return ", ".join(str(person.name) for person in people)


def headline(line: AccountLine) -> str:
    """The badge beside an account's name."""
    kind = words.mark(line)
    if kind in {"unknown", "nodata"}:
        return words.MARKS[kind]
    return f"{words.mark_words(line)} · dependence {percent(line.dependence)}"


FILTERS: Mapping[str, Callable[..., Any]] = {
    "percent": percent,
    "points": points,
    "change": change,
    "strength": strength,
    "num": number,
    "money": money,
    "day": day,
    "clock": clock,
    "ago": ago,
    "names": names,
    "mark": words.mark,
    "mark_words": words.mark_words,
    "headline": headline,
    "band": lambda key: words.label(words.BANDS, key),
    "status": lambda key: words.label(words.STATUSES, key),
    "cell": lambda key: words.label(words.CELLS, key),
    "rule": lambda key: words.label(words.RULES, key),
    "severity": lambda key: words.label(words.SEVERITIES, key),
    "kind": lambda key: words.label(_KINDS, key),
    "direction": lambda key: _DIRECTIONS.get(key or "", ""),
}

GLOBALS: Mapping[str, Any] = {
    "FIRM": words.FIRM,
    "MARKS": words.MARKS,
    "MARK_MEANING": words.MARK_MEANING,
    "BANDS": words.BANDS,
    "STATUSES": words.STATUSES,
    "CELLS": words.CELLS,
}
