"""Clusters that grow by levels of edges; a level joins only where nothing keeps any two of the whole apart."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import combinations
from typing import NamedTuple

from graphmap.ingest.resolution.evidence import Evidence, united
from graphmap.ingest.resolution.mentions import Rule

MOST_IN_DOUBT = 60
"""More candidates than this for one person are left alone: a name that common says nothing."""


class Edge(NamedTuple):
    """A ground to join the clusters of two mentions (by number), and what they share."""

    one: int
    other: int
    on: str


class Left(NamedTuple):
    """An edge that a guard or an ambiguity left undone, and why."""

    edge: Edge
    rule: Rule
    why: str


Refusal = Callable[[Evidence, Evidence], str | None]
AMBIGUOUS = "several people fit"


class Clustering:
    """Disjoint clusters over numbered mentions; the smallest number stands for its cluster, so no order of edges shows."""

    def __init__(self, evidence: list[Evidence]) -> None:
        self._parent = list(range(len(evidence)))
        self._evidence = evidence
        self.joins: list[tuple[Edge, Rule]] = []

    def find(self, number: int) -> int:
        """The number that stands for the cluster of a mention."""
        parent = self._parent
        while parent[number] != number:
            parent[number] = parent[parent[number]]
            number = parent[number]
        return number

    def evidence(self, number: int) -> Evidence:
        """What is known of the cluster of a mention."""
        return self._evidence[self.find(number)]

    def items(self) -> list[tuple[int, Evidence]]:
        """What is known of every cluster, by the number that stands for it, ascending."""
        known = self._evidence
        return [(number, known[number]) for number, parent in enumerate(self._parent) if number == parent]

    def join_greedily(self, edges: Iterable[Edge], rule: Rule, refusal: Refusal) -> list[Left]:
        """Joins edge by edge in the given order where the two clusters, as they then are, may be joined."""
        left: list[Left] = []
        for edge in edges:
            one, other = self.find(edge.one), self.find(edge.other)
            if one == other:
                continue
            why = refusal(self._evidence[one], self._evidence[other])
            if why is None:
                self._unite(edge, rule)
            else:
                left.append(Left(edge, rule, why))
        return left

    def join_whole(self, edges: Iterable[Edge], rule: Rule, refusal: Refusal) -> list[Left]:
        """Joins what edges connect, each connected whole only if no two clusters in it are kept apart; else none of it."""
        left: list[Left] = []
        for whole in self._wholes(edges):
            roots = sorted({self.find(e.one) for e in whole} | {self.find(e.other) for e in whole})
            why = AMBIGUOUS if len(roots) > MOST_IN_DOUBT else self._refused(roots, refusal)
            if why is None:
                for edge in whole:
                    if self.find(edge.one) != self.find(edge.other):
                        self._unite(edge, rule)
            elif len(roots) == 2:
                left.append(Left(whole[0], rule, why))
            else:
                left += [Left(edge, rule, self._why(edge, refusal)) for edge in whole]
        return left

    def _refused(self, roots: list[int], refusal: Refusal) -> str | None:
        for one, other in combinations(roots, 2):
            why = refusal(self._evidence[one], self._evidence[other])
            if why is not None:
                return why
        return None

    def _why(self, edge: Edge, refusal: Refusal) -> str:
        return refusal(self.evidence(edge.one), self.evidence(edge.other)) or AMBIGUOUS

    def _wholes(self, edges: Iterable[Edge]) -> list[list[Edge]]:
        """Edges between different clusters, one per pair, by connected whole, in the order of the smallest number."""
        pairs: dict[tuple[int, int], Edge] = {}
        up: dict[int, int] = {}

        def top(root: int) -> int:
            while up.setdefault(root, root) != root:
                up[root] = up[up[root]]
                root = up[root]
            return root

        for edge in edges:
            one, other = self.find(edge.one), self.find(edge.other)
            if one == other:
                continue
            pair = (one, other) if one < other else (other, one)
            known = pairs.get(pair)
            if known is None or edge < known:
                pairs[pair] = edge
            low, high = sorted((top(one), top(other)))
            up[high] = low
        wholes: dict[int, list[Edge]] = {}
        for pair in sorted(pairs):
            wholes.setdefault(top(pair[0]), []).append(pairs[pair])
        return [wholes[root] for root in sorted(wholes)]

    def _unite(self, edge: Edge, rule: Rule) -> None:
        low, high = sorted((self.find(edge.one), self.find(edge.other)))
        self._parent[high] = low
        self._evidence[low] = united(self._evidence[low], self._evidence[high])
        self._evidence[high] = _NOTHING
        self.joins.append((edge, rule))

    def settle(self, number: int, change: Callable[[Evidence], Evidence]) -> None:
        """Changes the evidence of the cluster of one mention."""
        root = self.find(number)
        self._evidence[root] = change(self._evidence[root])


_NOTHING = Evidence()
