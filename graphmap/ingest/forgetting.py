"""Forgetting a person: out of the graph, the records, what was set aside, decisions and old numbers; and kept out.

The person and their identities go last, so that after an interruption the same command finds them and completes the work.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from graphmap.errors import NotFoundError
from graphmap.ingest.payload import interaction_hash, payload, record_of, row_hash
from graphmap.ingest.placing import Placing
from graphmap.ingest.settling import settle
from graphmap.ingest.suppression import FEWEST, Suppression, forms, mentions, suppress, without
from graphmap.ingest.uniting import unite
from graphmap.records import DisplayName, Interaction, Person
from graphmap.store import erasing, interactions, people, runs, state
from graphmap.store.erasing import FORGOTTEN, Found
from graphmap.store.graphstore import GraphStore
from graphmap.store.interactions import Statement
from graphmap.store.transactions import Writer

PAGE = 500
SHORT = 6
"""An id shorter than this is no word to look for in texts; it is compared as a whole."""


@dataclass(frozen=True)
class Forgotten:
    """What goes, or (dry) would go, place by place. ``suppressed``: how many keyed hashes keep the person out from now on."""

    counts: Mapping[str, int]
    suppressed: int
    dry: bool


@dataclass
class _Person:
    """Everything by which the person is known here."""

    id: str
    keys: frozenset[str]
    ids: frozenset[str] = field(default_factory=frozenset[str])
    addresses: frozenset[str] = field(default_factory=frozenset[str])
    names: frozenset[str] = field(default_factory=frozenset[str])
    forms: frozenset[str] = field(default_factory=frozenset[str])
    pattern: re.Pattern[str] | None = None

    def holds(self, who: str) -> bool:
        """Whether somebody (an id or an address) is this person."""
        return not self.forms.isdisjoint(forms(who))

    def rename(self, text: str) -> str:
        """The text without them."""
        told = text if self.pattern is None else self.pattern.sub(FORGOTTEN, text)
        return told.replace(f"\x02{self.id}\x03", f"\x02{FORGOTTEN}\x03")

    def rename_plan(self, text: str) -> str:
        """A stored JSON without them: ids as a whole, and texts."""
        if not text.startswith("{"):
            return self.rename(text)
        found = json.loads(text)
        changed = self._walked(found)
        return text if changed == found else json.dumps(changed, ensure_ascii=False)

    def _walked(self, value: object) -> object:
        if isinstance(value, dict):
            return {self._walked(k): self._walked(v) for k, v in value.items()}
        if isinstance(value, list):
            return [self._walked(v) for v in value]
        if isinstance(value, str):
            return FORGOTTEN if value == self.id else self.rename(value)
        return value

    def named(self, text: str) -> bool:
        """Whether a text names them: an address, a name, an id as a whole cell or word."""
        return self.rename(text) != text or any(
            re.search(rf"(?<![\w@.+-]){re.escape(i)}(?![\w@.+-])", text) for i in self.ids
        )


def forget(
    store: GraphStore,
    who: str,
    *,
    key: Callable[[], bytes] | None,
    dry: bool,
    author: str,
    now: Callable[[], int],
    wipe_caches: Callable[[], None],
) -> Forgotten:
    """Removes a person from the store.

    ``key`` gives the secret under which they are suppressed, None = they may come back. ``wipe_caches`` removes what lies
    beside the store. Interactions with others stay without them while two participants are left.

    Raises:
        NotFoundError: nobody, or several people, are known by ``who``. ConfigError: the key is not the store's.
    """
    person = _known(store, who)
    found = _found(store, person)
    counts = {name: count for name, count in found.counts().items() if count}
    if dry:
        return Forgotten(counts, 0, dry=True)
    made = 0
    secret = None if key is None else key()
    with state.writing(store, "graphmap forget", now) as renew:
        if secret is not None:
            own = sorted(k for k in person.keys if k in person.forms or not k.startswith("mail:"))
            made = suppress(store, secret, own, author, now())
        run = f"forget-{secrets.token_hex(4)}"
        begun = {"state": "running", "started_at": now(), "author": author, "batches": 0}
        runs.start_run(store, run, "forget", begun)
        done = _leave_out(store, person, found.interactions, run, renew)
        for place in found.places:
            erasing.apply(store, place)
        alias = Suppression(key=secret or secrets.token_bytes()).alias
        renamed = {i: alias(i) for i in found.telltale}
        store.write_with(lambda w: erasing.rename_interactions(w, renamed))
        store.write_with(lambda w: state.bump(w, "epoch"))
        wipe_caches()
        settle(store)
        _drop_rest(store, person)
        told = {**counts, "interactions_changed": done[0], "interactions_deleted": done[1]}
        # The line that stays: when, by whom, how much; never about whom.
        finished = {"state": "finished", "finished_at": now(), "counts": json.dumps(told, sort_keys=True)}
        store.write_with(lambda w: runs.update_run(w, run, finished))
    return Forgotten(told, made, dry=False)


@dataclass(frozen=True)
class _Found:
    interactions: tuple[str, ...]
    places: tuple[Found, ...]
    telltale: tuple[str, ...]
    person: Mapping[str, int]

    def counts(self) -> dict[str, int]:
        """Place by place."""
        counts = {"interactions": len(self.interactions), **self.person}
        for place in self.places:
            counts[f"{place.label.lower()}s_deleted"] = (
                counts.get(f"{place.label.lower()}s_deleted", 0) + place.deleted
            )
            counts[f"{place.label.lower()}s_changed"] = (
                counts.get(f"{place.label.lower()}s_changed", 0) + place.changed
            )
        return counts


def _known(store: GraphStore, who: str) -> _Person:
    found = people.find_people(store, who)
    if len(found) != 1:
        listed = ", ".join(f"{name} ({identifier})" for identifier, name in found)
        message = (
            f'there is no person "{who}"' if not found else f'"{who}" means {len(found)} people: {listed}'
        )
        raise NotFoundError(message, remedy="give the id, an address or the exact name")
    identifier, name = found[0]
    keys = frozenset(people.keys_of(store, identifier))
    person = _Person(identifier, keys)
    person.ids = frozenset({identifier, *(k.removeprefix("id:") for k in keys if k.startswith("id:"))})
    person.addresses = frozenset(k.removeprefix("mail:") for k in keys if k.startswith("mail:"))
    values = {*person.ids, *person.addresses}
    person.forms = frozenset(form for value in values for form in forms(value)) | keys
    names = {name}
    person.forms -= _shared(store, person)
    for _, kind, text, _ in erasing.record_texts(store):
        if kind in ("people", "display_names"):
            record = record_of(kind, text)
            if isinstance(record, Person | DisplayName) and without(record, person.holds, str) is None:
                names.add(record.name)
                if isinstance(record, Person):
                    person.ids |= {*record.aliases}
                    person.forms |= {form for alias in record.aliases for form in forms(alias)}
    person.names = frozenset(n for n in names if len(n) >= 3)
    words = [*person.addresses, *person.names, *(i for i in person.ids if len(i) >= SHORT)]
    if words:
        ordered = sorted(words, key=len, reverse=True)
        person.pattern = re.compile(
            rf"(?<![\w@+-])(?:{'|'.join(map(re.escape, ordered))})(?![\w@+-])", re.IGNORECASE
        )
    return person


def _shared(store: GraphStore, person: _Person) -> set[str]:
    """Forms of addresses that rows of other people list as well: a mailbox of several is nobody's own."""
    found: set[str] = set()
    own = {f"id:{i}" for i in person.ids} | person.keys
    for _, kind, text, _ in erasing.record_texts(store):
        if kind == "people":
            record = record_of(kind, text)
            if isinstance(record, Person) and not own & {f"id:{i}" for i in (record.id, *record.aliases)}:
                found |= {form for a in record.emails if f"mail:{a}" in person.keys for form in forms(a)}
    return found


def _found(store: GraphStore, person: _Person) -> _Found:
    telltale, threads = erasing.telltale_interactions(store, sorted(person.addresses))
    ids = sorted({*erasing.interaction_ids(store, sorted(person.keys)), *threads})
    assessments, told = erasing.assessments_naming(store, sorted(person.ids), person.rename)
    named_runs, cursors = erasing.runs_naming(store, person.rename)
    ((works, tied),) = store.read(
        "MATCH (p:Person {id: $id}) OPTIONAL MATCH (p)-[w:WORKS_AT]->(:Firm) WITH p, count(w) AS works "
        "OPTIONAL MATCH (p)-[t:TIE]-() RETURN works, count(t)",
        id=person.id,
    )
    return _Found(
        tuple(ids),
        (
            _records(store, person),
            erasing.set_aside_rows(store, person.named),
            erasing.proposals_of(store, sorted(person.ids)),
            erasing.decisions_about(store, sorted({*person.keys, *person.ids}), person.rename_plan),
            assessments,
            told,
            named_runs,
            cursors,
        ),
        tuple(i for i in telltale if mentions(i, person.holds)),
        {
            "people": 1, "identities": len(person.keys), "affiliations": int(str(works)), "ties": int(str(tied)),
        },
    )  # fmt: skip


def _records(store: GraphStore, person: _Person) -> Found:
    """Rows about the person go, in every version; rows that name them as owner or manager stay without."""
    changes: dict[str, Mapping[str, object] | None] = {}
    for identifier, kind, text, file in erasing.record_texts(store):
        record = record_of(kind, text)
        left = without(record, person.holds, str)
        if left is None:
            changes[identifier] = None
            continue
        change: dict[str, object] = {}
        if left is not record:
            content = payload(left)
            change |= {"payload": content, "hash": row_hash(content)}
        if person.rename(file) != file:
            change["file"] = person.rename(file)
        if change:
            changes[identifier] = change
    return Found("Record", "id", changes)


def _leave_out(
    store: GraphStore, person: _Person, ids: Sequence[str], run: str, renew: Callable[[Writer], None]
) -> tuple[int, int]:
    placing = Placing(settle(store).master)
    changed = dropped = 0

    def clean(statement: Statement) -> Statement:
        return _without(statement, person)

    for number, begin in enumerate(range(0, len(ids), PAGE)):
        page = ids[begin : begin + PAGE]

        def work(writer: Writer, page: Sequence[str] = page, number: int = number) -> tuple[int, int]:
            done = interactions.leave_out(
                writer, page, clean, f"{run}:{number}", fewest=FEWEST, unite=unite, about=placing.about
            )
            runs.update_run(writer, run, {"batches": number + 1})
            state.bump(writer, "epoch")
            renew(writer)
            return done

        done = store.write_with(work)
        changed, dropped = changed + done[0], dropped + done[1]
    return changed, dropped


def _without(statement: Statement, person: _Person) -> Statement:
    """A statement without the person, hashed anew, so that its source read again without them finds nothing to change."""
    left = tuple(pair for pair in statement.participants if pair[1] not in person.keys)
    thread = None if mentions(statement.thread, person.holds) else statement.thread
    if (left, thread) == (statement.participants, statement.thread):
        return statement
    told = tuple((role, key.partition(":")[2]) for role, key in left)
    kind: object = statement.kind
    said = Interaction("", statement.at, kind, told, statement.direction, thread)  # type: ignore[arg-type]
    hash_ = interaction_hash(said)
    # Copies of one source that are all true are told apart by the beginning of their hash.
    name, mark, _ = statement.name.rpartition(f"#{statement.hash[:12]}")
    return replace(
        statement,
        participants=left,
        thread=thread,
        hash=hash_,
        name=f"{name}#{hash_[:12]}" if mark else statement.name,
    )


def _drop_rest(store: GraphStore, person: _Person) -> None:
    """Whatever settling left of the person: identities that only stood for them."""

    def work(writer: Writer) -> None:
        writer.run(
            "UNWIND $keys AS key MATCH (x:Identity {key: key}) DETACH DELETE x", keys=sorted(person.keys)
        )
        writer.run("MATCH (p:Person {id: $id}) DETACH DELETE p", id=person.id)

    store.write_with(work)
