"""The example of docs/plugin.md, built and installed as a distribution of its own: it is listed, it reads its file, it keeps the contract."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from graphmap.ingest.protocol import Importer, Options
from graphmap.records import Interaction
from tests.importers.exports import reasons, records, rejections

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "plugin.md").read_text("utf-8")


def block(kind: str, word: str) -> str:
    (found,) = [text for text in re.findall(rf"```{kind}\n(.*?)```", PAGE, re.DOTALL) if word in text]
    return found


CODE, LOG = block("python", "PhoneLogImporter"), block("", "anna@ours")


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A folder with the installed example in it."""
    project, site = tmp_path_factory.mktemp("phonelog"), tmp_path_factory.mktemp("site")
    (project / "pyproject.toml").write_text(block("toml", "phonelog"), "utf-8")
    (project / "phonelog.py").write_text(CODE, "utf-8")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
    done = subprocess.run(
        [*pip, "--no-build-isolation", "--no-index", "--target", str(site), str(project)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return site


@pytest.fixture(scope="module")
def graphmap(site, tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    clean = {name: value for name, value in os.environ.items() if not name.startswith("GRAPHMAP")}
    paths = [str(site), str(ROOT), str(ROOT / "web"), str(ROOT / "importers")]
    environment = {**clean, "PYTHONPATH": os.pathsep.join(paths), "GRAPHMAP_HOME": str(home)}

    def go(*arguments):
        done = subprocess.run(
            [sys.executable, "-m", "graphmap", *arguments],
            env=environment, cwd=home, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return go


def test_it_is_listed_with_its_distribution(graphmap):
    (mine,) = [one for one in graphmap("importers", "--json") if one["name"] == "phonelog"]
    assert (mine["distribution"], mine["version"], mine["files"]) == ("graphmap-phonelog", 1, "calls.log")


def test_it_reads_its_file(graphmap, tmp_path):
    (tmp_path / "calls.log").write_text(LOG, "utf-8")
    done = graphmap(
        "import", str(tmp_path / "calls.log"), "--own-domain", "ours.example", "--dry-run", "--json"
    )
    (file,) = done["files"]
    assert (file["importer"], file["records"]) == ("phonelog", 2)


def test_the_example_keeps_the_contract(memory, run):
    space: dict[str, object] = {}
    exec(compile(CODE, "phonelog.py", "exec"), space)
    importer = space["PhoneLogImporter"]()
    assert isinstance(importer, Importer)
    test = "2026-03-02T09:15:00Z out a@ours.example a@ours.example\n"
    sources = [
        memory("data/calls.log", f"{LOG}three words only\nnever in a@ours.example b@acme.example\n{test}")
    ]
    found = run(importer, sources, Options())
    assert [(one.at, one.participants) for one in records(found, Interaction)] == [
        (1772439300000, (("caller", "anna@ours.example"), ("callee", "eva@acme.example"))),
        (1772448000000, (("caller", "otto@acme.example"), ("callee", "anna@ours.example"))),
    ]
    assert [(one.code, one.origin.line) for one in rejections(found)] == [
        ("phonelog_words", 3),
        ("phonelog_time", 4),
    ]
    assert reasons(found) == ["test_call"]


def test_the_page_is_about_as_long_as_it_says():
    assert len([line for line in CODE.splitlines() if line.strip()]) <= 45
