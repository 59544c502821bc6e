"""Ids of records whose source has no canonical ones: made from where they come from, whatever the order."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from hashlib import blake2b

_PREFIX = {"firms": "f", "people": "p", "interactions": "i", "opportunities": "o"}


# References name the same few firms and people again and again.
@lru_cache(maxsize=1 << 14)
def record_id(kind: str, source: str, object_name: str, source_id: str) -> str:
    """The id of one source record: a letter for its kind and 64 bits of a hash of the three parts.

    >>> record_id("people", "northwind", "Employees", "5")
    'p-82868daa215bba4b'
    """
    # NUL cannot occur in the parts (tables refuse it, and so does TOML), so they cannot run into each other.
    text = "\0".join((source, object_name, source_id))
    return f"{_PREFIX[kind]}-{blake2b(text.encode(), digest_size=8).hexdigest()}"


def id_maker(kind: str, source: str, object_name: str) -> Callable[[str], str]:
    """Gives ``record_id`` of one kind, source and object, for keys that come once.

    >>> id_maker("people", "northwind", "Employees")("5") == record_id("people", "northwind", "Employees", "5")
    True
    """
    begun = blake2b(f"{source}\0{object_name}\0".encode(), digest_size=8)
    prefix = _PREFIX[kind]

    def make(source_id: str) -> str:
        hashed = begun.copy()
        hashed.update(source_id.encode())
        return f"{prefix}-{hashed.hexdigest()}"

    return make
