"""What contact lists of all kinds have in common: from names, addresses and texts to one Person."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b

from graphmap.records import Person
from graphmap_importers.calendar_people import address_of

MAX_VALUES = 50
"""Addresses, numbers or links of one person that are kept."""

_NOTHING = {"undefined", "null", "n/a", "none", "-", "--"}


def person(
    source: str,
    key: str,
    *,
    names: Iterable[str],
    emails: Iterable[str] = (),
    firm_name: str = "",
    title: str = "",
    department: str = "",
    phones: Iterable[str] = (),
    links: Iterable[str] = (),
) -> Person | None:
    """The person of a contact: the first name that says something, else the first address; None if there is neither.

    X.500 names among the addresses are told as aliases.
    """
    addresses = distinct(address for text in emails if (address := address_of(text)) is not None)
    mails = tuple(address for address in addresses if "@" in address)
    name = next((clean for text in names if (clean := cleaned(text))), "") or (mails[0] if mails else "")
    if not name:
        return None
    return Person(
        id=f"{source}:{key}",
        name=name,
        emails=mails,
        title=cleaned(title) or None,
        department=cleaned(department) or None,
        aliases=tuple(address for address in addresses if "@" not in address),
        links=distinct(links),
        phones=distinct(" ".join(phone.split()) for phone in phones),
        firm_name=cleaned(firm_name) or None,
    )


def cleaned(text: str) -> str:
    r"""A text on one line; empty where it only says that there is nothing.

    >>> cleaned("  Ann\n Ode "), cleaned("undefined")
    ('Ann Ode', '')
    """
    plain = " ".join(text.split())
    return "" if plain.lower() in _NOTHING else plain


def hashed(*parts: str) -> str:
    """A key for a contact whose source gives it none: the same wherever and in whatever order it is read."""
    text = "\0".join(" ".join(part.lower().split()) for part in parts)
    return blake2b(text.encode("utf-8", "replace"), digest_size=8).hexdigest()


def distinct(values: Iterable[str]) -> tuple[str, ...]:
    """The values that are there, each once, at most MAX_VALUES."""
    return tuple(dict.fromkeys(value for value in values if value))[:MAX_VALUES]
