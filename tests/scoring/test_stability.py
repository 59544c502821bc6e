"""Other weights: an order that stays, a weight that nothing uses, and what a comparison counts."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
from hypothesis import given, settings

from graphmap.config import BY_NAME
from graphmap.scoring.formula import Formula
from graphmap.scoring.portfolio import OK
from graphmap.scoring.presets import PRESETS
from graphmap.scoring.stability import SHIFTED, numbers_under, shift, stability
from tests.scoring.worlds import World, kernel, worlds


@settings(max_examples=40)
@given(worlds(newest=1))
def test_every_shift_is_what_two_scoring_runs_say(world: World) -> None:
    answer, formula = kernel(world), Formula()
    now = numbers_under(answer.log, answer.directory, formula, world.t)
    for found in stability(answer.log, answer.directory, formula, world.t, ["weight_email", "cc_factor"]):
        then = numbers_under(
            answer.log, answer.directory, replace(formula, **{found.weight: found.value}), world.t
        )
        both = (now.status == OK) & (then.status == OK)
        assert found.accounts == both.sum()
        assert found.moved == sum(
            a != b for a, b, known in zip(now.band, then.band, both, strict=True) if known
        )
        change = 100 * np.abs(now.dependence - then.dependence)[both]
        assert found.most == (change.max() if len(change) else 0.0)
        assert found.tau is None or -1 <= found.tau <= 1


@settings(max_examples=40)
@given(worlds(newest=1))
def test_all_kind_weights_together_are_one_scale_and_change_nothing_but_the_threshold_of_activity(
    world: World,
) -> None:
    """D has no unit: with every weight doubled and the baseline made anew, shares stay."""
    answer, formula = kernel(world), Formula()
    names = ("weight_email", "weight_message", "weight_call", "weight_meeting", "weight_order", "weight_firm")
    twice = replace(formula, **{name: 2 * getattr(formula, name) for name in names})
    one, other = (numbers_under(answer.log, answer.directory, f, world.t) for f in (formula, twice))
    assert np.allclose(one.dependence, other.dependence, rtol=0, atol=1e-9, equal_nan=True)
    assert shift("all", 2.0, one, other).moved == 0


def test_every_weight_is_shifted_and_every_preset_sets_what_exists() -> None:
    others = {"look_back_half_lives", "max_contacts", "active_strength", "min_sample", "max_width"}
    assert set(SHIFTED) == {f.name for f in fields(Formula)} - others
    for preset in PRESETS:
        for name, value in preset.values.items():
            assert BY_NAME[name].parse(value) == value
            assert name.startswith("scoring.")
    default = next(preset for preset in PRESETS if preset.name == "default")
    assert all(BY_NAME[name].default == value for name, value in default.values.items())
