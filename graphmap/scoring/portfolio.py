"""Every account's numbers at once: array kernels over ties, equal to the literal NetworkX way of ``account`` (tested)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_bipartite_matching
from scipy.special import betaincinv

from graphmap.scoring.directory import ACCOUNT, Directory
from graphmap.scoring.formula import DAY_MS, EPSILON, Formula, band_of
from graphmap.scoring.grouping import any_by, sum_by
from graphmap.scoring.ties import NEVER, TieLog, TieSums

Ints = NDArray[np.int64]
Indexes = NDArray[np.int32]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class TieTable:
    """Ties at T, arrays of shape (ties,). ``strength`` = s; ``kept`` neither end has left; ``active`` kept, named, s >= tau.

    ``rep_slot`` and ``contact_slot`` point into the (account, rep) and (account, contact) tables.
    """

    strength: Floats
    kept: Flags
    active: Flags
    named: Flags
    rep_left: Flags
    contact_left: Flags
    rep_slot: Indexes
    contact_slot: Indexes


@dataclass(frozen=True)
class RepTable:
    """(account, rep) pairs with a kept tie of a named rep, sorted: ``share`` = P_r, ``strength`` = sum of s, ``plain`` weight."""

    account: Indexes
    rep: Indexes
    share: Floats
    strength: Floats
    plain: Floats
    active: Flags


@dataclass(frozen=True)
class ContactTable:
    """(account, contact) pairs, sorted: ``strength`` = S_c of kept ties, ``vote`` = omega_c, ``active`` has an active tie."""

    account: Indexes
    contact: Indexes
    strength: Floats
    vote: Floats
    active: Flags
    seniority: NDArray[np.int8]
    left: Flags


@dataclass(frozen=True)
class Scores:
    """All accounts' numbers; arrays of shape (accounts,), shares 0-1, NaN = not known, -1 = none (indexes, bus factor).

    ``status``: 0 ok, 1 unknown, 2 no_data. ``firm_ids`` order = ``accounts`` (indexes of firms of kind account, by id).
    """

    accounts: Indexes
    status: NDArray[np.int8]
    dependence: Floats
    lower: Floats
    upper: Floats
    effective_sample: Floats
    top_rep: Indexes
    other_reps: Floats
    firm: Floats
    plain_share: Floats
    effective_reps: Floats
    contact_dependence: Floats
    effective_contacts: Floats
    active_reps: Ints
    active_contacts: Ints
    connectivity: Ints
    bus_factor: Ints
    orphaned_share: Floats
    lost_contact_share: Floats
    interactions: Ints
    last_two_way_at: Ints
    only_unnamed: Flags
    cell_ours: tuple[str, ...]
    cell_theirs: tuple[str, ...]
    band: tuple[str | None, ...]
    baseline: float | None
    ties: TieTable
    reps: RepTable
    contacts: ContactTable


OK, UNKNOWN, NO_DATA = 0, 1, 2
STATUS = ("ok", "unknown", "no_data")


def tie_strength(inbound: Floats, outbound: Floats, other: Floats, reciprocity: float) -> Floats:
    """``s = X + (1 - lambda)(I + O) + 2 lambda min(I, O)``, in fresh two-way mails; arrays of equal shape.

    >>> tie_strength(np.array([1.0, 0.0]), np.array([1.0, 1.0]), np.zeros(2), 0.8).round(12).tolist()
    [2.0, 0.2]
    """
    return other + (1 - reciprocity) * (inbound + outbound) + 2 * reciprocity * np.minimum(inbound, outbound)


def baseline_of(
    log: TieLog, sums: TieSums, directory: Directory, formula: Formula, as_of: int
) -> float | None:
    """s0 = c0 x median of S_c over contacts with S_c > 0, leavers dropped; c0 = 0.1 where the firm itself acted, else 0.25.

    None without any such contact: nothing is stored then.
    """
    positive = positive_strengths(log, sums, directory, formula, as_of)
    return baseline_from(
        positive, firm_acts=bool(np.any((log.rep == directory.firm_rep) & (sums.interactions > 0)))
    )


def positive_strengths(
    log: TieLog, sums: TieSums, directory: Directory, formula: Formula, as_of: int
) -> Floats:
    """S_c of every contact of an account that has one above 0, leavers dropped."""
    _, _, contacts = _structure(log, sums, directory, formula, as_of)
    return contacts.strength[contacts.strength > 0]


def baseline_from(strengths: Floats, *, firm_acts: bool) -> float | None:
    """c0 x median of the strengths; None without any."""
    return (0.1 if firm_acts else 0.25) * float(np.median(strengths)) if len(strengths) else None


def score(
    log: TieLog, sums: TieSums, directory: Directory, formula: Formula, as_of: int, baseline: float | None
) -> Scores:
    """The numbers of every firm of kind account at ``as_of`` (epoch ms), with baseline s0 (None counts as 0)."""
    ties, reps, contacts = _structure(log, sums, directory, formula, as_of)
    accounts = np.flatnonzero(directory.firm_kind == ACCOUNT).astype(np.int32)
    slot = np.full(len(directory.firm_ids) + 1, -1, dtype=np.int32)
    slot[accounts] = np.arange(len(accounts))
    n = len(accounts)
    s0 = baseline or 0.0
    contacts = _votes(contacts, slot, n, formula)
    share = np.zeros(len(ties.strength))
    denominator = contacts.strength[ties.contact_slot] + s0
    carried = ties.kept & (denominator > 0)
    share[carried] = contacts.vote[ties.contact_slot[carried]] * ties.strength[carried] / denominator[carried]
    reps = _rep_shares(reps, ties, share, sums)
    has = sum_by(slot[contacts.account], contacts.strength > 0, n) > 0
    rep_account = slot[reps.account]
    carrying = reps.share > 0
    total = sum_by(rep_account, reps.share, n)
    top = _top_rep(reps, rep_account, directory, accounts, n)
    dependence = np.where(top >= 0, reps.share[np.maximum(top, 0)], 0.0) if len(reps.share) else np.zeros(n)
    sample = _effective_sample(log, sums, ties, slot, n)
    lower, upper = interval(dependence, sample)
    ok = (sample >= formula.min_sample - 1e-9) & ((upper - lower) * 100 <= formula.max_width + 1e-9)
    status = np.where(has, np.where(ok, OK, UNKNOWN), NO_DATA).astype(np.int8)
    before = sum_by(slot[log.account], ties.strength, n)
    two_way = np.full(n, NEVER, dtype=np.int64)
    np.maximum.at(two_way, slot[log.account], sums.two_way_at)
    connectivity = _connectivity(log, ties, slot, n)
    active_reps = sum_by(rep_account, reps.active, n).astype(np.int64)
    active_contacts = sum_by(slot[contacts.account], contacts.active, n).astype(np.int64)
    contact_dependence = np.zeros(n)
    np.maximum.at(contact_dependence, slot[contacts.account], contacts.vote)
    only_unnamed = _only_unnamed(contacts, slot, n, directory)
    nan = np.where(has, 1.0, np.nan)
    some_tie = np.where(sum_by(slot[log.account], sums.interactions > 0, n) > 0, 1.0, np.nan)
    known = status == OK
    return Scores(
        accounts=accounts,
        status=status,
        dependence=dependence * nan,
        lower=lower * nan,
        upper=upper * nan,
        effective_sample=np.where(has, sample, 0.0),
        top_rep=np.where(has & (top >= 0), reps.rep[np.maximum(top, 0)] if len(reps.rep) else -1, -1).astype(
            np.int32
        ),
        other_reps=(total - dependence) * nan,
        firm=(1 - total) * nan,
        plain_share=_plain_share(log, sums, ties, reps, top, slot, n) * nan,
        effective_reps=np.where(top >= 0, _effective(reps.share, rep_account, total, carrying, n), np.nan)
        * nan,
        contact_dependence=contact_dependence * nan,
        effective_contacts=_effective(contacts.vote, slot[contacts.account], np.ones(n), contacts.vote > 0, n)
        * nan,
        active_reps=np.where(has, active_reps, 0),
        active_contacts=np.where(has, active_contacts, 0),
        connectivity=np.where(has, connectivity, 0),
        bus_factor=np.where(has, _bus_factor(reps, rep_account, n), -1),
        orphaned_share=_share_of(ties.strength * ties.rep_left, slot[log.account], before, n) * some_tie,
        lost_contact_share=_share_of(ties.strength * ties.contact_left, slot[log.account], before, n)
        * some_tie,
        interactions=np.rint(sum_by(slot[log.account], sums.plain, n)).astype(np.int64),
        last_two_way_at=two_way,
        only_unnamed=only_unnamed,
        cell_ours=tuple(
            _cell_ours(*row)
            for row in zip(
                known.tolist(), active_reps.tolist(), dependence.tolist(), lower.tolist(), strict=True
            )
        ),
        cell_theirs=tuple(
            _cell_theirs(*row)
            for row in zip(
                known.tolist(),
                only_unnamed.tolist(),
                active_contacts.tolist(),
                contact_dependence.tolist(),
                strict=True,
            )
        ),
        band=tuple(
            band_of(100 * d) if s != NO_DATA else None
            for d, s in zip(dependence.tolist(), status.tolist(), strict=True)
        ),
        baseline=baseline,
        ties=ties,
        reps=reps,
        contacts=contacts,
    )


def interval(share: Floats, sample: Floats) -> tuple[Floats, Floats]:
    """5 % and 95 % points of ``Beta(n p + 1/2, n (1 - p) + 1/2)``; the marginal of a Dirichlet with Jeffreys-type prior.

    >>> low, high = interval(np.array([0.70036808]), np.array([3.42358079]))
    >>> round(float(low[0]), 4), round(float(high[0]), 4)
    (0.2814, 0.9431)
    """
    a, b = sample * share + 0.5, sample * (1 - share) + 0.5
    return betaincinv(a, b, 0.05), betaincinv(a, b, 0.95)


def _structure(
    log: TieLog, sums: TieSums, directory: Directory, formula: Formula, as_of: int
) -> tuple[TieTable, RepTable, ContactTable]:
    day = as_of // DAY_MS
    strength = tie_strength(sums.inbound, sums.outbound, sums.other, formula.reciprocity)
    rep_left = directory.rep_left(log.rep, day)
    named = log.rep != directory.firm_rep
    rep_account, rep, rep_slot = _runs(log.account, log.rep)
    contact_account, contact, contact_slot = _pairs(log.account, log.contact)
    left = directory.contact_left(contact, contact_account, day)
    contact_left = left[contact_slot]
    kept = (sums.interactions > 0) & ~rep_left & ~contact_left
    active = kept & named & (strength >= formula.active_strength - EPSILON)
    ties = TieTable(strength, kept, active, named, rep_left, contact_left, rep_slot, contact_slot)
    zeros = np.zeros(len(rep))
    reps = RepTable(
        rep_account,
        rep,
        zeros,
        sum_by(rep_slot, strength * (kept & named), len(rep)),
        zeros,
        any_by(rep_slot, active, len(rep)),
    )
    people = ContactTable(
        account=contact_account,
        contact=contact,
        strength=sum_by(contact_slot, strength * kept, len(contact)),
        vote=np.zeros(len(contact)),
        active=any_by(contact_slot, active, len(contact)),
        seniority=directory.seniority_on(contact, contact_account, day),
        left=left,
    )
    return ties, reps, people


def _runs(account: Indexes, other: Indexes) -> tuple[Indexes, Indexes, Indexes]:
    """``_pairs`` where equal pairs lie side by side already."""
    fresh = np.diff(account, prepend=-1) != 0
    fresh |= np.diff(other, prepend=-1) != 0
    return account[fresh], other[fresh], (np.cumsum(fresh) - 1).astype(np.int32)


def _pairs(account: Indexes, other: Indexes) -> tuple[Indexes, Indexes, Indexes]:
    """The distinct pairs, sorted, as two columns, and the place of each row's pair among them.

    Nearly everybody is at one account only, so a pair is found by its person; sorting is left to the few who are at several.
    """
    size = int(other.max(initial=-1)) + 1
    home = np.zeros(size, dtype=np.int64)
    home[other] = account
    several, present = np.zeros(size, dtype=np.bool_), np.zeros(size, dtype=np.bool_)
    several[other[home[other] != account]] = True
    present[other] = True
    settled = np.flatnonzero(present & ~several)
    rows = np.flatnonzero(several[other])
    settled_keys = (home[settled] << 32) | settled
    row_keys = (account[rows].astype(np.int64) << 32) | other[rows]
    keys = np.sort(np.concatenate([settled_keys, np.unique(row_keys)]))
    place = np.zeros(size, dtype=np.int32)
    place[settled] = np.searchsorted(keys, settled_keys)
    slot = place[other]
    slot[rows] = np.searchsorted(keys, row_keys)
    return (keys >> 32).astype(np.int32), (keys & 0xFFFFFFFF).astype(np.int32), slot


def _votes(contacts: ContactTable, slot: Indexes, n: int, formula: Formula) -> ContactTable:
    """omega_c = a_c S_c^beta / sum over the account's contacts with S_c > 0."""
    weight = np.array(formula.authority)[contacts.seniority] * contacts.strength**formula.vote_exponent
    weight = np.where(contacts.strength > 0, weight, 0.0)
    total = sum_by(slot[contacts.account], weight, n)[slot[contacts.account]]
    vote = np.divide(weight, total, out=np.zeros_like(weight), where=total > 0)
    return ContactTable(
        contacts.account,
        contacts.contact,
        contacts.strength,
        vote,
        contacts.active,
        contacts.seniority,
        contacts.left,
    )


def _rep_shares(reps: RepTable, ties: TieTable, share: Floats, sums: TieSums) -> RepTable:
    size = len(reps.rep)
    personal = ties.kept & ties.named
    return RepTable(
        account=reps.account,
        rep=reps.rep,
        share=sum_by(ties.rep_slot, share * personal, size),
        strength=reps.strength,
        plain=sum_by(ties.rep_slot, sums.plain, size),
        active=reps.active,
    )


def _top_rep(
    reps: RepTable, rep_account: Indexes, directory: Directory, accounts: Indexes, n: int
) -> Indexes:
    """Row of the largest share per account: within 1e-12 the CRM owner, then the smallest id; -1 without a named rep."""
    best = np.zeros(n)
    np.maximum.at(best, rep_account, reps.share)
    tied = np.flatnonzero((reps.share > 0) & (reps.share >= best[rep_account] - EPSILON))
    owner = directory.owner[accounts[rep_account[tied]]] == reps.rep[tied]
    order = tied[np.lexsort((reps.rep[tied], ~owner, rep_account[tied]))]
    top = np.full(n, -1, dtype=np.int32)
    first = np.diff(rep_account[order], prepend=-1) != 0
    top[rep_account[order][first]] = order[first]
    return top


def _effective_sample(log: TieLog, sums: TieSums, ties: TieTable, slot: Indexes, n: int) -> Floats:
    """n_eff = (sum u)^2 / sum u^2 over clusters (rep or FIRM, contact, ISO week) of the ties that remain."""
    total = sum_by(slot[log.account], sums.total * ties.kept, n)
    squares = sum_by(slot[log.account], sums.squares * ties.kept, n)
    return np.divide(total * total, squares, out=np.zeros(n), where=squares > 0)


def _plain_share(
    log: TieLog, sums: TieSums, ties: TieTable, reps: RepTable, top: Indexes, slot: Indexes, n: int
) -> Floats:
    stayed = sum_by(slot[log.account], sums.plain * ~ties.rep_left, n)
    mine = np.where(top >= 0, reps.plain[np.maximum(top, 0)], 0.0) if len(reps.plain) else np.zeros(n)
    return np.divide(mine, stayed, out=np.zeros(n), where=stayed > 0)


def _effective(values: Floats, group: Indexes, total: Floats, where: Flags, n: int) -> Floats:
    """Exp of the entropy of the shares ``values / total`` within each group (Hill number of order 1)."""
    rows = np.flatnonzero(where)
    share = values[rows] / total[group[rows]]
    return np.exp(sum_by(group[rows], -share * np.log(share), n))


def _bus_factor(reps: RepTable, rep_account: Indexes, n: int) -> Ints:
    """Smallest j with at most half left after the j largest shares; -1 if even all of them leave more."""
    rows = np.flatnonzero(reps.share > 0)
    rows = rows[np.lexsort((-reps.share[rows], rep_account[rows]))]
    group = rep_account[rows]
    running = np.cumsum(reps.share[rows])
    first = np.flatnonzero(np.diff(group, prepend=-1))
    sizes = np.diff(np.append(first, len(rows)))
    running -= np.repeat(running[first] - reps.share[rows][first], sizes)
    place = np.arange(len(rows)) - np.repeat(first, sizes) + 1
    enough = 1 - running <= 0.5 + EPSILON
    factor = np.full(n, np.iinfo(np.int64).max, dtype=np.int64)
    np.minimum.at(factor, group[enough], place[enough])
    return np.where(factor == np.iinfo(np.int64).max, -1, factor)


def _connectivity(log: TieLog, ties: TieTable, slot: Indexes, n: int) -> Ints:
    """Maximum matching of the active ties of every account, as one block-diagonal matrix (Koenig, Menger)."""
    rows = np.flatnonzero(ties.active)
    if not len(rows):
        return np.zeros(n, dtype=np.int64)
    left, left_slot = np.unique(ties.rep_slot[rows], return_inverse=True)
    right, right_slot = np.unique(ties.contact_slot[rows], return_inverse=True)
    shape = (len(left), len(right))
    graph = csr_array((np.ones(len(rows), dtype=np.int8), (left_slot, right_slot)), shape=shape)
    matched = maximum_bipartite_matching(graph, perm_type="column") >= 0
    account_of = np.zeros(len(left), dtype=np.int32)
    account_of[left_slot] = slot[log.account[rows]]
    return sum_by(account_of, matched, n).astype(np.int64)


def _only_unnamed(contacts: ContactTable, slot: Indexes, n: int, directory: Directory) -> Flags:
    """Whether the only contact with a tie that remains is the account's unnamed one."""
    present = contacts.strength > 0
    unnamed = directory.unnamed_of[contacts.contact] >= 0
    some = sum_by(slot[contacts.account], present, n) > 0
    named = sum_by(slot[contacts.account], present & ~unnamed, n) > 0
    return some & ~named


def _share_of(part: Floats, group: Indexes, whole: Floats, n: int) -> Floats:
    lost = sum_by(group, part, n)
    return np.divide(lost, whole, out=np.zeros(n), where=whole > 0)


def _cell_ours(known: bool, active_reps: int, dependence: float, lower: float) -> str:
    if not known:
        return "unknown"
    if active_reps == 0:
        return "none"
    return "single" if active_reps == 1 or (dependence >= 0.6 and lower >= 0.45) else "multi"


def _cell_theirs(known: bool, only_unnamed: bool, active_contacts: int, contact_dependence: float) -> str:
    if not known or only_unnamed:
        return "unknown"
    if active_contacts == 0:
        return "none"
    return "single" if active_contacts == 1 or contact_dependence >= 0.8 else "multi"
