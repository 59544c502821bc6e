"""The tables of docs/validation.md in small: the same command with fewer accounts, and what must hold even then."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from graphmap.research.__main__ import research
from graphmap.research.candidates import KNOWN_LEAVER, OWNER_LEAVES
from graphmap.research.coverage import coverage
from graphmap.research.validation import RIVALS, validate
from graphmap.research.worlds import TABLE, WORLDS
from graphmap.scoring.formula import Formula

PROOF = Path(__file__).parents[2] / "docs" / "proof" / "validation.txt"


@pytest.fixture(scope="module")
def rows():
    chosen = [TABLE["base"], TABLE["firm-loyal"], TABLE["raw-volume"]]
    return {(row.world, row.task): row for row in validate(chosen, [1], 2500, Formula(), rounds=100)}


@pytest.mark.parametrize("world", ["base", "firm-loyal"])
@pytest.mark.parametrize("task", [KNOWN_LEAVER, OWNER_LEAVES])
def test_d_tells_losses_better_than_the_plain_share_the_owner_and_hhi(rows, world, task):
    row = rows[world, task]
    for rival in RIVALS:
        assert row.gains[rival].low > 0, rival
    assert row.auc["D"] < row.auc["oracle"]


def test_the_plain_share_wins_where_bare_volume_decides(rows):
    assert rows["raw-volume", KNOWN_LEAVER].gains["plain share"].high < 0


def test_losses_rise_from_band_to_band(rows):
    shares = [share for _, share in rows["base", KNOWN_LEAVER].bands]
    assert shares == sorted(shares)


def test_the_interval_holds_the_index_of_endless_records_about_nine_times_in_ten():
    everything, *by_sample = coverage(TABLE["base"], 400, 1, Formula(), logs=12)
    assert 0.80 <= everything.held <= 0.95
    assert sum(cell.accounts for cell in by_sample) == everything.accounts
    widths = [cell.width for cell in by_sample if cell.accounts]
    assert widths == sorted(widths, reverse=True)


def test_the_command_prints_the_same_tables_twice():
    asked = [
        "validate",
        "--world",
        "base",
        "--accounts",
        "60",
        "--seeds",
        "1",
        "--logs",
        "2",
        "--rounds",
        "20",
    ]
    one, two = (CliRunner().invoke(research, asked, catch_exceptions=False) for _ in range(2))
    assert one.exit_code == 0
    assert one.stdout == two.stdout
    assert "| base |" in one.stdout


def test_the_module_runs_by_its_name():
    done = subprocess.run(
        [sys.executable, "-m", "graphmap.research", "worlds"], capture_output=True, text=True, check=True
    )
    assert [line.split()[0] for line in done.stdout.splitlines()] == [world.name for world in WORLDS]


def test_the_kept_tables_say_that_d_is_better_in_every_world_but_one():
    """What docs/proof holds is the whole run: every world there, each gain above zero but in the world of bare volume."""
    text = PROOF.read_text(encoding="utf-8")
    for task in (KNOWN_LEAVER, OWNER_LEAVES):
        table = text.split(f"### AUC in %, {task}\n")[1].split("###")[0]
        lines = [line.split("|")[1:-1] for line in table.splitlines() if line.startswith("| ")][1:]
        assert [line[0].strip() for line in lines] == [world.name for world in WORLDS]
        for name, *cells in lines:
            if name.strip() == "raw-volume":
                continue
            for cell in cells[-len(RIVALS) :]:
                low = float(re.search(r"\(([+-][\d.]+) to", cell).group(1))
                assert low > 0, (task, name, cell)
