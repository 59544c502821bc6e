"""Who is not reached any more: what bounces say, and when they say nothing."""

from __future__ import annotations

import datetime
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphmap.ingest.bounced import DAYS, end_of
from graphmap.ingest.identity import resolve
from graphmap.ingest.master import Decided, Master, MasterRow
from graphmap.records import Affiliation, Bounce, Firm, MasterRecord, Person

ANN = "ann@acme.example"
DAY_MS = 86_400_000
MAY_1 = 1_777_593_600_000
_days = st.dates(min_value=datetime.date(2026, 5, 1), max_value=datetime.date(2026, 5, 31))


def _rows(*records: MasterRecord) -> list[MasterRow]:
    return [
        MasterRow(f"s|o|{n}", "s", "o", str(n), n, record, "salesforce") for n, record in enumerate(records)
    ]


def _resolved(
    *more: MasterRecord, written: int | None = None, decided: list[Decided] | None = None
) -> Master:
    firm = Firm("acme", "Acme", domains=("acme.example",))
    person = Person("ann", "Ann Lee", emails=(ANN,), firm="acme")
    heard = {} if written is None else {f"mail:{ANN}": written}
    return resolve(_rows(firm, person, *more), [f"mail:{ANN}"], decided or [], heard)


def _ends(master: Master) -> list[tuple[str | None, str | None]]:
    return [(work.valid_to, work.ended_by) for work in master.people["ann"].works_at]


def _bounces(*days: int) -> list[Bounce]:
    return [Bounce(ANN, f"2026-05-{day:02}") for day in days]


def test_an_address_that_mails_came_back_from_on_two_days_ends_the_affiliation() -> None:
    assert _ends(_resolved(*_bounces(11, 4))) == [("2026-05-04", "bounced")]


@pytest.mark.parametrize(
    ("days", "written"),
    [((4,), None), ((4, 4), None), ((4, 11), MAY_1 + 12 * DAY_MS), ((4, 11), MAY_1 + 5 * DAY_MS)],
    ids=["one bounce", "one day", "written since", "one left since"],
)
def test_what_may_be_a_full_mailbox_ends_nothing(days: tuple[int, ...], written: int | None) -> None:
    assert _ends(_resolved(*_bounces(*days), written=written)) == [(None, None)]


def test_an_end_that_is_stated_or_decided_stays() -> None:
    stated = Affiliation("ann", "acme", valid_from="2020-01-01", valid_to="2026-08-01")
    assert ("2026-08-01", None) in _ends(_resolved(stated, *_bounces(4, 11)))
    left = Decided("set", f"mail:{ANN}", "left", "2026-03-01", 1)
    assert _ends(_resolved(*_bounces(4, 11), decided=[left]))[0][0] == "2026-03-01"


def test_only_the_firm_of_the_address_is_left() -> None:
    other = Firm("beta", "Beta", domains=("beta.example",))
    works = Affiliation("ann", "beta", valid_from="2026-05-10")
    assert set(_ends(_resolved(other, works, *_bounces(4, 11)))) == {("2026-05-04", "bounced"), (None, None)}


def test_who_is_reached_at_another_address_of_the_firm_is_still_there() -> None:
    firm = Firm("acme", "Acme", domains=("acme.example",))
    person = Person("ann", "Ann Lee", emails=(ANN, "ann.lee@acme.example"), firm="acme")
    both = (
        replace(_bounces(4)[0], address="ann.lee@acme.example"),
        Bounce("ann.lee@acme.example", "2026-05-12"),
    )
    for more, ended in (((), None), (both, "2026-05-04")):
        master = resolve(_rows(firm, person, *_bounces(4, 11), *more), [], [], {})
        assert [work.valid_to for work in master.people["ann"].works_at] == [ended]


@given(st.lists(_days.map(str)), st.one_of(st.none(), st.integers(MAY_1, MAY_1 + 31 * DAY_MS)))
def test_the_end_is_a_day_of_a_bounce_and_does_not_depend_on_the_order(
    days: list[str], written: int | None
) -> None:
    end = end_of(days, written)
    assert end == end_of(list(reversed(days)) + days, written)
    assert (end is None) or (end in days and len({day for day in days if day >= end}) >= DAYS)
    if written is None:
        assert (end is None) == (len(set(days)) < DAYS)
