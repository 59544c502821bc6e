"""The engine dask from files to the stored assessments; on both stores."""

from __future__ import annotations

import builtins
from pathlib import Path
from typing import Any

import pytest

from graphmap.config import Settings
from graphmap.errors import ConfigError
from graphmap.services.scoringrun import run_scoring
from graphmap.store import GraphStore
from tests.pipeline.kit import Cli, company, write

NOW = 1_900_000_000_000


def test_the_engine_stores_the_same_assessments(
    cli: Cli, graph: GraphStore, any_store_settings: Settings, tmp_path: Path
) -> None:
    assert cli("import", write(tmp_path, company(16)), "--no-score").code == 0

    def assessed(*arguments: str) -> list[dict[str, Any]]:
        done = cli("score", *arguments, "--json")
        assert done.code == 0, done.err
        rows = graph.read(
            "MATCH (a:Assessment {run: $run}) RETURN properties(a) ORDER BY a.firm", run=done.json["run"]
        )
        return [{k: v for k, v in dict(row[0]).items() if k not in ("id", "run")} for row in rows]

    first = assessed()
    assert first
    assert assessed("--engine", "dask") == first


def test_without_dask_the_remedy_is_named(
    monkeypatch: pytest.MonkeyPatch, graph: GraphStore, any_store_settings: Settings, cli: Cli, tmp_path: Path
) -> None:
    assert cli("import", write(tmp_path, company(4)), "--no-score").code == 0
    real = builtins.__import__

    def without(name: str, *rest: Any, **named: Any) -> Any:
        if name.startswith(("dask", "distributed")):
            raise ImportError(name)
        return real(name, *rest, **named)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(ConfigError) as refused:
        run_scoring(graph, any_store_settings, now=lambda: NOW, engine="dask")
    assert "graphmap-crm[scale]" in (refused.value.remedy or "")
