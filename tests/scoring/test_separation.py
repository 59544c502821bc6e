"""The area under the ROC curve and its paired bootstrap, against definitions that share no code with them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import mannwhitneyu

from graphmap.scoring.separation import auc, auc_gain

marks = st.lists(st.tuples(st.integers(0, 4), st.booleans(), st.integers(1, 3)), min_size=2, max_size=25)


@given(marks)
def test_the_area_is_the_mann_whitney_statistic_and_weights_are_repetitions(rows):
    scores, lost, times = (np.array(column) for column in zip(*rows, strict=True))
    said = auc(scores / 4, lost, times)
    scores, lost = np.repeat(scores, times), np.repeat(lost, times)
    if lost.all() or not lost.any():
        assert np.isnan(said)
        return
    u = mannwhitneyu(scores[lost], scores[~lost], method="asymptotic").statistic
    assert said == pytest.approx(u / (lost.sum() * (~lost).sum()), abs=1e-12)


def test_a_score_gains_nothing_over_itself_and_much_over_noise():
    dice = np.random.default_rng(3)
    lost = dice.random(800) < 0.2
    good, noise = lost + dice.normal(0, 0.5, 800), dice.random(800)
    assert auc_gain(good, good, lost, dice, 50) == (0.0, 0.0, 0.0)
    gain, low, high = auc_gain(good, noise, lost, dice, 200)
    assert low < gain < high
    assert low > 0.2
    back, _, _ = auc_gain(noise, good, lost, dice, 20)
    assert back == -gain
