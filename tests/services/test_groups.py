"""A parent with its parts as one account is what one firm in their place would be; on both stores."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from graphmap.store import GraphStore
from tests.pipeline.kit import Cli, Tables, changed, company, rows, write

NUMBERS = ("dependence", "lower", "upper", "band", "status", "split")


def group() -> Tables:
    """Beta is part of Acme; Rob meets both at once, and Cem, who moved from one to the other."""
    tables = company(12)
    more = rows(
        "interactions",
        *(
            (
                f"both{week}",
                f"2026-03-{week + 10}T10:00:00Z",
                "meeting",
                "",
                "organizer:r2;attendee:c1;attendee:c3;attendee:c4",
            )
            for week in range(9)
        ),
    )
    return {**tables, "interactions": [*tables["interactions"], *more]}


def one_firm(tables: Tables) -> Tables:
    """The same interactions with one firm in the place of both."""
    text = json.dumps({name: lines for name, lines in tables.items() if name != "firms"}).replace(
        '"acc02"', '"acc01"'
    )
    firms = [f for f in tables["firms"] if f["id"] != "acc02"]
    found: Tables = {**json.loads(text), "firms": firms}
    return changed(found, "firms", "acc01", domains="acme.example;beta.example;b.example")


def test_a_group_is_what_one_firm_in_its_place_would_be(cli: Cli, graph: GraphStore, tmp_path: Path) -> None:
    tables = group()
    assert cli("import", write(tmp_path / "one", one_firm(tables)), scoring_baseline="0.5").code == 0
    wanted = next(a for a in cli("accounts", "--json").json["accounts"] if a["id"] == "acc01")
    for (run,) in graph.read("MATCH (r:Run {kind: 'import'}) RETURN r.id"):
        assert cli("runs", "undo", run).code == 0
    assert cli("import", write(tmp_path / "two", tables), scoring_baseline="0.5").code == 0
    for asked in ("acc01", "acc02"):
        told: dict[str, Any] = cli("group", asked, "--json").json
        assert told["group"] == {"id": "acc01", "name": "Acme"}
        for name in NUMBERS:
            assert told["whole"][name] == (
                pytest.approx(wanted[name])
                if name in ("dependence", "lower", "upper")
                else wanted[name]
                if name != "split"
                else pytest.approx(wanted[name])
            ), name
        assert told["top_rep"] == wanted["top_rep"]
        assert (told["active_reps"], told["active_contacts"], told["connectivity"]) == (
            wanted["active_reps"], wanted["active_contacts"], wanted["connectivity"],
        )  # fmt: skip
        # Interactions with both count once.
        assert told["interactions"] == wanted["interactions"]
        alone = {a["id"]: a for a in cli("accounts", "--json").json["accounts"]}
        assert told["interactions"] < alone["acc01"]["interactions"] + alone["acc02"]["interactions"]
        assert [m["id"] for m in told["members"]] == ["acc01", "acc02"]
        assert [m["dependence"] for m in told["members"]] == [
            alone["acc01"]["dependence"],
            alone["acc02"]["dependence"],
        ]
        assert told["values"] == [[1500.5, "EUR"]]
        assert {one["person"]["id"] for one in told["serving"] if one["ours"]} == {"r2"}


def test_an_account_without_parts_is_a_group_of_its_own(cli: Cli, tmp_path: Path) -> None:
    assert cli("import", write(tmp_path, company(12)), scoring_baseline="0.5").code == 0
    told = cli("group", "Gamma", "--json").json
    alone = next(a for a in cli("accounts", "--json").json["accounts"] if a["id"] == "acc03")
    assert [m["id"] for m in told["members"]] == ["acc03"]
    assert told["whole"]["split"] == pytest.approx(alone["split"])
    assert told["serving"] == []
    assert "Gamma" in cli("group", "acc03").out
