"""Interactions in and out of the store: one transaction per batch, created after a difference found in the server.

Statements and figures: an edge is only created in the transaction that created its node, so the unique id also guards the
edges; every count is compared, because flat statements drop rows with unknown ends silently.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import LiteralString

from graphmap.store.graphstore import GraphStore
from graphmap.store.state import bump
from graphmap.store.transactions import UnmetError, Writer


@dataclass(frozen=True, slots=True)
class InteractionRow:
    """One interaction as one source states it, ready to be stored: participants as (role, identity key).

    ``statement`` names who states it: a later row of the same name replaces its content, another name is united with it.
    """

    id: str
    kind: str
    at: int
    direction: str | None
    thread: str | None
    hash: str
    participants: tuple[tuple[str, str], ...]
    statement: str


@dataclass(frozen=True, slots=True)
class Statement:
    """What one source states of an interaction, with the run that brought it; ``name`` as in InteractionRow.statement.

    ``called_off``: the source no longer holds what it stated before; whoever it named did not take part.
    """

    name: str
    run: str
    kind: str
    at: int
    direction: str | None
    thread: str | None
    hash: str
    participants: tuple[tuple[str, str], ...]
    called_off: bool = False


Unite = Callable[[Sequence[Statement]], Sequence[Statement]]
"""Makes one interaction of the statements of several sources, in whatever order they come; more than one where they cannot be
of the same (the first keeps the id)."""

About = Callable[[int, Sequence[tuple[str, str]]], tuple[str, ...]]
"""The firms that an interaction at a time with these participants concerns."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What a batch holds that the store does not: ids that are new, and (id, who states it with which hash) of what changed."""

    new: frozenset[str]
    changed: frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class _Stored:
    """One id in the store: what counts now (as a statement of nobody in particular), all statements, what was split from it."""

    now: Statement
    statements: tuple[Statement, ...]
    apart: frozenset[str]


_DIFF = (
    "UNWIND $rows AS r OPTIONAL MATCH (i:Interaction {id: r[0]}) WITH r, i WHERE i IS NULL OR NOT r[1] IN i.stated AND i.split_from IS NULL "
    "RETURN collect(CASE WHEN i IS NULL THEN r[0] END), collect(CASE WHEN i IS NOT NULL THEN r END)"
)
_CREATE = (
    "UNWIND $rows AS r CREATE (:Interaction {id: r[0], kind: r[1], at: r[2], direction: r[3], thread: r[4], stated: [r[5]], "
    "run: r[6], batch: r[7], hash: r[8]})"
)
_PARTS = (
    "UNWIND $parts AS p MATCH (i:Interaction {id: p[0]}) MATCH (x:Identity {key: p[1]}) "
    "CREATE (x)-[t:TOOK_PART {role: p[2], place: p[3]}]->(i) RETURN count(t)"
)
_ABOUT = "UNWIND $about AS a MATCH (i:Interaction {id: a[0]}) MATCH (f:Firm {id: a[1]}) CREATE (i)-[t:ABOUT]->(f) RETURN count(t)"
_DROP_PARTS = "UNWIND $ids AS id MATCH (i:Interaction {id: id})<-[t:TOOK_PART]-(:Identity) DELETE t"
_DROP_ABOUT = "UNWIND $ids AS id MATCH (i:Interaction {id: id})-[t:ABOUT]->(:Firm) DELETE t"
_CREATE_APART = (
    "UNWIND $rows AS r CREATE (:Interaction {id: r[0], kind: r[1], at: r[2], direction: r[3], thread: r[4], stated: [], "
    "batch: r[5], hash: r[6], split_from: r[7]})"
)
_STORED = (
    "UNWIND $ids AS id MATCH (n:Interaction {id: id}) WITH DISTINCT coalesce(n.split_from, n.id) AS whole "
    "MATCH (i:Interaction {id: whole}) OPTIONAL MATCH (i)<-[t:TOOK_PART]-(x:Identity) "
    "RETURN i.id, i.kind, i.at, i.direction, i.thread, i.stated, i.run, i.hash, collect([t.place, t.role, x.key]), "
    "coalesce(i.statements, []), coalesce(i.apart, [])"
)
_STATE = (
    "UNWIND $rows AS r MATCH (i:Interaction {id: r.id}) SET i.stated = r.stated, i.statements = r.statements, "
    "i.statement_runs = r.statement_runs, i.run = r.run, i.apart = r.apart"
)
_KNOWN = "UNWIND $ids AS id MATCH (i:Interaction {id: id}) RETURN i.id"
_DELETE_APART = (
    "UNWIND $ids AS id MATCH (i:Interaction {id: id}) WHERE i.split_from IS NOT NULL DETACH DELETE i"
)
_DELETE = "UNWIND $ids AS id MATCH (i:Interaction {id: id}) DETACH DELETE i"
_CHANGE = (
    "UNWIND $rows AS r MATCH (i:Interaction {id: r.id}) SET i.kind = r.kind, i.at = r.at, i.direction = r.direction, "
    "i.thread = r.thread, i.batch = r.batch, i.hash = r.hash"
)


def difference(writer: Writer, rows: Sequence[InteractionRow]) -> Difference:
    """Which rows are new or state something new; the server compares, only what differs comes back.

    What was split from another id follows from the statements of that one: a row of it (in an export of ours) states nothing.
    """
    (new, changed), *_ = writer.run(_DIFF, rows=[[row.id, _mark(row.statement, row.hash)] for row in rows])
    assert isinstance(new, list)
    assert isinstance(changed, list)
    return Difference(frozenset(map(str, new)), frozenset((str(i), str(mark)) for i, mark in changed))


def rounds(rows: Sequence[InteractionRow]) -> list[list[InteractionRow]]:
    """The rows in at most two rounds: the first statement of every interaction, then what is united with those."""
    first: dict[str, InteractionRow] = {}
    others: list[InteractionRow] = []
    for row in rows:
        if first.setdefault(row.id, row) is not row:
            others.append(row)
    return [each for each in (list(first.values()), others) if each]


def add_identities(writer: Writer, identities: Sequence[tuple[str, str, str]]) -> None:
    """Identities (key, kind, value), each once."""
    if identities:
        writer.run(
            "UNWIND $rows AS r MERGE (x:Identity {key: r[0]}) ON CREATE SET x.kind = r[1], x.value = r[2]",
            rows=[list(row) for row in identities],
        )


def save(
    writer: Writer,
    rows: Sequence[InteractionRow],
    found: Difference,
    *,
    run: str,
    batch: str,
    unite: Unite,
    about: About,
) -> int:
    """Writes what is new or changed, with participants and firms, and checks every count.

    Returns how many ids were found to stand for more than one interaction.
    """
    new = [row for row in rows if row.id in found.new]
    changed = [row for row in rows if (row.id, _mark(row.statement, row.hash)) in found.changed]
    if new:
        values = [
            [r.id, r.kind, r.at, r.direction, r.thread, _mark(r.statement, r.hash), run, batch, r.hash]
            for r in new
        ]
        writer.run(_CREATE, rows=values)
        _attach(writer, new, about)
    if not changed:
        return 0
    added: dict[str, list[Statement]] = {}
    for row in changed:
        added.setdefault(row.id, []).append(_statement(row, run))
    stored = _stored(writer, list(added))
    states = {i: (stored[i], (*stored[i].statements, *more)) for i, more in added.items()}
    return _restate(writer, states, batch=batch, unite=unite, about=about)


def _statement(row: InteractionRow, run: str) -> Statement:
    return Statement(
        row.statement, run, row.kind, row.at, row.direction, row.thread, row.hash, row.participants
    )


def _row(identifier: str, said: Statement) -> InteractionRow:
    return InteractionRow(
        identifier, said.kind, said.at, said.direction, said.thread, said.hash, said.participants, said.name
    )


def _mark(name: str, hash_: str) -> str:
    return f"{name}|{hash_}"


def _current(statements: Sequence[Statement]) -> list[Statement]:
    """The newest statement of every name, in the order of names."""
    newest = {statement.name: statement for statement in statements}
    return [newest[name] for name in sorted(newest)]


def _restate(
    writer: Writer,
    states: Mapping[str, tuple[_Stored, Sequence[Statement]]],
    *,
    batch: str,
    unite: Unite,
    about: About,
) -> int:
    """Stores statements (per id: what is stored, and all statements there are from now on), and what they say together.

    An interaction whose content stays keeps its batch, so the touch log does not pull it again. What cannot be the same
    interaction is one of its own beside it, named after its content, and holds no statement: it follows from those of the id.
    Returns how many ids became more interactions than they were.
    """
    marks: list[dict[str, object]] = []
    changes: list[InteractionRow] = []
    renewed: list[dict[str, object]] = []
    made: dict[str, tuple[InteractionRow, str]] = {}
    gone: list[str] = []
    for identifier, (before, statements) in states.items():
        current = _current(statements)
        several = len(statements) > 1
        now, *others = unite(current)
        apart = {f"{identifier}~{other.hash[:12]}": other for other in others}
        marks.append(
            {
                "id": identifier, "stated": [_mark(s.name, s.hash) for s in current],
                "statements": [_as_text(s) for s in statements] if several else None,
                "statement_runs": [s.run for s in statements] if several else None, "run": statements[-1].run,
                "apart": sorted(apart) or None,
            }
        )  # fmt: skip
        made |= {one: (_row(one, apart[one]), identifier) for one in apart.keys() - before.apart}
        gone += before.apart - apart.keys()
        if _content(now) != _content(before.now) or now.hash != before.now.hash:
            changes.append(_row(identifier, now))
            renewed.append(
                {
                    "id": identifier, "kind": now.kind, "at": now.at, "direction": now.direction, "thread": now.thread,
                    "batch": batch, "hash": now.hash,
                }
            )  # fmt: skip
    writer.run(_STATE, rows=marks)
    if changes:
        writer.run(_CHANGE, rows=renewed)
        ids = [row.id for row in changes]
        writer.run(_DROP_PARTS, ids=ids)
        writer.run(_DROP_ABOUT, ids=ids)
        _attach(writer, changes, about)
    if gone:
        writer.run(_DELETE_APART, ids=gone)
        # The touch log only hears of what is added; where something goes it is read anew.
        bump(writer, "epoch")
    return _split(writer, made, batch, about)


def _split(writer: Writer, made: Mapping[str, tuple[InteractionRow, str]], batch: str, about: About) -> int:
    """Creates what was split from an id, and returns from how many; by id: the interaction, and the id it was split from."""
    if not made:
        return 0
    # An export of ours that was imported before the mailbox states it already: the same mail, by an id made of its content.
    known = {str(one) for (one,) in writer.run(_KNOWN, ids=list(made))}
    new = [pair for one, pair in made.items() if one not in known]
    values = [[r.id, r.kind, r.at, r.direction, r.thread, batch, r.hash, whole] for r, whole in new]
    writer.run(_CREATE_APART, rows=values)
    _attach(writer, [row for row, _ in new], about)
    return len({whole for _, whole in made.values()})


def _content(statement: Statement) -> tuple[object, ...]:
    return (statement.kind, statement.at, statement.direction, statement.thread, statement.participants)


def _as_text(statement: Statement) -> str:
    values = asdict(statement)
    if not statement.called_off:
        del values["called_off"]
    return json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _from_text(text: str) -> Statement:
    values = json.loads(text)
    people = tuple((str(role), str(key)) for role, key in values.pop("participants"))
    return Statement(**values, participants=people)


def _attach(writer: Writer, rows: Sequence[InteractionRow], about: About) -> None:
    parts: list[list[object]] = [
        [row.id, key, role, place] for row in rows for place, (role, key) in enumerate(row.participants)
    ]
    firms: list[list[object]] = [[row.id, firm] for row in rows for firm in about(row.at, row.participants)]
    _create_all(writer, _PARTS, "parts", parts)
    _create_all(writer, _ABOUT, "about", firms)


def _create_all(writer: Writer, text: str, name: str, rows: list[list[object]]) -> None:
    if not rows:
        return
    ((made,), *_) = writer.run(text, **{name: rows})
    if made != len(rows):
        raise UnmetError(
            f"{len(rows) - int(str(made))} of {len(rows)} relationships found no end; the batch was taken back",
            remedy="run the command again; if it happens again please report it",
        )


def _stored(writer: Writer, ids: Sequence[str]) -> dict[str, _Stored]:
    """What is stored under these ids; one that was split from another stands for that one."""
    found: dict[str, _Stored] = {}
    for row in writer.run(_STORED, ids=list(ids)):
        identifier, kind, at, direction, thread, stated, run, hash_, parts, statements, apart = row
        assert isinstance(parts, list)
        assert isinstance(stated, list)
        assert isinstance(statements, list)
        assert isinstance(apart, list)
        people = tuple((str(role), str(key)) for _, role, key in sorted(p for p in parts if p[0] is not None))
        name = str(stated[0]).rpartition("|")[0]
        now = Statement(
            name, str(run), str(kind), int(str(at)), _text(direction), _text(thread), str(hash_), people
        )
        every = tuple(_from_text(str(text)) for text in statements) or (now,)
        found[str(identifier)] = _Stored(now, every, frozenset(map(str, apart)))
    return found


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def ids_of_run(store: GraphStore, run: str) -> list[str]:
    """Interactions of which a run brought a statement."""
    rows = store.read("MATCH (i:Interaction {run: $run}) RETURN i.id", run=run)
    older = store.read(
        "MATCH (i:Interaction) WHERE i.statement_runs IS NOT NULL AND $run IN i.statement_runs RETURN i.id",
        run=run,
    )
    return sorted({str(row[0]) for row in [*rows, *older]})


def stated_by(store: GraphStore, name: str, since: int) -> list[tuple[str, str, int]]:
    """Id, thread and time of the interactions from ``since`` (epoch ms) on that have a thread and are stated under a name."""
    rows = store.read(
        "MATCH (i:Interaction) WHERE i.at >= $since AND i.thread IS NOT NULL AND any(s IN i.stated WHERE s STARTS WITH $mark) "
        "RETURN collect(i.id), collect(i.thread), collect(i.at)",
        since=since,
        mark=_mark(name, ""),
    )
    found: list[tuple[str, str, int]] = []
    for columns in rows:
        ids, threads, times = (column for column in columns if isinstance(column, list))
        found += [(str(i), str(t), int(str(at))) for i, t, at in zip(ids, threads, times, strict=True)]
    return sorted(found)


def call_off(
    writer: Writer, ids: Sequence[str], name: str, *, run: str, batch: str, unite: Unite, about: About
) -> tuple[int, int]:
    """States for a source that nobody took part in these interactions, where it does not say so already.

    Returns how many of them this run calls off, and how many of those changed now.
    """
    states: dict[str, tuple[_Stored, Sequence[Statement]]] = {}
    off = 0
    for identifier, stored in _stored(writer, ids).items():
        last = next((s for s in reversed(stored.statements) if s.name == name), None)
        if last is None or all(role == "declined" for role, _ in last.participants):
            off += last is not None and last.called_off and last.run == run
            continue
        nobody = tuple(dict.fromkeys(("declined", key) for _, key in last.participants))
        content = (last.kind, last.at, last.direction, last.thread, nobody)
        hash_ = hashlib.blake2b(json.dumps(["called_off", content]).encode(), digest_size=12).hexdigest()
        statement = replace(last, run=run, hash=hash_, participants=nobody, called_off=True)
        states[identifier] = (stored, (*stored.statements, statement))
    if states:
        keys = sorted({key for _, all_ in states.values() for s in all_ for _, key in s.participants})
        add_identities(writer, [(key, *_kind_and_value(key)) for key in keys])
        _restate(writer, states, batch=batch, unite=unite, about=about)
    return off + len(states), len(states)


def take_back(
    writer: Writer,
    ids: Sequence[str],
    run: str,
    batch: str,
    *,
    unite: Unite,
    about: About,
) -> int:
    """Takes a run's statements of these interactions out: what nobody else states goes, what was stated before counts again.

    Returns how many were deleted.
    """
    gone: list[str] = []
    apart: list[str] = []
    states: dict[str, tuple[_Stored, Sequence[Statement]]] = {}
    for identifier, stored in _stored(writer, ids).items():
        left = _without_run(stored.statements, run)
        if not left:
            gone.append(identifier)
            apart += stored.apart
        elif len(left) < len(stored.statements):
            states[identifier] = (stored, left)
    if gone:
        writer.run(_DELETE, ids=gone)
        writer.run(_DELETE_APART, ids=apart)
    if states:
        keys = sorted({key for _, left in states.values() for s in left for _, key in s.participants})
        # An identity may have gone when a newer statement came.
        add_identities(writer, [(key, *_kind_and_value(key)) for key in keys])
        _restate(writer, states, batch=batch, unite=unite, about=about)
    return len(gone)


def _without_run(statements: Sequence[Statement], run: str) -> list[Statement]:
    """Statements of other runs; what was called off by a source that now never stated it goes as well."""
    left = [statement for statement in statements if statement.run != run]
    stated = {statement.name for statement in left if not statement.called_off}
    return [statement for statement in left if statement.name in stated]


Clean = Callable[[Statement], Statement]
"""A statement without somebody; the very same one where it does not name them."""


def leave_out(
    writer: Writer, ids: Sequence[str], clean: Clean, batch: str, *, fewest: int, unite: Unite, about: About
) -> tuple[int, int]:
    """Cleans every statement of these interactions; one that keeps fewer than so many participants goes.

    Returns how many interactions stay without them, and how many went.
    """
    dropped: list[str] = []
    apart: list[str] = []
    states: dict[str, tuple[_Stored, Sequence[Statement]]] = {}
    for identifier, stored in _stored(writer, ids).items():
        cleaned = [clean(statement) for statement in stored.statements]
        pairs = list(zip(cleaned, stored.statements, strict=True))
        left = [one for one, was in pairs if one is was or len(one.participants) >= fewest]
        if not left:
            dropped.append(identifier)
            apart += stored.apart
        elif any(one is not was for one, was in pairs):
            states[identifier] = (stored, left)
    if dropped:
        writer.run(_DELETE, ids=dropped)
        writer.run(_DELETE_APART, ids=apart)
    if states:
        _restate(writer, states, batch=batch, unite=unite, about=about)
    return len(states), len(dropped)


def _kind_and_value(key: str) -> tuple[str, str]:
    kind, _, value = key.partition(":")
    return kind, value


def set_about(writer: Writer, about: Sequence[tuple[str, tuple[str, ...]]]) -> None:
    """Renews which firms interactions concern."""
    writer.run(_DROP_ABOUT, ids=[identifier for identifier, _ in about])
    _create_all(
        writer, _ABOUT, "about", [[identifier, firm] for identifier, firms in about for firm in firms]
    )


def participants_of(store: GraphStore, keys: Sequence[str]) -> dict[str, tuple[int, list[tuple[str, str]]]]:
    """For the interactions that any of these identities took part in: time and participants (role, identity key)."""
    rows = store.read(
        "UNWIND $keys AS key MATCH (:Identity {key: key})-[:TOOK_PART]->(i:Interaction) WITH DISTINCT i "
        "MATCH (i)<-[t:TOOK_PART]-(x:Identity) RETURN i.id, i.at, collect([t.place, t.role, x.key])",
        keys=list(keys),
    )
    found: dict[str, tuple[int, list[tuple[str, str]]]] = {}
    for identifier, at, parts in rows:
        assert isinstance(parts, list)
        found[str(identifier)] = (int(str(at)), [(str(role), str(key)) for _, role, key in sorted(parts)])
    return found


def last_of_people(store: GraphStore, keys: Sequence[str]) -> dict[str, int]:
    """The time of the last interaction of whoever stands behind these identities, by identity; epoch ms."""
    return _last(
        store,
        keys,
        "UNWIND $keys AS key MATCH (:Identity {key: key})<-[:KNOWN_AS]-(p:Person) "
        "MATCH (p)-[:KNOWN_AS]->(:Identity)-[:TOOK_PART]->(i:Interaction) RETURN key, max(i.at)",
    )


def last_written(store: GraphStore, keys: Sequence[str]) -> dict[str, int]:
    """The time of the last mail that came from each of these identities, where one did; epoch ms."""
    return _last(
        store,
        keys,
        "UNWIND $keys AS key MATCH (:Identity {key: key})-[:TOOK_PART {role: 'from'}]->(i:Interaction) "
        "RETURN key, max(i.at)",
    )


def _last(store: GraphStore, keys: Sequence[str], query: LiteralString) -> dict[str, int]:
    found: dict[str, int] = {}
    for begin in range(0, len(keys), 500):
        rows = store.read(query, keys=list(keys[begin : begin + 500]))
        found.update({str(key): int(str(at)) for key, at in rows})
    return found


@dataclass(frozen=True, slots=True)
class BatchColumns:
    """One batch as parallel lists: interactions (id, kind, at, direction) and participants (interaction id, key, role, place)."""

    ids: list[str]
    kinds: list[str]
    ats: list[int]
    directions: list[str]
    part_ids: list[str]
    keys: list[str]
    roles: list[str]
    places: list[int]


def batch_counts(store: GraphStore) -> dict[str, int]:
    """How many interaction batches every import run wrote."""
    rows = store.read("MATCH (r:Run) WHERE r.batches IS NOT NULL AND r.batches > 0 RETURN r.id, r.batches")
    return {str(run): int(str(number)) for run, number in rows}


def pull_batch(store: GraphStore, batch: str) -> BatchColumns:
    """One batch as parallel lists: one row over the wire instead of thousands."""
    ((ids, kinds, ats, directions), *_) = store.read(
        "MATCH (i:Interaction {batch: $batch}) RETURN collect(i.id), collect(i.kind), collect(i.at), "
        "collect(coalesce(i.direction, ''))",
        batch=batch,
    )
    ((part_ids, keys, roles, places), *_) = store.read(
        "MATCH (i:Interaction {batch: $batch})<-[t:TOOK_PART]-(x:Identity) "
        "RETURN collect(i.id), collect(x.key), collect(t.role), collect(t.place)",
        batch=batch,
    )
    return BatchColumns(ids, kinds, ats, directions, part_ids, keys, roles, places)  # type: ignore[arg-type]


def threads_of_batch(store: GraphStore, batch: str) -> dict[str, str]:
    """Conversation ids of the interactions of a batch that have one."""
    rows = store.read(
        "MATCH (i:Interaction {batch: $batch}) WHERE i.thread IS NOT NULL RETURN collect(i.id), collect(i.thread)",
        batch=batch,
    )
    found: dict[str, str] = {}
    for columns in rows:
        ids, threads = (column for column in columns if isinstance(column, list))
        found.update(zip(ids, threads, strict=True))
    return found


def threads_of(store: GraphStore, ids: Sequence[str]) -> dict[str, str]:
    """Conversation ids of those of these interactions that have one."""
    rows = store.read(
        "UNWIND $ids AS id MATCH (i:Interaction {id: id}) WHERE i.thread IS NOT NULL RETURN i.id, i.thread",
        ids=list(ids),
    )
    return {str(i): str(thread) for i, thread in rows}
