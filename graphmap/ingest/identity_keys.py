"""Keys of identities: one form for every address, id, channel and unnamed contact, so that equal ones meet."""

from __future__ import annotations

from graphmap.ingest.resolution.domains import domain_kind


def id_key(person: str) -> str:
    """The identity key of a person id."""
    return f"id:{person}"


def mail_key(address: str) -> str:
    """The identity key of an address, compared without case.

    >>> mail_key("Anna@Acme.example")
    'mail:anna@acme.example'
    """
    return f"mail:{address.strip().lower()}"


def channel_key(name: str) -> str:
    """The identity key of a channel of our firm."""
    return f"channel:{name}"


def account_key(firm: str) -> str:
    """The identity key of an account's one unnamed contact; also that contact's id."""
    return f"account:{firm}"


def domain_of(address: str) -> str:
    """The part behind the last @, lower case.

    >>> domain_of("a@B.example")
    'b.example'
    """
    return address.rsplit("@", 1)[-1].lower()


def is_company(domain: str) -> bool:
    """Whether a domain may become an account by itself: no provider of private or of throw-away mailboxes, no bare host.

    >>> is_company("acme.example"), is_company("gmail.com"), is_company("localhost")
    (True, False, False)
    """
    return domain_kind(domain) == "firm"
