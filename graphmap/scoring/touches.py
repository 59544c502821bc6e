"""From interactions to touches: sides, role factors, direction and the part of the credit that each rep-contact pair gets.

One touch is one rep-contact pair of one interaction at one account. What it is worth apart from its age depends only on a
few small numbers, packed in a ``code``; so a touch is (tie, time, code, interaction), and any formula decodes it.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from graphmap.records import ROLES, ROLES_ON_NO_SIDE
from graphmap.scoring.directory import ACCOUNT, OWN, Directory
from graphmap.scoring.formula import DAY_MS, Formula

KINDS = ("email", "message", "call", "meeting", "order")
KIND_CODES = {kind: code for code, kind in enumerate(KINDS)}
DIRECTION_CODES = {None: 0, "in": 1, "out": 2, "mutual": 3}
ROLE_CODES = {role: code for code, role in enumerate(ROLES)}
_FROM, _CC, _ACCOUNT = (ROLE_CODES[r] for r in ("from", "cc", "account"))
_NOT_ON_A_SIDE = np.array([role in ROLES_ON_NO_SIDE for role in ROLES])
IN, OUT, MUTUAL = 0, 1, 2

Ints = NDArray[np.int64]
Small = NDArray[np.int8]


@dataclass(frozen=True)
class Interactions:
    """Interactions sorted by (time, id as text), and their participants sorted by (interaction, place).

    ``at`` epoch ms; ``kind`` and ``direction`` codes of KIND_CODES and DIRECTION_CODES; ``part_of[k]`` the interaction of
    participant k, ``who[k]`` its person index (-1 nobody; ``directory.firm_rep`` for a channel), ``role[k]`` of ROLE_CODES.
    """

    at: Ints
    kind: Small
    direction: Small
    part_of: NDArray[np.int32]
    who: NDArray[np.int32]
    role: Small


@dataclass(frozen=True)
class Touches:
    """Touches before sorting: parallel arrays of account, rep, contact, interaction index and packed code."""

    account: NDArray[np.int32]
    rep: NDArray[np.int32]
    contact: NDArray[np.int32]
    interaction: NDArray[np.int32]
    code: Ints


# Layout of a packed code, lowest bits first: (name, bits).
_FIELDS = (
    ("rep_cc", 1), ("contact_cc", 1), ("ours_full", 11), ("ours_cc", 11), ("theirs_full", 10), ("theirs_cc", 10),
    ("mine", 10), ("kind", 3), ("way", 2), ("alone", 1),
)  # fmt: skip
_SHIFTS = {name: sum(bits for _, bits in _FIELDS[:k]) for k, (name, _) in enumerate(_FIELDS)}
_WIDTHS = dict(_FIELDS)
MOST_OF_OURS, MOST_OF_THEIRS = 2047, 1023
"""More participants than this on a side do not fit a code; such an interaction is mass mail and counts nothing."""


@dataclass(frozen=True)
class CodeTable:
    """What each code is worth under one formula: arrays of shape (codes,).

    ``credit`` = w_kind rho_r rho_c / (sum rho_R sum rho_M), before decay; ``plain`` = 1 / (|R| x contacts of this account);
    ``way`` 0 in, 1 out, 2 mutual; ``two_way`` counts as an answer or a conversation; ``alone`` the firm acted alone;
    ``mine`` contacts of this account in the interaction.
    """

    credit: NDArray[np.float64]
    plain: NDArray[np.float64]
    way: Small
    two_way: NDArray[np.bool_]
    alone: NDArray[np.bool_]
    mine: NDArray[np.int16]
    kind: Small


def decode(codes: Ints, formula: Formula) -> CodeTable:
    """The worth of packed codes under a formula; shape (codes,) each."""
    part = {name: (codes >> _SHIFTS[name]) & ((1 << _WIDTHS[name]) - 1) for name, _ in _FIELDS}
    cc = formula.cc_factor
    rep = np.where(part["rep_cc"] == 1, cc, 1.0)
    contact = np.where(part["contact_cc"] == 1, cc, 1.0)
    ours = part["ours_full"] + cc * part["ours_cc"]
    theirs = part["theirs_full"] + cc * part["theirs_cc"]
    alone = part["alone"] == 1
    weight = np.where(alone, formula.weight_firm, np.array(formula.kind_weights)[part["kind"]])
    mail = part["kind"] <= KIND_CODES["message"]
    return CodeTable(
        credit=weight * rep * contact / (ours * theirs),
        plain=1.0 / ((part["ours_full"] + part["ours_cc"]) * part["mine"]),
        way=part["way"].astype(np.int8),
        two_way=~mail | (part["way"] == IN),
        alone=alone,
        mine=part["mine"].astype(np.int16),
        kind=part["kind"].astype(np.int8),
    )


def touches_of(log: Interactions, directory: Directory, max_contacts: int) -> Touches:
    """All touches of the interactions: every pair of a member of R and an account's member of M.

    Sides by the affiliation on the UTC date of the interaction; role factor 1, cc less, bcc and declined not on a side; one
    person in several roles counts with the largest; an interaction with an empty side or more than ``max_contacts`` of their
    people counts nothing. Formula: docs/number.md.
    """
    if len(log.part_of) == 0 or len(directory.firm_ids) == 0:
        nobody = np.zeros(0, dtype=np.int32)
        return Touches(nobody, nobody, nobody, nobody, np.zeros(0, dtype=np.int64))
    side = _sides(log, directory)
    count = len(log.at)
    ours_full, ours_cc = _tally(side, count, ours=True)
    theirs_full, theirs_cc = _tally(side, count, ours=False)
    ours, theirs = ours_full + ours_cc, theirs_full + theirs_cc
    counts = (
        (ours > 0) & (theirs > 0) & (theirs <= min(max_contacts, MOST_OF_THEIRS)) & (ours <= MOST_OF_OURS)
    )
    reps = _pick(side, side.ours & counts[side.part_of])
    contacts = _pick(side, ~side.ours & (directory.firm_kind[side.firm] == ACCOUNT) & counts[side.part_of])
    mine = _contacts_of_same_account(contacts, len(directory.firm_ids))

    # Expand: every contact row meets every rep row of its interaction.
    starts = np.searchsorted(reps.part_of, contacts.part_of)
    number = ours[contacts.part_of]
    of_contact = np.repeat(np.arange(len(contacts.part_of)), number)
    within = np.arange(len(of_contact)) - np.repeat(np.cumsum(number) - number, number)
    of_rep = starts[of_contact] + within
    interaction = contacts.part_of[of_contact]

    alone = (ours == 1) & (np.bincount(side.part_of[side.who == directory.firm_rep], minlength=count) == 1)
    way = _ways(log, side, alone)
    fields = {
        "rep_cc": reps.cc[of_rep],
        "contact_cc": contacts.cc[of_contact],
        "ours_full": ours_full[interaction],
        "ours_cc": ours_cc[interaction],
        "theirs_full": theirs_full[interaction],
        "theirs_cc": theirs_cc[interaction],
        "mine": mine[of_contact],
        "kind": log.kind[interaction],
        "way": way[interaction],
        "alone": alone[interaction],
    }
    code = np.zeros(len(of_contact), dtype=np.int64)
    for name, values in fields.items():
        code |= values.astype(np.int64) << _SHIFTS[name]
    return Touches(
        account=contacts.firm[of_contact],
        rep=reps.who[of_rep],
        contact=contacts.who[of_contact],
        interaction=interaction.astype(np.int32),
        code=code,
    )


CHUNK = 500_000


def touches_in_chunks(log: Interactions, directory: Directory, max_contacts: int) -> Touches:
    """``touches_of`` for half a million interactions at a time: the expansion to pairs never stands in memory as a whole."""
    chunks: list[Touches] = []
    for begin in range(0, max(len(log.at), 1), CHUNK):
        low, high = np.searchsorted(log.part_of, [begin, begin + CHUNK])
        part = slice(int(low), int(high))
        some = Interactions(
            at=log.at[begin : begin + CHUNK],
            kind=log.kind[begin : begin + CHUNK],
            direction=log.direction[begin : begin + CHUNK],
            part_of=log.part_of[part] - np.int32(begin),
            who=log.who[part],
            role=log.role[part],
        )
        found = touches_of(some, directory, max_contacts)
        chunks.append(replace(found, interaction=found.interaction + np.int32(begin)))
    return Touches(**{f.name: np.concatenate([getattr(c, f.name) for c in chunks]) for f in fields(Touches)})


@dataclass(frozen=True)
class _Side:
    """Participants on a side, one row per (interaction, person), sorted by interaction then place of first mention."""

    part_of: NDArray[np.int32]
    who: NDArray[np.int32]
    firm: NDArray[np.int32]
    cc: NDArray[np.bool_]
    ours: NDArray[np.bool_]
    first_from_ours: Small


def _sides(log: Interactions, directory: Directory) -> _Side:
    day = log.at[log.part_of] // DAY_MS
    channel = log.who == directory.firm_rep
    firm = directory.firm_on(np.where(channel, -1, log.who).astype(np.int32), day)
    keep = ~_NOT_ON_A_SIDE[log.role] & (channel | ((log.who >= 0) & (firm >= 0)))
    unnamed = log.role == _ACCOUNT
    keep &= ~(unnamed & (firm >= 0) & (directory.firm_kind[np.maximum(firm, 0)] == OWN))
    part_of, who, firm, role = log.part_of[keep], log.who[keep], firm[keep], log.role[keep]
    ours = (who == directory.firm_rep) | (directory.firm_kind[firm] == OWN)
    senders = np.flatnonzero(role == _FROM)[::-1]
    first_from = np.zeros(len(log.at), dtype=np.int8)
    first_from[part_of[senders]] = np.where(ours[senders], 1, 2)  # reversed, so the first one stays

    key = part_of.astype(np.int64) * (directory.firm_rep + 1) + who
    order = np.argsort(key, kind="stable")
    fresh = np.diff(key[order], prepend=-1) != 0
    group = np.cumsum(fresh) - 1
    full = np.zeros(int(group[-1]) + 1 if len(group) else 0, dtype=np.bool_)
    np.logical_or.at(full, group, (role[order] != _CC) | (who[order] == directory.firm_rep))
    first = order[fresh]
    rows = _Side(part_of[first], who[first], firm[first], ~full, ours[first], first_from)
    return _without_needless_unnamed(rows, directory)


def _without_needless_unnamed(side: _Side, directory: Directory) -> _Side:
    """An account's unnamed contact steps back where a person of that firm takes part."""
    unnamed = ~side.ours & (directory.unnamed_of[np.where(side.ours, 0, side.who)] >= 0)
    if not unnamed.any():
        return side
    span = len(directory.firm_ids) + 1
    key = side.part_of.astype(np.int64) * span + side.firm
    named = np.unique(key[~side.ours & ~unnamed])
    return _pick(side, ~(unnamed & np.isin(key, named)))


def _pick(side: _Side, mask: NDArray[np.bool_]) -> _Side:
    return _Side(
        side.part_of[mask],
        side.who[mask],
        side.firm[mask],
        side.cc[mask],
        side.ours[mask],
        side.first_from_ours,
    )


def _tally(side: _Side, count: int, *, ours: bool) -> tuple[Ints, Ints]:
    rows = side.ours == ours
    full = np.bincount(side.part_of[rows & ~side.cc], minlength=count)
    return full, np.bincount(side.part_of[rows & side.cc], minlength=count)


def _contacts_of_same_account(contacts: _Side, firms: int) -> Ints:
    key = contacts.part_of.astype(np.int64) * (firms + 1) + contacts.firm
    _, inverse, number = np.unique(key, return_inverse=True, return_counts=True)
    return number[inverse] if len(key) else np.zeros(0, dtype=np.int64)


def _ways(log: Interactions, side: _Side, alone: NDArray[np.bool_]) -> Small:
    """Direction class per interaction: mail as stated, else by the first sender on a side; all else mutual."""
    stated = np.array([-1, IN, OUT, MUTUAL], dtype=np.int8)[log.direction]
    guessed = np.array([MUTUAL, OUT, IN], dtype=np.int8)[side.first_from_ours]
    mail = log.kind <= KIND_CODES["message"]
    way = np.where(stated >= 0, stated, guessed)
    return np.where(mail & ~alone, way, MUTUAL).astype(np.int8)
