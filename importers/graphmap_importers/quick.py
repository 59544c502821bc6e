"""Interaction and Sourced made quickly, one of each per row (why: see ``graphmap.ingest.tables``)."""

from __future__ import annotations

from typing import cast

from graphmap.records import Direction, Interaction, InteractionKind, Notice, Origin, Record, Sourced


class _OpenInteraction:
    __slots__ = ("at", "direction", "id", "kind", "participants", "thread")

    def __init__(
        self,
        id: str,
        at: int,
        kind: InteractionKind,
        participants: tuple[tuple[str, str], ...],
        direction: Direction | None = None,
        thread: str | None = None,
    ) -> None:
        self.id, self.at, self.kind = id, at, kind
        self.participants, self.direction, self.thread = participants, direction, thread
        self.__class__ = Interaction  # noqa: PLE0237  # pyright: ignore[reportAttributeAccessIssue]


class _OpenSourced:
    __slots__ = ("notices", "object", "origin", "record", "source", "source_id", "whole_since")

    def __init__(
        self,
        record: Record,
        origin: Origin,
        source: str,
        object: str,
        source_id: str,
        notices: tuple[Notice, ...] = (),
        whole_since: int | None = None,
    ) -> None:
        self.record, self.origin, self.source = record, origin, source
        self.object, self.source_id, self.notices, self.whole_since = object, source_id, notices, whole_since
        self.__class__ = Sourced  # noqa: PLE0237  # pyright: ignore[reportAttributeAccessIssue]


quick_interaction = cast("type[Interaction]", _OpenInteraction)
"""Makes an Interaction."""

quick_sourced = cast("type[Sourced]", _OpenSourced)
"""Makes a Sourced."""
