"""Names of firms in comparable form: legal forms off, and in the loose form words of a group or a country as well."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import NamedTuple

from graphmap.ingest.resolution.folding import fold, without_umlauts
from graphmap.ingest.resolution.wordlists import sections

_BRACKETS = re.compile(r"[(\[{][^)\]}]*[)\]}]")
_OTHERS = re.compile(r"[^\w&]+|_+")
_INNER_DOTS = re.compile(r"(?<=\w)[.'](?=\w)|(?<=\b\w)\.")

Words = tuple[str, ...]


class FirmName(NamedTuple):
    """``close``: without legal forms; ``loose``: without words such as Group or Deutschland as well. Never empty."""

    close: str
    loose: str


@cache
def _endings(section: str) -> dict[str, tuple[Words, ...]]:
    """Forms by their last word, longest first."""
    found: dict[str, set[Words]] = {}
    for line in sections("legal_forms.txt")[section]:
        for form in line.split("|"):
            words = _split(form)
            for way in (words, ("".join(words),) if all(len(w) == 1 for w in words) else words):
                found.setdefault(way[-1], set()).add(way)
    return {last: tuple(sorted(forms, key=lambda f: (-len(f), f))) for last, forms in found.items()}


def _split(text: str) -> Words:
    return tuple(_OTHERS.sub(" ", _INNER_DOTS.sub("", fold(text)).replace("+", "&")).split())


def _trimmed(words: Words, section: str) -> Words:
    """Takes endings off as long as something is left that is a name: "Co" and "AG & Co" stay."""
    endings = _endings(section)
    again = True
    while again:
        again = False
        for form in endings.get(words[-1], ()):
            if len(form) < len(words) and words[-len(form) :] == form:
                rest = words[: -len(form)]
                while rest and rest[-1] in ("&", "and", "und", "et", "y", "e", "i"):
                    rest = rest[:-1]
                if rest:
                    words, again = rest, True
                    break
    return words


@lru_cache(maxsize=1 << 15)
def firm_name(text: str) -> FirmName | None:
    """The comparable forms of a firm's name; None where no letter or digit is left.

    >>> firm_name("Acme AG (Schweiz)").close, firm_name("ACME GmbH & Co. KG").close, firm_name("Łódź Sp. z o.o.").close
    ('acme', 'acme', 'lodz')
    >>> firm_name("Acme Group Inc.")
    FirmName(close='acmegroup', loose='acme')
    """
    words = _split(_BRACKETS.sub(" ", text)) or _split(text)
    if not words or not any(c.isalnum() for c in "".join(words)):
        return None
    words = _trimmed(words, "forms")
    for form in (f for forms in _endings("front").values() for f in forms):
        if len(words) > len(form) and words[: len(form)] == form:
            words = words[len(form) :]
            break
    close = words
    while True:
        less = _trimmed(_trimmed(words, "wider"), "forms")
        if less == words:
            break
        words = less
    return FirmName(_joined(close), _joined(words))


def _joined(words: Words) -> str:
    """In one piece, for "Blue Delta" is written "Bluedelta" as well."""
    kept = [word for word in words if word not in ("&", "and", "und", "et")]
    return without_umlauts("".join(kept or words))
