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


def test_handover_ready_and_gap() -> None:
    ready = {"ready": 70.0, "successor": "Ben", "successor_days": 45.0}
    assert fired(**ready)["handover_ready"] == "positive"
    assert "handover_ready" not in fired(**{**ready, "ready": 69.9})
    assert "handover_ready" not in fired(**{**ready, "successor_days": 45.1})
    assert "handover_ready" not in fired(**ready, status="unknown")
    assert fired(dependence=60, ready=30.0)["handover_gap"] == "high"
    assert "handover_gap" not in fired(dependence=59.9, ready=30.0)
    assert "handover_gap" not in fired(dependence=60, ready=30.1)
    assert "handover_gap" not in fired(dependence=60, ready=None)


def test_who_left() -> None:
    contact = {"contact_left": "Carl", "contact_left_vote": 30.0}
    assert fired(**contact)["key_contact_left"] == "high"
    assert fired(**contact, contact_left_level=3)["key_contact_left"] == "critical"
    assert "key_contact_left" not in fired(contact_left="Carl", contact_left_vote=29.9)
    rep = {"rep_left": "Olga", "rep_left_share": 40.0}
    assert fired(**rep, rep_left_gain=19.9)["rep_left_orphan"] == "critical"
    assert "rep_left_orphan" not in fired(**rep, rep_left_gain=20.0)
    assert "rep_left_orphan" not in fired(rep_left="Olga", rep_left_share=39.9)


def test_concentrating_and_one_after_the_other() -> None:
    assert fired(trend=15.0)["concentrating"] == "watch"
    assert "concentrating" not in fired(trend=14.9)
    assert "concentrating" not in fired(trend=20.0, status="unknown")
    assert "concentrating" not in fired(trend=None)
    (found,) = findings(AccountFacts("ok", 10, 5, passed=("Anna", "Ben"), passed_on="2026-01-05"), LIMITS)
    assert found.sentence == "One after the other, not side by side: Anna, then Ben (since 2026-01-05)."
    assert "sequential_handover" not in fired(passed=("Anna",))
