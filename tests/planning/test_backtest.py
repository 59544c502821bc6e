"""The back-test: what counts as a case, what was known then, and that too little history is said and not judged."""

from __future__ import annotations

import pytest

from graphmap.planning.backtest import LEAST_DEPARTURES, YEAR, back_test, departures
from graphmap.scoring.moment import Moment
from tests.planning.test_departure import moment
from tests.scoring.worlds import DAY0, DAY_MS, Event, Work, World

LEFT = DAY0 - 400
"""A departure with more than a year after it."""


def talk(name: str, day: int, rep: str, contact: str, kind: str = "call") -> Event:
    return Event(f"{name}-{day}", day * DAY_MS + 1, kind, (("attendee", rep), ("attendee", contact)))


def days(first: int, number: int, apart: int = 30) -> list[int]:
    return [first + apart * k for k in range(number)]


def story(leavers: int, *, left: int = LEFT, kind: str = "call") -> Moment:
    """Every leaver has an account of their own that stops, and a part of one that goes on with Bea; ``calm`` nobody leaves."""
    firms, work, events = [("us", "own"), ("calm", "account")], [Work("bea", "us"), Work("k", "calm")], []
    events += [talk("calm", day, "bea", "k", kind) for day in days(left - 360, 24)]
    for n in range(leavers):
        rep, alone, shared = f"r{n:02d}", f"alone{n:02d}", f"shared{n:02d}"
        firms += [(alone, "account"), (shared, "account")]
        work += [Work(rep, "us", end=left), Work(f"a{n:02d}", alone), Work(f"s{n:02d}", shared)]
        events += [talk(alone, day, rep, f"a{n:02d}", kind) for day in days(left - 360, 12)]
        events += [talk(f"{shared}-r", day, rep, f"s{n:02d}", kind) for day in days(left - 360, 4)]
        events += [talk(f"{shared}-b", day, "bea", f"s{n:02d}", kind) for day in days(left - 350, 23)]
        # A trickle after the leaving: one call, so that the account is not gone altogether.
        events.append(talk(f"{alone}-after", left + 5, "bea", f"a{n:02d}", kind))
    return moment(World(tuple(firms), tuple(work), tuple(events)))


def test_a_case_tells_what_was_known_the_day_before_and_what_came_in_the_year_after() -> None:
    at = story(1)
    found = back_test(at)
    assert found.measure == "conversations"
    assert departures(at.directory, at.day) == [(at.directory.person_ids.index("r00"), LEFT)]
    by_name = {at.directory.firm_ids[case.account]: case for case in found.cases}
    alone, shared = by_name["alone00"], by_name["shared00"]
    assert (alone.before, alone.after, alone.lost, alone.plain, alone.reps) == (12, 1, True, 1.0, 1)
    assert alone.change == pytest.approx(1 / 12 - 1)
    assert (shared.before, shared.lost) == (16, False)
    assert shared.plain == pytest.approx(4 / 16)
    assert 0 < shared.share < alone.share < 1
    # The one account like them that nobody left went on as before.
    assert alone.usual == shared.usual == 0.0


def test_nothing_that_came_later_enters_what_was_known() -> None:
    """Later interactions of others change no share of the day before: it is the number of a scoring run at that instant."""
    at = story(1)
    early = back_test(at).cases
    later = World(
        (("us", "own"), ("alone00", "account")),
        (Work("bea", "us"), Work("r00", "us", end=LEFT), Work("a00", "alone00")),
        tuple(
            [talk("alone00", day, "r00", "a00") for day in days(LEFT - 360, 12)]
            + [talk("more", LEFT + 1 + n, "bea", "a00") for n in range(300)]
        ),
    )
    assert back_test(moment(later)).cases[0].share == early[0].share


def test_a_departure_without_a_year_after_it_or_without_records_before_it_is_counted_and_left_out() -> None:
    assert [
        (found.too_short, found.departures) for found in (back_test(story(2, left=DAY0 - YEAR + 1)),)
    ] == [(2, 0)]
    empty = moment(World((("us", "own"),), (Work("r", "us", end=LEFT),), ()))
    assert back_test(empty).too_short == 1


def test_orders_are_the_measure_where_most_accounts_order() -> None:
    assert back_test(story(1, kind="order")).measure == "orders"


def test_too_few_departures_are_said_and_no_figure_is_given() -> None:
    found = back_test(story(LEAST_DEPARTURES - 1))
    assert found.verdict is None
    assert found.lacking == (f"{LEAST_DEPARTURES - 1} departures, {LEAST_DEPARTURES} needed",)


def test_a_number_that_tells_lost_from_kept_is_said_to_do_so() -> None:
    found = back_test(story(LEAST_DEPARTURES))
    assert found.lacking == ()
    assert found.lost == LEAST_DEPARTURES
    verdict = found.verdict
    assert verdict is not None
    assert (verdict.auc, verdict.precision, verdict.recall) == (1.0, 1.0, 1.0)
    assert verdict.rank > 0.5
    assert 0.5 < verdict.ceiling <= 1
    assert verdict.gain[1] <= verdict.gain[0] <= verdict.gain[2]
    assert back_test(story(LEAST_DEPARTURES)) == found
