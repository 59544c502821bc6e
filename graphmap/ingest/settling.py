"""Settling: resolves who is who from everything stored and rewrites only the people, firms and deals that differ.

Running it again writes nothing. Interrupted anywhere, the next run finishes the same work.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from graphmap.ingest.bounced import bounced_keys
from graphmap.ingest.identity import resolve
from graphmap.ingest.identity_keys import account_key, id_key, mail_key
from graphmap.ingest.master import (
    Decided,
    Master,
    MasterRow,
    ResolvedFirm,
    ResolvedOpportunity,
    ResolvedPerson,
    content_hash,
    find_person,
)
from graphmap.ingest.payload import master_row
from graphmap.ingest.people import SEEN
from graphmap.ingest.placing import Placing
from graphmap.records import Affiliation, Bounce, DisplayName, Firm, Opportunity, Person
from graphmap.store import interactions, masterdata, state
from graphmap.store.decisions import decisions
from graphmap.store.graphstore import GraphStore
from graphmap.store.masterrows import StoredRow, current_rows
from graphmap.store.proposals import StoredProposal, save_proposals
from graphmap.store.transactions import Writer

T = TypeVar("T")
PAGE = 2_000
KEY_PAGE = 200
UNSETTLED = "unsettled"
"""The mark that stands while master data is rewritten: whoever finds it rewrites everything, for it was interrupted."""


@dataclass(frozen=True, slots=True)
class Settled:
    """The resolved master data, the identity keys in the store, and how many nodes were written or removed."""

    master: Master
    keys: set[str]
    written: int


def firm_node(firm: ResolvedFirm) -> tuple[str, dict[str, object]]:
    """A firm's node as (id, properties), with the hash of everything that hangs on it."""
    props: dict[str, object] = {
        "name": firm.name, "kind": firm.kind, "domains": firm.domains, **firm.properties,
        "source_ids": sorted(firm.source_ids), "made": firm.made or None,
    }  # fmt: skip
    return firm.id, {**props, "hash": content_hash([props, firm.parent, firm.owner])}


def person_node(person: ResolvedPerson) -> tuple[str, dict[str, object]]:
    """A person's node as (id, properties), with the hash of everything and that of identities and affiliations."""
    props: dict[str, object] = {
        "name": person.name, "title": person.title, "department": person.department, "seniority": person.seniority,
        "team": person.team, "opt_out": person.opt_out, "source_ids": sorted(person.source_ids), "made": person.made or None,
    }  # fmt: skip
    work = [_work_props(w) | {"firm": w.firm} for w in person.works_at]
    placed = content_hash(
        [
            sorted(person.identities),
            [[w.firm, w.valid_from, w.valid_to, w.precedence] for w in person.works_at],
        ]
    )
    whole = content_hash(
        [props, sorted(person.identities.items()), work, person.manager, sorted(person.serves)]
    )
    return person.id, {**props, "hash": whole, "placed": placed}


def _work_props(work: object) -> dict[str, object]:
    names = (
        "title",
        "department",
        "seniority",
        "valid_from",
        "valid_to",
        "precedence",
        "via",
        "read_from_title",
        "ended_by",
    )
    return {n: getattr(work, n) for n in names if getattr(work, n) is not None}


def person_rows(people: Iterable[ResolvedPerson]) -> masterdata.PersonRows:
    """What has to be written for these people."""
    people = list(people)
    return masterdata.PersonRows(
        nodes=[person_node(p) for p in people],
        known_as=[
            [p.id, key, kind, value] for p in people for key, (kind, value) in sorted(p.identities.items())
        ],
        works_at=[[p.id, w.firm, _work_props(w)] for p in people for w in p.works_at],
        reports_to=[[p.id, p.manager[0], p.manager[1]] for p in people if p.manager is not None],
        serves=[[p.id, firm, role, via] for p in people for firm, role, via in p.serves],
    )


def firm_rows(firms: Sequence[ResolvedFirm], master: Master, keys: Iterable[str]) -> masterdata.FirmRows:
    """What has to be written for these firms: channels hang on our first firm, unnamed contacts on their account."""
    ids = {firm.id for firm in firms}
    known: list[list[object]] = []
    for key in sorted(k for k in keys if k.startswith(("channel:", "account:"))):
        kind, _, value = key.partition(":")
        holder = master.own_firm if kind == "channel" else master.firm_id(value)
        if holder in ids:
            known.append([holder, key, kind, value])
    return masterdata.FirmRows(
        nodes=[firm_node(firm) for firm in firms],
        part_of=[[firm.id, firm.parent] for firm in firms if firm.parent is not None],
        owns=[[firm.id, firm.owner[0], firm.owner[1]] for firm in firms if firm.owner is not None],
        known_as=known,
    )


def _opportunity_node(deal: ResolvedOpportunity) -> tuple[str, dict[str, object]]:
    props: dict[str, object] = {**deal.properties, "source_ids": sorted(deal.source_ids)}
    return deal.id, {**props, "hash": content_hash([props, deal.firm, deal.owner, sorted(deal.roles)])}


def _opportunity_rows(deals: Sequence[ResolvedOpportunity]) -> masterdata.OpportunityRows:
    return masterdata.OpportunityRows(
        nodes=[_opportunity_node(deal) for deal in deals],
        of_firm=[[deal.id, deal.firm] for deal in deals if deal.firm is not None],
        handles=[[deal.id, *deal.owner] for deal in deals if deal.owner is not None],
        role_in=[[deal.id, person, role, via] for deal in deals for person, role, via in deal.roles],
    )


def settle(store: GraphStore, run: str = "") -> Settled:
    """Resolves everything and writes the differences; ``run`` is the import whose rows are new."""
    stored = current_rows(store)
    rows = [master_row(row) for row in stored]
    keys = set(masterdata.identity_keys(store))
    decided = [Decided(d.kind, d.identity, d.field, d.value, d.at) for d in decisions(store)]
    keys -= _drop_lonely(store, keys, rows)
    written = interactions.last_written(store, bounced_keys(rows))
    master = resolve(rows, keys, decided, written)
    changed = _write_master(store, master, keys)
    _hold_firm_identities(store, master, keys)
    _state_records(store, master, rows, stored, changed, run)
    save_proposals(store, _proposals(master))
    state.unmark(store, UNSETTLED) if changed.count else None
    stated = {key for person in master.people.values() for key in person.identities}
    return Settled(master, keys | stated, changed.count)


def _proposals(master: Master) -> list[StoredProposal]:
    """Pairs of people as the comparison of their records proposes them; nobody is proposed to be themselves."""
    if master.compared is None:
        return []
    found: list[StoredProposal] = []
    for proposal in master.compared.proposals:
        one, other = (
            _holder(key, ref, master)
            for key, ref in zip(proposal.keys, (proposal.one, proposal.other), strict=True)
        )
        if one is not None and other is not None and one != other:
            found.append(StoredProposal(one, other, proposal.keys, proposal.score, proposal.reasons))
    return list({p.id: p for p in found}.values())


def _holder(key: str, ref: tuple[str, str], master: Master) -> str | None:
    """Whom an identity of a record stands for; an address in its plain form for whoever has it in any."""
    if key in master.person_of:
        return master.person_of[key]
    return master.person_of.get(ref[1]) if ref[0] == SEEN else master.of_record.get(ref[1])


def _drop_lonely(store: GraphStore, keys: set[str], rows: Sequence[MasterRow]) -> set[str]:
    """Identities that no row states and that took part in nothing have no reason to be."""
    people = [row.record for row in rows if isinstance(row.record, Person)]
    stated = {id_key(known) for person in people for known in (person.id, *person.aliases)}
    stated.update(mail_key(address) for person in people for address in person.emails)
    candidates = sorted(k for k in keys - stated)
    lonely: set[str] = set()
    for begin in range(0, len(candidates), PAGE):
        page = candidates[begin : begin + PAGE]
        found = masterdata.lonely_identities(store, page)
        if found:
            store.write_with(lambda w, found=found: masterdata.delete_identities(w, found))
            lonely.update(found)
    return lonely


@dataclass(frozen=True, slots=True)
class _Written:
    """What was rewritten: (label, id) of every node, and how many nodes were written or removed."""

    nodes: frozenset[tuple[str, str]]
    count: int


def _write_master(store: GraphStore, master: Master, keys: set[str]) -> _Written:
    firms_before = masterdata.hashes(store, "Firm")
    people_before = masterdata.hashes(store, "Person")
    deals_before = masterdata.hashes(store, "Opportunity")
    gone_people = sorted(set(people_before) - set(master.people))
    gone_firms = sorted(set(firms_before) - set(master.firms))
    gone_deals = sorted(set(deals_before) - set(master.opportunities))
    interrupted = state.is_marked(store, UNSETTLED)
    if interrupted:  # a node may carry its new hash while what hangs on it is still the old
        firms_before, people_before, deals_before = {}, dict.fromkeys(people_before, ("", "")), {}
    firms = [
        f for f in master.firms.values() if firms_before.get(f.id, ("", ""))[0] != firm_node(f)[1]["hash"]
    ]
    people = [
        p for p in master.people.values() if people_before.get(p.id, ("", ""))[0] != person_node(p)[1]["hash"]
    ]
    deals = [
        d
        for d in master.opportunities.values()
        if deals_before.get(d.id, ("", ""))[0] != _opportunity_node(d)[1]["hash"]
    ]
    count = len(firms) + len(people) + len(deals) + len(gone_people) + len(gone_firms) + len(gone_deals)
    if not count:
        return _Written(frozenset(), 0)
    moved = [p.id for p in people if people_before.get(p.id, ("", ""))[1] != person_node(p)[1]["placed"]]
    affected = set(
        masterdata.keys_of_people(store, [i for i in [*moved, *gone_people] if i in people_before])
    )
    affected.update(key for i in moved for key in master.people[i].identities)
    rewritten = {f.id for f in firms}
    affected.update(map(account_key, (*rewritten, *gone_firms)))
    affected.update(account_key(alias) for alias, firm in master.firm_alias.items() if firm in rewritten)
    state.mark(store, UNSETTLED)
    for page in _pages(firms):
        store.write_with(lambda w, page=page: masterdata.write_firms(w, firm_rows(page, master, keys)))
    for page in _pages(people):
        store.write_with(lambda w, page=page: masterdata.write_people(w, person_rows(page)))
    _write_edges(store, master, firms, people, deals, keys)

    def remove(writer: Writer) -> None:
        masterdata.delete_nodes(writer, "Opportunity", gone_deals)
        masterdata.delete_nodes(writer, "Person", gone_people)
        masterdata.delete_nodes(writer, "Firm", gone_firms)
        state.bump(writer, "master")

    store.write_with(remove)
    renew_about(store, master, sorted(keys if interrupted else affected & keys))
    nodes = [
        *(("Firm", f.id) for f in firms),
        *(("Person", p.id) for p in people),
        *(("Opportunity", d.id) for d in deals),
    ]
    return _Written(frozenset(nodes), count)


def _write_edges(
    store: GraphStore,
    master: Master,
    firms: Sequence[ResolvedFirm],
    people: Sequence[ResolvedPerson],
    deals: Sequence[ResolvedOpportunity],
    keys: set[str],
) -> None:
    for page in _pages(firms):
        store.write_with(lambda w, page=page: masterdata.write_firm_edges(w, firm_rows(page, master, keys)))
    for page in _pages(people):
        store.write_with(lambda w, page=page: masterdata.write_managers(w, person_rows(page).reports_to))
    for page in _pages(deals):
        store.write_with(lambda w, page=page: masterdata.write_opportunities(w, _opportunity_rows(page)))


def _hold_firm_identities(store: GraphStore, master: Master, keys: set[str]) -> None:
    """Channels hang on our first firm and unnamed contacts on their account, whoever held them before."""
    held = masterdata.firm_identities(store)
    rows: list[list[object]] = [
        [firm, key, "mail", key.removeprefix("mail:")]
        for key, firm in sorted(master.groups.items())
        if firm is not None and key in keys and held.get(key) != firm
    ]
    loose = [k for k in held if k.startswith("mail:") and master.groups.get(k) is None]
    if loose:
        store.write_with(lambda w: masterdata.let_go(w, loose))
    for key in sorted(k for k in keys if k.startswith(("channel:", "account:"))):
        kind, _, value = key.partition(":")
        holder = master.own_firm if kind == "channel" else master.firm_id(value)
        if holder in master.firms and held.get(key) != holder:
            rows.append([holder, key, kind, value])
    for page in _pages(rows):
        store.write_with(lambda w, page=page: masterdata.attach_to_firms(w, page))


def _state_records(
    store: GraphStore,
    master: Master,
    rows: Sequence[MasterRow],
    stored: Sequence[StoredRow],
    written: _Written,
    run: str,
) -> None:
    """Points every current row at what it speaks of: the new rows, and those of what was rewritten."""
    edges: list[tuple[str, str, str]] = []
    for row, version in zip(rows, stored, strict=True):
        subject = _subject(row, master)
        if subject is not None and (version.run == run or subject in written.nodes):
            edges.append((f"{version.key}@{version.run}", *subject))
    for page in _pages(edges):
        store.write_with(lambda w, page=page: masterdata.state_rows(w, page))


def _subject(row: MasterRow, master: Master) -> tuple[str, str] | None:
    """(label, id) of what a row speaks of; where and in what deal somebody works is about that person."""
    record = row.record
    if isinstance(record, Firm):
        return "Firm", master.firm_alias.get(record.id, record.id)
    if isinstance(record, DisplayName | Bounce):
        person = master.person_of.get(mail_key(record.address))
        return None if person is None else ("Person", person)
    if isinstance(record, Opportunity):
        return "Opportunity", record.id
    who = record.id if isinstance(record, Person) else record.person
    found = find_person(who, master) if not isinstance(record, Person | Affiliation) else None
    person = found[0] if found is not None else master.person_of.get(id_key(who))
    return None if person is None else ("Person", person)


def renew_about(store: GraphStore, master: Master, keys: Sequence[str]) -> None:
    """Renews which accounts the interactions of these identities concern."""
    placing = Placing(master)
    for begin in range(0, len(keys), KEY_PAGE):
        found = interactions.participants_of(store, keys[begin : begin + KEY_PAGE])
        about = [(i, placing.about(at, parts)) for i, (at, parts) in sorted(found.items())]
        for page in _pages(about):
            store.write_with(lambda w, page=page: interactions.set_about(w, page))


def _pages(things: Sequence[T]) -> Iterable[Sequence[T]]:
    for begin in range(0, len(things), PAGE):
        yield things[begin : begin + PAGE]
