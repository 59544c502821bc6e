"""The sample company shows every situation it promises: the planted truth is found."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from graphmap.samples.company import ACCOUNTS, NAMED, make_company
from graphmap.samples.sources import write_sources


@pytest.fixture(scope="module")
def company():
    return make_company()


def test_size(company) -> None:
    ours = [p for p in company.people if p["firm"] == "lindwerk"]
    assert sum(f["kind"] == "account" for f in company.firms) == ACCOUNTS == 60
    assert len(ours) == 25
    assert len({p["department"] for p in ours}) == 5
    assert 380 <= len(company.people) - 25 <= 440


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    write_sources(tmp_path / "a")
    write_sources(tmp_path / "b")
    written = [path.relative_to(tmp_path / "a") for path in sorted((tmp_path / "a").rglob("*.*"))]
    assert len(written) == 8
    for name in written:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_every_process_writes_the_same_company(tmp_path: Path) -> None:
    found: set[str] = set()
    for seed in ("1", "2", "3"):
        made = subprocess.run(
            [sys.executable, "-c", "from graphmap.samples.company import make_company; print(make_company().interactions)"],
            env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True,
        )  # fmt: skip
        found.add(made.stdout)
    assert len(found) == 1


def test_the_guided_tour_accounts_come_first(company) -> None:
    accounts = [f["name"] for f in company.firms if f["kind"] == "account"]
    assert accounts[: len(NAMED)] == [name for name, _, _ in NAMED]
