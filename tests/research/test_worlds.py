"""The invented worlds: what they promise of their truth and of their records."""

from dataclasses import replace

import numpy as np
import pytest

from graphmap.research.accounts import make_accounts
from graphmap.research.candidates import averaged, scored, tie_log
from graphmap.research.habits import make_habits
from graphmap.research.interactions import NOW, directory_of_world, record
from graphmap.research.loss import chance_of_loss, latent_share
from graphmap.research.worlds import KEY_PERSON, POOLED, TABLE, VOTES, WORLDS
from graphmap.scoring.formula import Formula
from graphmap.scoring.portfolio import score
from graphmap.scoring.ties import sum_ties

BASE = TABLE["base"]


def made(world=BASE, count=200, seed=5):
    dice = np.random.default_rng(seed)
    accounts = make_accounts(world, count, dice)
    return accounts, record(world, accounts, make_habits(accounts, dice), dice)


def test_there_are_at_least_eight_worlds_and_each_differs_from_the_base_in_what_it_says():
    assert len(WORLDS) >= 8
    assert len({world.name for world in WORLDS}) == len(WORLDS)
    assert len({replace(world, name="", says="") for world in WORLDS}) == len(WORLDS)


@pytest.mark.parametrize("world", WORLDS, ids=lambda world: world.name)
def test_equal_seeds_give_equal_worlds_and_others_others(world):
    (one, log), (two, again), (_, other) = made(world, 40), made(world, 40), made(world, 40, seed=6)
    assert np.array_equal(one.tie, two.tie)
    assert all(np.array_equal(getattr(log, f), getattr(again, f)) for f in ("at", "who", "role", "part_of"))
    assert not np.array_equal(log.at, other.at)


@pytest.mark.parametrize("world", WORLDS, ids=lambda world: world.name)
def test_records_are_sorted_lie_in_two_years_and_join_people_of_one_account(world):
    accounts, log = made(world, 60)
    assert (np.diff(log.at) >= 0).all()
    assert (np.diff(log.part_of) >= 0).all()
    assert log.at[0] > NOW - 731 * 86_400_000
    assert log.at[-1] < NOW
    firm = directory_of_world(accounts).firm_rep
    home = np.concatenate([accounts.rep_account, accounts.contact_account, [-1]])[log.who]
    for_each = np.full(len(log.at), -1)
    np.maximum.at(for_each, log.part_of, home)
    assert ((home == for_each[log.part_of]) | (log.who == firm)).all()


def test_every_contact_knows_somebody_and_a_former_owner_fades():
    accounts, _ = made()
    assert len(np.unique(accounts.tie_contact)) == len(accounts.contact_account)
    faded = accounts.end < 730
    assert faded.any()
    assert (accounts.tie[faded] < accounts.met[faded]).all()
    assert np.array_equal(accounts.tie[~faded], accounts.met[~faded])


@pytest.mark.parametrize("rule", [VOTES, POOLED, KEY_PERSON])
def test_the_shares_of_all_of_ours_and_the_firm_make_up_the_whole(rule):
    """An account whose every person leaves, one after the other, keeps nothing but what holds to the firm."""
    accounts, _ = made(count=50)
    nobody = np.zeros(50)
    world = replace(BASE, loss=rule)
    crowd = np.bincount(accounts.rep_account)
    first = np.cumsum(crowd) - crowd
    total = nobody.copy()
    for place in range(int(crowd.max())):
        there = place < crowd
        share = latent_share(world, accounts, (first + np.minimum(place, crowd - 1)).astype(np.int32), nobody)
        assert ((share >= 0) & (share < 1)).all()
        total += np.where(there, share, 0)
    assert ((total > 0) & (total < 1)).all()


def test_more_loyalty_to_the_firm_means_less_is_lost():
    accounts, _ = made(count=50)
    more = replace(accounts, loyalty=accounts.loyalty * 2)
    for rule in (VOTES, POOLED, KEY_PERSON):
        world = replace(BASE, loss=rule)
        few = latent_share(world, more, accounts.owner, np.zeros(50))
        assert (few <= latent_share(world, accounts, accounts.owner, np.zeros(50))).all()


def test_the_mean_chance_of_a_loss_is_the_same_in_every_world():
    dice = np.random.default_rng(1)
    for share in (dice.random(500), dice.random(500) ** 4, np.zeros(500)):
        assert chance_of_loss(share).mean() == pytest.approx(0.15, abs=1e-6)


def test_who_is_not_captured_leaves_no_mail_and_no_call():
    world = replace(BASE, uncaptured=0.5, groups=0.0)
    accounts, log = made(world)
    reps = len(accounts.rep_account)
    hidden = np.flatnonzero(~accounts.captured)
    rows = np.isin(log.who, hidden) & (log.who < reps)
    assert (log.kind[log.part_of[rows]] == 3).all()
    assert rows.any()


def test_the_mean_of_a_log_with_itself_is_the_log():
    accounts, log = made(count=80)
    directory, formula = directory_of_world(accounts), Formula()
    ties = tie_log(log, directory, formula)
    sums, scores = scored(ties, directory, formula)
    joined, mean = averaged([(ties, sums), (ties, sum_ties(ties, formula, NOW))])
    again = score(joined, mean, directory, formula, NOW, scores.baseline)
    assert np.allclose(again.dependence, scores.dependence, rtol=0, atol=1e-12, equal_nan=True)
