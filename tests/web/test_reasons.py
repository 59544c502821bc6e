"""Behind each finding stand the ties that it speaks of."""

from __future__ import annotations

from dataclasses import replace

import pytest

from graphmap.services import values as v
from graphmap_web.reasons import reasons
from graphmap_web.words import FIRM


@pytest.fixture
def page(services):
    """An account whose first contact and one rep beside the top one have left."""
    page = services.account(v.LOCAL_ADMIN, "acc-000")
    top = page.account.top_rep.id
    contact = page.contacts[0]
    tie = replace(page.ties[0], rep=top, contact=contact.id, active=True)
    other, gone = replace(tie, rep="other"), replace(tie, rep="gone", active=False)
    rep = replace(page.reps[0], id=top, left=False)
    return replace(
        page,
        contacts=(replace(contact, left=True), *(replace(one, left=False) for one in page.contacts[1:])),
        reps=(rep, replace(rep, id="other"), replace(rep, id="gone", left=True)),
        ties=(tie, other, gone, replace(tie, rep=FIRM), replace(other, contact="somebody")),
    )


@pytest.mark.parametrize(
    ("rule", "behind"),
    [
        ("rep_left_orphan", {("gone", 0)}),
        ("key_contact_left", {("top", 0), ("other", 0), ("gone", 0), (FIRM, 0)}),
        ("handover_ready", {("other", 0), ("other", 1)}),
        ("sequential_handover", {("top", 0), ("other", 0), ("gone", 0), ("other", 1)}),
        ("concentrating", {("top", 0)}),
        ("not_captured", set()),
    ],
)
def test_a_finding_rests_on_the_ties_it_speaks_of(page, rule, behind):
    account = replace(page.account, findings=(v.FindingLine(rule, "info", "A sentence."),))
    (reason,) = reasons(replace(page, account=account))
    top, first = page.account.top_rep.id, page.contacts[0].id
    assert {("top" if t.rep == top else t.rep, int(t.contact != first)) for t in reason.ties} == behind
    assert reason.more == 0
