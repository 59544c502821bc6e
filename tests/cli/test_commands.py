"""Every command: help with an example, JSON alone on stdout, exit codes, settings with their origin."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest

from graphmap.cli import cli as program
from graphmap.store import GraphStore
from tests.pipeline.kit import ROOT, Cli, company, counts, imported, write


def commands(
    group: click.Group, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """All commands that do something, with the words that call them."""
    for name, command in sorted(group.commands.items()):
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name), command


ALL = dict(commands(program))


@pytest.mark.parametrize("words", ALL, ids=" ".join)
def test_every_command_has_help_with_an_example_and_json(words: tuple[str, ...], lonely_cli: Cli) -> None:
    done = lonely_cli(*words, "--help")
    assert done.code == 0
    assert done.err == ""
    assert f"Example: graphmap {' '.join(words)}" in " ".join(done.out.split())
    assert {"--json", "--home", "--store", "--config"} <= {o for p in ALL[words].params for o in p.opts}


def test_help_loads_nothing_heavy_and_reads_no_store() -> None:
    code = (
        "import sys; from graphmap.cli import run; assert run(['--help']) == 0; assert run(['import', '--help']) == 0; "
        "print(sorted({'pandas', 'neo4j', 'pyarrow', 'networkx', 'numpy', 'scipy', 'flask'} & set(sys.modules)), file=sys.stderr)"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=True
    )
    assert done.stderr == "[]\n"
    assert "graphmap demo" in done.stdout


@pytest.fixture
def filled(cli: Cli, tmp_path: Path) -> dict[str, str]:
    """A store with two imports, something set aside, and a score; ids to ask for."""
    tables = company(3)
    assert cli("import", write(tmp_path / "a", tables)).code == 0
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "affiliations.csv").write_text("person,firm\nnobody,acc01\n", encoding="utf-8")
    run = imported(cli, tmp_path / "b", code=1)["run"]["id"]
    decision = cli("identity", "split", "c1", "c2", "--json").json["id"]
    aside = cli("quarantine", "list", "--json").json[0]["id"]
    plan = cli("plan", "save", "--leaving", "r1", "--json").json["id"]
    rule = cli(
        "decide", "rule", "--contact", "c1", "--through", "r2", "--reason", "knows her", "--json"
    ).json["id"]
    return {
        "run": run, "aside": aside, "decision": decision, "plan": plan, "rule": rule, "folder": str(tmp_path),
    }  # fmt: skip


def test_every_command_answers_in_json_with_its_exit_code(cli: Cli, filled: dict[str, str]) -> None:
    folder = filled["folder"]
    asked: dict[tuple[str, ...], int] = {
        ("import", f"{folder}/a"): 0,
        ("import", f"{folder}/b", "--again"): 1,
        ("import", f"{folder}/b", "--dry-run"): 0,
        ("importers",): 0,
        ("runs", "list"): 0,
        ("quarantine", "list"): 0,
        ("quarantine", "show", filled["aside"]): 0,
        ("quarantine", "export", "--out", f"{folder}/repair"): 0,
        ("quarantine", "retry"): 1,
        ("quarantine", "ignore", filled["aside"]): 0,
        ("quarantine", "ignore", "Q-nope"): 1,
        ("runs", "undo", filled["run"], "--dry-run"): 0,
        ("runs", "undo", filled["run"]): 0,
        ("score",): 0,
        ("accounts",): 0,
        ("account", "acme.example"): 0,
        ("simulate", "--leaving", "r1"): 0,
        ("cover", "acc01"): 0,
        ("exposure", "-k", "2"): 0,
        ("group", "acc01"): 0,
        ("served", "acc01"): 0,
        ("path", "--to", "c1"): 0,
        ("doors",): 0,
        ("compare", "2026-01-07", "2026-01-31"): 0,
        ("trend", "acc01"): 0,
        ("backtest",): 0,
        ("stability",): 0,
        ("tune", "scoring.half_life_days=90"): 0,
        ("tune", "--list"): 0,
        ("tune",): 2,
        ("tune", "store=x"): 2,
        ("plan", "save", "--leaving", "r2"): 0,
        ("plan", "list"): 0,
        ("plan", "show", filled["plan"]): 0,
        ("plan", "tick", filled["plan"], "1"): 0,
        ("decide", "rule", "--account", "acc02", "--not-at-all", "--reason", "tender"): 0,
        ("decide", "accept", "acc01", "single_threaded_us", "--reason", "known"): 0,
        ("decide", "account", "acc01", "--segment", "big", "--reason", "known"): 0,
        ("decide", "list"): 0,
        ("decide", "undo", filled["rule"]): 0,
        ("person", "show", "r1"): 0,
        ("person", "verify"): 0,
        ("person", "set", "c2", "--title", "Boss"): 0,
        ("identity", "review"): 0,
        ("identity", "join", "c3", "c4"): 0,
        ("identity", "split", "c1", "c4"): 0,
        ("identity", "log"): 0,
        ("identity", "undo", filled["decision"]): 0,
        ("query", "--list"): 0,
        ("query", "single_thread_accounts"): 0,
        ("query", "--cypher", "MATCH (f:Firm) RETURN f ORDER BY f.id"): 0,
        ("export", "touches", "--out", f"{folder}/t.parquet"): 0,
        ("export", "graph", "--out", f"{folder}/g.graphml"): 0,
        ("export", "records", "--out", f"{folder}/r.zip"): 0,
        ("export", "assessments", "--out", f"{folder}/a.csv", "--format", "csv"): 0,
        ("store", "status"): 0,
        ("store", "digest"): 0,
        ("store", "copy", "--to", "nowhere"): 2,
        ("forget", "c2", "--dry-run"): 0,
        ("forget", "c2"): 0,
        ("config",): 0,
    }
    words = {next((path for path in ALL if arguments[: len(path)] == path), ()) for arguments in asked}
    # Those three have tests of their own: they serve, or make a store anew.
    assert set(ALL) - words <= {("serve",), ("demo",), ("store", "compact")}
    for arguments, code in asked.items():
        done = cli(*arguments, "--json")
        assert done.code == code, (arguments, done.err)
        assert (done.error if code == 2 else done.json) is not Ellipsis, arguments
        assert "Traceback" not in done.err, arguments
    assert Path(f"{folder}/t.parquet").read_bytes()[:4] == b"PAR1"


def test_every_table_prints_as_text(cli: Cli, filled: dict[str, str]) -> None:
    for arguments in (
        ("importers",), ("runs", "list"), ("quarantine", "list"), ("quarantine", "show", filled["aside"]), ("score",),
        ("identity", "review"), ("identity", "log"), ("accounts",), ("account", "acc01"), ("simulate", "--leaving", "r1"), ("cover", "acc01"),
        ("exposure", "-k", "2"), ("exposure", "--of", "r1"), ("compare", "2026-01-07", "2026-01-31"), ("trend", "acc01"), ("backtest",), ("stability",), ("tune", "--preset", "fast-moving"), ("tune", "--list"), ("group", "acc01"), ("served", "acc01"), ("path", "--to", "c1"), ("doors",), ("plan", "list"), ("plan", "show", filled["plan"]), ("decide", "list"), ("person", "show", "r1"), ("person", "verify"), ("query", "--list"), ("store", "status"),
        ("store", "digest"), ("config",), ("query", "single_thread_accounts"),
    ):  # fmt: skip
        done = cli(*arguments)
        assert done.code == 0, (arguments, done.err)
        assert done.out.strip(), arguments
    assert "Acme" in cli("accounts").out
    assert "Rita" in cli("account", "Acme").out


def test_wrong_use_is_one_error_with_exit_2(cli: Cli, graph: GraphStore, filled: dict[str, str]) -> None:
    del graph, filled
    asked = {
        ("nonsense",): "usage",
        ("accounts", "--status", "strange"): "usage",
        ("account", "nowhere"): "not-found",
        ("person", "show", "nobody"): "not-found",
        ("runs", "undo", "score-1"): "not-found",
        ("quarantine", "show", "Q-nope"): "not-found",
        ("query",): "usage",
        ("query", "nonsense"): "not-found",
        ("export", "graph", "--out", "x", "--format", "csv"): "usage",
        ("score", "--as-of", "yesterday"): "config",
    }
    for arguments, code in asked.items():
        done = cli(*arguments, "--json")
        assert (done.code, done.error["code"], done.out) == (2, code, ""), arguments
        assert set(done.error) == {"code", "message", "file", "line", "column", "remedy"}
        assert done.error["remedy"], arguments
        plain = cli(*arguments)
        assert plain.code == 2
        assert "Traceback" not in plain.err
    refused = cli("query", "--cypher", "MATCH (n) DETACH DELETE n", "--json")
    assert (refused.code, refused.error["code"]) == (1, "query-refused")


def test_a_fault_of_the_program_is_shown_as_one_with_exit_3(
    lonely_cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError("oops")

    monkeypatch.setattr("graphmap.ingest.discovery.find_importers", broken)
    done = lonely_cli("importers", "--json")
    assert (done.code, done.error["code"]) == (3, "internal")
    assert "ZeroDivisionError" in done.error["message"]
    plain = lonely_cli("importers")
    assert plain.code == 3
    assert "please report it" in plain.err


def test_config_says_where_every_value_came_from_and_hides_passwords(lonely_cli: Cli, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "graphmap.toml").write_text("[scoring]\nbaseline = 0.5\nhalf_life_days = 90\n", encoding="utf-8")
    secret = "hunter2-very-secret"
    done = lonely_cli(
        "config", "--json", "--store", "bolt://127.0.0.1:1", scoring_baseline="0.75", store_password=secret
    )
    known = {row["name"]: row for row in done.json}
    assert (known["scoring.baseline"]["value"], known["scoring.baseline"]["origin"]) == (
        "0.75", "environment GRAPHMAP_SCORING_BASELINE",
    )  # fmt: skip
    assert known["scoring.half_life_days"]["origin"] == str(home / "graphmap.toml")
    assert (known["store"]["value"], known["store"]["origin"]) == ("bolt://127.0.0.1:1", "flag")
    assert known["scoring.cc_factor"]["origin"] == "default"
    assert known["home"]["value"] == str(home)
    assert known["store.password"]["value"] == "***"
    assert secret not in done.out + done.err + lonely_cli("config", store_password=secret).out
    broken = lonely_cli("config", "--json", scoring_half_life_days="-1")
    assert (broken.code, broken.error["code"]) == (2, "config")
    assert "scoring.half_life_days" in broken.error["message"]
    assert "GRAPHMAP_SCORING_HALF_LIFE_DAYS" in broken.error["message"]


def test_the_csv_of_accounts_is_flat_and_defused(cli: Cli, tmp_path: Path) -> None:
    """P42."""
    tables = company(3)
    tables["firms"][1]["name"] = '=HYPERLINK("http://evil.example")'
    assert cli("import", write(tmp_path, tables)).code == 0
    lines = cli("accounts", "--csv").out.splitlines()
    assert lines[0].startswith("id,source_ids,name,owner.id,owner.name,annual_value")
    assert len(lines) == 1 + 3
    assert "'=HYPERLINK" in next(line for line in lines if line.startswith("acc01,"))


@pytest.mark.parametrize("store_environment", [pytest.param("neo4j", marks=pytest.mark.neo4j)], indirect=True)
def test_the_demo_never_mixes_with_imported_data(cli: Cli, graph: GraphStore, filled: dict[str, str]) -> None:
    del filled
    before = counts(graph)
    refused = cli("demo", "--no-serve", "--json")
    assert (refused.code, refused.error["code"]) == (2, "store-busy")
    assert "GRAPHMAP_STORE" in refused.error["remedy"]
    assert counts(graph) == before
