"""From canonical files to the JSON of the contract: every expected number, on both servers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from graphmap.store import GraphStore
from tests.pipeline.kit import Cli, data, edges

_SEEN: dict[str, dict[str, Any]] = {}


def same(expected: object, found: object) -> bool:
    """Equal, numbers to 1e-9 relative."""
    if isinstance(expected, dict):
        assert isinstance(found, dict)
        return all(same(value, found[key]) for key, value in expected.items())
    if expected is None or isinstance(expected, str) or found is None:
        return expected == found
    return found == pytest.approx(expected, rel=1e-9, abs=1e-12)


def flat(account: Mapping[str, Any]) -> dict[str, Any]:
    """An account as expected.json has it: the top rep as an id."""
    return {**account, "top_rep": account["top_rep"] and account["top_rep"]["id"]}


@pytest.mark.parametrize("name", ["golden_account", "canonical_check"])
def test_every_expected_value_is_met_and_both_servers_say_the_same(
    name: str, cli: Cli, graph: GraphStore
) -> None:
    folder = data(name)
    wanted = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    assert cli("import", folder, "--no-score").code == 0
    done = cli("score", "--as-of", wanted["as_of"], scoring_baseline=str(wanted["baseline"]))
    assert done.code == 0, done.err
    told = cli("accounts", "--json").json
    found = {account["id"]: flat(account) for account in told["accounts"]}
    assert list(found) == sorted(found)
    assert found.keys() == wanted["accounts"].keys()
    wrong = [
        (account, key, value, found[account][key])
        for account, values in wanted["accounts"].items()
        for key, value in values.items()
        if not same(value, found[account][key])
    ]
    assert wrong == []
    run = {key: value for key, value in told["run"].items() if key not in ("id", "store")}
    whole = json.loads(json.dumps({"run": run, "accounts": told["accounts"], "edges": edges(graph)}))
    assert whole == _SEEN.setdefault(name, whole)
