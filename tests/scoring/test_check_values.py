"""Values worked by hand or published elsewhere that the number must reproduce."""

from __future__ import annotations

from dataclasses import replace

import networkx as nx
import pytest

from graphmap.scoring.account import effective_number
from graphmap.scoring.formula import DAY_MS, Formula, band_of
from tests.scoring.worlds import Event, T, Work, World, kernel

GOLDEN = World(
    (("us", "own"), ("acme", "account")),
    (Work("r1", "us"), Work("r2", "us"), Work("c1", "acme", seniority=3), Work("c2", "acme", seniority=0)),
    (
        Event("1", T, "meeting", (("attendee", "r1"), ("attendee", "c1"))),
        Event("2", T, "email", (("from", "c1"), ("to", "r1"))),
        Event("3", T, "email", (("from", "r1"), ("to", "c1"))),
        Event(
            "4",
            T,
            "meeting",
            (("attendee", "r1"), ("attendee", "r2"), ("attendee", "c1"), ("attendee", "c2")),
        ),
        Event("5", T, "call", (("caller", "r2"), ("callee", "c2"))),
        Event("6", T, "email", (("from", "r2"), ("to", "c2"))),
        Event("7", T, "order", (("channel", "self-service"), ("from", "c2"))),
    ),
)


@pytest.mark.parametrize(
    ("baseline", "first", "second", "firm", "low", "high", "n1"),
    [
        (0.0, 0.754202, 0.170224, 0.075574, 0.324827, 0.960857, 1.612223),
        (0.5, 0.700368, 0.158213, 0.141419, 0.281356, 0.943112, 1.612540),
    ],
)
def test_golden_account(
    baseline: float, first: float, second: float, firm: float, low: float, high: float, n1: float
) -> None:
    row = kernel(GOLDEN, baseline=baseline).by_account["acme"]
    assert row["shares"] == pytest.approx({"r1": first, "r2": second}, abs=1e-6)
    assert (row["firm"], row["lower"], row["upper"]) == pytest.approx((firm, low, high), abs=1e-6)
    assert row["n_eff"] == pytest.approx(3.423581, abs=1e-6)
    assert row["effective_reps"] == pytest.approx(n1, abs=1e-6)
    assert (row["status"], row["connectivity"], row["bus_factor"]) == ("unknown", 2, 1)


def test_golden_account_half_a_year_older() -> None:
    row = kernel(replace(GOLDEN, t=T + 180 * DAY_MS), baseline=0.5).by_account["acme"]
    assert row["shares"] == pytest.approx({"r1": 0.653707, "r2": 0.147785}, abs=1e-6)
    assert row["firm"] == pytest.approx(0.198508, abs=1e-6)


def test_one_outbound_mail_is_unknown() -> None:
    row = kernel(
        replace(GOLDEN, events=(Event("1", T, "email", (("from", "r1"), ("to", "c2"))),))
    ).by_account["acme"]
    assert row["dependence"] == pytest.approx(0.2 / 0.7)
    assert (row["lower"], row["upper"]) == pytest.approx((0.018, 0.895), abs=5e-4)
    assert row["status"] == "unknown"


def test_a_group_meeting_splits_its_credit() -> None:
    parts = tuple(("attendee", who) for who in ("r1", "r2", "c1", "c2"))
    answer = kernel(replace(GOLDEN, events=(Event("1", T, "meeting", parts),)))
    assert answer.sums.total.tolist() == pytest.approx([0.75] * 4)


def test_a_mistyped_year_far_in_the_future_changes_nothing() -> None:
    far = Event("9", T + 1000 * 366 * DAY_MS, "meeting", (("organizer", "r1"), ("attendee", "c1")))
    assert kernel(GOLDEN.plus(far)).by_account == kernel(GOLDEN).by_account


def test_only_firm_events_depend_on_nobody() -> None:
    row = kernel(replace(GOLDEN, events=GOLDEN.events[-1:])).by_account["acme"]
    assert (row["dependence"], row["firm"], row["top_rep"], row["plain_share"]) == (0.0, 1.0, None, 0.0)


def test_mass_mail_counts_for_nothing() -> None:
    crowd = tuple(Work(f"x{k:02d}", "acme") for k in range(51))
    mail = lambda n: Event("1", T, "email", (("from", "r1"), *(("to", w.person) for w in crowd[:n])))  # noqa: E731
    world = replace(GOLDEN, work=(*GOLDEN.work, *crowd))
    assert kernel(replace(world, events=(mail(51),))).by_account["acme"]["status"] == "no_data"
    assert kernel(replace(world, events=(mail(50),))).by_account["acme"]["interactions"] == 1


def test_the_weekly_cap_takes_the_first_by_time_then_id() -> None:
    order = lambda i, at: Event(i, at, "order", (("channel", "portal"), ("from", "c2")))  # noqa: E731
    monday = T - 3 * DAY_MS  # T is a Thursday
    answer = kernel(
        replace(
            GOLDEN,
            events=(
                order("b", monday),
                order("a", monday),
                order("c", monday + DAY_MS),
                order("d", monday - DAY_MS),
            ),
        )
    )
    assert answer.by_account["acme"]["interactions"] == 2
    assert answer.sums.interactions.tolist() == [2]


def test_a_lone_order_of_two_contacts_counts_once_where_one_is_capped() -> None:
    first = Event("a", T - 1000, "order", (("channel", "portal"), ("from", "c1")))
    both = Event("b", T, "order", (("channel", "portal"), ("from", "c1"), ("from", "c2")))
    answer = kernel(replace(GOLDEN, events=(first, both)))
    assert answer.by_account["acme"]["interactions"] == 2
    assert answer.sums.plain.sum() == pytest.approx(2)


def test_the_largest_role_counts_and_cc_less() -> None:
    mail = Event("1", T, "email", (("from", "r1"), ("cc", "c1"), ("to", "c1"), ("cc", "c2")))
    sums = kernel(replace(GOLDEN, events=(mail,))).sums.total
    assert sums.tolist() == pytest.approx([1 / 1.3, 0.3 / 1.3])


def test_bands_have_their_edges_above() -> None:
    assert [band_of(d) for d in (0, 19.999, 20, 40, 60, 80, 100)] == [
        "firm",
        "firm",
        "shared",
        "leaning",
        "dependent",
        "captive",
        "captive",
    ]


@pytest.mark.parametrize(
    ("shares", "n1"),
    [((0.9, 0.1), 1.384145), ((0.7, 0.1, 0.1, 0.1), 2.561129), ((0.3, 0.3, 0.2, 0.2), 3.920263)],
)
def test_effective_numbers(shares: tuple[float, ...], n1: float) -> None:
    assert effective_number(shares) == pytest.approx(n1, abs=1e-6)


def test_davis_matching_is_fourteen() -> None:
    graph = nx.davis_southern_women_graph()
    women = graph.graph["top"]
    assert len(nx.bipartite.hopcroft_karp_matching(graph, women)) // 2 == 14


@pytest.mark.parametrize("field", ["half_life_days", "reciprocity", "vote_exponent", "cc_factor"])
def test_settings_outside_their_range_are_refused(field: str) -> None:
    from graphmap.config import Settings
    from graphmap.errors import ConfigError

    with pytest.raises(ConfigError, match=field):
        Settings.load(flags={f"scoring.{field}": "-1"}, environment={})


def test_formula_comes_from_settings() -> None:
    from graphmap.config import Settings

    assert Formula.from_settings(Settings.load(environment={})) == Formula()
