"""Who is who, as pure rules: from the current rows of master data, the addresses seen and human decisions to people and firms.

The result does not depend on the order of imports: the same rows, identities and decisions give the same graph.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from graphmap.ingest.bounced import end_bounced
from graphmap.ingest.identity_keys import domain_of, id_key, is_company, mail_key
from graphmap.ingest.master import (
    Decided,
    Master,
    MasterRow,
    ResolvedFirm,
    ResolvedOpportunity,
    ResolvedPerson,
    WorksAt,
    find_person,
)
from graphmap.ingest.people import APART, JOINED, LISTS, SEEN, PersonRow, compare, id_of, is_needed
from graphmap.ingest.resolution.keys import mail_key as comparable
from graphmap.ingest.resolution.mentions import HumanDecision
from graphmap.ingest.resolution.titles import department_of, seniority_of
from graphmap.records import (
    Affiliation,
    DisplayName,
    Firm,
    Opportunity,
    OpportunityRole,
    Person,
    TeamRole,
)

FIRM = "firm:"
"""How the identity of a decision about a firm begins; all others are keys of people."""
FIRM_FIELDS = ("segment", "industry", "territory", "team", "currency", "renewal_on")
"""Texts about a firm that a human may set."""
AFFILIATIONS_FIRST = 10**15
"""An affiliations row outranks a people row that starts on the same day."""


def resolve(
    rows: Iterable[MasterRow],
    identities: Iterable[str],
    decisions: Sequence[Decided],
    written: Mapping[str, int] | None = None,
) -> Master:
    """People and firms from rows, identity keys seen in interactions, and decisions.

    ``written``: when the last mail came from an address (by key) that mails came back from.
    """
    ordered = sorted(rows, key=lambda row: (row.ordinal, row.key))
    own_domains = {d.value.lower() for d in decisions if d.kind == "own_domain"}
    alias = winners((r.record.id, r.record.aliases) for r in ordered if isinstance(r.record, Firm))
    firms = _firms(ordered, own_domains, alias)
    listed = bool(firms)
    _own_firm_for_domains(firms, own_domains)
    firm_words = [d for d in decisions if d.kind == "set" and d.identity.startswith(FIRM)]
    _decide_firms(firms, firm_words, alias)
    domains = _domains(firms)
    names = _display_names(ordered)
    master = Master(firms, {}, {}, {}, domains, listed, own_domains, alias, names)
    identities = list(identities)
    if not listed:
        _firms_of_strangers(master, ordered, identities)
    said = [d for d in decisions if d.kind in (JOINED, APART)]
    if is_needed((row.importer, row.record) for row in ordered):
        _compared_people(ordered, identities, said, master)
    elif said:  # of lists alone only what was decided is joined, and only those addresses that it speaks of
        spoken = {key for d in said for key in (d.identity, d.value)}
        _compared_people(ordered, [key for key in identities if key in spoken], said, master)
    else:
        master.people, master.person_of = _people(ordered)
    _affiliations(ordered, master)
    _placed_by_address(master, ordered)
    _made(master, identities)
    _owners_and_managers(ordered, master)
    _decide_owners(master, firm_words)
    _teams(ordered, master)
    _opportunities(ordered, master)
    _read_titles(master, ordered)
    end_bounced(master, ordered, written or {})
    _decide(master, decisions)
    return master


def winners(rows: Iterable[tuple[str, Sequence[str]]]) -> dict[str, str]:
    """Of rows (id, aliases) which id each alias stands for in the end; a circle of aliases stands for its smallest id.

    >>> winners([("c", ["b"]), ("b", ["a"]), ("d", [])]) == {"a": "c", "b": "c"}
    True
    >>> winners([("x", ["y"]), ("y", ["x"])])
    {'y': 'x'}
    """
    direct: dict[str, str] = {}
    for identifier, aliases in rows:
        for alias in aliases:
            if alias != identifier:
                direct.setdefault(alias, identifier)
    found: dict[str, str] = {}
    for alias in direct:
        seen = [alias]
        while seen[-1] in direct and direct[seen[-1]] not in seen:
            seen.append(direct[seen[-1]])
        circle = seen[-1] in direct
        end = min(seen[seen.index(direct[seen[-1]]) :]) if circle else seen[-1]
        if alias != end:
            found[alias] = end
    return found


def _firms(
    rows: Sequence[MasterRow], own_domains: set[str], alias: Mapping[str, str]
) -> dict[str, ResolvedFirm]:
    firms: dict[str, ResolvedFirm] = {}
    own = set(own_domains)
    own.update(
        d for r in rows if isinstance(r.record, Firm) and r.record.kind == "own" for d in r.record.domains
    )
    for row in rows:
        record = row.record
        if not isinstance(record, Firm):
            continue
        kind = record.kind or ("own" if own & set(record.domains) else "account")
        identifier = alias.get(record.id, record.id)
        firm = firms.setdefault(identifier, ResolvedFirm(identifier, record.name, kind))
        if identifier == record.id:
            firm.name, firm.kind = record.name, kind
        firm.domains += [d for d in record.domains if d not in firm.domains]
        firm.parent = record.parent or firm.parent
        firm.source_ids.append(row.source_ref)
        for name in ("segment", "industry", "territory", "team", "annual_value", "currency", "renewal_on"):
            value = getattr(record, name)
            if value is not None:
                firm.properties[name] = value
    for firm in firms.values():
        if firm.parent is not None:
            parent = alias.get(firm.parent, firm.parent)
            firm.parent = parent if parent in firms and parent != firm.id else None
    return firms


def _decide_firms(
    firms: dict[str, ResolvedFirm], decisions: Sequence[Decided], alias: Mapping[str, str]
) -> None:
    """What a human set about firms wins over every import; a domain that was set to be something is a firm from then on."""
    for decision in sorted(decisions, key=lambda d: d.at):
        identifier = decision.identity.removeprefix(FIRM)
        identifier = alias.get(identifier, identifier)
        if identifier not in firms and decision.field == "kind":
            taken = any(identifier in firm.domains for firm in firms.values())
            if taken or "." not in identifier:
                continue
            firms[identifier] = ResolvedFirm(identifier, identifier, decision.value, [identifier], made=True)
        firm = firms.get(identifier)
        if firm is None:
            continue
        if decision.field in ("name", "kind"):
            setattr(firm, decision.field, decision.value)
        elif decision.field == "parent":
            parent = alias.get(decision.value, decision.value)
            firm.parent = parent if parent in firms and parent != identifier else None
        elif decision.field == "annual_value":
            firm.properties["annual_value"] = float(decision.value)
        elif decision.field in FIRM_FIELDS:
            firm.properties[decision.field] = decision.value


def _decide_owners(master: Master, decisions: Sequence[Decided]) -> None:
    for decision in sorted(decisions, key=lambda d: d.at):
        firm = master.firm_id(decision.identity.removeprefix(FIRM))
        who = master.person_of.get(decision.value)
        if decision.field == "owner" and firm is not None and who is not None:
            master.firms[firm].owner = (who, decision.value)


def _read_titles(master: Master, rows: Sequence[MasterRow]) -> None:
    """What a title says of seniority and department, where no source does. Lists of the user's own say all that they mean to say."""
    told = {id_key(row.record.id) for row in rows if row.importer in LISTS and isinstance(row.record, Person)}
    for person in master.people.values():
        if told.isdisjoint(person.identities):
            person.works_at = [_with_title_read(work) for work in person.works_at]


def _with_title_read(work: WorksAt) -> WorksAt:
    if not work.title or (work.seniority is not None and work.department is not None):
        return work
    level = seniority_of(work.title) if work.seniority is None else None
    where = department_of(work.title) if work.department is None else None
    said = [f"seniority by the rule {level.rule!r}"] if level is not None else []
    said += [f"department by the rule {where.rule!r}"] if where is not None else []
    return replace(
        work,
        seniority=level.value if level is not None else work.seniority,
        department=where.value if where is not None else work.department,
        read_from_title="; ".join(said) or None,
    )


def _own_firm_for_domains(firms: dict[str, ResolvedFirm], own_domains: set[str]) -> None:
    """Domains declared as ours belong to an own firm; without one, a firm is made for them."""
    taken = {d for firm in firms.values() for d in firm.domains}
    missing = sorted(own_domains - taken)
    if not missing:
        return
    own = min((f.id for f in firms.values() if f.kind == "own"), default=None)
    if own is None:
        firms[missing[0]] = ResolvedFirm(missing[0], missing[0], "own", missing, made=True)
    else:
        firms[own].domains += missing


def _domains(firms: Mapping[str, ResolvedFirm]) -> dict[str, str]:
    """Of two firms with one domain the first row has it."""
    domains: dict[str, str] = {}
    for firm in firms.values():
        for domain in firm.domains:
            domains.setdefault(domain, firm.id)
    return domains


def _people(rows: Sequence[MasterRow]) -> tuple[dict[str, ResolvedPerson], dict[str, str]]:
    """People rows; across sources an equal address joins, within one source the first row keeps it."""
    people: dict[str, ResolvedPerson] = {}
    person_of: dict[str, str] = {}
    sources: dict[str, str] = {}
    merged = winners((r.record.id, r.record.aliases) for r in rows if isinstance(r.record, Person))
    alias: dict[str, str] = {}
    for row in rows:
        record = row.record
        if not isinstance(record, Person):
            continue
        own_id = merged.get(record.id, record.id)
        mails = [mail_key(address) for address in record.emails]
        held = [person_of[m] for m in mails if m in person_of and sources[m] != row.source]
        who = alias.get(own_id) or (held[0] if held else own_id)
        alias[own_id] = who
        person = _stated(row, record, who, people, person_of)
        for mail in mails:
            if person_of.setdefault(mail, who) == who:
                person.identities[mail] = ("mail", mail.removeprefix("mail:"))
                sources.setdefault(mail, row.source)
    return people, person_of


def _stated(
    row: MasterRow, record: Person, who: str, people: dict[str, ResolvedPerson], person_of: dict[str, str]
) -> ResolvedPerson:
    """What one row states of its person beside addresses; the newest wins."""
    person = people.setdefault(who, ResolvedPerson(who, record.name))
    person.name = record.name or person.name
    for name in ("title", "department", "seniority", "team", "opt_out"):
        value = getattr(record, name)
        if value is not None:
            setattr(person, name, value)
    person.source_ids.append(row.source_ref)
    for known in (record.id, *record.aliases):
        if person_of.setdefault(id_key(known), who) == who:
            person.identities[id_key(known)] = ("id", known)
    if record.manager is not None:
        person.manager = (record.manager, id_key(record.id))
    return person


def _firms_of_strangers(master: Master, rows: Sequence[MasterRow], identities: Iterable[str]) -> None:
    """While no source lists firms, the domain of every address that no row lists is a firm."""
    listed = {mail_key(a) for row in rows if isinstance(row.record, Person) for a in row.record.emails}
    for domain in sorted({domain_of(k) for k in identities if k.startswith("mail:") and k not in listed}):
        if domain not in master.firm_of_domain and is_company(domain):
            master.firms[domain] = ResolvedFirm(domain, domain, "account", [domain], made=True)
            master.firm_of_domain[domain] = domain


def _compared_people(
    ordered: Sequence[MasterRow], identities: Sequence[str], decisions: Sequence[Decided], master: Master
) -> None:
    """People as the records of all sources, compared by the rules of ``resolution``, make them."""
    rows = {
        row.key: _person_row(row, row.record, master) for row in ordered if isinstance(row.record, Person)
    }
    seen = sorted(key for key in identities if key.startswith("mail:"))
    said = [
        HumanDecision("joined" if d.kind == JOINED else "apart", d.identity, d.value, d.at) for d in decisions
    ]
    found = compare(list(rows.values()), seen, master.names, master.firm_at, said)
    master.compared = found
    holder = {ref: id_of(cluster.members, rows) for cluster in found.clusters for ref in cluster.members}
    for row in ordered:
        if isinstance(row.record, Person):
            master.of_record[row.key] = holder[row.source, row.key]
            _take_row(row, row.record, holder[row.source, row.key], found.no_identity, master)
    for key in seen:
        if comparable(key) in found.no_identity:
            master.groups[key] = master.firm_at(key)[0]
        elif (SEEN, key) in holder and key not in master.person_of:
            who = holder[SEEN, key]
            if who not in master.people:
                continue  # nobody but addresses: made like any other stranger
            master.people[who].identities[key] = ("mail", key.removeprefix("mail:"))
            master.person_of[key] = who
    _other_spellings(seen, master)


def _other_spellings(seen: Sequence[str], master: Master) -> None:
    """An address with a tag or other dots belongs to whom the plain one belongs to."""
    plain = {comparable(key): who for key, who in master.person_of.items() if key.startswith("mail:")}
    for key in seen:
        who = plain.get(comparable(key))
        if who is not None and key not in master.person_of and key not in master.groups:
            master.people[who].identities[key] = ("mail", key.removeprefix("mail:"))
            master.person_of[key] = who


def _person_row(row: MasterRow, record: Person, master: Master) -> PersonRow:
    firm = master.firm_id(record.firm)
    ours = None if firm is None else master.firms[firm].kind == "own"
    return PersonRow(row.key, row.source, row.importer, record, firm, ours)


def _take_row(
    row: MasterRow, record: Person, who: str, no_identity: Mapping[str, str], master: Master
) -> None:
    """One row's statements about its person, with the addresses that name nobody else."""
    person = _stated(row, record, who, master.people, master.person_of)
    for address in record.emails:
        key = mail_key(address)
        if comparable(address) in no_identity:
            master.groups[key] = master.firm_at(address)[0]
        elif master.person_of.setdefault(key, who) == who:
            person.identities[key] = ("mail", key.removeprefix("mail:"))


def _placed_by_address(master: Master, rows: Sequence[MasterRow]) -> None:
    """Whose rows name no firm works where the domain of an address says; the ids of a list of the user's own say it themselves."""
    told = {id_key(row.record.id) for row in rows if row.importer in LISTS and isinstance(row.record, Person)}
    for person in master.people.values():
        if person.works_at or not told.isdisjoint(person.identities):
            continue
        for key in sorted(k for k in person.identities if k.startswith("mail:")):
            firm = master.firm_of_domain.get(domain_of(key))
            if firm is not None:
                person.works_at.append(
                    WorksAt(firm, person.title, person.department, person.seniority, None, None, 0, key)
                )
                break


def _affiliations(rows: Sequence[MasterRow], master: Master) -> None:
    for row in rows:
        record = row.record
        if isinstance(record, Person) and record.firm is not None:
            firm, who, rank = record.firm, record.id, row.ordinal
        elif isinstance(record, Affiliation):
            firm, who, rank = record.firm, record.person, row.ordinal + AFFILIATIONS_FIRST
        else:
            continue
        key = id_key(who)
        firm = master.firm_id(firm)
        if firm is not None and key in master.person_of:
            master.people[master.person_of[key]].works_at.append(
                WorksAt(
                    firm,
                    record.title,
                    record.department,
                    record.seniority,
                    record.valid_from,
                    record.valid_to,
                    rank,
                    key,
                    ended_by=row.closed or None,
                )
            )


def _made(master: Master, identities: Iterable[str]) -> None:
    """A person for every address that no row lists and that is no group."""
    known = (master.person_of, master.groups)
    for key in sorted(k for k in identities if k.startswith("mail:") and not any(k in d for d in known)):
        person = master.made_person(key.removeprefix("mail:"))
        holder = master.people.get(person.id)
        if holder is None:
            master.people[person.id] = person
        else:  # a listed person has this address as an id
            holder.identities.update(person.identities)
        master.person_of[key] = person.id


def _owners_and_managers(rows: Sequence[MasterRow], master: Master) -> None:
    for row in rows:
        record = row.record
        if isinstance(record, Firm) and record.owner is not None:
            owner = find_person(record.owner, master)
            firm = master.firm_id(record.id)
            if owner is not None and firm is not None:
                master.firms[firm].owner = owner
    for person in master.people.values():
        if person.manager is not None:
            found = find_person(person.manager[0], master)
            person.manager = None if found is None or found[0] == person.id else (found[0], person.manager[1])


def _teams(rows: Sequence[MasterRow], master: Master) -> None:
    for row in rows:
        record = row.record
        if isinstance(record, TeamRole):
            firm, found = master.firm_id(record.firm), find_person(record.person, master)
            if firm is not None and found is not None:
                entry = (firm, record.role or "", found[1])
                person = master.people[found[0]]
                if entry not in person.serves:
                    person.serves.append(entry)


def _display_names(rows: Sequence[MasterRow]) -> dict[str, str]:
    """Under which name each address was seen: by most sources, then the longest, then the first as text."""
    seen: dict[str, dict[str, int]] = {}
    for row in rows:
        record = row.record
        if isinstance(record, DisplayName):
            names = seen.setdefault(mail_key(record.address), {})
            names[record.name] = names.get(record.name, 0) + 1
    return {key: min(names, key=lambda n: (-names[n], -len(n), n)) for key, names in seen.items()}


def _opportunities(rows: Sequence[MasterRow], master: Master) -> None:
    for row in rows:
        record = row.record
        if isinstance(record, Opportunity):
            names = ("name", "amount", "currency", "stage", "status", "opened_on", "close_on")
            properties: dict[str, object] = {
                n: getattr(record, n) for n in names if getattr(record, n) is not None
            }
            firm = master.firm_id(record.firm)
            owner = None if record.owner is None else find_person(record.owner, master)
            master.opportunities[record.id] = ResolvedOpportunity(
                record.id, properties, firm, owner, source_ids=[row.source_ref]
            )
    for row in rows:
        record = row.record
        if isinstance(record, OpportunityRole) and record.opportunity in master.opportunities:
            found = find_person(record.person, master)
            if found is not None:
                entry = (found[0], record.role or "", found[1])
                if entry not in master.opportunities[record.opportunity].roles:
                    master.opportunities[record.opportunity].roles.append(entry)


def _decide(master: Master, decisions: Sequence[Decided]) -> None:
    """What a human set wins over every import, in the order of deciding."""
    for decision in sorted(decisions, key=lambda d: d.at):
        who = master.person_of.get(decision.identity)
        if decision.kind != "set" or who is None:
            continue
        person = master.people[who]
        if decision.field == "left":
            person.works_at = [_closed(w, decision.value) for w in person.works_at]
        elif decision.field == "firm" and (firm := master.firm_id(decision.value)) is not None:
            person.works_at = [
                WorksAt(
                    firm, person.title, person.department, person.seniority, None, None,
                    2 * AFFILIATIONS_FIRST, decision.identity,
                )
            ]  # fmt: skip
        elif decision.field in ("title", "department"):
            setattr(person, decision.field, decision.value)
            person.works_at = [replace(w, **{decision.field: decision.value}) for w in person.works_at]
        elif decision.field == "seniority":
            person.seniority = int(decision.value)
            person.works_at = [replace(w, seniority=int(decision.value)) for w in person.works_at]


def _closed(affiliation: WorksAt, day: str) -> WorksAt:
    still_open = affiliation.valid_to is None or affiliation.valid_to > day
    return replace(affiliation, valid_to=day) if still_open else affiliation
