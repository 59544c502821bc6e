"""One interaction that several sources state: the same mail in two mailboxes, a meeting in five calendars and the CRM."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from graphmap.ingest.master import content_hash
from graphmap.store.interactions import Statement


def unite(statements: Sequence[Statement]) -> Statement:
    """What all of them say together; the same whatever their order.

    Time, kind and conversation are those of the fullest statement (most participants, then the first name); a direction on
    which they do not agree is left open, so the sender decides. Everybody whom any of them names took part, in every role that is
    named, except that who declined anywhere did not.
    """
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
