"""The private server: one per folder, found again, started again, gone when nobody needs it, readable by its owner alone."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from graphmap.config import Settings
from graphmap.errors import EmbeddedUnavailableError, QueryFailedError, QueryRefusedError, StoreError
from graphmap.store import GraphStore, Statement, open_store, statements
from graphmap.store import embedded_folder as folder_module
from graphmap.store.embedded import embedded_folder, stop_embedded
from graphmap.store.embedded_folder import OUTPUT_CAP, RunningServer, StoreFolder
from graphmap.store.processes import birth_of

OPENER = """
from graphmap.config import Settings
from graphmap.store import Statement, open_store, statements
import sys
with open_store(Settings.load()) as store:
    rows = [{"key": sys.argv[1], "props": {}}]
    store.write(Statement(statements.upsert_nodes("Firm"), {"rows": rows}, expect=1))
    print(store.server.address)
"""


@pytest.fixture
def own_home(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path
    stop_embedded(tmp_path)


def environment(home: Path, **more: str) -> dict[str, str]:
    return {"GRAPHMAP_HOME": str(home), "GRAPHMAP_STORE_HEAP": "512m", "GRAPHMAP_STORE": "embedded:", **more}


def running(home: Path) -> RunningServer:
    found = embedded_folder(home).running()
    assert found is not None
    return found


def batch(number: int) -> list[Statement]:
    rows = [{"key": f"{number}-{place}", "props": {"name": f"batch {number}"}} for place in range(100)]
    return [
        Statement(statements.upsert_nodes("Firm"), {"rows": rows}, expect=100),
        *statements.link(
            "PART_OF", "Firm", "Firm", [(f"{number}-{place}", f"{number}-0", {}) for place in range(1, 100)]
        ),
    ]


def test_after_kill_9_the_next_call_works_and_what_was_committed_is_whole(
    embedded_store: GraphStore, embedded_home: Path, eventually
):
    acknowledged: list[int] = []
    failures: list[BaseException] = []

    def write() -> None:
        try:
            for number in range(25):
                embedded_store.write(*batch(number))
                acknowledged.append(number)
        except BaseException as error:
            failures.append(error)

    writer = threading.Thread(target=write)
    writer.start()
    for killed_after in (3, 10):
        eventually(lambda enough=killed_after: len(acknowledged) >= enough or failures)
        os.kill(running(embedded_home).pid, signal.SIGKILL)
        assert embedded_store.read("RETURN 1") == [(1,)]
    writer.join()
    assert failures == []
    assert acknowledged == list(range(25))
    text = "MATCH (f:Firm) OPTIONAL MATCH (f)-[p:PART_OF]->() WITH f.name AS name, count(DISTINCT f) AS n, count(p) AS p RETURN DISTINCT n, p"
    assert embedded_store.read(text) == [(100, 99)]
    assert embedded_store.read("MATCH (f:Firm) RETURN count(f)") == [(2500,)]


def test_a_killed_writer_leaves_whole_batches_only(
    embedded_store: GraphStore, embedded_environment, beside, eventually
):
    code = """
from graphmap.config import Settings
from graphmap.store import Statement, open_store, statements
with open_store(Settings.load()) as store:
    for number in range(10_000):
        rows = [{"key": f"{number}-{place}", "props": {"name": f"batch {number}"}} for place in range(200)]
        store.write(Statement(statements.upsert_nodes("Firm"), {"rows": rows}, expect=200))
"""
    process = beside(code, embedded_environment)
    eventually(lambda: int(str(embedded_store.read("MATCH (f:Firm) RETURN count(f)")[0][0])) >= 600)
    process.send_signal(signal.SIGKILL)
    process.wait()
    counts = embedded_store.read("MATCH (f:Firm) WITH f.name AS batch, count(f) AS n RETURN DISTINCT n")
    assert counts == [(200,)]


def test_an_analyst_is_served_again_after_kill_9(embedded_store: GraphStore, embedded_home: Path):
    os.kill(running(embedded_home).pid, signal.SIGKILL)
    assert embedded_store.ask("RETURN 1", seconds=2, rows=1).rows == ((1,),)


def test_processes_that_race_to_open_share_one_server_which_leaves_when_idle(
    own_home: Path, beside, eventually
):
    there = environment(own_home, GRAPHMAP_STORE_IDLE_SECONDS="3")
    processes = [beside(OPENER, there, f"f{number}") for number in range(3)]
    answers = [process.communicate(timeout=240) for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0], answers
    assert len({out.strip() for out, _ in answers}) == 1
    assert all(err == "" for _, err in answers)
    server = running(own_home)
    with open_store(Settings.load(environment=there)) as store:
        assert store.read("MATCH (f:Firm) RETURN f.id ORDER BY f.id") == [("f0",), ("f1",), ("f2",)]
        assert running(own_home) == server
    eventually(lambda: not server.alive)
    assert embedded_folder(own_home).running() is None
    assert not embedded_folder(own_home).server_file.exists()
    with open_store(Settings.load(environment=there)) as store:
        assert store.read("MATCH (f:Firm) RETURN count(f)") == [(3,)]
        assert running(own_home).pid != server.pid


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX permissions")
def test_only_the_owner_can_read_and_no_password_is_on_a_command_line(
    embedded_store: GraphStore, embedded_home: Path
):
    folder = embedded_folder(embedded_home)
    server = running(embedded_home)
    assert stat.S_IMODE(folder.path.stat().st_mode) == 0o700
    assert stat.S_IMODE(folder.server_file.stat().st_mode) == 0o600
    process = psutil.Process(server.pid)
    seen = " ".join(process.cmdline()) + json.dumps(process.environ())
    for password in (server.password, server.analyst_password):
        assert password not in seen
        for file in (
            folder.output,
            *folder.path.joinpath("log").iterdir(),
            *folder.path.joinpath("config").iterdir(),
        ):
            assert password not in file.read_text(encoding="utf-8", errors="replace")
    for connection in process.net_connections("tcp"):
        assert connection.laddr.ip in {"127.0.0.1", "::ffff:127.0.0.1"}


def test_stopping_and_opening_again_keeps_everything(own_home: Path):
    there = Settings.load(environment=environment(own_home))
    assert stop_embedded(own_home) is False
    with open_store(there) as store:
        store.write(*batch(1))
        first = running(own_home)
        assert stop_embedded(own_home) is True
        assert not first.alive
        assert store.read("MATCH (f:Firm) RETURN count(f)") == [(100,)]
    assert running(own_home).password != first.password


@pytest.mark.slow
def test_a_statement_that_nothing_can_stop_makes_the_server_leave(own_home: Path, eventually):
    endless = "UNWIND [1] AS n WITH n WHERE all(i IN range(1, 1000000) WHERE all(j IN range(1, 1000000) WHERE i * j > 0)) RETURN n"
    with open_store(Settings.load(environment=environment(own_home, GRAPHMAP_QUERY_SECONDS="1"))) as store:
        store.write(*batch(1))
        first = running(own_home)
        with pytest.raises(QueryFailedError, match="stopped after 1 seconds"):
            store.ask(endless, seconds=1, rows=1, user="anna")
        with pytest.raises(QueryRefusedError, match="still running"):
            store.ask("RETURN 1", seconds=1, rows=1, user="anna")
        eventually(lambda: not first.alive)
        assert store.read("MATCH (f:Firm) RETURN count(f)") == [(100,)]


def test_data_of_a_later_version_is_refused(tmp_path: Path):
    folder = embedded_folder(tmp_path)
    there = Settings.load(environment=environment(tmp_path))
    folder.make()
    for stamp, says in (
        ({"format": 2, "engine": "1"}, "later graphmap"),
        ({"format": 1, "engine": "99.1"}, "later engine"),
    ):
        (folder.path / "format.json").write_text(json.dumps(stamp))
        with pytest.raises(StoreError, match=says) as refused:
            open_store(there)
        assert refused.value.remedy
    assert folder.running() is None


def test_a_platform_without_an_engine_is_told_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setattr(folder_module, "ENGINES", (("no-such-engine", "no_such_engine"),))
    with pytest.raises(
        EmbeddedUnavailableError, match="no embedded graph server for this platform"
    ) as refused:
        open_store(Settings.load(environment=environment(tmp_path)))
    assert "GRAPHMAP_STORE=bolt://" in str(refused.value.remedy)


def test_a_server_that_cannot_start_is_reported_with_its_last_words(tmp_path: Path):
    with pytest.raises(EmbeddedUnavailableError, match="did not start") as failed:
        open_store(Settings.load(environment=environment(tmp_path, GRAPHMAP_STORE_HEAP="much")))
    assert failed.value.file == str(embedded_folder(tmp_path).output)
    assert "GRAPHMAP_STORE_HEAP" in str(failed.value.remedy)


def test_a_pid_that_was_used_again_is_not_taken_for_the_server(tmp_path: Path):
    folder = StoreFolder(tmp_path)
    me = os.getpid()
    folder.announce(RunningServer(me, birth_of(os.getppid()), 1, "p", "a"))
    assert folder.running() is None
    folder.announce(RunningServer(me, birth_of(me), 1, "p", "a"))
    assert folder.running() is not None
    folder.server_file.write_text("{")
    assert folder.running() is None


@pytest.mark.skipif(not psutil.LINUX, reason="start times are told by the boot time on Linux alone")
def test_a_server_is_still_found_after_the_clock_was_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    folder, me = StoreFolder(tmp_path), os.getpid()
    folder.announce(RunningServer(me, birth_of(me), 1, "p", "a"))
    before = psutil.Process(me).create_time()
    linux = psutil._pslinux  # pyright: ignore[reportPrivateUsage, reportAttributeAccessIssue, reportUnknownVariableType, reportUnknownMemberType]
    booted = psutil.boot_time()
    monkeypatch.setattr(linux, "boot_time", lambda: booted + 3600)
    assert psutil.Process(me).create_time() > before + 3000  # what the clock moves
    assert folder.running() is not None


def test_a_process_that_is_gone_has_no_birth_mark():
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        assert birth_of(child.pid)
        child.communicate(b"\n")
    with pytest.raises(psutil.NoSuchProcess):
        birth_of(child.pid)


@pytest.mark.skipif(
    not hasattr(os, "waitid"), reason="only there a process that has ended waits to be collected"
)
def test_a_process_that_has_ended_and_was_not_collected_has_no_birth_mark():
    child = subprocess.Popen([sys.executable, "-c", ""])
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    with pytest.raises(psutil.ZombieProcess):
        birth_of(child.pid)
    child.wait()


def test_the_output_stays_small(tmp_path: Path):
    folder = StoreFolder(tmp_path)
    folder.output.write_bytes(b"x" * (OUTPUT_CAP + 1) + b"\nlast words\n")
    assert folder.last_words() == "last words"
    folder.turn_over_output()
    assert folder.output.stat().st_size == 0
    assert folder.output.with_suffix(".out.1").stat().st_size == OUTPUT_CAP
