"""Who knows whom: the best ways to a contact over ties, colleagues and people of the same firm (docs/number.md, "Warm paths")."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import networkx as nx
import numpy as np

from graphmap.planning.handover import ContactRule
from graphmap.planning.profiles import Profiles
from graphmap.scoring.moment import Moment, works_for_us

COLLEAGUE = 0.8
"""How sure one can ask a colleague of ours."""
SAME_DEPARTMENT, SAME_FIRM = 0.6, 0.4
"""How sure somebody of theirs can introduce another one there."""
HOPS = 3
LOOKED_AT = 400
Judged = Literal["product", "weakest"]
Link = Literal["tie", "colleague", "same_department", "same_firm"]
_US = -1


@dataclass(frozen=True, slots=True)
class Way:
    """A path of people (indexes of the directory), ours first. ``strength`` 0-1; ``links`` what holds each step.

    ``ties``: strength s of each step that is a tie, else 0.
    """

    people: tuple[int, ...]
    strength: float
    links: tuple[Link, ...]
    ties: tuple[float, ...]


def held(strength: float) -> float:
    """How much a tie carries, 0-1: ``s / (s + 1)``, a half at one fresh two-way mail.

    >>> held(1.0), held(0.0)
    (0.5, 0.0)
    """
    return strength / (strength + 1)


def ways(
    moment: Moment,
    profiles: Profiles,
    target: int,
    *,
    start: int | None = None,
    rules: Mapping[int, ContactRule] | None = None,
    k: int = 5,
    by: Judged = "product",
) -> tuple[Way, ...]:
    """The k best paths of at most three steps from anybody of ours (or ``start``) to a contact.

    ``product``: the product of what the steps carry; ``weakest``: the smallest of them. Contacts who do not want to be contacted
    or must not be are neither reached nor asked; one who may be reached through somebody only is reached through them only.
    """
    chosen = rules or {}
    if profiles.silent[target] or (target in chosen and chosen[target].forbids):
        return ()
    graph = _graph(moment, profiles, target, start, chosen)
    source = _US if start is None else start
    if source not in graph or target not in graph:
        return ()
    found = [_way(graph, path, by) for path in _paths(graph, source, target, by)]
    found.sort(key=lambda way: (-way.strength, len(way.people), way.people))
    return tuple(found[:k])


def _graph(
    moment: Moment, profiles: Profiles, target: int, start: int | None, rules: Mapping[int, ContactRule]
) -> nx.DiGraph:
    graph = nx.DiGraph()
    directory = moment.directory
    theirs = _firms_of(moment, target)
    here = (
        works_for_us(directory, np.arange(len(directory.person_ids), dtype=np.int32), moment.day)
        & ~profiles.silent
    )
    for account in theirs:
        low, high = moment.log.tie_range(account)
        ties = moment.scores.ties
        for row in range(low, high):
            rep, contact = int(moment.log.rep[row]), int(moment.log.contact[row])
            s = float(ties.strength[row])
            if not (
                ties.kept[row]
                and ties.named[row]
                and s > 0
                and here[rep]
                and _open(profiles, rules, directory.unnamed_of, contact)
            ):
                continue
            if contact == target and not _may(rules, target, rep):
                continue
            if not graph.has_edge(rep, contact) or graph.edges[rep, contact]["tie"] < s:
                _join(graph, rep, contact, held(s), "tie", s)
        rows = (directory.firm == account) & (directory.start <= moment.day) & (moment.day < directory.end)
        for other in np.unique(directory.person[rows]).tolist():
            if other == target or not _open(profiles, rules, directory.unnamed_of, other):
                continue
            if target in rules:
                continue  # only through whoever the rule names
            same = (
                profiles.department[other] >= 0 and profiles.department[other] == profiles.department[target]
            )
            kind: Link = "same_department" if same else "same_firm"
            _join(graph, other, target, SAME_DEPARTMENT if same else SAME_FIRM, kind)
    reps = [node for node in graph if here[node]]
    for rep in reps:
        if start is None:
            _join(graph, _US, rep, 1.0, "colleague")
        elif rep != start:
            _join(graph, start, rep, COLLEAGUE, "colleague")
    return graph


def _join(graph: nx.DiGraph, one: int, other: int, carries: float, link: Link, tie: float = 0.0) -> None:
    graph.add_edge(one, other, carries=carries, cost=-math.log(carries), link=link, tie=tie)


def _firms_of(moment: Moment, person: int) -> list[int]:
    directory = moment.directory
    rows = (directory.person == person) & (directory.start <= moment.day) & (moment.day < directory.end)
    return np.unique(directory.firm[rows]).tolist()


def _open(profiles: Profiles, rules: Mapping[int, ContactRule], unnamed_of: np.ndarray, contact: int) -> bool:
    forbidden = contact in rules and rules[contact].forbids
    return not (profiles.silent[contact] or forbidden or unnamed_of[contact] >= 0)


def _may(rules: Mapping[int, ContactRule], target: int, rep: int) -> bool:
    return target not in rules or rules[target].through == rep


def _paths(graph: nx.DiGraph, source: int, target: int, by: Judged) -> Iterator[list[int]]:
    extra = 1 if source == _US else 0
    if by == "weakest":
        yield from nx.all_simple_paths(graph, source, target, cutoff=HOPS + extra)
        return
    try:
        for path in itertools.islice(
            nx.shortest_simple_paths(graph, source, target, weight="cost"), LOOKED_AT
        ):
            if len(path) - 1 - extra <= HOPS:
                yield path
    except nx.NetworkXNoPath:
        return


def _way(graph: nx.DiGraph, path: list[int], by: Judged) -> Way:
    steps = [graph.edges[a, b] for a, b in itertools.pairwise(path)]
    people = tuple(path)
    if path[0] == _US:
        people, steps = people[1:], steps[1:]
    carried = [step["carries"] for step in steps]
    strength = min(carried) if by == "weakest" else math.prod(carried)
    return Way(people, strength, tuple(step["link"] for step in steps), tuple(step["tie"] for step in steps))
