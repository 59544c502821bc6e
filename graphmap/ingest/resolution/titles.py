"""What a job title says of seniority and department: ordered rules from a data file; where none fits, nothing is said."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Generic, TypeVar

from graphmap.ingest.resolution.folding import fold
from graphmap.ingest.resolution.wordlists import tables

T = TypeVar("T")
_OTHERS = re.compile(r"[^\w]+|_+")
UNSAID = "none"
"""The value of a rule that knows the words and knows that they say nothing."""


@dataclass(frozen=True, slots=True)
class Reading(Generic[T]):
    """What a title says, and the rule that said it."""

    value: T
    rule: str


@dataclass(frozen=True, slots=True)
class _Rule:
    name: str
    value: object
    pattern: re.Pattern[str]
    unless: re.Pattern[str] | None


@cache
def _rules(of: str) -> tuple[_Rule, ...]:
    return tuple(
        _Rule(
            str(rule["rule"]),
            rule["value"],
            re.compile(str(rule["pattern"])),
            re.compile(str(rule["unless"])) if "unless" in rule else None,
        )
        for rule in tables("titles.toml")[of]
    )


def _comparable(title: str) -> str:
    return f" {' '.join(_OTHERS.sub(' ', fold(title)).split())} "


def _first(title: str, of: str) -> tuple[object, str] | None:
    text = _comparable(title)
    for rule in _rules(of):
        if rule.pattern.search(text) and not (rule.unless and rule.unless.search(text)):
            return None if rule.value == UNSAID else (rule.value, rule.name)
    return None


@lru_cache(maxsize=1 << 14)
def seniority_of(title: str) -> Reading[int] | None:
    """0 user, 1 manager, 2 director, 3 executive; None where no rule fits.

    >>> seniority_of("Vice President Sales"), seniority_of("Assistant to the CEO").value, seniority_of("Wizard")
    (Reading(value=2, rule='vice president'), 0, None)
    """
    found = _first(title, "seniority")
    return Reading(int(str(found[0])), found[1]) if found is not None else None


@lru_cache(maxsize=1 << 14)
def department_of(title: str) -> Reading[str] | None:
    """The department by its English word; None where no rule fits.

    >>> department_of("Leiter Einkauf"), department_of("Wizard")
    (Reading(value='procurement', rule='procurement'), None)
    """
    found = _first(title, "department")
    return Reading(str(found[0]), found[1]) if found is not None else None
