"""Which of several events with one UID count: the newest version of the series and of each occurrence."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace

from graphmap_importers.calendar_events import Event
from graphmap_importers.calendar_times import on_wall


@dataclass(frozen=True, slots=True)
class Versions:
    """The master (None: single occurrences only), the newest event per other occurrence, what they replace, and answers."""

    master: Event | None
    overrides: list[Event]
    old: list[Event]
    answers: list[Event]


def choose_versions(events: Sequence[Event]) -> Versions:
    """The higher SEQUENCE counts, then the later DTSTAMP, then what stands later in the file."""
    known = sorted((event for event in events if not event.answer), key=lambda event: event.rank)
    masters = [event for event in known if event.rid is None]
    master = masters[-1] if masters else None
    newest: dict[Hashable, list[Event]] = {}
    for event in known:
        if event.rid is not None:
            newest.setdefault(_occurrence(event, master), []).append(event)
    overrides = [_cancellation(versions, master) for versions in newest.values()]
    old = [*masters[:-1], *(event for versions in newest.values() for event in versions[:-1])]
    if master is not None and master.cancelled:
        master = _cancelled_master(master, masters[:-1])
    answers = [event for event in events if event.answer]
    return Versions(master, sorted(overrides, key=_line), sorted(old, key=_line), sorted(answers, key=_line))


def _line(event: Event) -> int:
    return event.line


def _occurrence(event: Event, master: Event | None) -> Hashable:
    """The same for all versions of one occurrence, whatever zone they name it in."""
    rid = event.rid
    assert rid is not None
    try:
        return rid.utc() if master is None else on_wall(rid, master.series_zone, master.start)
    except OverflowError:
        return rid.wall


def _cancelled_master(cancelled: Event, older: Sequence[Event]) -> Event:
    """A cancellation may leave out what it cancels: the rule and the people are those of the version before."""
    if not cancelled.recurring:
        rule = next((event for event in reversed(older) if event.recurring), None)
        if rule is not None:
            cancelled = replace(
                cancelled, start=rule.start, rules=rule.rules, rdates=rule.rdates, exdates=rule.exdates,
                series_zone=rule.series_zone,
            )  # fmt: skip
    return _with_people(cancelled, older)


def _cancellation(versions: Sequence[Event], master: Event | None) -> Event:
    last = versions[-1]
    if not last.cancelled:
        return last
    return _with_people(last, versions[:-1] if master is None else [master, *versions[:-1]])


def _with_people(event: Event, older: Sequence[Event]) -> Event:
    if event.party.guests:
        return event
    party = next((one.party for one in reversed(older) if one.party.guests), event.party)
    return replace(event, party=party)
