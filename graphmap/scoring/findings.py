"""Findings: pure rules over an account's numbers, each with a name, a severity and one honest sentence.

A rule is a function from ``AccountFacts`` and ``Thresholds`` to a ``Finding`` or None; ``RULES`` lists them in order.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from graphmap.config import Settings
from graphmap.scoring.formula import EPSILON


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Limits of the rules, from the settings ``findings.*`` (percentages 0-100, days)."""

    critical: float = 80.0
    high: float = 60.0
    watch: float = 40.0
    critical_lower: float = 60.0
    high_lower: float = 45.0
    contact_high: float = 80.0
    contact_watch: float = 60.0
    owner_ratio: float = 0.5
    dormant_days: float = 60
    dormant_gaps: float = 3.0
    dormant_high_days: float = 180
    one_way_mails: float = 5
    one_way_days: float = 90
    one_way_reciprocity: float = 0.1
    ready: float = 70.0
    ready_days: float = 45
    gap: float = 30.0
    gap_dependence: float = 60.0
    left_days: float = 180
    left_vote: float = 30.0
    left_share: float = 40.0
    left_gain: float = 0.5
    concentrating: float = 15.0

    @classmethod
    def from_settings(cls, settings: Settings) -> Thresholds:
        """The thresholds as configured."""
        return cls(**{name: settings.number(f"findings.{name}") for name in cls.__slots__})


@dataclass(frozen=True, slots=True)
class Capture:
    """What is known of capture at an account: reps known and with a connected mailbox, addresses seen and matched to nobody."""

    reps: int
    reps_connected: int
    addresses: int
    addresses_unmatched: int

    def poor(self) -> bool:
        """More than 20 % of the reps not connected, or more than 30 % of the addresses matched to nobody."""
        missing = self.reps - self.reps_connected
        return missing > 0.2 * self.reps or self.addresses_unmatched > 0.3 * self.addresses


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """What the rules look at; shares 0-100, names ready to print, None = not known."""

    status: str
    dependence: float | None
    lower: float | None
    top_rep: str | None = None
    active_reps: int = 0
    only_rep: str | None = None
    active_contacts: int = 0
    contact_dependence: float | None = None
    top_contact: str | None = None
    only_unnamed: bool = False
    connectivity: int = 0
    cut_people: tuple[str, ...] = ()
    owner: str | None = None
    owner_is_top: bool = False
    owner_share: float = 0.0
    two_way_days: float | None = None
    median_gap_days: float | None = None
    future_meeting: bool = False
    recent_outbound: int = 0
    reciprocity: float | None = None
    capture: Capture | None = None
    ready: float | None = None
    successor: str | None = None
    successor_days: float | None = None
    contact_left: str | None = None
    contact_left_vote: float = 0.0
    contact_left_level: int = -1
    rep_left: str | None = None
    rep_left_share: float = 0.0
    rep_left_gain: float = 0.0
    trend: float | None = None
    passed: tuple[str, ...] = ()
    passed_on: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that fired."""

    rule: str
    severity: str
    sentence: str


Rule = Callable[[AccountFacts, Thresholds], Finding | None]


def single_threaded_us(facts: AccountFacts, limits: Thresholds) -> Finding | None:
    """One rep carries most of it: critical from D 80 with lower 60, high from 60 with 45, watch from 40. Never when unknown."""
    if facts.status != "ok" or facts.dependence is None or facts.lower is None or facts.top_rep is None:
        return None
    if facts.dependence >= limits.critical and facts.lower >= limits.critical_lower:
        severity = "critical"
    elif facts.dependence >= limits.high and facts.lower >= limits.high_lower:
        severity = "high"
    elif facts.dependence >= limits.watch:
        severity = "watch"
    else:
        return None
    sentence = f"{facts.dependence:.0f} % of the relationship runs through {facts.top_rep}; at least {facts.lower:.0f} % does so almost certainly."
    return Finding("single_threaded_us", severity, sentence)


def only_one_active_rep(facts: AccountFacts, limits: Thresholds) -> Finding | None:
    """Exactly one of ours has an active tie; info where the dependence is unknown."""
    del limits
    if facts.active_reps != 1:
        return None
    severity = "watch" if facts.status == "ok" else "info"
    return Finding(
        "only_one_active_rep", severity, f"{facts.only_rep} is the only one of ours with an active tie here."
    )


def single_threaded_them(facts: AccountFacts, limits: Thresholds) -> Finding | None:
    """One of theirs carries most of it: critical with one active contact, high from 80, watch from 60."""
    if facts.only_unnamed or facts.status == "no_data" or facts.contact_dependence is None:
        return None
    if facts.active_contacts == 1:
        return Finding(
            "single_threaded_them",
            "critical",
            f"{facts.top_contact} is the only one of theirs we are actively in touch with.",
        )
    if facts.contact_dependence >= limits.contact_high:
        severity = "high"
    elif facts.contact_dependence >= limits.contact_watch:
        severity = "watch"
    else:
        return None
    sentence = f"{facts.contact_dependence:.0f} % of the relationship on their side is {facts.top_contact}."
    return Finding("single_threaded_them", severity, sentence)


def cut_person(facts: AccountFacts, limits: Thresholds) -> Finding | None:
    """Connectivity 1: the leaving of one person, ours or theirs, would end every active tie. Names them."""
    del limits
    if facts.connectivity != 1 or not facts.cut_people:
        return None
    names = " or ".join(facts.cut_people)
    return Finding("cut_person", "high", f"Every active tie would end if {names} left.")


def owner_mismatch(facts: AccountFacts, limits: Thresholds) -> Finding | None:
    """The CRM owner is not the one in touch: another rep is on top and the owner has less than half of that share."""
    if facts.owner is None or facts.owner_is_top or facts.top_rep is None or not facts.dependence:
        return None
    if facts.owner_share >= limits.owner_ratio * facts.dependence - EPSILON:
        return None
    sentence = f"The owner is {facts.owner}, but {facts.top_rep} is the one in touch ({facts.owner_share:.0f} % against {facts.dependence:.0f} %)."
    return Finding("owner_mismatch", "info", sentence)


def dormant(facts: AccountFacts, limits: Thresholds) -> Finding | None:
    """No two-way touch for longer than max(60 days, 3 x the median gap): watch; more than 180 days: high. A booked meeting suppresses it."""
    if facts.two_way_days is None or facts.future_meeting:
        return None
    limit = max(limits.dormant_days, limits.dormant_gaps * (facts.median_gap_days or 0))
    if facts.two_way_days <= limit and facts.two_way_days <= limits.dormant_high_days:
        return None
    severity = "high" if facts.two_way_days > limits.dormant_high_days else "watch"
    return Finding(
        "dormant", severity, f"No answer, call, meeting or order for {facts.two_way_days:.0f} days."
    )


def one_way(facts: AccountFacts, limits: Thresholds) -> Finding | None:
    """At least 5 outbound mails in 90 days and hardly an answer (reciprocity below 0.1)."""
    if facts.recent_outbound < limits.one_way_mails or facts.reciprocity is None:
        return None
    if facts.reciprocity >= limits.one_way_reciprocity:
        return None
    sentence = f"We wrote {facts.recent_outbound} mails in {limits.one_way_days:.0f} days and hardly any was answered."
    return Finding("one_way", "watch", sentence)


def not_captured(facts: AccountFacts, limits: Thresholds) -> Finding | None:
    """Too little is captured to say anything; fires only where capture is known, and makes the status unknown."""
    del limits
    if facts.capture is None or not facts.capture.poor():
        return None
    missing = facts.capture.reps - facts.capture.reps_connected
    told = [f"{missing} of {facts.capture.reps} known reps have no connected mailbox"]
    if facts.capture.addresses_unmatched:
        told.append(
            f"{facts.capture.addresses_unmatched} of {facts.capture.addresses} addresses belong to nobody known"
        )
    sentence = f"{' and '.join(told)}, so the dependence cannot be judged."
    return Finding("not_captured", "blocks", sentence)


def handover_ready(facts: AccountFacts, limits: Thresholds) -> Finding | None:
    """Others could carry on 70 % of what runs through the top rep, and the nearest of them was in touch within 45 days."""
    if facts.status != "ok" or facts.ready is None or facts.successor is None or facts.top_rep is None:
        return None
    if facts.ready < limits.ready or facts.successor_days is None or facts.successor_days > limits.ready_days:
        return None
    sentence = f"{facts.successor} could carry on: others know the contacts behind {facts.ready:.0f} % of what runs through {facts.top_rep}."
    return Finding("handover_ready", "positive", sentence)


def handover_gap(facts: AccountFacts, limits: Thresholds) -> Finding | None:
    """The account depends on one rep and hardly anybody else knows their contacts (30 % or less)."""
    if facts.status != "ok" or facts.dependence is None or facts.ready is None or facts.top_rep is None:
        return None
    if facts.dependence < limits.gap_dependence or facts.ready > limits.gap:
        return None
    sentence = f"Others know the contacts behind {facts.ready:.0f} % of what runs through {facts.top_rep}: a handover would start from little."
    return Finding("handover_gap", "high", sentence)


def key_contact_left(facts: AccountFacts, limits: Thresholds) -> Finding | None:
    """A contact with 30 % of the votes left within 180 days; critical for an executive."""
    if facts.contact_left is None or facts.contact_left_vote < limits.left_vote:
        return None
    severity = "critical" if facts.contact_left_level >= 3 else "high"
    sentence = (
        f"{facts.contact_left} has left and held {facts.contact_left_vote:.0f} % of the votes just before."
    )
    return Finding("key_contact_left", severity, sentence)


def rep_left_orphan(facts: AccountFacts, limits: Thresholds) -> Finding | None:
    """A rep with 40 % left within 180 days, and nobody has gained half of that since."""
    if facts.rep_left is None or facts.rep_left_share < limits.left_share:
        return None
    if facts.rep_left_gain >= limits.left_gain * facts.rep_left_share - EPSILON:
        return None
    sentence = f"{facts.rep_left} has left with {facts.rep_left_share:.0f} % of the relationship, and nobody has taken up half of that since."
    return Finding("rep_left_orphan", "critical", sentence)


def concentrating(facts: AccountFacts, limits: Thresholds) -> Finding | None:
    """The dependence rose by 15 points or more within 90 days."""
    if facts.status != "ok" or facts.trend is None or facts.trend < limits.concentrating:
        return None
    return Finding(
        "concentrating", "watch", f"The dependence rose by {facts.trend:.0f} points within 90 days."
    )


def sequential_handover(facts: AccountFacts, limits: Thresholds) -> Finding | None:
    """Several reps, but one after the other: at every moment the account hung on one person."""
    del limits
    if len(facts.passed) < 2:
        return None
    line = ", then ".join(facts.passed)
    sentence = f"One after the other, not side by side: {line} (since {facts.passed_on})."
    return Finding("sequential_handover", "info", sentence)


RULES: tuple[Rule, ...] = (
    not_captured,
    single_threaded_us,
    only_one_active_rep,
    single_threaded_them,
    cut_person,
    dormant,
    one_way,
    owner_mismatch,
    rep_left_orphan,
    key_contact_left,
    handover_gap,
    handover_ready,
    concentrating,
    sequential_handover,
)
"""All rules in the order in which their findings are shown."""


def findings(facts: AccountFacts, limits: Thresholds) -> tuple[Finding, ...]:
    """Every finding of an account.

    >>> facts = AccountFacts("ok", 85.0, 70.0, top_rep="Anna", active_reps=1, only_rep="Anna")
    >>> [f.rule + " " + f.severity for f in findings(facts, Thresholds())]
    ['single_threaded_us critical', 'only_one_active_rep watch']
    """
    return tuple(found for rule in RULES if (found := rule(facts, limits)) is not None)
