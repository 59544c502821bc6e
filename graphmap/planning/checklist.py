"""The dated steps of a handover: what is written down, who introduces whom, who meets together, and by when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from graphmap.planning.handover import Handing, Successor
from graphmap.planning.succession import Colleague, Succession

StepKind = Literal["written_context", "introduction", "joint_meeting"]
BEFORE: dict[StepKind, int] = {"written_context": 21, "introduction": 14, "joint_meeting": 7}
"""So many days before the last day a step is due at the latest."""
AFTER: dict[StepKind, int] = {"introduction": 1, "written_context": 3, "joint_meeting": 14}
"""So many days after today where whoever leaves is gone already."""
A_DAY = 3
"""Meetings and introductions of one leaving person on one day."""
SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do. ``due``: days since 1970-01-01."""

    due: int
    kind: StepKind
    text: str


@dataclass(frozen=True, slots=True)
class Wording:
    """How people, accounts and days are called in the steps."""

    person: Callable[[int], str]
    account: Callable[[int], str]
    day: Callable[[int], str]
    word: Callable[[str, int], str]
    """What an account's industry or segment is called: (trait, account)."""


def alike_words(alike: Sequence[str], account: int, words: Wording) -> str:
    """What a colleague serves elsewhere that is like this account; empty where nothing is."""
    known = [f"{trait} ({words.word(trait, account)})" for trait in alike if trait in ("industry", "segment")]
    return f"serves other accounts of the same {' and '.join(known)}" if known else ""


def reason(one: Successor, handing: Handing, words: Wording) -> str:
    """Why somebody could take over, in words: what ties them, then what they share, then what they look after already."""
    contact, account = words.person(handing.contact), words.account(handing.account)
    match one.closeness:
        case "chosen":
            first = f"Chosen for {contact} by a contact rule"
        case "active":
            first = f"In touch with {contact} already (an active tie)"
        case "weak":
            first = f"Knows {contact} a little (a weak tie)"
        case "account":
            shown = [words.person(c) for c in one.others[:3]]
            more = len(one.others) - len(shown)
            first = f"In touch with {_listed(shown, more)} at {account}"
        case "similar":
            first = f"No tie at {account} yet"
    known = alike_words(one.alike, handing.account, words)
    shared = [known] if known else []
    same = [trait for trait in one.alike if trait in ("department", "seniority")]
    shared += [f"same {' and '.join(same)} as {words.person(handing.leaver)}"] if same else []
    load = f"looks after {one.load} active {'tie' if one.load == 1 else 'ties'} now"
    return "; ".join([first, *shared, load]) + "."


def steps(
    handings: Sequence[Handing], words: Wording, *, on: int, today: int
) -> tuple[tuple[Step, ...], ...]:
    """The steps of every contact, in the order given; within a contact by day. ``on`` = last day of the leaving people.

    Work runs backwards from ``on``: whoever has least at stake comes last, at most three meetings or introductions a day for
    one leaving person, none on a Saturday or Sunday, none before ``today``. Where ``on`` is over, nobody can be taken along:
    the successor starts alone, at once.
    """
    gone = on <= today
    taken: dict[tuple[int, StepKind, int], set[tuple[int, int]]] = defaultdict(set)
    planned: dict[int, tuple[Step, ...]] = {}
    # From the least at stake to the most, so that the days nearest to the end go to the least.
    for place in sorted(range(len(handings)), key=lambda k: (handings[k].hangs, -k)):
        handing = handings[place]
        wanted = _wanted(handing, words, on, gone=gone)
        made: list[Step] = []
        for kind, text in wanted:
            together = (handing.account, handing.successors[0].person if handing.successors else -1)
            if gone:
                day = workday(today + AFTER[kind], forward=True)
            else:
                day = _room(taken, handing.leaver, kind, together, workday(on - BEFORE[kind]), today)
            made.append(Step(max(day, today), kind, text))
        planned[place] = tuple(sorted(made, key=lambda s: s.due))
    return tuple(planned[place] for place in range(len(handings)))


def _room(
    taken: dict[tuple[int, StepKind, int], set[tuple[int, int]]],
    leaver: int,
    kind: StepKind,
    together: tuple[int, int],
    latest: int,
    today: int,
) -> int:
    """The latest day with room; the same successor meets several people of an account at once."""
    day = latest
    while day > today:
        there = taken[leaver, kind, day]
        if kind == "written_context" or together in there or len(there) < A_DAY:
            break
        day = workday(day - 1)
    day = max(day, today)
    taken[leaver, kind, day].add(together)
    return day


def workday(day: int, *, forward: bool = False) -> int:
    """That day, or the Friday before (the Monday after) where it is a Saturday or Sunday.

    >>> workday(2), workday(3), workday(2, forward=True)
    (1, 1, 4)
    """
    over = (day + 3) % 7 - SATURDAY  # 1970-01-01 was a Thursday
    if over < 0:
        return day
    return day + 2 - over if forward else day - 1 - over


def _wanted(handing: Handing, words: Wording, on: int, *, gone: bool) -> list[tuple[StepKind, str]]:
    if handing.silent:
        return []
    contact, account, leaver = (
        words.person(handing.contact),
        words.account(handing.account),
        words.person(handing.leaver),
    )
    if not handing.successors:
        name = f"Name somebody for {contact} at {account}: nobody of ours is in touch there or serves a similar account"
        if gone:
            return [("introduction", f"{name}.")]
        return [
            ("written_context", f"{leaver} writes down what {contact} waits for and what was promised."),
            ("introduction", f"{name}; {leaver} introduces them."),
        ]
    first = handing.successors[0]
    who = words.person(first.person)
    if gone:
        return [
            ("introduction", f"{who} calls {contact} and says who is there for {account} from now on."),
            (
                "written_context",
                f"{who} gathers from the records what {contact} waits for and what was promised.",
            ),
            ("joint_meeting", f"{who} meets {contact} in person, together with somebody senior of ours."),
        ]
    wanted: list[tuple[StepKind, str]] = [
        (
            "written_context",
            f"{leaver} writes down for {who} what {contact} waits for, what was promised and how they like to work.",
        )
    ]
    if first.closeness in ("account", "similar") or (first.closeness == "chosen" and not first.strength):
        wanted.append(("introduction", f"{leaver} introduces {who} to {contact}."))
    wanted.append(
        (
            "joint_meeting",
            f"{leaver} and {who} meet {contact} together and say who is there for {account} from {words.day(on)} on.",
        )
    )
    return wanted


def _listed(names: Sequence[str], more: int) -> str:
    told = ", ".join(names)
    return f"{told} and {more} more" if more else told


def colleague_reason(one: Colleague, words: Wording, succession: Succession) -> str:
    """Why somebody of theirs could keep the door open."""
    account = words.account(succession.account)
    if one.active:
        first = f"In touch with us already at {account} (an active tie)"
    elif one.strength > 0:
        first = f"Knows us a little at {account} (a weak tie)"
    else:
        first = f"Works at {account}; no tie with us yet"
    return "; ".join([first, *(f"same {trait}" for trait in one.alike)]) + "."


def succession_steps(succession: Succession, words: Wording, *, on: int, today: int) -> tuple[Step, ...]:
    """What to do before one of theirs leaves: be introduced to a colleague and meet both; dated as in ``steps``."""
    contact, account = words.person(succession.contact), words.account(succession.account)
    ours = words.person(succession.rep) if succession.rep >= 0 else "Somebody of ours"
    gone = on <= today
    if not succession.successors:
        made: list[tuple[StepKind, str]] = [
            (
                "introduction",
                f"{ours} finds out who follows {contact} at {account}: no colleague of theirs is known.",
            )
        ]
    else:
        next_one = words.person(succession.successors[0].person)
        made = (
            [("introduction", f"{ours} gets in touch with {next_one} at {account}.")]
            if gone
            else [
                ("introduction", f"{ours} asks {contact} to introduce them to {next_one}."),
                ("joint_meeting", f"{ours} meets {contact} and {next_one} together."),
            ]
        )

    def due(kind: StepKind) -> int:
        if gone:
            return workday(today + AFTER[kind], forward=True)
        return max(today, workday(on - BEFORE[kind]))

    return tuple(sorted((Step(due(kind), kind, text) for kind, text in made), key=lambda s: s.due))
