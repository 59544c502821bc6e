"""The docs are true: every command, setting, query, page and file they name exists, and the generated page is current."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest

from graphmap.cli import cli
from graphmap.config import BY_NAME
from graphmap.schema import as_markdown
from graphmap.scoring.findings import RULES
from graphmap.store.library import named_queries

ROOT = Path(__file__).parents[2]
DOCS = sorted(
    [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")]
)
ENVIRONMENT_ONLY = {"GRAPHMAP_HOME", "GRAPHMAP_STORE"}


def texts() -> list[pytest.param]:
    return [pytest.param(path, id=str(path.relative_to(ROOT))) for path in DOCS]


def spoken(path: Path) -> list[str]:
    """Code spans and lines of code blocks."""
    text = path.read_text(encoding="utf-8")
    blocks = [line for block in re.findall(r"```\w*\n(.*?)```", text, re.S) for line in block.splitlines()]
    return blocks + re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.S))


@pytest.mark.parametrize("path", texts())
def test_every_command_exists_with_its_options(path: Path) -> None:
    for line in spoken(path):
        found = re.search(r"(?:^|\s|/)graphmap ((?:[a-z][a-z-]*)(?: .*)?)$", line.split("  #")[0].strip())
        if found is None or "=" in found[1].split()[0]:
            continue
        words = shlex.split(found[1].split(" -> ")[0].replace("|", " "), comments=True)
        command: click.Command = cli
        rest = words
        while rest and isinstance(command, click.Group):
            assert rest[0] in command.commands, f"{path.name}: {line}"
            command, rest = command.commands[rest[0]], rest[1:]
        known = {
            option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)
        } | {"--help"}
        for word in rest:
            if word.startswith("--"):
                assert word.split("=")[0].rstrip("].,") in known, f"{path.name}: {line}"


@pytest.mark.parametrize("path", texts())
def test_every_setting_exists(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    known = {setting.environment for setting in BY_NAME.values()}
    for name in re.findall(r"GRAPHMAP_[A-Z_]+", text):
        special = name.startswith(("GRAPHMAP_TEST", "GRAPHMAP_REQUIRE", "GRAPHMAP_SOAK", "GRAPHMAP_BENCH"))
        assert special or name in known, f"{path.name}: {name}"
    for name in re.findall(r"`((?:scoring|findings|planning|query|site|import|store)\.[a-z_]+)`", text):
        assert name in BY_NAME, f"{path.name}: {name}"


@pytest.mark.parametrize("path", texts())
def test_every_file_and_link_exists(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#\s]+)", text):
        assert re.match(r"https?:", target) or (path.parent / target).exists(), f"{path.name}: {target}"
    for name in re.findall(r"`((?:graphmap|web|importers|tests|docs|benchmarks)/[\w./*-]+)`", text):
        assert list(ROOT.glob(name.rstrip("/"))), f"{path.name}: {name}"


@pytest.mark.parametrize("path", texts())
def test_every_ready_question_exists(path: Path) -> None:
    known = {query.name for query in named_queries()}
    for name in re.findall(r"graphmap query ([a-z_]+)", path.read_text(encoding="utf-8")):
        assert name in known, f"{path.name}: {name}"


def test_there_are_at_least_twelve_ready_questions() -> None:
    assert len(named_queries()) >= 12


def test_the_schema_page_is_current() -> None:
    assert (ROOT / "docs" / "graph-schema.md").read_text(encoding="utf-8") == as_markdown(), "make docs"


def test_every_rule_is_in_the_docs_and_on_the_method_page() -> None:
    number = (ROOT / "docs" / "number.md").read_text(encoding="utf-8")
    method = (ROOT / "web/graphmap_web/templates/method.html").read_text(encoding="utf-8")
    for rule in RULES:
        assert f"`{rule.__name__}`" in number
        assert rule.__name__ in method


def test_every_setting_is_in_operating() -> None:
    text = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    missing = [name for name in BY_NAME if f"`{name}`" not in text]
    assert not missing


def test_every_command_has_a_help_with_an_example() -> None:
    def walk(command: click.Command, name: str) -> None:
        if isinstance(command, click.Group):
            for sub, child in command.commands.items():
                walk(child, f"{name} {sub}")
            return
        assert command.help, name
        assert "Example: graphmap" in command.help, name

    walk(cli, "graphmap")
