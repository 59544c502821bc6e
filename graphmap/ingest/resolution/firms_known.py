"""Which firms a name may mean: learnt from records that say both the name and a domain or key, and from domains that spell it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from graphmap.ingest.resolution.evidence import Evidence
from graphmap.ingest.resolution.firm_names import FirmName
from graphmap.ingest.resolution.folding import without_umlauts

SHORTEST_LABEL = 4
"""A shorter first part of a domain is no name: too many firms are called ABC."""


class FirmsKnown:
    """Names and places of firms in one form of names: 0 close, 1 loose."""

    def __init__(self, evidence: Iterable[Evidence], form: int) -> None:
        self._form = form
        self._names: defaultdict[str, set[str]] = defaultdict(set)
        self._places: defaultdict[str, set[str]] = defaultdict(set)
        self._beside: dict[str, set[str]] = {}
        self._found: dict[tuple[tuple[FirmName, ...], tuple[str, ...]], frozenset[str]] = {}
        for known in evidence:
            for place in known.places:
                if place not in self._names:
                    self._name(place, _label(place))
                for forms in known.firm_names:
                    self._name(place, forms[form])
                if len(known.places) > 1:
                    self._beside.setdefault(place, {place}).update(known.places)

    def _name(self, place: str, name: str | None) -> None:
        if name is not None:
            self._names[place].add(name)
            self._places[name].add(place)

    def names(self, known: Evidence) -> frozenset[str]:
        """All names of the firms of a cluster."""
        asked = (known.firm_names, known.places)
        found = self._found.get(asked)
        if found is None:  # colleagues ask the same
            own = {forms[self._form] for forms in known.firm_names}
            found = frozenset(own.union(*(self._names.get(place, ()) for place in known.places)))
            self._found[asked] = found
        return found

    def may_be_one(self, one: Evidence, other: Evidence) -> bool:
        """Whether the firms of two clusters can be one: a place in common, side by side in a record, or none known."""
        if not one.places or not other.places:
            return True
        return any(not self._beside.get(place, {place}).isdisjoint(other.places) for place in one.places)

    def means_one_firm(self, name: str) -> bool:
        """Whether a name stands for one firm at most."""
        places = self._places.get(name, set())
        return len(places) < 2 or any(places <= self._beside.get(place, set()) for place in places)


def _label(place: str) -> str | None:
    """The first part of a domain, as a firm's name would be compared."""
    kind, _, domain = place.partition(":")
    label = without_umlauts(domain.partition(".")[0].replace("-", ""))
    return label if kind == "domain" and len(label) >= SHORTEST_LABEL else None
