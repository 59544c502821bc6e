"""One interaction that several sources state: the same mail in two mailboxes, a meeting in five calendars and the CRM.

Programs that give every mail the same Message-ID exist: what cannot be copies of one mail is kept apart.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace

import networkx as nx

from graphmap.ingest.master import content_hash
from graphmap.store.interactions import Statement

_TWO_DAYS = 2 * 86_400_000
_MINUTE = 60_000


def unite(statements: Sequence[Statement]) -> list[Statement]:
    """What all of them say together, an interaction for each set of statements that can be of one; the earliest first.

    The same whatever their order. Two mails are copies of one if their times are at most two days apart and they have a sender
    in common, or one of them names none by address, or they are of the same minute with a recipient in common (who writes
    under two addresses). Everything else under one id is one interaction.
    """
    together = [_united(group) for group in _copies(statements)]
    return sorted(together, key=lambda one: (one.at, one.hash))


def _copies(statements: Sequence[Statement]) -> list[list[Statement]]:
    """The sets of statements that can be of one interaction; a program's thousand mails under one id cost a thousand steps."""
    ordered = sorted(statements, key=lambda s: (s.at, s.name, s.hash))
    if len(ordered) == 1 or any(s.kind != "email" for s in ordered):
        return [ordered]
    same: nx.Graph[int] = nx.Graph()
    same.add_nodes_from(range(len(ordered)))
    nameless = [s.at for s in ordered if not _senders(s)]
    sent: dict[str, int] = {}
    got: dict[tuple[int, str], int] = {}
    for number, one in enumerate(ordered):
        for sender in _senders(one):
            last = sent.get(sender, number)
            sent[sender] = number
            if one.at - ordered[last].at <= _TWO_DAYS:
                same.add_edge(last, number)
        for receiver in _receivers(one):
            same.add_edge(got.setdefault((one.at // _MINUTE, receiver), number), number)
        # Neighbours that are both at most two days from a copy which names no sender are copies of that one.
        if number + 1 < len(ordered):
            first = bisect_left(nameless, ordered[number + 1].at - _TWO_DAYS)
            if first < len(nameless) and nameless[first] <= one.at + _TWO_DAYS:
                same.add_edge(number, number + 1)
    return [[ordered[i] for i in sorted(group)] for group in nx.connected_components(same)]


def _senders(statement: Statement) -> set[str]:
    return {key for role, key in statement.participants if role == "from" and key.startswith("mail:")}


def _receivers(statement: Statement) -> set[str]:
    return {key for role, key in statement.participants if role in ("to", "cc", "bcc")}


def _united(statements: Sequence[Statement]) -> Statement:
    """One interaction of the statements that are of one.

    Time, kind and conversation are those of the fullest statement (most participants, then the first name); a direction on
    which they do not agree is left open, so the sender decides. Everybody whom any of them names took part, in every role that is
    named, except that who declined anywhere did not.
    """
    if len(statements) == 1:
        return statements[0]
    ordered = sorted(statements, key=lambda s: (-len(s.participants), s.name, s.hash))
    fullest = ordered[0]
    directions = {s.direction for s in ordered if s.direction is not None}
    people = dict.fromkeys(pair for statement in ordered for pair in statement.participants)
    declined = {key for role, key in people if role == "declined"}
    together = replace(
        fullest,
        direction=directions.pop() if len(directions) == 1 else None,
        thread=next((s.thread for s in ordered if s.thread is not None), None),
        participants=tuple(pair for pair in people if pair[1] not in declined or pair[0] == "declined"),
    )
    content = [together.kind, together.at, together.direction, together.thread, together.participants]
    return replace(together, hash=content_hash(content))
