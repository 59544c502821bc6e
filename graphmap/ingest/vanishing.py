"""What a full export no longer holds: closed by a version of its row that undo takes back, never deleted."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from graphmap.days import day_of
from graphmap.ingest.identity_keys import id_key
from graphmap.ingest.payload import payload, record_of, row_hash
from graphmap.records import Affiliation, Firm, MasterRecord, Person
from graphmap.store import interactions, masterrows
from graphmap.store.graphstore import GraphStore
from graphmap.store.masterrows import GONE, StoredRow

WHOLE = frozenset({"salesforce", "hubspot"})
"""Importers whose files hold all rows of their kind, as the vendor exports them."""
MOST = 30.0
"""Per cent of the known rows of a kind that may vanish before somebody is asked."""

Pair = tuple[str, str]
"""(source, object in the source)."""


@dataclass(frozen=True, slots=True)
class Loss:
    """Rows of one kind that an export no longer holds, of ``known`` that were there. ``closed``: they were few enough."""

    source: str
    object: str
    known: int
    vanished: int
    closed: bool

    @property
    def sentence(self) -> str:
        """What happened, or what is asked."""
        what = f"{self.vanished} of {self.known} rows of {self.object} ({self.source})"
        if self.closed:
            return (
                f"{what} are not in this export any more and were closed; graphmap runs undo takes that back"
            )
        return (
            f"{what} are not in this export; so many may mean that it is not complete, and nothing was closed. "
            "Import it again with --accept-loss if it is"
        )


def close_vanished(
    store: GraphStore,
    run: str,
    *,
    begin: int,
    seen: set[str],
    whole: set[Pair],
    most: float,
    today: str,
    page: int,
) -> tuple[Loss, ...]:
    """Stores the closing versions of what the import ``run`` no longer holds, from the ordinal ``begin`` on.

    Run again after an interruption it writes the same versions.
    """
    found = losses(masterrows.current_rows(store, without_run=run), seen, whole, most=most)

    def last_seen(people: Sequence[str]) -> dict[str, str]:
        last = interactions.last_of_people(store, [id_key(person) for person in people])
        return {key.partition(":")[2]: day_of(at) for key, at in last.items()}

    gone = [row for loss, rows in found if loss.closed for row in rows]
    made = closing_rows(gone, run, begin, today, last_seen)
    for at in range(0, len(made), page):
        rows = made[at : at + page]
        store.write_with(lambda w, rows=rows: masterrows.save_rows(w, rows))
    return tuple(loss for loss, _ in found)


def losses(
    current: Iterable[StoredRow], seen: set[str], whole: set[Pair], *, most: float
) -> list[tuple[Loss, list[StoredRow]]]:
    """For every kind that was read completely the rows that are not there any more, with the judgement about them.

    ``current``: newest versions before this import; ``seen``: keys that it stated; ``most``: per cent that may vanish.
    """
    known: dict[Pair, list[StoredRow]] = {}
    for row in current:
        pair = (row.source, row.object)
        if pair in whole and not row.closed:
            known.setdefault(pair, []).append(row)
    found: list[tuple[Loss, list[StoredRow]]] = []
    for (source, name), rows in sorted(known.items()):
        gone = [row for row in rows if row.key not in seen]
        if gone:
            few = 100.0 * len(gone) < most * len(rows)
            found.append((Loss(source, name, len(rows), len(gone), few or most >= 100), gone))
    return found


def closing_rows(
    gone: Sequence[StoredRow],
    run: str,
    ordinal: int,
    today: str,
    last_seen: Callable[[Sequence[str]], Mapping[str, str]],
) -> list[StoredRow]:
    """The versions that close these rows: people and affiliations end, firms are no account any more, other rows say nothing.

    Somebody's end is the day after their last interaction, at the latest ``today`` (both YYYY-MM-DD); ``last_seen`` gives the
    day of the last interaction of people (ids). An end that is stated stays.
    """
    records = [record_of(row.kind, row.payload) for row in gone]
    days = last_seen(sorted({who for record in records if (who := _person(record)) is not None}))
    return [
        _closed(row, record, run, ordinal + place, _end(days.get(_person(record) or ""), today))
        for place, (row, record) in enumerate(zip(gone, records, strict=True))
    ]


def _person(record: MasterRecord) -> str | None:
    if isinstance(record, Person):
        return record.id
    return record.person if isinstance(record, Affiliation) else None


def _end(last: str | None, today: str) -> str:
    if last is None:
        return today
    day = datetime.date.fromisoformat(last) + datetime.timedelta(days=1)
    return min(day.isoformat(), today)


def _closed(row: StoredRow, record: MasterRecord, run: str, ordinal: int, end: str) -> StoredRow:
    closed = f"not in the export of {row.source} any more"
    made = replace(row, run=run, ordinal=ordinal, line=None, closed=closed)
    if isinstance(record, Person | Affiliation):
        day = end if record.valid_to is None else min(record.valid_to, end)
        content = payload(replace(record, valid_to=day))
    elif isinstance(record, Firm):
        content = payload(replace(record, kind="own" if record.kind == "own" else "other"))
    else:
        return replace(made, kind=GONE, hash=row_hash(GONE + row.payload))
    return replace(made, payload=content, hash=row_hash(content + closed))
