"""The house: laws of imports, names, and what must not be in the repository."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
FORBIDDEN_NAMES = {"utils", "helpers", "common", "manager", "misc"}


def tracked() -> list[Path]:
    if not (ROOT / ".git").exists():
        return [p for p in ROOT.rglob("*") if p.is_file() and not {".venv", ".git"} & set(p.parts)]
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in listed.splitlines() if (ROOT / name).is_file()]


def test_imports_walk_one_way() -> None:
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "web"), str(ROOT / "importers")]),
    }
    done = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def test_top_level_holds_one_uniquely_named_package_each() -> None:
    assert not list((ROOT / "web").glob("*.py"))
    assert not list((ROOT / "importers").glob("*.py"))
    assert (ROOT / "web/graphmap_web/__init__.py").is_file()
    assert (ROOT / "importers/graphmap_importers/__init__.py").is_file()


def test_no_room_for_everything() -> None:
    assert not [path for path in tracked() if path.suffix == ".py" and path.stem in FORBIDDEN_NAMES]


def test_no_paths_of_a_machine_and_no_addresses_of_registries() -> None:
    bad = re.compile(
        r"(?<![\w./-])/(?:work|root|farm|home/\w+)/\w|pypi\.org|files\.pythonhosted|repo1?\.maven|registry\.npmjs|deb\.debian\.org"
    )
    here = Path(__file__)
    for path in tracked():
        if path == here or path.suffix in (".png", ".csv"):
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        assert not bad.search(text), f"{path.relative_to(ROOT)}: {bad.search(text)}"


def test_help_loads_no_heavy_library() -> None:
    code = (
        "import sys; from graphmap.cli import run; run(['--help']); "
        "print([m for m in ('pandas','numpy','neo4j','networkx','pyarrow','flask','pyvis','scipy','rich') if m in sys.modules])"
    )
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "web"), str(ROOT / "importers")]),
    }
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"
