"""Public data sets through their shipped mappings, on both servers: the plain shares of facts.json by a ready question.

Where one rep per account is all there is, the dependence is honestly unknown and the page says why.
"""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest

from graphmap.config import Settings
from graphmap.ingest.loading import Wishes, preflight, run_import
from graphmap.ingest.protocol import Options
from graphmap.services.scoringrun import run_scoring
from graphmap.services.service import GraphServices
from graphmap.services.values import LOCAL_ADMIN
from graphmap.store import GraphStore

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("GRAPHMAP_TEST_DATA", ROOT.parent / "shared" / "data"))
LABEL = {
    "northwind": lambda name, key: key,
    "classicmodels": lambda name, key: name,
    "chinook": lambda name, key: key.zfill(2),
    "adventureworks": lambda name, key: f"{name} #{key}",
}

STATUS = {
    "northwind": {"ok": 27, "unknown": 62, "no_data": 2},
    "classicmodels": {"ok": 2, "unknown": 96, "no_data": 24},
    "chinook": {"ok": 0, "unknown": 59, "no_data": 0},
    "adventureworks": {"ok": 0, "unknown": 632, "no_data": 69},
}


@pytest.mark.parametrize("name", list(LABEL))
def test_plain_shares_are_those_of_the_facts(
    name: str, store: GraphStore, store_environment: dict[str, str]
) -> None:
    if not (DATA / name).is_dir():
        pytest.skip(f"the data set {name} is not here: set GRAPHMAP_TEST_DATA to a folder that holds it")
    settings = Settings.load(environment={**store_environment, "GRAPHMAP_QUERY_SECONDS": "60"})
    options = Options(mapping=name)
    now = lambda: time.time_ns() // 1_000_000  # noqa: E731
    result = run_import(store, preflight([str(DATA / name)], options), options, Wishes(), now=now)
    assert result.totals.adds_up()
    assert result.totals.quarantined.total() == 0
    run_scoring(store, settings, now=now)
    services = GraphServices(store, settings)
    lines = {line.id: line for line in services.accounts(LOCAL_ADMIN)[1]}
    facts = {
        row["account"].split(" ")[0] if name == "chinook" else row["account"]: row
        for row in json.loads((DATA / name / "facts.json").read_text(encoding="utf-8"))["per_account"]
    }

    answer = services.run_query(LOCAL_ADMIN, "plain_shares", {})
    found = {}
    for row in (dict(zip(answer.columns, values, strict=True)) for values in answer.rows):
        line = lines[str(row["account"])]
        found[LABEL[name](line.name, line.source_ids[0].rsplit(":", 1)[-1])] = row
    assert not answer.truncated
    assert found.keys() == facts.keys()
    for account, fact in facts.items():
        row = found[account]
        assert (row["interactions"], row["reps"], row["top_rep"]) == (
            fact["n_interactions"],
            fact["n_reps"],
            fact["top_rep"],
        ), account
        assert round(float(str(row["top_rep_share"])) / 100, 6) == fact["top_share"], account

    # The figures of docs/stories.md.
    status = {
        word: sum(line.status == word for line in lines.values()) for word in ("ok", "unknown", "no_data")
    }
    assert status == STATUS[name]
    handover = DATA / name / "facts_handover.json"
    if handover.is_file():
        kinds = json.loads(handover.read_text(encoding="utf-8"))["kinds"]
        passed = [a for a in lines.values() if any(f.rule == "sequential_handover" for f in a.findings)]
        assert len(passed) == kinds["sequential_handover"] == {"northwind": 20, "adventureworks": 165}[name]

    if name in ("classicmodels", "chinook"):
        with_orders = [line for line in lines.values() if line.status != "no_data"]
        unknown = [line for line in with_orders if line.status == "unknown"]
        assert len(unknown) >= 0.9 * len(with_orders)
        assert any(f.rule == "only_one_active_rep" for line in unknown for f in line.findings)
        assert services.account(LOCAL_ADMIN, unknown[0].id).why_unknown
