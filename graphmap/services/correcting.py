"""Corrections by humans: decisions with author and time that win over every import."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping

from graphmap.errors import ConfigError, NotFoundError
from graphmap.store import people, state
from graphmap.store.decisions import Decision, decide
from graphmap.store.graphstore import GraphStore

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
