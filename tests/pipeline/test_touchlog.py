"""The touch log is a cache: deleting, damaging or outdating it never changes a number."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from graphmap.config import Settings
from graphmap.scoring import renewal
from graphmap.services import touchdata
from graphmap.store import GraphStore
from graphmap.touchlog import participations
from tests.pipeline.kit import Cli, changed, company, imported, rows, wiped, write


@pytest.fixture
def folder(graph: GraphStore, any_store_settings: Settings) -> Path:
    """Where the touch log of this store lies."""
    return touchdata.cache_folder(any_store_settings)


@pytest.fixture
def pulled(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The batches that were pulled from the store."""
    seen: list[str] = []
    pull = touchdata._Batches.pull

    def told(source: Any, batch: str) -> Any:
        seen.append(batch)
        return pull(source, batch)

    monkeypatch.setattr(touchdata._Batches, "pull", told)
    return iter([seen]).__next__()


def numbers(cli: Cli) -> Any:
    """All accounts as scored now at a fixed time."""
    assert cli("score", "--as-of", "2026-04-01T00:00:00Z", scoring_baseline="0.5").code == 0
    return cli("accounts", "--json").json["accounts"]


def touches(graph: GraphStore, settings: Settings) -> list[tuple[object, ...]]:
    """The whole log as rows."""
    log = participations.refresh(touchdata.cache_folder(settings), touchdata._Batches(graph)).read()
    ids = log.interactions["id"].to_pylist()
    parts = log.parts.to_pylist()
    return sorted((ids[p["interaction"]], p["place"], p["role"], p["key"]) for p in parts)


def test_deleting_or_damaging_the_cache_changes_nothing(cli: Cli, folder: Path, tmp_path: Path) -> None:
    imported(cli, write(tmp_path, company()), import_batch="9")
    wanted = numbers(cli)
    assert folder.is_dir()
    shutil.rmtree(folder.parent)
    assert numbers(cli) == wanted
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            whole = file.read_bytes()
            file.write_bytes(whole[: len(whole) // 2])
            assert numbers(cli) == wanted, f"{file.name} was cut"
    (folder / "manifest.json").write_text("{}", encoding="utf-8")
    assert numbers(cli) == wanted


def test_only_new_batches_are_pulled_and_equal_a_full_rebuild(
    cli: Cli, graph: GraphStore, any_store_settings: Settings, folder: Path, pulled: list[str], tmp_path: Path
) -> None:
    tables = company()
    imported(cli, write(tmp_path / "a", tables), import_batch="20")
    touches(graph, any_store_settings)
    assert len(pulled) == 3
    pulled.clear()
    tables = changed(
        tables, "interactions", "a3", kind="call", participants="caller:r2;callee:c3;callee:new@b.example"
    )
    tables = {**tables, "interactions": [*tables["interactions"], *rows(
        "interactions", ("z1", "2026-03-01T00:00:00Z", "meeting", "", "organizer:r2;attendee:c1")
    )]}  # fmt: skip
    imported(cli, write(tmp_path / "b", tables))
    grown = touches(graph, any_store_settings)
    assert len(pulled) == 1
    assert [row[2:] for row in grown if row[0] == "a3"] == [
        ("caller", "id:r2"), ("callee", "id:c3"), ("callee", "mail:new@b.example"),
    ]  # fmt: skip
    before = numbers(cli)
    shutil.rmtree(folder.parent)
    assert touches(graph, any_store_settings) == grown
    assert numbers(cli) == before


def test_new_interactions_and_new_people_touch_only_their_ties(
    cli: Cli, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(renewal, "LATE_SHARE", 100.0)  # little was there, so much of it is late
    anew: list[int] = []
    cluster = touchdata.cluster

    def told(*arguments: Any) -> Any:
        anew.append(1)
        return cluster(*arguments)

    monkeypatch.setattr(touchdata, "cluster", told)
    tables = company()
    imported(cli, write(tmp_path / "a", tables))
    numbers(cli)
    first = len(anew)
    assert first > 0
    tables = changed(tables, "interactions", "a3", participants="from:RITA@us.example;to:c1;cc:r2;bcc:c2")
    tables = {**tables, "interactions": [*tables["interactions"], *rows(
        "interactions", ("z1", "2026-03-01T00:00:00Z", "meeting", "", "organizer:r2;attendee:c1;attendee:new@acme.example"),
        ("z2", "2026-03-29T00:00:00Z", "order", "", "channel:portal;account:acc03"),
    )]}  # fmt: skip
    imported(cli, write(tmp_path / "b", tables))
    grown = numbers(cli)
    assert len(anew) == first
    imported(cli, write(tmp_path / "c", changed(tables, "people", "c4", valid_from="2026-02-01")))
    moved = numbers(cli)
    assert len(anew) > first  # somebody worked elsewhere than was known
    shutil.rmtree(folder.parent)
    assert numbers(cli) == moved != grown
    imported(cli, write(tmp_path / "d", tables), "--again")
    assert numbers(cli) == grown


def test_another_store_in_the_same_home_does_not_mix(
    cli: Cli, graph: GraphStore, any_store_settings: Settings, tmp_path: Path
) -> None:
    imported(cli, write(tmp_path / "a", company()))
    assert len({row[0] for row in touches(graph, any_store_settings)}) == 50
    other = Settings.load(
        environment={"GRAPHMAP_HOME": str(any_store_settings.home), "GRAPHMAP_STORE": "bolt://other.example"}
    )
    assert touchdata.cache_folder(other) != touchdata.cache_folder(any_store_settings)
    # The same address with another content: a database that was emptied and filled anew.
    wiped(graph)
    imported(cli, write(tmp_path / "b", company(2)))
    assert len({row[0] for row in touches(graph, any_store_settings)}) == 10
