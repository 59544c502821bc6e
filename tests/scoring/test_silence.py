"""Who is silent: against a literal count over the events, and what silence does not say."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from graphmap.scoring.formula import DAY_MS
from graphmap.scoring.moment import Moment
from graphmap.scoring.silence import silent_contacts, silent_reps
from tests.scoring.worlds import (
    DAY0,
    DEFAULT,
    MAIL,
    Event,
    T,
    Work,
    World,
    has_left,
    kernel,
    sides,
    worlds,
)

FIRMS = (("us", "own"), ("acme", "account"))
HOME = (Work("anna", "us"), Work("ben", "us"), Work("carl", "acme"), Work("dora", "acme"))


def moment_of(world: World) -> Moment:
    known = kernel(world)
    return Moment(known.log, known.sums, known.directory, DEFAULT, world.t, 0.5, known.scores)


def met(number: int, days: int, *who: str) -> Event:
    return Event(
        f"m{number}", T - days * DAY_MS, "meeting", tuple(("attendee", person) for person in ("anna", *who))
    )


def wrote(number: int, days: int, *who: str) -> Event:
    return Event(f"w{number}", T - days * DAY_MS, "email", (("from", "anna"), *(("to", p) for p in who)))


def names(world: World, days: int = 180, answers: int = 2) -> list[tuple[str, int, bool]]:
    moment = moment_of(world)
    return [
        (moment.directory.person_ids[s.person], s.tried, s.others)
        for s in silent_contacts(moment, days, answers)
    ]


def test_a_contact_who_answered_and_does_not_any_more_is_asked_about() -> None:
    talks = (met(1, 300, "carl", "dora"), met(2, 250, "carl", "dora"), met(3, 20, "dora"))
    assert names(World(FIRMS, HOME, talks)) == [("carl", 0, True)]
    assert names(World(FIRMS, HOME, (*talks, wrote(4, 10, "carl"), wrote(5, 5, "carl")))) == [
        ("carl", 2, True)
    ]
    assert names(World(FIRMS, HOME, (*talks, met(6, 100, "carl")))) == []


def test_a_silent_account_speaks_of_none_of_its_people() -> None:
    assert names(World(FIRMS, HOME, (met(1, 300, "carl"), met(2, 250, "carl")))) == []


def test_who_left_or_never_made_a_habit_of_it_is_not_asked_about() -> None:
    talks = (met(1, 300, "carl"), met(2, 250, "carl"), met(3, 20, "dora"))
    gone = (*HOME[:2], Work("carl", "acme", end=DAY0 - 200), HOME[3])
    assert names(World(FIRMS, gone, talks)) == []
    assert names(World(FIRMS, HOME, talks), answers=3) == []


def test_one_of_ours_without_any_interaction_is_asked_about_until_a_source_says_that_they_left() -> None:
    talks = (
        Event("a", T - 300 * DAY_MS, "call", (("caller", "ben"), ("callee", "carl"))),
        met(1, 3, "carl"),
    )
    moment = moment_of(World(FIRMS, HOME, talks))
    assert [moment.directory.person_ids[s.person] for s in silent_reps(moment, 180, 1)] == ["ben"]
    gone = moment_of(World(FIRMS, (HOME[0], Work("ben", "us", end=DAY0 - 9), *HOME[2:]), talks))
    assert silent_reps(gone, 180, 1) == ()


@given(worlds(), st.integers(10, 400), st.integers(1, 3))
def test_the_kernel_counts_as_the_events_say(world: World, days: int, answers: int) -> None:
    moment = moment_of(world)
    people, firms = moment.directory.person_ids, moment.directory.firm_ids
    found = {
        (firms[s.account], people[s.person]): (s.last_at, s.tried, s.others)
        for s in silent_contacts(moment, days, answers)
        if s.account is not None
    }
    assert found == _literally(world, days, answers)


def _literally(world: World, days: int, answers: int) -> dict[tuple[str, str], tuple[int, int, bool]]:
    spoke: dict[tuple[str, str], list[int]] = {}
    reached: dict[tuple[str, str], list[int]] = {}
    for event in {e.id: e for e in reversed(world.events)}.values():
        ours, theirs, sender = sides(world, event, DEFAULT)
        if event.at > world.t or not ours or not theirs or len(theirs) > DEFAULT.max_contacts:
            continue
        guess = {"ours": "out", "theirs": "in", None: "mutual"}[sender]
        mail = event.kind in MAIL and set(ours) != {"FIRM"}
        way = (event.direction or guess) if mail else "mutual"
        for contact, (_, firm) in theirs.items():
            if way == "in" or event.kind not in MAIL:
                spoke.setdefault((firm, contact), []).append(event.at)
            if way == "out":
                reached.setdefault((firm, contact), []).append(event.at)
    kinds = dict(world.firms)
    asked: dict[tuple[str, str], tuple[int, int, bool]] = {}
    for (firm, contact), times in spoke.items():
        last = max(times)
        tried = sum(at > last for at in reached.get((firm, contact), ()))
        others = any(max(t) > last for (f, _), t in spoke.items() if f == firm)
        recent = days * DAY_MS < world.t - last <= DEFAULT.look_back_days * DAY_MS
        quiet = recent and len(times) >= answers and (tried or others)
        left = not contact.startswith("account:") and has_left(world, contact, firm)
        if quiet and not left and kinds[firm] == "account" and not contact.startswith("account:"):
            asked[firm, contact] = (last, tried, others)
    return asked
