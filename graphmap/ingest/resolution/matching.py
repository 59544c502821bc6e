"""The engine: from mentions and decisions to clusters and proposals, level by level from sure to doubtful.

The result is a function of the set of mentions and of decisions: neither their order nor that of earlier runs shows.
"""

from __future__ import annotations

import gc
from collections import defaultdict
from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager
from itertools import combinations, pairwise

from graphmap.ingest.resolution.clustering import Clustering, Edge, Left, Refusal
from graphmap.ingest.resolution.decided import in_force
from graphmap.ingest.resolution.domains import domain_kind
from graphmap.ingest.resolution.evidence import Evidence, evidence_of, without_mails
from graphmap.ingest.resolution.firms_known import FirmsKnown
from graphmap.ingest.resolution.guards import FIRMS, Ground, names_agree, refusal, without_digits
from graphmap.ingest.resolution.keys import identity_key
from graphmap.ingest.resolution.mentions import Cluster, HumanDecision, Join, Mention, Ref, Resolution, Rule
from graphmap.ingest.resolution.person_names import PersonName, Relation, may_be_one, relation
from graphmap.ingest.resolution.proposals import Suggested, proposals, same_full_name
from graphmap.ingest.resolution.spelling import spellings, spelt

MOST_NAMES = 12
"""An address under more names than this is shared, without a look at each pair."""
GROUP = "a group or a machine"
SHARED = "used by people with different names"
GIVEN_NAMES = "given names are not joined by a slip"


def resolve_people(mentions: Iterable[Mention], decisions: Iterable[HumanDecision] = ()) -> Resolution:
    """Which mentions are one person, and which may be.

    Raises ValueError for two mentions with one (source, record).

    >>> crm = Mention("crm", "1", "Robert Smith", mails=("robert.smith@acme.com",))
    >>> card = Mention("cards", "7", "Smith, Bob", domain="acme.com")
    >>> found = resolve_people([card, crm])
    >>> [(c.members, [j.words for j in c.joins]) for c in found.clusters]
    [((('cards', '7'), ('crm', '1')), ['forms of one name at the same firm: bob smith, robert smith'])]
    """
    ordered = sorted(mentions, key=lambda m: m.ref)
    for one, other in pairwise(ordered):
        if one.ref == other.ref:
            raise ValueError(f"two mentions of record {one.record} of {one.source}")
    with _collector_resting():
        return _Run(ordered, decisions).result()


@contextmanager
def _collector_resting() -> Generator[None]:
    """Hundreds of thousands of small tuples and no cycle: the cycle collector would take half of the time and find nothing."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _star(numbers: Sequence[int], on: str) -> list[Edge]:
    return [Edge(numbers[0], other, on) for other in numbers[1:]]


def _order(name: PersonName) -> tuple[str, str, tuple[str, ...], str]:
    return name.given, name.family, name.more, name.generation or ""


def _spelt_out(name: PersonName) -> str:
    return " ".join(part for part in (name.given, name.family) if part)


class _Run:
    """One resolution. Mentions are numbered in the order of (source, record)."""

    def __init__(self, ordered: Sequence[Mention], decisions: Iterable[HumanDecision]) -> None:
        self.mentions = ordered
        self.own = [evidence_of(mention) for mention in ordered]
        self.clusters = Clustering(list(self.own))
        self.left: list[Left] = []
        self.suggested: list[Suggested] = []
        self.no_identity: dict[str, str] = {}
        self._decide(decisions)
        self._ids()
        holders = self._holders()
        self._shared(holders)
        self._keys(holders)
        self._twins()
        self._names_at_firms()
        self._similar_names(None)
        self._phones()
        for form in (0, 1):
            self._names_at_firms_by_name(FirmsKnown(self.own, form))
        self._spelt_addresses(None)
        known = FirmsKnown(self.own, 1)
        self._similar_names(known)
        self._spelt_addresses(known)

    def result(self) -> Resolution:
        """Clusters with their joins, and proposals."""
        members: defaultdict[int, list[Ref]] = defaultdict(list)
        joins: defaultdict[int, list[Join]] = defaultdict(list)
        for number, mention in enumerate(self.mentions):
            members[self.clusters.find(number)].append(mention.ref)
        for edge, rule in self.clusters.joins:
            one, other = self.mentions[edge.one].ref, self.mentions[edge.other].ref
            joins[self.clusters.find(edge.one)].append(Join(one, other, rule, edge.on))
        found = tuple(
            Cluster(tuple(refs), tuple(joins.get(root, ()))) for root, refs in sorted(members.items())
        )
        self.suggested += same_full_name(self.clusters)
        return Resolution(
            found,
            proposals(self.mentions, self.clusters, self.left, self.suggested, self.no_identity),
            dict(sorted(self.no_identity.items())),
        )

    def _decide(self, decisions: Iterable[HumanDecision]) -> None:
        """Joins by decision, and marks both sides of every decision "apart"."""
        joined, apart = in_force(decisions)
        wanted = {key for pair in (*joined, *apart) for key in pair}
        holders: defaultdict[str, list[int]] = defaultdict(list)
        if wanted:
            for number, (mention, own) in enumerate(zip(self.mentions, self.own, strict=True)):
                mails = [mail for _, mail in own.stated]
                record = f"record:{mention.source}/{mention.record}"
                ids = map(identity_key, mention.ids)
                for key in wanted.intersection((*ids, *mails, *own.roles, *own.links, record)):
                    holders[key].append(number)
        for number, pair in enumerate(apart):
            for key, side in zip(pair, (False, True), strict=True):
                for holder in holders[key]:
                    self.clusters.settle(
                        holder, lambda e, n=number, s=side: e._replace(sides=(*e.sides, (n, s)))
                    )
        for one, other in joined:
            numbers = sorted({*holders[one], *holders[other]})
            if holders[one] and holders[other]:
                self.left += self.clusters.join_greedily(
                    _star(numbers, f"{one}, {other}"), Rule.DECIDED, _refusal(None, Ground.STATED)
                )
                for number in numbers:
                    self.clusters.settle(number, lambda e: e._replace(settled=True))

    def _ids(self) -> None:
        """Records that share an id are one, whatever else they say."""
        holders: defaultdict[str, list[int]] = defaultdict(list)
        for number, mention in enumerate(self.mentions):
            for key in dict.fromkeys(map(identity_key, mention.ids)):
                holders[key].append(number)
        for key in sorted(key for key, numbers in holders.items() if len(numbers) > 1):
            numbers = holders[key]
            self.left += self.clusters.join_greedily(
                _star(numbers, key), Rule.ID, _refusal(None, Ground.STATED)
            )
            for number in numbers:
                self.clusters.settle(number, lambda e: e._replace(settled=True))

    def _holders(self) -> dict[str, list[int]]:
        """Mentions by address and profile, keys with one holder as well."""
        holders: defaultdict[str, list[int]] = defaultdict(list)
        for number, own in enumerate(self.own):
            for key in (*(mail for _, mail in own.stated), *own.links):
                holders[key].append(number)
        return holders

    def _shared(self, holders: dict[str, list[int]]) -> None:
        """Addresses of groups, and addresses and profiles under which people with different names stand, name nobody.

        What is shared has no holders afterwards.
        """
        for own in self.own:
            if own.roles:
                self.no_identity.update(dict.fromkeys(own.roles, GROUP))
        for key, numbers in holders.items():
            if len(numbers) < 2:
                continue
            roots = dict.fromkeys(map(self.clusters.find, numbers))
            if len(roots) < 2:
                continue
            named = [e for e in map(self.clusters.evidence, roots) if e.names]
            different = {e.names: e for e in named}
            if len(different) > MOST_NAMES or not all(
                names_agree(a, b) for a, b in combinations(different.values(), 2)
            ):
                self.no_identity[key] = SHARED
                if len(different) == 2 and len(roots) <= MOST_NAMES:
                    self._same_given(key, [r for r in roots if self.clusters.evidence(r).names])
        shared = frozenset(key for key, why in self.no_identity.items() if why is SHARED)
        concerned = {number for key in shared for number in holders[key]}
        for number in concerned:
            self.own[number] = without_mails(self.own[number], shared)
        for root in set(map(self.clusters.find, concerned)):
            self.clusters.settle(root, lambda evidence: without_mails(evidence, shared))
        for key in shared:
            del holders[key]

    def _same_given(self, key: str, roots: Sequence[int]) -> None:
        """One address, one given name, two last names: a marriage perhaps."""
        for one, other in combinations(roots, 2):
            names, names2 = self.clusters.evidence(one).names, self.clusters.evidence(other).names
            if any(a.given == b.given and a.family != b.family for a in names for b in names2 if a.given):
                edge = Edge(one, other, key)
                self.suggested.append(Suggested(edge, 55, f"one address under two last names: {key}"))

    def _keys(self, holders: dict[str, list[int]]) -> None:
        """The same address or profile: first between mentions with names, then the nameless to what they fit alone."""
        named: dict[Rule, list[Edge]] = {Rule.MAIL: [], Rule.LINK: []}
        nameless: dict[Rule, list[Edge]] = {Rule.MAIL: [], Rule.LINK: []}
        mixed: dict[Rule, list[Edge]] = {Rule.MAIL: [], Rule.LINK: []}
        for key in sorted(key for key, numbers in holders.items() if len(numbers) > 1):
            rule = Rule.MAIL if key.startswith("mail:") else Rule.LINK
            with_name = [n for n in holders[key] if self.own[n].names]
            without = [n for n in holders[key] if not self.own[n].names]
            named[rule] += _star(with_name, key) if with_name else []
            nameless[rule] += _star(without, key) if without else []
            mixed[rule] += [Edge(a, without[0], key) for a in with_name if without]
        for rule in (Rule.LINK, Rule.MAIL):
            self.left += self.clusters.join_greedily(named[rule], rule, _refusal(None, Ground.KEY))
        for rule in (Rule.LINK, Rule.MAIL):
            self.left += self.clusters.join_greedily(nameless[rule], rule, _refusal(None, Ground.KEY))
            self.left += self.clusters.join_whole(mixed[rule], rule, _refusal(None, Ground.KEY))

    def _twins(self) -> None:
        """Marks clusters whose address differs by a digit from that of another who may have the same name (P30)."""
        alike: defaultdict[str, dict[str, int]] = defaultdict(dict)
        for root, own in self.clusters.items():
            for _, mail in own.stated:
                alike[without_digits(mail)].setdefault(mail, root)
        for bare, roots in alike.items():
            host = bare.rpartition("@")[2]
            if len(roots) < 2 or domain_kind(host) != "firm":
                continue
            for one, other in combinations(sorted(set(roots.values())), 2):
                known, known2 = self.clusters.evidence(one), self.clusters.evidence(other)
                if known.names and known2.names and names_agree(known, known2):
                    for twin in (one, other):
                        self.clusters.settle(twin, lambda e, h=host: e._replace(twins=(*e.twins, h)))

    def _names_at_firms(self) -> None:
        holders: defaultdict[tuple[str, tuple[str, str]], list[int]] = defaultdict(list)
        for root, known in self.clusters.items():
            for pair in {name.pair for name in known.names if name.whole}:
                for place in known.places:
                    holders[place, pair].append(root)
        edges = [
            edge
            for (place, pair), roots in holders.items()
            if len(roots) > 1
            for edge in _star(roots, f"{' '.join(pair)}, {place}")
        ]
        self.left += self.clusters.join_whole(edges, Rule.NAME_AND_FIRM, _refusal(None, Ground.NAME))

    def _similar_names(self, firms: FirmsKnown | None) -> None:
        """Names that resemble each other, at one firm; with ``firms`` also where only the firm's name says that it is one."""
        first: dict[tuple[str, str], tuple[PersonName, int]] = {}
        blocks: dict[tuple[str, str], list[tuple[PersonName, int]]] = {}
        for root, known in self.clusters.items():
            named = [
                (name, part) for name in known.names if name.given for part in name.pair if len(part) > 1
            ]
            for at in _at(known, firms) if named else ():
                for name, part in named:
                    entry = (name, root)
                    alone = first.setdefault((at, part), entry)
                    if alone is not entry:  # most blocks hold one
                        blocks.setdefault((at, part), [alone]).append(entry)
        first.clear()
        edges: defaultdict[Relation, list[Edge]] = defaultdict(list)
        for entries in blocks.values():
            names: defaultdict[PersonName, list[int]] = defaultdict(list)
            for name, root in entries:
                names[name].append(root)
            for one, other in combinations(sorted(names, key=_order), 2):
                kind = relation(one, other)
                if kind in _LIKENESS or kind is Relation.SLIP_IN_GIVEN:
                    on = f"{_spelt_out(one)}, {_spelt_out(other)}"
                    edges[kind] += [Edge(a, b, on) for a in names[one] for b in names[other] if a != b]
        refused = _refusal(firms, Ground.SIMILAR)
        for kind, rule in _LIKENESS.items():
            self.left += self.clusters.join_whole(edges[kind], rule, refused)
        for edge in edges[Relation.SLIP_IN_GIVEN]:
            why = refused(self.clusters.evidence(edge.one), self.clusters.evidence(edge.other))
            self.left.append(Left(edge, Rule.SLIP, why or GIVEN_NAMES))

    def _phones(self) -> None:
        """A number that people of one name only have is theirs alone; a switchboard has several names."""
        holders: defaultdict[str, list[int]] = defaultdict(list)
        for root, own in self.clusters.items():
            for phone in own.phones:
                holders[phone].append(root)
        edges: list[Edge] = []
        for phone, roots in holders.items():
            if not 1 < len(roots) <= MOST_NAMES:
                continue
            names = [(root, name) for root in roots for name in self.clusters.evidence(root).names]
            if all(may_be_one(a, b) for (_, a), (_, b) in combinations(names, 2)):
                edges += [
                    Edge(one, other, phone)
                    for (one, a), (other, b) in combinations(names, 2)
                    if one != other and a.whole and b.whole and relation(a, b) >= Relation.NICKNAME
                ]
        self.left += self.clusters.join_whole(edges, Rule.PHONE, _refusal(None, Ground.SIMILAR))

    def _names_at_firms_by_name(self, firms: FirmsKnown) -> None:
        """Who has a firm by name only is the one person of that name at the firms known under it."""
        holders: defaultdict[tuple[str, tuple[str, str]], list[int]] = defaultdict(list)
        for root, known in self.clusters.items():
            pairs = {name.pair for name in known.names if name.whole}
            for firm in firms.names(known) if pairs else ():
                for pair in pairs:
                    holders[firm, pair].append(root)
        edges: list[Edge] = []
        for (firm, pair), roots in holders.items():
            if len(roots) > 1:
                found = _star(roots, f"{' '.join(pair)}, {firm}")
                if any(self.clusters.evidence(root).places for root in roots) or firms.means_one_firm(firm):
                    edges += found
                else:
                    self.left += [Left(edge, Rule.FIRM_BY_NAME, FIRMS) for edge in found]
        self.left += self.clusters.join_whole(edges, Rule.FIRM_BY_NAME, _refusal(firms, Ground.NAME))

    def _spelt_addresses(self, firms: FirmsKnown | None) -> None:
        """An address without a whole name belongs to the one person of its firm whose name it spells."""
        wanted: list[tuple[str, str, int]] = []
        clusters = self.clusters.items()
        for root, known in clusters:
            if not any(name.given for name in known.names):
                texts = dict.fromkeys(text for _, mail in known.stated if (text := spelt(mail)) is not None)
                wanted += [(at, text, root) for text in texts for at in _at(known, firms)]
        places, asked = {at for at, _, _ in wanted}, {(at, text) for at, text, _ in wanted}
        fits: defaultdict[tuple[str, str], set[int]] = defaultdict(set)
        for root, known in clusters:
            for at in places.intersection(_at(known, firms)) if known.names else ():
                for key in asked.intersection((at, text) for name in known.names for text in spellings(name)):
                    fits[key].add(root)
        edges = [
            Edge(min(fits[at, text]), root, f"{text}, {at}")
            for at, text, root in wanted
            if len(fits.get((at, text), ())) == 1
        ]
        self.left += self.clusters.join_whole(edges, Rule.SPELT_ADDRESS, _refusal(firms, Ground.SIMILAR))


def _at(known: Evidence, firms: FirmsKnown | None) -> Iterable[str]:
    return known.places if firms is None else firms.names(known)


def _refusal(firms: FirmsKnown | None, ground: Ground) -> Refusal:
    """The guards of a ground, and where firms are known by name that they may be one."""

    def refused(one: Evidence, other: Evidence) -> str | None:
        if firms is not None and not firms.may_be_one(one, other):
            return FIRMS
        return refusal(one, other, ground)

    return refused


_LIKENESS = {
    Relation.NICKNAME: Rule.NICKNAME,
    Relation.LONGER: Rule.LONGER_NAME,
    Relation.SLIP_IN_FAMILY: Rule.SLIP,
    Relation.INITIAL: Rule.INITIAL,
}
