"""Business hours against counting minutes, and who answers whom."""

from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphmap.scoring.replies import CLOSES, OPENS, Mail, business_hours, replies

MOMENT = st.datetimes(datetime.datetime(2026, 1, 1), datetime.datetime(2026, 1, 15)).map(  # noqa: DTZ001 - local times, as replies() takes them
    lambda moment: moment.replace(second=0, microsecond=0)
)


@given(MOMENT, MOMENT)
def test_hours_are_the_working_minutes_between(start: datetime.datetime, end: datetime.datetime) -> None:
    minutes, now = 0, start
    while now < end:
        minutes += now.weekday() < 5 and OPENS <= now.hour < CLOSES
        now += datetime.timedelta(minutes=1)
    assert business_hours(start, end) == pytest.approx(minutes / 60)


@given(st.lists(MOMENT, min_size=3, max_size=3))
def test_hours_add_up(moments: list[datetime.datetime]) -> None:
    one, two, three = sorted(moments)
    assert business_hours(one, two) + business_hours(two, three) == pytest.approx(business_hours(one, three))


def at(day: int, hour: int) -> int:
    return round(datetime.datetime(2026, 1, day, hour, tzinfo=datetime.UTC).timestamp() * 1000)


def test_an_answer_is_a_mail_after_one_of_the_other_side_in_the_same_conversation() -> None:
    mails = [
        Mail("a", at(5, 9), False, "carl"), Mail("a", at(5, 12), True, "anna"), Mail("a", at(5, 13), True, "ben"),
        Mail("a", at(6, 10), False, "carl"), Mail("b", at(5, 9), False, "dora"), Mail("c", at(5, 10), True, "anna"),
        Mail("d", at(9, 16), False, "carl"), Mail("d", at(12, 10), True, "ben"),
    ]  # fmt: skip
    found = replies(reversed(mails))
    assert (found.ours_hours, found.ours_count) == (2.5, 2)  # 3 hours, and 2 over a weekend
    assert (found.theirs_hours, found.theirs_count) == (5.0, 1)
    assert found.by == (("anna", 1), ("ben", 1))
    assert replies([]) == replies([Mail("x", 0, True, "anna")])
    assert replies([]).ours_hours is None


def test_hours_are_those_of_the_zone() -> None:
    mails = [Mail("a", at(5, 7), False, "carl"), Mail("a", at(5, 9), True, "anna")]
    assert replies(mails).ours_hours == 0.0
    assert replies(mails, ZoneInfo("Europe/Berlin")).ours_hours == 1.0
