"""Whoever a batch of interactions names for the first time: each gets a node in the same transaction."""

from __future__ import annotations

from graphmap.ingest.identity_keys import domain_of, is_company, mail_key
from graphmap.ingest.interactionloading import InteractionBatch
from graphmap.ingest.master import Master, ResolvedFirm
from graphmap.ingest.settling import firm_rows, person_rows
from graphmap.store import interactions, masterdata
from graphmap.store.transactions import Writer


def add_identities(writer: Writer, batch: InteractionBatch, master: Master) -> None:
    """New identities of a batch; an unknown address gets its person, a channel hangs on our firm."""
    addresses = _strangers(batch, master)
    for domain in _new_domains(addresses, master):
        firm = ResolvedFirm(domain, domain, "account", [domain], made=True)
        master.firms[domain] = firm
        master.firm_of_domain[domain] = domain
        masterdata.write_firms(writer, firm_rows([firm], master, ()))
    # On a repeated transaction these are still to be written although the resolved data already knows them.
    for domain in sorted({domain_of(a) for a in addresses}):
        firm = master.firms.get(domain)
        if firm is not None and firm.made:
            masterdata.write_firms(writer, firm_rows([firm], master, ()))
    made = [a for a in addresses if a not in master.people]
    masterdata.write_people(writer, person_rows([master.made_person(address) for address in made]))
    masterdata.attach_to_people(
        writer, [[a, mail_key(a), "mail", a] for a in addresses if a in master.people]
    )
    plain = [i for i in batch.identities if i[1] != "mail" or i[2] not in set(addresses)]
    interactions.add_identities(writer, plain)
    holders: list[list[object]] = [
        [master.own_firm if kind == "channel" else master.firm_id(value), key, kind, value]
        for key, kind, value in plain
        if kind in ("channel", "account")
    ]
    masterdata.attach_to_firms(writer, holders)


def _strangers(batch: InteractionBatch, master: Master) -> list[str]:
    """Addresses of a batch that no row lists: each gets a person made for it, in the same transaction."""
    known = (master.person_of, master.groups)
    return [v for key, kind, v in batch.identities if kind == "mail" and not any(key in d for d in known)]


def _new_domains(addresses: list[str], master: Master) -> list[str]:
    """Domains that become accounts because no source lists firms."""
    if master.firms_listed:
        return []
    return sorted(
        {d for a in addresses if (d := domain_of(a)) not in master.firm_of_domain and is_company(d)}
    )
