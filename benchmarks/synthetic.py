"""Synthetic interactions of any size, vectorised and seeded: accounts after Zipf, owners who drift, some portal orders."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from graphmap.scoring.directory import ALWAYS, OPEN, Directory
from graphmap.scoring.formula import DAY_MS, Formula
from graphmap.scoring.ties import TieLog, cluster
from graphmap.scoring.touches import ROLE_CODES, Interactions, decode, touches_in_chunks
from graphmap.touchlog import clustered

T = 1_790_000_000_000
GROUPS = {
    "base": ("at", "code", "interaction"), "late": ("late_at", "late_code", "late_interaction"),
    "ties": ("account", "rep", "contact", "start", "stop"), "codes": ("codes",),
}  # fmt: skip
SIZES = {
    "1m": (1_000_000, 300, 6_000, 37_000),
    "5m": (5_000_000, 800, 20_000, 120_000),
    "10m": (10_000_000, 1_000, 30_000, 186_000),
}


def make(size: str, seed: int = 1) -> tuple[Interactions, Directory]:
    """Interactions with about 1.3 of ours and 1.8 of theirs over five years, and who works where."""
    n, reps, accounts, contacts = SIZES[size]
    dice = np.random.default_rng(seed)
    at = np.sort(T - dice.integers(0, 5 * 365 * DAY_MS, n))
    weight = (np.arange(accounts) + 1.0) ** -0.9
    account = dice.choice(accounts, n, p=weight / weight.sum()).astype(np.int32)
    first = np.concatenate(
        [[0], np.sort(dice.choice(contacts - 1, accounts - 1, replace=False)) + 1, [contacts]]
    )
    crowd = np.diff(first)
    names = [f"p{k:07d}" for k in range(reps + contacts)]
    firms = ["aa-us", *(f"f{k:06d}" for k in range(accounts))]
    firm_of = np.repeat(np.arange(accounts), crowd) + 1
    unnamed = [f"account:{f}" for f in firms]
    order = np.argsort(np.array([*names, *unnamed]))
    place = np.empty(len(order), dtype=np.int32)
    place[order] = np.arange(len(order))
    person_ids = tuple(np.array([*names, *unnamed])[order].tolist())
    home = np.concatenate([np.zeros(reps, dtype=np.int32), firm_of, np.arange(len(firms))]).astype(np.int32)
    everybody = np.arange(len(order))
    unnamed_of = np.full(len(order), -1, dtype=np.int32)
    unnamed_of[place[reps + contacts :]] = np.arange(len(firms))
    directory = Directory(
        person_ids, tuple(firms), np.array([0] + [1] * accounts, dtype=np.int8), np.full(len(firms), -1, dtype=np.int32),
        unnamed_of, place[everybody], home, np.full(len(order), ALWAYS), np.full(len(order), OPEN), np.zeros(len(order), dtype=np.int64),
        dice.integers(-1, 4, len(order)).astype(np.int8),
    )  # fmt: skip
    kind = dice.choice(5, n, p=[0.6, 0.05, 0.12, 0.13, 0.1]).astype(np.int8)
    drift = (at - at[0]) // (600 * DAY_MS)
    main = (account * 7 + drift * 13) % reps
    ours = np.where(dice.random(n) < 0.7, main, (main + dice.integers(1, 5, n)) % reps)
    second = np.where(dice.random(n) < 0.3, (ours + 1) % reps, -1)
    theirs = [reps + first[account] + dice.integers(0, crowd[account]) for _ in range(3)]
    theirs[1] = np.where((dice.random(n) < 0.55) & (theirs[1] != theirs[0]), theirs[1], -1)
    theirs[2] = np.where(
        (dice.random(n) < 0.25) & (theirs[2] != theirs[0]) & (theirs[2] != theirs[1]), theirs[2], -1
    )
    portal = (kind == 4) & (dice.random(n) < 0.6)
    inbound = dice.random(n) < 0.45
    who = np.stack([np.where(portal, -2, ours), np.where(portal, -1, second), *theirs], axis=1)
    role = np.full(who.shape, ROLE_CODES["attendee"], dtype=np.int8)
    mail = kind <= 1
    role[mail] = ROLE_CODES["to"]
    role[mail & inbound, 2] = ROLE_CODES["from"]
    role[mail & ~inbound, 0] = ROLE_CODES["from"]
    role[:, 4] = np.where(mail, ROLE_CODES["cc"], role[:, 4])
    role[portal, 0] = ROLE_CODES["channel"]
    present = who != -1
    part_of = np.repeat(np.arange(n, dtype=np.int32), present.sum(axis=1))
    flat = who[present]
    people = np.where(flat == -2, len(order), place[np.maximum(flat, 0)]).astype(np.int32)
    log = Interactions(at, kind, np.zeros(n, dtype=np.int8), part_of, people, role[present])
    return log, directory


def write(folder: Path, size: str) -> None:
    """The clustered touch log as the program keeps it, and the same columns as Parquet for the peers."""
    log, directory = make(size)
    ties = cluster(
        touches_in_chunks(log, directory, 50), log.at, np.arange(len(log.at), dtype=np.int32),
        len(directory.person_ids), len(directory.firm_ids),
    )  # fmt: skip
    clustered.save(
        folder, {name: {n: getattr(ties, n) for n in names} for name, names in GROUPS.items()}, {"size": size}
    )
    sizes = ties.stop - ties.start
    table = pa.table(
        {
            "account": np.repeat(ties.account, sizes), "rep": np.repeat(ties.rep, sizes), "contact": np.repeat(ties.contact, sizes),
            "at": ties.at, "code": ties.code, "interaction": ties.interaction,
        }
    )  # fmt: skip
    pq.write_table(table, folder / "touches.parquet", compression="zstd", row_group_size=250_000)
    codes = decode(ties.codes, Formula())
    pq.write_table(
        pa.table(
            {
                "code": np.arange(len(ties.codes)), "credit": codes.credit, "plain": codes.plain, "way": codes.way,
                "two_way": codes.two_way, "alone": codes.alone, "mine": codes.mine,
            }
        ),
        folder / "codes.parquet",
    )  # fmt: skip
    seniority = np.full(len(directory.person_ids), -1)
    seniority[directory.person] = directory.seniority
    pq.write_table(
        pa.table({"contact": np.arange(len(seniority)), "seniority": seniority}), folder / "seniority.parquet"
    )
    save_directory(folder, directory)


_COLUMNS = ("firm_kind", "owner", "unnamed_of", "person", "firm", "start", "end", "precedence", "seniority")


def save_directory(folder: Path, directory: Directory) -> None:
    """Who works where, as a file."""
    names = {"person_ids": np.array(directory.person_ids), "firm_ids": np.array(directory.firm_ids)}
    np.savez(folder / "directory.npz", **{name: getattr(directory, name) for name in _COLUMNS}, **names)


def read_directory(folder: Path) -> Directory:
    """What ``save_directory`` wrote."""
    known = np.load(folder / "directory.npz")
    arrays = {name: known[name] for name in _COLUMNS}
    return Directory(tuple(known["person_ids"].tolist()), tuple(known["firm_ids"].tolist()), **arrays)


def read(folder: Path, size: str) -> tuple[TieLog, Directory]:
    """What ``write`` made."""
    del size
    columns = clustered.load(folder, tuple(GROUPS))
    assert columns is not None
    return TieLog(**columns), read_directory(folder)


if __name__ == "__main__":
    write(Path(sys.argv[1]), sys.argv[2])
