"""A portfolio scored by Dask workers, shard by shard: the same bits as in one process."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from graphmap.engines.shardfiles import read_shard, write_shards
from graphmap.errors import ConfigError
from graphmap.scoring.directory import Directory
from graphmap.scoring.formula import Formula
from graphmap.scoring.portfolio import Scores
from graphmap.scoring.shard import (
    ShardSums,
    baseline_of_shards,
    joined,
    joined_sums,
    score_shard,
    sum_shard,
)
from graphmap.scoring.ties import TieLog

SHARDS_PER_WORKER = 4
"""More shards than workers, so that one large account does not keep the others waiting."""


@dataclass(frozen=True)
class Workers:
    """Where the shards are scored: ``count`` local processes, or the cluster at ``scheduler`` (an address, empty = local).

    ``folder``: where shards are written, None = a temporary folder; workers of a cluster must see it under the same path.
    """

    count: int = 2
    scheduler: str = ""
    folder: Path | None = None


class Portfolio:
    """A portfolio spread over workers, its first pass done: ``tie_sums`` of all ties."""

    def __init__(
        self, client: Any, people: Any, sums: list[Any], shards: list[tuple[Path, int, int]]
    ) -> None:
        self._client, self._people, self._futures, self._shards = client, people, sums, shards
        self._sums: list[ShardSums] = client.gather(sums)
        self.tie_sums = joined_sums([shard.sums for shard in self._sums])

    @property
    def baseline(self) -> float | None:
        """s0 as the records give it."""
        return baseline_of_shards(self._sums)

    def score(self, formula: Formula, as_of: int, baseline: float | None) -> Scores:
        """The second pass: all accounts' numbers, by the sums of the first."""
        found = [
            self._client.submit(
                _score, place, future, self._people, formula, as_of, baseline, low, high, pure=False
            )
            for (place, low, high), future in zip(self._shards, self._futures, strict=True)
        ]
        return joined(self._client.gather(found))

    def peaks(self) -> dict[str, int]:
        """Peak resident memory of every worker, bytes."""
        return dict(self._client.run(_peak))


@contextlib.contextmanager
def spread(
    log: TieLog, directory: Directory, formula: Formula, as_of: int, workers: Workers
) -> Generator[Portfolio]:
    """Writes the shards, starts or reaches the workers, and sums every shard at ``as_of`` (epoch ms).

    Raises:
        ConfigError: Dask is not installed, or the scheduler does not answer.
    """
    with contextlib.ExitStack() as stack:
        client = stack.enter_context(_client(workers))
        folder = workers.folder or Path(
            stack.enter_context(tempfile.TemporaryDirectory(prefix="graphmap-shards-"))
        )
        shards = list(write_shards(log, len(directory.firm_ids), folder, workers.count * SHARDS_PER_WORKER))
        people = client.scatter(directory, broadcast=True, hash=False)
        sums = [client.submit(_sum, place, people, formula, as_of, pure=False) for place, _, _ in shards]
        yield Portfolio(client, people, sums, shards)


@contextlib.contextmanager
def _client(workers: Workers) -> Generator[Any]:
    try:
        from distributed import Client, LocalCluster  # type: ignore[attr-defined]  # exported at run time
    except ImportError:
        raise ConfigError(
            "the engine dask needs Dask", remedy='install it: pip install "graphmap-crm[scale]"'
        ) from None
    if workers.scheduler:
        try:
            client = Client(workers.scheduler, timeout=10)
        except OSError as reason:
            raise ConfigError(
                f"{workers.scheduler} does not answer: {reason}",
                remedy="start the scheduler, or correct scale.scheduler",
            ) from None
        with client:
            yield client
        return
    # The dashboard would need another library and another port.
    options: dict[str, Any] = {"dashboard_address": None, "memory_limit": None, "host": "127.0.0.1"}
    cluster = LocalCluster(n_workers=workers.count, threads_per_worker=1, processes=True, **options)
    with cluster, Client(cluster) as client:
        yield client


def _sum(place: Path, directory: Directory, formula: Formula, as_of: int) -> ShardSums:
    return sum_shard(read_shard(place), directory, formula, as_of)


def _score(
    place: Path, sums: ShardSums, directory: Directory, formula: Formula, as_of: int, baseline: float | None, low: int, high: int
) -> Scores:  # fmt: skip
    return score_shard(read_shard(place), sums.sums, directory, formula, as_of, baseline, low, high)


def _peak() -> int:
    import resource
    import sys

    size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return size if sys.platform == "darwin" else size * 1024
