"""What a world records of its ties: mail threads, calls, meetings, operational mail, blasts, groups, the firm's channels."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from graphmap.research.accounts import LOG_DAYS, Accounts
from graphmap.research.habits import Habits, anybody
from graphmap.research.worlds import World
from graphmap.scoring.directory import ALWAYS, OPEN, Directory
from graphmap.scoring.formula import DAY_MS
from graphmap.scoring.touches import KIND_CODES, ROLE_CODES, Interactions

Floats = NDArray[np.float64]
Indexes = NDArray[np.int32]

NOW = 1_767_225_600_000
"""2026-01-01T00:00:00Z: the end of every log."""
THREADS, CALLS, MEETINGS = 6.0, 2.0, 1.5
"""A year's conversations of a pair whose tie is 1; a tie of strength x has x^0.6 times as many."""
_EMAIL, _CALL, _MEETING = (KIND_CODES[kind] for kind in ("email", "call", "meeting"))
_FROM, _TO, _ATTENDEE, _CHANNEL = (ROLE_CODES[role] for role in ("from", "to", "attendee", "channel"))
_LONGEST_THREAD = 8


def directory_of_world(accounts: Accounts) -> Directory:
    """People and firms of a world as the number reads them; person k is rep k, then the contacts follow."""
    reps, contacts = len(accounts.rep_account), len(accounts.contact_account)
    people = reps + contacts
    owner = np.concatenate([[-1], accounts.owner]).astype(np.int32)
    return Directory(
        person_ids=tuple(f"p{k:08d}" for k in range(people)),
        firm_ids=("aa-us", *(f"f{k:08d}" for k in range(accounts.count))),
        firm_kind=np.array([0] + [1] * accounts.count, dtype=np.int8),
        owner=owner,
        unnamed_of=np.full(people, -1, dtype=np.int32),
        person=np.arange(people, dtype=np.int32),
        firm=np.concatenate([np.zeros(reps), accounts.contact_account + 1]).astype(np.int32),
        start=np.full(people, ALWAYS),
        end=np.full(people, OPEN),
        precedence=np.zeros(people, dtype=np.int64),
        seniority=np.concatenate([np.full(reps, -1), accounts.title]).astype(np.int8),
    )


def record(world: World, accounts: Accounts, habits: Habits, dice: np.random.Generator) -> Interactions:
    """Two years of interactions up to ``NOW``, as the number reads them.

    >>> from graphmap.research.accounts import make_accounts
    >>> from graphmap.research.habits import make_habits
    >>> world = World("small", "two accounts")
    >>> dice = np.random.default_rng(1)
    >>> accounts = make_accounts(world, 2, dice)
    >>> log = record(world, accounts, make_habits(accounts, dice), dice)
    >>> bool((np.diff(log.at) >= 0).all() and log.at[-1] < NOW)
    True
    """
    sheet = _Sheet(accounts)
    years = (accounts.end - accounts.begin) / 365
    talk = world.activity * accounts.met**0.6 * habits.talk * years
    pairs = np.arange(len(accounts.tie))
    of_threads = np.repeat(pairs, dice.poisson(THREADS * talk))
    answers = 0.25 + 0.6 * accounts.met / (accounts.met + 1)
    _threads(sheet, accounts, of_threads, answers[of_threads], dice)
    for kind, rate in ((_CALL, CALLS), (_MEETING, MEETINGS)):
        of = np.repeat(pairs, dice.poisson(rate * talk))
        day = dice.uniform(accounts.begin[of], accounts.end[of])
        sheet.add(kind, day, accounts.tie_rep[of], accounts.tie_contact[of], _ATTENDEE, _ATTENDEE)
    _operations(sheet, world, habits, dice)
    _blasts(sheet, world, accounts, habits, dice)
    _groups(sheet, world, accounts, dice)
    _channels(sheet, world, accounts, habits, dice)
    return sheet.interactions()


def _threads(
    sheet: _Sheet, accounts: Accounts, of: NDArray[np.int64], answers: Floats, dice: np.random.Generator
) -> None:
    """Messages back and forth, about a day apart, until one stays without an answer."""
    day = dice.uniform(accounts.begin[of], accounts.end[of])
    ours = dice.random(len(of)) < 0.6
    for _ in range(_LONGEST_THREAD):
        rep, contact = accounts.tie_rep[of], accounts.tie_contact[of]
        sheet.mail(day, rep, contact, ours)
        go_on = dice.random(len(of)) < answers
        of, day, ours, answers = of[go_on], day[go_on], ~ours[go_on], answers[go_on]
        day = np.minimum(day + dice.exponential(1.0, len(of)), LOG_DAYS - 1e-6)


def _operations(sheet: _Sheet, world: World, habits: Habits, dice: np.random.Generator) -> None:
    """Delivery dates and invoices: a contact and anybody of ours, whatever they are to each other."""
    rates = world.operations * LOG_DAYS / 365 * habits.operations
    of, partner = np.repeat(np.arange(len(rates)), dice.poisson(rates)), habits.partner
    day, ours = dice.uniform(0, LOG_DAYS, len(of)), dice.random(len(of)) < 0.5
    sheet.mail(day, partner[of], of, ours)
    answered = dice.random(len(of)) < 0.4
    later = np.minimum(day[answered] + dice.exponential(1.0, int(answered.sum())), LOG_DAYS - 1e-6)
    sheet.mail(later, partner[of[answered]], of[answered], ~ours[answered])


def _blasts(
    sheet: _Sheet, world: World, accounts: Accounts, habits: Habits, dice: np.random.Generator
) -> None:
    """The owner writes to every contact, one by one; nobody answers."""
    times = dice.poisson(world.blasts * LOG_DAYS / 365 * habits.blasts)
    of = np.repeat(np.arange(accounts.count), times)
    begin = _handed_over(accounts)[of]
    day = dice.uniform(begin, LOG_DAYS)
    contacts = np.bincount(accounts.contact_account, minlength=accounts.count)
    first = np.cumsum(contacts) - contacts
    each = np.repeat(np.arange(len(of)), contacts[of])
    place = np.arange(len(each)) - np.repeat(np.cumsum(contacts[of]) - contacts[of], contacts[of])
    contact = first[of[each]] + place
    sheet.mail(day[each], accounts.owner[of[each]], contact, np.ones(len(each), dtype=np.bool_))


def _groups(sheet: _Sheet, world: World, accounts: Accounts, dice: np.random.Generator) -> None:
    """Meetings of the owner with two others of ours and up to six of theirs, most of whom only sit there."""
    of = np.repeat(np.arange(accounts.count), dice.poisson(world.groups * LOG_DAYS / 365, accounts.count))
    day = dice.uniform(_handed_over(accounts)[of], LOG_DAYS)
    ours = [accounts.owner[of], *(anybody(accounts, of, dice) for _ in range(2))]
    contacts = np.bincount(accounts.contact_account, minlength=accounts.count)
    first = np.cumsum(contacts) - contacts
    seats = dice.integers(1, 7, len(of))
    theirs = [np.where(place < seats, first[of] + dice.integers(0, contacts[of]), -1) for place in range(6)]
    sheet.group(day, ours, theirs)


def _channels(
    sheet: _Sheet, world: World, accounts: Accounts, habits: Habits, dice: np.random.Generator
) -> None:
    """Contacts with the firm without a person: a ticket, the portal, the shared mailbox."""
    if not world.channel:
        return
    count = len(accounts.loyalty)
    cause = np.full(count, 0.5) if world.channel_is_noise else accounts.loyalty**0.7
    times = dice.poisson(world.channel * LOG_DAYS / 365 * cause * habits.channel)
    of = np.repeat(np.arange(count), times)
    sheet.add(_EMAIL, dice.uniform(0, LOG_DAYS, len(of)), np.full(len(of), -1), of, _CHANNEL, _FROM)


def _handed_over(accounts: Accounts) -> Floats:
    """The day of the log from which each account has its owner."""
    since = np.zeros(accounts.count)
    mine = accounts.tie_rep == accounts.owner[accounts.contact_account[accounts.tie_contact]]
    np.maximum.at(since, accounts.contact_account[accounts.tie_contact[mine]], accounts.begin[mine])
    return since


@dataclass
class _Sheet:
    """Collects interactions; a rep of -1 is the firm itself. What is not captured never gets in."""

    accounts: Accounts
    at: list[Floats] = field(default_factory=list)
    kind: list[NDArray[np.int8]] = field(default_factory=list)
    part_of: list[NDArray[np.int64]] = field(default_factory=list)
    who: list[NDArray[np.int64]] = field(default_factory=list)
    role: list[NDArray[np.int8]] = field(default_factory=list)
    count: int = 0

    def mail(self, day: Floats, rep: NDArray, contact: NDArray, ours: NDArray[np.bool_]) -> None:
        """Mails, written by us or by them."""
        self.add(_EMAIL, day, rep, contact, np.where(ours, _FROM, _TO), np.where(ours, _TO, _FROM))

    def add(
        self,
        kind: int,
        day: Floats,
        rep: NDArray,
        contact: NDArray,
        ours: NDArray | int,
        theirs: NDArray | int,
    ) -> None:
        """Interactions of one of ours with one of theirs."""
        seen = (rep < 0) | self.accounts.captured[rep]
        if kind == _MEETING:
            seen = np.ones(len(rep), dtype=np.bool_)  # The others' calendars show it.
        size = int(seen.sum())
        both = np.stack([rep, contact + len(self.accounts.rep_account)], axis=1)[seen]
        roles = np.stack([np.broadcast_to(ours, len(rep)), np.broadcast_to(theirs, len(rep))], axis=1)[seen]
        self._keep(day[seen], kind, np.repeat(np.arange(size), 2), both.ravel(), roles.ravel())

    def group(self, day: Floats, ours: list[NDArray], theirs: list[NDArray]) -> None:
        """Meetings of several with several; -1 is an empty seat."""
        shift = len(self.accounts.rep_account)
        seats = np.stack([*ours, *(np.where(seat < 0, -1, seat + shift) for seat in theirs)], axis=1)
        taken = seats >= 0
        part_of = np.repeat(np.arange(len(day)), taken.sum(axis=1))
        self._keep(day, _MEETING, part_of, seats[taken], np.full(len(part_of), _ATTENDEE))

    def _keep(self, day: Floats, kind: int, part_of: NDArray, who: NDArray, role: NDArray) -> None:
        self.at.append(day)
        self.kind.append(np.full(len(day), kind, dtype=np.int8))
        self.part_of.append(part_of + self.count)
        self.who.append(who.astype(np.int64))
        self.role.append(role.astype(np.int8))
        self.count += len(day)

    def interactions(self) -> Interactions:
        """Everything by time."""
        at = NOW - ((LOG_DAYS - np.concatenate(self.at)) * DAY_MS).astype(np.int64) - 1
        order = np.argsort(at, kind="stable")
        place = np.empty(len(order), dtype=np.int64)
        place[order] = np.arange(len(order))
        part_of = place[np.concatenate(self.part_of)]
        by_part = np.argsort(part_of, kind="stable")
        who = np.concatenate(self.who)[by_part]
        firm = len(self.accounts.rep_account) + len(self.accounts.contact_account)
        return Interactions(
            at=at[order],
            kind=np.concatenate(self.kind)[order],
            direction=np.zeros(len(order), dtype=np.int8),
            part_of=part_of[by_part].astype(np.int32),
            who=np.where(who < 0, firm, who).astype(np.int32),
            role=np.concatenate(self.role)[by_part],
        )
