"""Domains: which firm stands behind a host, and which hosts are mailboxes of private people."""

from __future__ import annotations

import ipaddress
from functools import cache, lru_cache
from typing import Literal

from disposable_email_domains import blocklist
from publicsuffixlist import PublicSuffixList

from graphmap.ingest.resolution.keys import domain_key
from graphmap.ingest.resolution.wordlists import lines

DomainKind = Literal["firm", "freemail", "disposable", "none"]


@cache
def _suffixes() -> PublicSuffixList:
    """The ICANN part: foo.blogspot.com is a customer of blogspot, which the tenant list says, not a registry's suffix."""
    return PublicSuffixList(only_icann=True)


@cache
def _freemail() -> frozenset[str]:
    return frozenset(domain_key(line) for line in lines("freemail.txt"))


@cache
def _tenants() -> dict[str, str]:
    pairs = (line.partition("=") for line in lines("tenant_domains.txt"))
    return {name.strip(): parent.strip() or name.strip() for name, _, parent in pairs}


@lru_cache(maxsize=1 << 15)
def registrable_domain(host: str) -> str | None:
    """The domain somebody registered (acme.co.uk of mail.eu.acme.co.uk) or was given by a service; None for IPs and suffixes.

    >>> registrable_domain("mail.eu.Acme.co.uk"), registrable_domain("acme.mail.onmicrosoft.com")
    ('acme.co.uk', 'acme.onmicrosoft.com')
    >>> registrable_domain("10.0.0.1"), registrable_domain("co.uk"), registrable_domain("localhost")
    (None, None, None)
    """
    domain = domain_key(host)
    if not domain or _is_ip(domain):
        return None
    labels = domain.split(".")
    if not all(labels):
        return None
    tenants = _tenants()
    for begin in range(1, len(labels)):  # the longest tenant domain first
        parent = tenants.get(".".join(labels[begin:]))
        if parent is not None:
            return f"{labels[begin - 1]}.{parent}"
    return _suffixes().privatesuffix(domain)


def _is_ip(domain: str) -> bool:
    try:
        ipaddress.ip_address(domain.strip("[]").removeprefix("ipv6:"))
    except ValueError:
        return False
    return True


@lru_cache(maxsize=1 << 15)
def domain_kind(host: str) -> DomainKind:
    """What a host is: of a firm, of a provider of private or of throw-away mailboxes, or nothing that can be told.

    >>> domain_kind("gmail.com"), domain_kind("mail.acme.example"), domain_kind("law.com"), domain_kind("10.0.0.1")
    ('freemail', 'firm', 'firm', 'none')
    """
    domain = domain_key(host)
    registered = registrable_domain(domain)
    if registered is None:
        return "none"
    for name in (domain, registered):
        if name in _freemail():
            return "freemail"
        if name in blocklist:
            return "disposable"
    return "firm"


def firm_domain(host: str) -> str | None:
    """The registrable domain where it is a firm's, else None.

    >>> firm_domain("eu.acme.co.uk"), firm_domain("gmx.de")
    ('acme.co.uk', None)
    """
    return registrable_domain(host) if domain_kind(host) == "firm" else None
