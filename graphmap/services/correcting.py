"""Corrections by humans: decisions with author and time that win over every import."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping

from graphmap.errors import ConfigError, NotFoundError
from graphmap.store import people, state
from graphmap.store.decisions import Decision, decide
from graphmap.store.graphstore import GraphStore

FIRM = "firm:"
Settle = Callable[[GraphStore], object]


def correct(
    store: GraphStore,
    who: str,
    fields: Mapping[str, str],
    *,
    author: str,
    reason: str,
    now: Callable[[], int],
    settle: Settle,
) -> list[Decision]:
    """Stores corrections about one person (left, firm, title, seniority) and resolves the graph anew.

    Raises:
        NotFoundError: nobody, or several people, are known by ``who``; or there is no such firm.
        ConfigError: a date that is none.
    """
    found = people.find_people(store, who)
    if len(found) != 1:
        listed = ", ".join(f"{name} ({identifier})" for identifier, name in found)
        message = (
            f'there is no person "{who}"' if not found else f'"{who}" means {len(found)} people: {listed}'
        )
        raise NotFoundError(message, remedy="give the id, an address or the exact name")
    identity = people.main_key(store, found[0][0])
    made: list[Decision] = []
    with state.writing(store, "graphmap person set", now):
        for offset, (field, value) in enumerate(fields.items()):
            # Decisions of one call are told apart and ordered by their time.
            decision = Decision(
                "set", identity, field, _checked(store, field, value), author, now() + offset, reason
            )
            decide(store, decision)
            made.append(decision)
        settle(store)
    return made


def correct_account(
    store: GraphStore,
    who: str,
    fields: Mapping[str, str],
    *,
    author: str,
    reason: str,
    now: Callable[[], int],
    settle: Settle,
) -> list[Decision]:
    """Stores corrections about one firm and resolves the graph anew; a domain without a firm becomes one by its kind.

    Raises:
        NotFoundError: no firm, or several, are known by ``who``; or the owner or parent is not known.
        ConfigError: a value that cannot be.
    """
    found = people.find_firms(store, who, every_kind=True)
    domain = who.strip().lower()
    if not found and "kind" in fields and "." in domain and "@" not in domain and " " not in domain:
        found = [(domain, domain)]
    if len(found) != 1:
        listed = ", ".join(f"{name} ({identifier})" for identifier, name in found)
        message = f'there is no firm "{who}"' if not found else f'"{who}" means {len(found)} firms: {listed}'
        raise NotFoundError(
            message, remedy="give the id, a domain or the exact name; with --kind a domain becomes a firm"
        )
    checked = {name: _firm_value(store, name, value) for name, value in fields.items()}
    made: list[Decision] = []
    with state.writing(store, "graphmap decide account", now):
        for offset, (field, value) in enumerate(checked.items()):
            decision = Decision("set", FIRM + found[0][0], field, value, author, now() + offset, reason)
            decide(store, decision)
            made.append(decision)
        settle(store)
    return made


def _firm_value(store: GraphStore, field: str, value: str) -> str:
    if field == "owner":
        found = people.find_people(store, value)
        if len(found) != 1:
            listed = ", ".join(f"{name} ({identifier})" for identifier, name in found) or "none"
            raise NotFoundError(
                f'"{value}" is not one person; found: {listed}', remedy="give the id or an address"
            )
        return people.main_key(store, found[0][0])
    if field == "parent":
        return _checked(store, "firm", value)
    if field == "renewal_on":
        try:
            return datetime.date.fromisoformat(value).isoformat()
        except ValueError:
            raise ConfigError(
                f"--renewal-on {value!r} is not a date", remedy="write it like 2027-01-31"
            ) from None
    return value


def _checked(store: GraphStore, field: str, value: str) -> str:
    if field == "left":
        try:
            return datetime.date.fromisoformat(value).isoformat()
        except ValueError:
            raise ConfigError(f"--left {value!r} is not a date", remedy="write it like 2026-06-30") from None
    if field == "firm":
        found = people.find_firms(store, value, every_kind=True)
        if len(found) != 1:
            listed = ", ".join(f"{name} ({identifier})" for identifier, name in found) or "none"
            raise NotFoundError(
                f'"{value}" is not one firm; found: {listed}', remedy="give the id of the firm"
            )
        return found[0][0]
    return value
