"""Other weights before they are saved, what a quarter more or less changes, the back-test; on both stores."""

from __future__ import annotations

from pathlib import Path

import pytest

from graphmap.config import Settings
from graphmap.errors import ConfigError
from graphmap.services.service import GraphServices
from graphmap.services.values import LOCAL_ADMIN, Viewer
from graphmap.store import GraphStore
from tests.pipeline.kit import Cli, company, counts, write


@pytest.fixture
def services(cli: Cli, graph: GraphStore, any_store_settings: Settings, tmp_path: Path) -> GraphServices:
    assert cli("import", write(tmp_path, company(16))).code == 0
    return GraphServices(graph, any_store_settings)


def test_what_a_setting_would_change_is_what_a_run_with_it_says(services: GraphServices, cli: Cli) -> None:
    before = counts(services.store), services.store.status().nodes
    page = services.tuning(LOCAL_ADMIN, {"scoring.half_life_days": "20", "scoring.baseline": "0.5"})
    assert (counts(services.store), services.store.status().nodes) == before
    assert page.values == {"scoring.half_life_days": 20.0, "scoring.baseline": 0.5}
    then = {account.account.id: account.after for account in page.accounts}
    assert then
    assert cli("score", scoring_half_life_days="20", scoring_baseline="0.5").code == 0
    said = {row["id"]: row for row in cli("accounts", "--json").json["accounts"]}
    for firm, after in then.items():
        assert (after.status, after.band) == (said[firm]["status"], said[firm]["band"])
    assert services.tuning(Viewer("Lena", "manager", scope=()), {"scoring.half_life_days": 20}).accounts == ()


def test_a_limit_of_a_finding_changes_its_flag_alone(services: GraphServices) -> None:
    baseline = services.method(LOCAL_ADMIN).run.baseline
    limits = {
        "findings.critical": 99,
        "findings.high": 98,
        "findings.watch": 97,
        "scoring.baseline": baseline,
    }
    page = services.tuning(LOCAL_ADMIN, limits)
    assert page.accounts
    for one in page.accounts:
        assert one.before == one.after
        assert {*one.new, *one.resolved, *one.worse, *one.better} == {"single_threaded_us"}


def test_nonsense_is_refused_with_its_name(services: GraphServices, cli: Cli) -> None:
    with pytest.raises(ConfigError, match="half_life"):
        services.tuning(LOCAL_ADMIN, {"scoring.half_life_days": "-3"})
    assert "no preset" in cli("tune", "--preset", "lucky").err
    assert "SETTING=VALUE" in cli("tune", "half").err
    assert "does not enter the number" in cli("tune", "site.port=1").err


def test_saving_keeps_what_the_file_said_and_the_next_run_uses_it(
    services: GraphServices, cli: Cli, tmp_path: Path
) -> None:
    file = tmp_path / "graphmap.toml"
    file.write_text("# ours\n[scoring]\nweight_call = 2.5  # we telephone\n", encoding="utf-8")
    done = cli("tune", "scoring.half_life_days=90", "--save", "--config", str(file))
    assert done.code == 0, done.err
    text = file.read_text(encoding="utf-8")
    assert "# ours" in text
    assert "# we telephone" in text
    shown = Settings.load(environment={}, config_file=file)
    assert (shown["scoring.half_life_days"], shown["scoring.weight_call"]) == (90.0, 2.5)
    assert "Nothing was saved" in cli("tune", "scoring.half_life_days=60", "--config", str(file)).out
    assert file.read_text(encoding="utf-8") == text


def test_stability_and_back_test_answer_in_scope(services: GraphServices) -> None:
    everything = services.stability(LOCAL_ADMIN)
    assert len(everything.shifts) == 30
    assert "Kendall" in everything.sentence or "Too few" in everything.sentence
    nothing = services.stability(Viewer("Lena", "manager", scope=()))
    assert all(one.accounts == 0 for one in nothing.shifts)
    assert nothing.sentence.startswith("Too few")
    page = services.back_test(LOCAL_ADMIN)
    assert page.found.verdict is None
    assert page.sentence.startswith("Not enough history")
    assert services.back_test(Viewer("Lena", "manager", scope=())).found.cases == ()
