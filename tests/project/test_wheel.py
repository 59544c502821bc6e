"""The wheel: built, installed into an empty environment, and the demo run from there."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(ROOT)],
        check=True, capture_output=True,
    )  # fmt: skip
    return next(out.glob("graphmap_crm-*.whl"))


def test_wheel_holds_templates_static_files_queries_and_mappings(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for part in (
        "graphmap_web/templates/",
        "graphmap_web/static/app.css",
        "graphmap/store/queries/",
        "graphmap_importers/mappings/northwind.toml",
        "graphmap/ingest/resolution/data/freemail.txt",
        "graphmap/ingest/resolution/data/freemail.LICENSE",
        "graphmap/ingest/resolution/data/titles.toml",
    ):
        assert any(part in name for name in names), part
    tops = {name.split("/")[0] for name in names if ".dist-info" not in name}
    assert tops == {"graphmap", "graphmap_web", "graphmap_importers"}
    for package in tops:
        assert f"{package}/py.typed" in names


@pytest.mark.slow
def test_the_demo_runs_from_an_empty_environment(wheel: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "empty", with_pip=True)
    python = tmp_path / "empty" / ("Scripts" if os.name == "nt" else "bin") / "python"
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "-c", str(ROOT / "requirements.lock"), str(wheel)], check=True, cwd=tmp_path)
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "GRAPHMAP"))}
    home = {
        **clean,
        "HOME": str(tmp_path),
        "GRAPHMAP_HOME": str(tmp_path / "home"),
        "GRAPHMAP_STORE_IDLE_SECONDS": "5",
    }
    done = subprocess.run(
        [str(python), "-m", "graphmap", "demo", "--no-serve", "--json"],
        env=home,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["accounts"] == 60
