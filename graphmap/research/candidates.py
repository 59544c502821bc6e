"""What each way of judging says of a recorded world: D, the plain share, the CRM owner, HHI, and the truth itself."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from graphmap.research.accounts import Accounts, make_accounts
from graphmap.research.habits import make_habits
from graphmap.research.interactions import NOW, directory_of_world, record
from graphmap.research.loss import chance_of_loss, latent_share
from graphmap.research.worlds import World
from graphmap.scoring.directory import Directory
from graphmap.scoring.formula import Formula
from graphmap.scoring.portfolio import Scores, baseline_of, score
from graphmap.scoring.ties import TieLog, TieSums, cluster, sum_ties
from graphmap.scoring.touches import Interactions, touches_in_chunks

Floats = NDArray[np.float64]

KNOWN_LEAVER, OWNER_LEAVES = "the leaver is known", "the owner leaves"
CANDIDATES = ("D", "plain share", "CRM owner", "HHI", "oracle")


@dataclass(frozen=True)
class Judged:
    """Accounts of one task: ``lost`` what happened, and per candidate a score that should be higher where the loss happened."""

    lost: NDArray[np.bool_]
    scores: dict[str, Floats]
    dependence: Floats


def tie_log(log: Interactions, directory: Directory, formula: Formula) -> TieLog:
    """The clustered touches of interactions that are sorted by time."""
    touches = touches_in_chunks(log, directory, formula.max_contacts)
    rank = np.arange(len(log.at), dtype=np.int32)
    return cluster(touches, log.at, rank, len(directory.person_ids), len(directory.firm_ids))


def scored(log: TieLog, directory: Directory, formula: Formula) -> tuple[TieSums, Scores]:
    """Sums and numbers of a whole portfolio with the baseline it gives itself."""
    sums = sum_ties(log, formula, NOW)
    baseline = baseline_of(log, sums, directory, formula, NOW)
    return sums, score(log, sums, directory, formula, NOW, baseline)


def judge(world: World, count: int, seed: int, formula: Formula) -> dict[str, Judged]:
    """Both tasks on so many accounts of a world: one whose leaver is known, one where every owner leaves.

    Accounts without any recorded conversation have no number and stay out of both; their share is small except in thin data.
    """
    dice = np.random.default_rng([seed, *world.name.encode()])
    accounts = make_accounts(world, count, dice)
    directory = directory_of_world(accounts)
    log = tie_log(record(world, accounts, make_habits(accounts, dice), dice), directory, formula)
    sums, scores = scored(log, directory, formula)
    plain = _plain(accounts, log, sums)
    hhi: Floats = np.bincount(accounts.rep_account, plain * plain, count).astype(np.float64)
    personal = np.zeros(len(accounts.rep_account))
    named = scores.reps.rep != directory.firm_rep
    personal[scores.reps.rep[named]] = scores.reps.share[named]
    known = ~np.isnan(scores.dependence)
    found: dict[str, Judged] = {}
    for task, leaver in ((KNOWN_LEAVER, accounts.leaver), (OWNER_LEAVES, accounts.owner)):
        share = latent_share(world, accounts, leaver, plain[leaver])
        chance = chance_of_loss(share)
        lost = dice.random(count) < chance
        mine = task == KNOWN_LEAVER
        top = np.zeros(count)
        np.maximum.at(top, accounts.rep_account, plain)
        said: dict[str, Floats] = {
            "D": personal[leaver] if mine else scores.dependence,
            "plain share": plain[leaver] if mine else top,
            "CRM owner": (leaver == accounts.owner).astype(np.float64),
            "HHI": hhi,
            "oracle": chance,
        }
        found[task] = Judged(
            lost[known], {name: values[known] for name, values in said.items()}, scores.dependence[known]
        )
    return found


def _plain(accounts: Accounts, log: TieLog, sums: TieSums) -> Floats:
    """Each of our people's share of the account's recorded interactions with a person of ours, over the whole log."""
    named = log.rep < len(accounts.rep_account)
    whole = np.bincount(log.rep[named], sums.plain[named], len(accounts.rep_account))
    total = np.bincount(accounts.rep_account, whole, accounts.count)[accounts.rep_account]
    return np.divide(whole, total, out=np.zeros_like(whole), where=total > 0)


def averaged(logs: list[tuple[TieLog, TieSums]]) -> tuple[TieLog, TieSums]:
    """The ties of several logs of the same people with the mean of what they are worth; only what a number needs."""
    keys = [np.stack([log.account, log.rep, log.contact], axis=1) for log, _ in logs]
    ties, inverse = np.unique(np.concatenate(keys), axis=0, return_inverse=True)
    inverse = inverse.ravel()

    def mean(name: str) -> Floats:
        values = np.concatenate([getattr(sums, name) for _, sums in logs])
        return np.bincount(inverse, values, len(ties)) / len(logs)

    def most(name: str) -> NDArray[np.int64]:
        values = np.concatenate([getattr(sums, name) for _, sums in logs])
        best = np.full(len(ties), np.iinfo(np.int64).min)
        np.maximum.at(best, inverse, values)
        return best

    columns = ("inbound", "outbound", "other", "total", "squares", "plain")
    first = logs[0][1]
    sums = replace(
        first,
        **{name: mean(name) for name in columns},
        **{name: most(name) for name in ("interactions", "first_at", "last_at", "two_way_at")},
    )
    empty = np.zeros(len(ties), dtype=np.int64)
    account, rep, contact = (column.astype(np.int32) for column in ties.T)
    log = replace(logs[0][0], account=account, rep=rep, contact=contact, start=empty, stop=empty)
    return log, sums
