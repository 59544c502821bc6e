"""Where a person may stand in the graph beside their own node, and how each place is cleared."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from graphmap.store.graphstore import GraphStore
from graphmap.store.transactions import Writer

FORGOTTEN = "forgotten"
"""Who stands in old numbers where a forgotten person stood."""
PAGE = 500

Rename = Callable[[str], str]
"""A text without the person: ids, addresses and names replaced."""

_LISTS = ("rep_ids", "contact_ids", "tie_reps", "tie_contacts", "cut_people")
_SINGLE = ("top_rep",)


@dataclass(frozen=True, slots=True)
class Found:
    """Rows of one place: node key -> properties to set; None = the node goes."""

    label: str
    key: str
    changes: Mapping[str, Mapping[str, object] | None]

    @property
    def deleted(self) -> int:
        """How many nodes go."""
        return sum(change is None for change in self.changes.values())

    @property
    def changed(self) -> int:
        """How many nodes stay without the person."""
        return len(self.changes) - self.deleted


def interaction_ids(store: GraphStore, keys: Sequence[str]) -> list[str]:
    """Interactions that these identities took part in, or that an older statement says they did."""
    rows = store.read(
        "UNWIND $keys AS key MATCH (:Identity {key: key})-[:TOOK_PART]->(i:Interaction) RETURN DISTINCT i.id",
        keys=list(keys),
    )
    older = store.read("MATCH (i:Interaction) WHERE i.statements IS NOT NULL RETURN i.id, i.statements")
    marks = [json.dumps(key, ensure_ascii=False) for key in keys]
    found = {str(row[0]) for row in rows}
    for identifier, statements in older:
        if isinstance(statements, list) and any(mark in str(text) for text in statements for mark in marks):
            found.add(str(identifier))
    return sorted(found)


def telltale_interactions(store: GraphStore, addresses: Sequence[str]) -> tuple[list[str], list[str]]:
    """Interactions whose own id holds one of these addresses, and those whose conversation id does."""
    ids: set[str] = set()
    threads: set[str] = set()
    for address in addresses:
        for name, found in (("id", ids), ("thread", threads)):
            rows = store.read(
                f"MATCH (i:Interaction) WHERE toLower(i.{name}) CONTAINS $text RETURN i.id", text=address
            )
            found.update(str(row[0]) for row in rows)
    return sorted(ids), sorted(threads)


def record_texts(store: GraphStore) -> list[tuple[str, str, str, str]]:
    """(id, kind, payload, file) of every version of every row of master data."""
    rows = store.read(
        "MATCH (x:Record) RETURN collect(x.id), collect(x.kind), collect(x.payload), collect(coalesce(x.file, ''))"
    )
    return [
        (str(i), str(k), str(p), str(f))
        for columns in rows
        for i, k, p, f in zip(*(c for c in columns if isinstance(c, list)), strict=True)
    ]


def set_aside_rows(store: GraphStore, named: Callable[[str], bool]) -> Found:
    """Rows that were set aside and name the person anywhere: they go."""
    rows = store.read("MATCH (q:Rejected) RETURN q.id, properties(q)")
    gone = {
        str(i): None
        for i, known in rows
        if isinstance(known, dict) and any(named(str(v)) for v in known.values() if isinstance(v, str))
    }
    return Found("Rejected", "id", gone)


def proposals_of(store: GraphStore, people: Sequence[str]) -> Found:
    """Proposals about these people: they go."""
    rows = store.read(
        "MATCH (p:Proposal) WHERE p.one IN $ids OR p.other IN $ids RETURN p.id", ids=list(people)
    )
    return Found("Proposal", "id", {str(row[0]): None for row in rows})


def decisions_about(store: GraphStore, keys: Sequence[str], rename: Rename) -> Found:
    """Decisions about the person go; plans and whatever else names them stay without them."""
    rows = store.read(
        "MATCH (d:Decision) RETURN d.id, coalesce(d.identity, ''), coalesce(d.field, ''), coalesce(d.value, ''), "
        "coalesce(d.author, ''), coalesce(d.reason, '')"
    )
    known = set(keys)
    found: dict[str, Mapping[str, object] | None] = {}
    for identifier, *texts in rows:
        identity, field, value, author, reason = (str(text) for text in texts)
        if identity in known or value in known:
            found[str(identifier)] = None
            continue
        before = {"field": field, "value": value, "author": author, "reason": reason}
        after = {name: rename(text) for name, text in before.items()}
        if after != before:
            found[str(identifier)] = {n: t for n, t in after.items() if t != before[n]}
    return Found("Decision", "id", found)


def assessments_naming(store: GraphStore, people: Sequence[str], rename: Rename) -> tuple[Found, Found]:
    """Old numbers keep their places with nobody's name on them; sentences that name the person say so of nobody."""
    gone = set(people)
    found: dict[str, Mapping[str, object] | None] = {}
    for identifier, known in store.read("MATCH (a:Assessment) RETURN a.id, properties(a)"):
        assert isinstance(known, dict)
        change: dict[str, object] = {}
        for name in _LISTS:
            values = known.get(name)
            if isinstance(values, list) and gone & set(values):
                change[name] = [FORGOTTEN if v in gone else v for v in values]
        for name in _SINGLE:
            if known.get(name) in gone:
                change[name] = FORGOTTEN
        sentences = known.get("finding_sentences")
        if isinstance(sentences, list) and [rename(str(s)) for s in sentences] != sentences:
            change["finding_sentences"] = [rename(str(s)) for s in sentences]
        if change:
            found[str(identifier)] = change
    told: dict[str, Mapping[str, object] | None] = {}
    for identifier, sentence in store.read("MATCH (f:Finding) RETURN f.id, coalesce(f.sentence, '')"):
        if rename(str(sentence)) != sentence:
            told[str(identifier)] = {"sentence": rename(str(sentence))}
    return Found("Assessment", "id", found), Found("Finding", "id", told)


def runs_naming(store: GraphStore, rename: Rename) -> tuple[Found, Found]:
    """Runs and cursors whose file names name the person."""
    runs: dict[str, Mapping[str, object] | None] = {}
    for identifier, files, author in store.read(
        "MATCH (r:Run) RETURN r.id, coalesce(r.files, ''), coalesce(r.author, '')"
    ):
        before = {"files": str(files), "author": str(author)}
        after = {name: rename(text) for name, text in before.items()}
        if after != before:
            runs[str(identifier)] = {n: t for n, t in after.items() if t != before[n]}
    cursors = {
        str(identifier): None
        for identifier, part in store.read("MATCH (c:Cursor) RETURN c.id, coalesce(c.part, '')")
        if rename(str(part)) != part
    }
    return Found("Run", "id", runs), Found("Cursor", "id", cursors)


def apply(store: GraphStore, found: Found) -> None:
    """Makes the changes of one place, page by page; again it changes nothing."""
    gone = [i for i, change in found.changes.items() if change is None]
    kept = [[i, dict(change)] for i, change in found.changes.items() if change is not None]
    # Labels and keys come from the schema, never from outside.
    for begin in range(0, len(gone), PAGE):
        page = gone[begin : begin + PAGE]
        store.write_with(
            lambda w, page=page: w.run(
                f"UNWIND $ids AS id MATCH (n:{found.label} {{{found.key}: id}}) DETACH DELETE n", ids=page
            )
        )
    for begin in range(0, len(kept), PAGE):
        rows = kept[begin : begin + PAGE]
        store.write_with(
            lambda w, rows=rows: w.run(
                f"UNWIND $rows AS r MATCH (n:{found.label} {{{found.key}: r[0]}}) SET n += r[1]", rows=rows
            )
        )


def rename_interactions(writer: Writer, names: Mapping[str, str]) -> None:
    """Gives interactions new ids (their own named the person); what was split from one follows it."""
    found = writer.run(
        "UNWIND $ids AS id MATCH (i:Interaction {id: id}) WHERE i.split_from IS NULL RETURN i.id, coalesce(i.apart, [])",
        ids=list(names),
    )
    whole: list[list[object]] = []
    split: list[list[str]] = []
    for identifier, apart in found:
        assert isinstance(apart, list)
        name = names[str(identifier)]
        moved = {str(one): name + str(one).removeprefix(str(identifier)) for one in apart}
        whole.append([identifier, name, sorted(moved.values()) or None])
        split += [[one, new, name] for one, new in moved.items()]
    writer.run(
        "UNWIND $rows AS r MATCH (i:Interaction {id: r[0]}) SET i.id = r[1], i.apart = r[2]", rows=whole
    )
    writer.run(
        "UNWIND $rows AS r MATCH (i:Interaction {id: r[0]}) SET i.id = r[1], i.split_from = r[2]", rows=split
    )
