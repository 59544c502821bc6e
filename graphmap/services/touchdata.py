"""From the store to ties: the touch log is brought up to date, people are looked up, touches are clustered by account.

What was clustered and summed the last time is kept beside the log; where only interactions or new people came since, only the
ties concerned are looked at again. Where anything else changed, everything is made again.
"""

from __future__ import annotations

import hashlib
import secrets
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute
from numpy.typing import NDArray

from graphmap.config import Settings
from graphmap.scoring.directory import ACCOUNT, OTHER, Directory
from graphmap.scoring.formula import Formula
from graphmap.scoring.pulled import directory_of
from graphmap.scoring.renewal import Renewed, renewed, renewed_sums
from graphmap.scoring.ties import LandmarkSums, TieLog, TieSums, cluster, landmark_sums
from graphmap.scoring.touches import (
    DIRECTION_CODES,
    KIND_CODES,
    ROLE_CODES,
    Interactions,
    touches_in_chunks,
)
from graphmap.store import interactions, people, state
from graphmap.store.graphstore import GraphStore
from graphmap.store.interactions import BatchColumns
from graphmap.touchlog import clustered
from graphmap.touchlog.participations import (
    Participations,
    Pulled,
    is_damage,
    lock,
    refresh,
    unwritable,
)

pc: Any = pyarrow.compute
"""Its functions are made at run time, so no type checker knows them."""

_TIES = ("account", "rep", "contact", "start", "stop")
_LATE = ("late_at", "late_code", "late_interaction")
_BASE = ("at", "code", "interaction")
_WORK = ("person", "firm", "start", "end", "precedence")
_WAYS = ("ways_in", "ways_out", "ways_mutual")
_SUMS = tuple(f.name for f in fields(LandmarkSums) if f.name != "ways")
_NONE = np.zeros(0, dtype=np.int64)
FIRM = "FIRM"
"""Who stands behind a channel or a group address of ours."""


@dataclass(frozen=True)
class TouchData:
    """Everything that scoring needs: ties with their touches, the people, and all interactions by number.

    ``renewal``: how the log differs from the one that lies in the cache; ``mark``: what that one covers.
    """

    log: TieLog
    directory: Directory
    pulled: Pulled
    person_of: Mapping[str, str]
    open_keys: frozenset[str]
    renewal: Renewed
    mark: Mapping[str, Any]


class _Batches:
    """The store as the touch log sees it."""

    def __init__(self, store: GraphStore) -> None:
        self._store = store

    def epoch(self) -> int:
        return state.count(self._store, "epoch")

    def batches(self) -> Mapping[str, int]:
        return interactions.batch_counts(self._store)

    def pull(self, batch: str) -> BatchColumns:
        return interactions.pull_batch(self._store, batch)


def cache_folder(settings: Settings) -> Path:
    """Where the touch log of the store in the settings lies; it can be deleted at any time."""
    where = hashlib.sha256(
        f"{settings.text('store')}|{settings.text('store.database')}".encode()
    ).hexdigest()[:12]
    return settings.home / "cache" / f"touchlog-{where}"


def load(store: GraphStore, settings: Settings) -> TouchData:
    """The ties of everything in the store; clustered anew only where more than new interactions and new people came."""
    folder = cache_folder(settings)
    directory, person_of = _people(store)
    limit = settings.whole("scoring.max_contacts")
    try:
        with lock(folder):
            try:
                return current(refresh(folder, _Batches(store)), directory, person_of, limit)
            except (pa.ArrowInvalid, OSError) as error:
                if not is_damage(error):
                    raise
                shutil.rmtree(folder, ignore_errors=True)
                return current(refresh(folder, _Batches(store)), directory, person_of, limit)
    except OSError as error:
        raise unwritable(folder, error) from error


def current(pulled: Pulled, directory: Directory, person_of: Mapping[str, str], limit: int) -> TouchData:
    """What is kept, brought up to date, or everything clustered anew (and kept); the caller holds the lock."""
    mark = clustered.mark_of(pulled.folder)
    if mark is not None and (mark["lineage"], mark["limit"]) == (pulled.lineage, limit):
        grown = _grown(mark, pulled, directory, person_of)
        if grown is not None:
            return grown
    everything = pulled.read()
    at = everything.interactions["at"].to_numpy()
    log, open_keys = _interactions(everything, directory, person_of)
    touches = touches_in_chunks(log, directory, limit)
    rank = _rank_in_time(at, everything.interactions["id"])
    ties = cluster(touches, at, rank, len(directory.person_ids), len(directory.firm_ids))
    mark = {"lineage": pulled.lineage, "limit": limit}
    data = TouchData(ties, directory, pulled, person_of, open_keys, Renewed(ties, _NONE, _NONE), mark)
    base = {"base": {name: getattr(ties, name) for name in _BASE}}
    return replace(data, mark=_save(data, base, None))


def rolled_up(data: TouchData, root: NDArray[np.int32], limit: int) -> tuple[TieLog, Directory]:
    """The ties as if every firm k were ``root[k]``, made anew from the interactions, so that nothing counts twice.

    Affiliations move along; firms that are another one's part are no accounts of their own. ``limit`` as in the settings.
    """
    directory = data.directory
    part = root != np.arange(len(root))
    kinds = np.where(part, np.int8(OTHER), directory.firm_kind).astype(np.int8)
    # What has an account among its parts is one, whatever it is by itself.
    kinds[root[part & (directory.firm_kind == ACCOUNT)]] = ACCOUNT
    whole = replace(directory, firm=root[directory.firm], firm_kind=kinds)
    everything = data.pulled.read()
    at = everything.interactions["at"].to_numpy()
    log, _ = _interactions(everything, whole, data.person_of)
    touches = touches_in_chunks(log, whole, limit)
    rank = _rank_in_time(at, everything.interactions["id"])
    return cluster(touches, at, rank, len(whole.person_ids), len(whole.firm_ids)), whole


def sums_at(data: TouchData, formula: Formula, as_of: int) -> TieSums:
    """The sums of every tie at T: those that were kept where they still hold, the others made again; kept for the next time.

    Raises:
        StoreError: the cache cannot be written.
    """
    known = data.mark["sums"]
    wanted = {"formula": repr(formula), "as_of": as_of}
    kept = None
    if known is not None and known["formula"] == wanted["formula"] and known["as_of"] <= as_of:
        kept = _kept_sums(data)
    if kept is None:
        sums = landmark_sums(data.log, formula, as_of)
    elif known == wanted and data.mark["segments"] == len(data.pulled.segments):
        return kept.scaled(formula, as_of)
    else:
        sums = renewed_sums(kept, data.renewal, data.directory.firm_rep, formula, as_of)
    ways = {name: sums.ways[:, k] for k, name in enumerate(_WAYS)}
    try:
        with lock(data.pulled.folder):
            # Whoever brought the cache up to date meanwhile did it as well.
            if clustered.mark_of(data.pulled.folder) == data.mark:
                _save(data, {"sums": {**ways, **{name: getattr(sums, name) for name in _SUMS}}}, wanted)
    except OSError as error:
        raise unwritable(data.pulled.folder, error) from error
    return sums.scaled(formula, as_of)


def _kept_sums(data: TouchData) -> LandmarkSums | None:
    columns = clustered.load(data.pulled.folder, ["sums"])
    if columns is None or clustered.mark_of(data.pulled.folder) != data.mark:
        return None
    return LandmarkSums(
        ways=np.stack([columns[name] for name in _WAYS], axis=1), **{n: columns[n] for n in _SUMS}
    )


def _save(
    data: TouchData, more: Mapping[str, Mapping[str, NDArray[Any]]], sums: Mapping[str, object] | None
) -> dict[str, Any]:
    """Keeps the log with who was who when it was made; returns the mark, which is another one every time."""
    directory = data.directory
    place = {person: k for k, person in enumerate((*directory.person_ids, FIRM))}
    keys = [(key, place[person]) for key, person in data.person_of.items() if person in place]
    groups: dict[str, Mapping[str, NDArray[Any]]] = {
        "ties": {name: getattr(data.log, name) for name in _TIES},
        "late": {name: getattr(data.log, name) for name in _LATE},
        "codes": {"codes": data.log.codes},
        "people": {"person_ids": np.array(directory.person_ids, dtype=object)},
        "firms": {
            "firm_ids": np.array(directory.firm_ids, dtype=object),
            "firm_kind": directory.firm_kind,
        },
        "work": {f"work_{name}": getattr(directory, name) for name in _WORK},
        "keys": {
            "keys": np.array([key for key, _ in keys], dtype=object),
            "key_people": np.array([person for _, person in keys], dtype=np.int32),
        },
        "open": {"open_keys": np.array(sorted(data.open_keys), dtype=object)},
        **more,
    }
    mark = {
        "lineage": data.mark["lineage"],
        "limit": data.mark["limit"],
        "segments": len(data.pulled.segments),
        "token": secrets.token_hex(8),
        "sums": sums,
    }
    clustered.save(data.pulled.folder, groups, mark)
    return {"format": clustered.FORMAT, **mark}


def _grown(
    mark: dict[str, Any], pulled: Pulled, directory: Directory, person_of: Mapping[str, str]
) -> TouchData | None:
    """The kept log with what was pulled since; None where that is not all that changed."""
    begin = int(mark["segments"])
    columns = clustered.load(
        pulled.folder, ("base", "ties", "late", "codes", "people", "firms", "work", "keys", "open")
    )
    if columns is None or begin > len(pulled.segments):
        return None
    nobody = np.zeros(0, dtype=np.int32)
    former = Directory(
        person_ids=tuple(columns["person_ids"].tolist()),
        firm_ids=tuple(columns["firm_ids"].tolist()),
        firm_kind=columns["firm_kind"],
        owner=nobody,
        unnamed_of=nobody,
        seniority=nobody.astype(np.int8),
        **{name: columns[f"work_{name}"] for name in _WORK},
    )
    places = former.moved_to(directory)
    open_keys = frozenset(columns["open_keys"].tolist())
    unnamed = frozenset(f"account:{firm}" for firm in directory.firm_ids)
    if places is None or not _same_people(columns, former.person_ids, open_keys, person_of, unnamed):
        return None
    whole = {name: columns[name] for name in (*_BASE, *_TIES, *_LATE, "codes")}
    people, firms = np.append(places[0], np.int32(directory.firm_rep)), places[1]
    moved: dict[str, NDArray[Any]] = {
        "account": firms[whole["account"]],
        "rep": people[whole["rep"]],
        "contact": people[whole["contact"]],
    }
    log = TieLog(**{**whole, **moved})
    data = TouchData(log, directory, pulled, person_of, open_keys, Renewed(log, _NONE, _NONE), mark)
    if begin == len(pulled.segments):
        return data
    fresh = pulled.read(begin)
    interactions_, new_open = _interactions(fresh, directory, person_of)
    touches = touches_in_chunks(interactions_, directory, int(mark["limit"]))
    touches = replace(touches, interaction=touches.interaction + np.int32(fresh.first))
    ids = pulled.ids()
    renewal = renewed(
        log,
        touches,
        interactions_.at[touches.interaction - fresh.first],
        pulled.numbers_of(fresh.interactions["id"], begin),
        lambda numbers: _places(ids.take(pa.array(numbers))),
        len(directory.person_ids),
        len(directory.firm_ids),
    )
    if renewal is None:
        return None
    return replace(data, log=renewal.log, renewal=renewal, open_keys=open_keys | new_open)


def _same_people(
    columns: Mapping[str, NDArray[Any]],
    person_ids: tuple[str, ...],
    open_keys: frozenset[str],
    person_of: Mapping[str, str],
    unnamed: frozenset[str],
) -> bool:
    """Whether every identity still stands for the same person, and those that stood for nobody still do."""
    holders = zip(columns["keys"].tolist(), columns["key_people"].tolist(), strict=True)
    everybody = (*person_ids, FIRM)
    same = all(person_of.get(key) == everybody[person] for key, person in holders)
    return same and not any(key in person_of or key in unnamed for key in open_keys)


def _rank_in_time(at: NDArray[np.int64], ids: pa.ChunkedArray) -> NDArray[np.int32]:
    """The place of each interaction among those of the same time, by id."""
    rank = np.zeros(len(at), dtype=np.int32)
    order = np.argsort(at, kind="stable")
    same = np.diff(at[order]) == 0
    doubtful = np.zeros(len(at), dtype=np.bool_)
    doubtful[order[:-1][same]] = doubtful[order[1:][same]] = True
    rows = np.flatnonzero(doubtful)
    if len(rows):
        by_id = rows[np.lexsort((_places(ids.take(pa.array(rows))), at[rows]))]
        first = np.flatnonzero(np.diff(at[by_id], prepend=at[by_id[0]] - 1))
        sizes = np.diff(np.append(first, len(by_id)))
        rank[by_id] = np.arange(len(by_id)) - np.repeat(first, sizes)
    return rank


def _places(ids: pa.ChunkedArray) -> NDArray[np.int32]:
    """The place of each text in the order of all of them."""
    order = pc.sort_indices(ids).to_numpy()
    place = np.empty(len(order), dtype=np.int32)
    place[order] = np.arange(len(order))
    return place


def _people(store: GraphStore) -> tuple[Directory, dict[str, str]]:
    columns = people.people_columns(store)
    work = zip(
        columns.work_people,
        columns.work_firms,
        columns.work_from,
        columns.work_to,
        columns.work_precedence,
        columns.work_seniority,
        strict=True,
    )
    directory = directory_of(
        list(zip(columns.firm_ids, columns.firm_kinds, strict=True)),
        columns.person_ids,
        list(work),
        dict(zip(columns.owner_firms, columns.owner_people, strict=True)),
    )
    person_of = dict(zip(columns.identity_keys, columns.identity_people, strict=True))
    ours = {f for f, kind in zip(columns.firm_ids, columns.firm_kinds, strict=True) if kind == "own"}
    for key, firm in zip(columns.group_keys, columns.group_firms, strict=True):
        # Behind the address of a group stands the firm itself: ours as a channel, theirs as somebody unnamed. So it does behind the
        # unnamed contact that another id of the firm had.
        if firm not in ours:
            person_of[key] = f"account:{firm}"
        elif key.startswith("mail:"):
            person_of[key] = FIRM
    return directory, person_of


def _interactions(
    pulled: Participations, directory: Directory, person_of: Mapping[str, str]
) -> tuple[Interactions, frozenset[str]]:
    """The interactions with their participants as indexes, and the identities of these that stand for nobody."""
    table, parts = pulled.interactions, pulled.parts
    index = {person: k for k, person in enumerate(directory.person_ids)}
    keys = pc.unique(parts["key"]).to_pylist()
    who = np.array([_person_index(key, person_of, index, directory.firm_rep) for key in keys], dtype=np.int32)
    positions = pc.index_in(parts["key"], pa.array(keys, pa.string())).to_numpy()
    found = Interactions(
        at=table["at"].to_numpy(),
        kind=_codes(table["kind"], KIND_CODES),
        direction=_codes(table["direction"], {name or "": code for name, code in DIRECTION_CODES.items()}),
        part_of=parts["interaction"].to_numpy(),
        who=who[positions] if len(keys) else np.zeros(0, dtype=np.int32),
        role=_codes(parts["role"], ROLE_CODES),
    )
    return found, frozenset(key for key, person in zip(keys, who.tolist(), strict=True) if person < 0)


def _person_index(key: str, person_of: Mapping[str, str], index: Mapping[str, int], firm_rep: int) -> int:
    person = person_of.get(key, key if key.startswith("account:") else "")
    return firm_rep if person == FIRM or key.startswith("channel:") else index.get(person, -1)


def _codes(column: pa.ChunkedArray, codes: Mapping[str, int]) -> NDArray[np.int8]:
    names = pa.array(list(codes))
    values = np.array(list(codes.values()), dtype=np.int8)
    return (
        values[pc.index_in(column.cast(pa.string()), names).to_numpy()]
        if len(column)
        else np.zeros(0, dtype=np.int8)
    )
