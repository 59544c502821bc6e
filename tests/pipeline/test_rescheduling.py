"""A calendar that is exported again: what it no longer holds of an event was called off; on both stores."""

from __future__ import annotations

from pathlib import Path

from graphmap.store import GraphStore
from graphmap.store.digest import digest
from tests.importers.calendars import calendar, event
from tests.pipeline.kit import Cli, imported

OURS = ("--own-domain", "us.example")
WEEKLY = ("UID:w@x", "DTSTART:20260105T090000Z", "RRULE:FREQ=WEEKLY;COUNT=8")
SHORTER = ("UID:w@x", "DTSTART:20260105T090000Z", "RRULE:FREQ=WEEKLY;UNTIL=20260126T000000Z")
"""The first three of the eight; what follows is a series of its own, as calendars write "this and following"."""
FOLLOWING = ("UID:w2@x", "DTSTART:20260126T100000Z", "RRULE:FREQ=WEEKLY;COUNT=5")


def export(folder: Path, *parts: str, name: str = "ann@us.example.ics", head: tuple[str, ...] = ()) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(calendar(*parts, head=head), newline="")
    return folder / name


def held(graph: GraphStore) -> list[str]:
    """Ids of the meetings that somebody took part in."""
    rows = graph.read(
        "MATCH (i:Interaction)<-[t:TOOK_PART]-(:Identity) WHERE t.role <> 'declined' RETURN DISTINCT i.id"
    )
    return sorted(str(row[0]) for row in rows)


def weeks(uid: str, *days: str) -> list[str]:
    return [f"ev:{uid}@x#{day}Z" for day in days]


FIRST = weeks("w", "20260105T090000", "20260112T090000", "20260119T090000")
SECOND = weeks(
    "w2", "20260126T100000", "20260202T100000", "20260209T100000", "20260216T100000", "20260223T100000"
)


def test_a_series_that_ends_earlier_takes_its_later_meetings_back_and_undo_brings_them_again(
    cli: Cli, graph: GraphStore, tmp_path: Path
) -> None:
    one = imported(cli, export(tmp_path / "one", event(*WEEKLY)), *OURS)
    assert len(held(graph)) == 8
    before = digest(graph)
    shorter = export(tmp_path / "two", event(*SHORTER), event(*FOLLOWING))
    told = cli("import", shorter, "--no-score")
    assert told.code == 0
    assert "remark called_off: 5" in told.err
    assert held(graph) == sorted(FIRST + SECOND)
    after = digest(graph)
    again = imported(cli, shorter, "--again")
    assert again["totals"]["unchanged"] == 8
    assert digest(graph) == after
    ((two,),) = graph.read(
        "MATCH (r:Run {kind: 'import', sequence: $at}) RETURN r.id", at=sequences(graph)[1]
    )
    assert cli("runs", "undo", two).code == 0
    assert digest(graph) == before
    three = imported(cli, shorter, "--again")
    assert digest(graph) == after
    assert cli("runs", "undo", one["run"]["id"]).code == 0
    four = imported(cli, shorter, "--again")  # what was unchanged had come with the run that was taken out
    alone = digest(graph)
    assert held(graph) == sorted(FIRST + SECOND)
    for run in (three, four, again):
        cli("runs", "undo", run["run"]["id"])
    assert held(graph) == []
    imported(cli, shorter, "--again")
    assert digest(graph) == alone


def sequences(graph: GraphStore) -> list[int]:
    rows = graph.read("MATCH (r:Run {kind: 'import'}) RETURN r.sequence")
    return sorted(int(str(row[0])) for row in rows)


def test_a_moved_meeting_is_held_once_and_an_older_export_says_what_it_said(
    cli: Cli, graph: GraphStore, tmp_path: Path
) -> None:
    old = export(tmp_path / "old", event("UID:m@x", "DTSTART:20260105T090000Z"))
    new = export(tmp_path / "new", event("UID:m@x", "DTSTART:20260107T110000Z", "SEQUENCE:1"))
    imported(cli, old, *OURS)
    imported(cli, new)
    assert held(graph) == weeks("m", "20260107T110000")
    imported(cli, old, "--again")
    assert held(graph) == weeks("m", "20260105T090000")


def test_what_does_not_tell_an_event_as_a_whole_calls_nothing_off(
    cli: Cli, graph: GraphStore, tmp_path: Path
) -> None:
    imported(
        cli, export(tmp_path / "all", event(*WEEKLY), event("UID:gone@x", "DTSTART:20260106T090000Z")), *OURS
    )
    whole = held(graph)
    assert len(whole) == 9
    request = event("UID:w@x", "DTSTART:20260105T090000Z", "SEQUENCE:1")
    parts = (
        # an invitation to one day of it, under the same name
        export(tmp_path / "request", request, head=("METHOD:REQUEST",)),
        # one moved occurrence without the series
        export(tmp_path / "moved", event("UID:w@x", "RECURRENCE-ID:20260112T090000Z", "DTSTART:20260112T093000Z")),
        # the series beside an event of it that is set aside
        export(tmp_path / "broken", event(*SHORTER), event("UID:w@x", "DTSTART:never", "SEQUENCE:2")),
        # somebody else's calendar
        export(tmp_path / "bob", event(*SHORTER), name="bob@us.example.ics"),
    )  # fmt: skip
    for part in parts:
        assert cli("import", part, "--no-score", "--max-rejects", "100").code in (0, 1)
        assert held(graph) == whole, part


def test_two_exports_of_one_calendar_in_one_import_call_nothing_off(
    cli: Cli, graph: GraphStore, tmp_path: Path
) -> None:
    export(tmp_path / "a", event(*WEEKLY), event("UID:other@x", "DTSTART:20260301T090000Z"))
    export(tmp_path / "b", event(*SHORTER), event(*FOLLOWING))
    imported(cli, export(tmp_path / "before", event(*WEEKLY)), *OURS)
    imported(cli, tmp_path / "a", tmp_path / "b")
    assert len(held(graph)) == 14


def test_a_colleague_who_still_has_it_does_not_hold_what_another_calendar_called_off(
    cli: Cli, graph: GraphStore, tmp_path: Path
) -> None:
    imported(cli, export(tmp_path / "one", event(*WEEKLY)), *OURS)
    imported(cli, export(tmp_path / "one", event(*WEEKLY), name="bob@us.example.ics"))
    imported(cli, export(tmp_path / "two", event(*SHORTER), event(*FOLLOWING)))
    assert held(graph) == sorted(FIRST + SECOND)
