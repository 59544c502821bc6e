"""Names of people: parsed into comparable parts, and how two of them relate."""

from __future__ import annotations

import re
from enum import IntEnum
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.distance import OSA, JaroWinkler

from graphmap.ingest.resolution.folding import fold, without_umlauts
from graphmap.ingest.resolution.nicknames import same_given_name
from graphmap.ingest.resolution.wordlists import sections

_BRACKETS = re.compile(r"\([^)]*\)?|\[[^\]]*\]?|\"[^\"]*\"")
_WORDS = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*\.?")
_GENERATIONS = {"jr": "jr", "junior": "jr", "sr": "sr", "senior": "sr", "ii": "ii", "iii": "iii", "iv": "iv"}
_LIST = {
    name: frozenset(w for line in found for w in line.split())
    for name, found in sections("person_names.txt").items()
}
_TITLES = _LIST["titles"]
_AFTER_A_TITLE = _LIST["after a title"]
_CREDENTIALS = _LIST["credentials"] | _LIST["credentials and nothing else"]
_BEYOND_DOUBT = _LIST["credentials and nothing else"]
_PARTICLES = _LIST["particles"]
_NOT_A_PERSON = _LIST["not a person"]
TYPO_LIKENESS = 0.93
"""Jaro-Winkler likeness from which two family names may be one with a slip of the pen."""
SAME_LAST_NAME = 0.85
"""Likeness below which two last names are two names; between the two limits nobody can say."""


class Relation(IntEnum):
    """How two names relate, from nothing to the same."""

    NONE = 0
    SLIP_IN_GIVEN = 1
    INITIAL = 2
    SLIP_IN_FAMILY = 3
    LONGER = 4
    NICKNAME = 5
    SAME = 6


class PersonName(NamedTuple):
    """Folded parts: ``given`` and ``family`` (particles joined), ``more`` given names, ``generation`` (jr, sr, ii ...).

    A single word stands in ``family``, with ``given`` empty.
    """

    given: str
    family: str
    more: tuple[str, ...] = ()
    generation: str | None = None

    @property
    def whole(self) -> bool:
        """Whether both parts are written out, so that the name can be compared with others."""
        return len(self.given) > 1 and len(self.family) > 1

    @property
    def pair(self) -> tuple[str, str]:
        """Both parts in the order of letters: equal for "Anna Bell" and "Bell Anna"."""
        return (self.given, self.family) if self.given <= self.family else (self.family, self.given)


@lru_cache(maxsize=1 << 16)
def person_name(text: str) -> PersonName | None:
    """Parses a name; None for an address, a group or nothing.

    >>> person_name("Dr. Jürgen von der Heide, MBA") == person_name("VON DER HEIDE, Juergen")
    True
    >>> person_name("Smith Jr., John").generation, person_name("Sales Team"), person_name("a@b.example")
    ('jr', None, None)
    """
    if "@" in text:
        return None
    head, *tail = _BRACKETS.sub(" ", text).split(",")
    words, givens = _without_titles(_words(head)), []
    generation: str | None = None
    for part in map(_words, tail):
        generation = generation or next((_GENERATIONS[w] for w in part if w in _GENERATIONS), None)
        rest = [w for w in part if w not in _GENERATIONS]
        if not givens and not all(w in _CREDENTIALS for w in rest):  # "Last, First"
            givens = _without_titles(rest)
    least = 1 if givens else 2
    while len(words) > least and (words[-1] in _BEYOND_DOUBT or words[-1] in _GENERATIONS):
        generation = generation or _GENERATIONS.get(words[-1])
        words = words[:-1]
    if not words or not _NOT_A_PERSON.isdisjoint([*words, *givens]):
        return None
    place = 0 if givens else len(words) - 1
    while not givens and place > 1 and words[place - 1] in _PARTICLES:
        place -= 1
    given, *more = givens or words[:place] or [""]
    return PersonName(given, "".join(words[place:]), tuple(more), generation)


def _words(text: str) -> list[str]:
    """Folded words; a hyphen or an apostrophe joins, a point ends a word and is no part of it."""
    found = _WORDS.findall(fold(text).replace("ph.d", "phd").replace("m.d.", "md"))
    return [without_umlauts(w.rstrip(".").replace("-", "").replace("'", "")) for w in found]


def _without_titles(words: list[str]) -> list[str]:
    begin = 0
    while begin < len(words) - 1 and (words[begin] in _TITLES or (begin and words[begin] in _AFTER_A_TITLE)):
        begin += 1
    return words[begin:]


def relation(one: PersonName, other: PersonName) -> Relation:
    """How two whole or abbreviated names relate, in either order of their parts; the strongest that holds.

    >>> relation(person_name("Bob Smith"), person_name("Smith Robert")).name
    'NICKNAME'
    >>> relation(person_name("R. Smith"), person_name("Robert Smith")).name, relation(person_name("Ann Lee"), person_name("Bo Lee")).name
    ('INITIAL', 'NONE')
    """
    if one.whole and other.whole and one.pair == other.pair:
        return Relation.SAME
    return max(
        _relation(one.given, one.family, one.more, other.given, other.family, other.more),
        _relation(one.given, one.family, one.more, other.family, other.given, other.more),
        _relation(one.family, one.given, one.more, other.given, other.family, other.more),
    )


def _relation(
    given: str, family: str, more: tuple[str, ...], given2: str, family2: str, more2: tuple[str, ...]
) -> Relation:
    if not given or not given2 or min(len(family), len(family2)) < 2:
        return Relation.NONE
    if family == family2:
        if given == given2:
            return Relation.SAME if len(given) > 1 else Relation.INITIAL
        if same_given_name(given, given2):
            return Relation.NICKNAME
        if given + "".join(more) == given2 + "".join(more2):
            return Relation.LONGER
        if given[0] == given2[0] and min(len(given), len(given2)) == 1:
            return Relation.INITIAL
        return Relation.SLIP_IN_GIVEN if _slip_in_given(given, given2) else Relation.NONE
    if given == given2 and len(given) > 1:
        short, long = sorted((family, family2), key=len)
        if len(short) >= 3 and (long.startswith(short) or long.endswith(short)):
            return Relation.LONGER
        likeness = JaroWinkler.similarity(family, family2, score_cutoff=TYPO_LIKENESS)
        if likeness and min(len(family), len(family2)) >= 4:
            return Relation.SLIP_IN_FAMILY
    return Relation.NONE


def _slip_in_given(one: str, other: str) -> bool:
    """A single slip inside a given name; never at its ends, where Daniel and Daniela, Jan and Jana differ."""
    if min(len(one), len(other)) < 4 or one[0] != other[0] or one[-2:] != other[-2:]:
        return False
    return OSA.distance(one, other, score_cutoff=1) <= 1


def may_be_one(one: PersonName, other: PersonName) -> bool:
    """Whether two names can belong to one person at all, read with patience: used to refuse, never to join.

    >>> may_be_one(person_name("Bob Smtih"), person_name("Robert Smith")), may_be_one(person_name("Anna"), person_name("Anna Bell"))
    (True, True)
    >>> may_be_one(person_name("Anna Bell"), person_name("Bernd Bell"))
    False
    """
    if one.generation and other.generation and one.generation != other.generation:
        return False
    if not one.given or not other.given:
        single, whole = (one.family, other) if not one.given else (other.family, one)
        parts = [part for part in (whole.given, whole.family) if part]
        return any(_close(single, part) or same_given_name(single, part) for part in parts)
    if one.pair == other.pair:
        return True
    return (
        _may(one.given, one.family, one.more, other.given, other.family, other.more)
        or _may(one.given, one.family, one.more, other.family, other.given, other.more)
        or _may(one.family, one.given, one.more, other.given, other.family, other.more)
    )


def _may(
    given: str, family: str, more: tuple[str, ...], given2: str, family2: str, more2: tuple[str, ...]
) -> bool:
    short, long = sorted((family, family2), key=len)
    if not (
        _close(family, family2) or (len(short) >= 3 and (long.startswith(short) or long.endswith(short)))
    ):
        return False
    if given[0] == given2[0] and min(len(given), len(given2)) == 1:
        return True
    if same_given_name(given, given2) or given in more2 or given2 in more:
        return True
    if given + "".join(more) == given2 + "".join(more2):
        return True
    return given[0] == given2[0] and _slip(given, given2)


def _slip(one: str, other: str) -> bool:
    return min(len(one), len(other)) >= 3 and OSA.distance(one, other, score_cutoff=1) <= 1


def _close(one: str, other: str) -> bool:
    return one == other or JaroWinkler.similarity(one, other) >= SAME_LAST_NAME
