"""What is asked: pairs of clusters that may be one person, each once, with a score and the reasons in words."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from graphmap.ingest.resolution.clustering import AMBIGUOUS, Clustering, Edge, Left
from graphmap.ingest.resolution.evidence import Evidence
from graphmap.ingest.resolution.guards import APART, DIGIT, NAMES, OURS, PROFILES, Ground, refusal
from graphmap.ingest.resolution.mentions import Mention, Proposal, Rule

BASE: dict[Rule, int] = {
    Rule.DECIDED: 50,
    Rule.ID: 50,
    Rule.LINK: 60,
    Rule.MAIL: 60,
    Rule.NAME_AND_FIRM: 65,
    Rule.NICKNAME: 65,
    Rule.LONGER_NAME: 60,
    Rule.SLIP: 60,
    Rule.INITIAL: 45,
    Rule.PHONE: 65,
    Rule.FIRM_BY_NAME: 55,
    Rule.SPELT_ADDRESS: 50,
}
"""Score of an undone join by its rule, before what speaks against it."""
AGAINST: dict[str, int] = {DIGIT: 35, PROFILES: 30, OURS: 30, NAMES: 30, AMBIGUOUS: 10}
"""What a reason against takes off; any other takes ten."""
SAME_NAME = 60
SECOND_REASON = 8
TITLE = 10
RARE = 8
RARE_FAMILY = 2
"""A family name that so few people have is rare."""
LEAST, MOST = 5, 95


@dataclass(frozen=True, slots=True)
class Suggested:
    """A pair worth asking, with its score and its reason."""

    edge: Edge
    score: int
    reason: str


def same_full_name(clusters: Clustering) -> list[Suggested]:
    """Exactly two clusters in all data with one full name and nothing else in common: a change of jobs perhaps."""
    holders: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    families: Counter[str] = Counter()
    for root, known in clusters.items():
        for pair in {name.pair for name in known.names if name.whole}:
            holders[pair].append(root)
        families.update({name.family for name in known.names})
    found: list[Suggested] = []
    for pair, roots in holders.items():
        if len(roots) != 2:
            continue
        one, other = (clusters.evidence(root) for root in roots)
        if refusal(one, other, Ground.SIMILAR) is not None:
            continue
        edge = Edge(roots[0], roots[1], " ".join(pair))
        found.append(Suggested(edge, SAME_NAME, f"the only two with the full name {' '.join(pair)}"))
        if any(families[name.family] <= RARE_FAMILY for name in one.names):
            found.append(Suggested(edge, RARE, "nobody else has this last name"))
        if set(one.titles) & set(other.titles):
            found.append(Suggested(edge, TITLE, "the same job title"))
    return found


def proposals(
    mentions: Sequence[Mention],
    clusters: Clustering,
    left: Iterable[Left],
    suggested: Iterable[Suggested],
    no_identity: Mapping[str, str],
) -> tuple[Proposal, ...]:
    """Each pair of clusters once, what a human kept apart left out, by falling score."""
    found: defaultdict[tuple[int, int], dict[str, int]] = defaultdict(dict)
    for undone in left:
        score = BASE[undone.rule] - AGAINST.get(undone.why, 10)
        _note(found, clusters, undone.edge, f"{undone.rule.value}: {undone.edge.on}; but {undone.why}", score)
    for pair in suggested:
        _note(found, clusters, pair.edge, pair.reason, pair.score)
    made: list[Proposal] = []
    for (one, other), reasons in found.items():
        if not _kept_apart(clusters.evidence(one), clusters.evidence(other)):
            ordered = sorted(reasons.items(), key=lambda reason: (-reason[1], reason[0]))
            score = ordered[0][1] + sum(min(SECOND_REASON, points) for _, points in ordered[1:])
            made.append(
                Proposal(
                    mentions[one].ref,
                    mentions[other].ref,
                    (_decidable(mentions[one], no_identity), _decidable(mentions[other], no_identity)),
                    max(LEAST, min(MOST, score)),
                    tuple(reason for reason, _ in ordered),
                )
            )
    return tuple(sorted(made, key=lambda p: (-p.score, p.one, p.other)))


def _note(
    found: dict[tuple[int, int], dict[str, int]], clusters: Clustering, edge: Edge, reason: str, score: int
) -> None:
    one, other = sorted((clusters.find(edge.one), clusters.find(edge.other)))
    if one != other:
        reasons = found[one, other]
        reasons[reason] = max(score, reasons.get(reason, 0))


def _kept_apart(one: Evidence, other: Evidence) -> bool:
    return refusal(one, other, Ground.STATED) == APART


def _decidable(mention: Mention, no_identity: Mapping[str, str]) -> str:
    """The identity key by which a decision on this record is kept: an id, else an address of its own, else the record."""
    if mention.ids:
        return mention.ids[0]
    for mail in mention.mails:
        key = f"mail:{mail.strip().lower()}"
        if key not in no_identity and "@" in mail:
            return key
    return f"record:{mention.source}/{mention.record}"
