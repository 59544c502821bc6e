"""kill -9 and Ctrl-C anywhere, and two at once: the next run finishes, and the graph is that of a straight run.

``GRAPHMAP_SOAK=20`` kills at so many moments instead of five.
"""

from __future__ import annotations

import json
import os
import random
import signal
import time
from pathlib import Path

import psutil
import pytest

from graphmap.config import Settings
from graphmap.store import GraphStore, open_store
from graphmap.store.embedded import embedded_folder
from tests.pipeline.children import WAIT_SECONDS, Start, committed, straight
from tests.pipeline.kit import Cli, changed, company, imported, state_of, wiped, write

MOMENTS = int(os.environ.get("GRAPHMAP_SOAK", "5"))


def two_versions(tmp_path: Path) -> tuple[Path, Path]:
    """A first set, and a second that changes rows and interactions of it."""
    tables = company(4)
    first = write(tmp_path / "first", tables)
    tables = changed(tables, "people", "c2", firm="acc02", emails="carla@acme.example")
    tables = changed(
        tables, "interactions", "a1", kind="call", participants="caller:r2;callee:zoe@acme.example"
    )
    tables = changed(tables, "interactions", "s1", participants="from:carl@acme.example;to:r1")
    return first, write(tmp_path / "second", tables)


def test_a_client_killed_anywhere_and_run_again_gives_the_graph_of_a_straight_run(
    cli: Cli, graph: GraphStore, child: Start, tmp_path: Path
) -> None:
    first, second = two_versions(tmp_path)
    commits: list[int] = []
    imported(cli, first)
    wanted = straight(graph, second, commits, child)
    dice = random.Random(MOMENTS)
    for moment in dice.sample(range(1, commits[0]), MOMENTS):
        wiped(graph)
        imported(cli, first)
        process = child("import", second, "--no-score")
        assert committed(process, moment) == moment
        process.kill()
        process.wait(WAIT_SECONDS)
        balance = imported(cli, second)
        assert (
            balance["totals"]["read"]
            == balance["totals"]["new"] + balance["totals"]["unchanged"] + balance["totals"]["updated"]
        )
        assert state_of(graph) == wanted, f"killed after {moment} of {commits[0]} commits"
        assert graph.read("MATCH (r:Run {kind: 'import'}) WHERE r.state <> 'finished' RETURN r.id") == []


@pytest.mark.parametrize("store_environment", ["embedded"], indirect=True)
def test_the_embedded_server_killed_in_the_middle_loses_nothing(
    embedded_environment: dict[str, str], cli: Cli, graph: GraphStore, child: Start, tmp_path: Path
) -> None:
    folder = write(tmp_path, company(4))
    commits: list[int] = []
    wanted = straight(graph, folder, commits, child)
    home = Path(embedded_environment["GRAPHMAP_HOME"])
    for moment in random.Random(MOMENTS).sample(range(1, commits[0]), MOMENTS):
        wiped(graph)
        process = child("import", folder, "--no-score")
        assert committed(process, moment) == moment
        running = embedded_folder(home).running()
        assert running is not None
        psutil.Process(running.pid).kill()
        committed(process, 10**9)
        assert process.wait(WAIT_SECONDS) in (0, 4)
        imported(cli, folder)
        assert state_of(graph) == wanted, f"killed after {moment} of {commits[0]} commits"


def test_ctrl_c_exits_4_and_the_second_run_completes(
    cli: Cli, graph: GraphStore, child: Start, tmp_path: Path
) -> None:
    folder = write(tmp_path, company(4))
    commits: list[int] = []
    wanted = straight(graph, folder, commits, child)
    process = child("import", folder, "--no-score", "--json")
    committed(process, commits[0] // 2)
    process.send_signal(signal.SIGINT)
    assert process.stdout is not None
    assert process.stderr is not None
    err = process.stderr.read()
    assert process.wait(WAIT_SECONDS) == 4, err
    assert process.stdout.read() == ""
    assert json.loads(err.strip().splitlines()[-1])["error"]["code"] == "interrupted"
    assert "Traceback" not in err
    imported(cli, folder)
    assert state_of(graph) == wanted


HOLDER = """
import sys, time
from graphmap.config import Settings
from graphmap.store import open_store
from graphmap.store.state import writing
with open_store(Settings.load()) as store, writing(store, "graphmap import", lambda: time.time_ns() // 1_000_000):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_writer_is_refused_and_told_who_writes_until_that_one_is_gone(
    cli: Cli, child: Start, tmp_path: Path
) -> None:
    """P49."""
    folder = write(tmp_path, company(1))
    holder = child(code=HOLDER)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    refused = cli("import", folder, "--json")
    assert refused.code == 2
    assert refused.error["code"] == "store-busy"
    assert f"process {holder.pid} " in refused.error["message"]
    assert "graphmap import" in refused.error["message"]
    assert cli("score").code == 2
    holder.kill()
    holder.wait(WAIT_SECONDS)
    imported(cli, folder)


def test_of_two_that_ask_at_the_same_moment_one_gets_the_lock(child: Start, graph: GraphStore) -> None:
    racers = [child(code=HOLDER) for _ in range(3)]
    until = time.monotonic() + WAIT_SECONDS
    while sum(racer.poll() is None for racer in racers) > 1:
        assert time.monotonic() < until, "more than one holds the lock"
        time.sleep(0.05)
    (winner,) = (racer for racer in racers if racer.poll() is None)
    assert winner.stdout is not None
    assert winner.stdout.readline() == "held\n"
    (value,) = graph.read("MATCH (s:State {id: 'writer'}) RETURN s.holder")[0]
    assert json.loads(str(value))["pid"] == winner.pid
    assert winner.stdin is not None
    winner.stdin.close()
    assert winner.wait(WAIT_SECONDS) == 0
    assert graph.read("MATCH (s:State {id: 'writer'}) RETURN s.holder") == [("",)]


def test_a_lock_from_another_machine_is_free_once_its_lease_is_over(
    cli: Cli, any_store_settings: Settings, tmp_path: Path
) -> None:
    folder = write(tmp_path, company(1))
    held = json.dumps({"host": "elsewhere.example", "pid": 1, "birth": "another"})
    text = (
        "MERGE (s:State {id: 'writer'}) SET s.holder = $held, s.until = $until, s.value = 'graphmap import'"
    )
    with open_store(any_store_settings) as store:
        store.write_with(lambda w: w.run(text, held=held, until=time.time_ns() // 1_000_000 + 600_000))
        refused = cli("import", folder, "--json")
        assert (refused.code, refused.error["code"]) == (2, "store-busy")
        assert "elsewhere.example" in refused.error["message"]
        store.write_with(lambda w: w.run(text, held=held, until=1))
        imported(cli, folder)
