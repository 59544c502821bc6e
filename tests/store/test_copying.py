"""A store copied is the same store; a compacted one as well, and nothing is lost where either is interrupted."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from graphmap.config import Settings
from graphmap.errors import ConfigError, StoreError
from graphmap.services.storecare import copy_store
from graphmap.store import GraphStore, open_store
from graphmap.store import compacting as compacting_module
from graphmap.store.compacting import compact_embedded
from graphmap.store.digest import digest
from graphmap.store.embedded import embedded_folder, stop_embedded
from tests.pipeline.kit import Cli, cli, company, counts, edges, graph, lonely_cli, wiped, write

__all__ = ["cli", "graph", "lonely_cli"]


def clock() -> int:
    return 1_767_225_600_000


def silent(_what: str, _done: int, _all: int) -> None:
    return None


@pytest.fixture
def filled(lonely_cli: Cli, tmp_path: Path) -> Settings:
    """A store of its own with records, interactions, decisions, numbers and something set aside."""
    folder = write(tmp_path / "in", company(6))
    with (folder / "interactions.csv").open("a", encoding="utf-8") as file:
        file.write('bad,2026-02-30T10:00:00Z,call,,"caller:r1;callee:c1",\n')
    assert lonely_cli("import", folder).code == 1
    assert lonely_cli("person", "set", "c1", "--title", "Boss").code == 0
    assert lonely_cli("identity", "split", "c1", "c2").code == 0
    return Settings.load(environment={"GRAPHMAP_HOME": str(tmp_path / "home")})


@pytest.fixture(autouse=True)
def stopped(tmp_path: Path):  # type: ignore[no-untyped-def]
    """No server stays behind."""
    yield
    stop_embedded(tmp_path / "home")
    stop_embedded(tmp_path / "home" / "compact")


def everything(store: GraphStore) -> tuple[object, ...]:
    return digest(store), edges(store), counts(store)


@pytest.mark.neo4j
def test_a_copy_holds_the_same_and_an_unfit_target_is_refused(
    filled: Settings, neo4j_environment: dict[str, str]
) -> None:
    target = neo4j_environment["GRAPHMAP_STORE"]
    filled = Settings.load(
        environment={
            "GRAPHMAP_HOME": str(filled.home),
            "GRAPHMAP_TARGET_USER": neo4j_environment["GRAPHMAP_STORE_USER"],
            "GRAPHMAP_TARGET_PASSWORD": neo4j_environment["GRAPHMAP_STORE_PASSWORD"],
        }
    )
    other = Settings.load(environment=neo4j_environment)
    with open_store(other) as store:
        wiped(store)
    done = copy_store(filled, target, now=clock, progress=silent)
    with open_store(filled) as source, open_store(other) as store:
        assert everything(source) == everything(store)
        assert done["Interaction"] == source.status().nodes["Interaction"]
        assert source.status().nodes == store.status().nodes
        assert source.status().relationships == store.status().relationships
    with pytest.raises(StoreError, match="not empty"):
        copy_store(filled, target, now=clock, progress=silent)


def test_compaction_keeps_everything_and_takes_the_room_of_what_was_deleted(
    filled: Settings, lonely_cli: Cli
) -> None:
    with open_store(filled) as store:
        before = everything(store)
        engine = store.server.product
    told = lonely_cli("store", "compact", "--json")
    assert told.code == 0, told.err
    with open_store(filled) as store:
        assert everything(store) == before
        assert store.server.product == engine
    assert not (filled.home / "compact").exists()
    assert not embedded_folder(filled.home).parked.exists()
    assert lonely_cli("accounts").code == 0


@pytest.mark.parametrize("moment", ["copy", "rename"])
def test_interrupted_compaction_leaves_the_old_store_or_the_new_one(
    moment: str, filled: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_store(filled) as store:
        before = everything(store)
    with monkeypatch.context() as patch:
        if moment == "copy":
            patch.setattr(compacting_module, "copy", _killed)
        else:
            # Both folders are closed; the old databases stand aside and the new ones are not in place yet.
            patch.setattr(Path, "rename", _once(Path.rename))
        with pytest.raises(KeyboardInterrupt):
            compact_embedded(filled, now=clock)
    stop_embedded(filled.home / "compact")
    with open_store(filled) as store:
        assert everything(store) == before
    compact_embedded(filled, now=clock)
    with open_store(filled) as store:
        assert everything(store) == before


def _killed(*_arguments: object, **_named: object) -> None:
    raise KeyboardInterrupt


def _once(real):  # type: ignore[no-untyped-def]
    done: list[Path] = []

    def rename(self: Path, target: Path) -> Path:
        if self.name == "databases":
            if done:
                raise KeyboardInterrupt
            done.append(self)
        return real(self, target)

    return rename


def test_only_the_embedded_store_is_compacted(tmp_path: Path) -> None:
    settings = Settings.load(
        environment={"GRAPHMAP_HOME": str(tmp_path), "GRAPHMAP_STORE": "bolt://127.0.0.1:1"}
    )
    with pytest.raises(ConfigError, match=re.escape("only the embedded store")):
        compact_embedded(settings, now=clock)
