"""Each rule on both sides of its limits, and words that blame nobody."""

from __future__ import annotations

import pytest

from graphmap.scoring.findings import AccountFacts, Capture, Thresholds, findings

LIMITS = Thresholds()


def fired(**facts: object) -> dict[str, str]:
    known = {"status": "ok", "dependence": 10.0, "lower": 5.0, "top_rep": "Anna"} | facts
    return {f.rule: f.severity for f in findings(AccountFacts(**known), LIMITS)}  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("dependence", "lower", "severity"),
    [
        (80, 60, "critical"),
        (80, 59.9, "high"),
        (79.9, 60, "high"),
        (60, 45, "high"),
        (60, 44.9, "watch"),
        (40, 0, "watch"),
        (39.9, 39, None),
    ],
)
def test_single_threaded_us(dependence: float, lower: float, severity: str | None) -> None:
    assert fired(dependence=dependence, lower=lower).get("single_threaded_us") == severity
    assert "single_threaded_us" not in fired(dependence=dependence, lower=lower, status="unknown")


def test_only_one_active_rep_also_when_unknown() -> None:
    assert fired(active_reps=1, only_rep="Anna")["only_one_active_rep"] == "watch"
    assert fired(active_reps=1, only_rep="Anna", status="unknown")["only_one_active_rep"] == "info"
    assert "only_one_active_rep" not in fired(active_reps=2)


@pytest.mark.parametrize(
    ("active", "votes", "severity"),
    [
        (1, 20, "critical"),
        (2, 80, "high"),
        (2, 79.9, "watch"),
        (2, 60, "watch"),
        (2, 59.9, None),
        (0, 50, None),
    ],
)
def test_single_threaded_them(active: int, votes: float, severity: str | None) -> None:
    facts = {"active_contacts": active, "contact_dependence": votes, "top_contact": "Carl"}
    assert fired(**facts).get("single_threaded_them") == severity
    assert "single_threaded_them" not in fired(**facts, only_unnamed=True)


def test_cut_person_names_them() -> None:
    (found,) = findings(AccountFacts("ok", 10, 5, connectivity=1, cut_people=("Anna", "Carl")), LIMITS)
    assert (found.rule, found.severity) == ("cut_person", "high")
    assert "Anna or Carl" in found.sentence
    assert "cut_person" not in fired(connectivity=2, cut_people=())


def test_owner_mismatch() -> None:
    facts = {"owner": "Otto", "dependence": 30.0}
    assert fired(**facts, owner_share=14.9)["owner_mismatch"] == "info"
    assert "owner_mismatch" not in fired(**facts, owner_share=15)
    assert "owner_mismatch" not in fired(**facts, owner_share=0, owner_is_top=True)


@pytest.mark.parametrize(
    ("days", "gap", "meeting", "severity"),
    [
        (60, None, False, None),
        (61, None, False, "watch"),
        (100, 40, False, None),
        (181, 100, False, "high"),
        (300, 10, True, None),
        (180, 10, False, "watch"),
    ],
)
def test_dormant(days: float, gap: float | None, meeting: bool, severity: str | None) -> None:
    assert fired(two_way_days=days, median_gap_days=gap, future_meeting=meeting).get("dormant") == severity


def test_one_way() -> None:
    assert fired(recent_outbound=5, reciprocity=0.09)["one_way"] == "watch"
    assert "one_way" not in fired(recent_outbound=4, reciprocity=0.0)
    assert "one_way" not in fired(recent_outbound=9, reciprocity=0.1)


def test_not_captured_fires_only_where_capture_is_known() -> None:
    assert "not_captured" not in fired()
    assert fired(capture=Capture(10, 7, 100, 0))["not_captured"] == "blocks"
    assert fired(capture=Capture(10, 10, 100, 31))["not_captured"] == "blocks"
    assert "not_captured" not in fired(capture=Capture(10, 8, 100, 30))


def test_limits_come_from_settings() -> None:
    from graphmap.config import Settings

    assert Thresholds.from_settings(Settings.load(environment={})) == Thresholds()
    raised = Thresholds.from_settings(Settings.load(flags={"findings.watch": "50"}, environment={}))
    assert not [
        f
        for f in findings(AccountFacts("ok", 45, 30, top_rep="Anna"), raised)
        if f.rule == "single_threaded_us"
    ]
