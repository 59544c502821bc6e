"""From the store to ties: the touch log is brought up to date, people are looked up, touches are clustered by account."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute

from graphmap.config import Settings
from graphmap.scoring.directory import Directory
from graphmap.scoring.pulled import directory_of
from graphmap.scoring.ties import TieLog, cluster
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
from graphmap.touchlog.participations import Participations, refresh, unwritable

pc: Any = pyarrow.compute
"""Its functions are made at run time, so no type checker knows them."""


@dataclass(frozen=True)
class TouchData:
    """Everything that scoring needs: ties with their touches, the people, and the ids of the interactions (sorted by time)."""

    log: TieLog
    directory: Directory
    interaction_ids: pa.ChunkedArray
    interaction_at: np.ndarray


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


def cache_folder(settings: Settings, store: GraphStore) -> Path:
    """Where the touch log of this store lies; it can be deleted at any time."""
    where = hashlib.sha256(
        f"{settings.text('store')}|{settings.text('store.database')}".encode()
    ).hexdigest()[:12]
    del store
    return settings.home / "cache" / f"touchlog-{where}"


def load(store: GraphStore, settings: Settings) -> TouchData:
    """The ties of everything in the store; clustered anew only where interactions or people changed."""
    folder = cache_folder(settings, store)
    pulled = refresh(folder, _Batches(store))
    directory, person_of = _people(store)
    limit = settings.whole("scoring.max_contacts")
    stamp = hashlib.sha256(
        f"{pulled.stamp}|{_fingerprint(directory, person_of)}|{limit}".encode()
    ).hexdigest()
    at = pulled.interactions["at"].to_numpy()
    known = clustered.load(folder, stamp)
    if known is None:
        log = _cluster(_interactions(pulled, directory, person_of), directory, limit)
        columns = {name: getattr(log, name) for names in clustered.GROUPS.values() for name in names}
        try:
            clustered.save(folder, stamp, columns)
        except OSError as error:
            raise unwritable(folder, error) from error
    else:
        log = TieLog(**known)
    return TouchData(log, directory, pulled.interactions["id"], at)


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
    return directory, dict(zip(columns.identity_keys, columns.identity_people, strict=True))


def _fingerprint(directory: Directory, person_of: Mapping[str, str]) -> str:
    """A hash of everything about people that the clustering depends on."""
    digest = hashlib.blake2b(digest_size=16)
    order = np.lexsort((directory.precedence, directory.start, directory.firm, directory.person))
    for column in (directory.person, directory.firm, directory.start, directory.end, directory.precedence):
        digest.update(np.ascontiguousarray(column[order]).tobytes())
    digest.update(directory.firm_kind.tobytes())
    for texts in (directory.person_ids, directory.firm_ids, sorted(f"{k}={v}" for k, v in person_of.items())):
        digest.update("\x1f".join(texts).encode())
    return digest.hexdigest()


def _cluster(log: Interactions, directory: Directory, limit: int) -> TieLog:
    touches = touches_in_chunks(log, directory, limit)
    return cluster(touches, log.at, len(directory.person_ids), len(directory.firm_ids))


def _interactions(pulled: Participations, directory: Directory, person_of: Mapping[str, str]) -> Interactions:
    table, parts = pulled.interactions, pulled.parts
    index = {person: k for k, person in enumerate(directory.person_ids)}
    keys = pc.unique(parts["key"]).to_pylist()
    who = np.array([_person_index(key, person_of, index, directory.firm_rep) for key in keys], dtype=np.int32)
    positions = pc.index_in(parts["key"], pa.array(keys, pa.string())).to_numpy()
    return Interactions(
        at=table["at"].to_numpy(),
        kind=_codes(table["kind"], KIND_CODES),
        direction=_codes(table["direction"], {name or "": code for name, code in DIRECTION_CODES.items()}),
        part_of=parts["interaction"].to_numpy(),
        who=who[positions] if len(keys) else np.zeros(0, dtype=np.int32),
        role=_codes(parts["role"], ROLE_CODES),
    )


def _person_index(key: str, person_of: Mapping[str, str], index: Mapping[str, int], firm_rep: int) -> int:
    if key.startswith("channel:"):
        return firm_rep
    return index.get(key if key.startswith("account:") else person_of.get(key, ""), -1)


def _codes(column: pa.ChunkedArray, codes: Mapping[str, int]) -> np.ndarray:
    names = pa.array(list(codes))
    values = np.array(list(codes.values()), dtype=np.int8)
    return (
        values[pc.index_in(column.cast(pa.string()), names).to_numpy()]
        if len(column)
        else np.zeros(0, dtype=np.int8)
    )
