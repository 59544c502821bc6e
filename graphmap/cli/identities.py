"""``graphmap identity``: who is who, decided by people."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from graphmap.cli.context import as_json, common, now, opened, print_json, print_table, say, settings_of

if TYPE_CHECKING:
    from graphmap.services.identities import Deciding
    from graphmap.store.graphstore import GraphStore


@click.group()
def identity() -> None:
    """Who is who: pairs that may be one person, and decisions about them."""


def _deciding(command: Callable[..., Any]) -> Callable[..., Any]:
    author = click.option("--author", default="local administrator", show_default=True, help="Who decides.")
    return author(click.option("--reason", default="", help="Why.")(command))


def _how(author: str, reason: str) -> Deciding:
    from graphmap.ingest.settling import settle
    from graphmap.services.identities import Deciding

    return Deciding(author, reason, now, settle)


def _score(store: GraphStore, settings: Any) -> None:
    from graphmap.errors import NotScoredError
    from graphmap.services.scoringrun import run_scoring

    try:
        run_scoring(store, settings, now=now)
    except NotScoredError:
        say("nothing to score yet")


@identity.command()
@click.option("--limit", default=50, show_default=True, help="At most so many.")
@as_json
@common
def review(
    limit: int, json_: bool, home: Path | None, store_uri: str | None, config_file: Path | None
) -> None:
    """Pairs that may be one person, the surest first. Example: graphmap identity review"""
    from graphmap.services.identities import waiting

    with opened(settings_of(home, store_uri, config_file)) as store:
        found = waiting(store)
    if json_:
        print_json(
            [
                {
                    "id": p.id, "score": p.score, "one": {"id": p.one.id, "name": p.one.name},
                    "other": {"id": p.other.id, "name": p.other.name}, "keys": list(p.keys), "reasons": list(p.reasons),
                }
                for p in found
            ]
        )  # fmt: skip
        return
    rows = [
        (p.id, p.score, p.one.name, ", ".join(p.one_is), p.other.name, ", ".join(p.other_is), "; ".join(p.reasons))
        for p in found[:limit]
    ]  # fmt: skip
    print_table("may be one person", ("id", "score", "one", "known as", "other", "known as", "because"), rows)
    say(
        f"{len(found)} pairs wait. graphmap identity join ID says that they are one, graphmap identity split ID that they are two."
    )


@identity.command()
@click.argument("one")
@click.argument("other", required=False)
@_deciding
@as_json
@common
def join(
    one: str, other: str | None, author: str, reason: str, json_: bool, home: Path | None, store_uri: str | None,
    config_file: Path | None,
) -> None:  # fmt: skip
    """Say that two are one person: the id of a pair from review, or two addresses, ids or names.

    Example: graphmap identity join anna@acme.example a.berg@gmail.com --reason "told us"
    """
    _decide("joined", one, other, author, reason, json_, home, store_uri, config_file)


@identity.command()
@click.argument("one")
@click.argument("other", required=False)
@_deciding
@as_json
@common
def split(
    one: str, other: str | None, author: str, reason: str, json_: bool, home: Path | None, store_uri: str | None,
    config_file: Path | None,
) -> None:  # fmt: skip
    """Say that two are not one person: the id of a pair from review, or two addresses or ids, also of one person so far.

    Example: graphmap identity split john.smith@acme.example john.smith2@acme.example
    """
    _decide("apart", one, other, author, reason, json_, home, store_uri, config_file)


def _decide(
    kind: str, one: str, other: str | None, author: str, reason: str, json_: bool, home: Path | None, store_uri: str | None,
    config_file: Path | None,
) -> None:  # fmt: skip
    from graphmap.services.identities import answer_proposal, decide_identity

    settings, how = settings_of(home, store_uri, config_file), _how(author, reason)
    with opened(settings) as store:
        answer = answer_proposal(store, one, kind, how) if other is None else None
        decision = answer or decide_identity(store, kind, one, other or "", how)
        _score(store, settings)
    if json_:
        print_json({"id": decision.id, "kind": kind, "keys": [decision.identity, decision.value]})
    say(
        f"{decision.id}: {decision.identity} and {decision.value} are {'one person' if kind == 'joined' else 'two people'}"
    )


@identity.command()
@click.argument("decision")
@_deciding
@as_json
@common
def undo(
    decision: str, author: str, reason: str, json_: bool, home: Path | None, store_uri: str | None,
    config_file: Path | None,
) -> None:  # fmt: skip
    """Withdraw a decision; people are again what the rules make of them. Example: graphmap identity undo d-1f0c"""
    from graphmap.services.identities import undo_decision

    settings = settings_of(home, store_uri, config_file)
    with opened(settings) as store:
        undo_decision(store, decision, _how(author, reason))
        _score(store, settings)
    if json_:
        print_json({"id": decision, "withdrawn": True})
    say(f"{decision} is withdrawn")


@identity.command()
@as_json
@common
def log(json_: bool, home: Path | None, store_uri: str | None, config_file: Path | None) -> None:
    """Every decision about who is who, with author and time. Example: graphmap identity log"""
    from graphmap.services.identities import decided

    with opened(settings_of(home, store_uri, config_file)) as store:
        found = decided(store)
    if json_:
        names = ("id", "kind", "author", "at", "reason", "withdrawn_at")
        print_json([{**{n: getattr(d, n) for n in names}, "keys": list(d.keys)} for d in found])
        return
    rows = [(d.id, d.kind, *d.keys, d.author, d.at, d.reason, d.withdrawn_at or "") for d in found]
    print_table("decided", ("decision", "are", "one", "other", "by", "at", "because", "withdrawn"), rows)
