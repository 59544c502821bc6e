"""What is left out whoever sent it: mass mail, and what private people write to each other. Lists of the user's own are let be."""

from __future__ import annotations

from collections.abc import Collection

from graphmap.ingest.identity_keys import domain_of, is_company
from graphmap.ingest.people import LISTS
from graphmap.records import Interaction

MASS_MAIL, PRIVATE = "mass_mail", "private_addresses"


def left_out(
    record: Interaction, importer: str, own_domains: Collection[str], most_recipients: int
) -> str | None:
    """Why an interaction of a mailbox, calendar or CRM is left out; None where it counts.

    ``mass_mail``: more than ``most_recipients`` addresses that are not ours. ``private_addresses``: nobody but addresses at
    providers of private mailboxes, so neither a firm of ours nor a customer is in it. Only what the interaction itself says
    decides, and our own domains: so the order of files does not.

    >>> mail = Interaction("m", 0, "email", (("from", "ann@gmail.com"), ("to", "bob@gmx.de")))
    >>> left_out(mail, "mail", {"us.example"}, 50), left_out(mail, "canonical", {"us.example"}, 50)
    ('private_addresses', None)
    """
    if importer in LISTS:
        return None
    addresses = {who.lower() for _, who in record.participants if "@" in who}
    outside = [address for address in addresses if domain_of(address) not in own_domains]
    if len(outside) > most_recipients:
        return MASS_MAIL
    others = any("@" not in who for _, who in record.participants)
    if addresses and not others and not any(_at_a_firm(a, own_domains) for a in addresses):
        return PRIVATE
    return None


def _at_a_firm(address: str, own_domains: Collection[str]) -> bool:
    domain = domain_of(address)
    return domain in own_domains or is_company(domain)
