"""Loading master data: rows become versions in the store; taken ids and unknown references are set aside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from graphmap.ingest.aside import rejected_row, rejection, too_long
from graphmap.ingest.balance import Balance
from graphmap.ingest.payload import KIND_OF, payload, row_hash
from graphmap.ingest.preflight import PlannedPart
from graphmap.ingest.protocol import Options, Raw
from graphmap.ingest.suppression import NOBODY, REASON, Suppression
from graphmap.records import (
    Affiliation,
    Excluded,
    Firm,
    Interaction,
    MasterRecord,
    Opportunity,
    OpportunityRole,
    Origin,
    Person,
    Rejected,
    Sourced,
    TeamRole,
)
from graphmap.store.masterrows import StoredRow

ORDINALS_PER_RUN = 10**9
CANONICAL = "canonical"
"""In the canonical files an address belongs to one row. Elsewhere colleagues do share one: the first row keeps it."""


_IDS = ("id", "firm", "person", "opportunity", "owner", "manager", "parent", "address")
_KEY_LIMIT = 400


def row_key(sourced: Sourced) -> str:
    """The key of a row of master data; an endless source id (of texts in a row without an id) is shortened by a hash."""
    source_id = sourced.source_id
    if len(source_id) > _KEY_LIMIT:
        source_id = f"{source_id[:_KEY_LIMIT]}#{row_hash(source_id)}"
    return f"{sourced.source}|{sourced.object}|{source_id}"


@dataclass
class KnownMaster:
    """What the store and this import know so far: hashes by key, ids of firms, people and deals, addresses of this set."""

    hashes: dict[str, tuple[str, str]]
    firms: set[str] = field(default_factory=set[str])
    people: set[str] = field(default_factory=set[str])
    opportunities: set[str] = field(default_factory=set[str])
    addresses: dict[str, str] = field(default_factory=dict[str, str])
    seen: set[str] = field(default_factory=set[str])
    place: int = 0
    on_excluded: Callable[[Excluded], None] = lambda _excluded: None
    suppression: Suppression = NOBODY
    kinds: dict[str, set[tuple[str, str]]] = field(default_factory=dict[str, set[tuple[str, str]]])
    """Per part the (source, object) of the rows that it held."""


@dataclass
class MasterBatch:
    """Rows of one transaction."""

    rows: list[StoredRow] = field(default_factory=list[StoredRow])
    rejects: list[dict[str, object]] = field(default_factory=list[dict[str, object]])


def load_part(
    planned: PlannedPart,
    options: Options,
    known: KnownMaster,
    run: str,
    sequence: int,
    size: int,
    commit: Callable[[MasterBatch, Balance, int, int], None],
) -> Balance:
    """Reads one part of master data; ``commit(batch, balance, offset, line)`` writes each batch with its cursor."""
    balance = Balance()
    batch = MasterBatch()
    offset, line = 0, 0
    for raw in planned.importer.read(planned.part, options):
        balance.read += 1
        converted = raw if isinstance(raw, Rejected) else planned.importer.convert(raw, planned.part, options)
        text = raw.text if isinstance(raw, Raw) else None
        if isinstance(raw, Raw):
            offset, line = raw.end, raw.origin.line or line
        if isinstance(converted, Excluded):
            balance.excluded[converted.reason] += 1
            known.on_excluded(converted)
        elif isinstance(converted, Rejected):
            if known.suppression.mentioned(converted.raw) or known.suppression.mentioned(converted.value):
                _leave_out(converted.origin, known, balance)
            else:
                _set_aside(converted, planned, run, batch, balance)
        else:
            _take(converted, text, planned, known, run, sequence, batch, balance)
        if len(batch.rows) + len(batch.rejects) >= size:
            commit(batch, balance, offset, line)
            batch = MasterBatch()
    commit(batch, balance, offset, line)
    return balance


def _leave_out(origin: Origin, known: KnownMaster, balance: Balance) -> None:
    balance.excluded[REASON] += 1
    known.on_excluded(Excluded(origin, REASON))


def _set_aside(
    rejected: Rejected, planned: PlannedPart, run: str, batch: MasterBatch, balance: Balance
) -> None:
    balance.quarantined[rejected.code] += 1
    batch.rejects.append(rejected_row(rejected, planned, run))


def _take(
    records: tuple[Sourced, ...],
    text: str | None,
    planned: PlannedPart,
    known: KnownMaster,
    run: str,
    sequence: int,
    batch: MasterBatch,
    balance: Balance,
) -> None:
    """One source record: its outcome is the strongest of its records' (new, then updated, then unchanged)."""
    outcomes: set[str] = set()
    for sourced in records:
        assert not isinstance(sourced.record, Interaction)
        record = known.suppression.without(sourced.record)
        if record is None:
            outcomes.add(REASON)
            continue
        key = row_key(sourced)
        content = payload(record)
        hash_ = row_hash(content)
        if key in known.seen:
            if not isinstance(record, Firm | Person | Opportunity):
                outcomes.add("duplicate")
                continue
            taken = _taken(sourced, "id", record.id, text)
            if known.suppression.mentioned(text):
                _leave_out(sourced.origin, known, balance)
                return
            _set_aside(taken, planned, run, batch, balance)
            return
        refused = _refuse(record, sourced, known, text)
        if refused is not None and known.suppression.mentioned(text):
            _leave_out(sourced.origin, known, balance)
            return
        if refused is not None:
            _set_aside(refused, planned, run, batch, balance)
            return
        known.seen.add(key)
        known.kinds.setdefault(planned.name, set()).add((sourced.source, sourced.object))
        _remember(record, known, sourced.source)
        known.place += 1
        before = known.hashes.get(key)
        outcome = "new" if before is None else "unchanged" if before[0] == hash_ else "updated"
        outcomes.add(outcome)
        balance.notices.update(notice.code for notice in sourced.notices)
        if outcome != "unchanged":
            batch.rows.append(
                StoredRow(
                    key, sourced.source, sourced.object, KIND_OF[type(record)], run,
                    sequence * ORDINALS_PER_RUN + known.place, sourced.origin.file, sourced.origin.line, hash_, content,
                    planned.importer.name,
                )
            )  # fmt: skip
    for name in ("new", "updated", "unchanged", "duplicate"):
        if name in outcomes:
            setattr(balance, name, getattr(balance, name) + 1)
            return
    balance.excluded[REASON if REASON in outcomes else "empty"] += 1


def _taken(sourced: Sourced, column: str, value: str, text: str | None) -> Rejected:
    what = "id" if column == "id" else "address"
    return rejection(
        sourced.origin, f"taken_{what}", f'"{value}" is already taken by an earlier row', column, value,
        "give every row its own; history of one person belongs in affiliations.csv", text,
    )  # fmt: skip


def _unknown(sourced: Sourced, column: str, value: str, what: str, text: str | None) -> Rejected:
    return rejection(
        sourced.origin, f"unknown_{what}", f'"{value}" is no {what} in these files or in the store', column, value,
        f"add the {what}, then run graphmap quarantine retry or import the file again", text,
    )  # fmt: skip


def _refuse(record: MasterRecord, sourced: Sourced, known: KnownMaster, text: str | None) -> Rejected | None:
    """Why a row is set aside: an id that is too long, an address of another row, a firm or person nobody knows."""
    ids = [value for name in _IDS if isinstance(value := getattr(record, name, None), str)]
    more = [*getattr(record, "emails", ()), *getattr(record, "aliases", ())]
    endless = too_long(sourced.origin, "id", [*ids, *more], text)
    if endless is not None:
        return endless
    if isinstance(record, Person):
        for address in record.emails:
            holder = known.addresses.get(f"{sourced.source}|{address}")
            if holder is not None and holder != record.id and sourced.source == CANONICAL:
                return _taken(sourced, "emails", address, text)
        if record.firm is not None and record.firm not in known.firms:
            return _unknown(sourced, "firm", record.firm, "firm", text)
    elif isinstance(record, Affiliation):
        if record.person not in known.people:
            return _unknown(sourced, "person", record.person, "person", text)
        if record.firm not in known.firms:
            return _unknown(sourced, "firm", record.firm, "firm", text)
    elif isinstance(record, Opportunity):
        if record.firm is not None and record.firm not in known.firms:
            return _unknown(sourced, "firm", record.firm, "firm", text)
    elif isinstance(record, OpportunityRole):
        if record.opportunity not in known.opportunities:
            return _unknown(sourced, "opportunity", record.opportunity, "opportunity", text)
        if record.person not in known.people:
            return _unknown(sourced, "person", record.person, "person", text)
    elif isinstance(record, TeamRole):
        if record.firm not in known.firms:
            return _unknown(sourced, "firm", record.firm, "firm", text)
        if record.person not in known.people:
            return _unknown(sourced, "person", record.person, "person", text)
    return None


def _remember(record: MasterRecord, known: KnownMaster, source: str) -> None:
    remember_ids(record, known)
    if isinstance(record, Person):
        known.addresses.update({f"{source}|{address}": record.id for address in record.emails})


def remember_ids(record: MasterRecord, known: KnownMaster) -> None:
    """What later rows may refer to: ids and aliases of firms and people, ids of deals."""
    if isinstance(record, Firm):
        known.firms.update((record.id, *record.aliases))
    elif isinstance(record, Person):
        known.people.update((record.id, *record.aliases))
    elif isinstance(record, Opportunity):
        known.opportunities.add(record.id)
