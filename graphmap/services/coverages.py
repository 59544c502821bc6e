"""The coverage planner in words: which introductions bring an account below its limit, and what the customer gains."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from graphmap.config import Settings
from graphmap.planning.checklist import Wording, alike_words, workday
from graphmap.planning.coverage import Coverage, Introduction, cover
from graphmap.planning.profiles import bench
from graphmap.scoring.moment import Moment
from graphmap.scoring.portfolio import STATUS
from graphmap.services.accountpage import resolve_account
from graphmap.services.handovers import day_text, profiles_of, wording
from graphmap.services.lines import scored_run
from graphmap.services.moments import moment_of
from graphmap.services.plans import Entry, marked
from graphmap.services.rules import contact_rules
from graphmap.services.values import Named, ScoringRun, Viewer
from graphmap.store.graphstore import GraphStore


@dataclass(frozen=True, slots=True)
class IntroductionLine:
    """One introduction. ``dependence_after`` 0-100 expected after it and all before it; ``gain`` what the customer gets.

    ``how``: what is done.
    """

    rep: Named
    contact: Named
    reason: str
    gain: str
    how: str
    dependence_after: float


@dataclass(frozen=True, slots=True)
class CoveragePage:
    """The plan of one account. Percentages 0-100; ``strength`` what an introduction becomes, in fresh two-way mails.

    ``lower``, ``upper``: the interval of 90 % that today's dependence, ``before``, lies in.

    ``reached``: the last step is below the limit; ``exact``: no smaller set does it; ``gap`` how many fewer it might be,
    None where the limit cannot be reached.
    """

    run: ScoringRun
    account: Named
    status: str
    top_rep: Named | None
    limit: float
    before: float | None
    lower: float | None
    upper: float | None
    strength: float
    steps: tuple[IntroductionLine, ...]
    reached: bool
    exact: bool
    gap: int | None

    @property
    def sentence(self) -> str:
        """The plan in a sentence or two."""
        if self.before is None or self.top_rep is None:
            return f"{self.account.name}: nobody of ours is in touch, so there is nothing to spread yet."
        now = f"{self.account.name}: {self.before:.0f} % runs through {self.top_rep.name}"
        unsure = (
            " Little is known here yet, so take the figures as a direction."
            if self.status == "unknown"
            else ""
        )
        if not self.steps:
            done = (
                f"below the limit of {self.limit:.0f} % already"
                if self.reached
                else "no introduction is possible"
            )
            return f"{now}; {done}.{unsure}"
        many = f"{len(self.steps)} introduction{'' if len(self.steps) == 1 else 's'}"
        last = f"{self.steps[-1].dependence_after:.0f} %"
        if not self.reached:
            return f"{now}. {many} would bring it to {last}, not below {self.limit:.0f} %.{unsure}"
        proof = "no smaller set does it" if self.exact else f"at most {self.gap} fewer might do"
        return f"{now}. {many} would bring it to {last} ({proof}).{unsure}"


def coverage_page(
    store: GraphStore, settings: Settings, viewer: Viewer, account: str, limit: float | None = None
) -> CoveragePage:
    """The plan for one account at the latest run's T. ``limit`` 0-100, ``planning.limit`` if None.

    Raises:
        NotFoundError: the account is not known. NotScoredError: nothing was scored yet.
    """
    return _Planned(store, settings, viewer, account, limit).page(None)


def coverage_entries(
    store: GraphStore, settings: Settings, viewer: Viewer, account: str, limit: float | None = None
) -> tuple[CoveragePage, int, tuple[Entry, ...]]:
    """The plan, the instant of its data, and what is stored of it: one introduction a week."""
    planned = _Planned(store, settings, viewer, account, limit)
    page = planned.page(marked)
    today = planned.moment.day
    entries = tuple(
        Entry(
            contact=step.contact.id,
            account=page.account.id,
            side="ours",
            people=((step.rep.id, step.reason),),
            steps=(
                (
                    day_text(workday(today + 7 * k)),
                    "introduction",
                    f"{step.how} {step.gain}",
                ),
            ),
        )
        for k, step in enumerate(page.steps, start=1)
    )
    return planned.page(None), planned.moment.as_of, entries


class _Planned:
    """One account's plan, before it is put into words."""

    def __init__(
        self, store: GraphStore, settings: Settings, viewer: Viewer, account: str, limit: float | None
    ) -> None:
        self._store = store
        self._account = resolve_account(store, viewer, account)
        self._run = scored_run(store)
        self.moment: Moment = moment_of(store, settings, self._run)
        self._limit = settings.number("planning.limit") if limit is None else limit
        self._profiles = profiles_of(store, self.moment)
        index = self.moment.directory.firm_at(self._account[0])
        set_strength = settings["planning.introduction_strength"]
        becomes = float(set_strength) if isinstance(set_strength, int | float) else None
        people = bench(self.moment, self._profiles)
        rules = contact_rules(store, self.moment, self.moment.as_of)
        self._index = index
        self._found: Coverage | None = (
            None
            if index is None
            else cover(people, index, limit=self._limit / 100, becomes=becomes, rules=rules)
        )

    def page(self, called: Callable[[str], str] | None) -> CoveragePage:
        """In words; ``called`` says how people (ids) are written in sentences instead of by name."""
        account, found = Named(*self._account), self._found
        status = "no_data"
        lower = upper = None
        if self._index is not None:
            scores = self.moment.scores
            row = int(np.searchsorted(scores.accounts, self._index))
            status = STATUS[scores.status[row]]
            lower, upper = (100 * float(bound[row]) for bound in (scores.lower, scores.upper))
        if found is None:
            return CoveragePage(
                self._run,
                account,
                status,
                None,
                self._limit,
                None,
                None,
                None,
                0.0,
                (),
                reached=False,
                exact=False,
                gap=None,
            )
        directory = self.moment.directory
        concerned = {found.top_rep, *(i for step in found.steps for i in (step.rep, step.contact))}
        words = wording(self._store, self.moment, self._profiles, concerned, [found.account])
        names = words
        if called is not None:
            words = replace(words, person=lambda i: called(directory.person_ids[i]))

        def named(index: int) -> Named:
            return Named(directory.person_ids[index], names.person(index))

        return CoveragePage(
            run=self._run,
            account=account,
            status=status,
            top_rep=named(found.top_rep),
            limit=self._limit,
            before=100 * found.before,
            lower=lower,
            upper=upper,
            strength=found.strength,
            steps=tuple(
                IntroductionLine(
                    named(step.rep),
                    named(step.contact),
                    _reason(step, found, words),
                    self._gain(step, found, words),
                    _how(step, found, words),
                    100 * step.dependence,
                )
                for step in found.steps
            ),
            reached=found.reached,
            exact=found.exact,
            gap=found.gap if found.reached else None,
        )

    def _gain(self, step: Introduction, found: Coverage, words: Wording) -> str:
        contact, rep, top = words.person(step.contact), words.person(step.rep), words.person(found.top_rep)
        department = self._profiles.word("department", int(self._profiles.department[step.rep]))
        if step.new:
            return f"{contact} gets somebody of ours to turn to: {rep}."
        if step.fills and department:
            return f"{contact} gets a direct line to {department} and somebody to turn to when {top} is away."
        return f"{contact} gets somebody to turn to when {top} is away."


def _how(step: Introduction, found: Coverage, words: Wording) -> str:
    contact, rep, top = words.person(step.contact), words.person(step.rep), words.person(found.top_rep)
    if step.new:
        return f"{top} asks at {words.account(found.account)} for an introduction of {rep} to {contact}."
    return f"{top} introduces {rep} to {contact}."


def _reason(step: Introduction, found: Coverage, words: Wording) -> str:
    account, contact = words.account(found.account), words.person(step.contact)
    if step.weak:
        first = f"Knows {contact} a little already (a weak tie)"
    elif step.elsewhere:
        first = f"In touch with others at {account} already"
    else:
        first = f"No tie at {account} yet"
    known = alike_words(step.alike, found.account, words)
    shared = [known] if known else []
    if step.fills:
        shared.append("from a department that is not in touch there yet")
    load = f"looks after {step.load} active {'tie' if step.load == 1 else 'ties'} now"
    return "; ".join([first, *shared, load]) + "."
