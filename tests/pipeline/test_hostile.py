"""Nine hostile names as every text field of every canonical file: imported verbatim on both stores, nothing set aside."""

from __future__ import annotations

import csv
import time
from pathlib import Path

from graphmap.config import Settings
from graphmap.ingest.loading import Wishes, preflight, run_import
from graphmap.ingest.protocol import Options
from graphmap.services.scoringrun import run_scoring
from graphmap.services.service import GraphServices
from graphmap.services.values import LOCAL_ADMIN
from graphmap.store import GraphStore

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'; DROP TABLE firms; --",
    '"}) DETACH DELETE (n',
    "</script><script>alert(2)</script>",
    "href=javascript:alert(3)",
    "\u202egnirts \u200fאבג",
    "x" * 10_000,
    "=HYPERLINK(1)",
    "{{7*7}}${7*7}",
)


def _write(path: Path, header: str, rows: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header.split(), *rows])


def test_hostile_texts_come_through_verbatim(
    store: GraphStore, store_environment: dict[str, str], tmp_path: Path
) -> None:
    _write(
        tmp_path / "firms.csv",
        "id name kind domains segment industry territory team",
        [
            ["us", HOSTILE[0], "own", "us.example", "", "", "", ""],
            *([f"a{k}", h, "account", "", h, h, h, h] for k, h in enumerate(HOSTILE)),
        ],
    )
    _write(
        tmp_path / "people.csv",
        "id name emails firm title department team",
        [
            ["r1", HOSTILE[1], "", "us", HOSTILE[1], HOSTILE[1], HOSTILE[1]],
            *([f"c{k}", h, "", f"a{k}", h, h, h] for k, h in enumerate(HOSTILE)),
        ],
    )
    _write(
        tmp_path / "affiliations.csv",
        "person firm title department",
        [[f"c{k}", f"a{k}", h, h] for k, h in enumerate(HOSTILE)],
    )
    _write(
        tmp_path / "interactions.csv",
        "id at kind participants thread",
        [
            [f"i{k}", f"2026-01-{k + 1:02d}T00:00:00Z", "meeting", f"organizer:r1;attendee:c{k}", h]
            for k, h in enumerate(HOSTILE)
        ],
    )
    now = lambda: time.time_ns() // 1_000_000  # noqa: E731
    result = run_import(store, preflight([str(tmp_path)], Options()), Options(), Wishes(), now=now)
    assert result.totals.quarantined.total() == 0, result.totals
    settings = Settings.load(environment=store_environment)
    run_scoring(store, settings, now=now)
    services = GraphServices(store, settings)
    lines = {line.id: line for line in services.accounts(LOCAL_ADMIN)[1]}
    for k, text in enumerate(HOSTILE):
        assert (lines[f"a{k}"].name, lines[f"a{k}"].segment) == (text, text)
        page = services.account(LOCAL_ADMIN, f"a{k}")
        assert [(c.name, c.title) for c in page.contacts] == [(text, text)]
        assert (
            services.evidence(LOCAL_ADMIN, f"a{k}", rep="r1", contact=f"c{k}").interactions[0].theirs[0].name
            == text
        )
