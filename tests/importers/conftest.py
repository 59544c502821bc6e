"""Sources in memory, and the real data sets where they are at hand."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import pytest

from graphmap.ingest.protocol import Importer, Options, Part, Raw, Source
from graphmap.records import Excluded, Rejected, Sourced


@dataclass(frozen=True)
class MemorySource:
    name: str
    data: bytes

    @property
    def size(self) -> int:
        return len(self.data)

    def open(self) -> AbstractContextManager[BinaryIO]:
        return io.BytesIO(self.data)


@pytest.fixture(scope="session")
def memory() -> Callable[[str, bytes | str], Source]:
    def make(name: str, data: bytes | str) -> Source:
        return MemorySource(name, data.encode() if isinstance(data, str) else data)

    return make


def _run(
    importer: Importer, sources: list[Source], options: Options
) -> Iterator[Sourced | Rejected | Excluded]:
    order = {"firms": 0, "people": 1}
    parts: list[Part] = importer.plan(sources, options)
    for part in sorted(parts, key=lambda part: (order.get(part.object, 9), part.source.name)):
        for raw in importer.read(part, options):
            done = importer.convert(raw, part, options) if isinstance(raw, Raw) else raw
            yield from done if isinstance(done, tuple) else (done,)


@pytest.fixture(scope="session")
def run() -> Callable[..., list[Sourced | Rejected | Excluded]]:
    def go(importer: Importer, sources: list[Source], options: Options | None = None):
        return list(_run(importer, sources, options or Options()))

    return go


@pytest.fixture(scope="session")
def test_data() -> Path:
    given = os.environ.get("GRAPHMAP_TEST_DATA")
    folder = Path(given) if given else Path(__file__).resolve().parents[3] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the public data sets are not here; GRAPHMAP_TEST_DATA names their folder")
    return folder
