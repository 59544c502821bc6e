"""The parent's side of the embedded default: find the server of a folder, or start one; safe when several processes race."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import psutil
from filelock import FileLock

from graphmap.errors import EmbeddedUnavailableError
from graphmap.store.embedded_folder import ENGINES, RunningServer, StoreFolder, engine_version, write_private

_START_SECONDS = 90.0
_STARTS = 3
"""Starts tried in a row: a port that was free may be taken in the moment before the server binds it."""

_ALL = ["createRecord", "deleteRecord", "readRecord", "updateRecord"]


@dataclass(frozen=True, slots=True)
class EmbeddedOptions:
    """What a server is started with."""

    heap: str
    idle_seconds: float
    query_seconds: float


def embedded_folder(home: Path) -> StoreFolder:
    """The data folder inside the home folder."""
    return StoreFolder(home / "store")


def ensure_running(folder: StoreFolder, options: EmbeddedOptions) -> RunningServer:
    """The server of this folder; started where none runs. Several processes at once get the same one.

    Raises:
        EmbeddedUnavailableError: the platform has no engine, or it did not start (with its last words).
        StoreError: the data was written by a later version.
    """
    engine_version()
    folder.make()
    with FileLock(folder.lock):
        running = folder.running()
        if running is not None and not folder.stop_file.exists():
            _write_groups(folder, options.query_seconds)
            os.utime(folder.server_file)
            return running
        if running is not None:
            _wait_until_gone(running, _START_SECONDS)
        folder.check_format()
        folder.take_back_parked()
        for attempt in range(_STARTS):
            started = _start(folder, options)
            if started is not None:
                return started
            time.sleep(0.2 * attempt)
    raise EmbeddedUnavailableError(
        f"the embedded graph server did not start: {folder.last_words() or 'it said nothing'}",
        file=str(folder.output),
        remedy="read that file; a smaller GRAPHMAP_STORE_HEAP or a Neo4j (GRAPHMAP_STORE=bolt://host:7687) may help",
    )


def stop_embedded(home: Path, *, seconds: float = 30.0) -> bool:
    """Asks the server of this home folder to leave and waits for it; True when there was one."""
    folder = embedded_folder(home)
    running = folder.running()
    if running is None:
        return False
    folder.stop_file.touch()
    _wait_until_gone(running, seconds)
    folder.stop_file.unlink(missing_ok=True)
    return True


def _start(folder: StoreFolder, options: EmbeddedOptions) -> RunningServer | None:
    folder.server_file.unlink(missing_ok=True)
    folder.stop_file.unlink(missing_ok=True)
    folder.turn_over_output()
    _write_groups(folder, options.query_seconds)
    command = [sys.executable, "-P", "-m", "graphmap.store.embedded_server", str(folder.path)]
    command += ["--heap", options.heap, "--idle", str(options.idle_seconds)]
    with folder.output.open("ab") as output:
        child = subprocess.Popen(  # noqa: S603 - our own module, no shell
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=_environment(),
            # A terminal's Ctrl-C and hang-up are for the command, not for the server that others may share.
            start_new_session=True,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    # Waited for in the background, so that a server that leaves never stays behind as a zombie of ours.
    threading.Thread(target=child.wait, name="graphmap-store-wait", daemon=True).start()
    until = time.monotonic() + _START_SECONDS
    while time.monotonic() < until:
        running = folder.running()
        if running is not None:
            return running
        if child.poll() is not None:
            return None
        time.sleep(0.05)
    child.kill()
    return None


def _environment() -> dict[str, str]:
    """The child's environment: this very graphmap first, and nothing of ours that it does not need."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GRAPHMAP_")}
    root = str(Path(__file__).resolve().parents[2])
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH", "")]))
    return environment


def _write_groups(folder: StoreFolder, query_seconds: float) -> None:
    """Writes who may do what; the engine reads it again by itself when it changes.

    The analyst's group may read records and nothing else, and its statements are stopped by the engine itself: the
    driver's own time limit is ignored there.
    """

    def group(access: list[str], records: list[str], milliseconds: int) -> dict[str, object]:
        types = {"*": {"access": records}}
        return {"resultSetLimit": -1, "readTimeout": milliseconds, "access": access, "types": types}

    groups = {
        "admin": group(["updateSecurity", "updateSchema", "updateDatabaseSettings"], _ALL, -1),
        "analyst": group([], ["readRecord"], max(1, round(query_seconds * 1000))),
        "*": group([], [], -1),
    }
    content: dict[str, object] = {"databases": {"*": {"groups": groups}}, "version": 2}
    file = folder.groups_file
    try:
        if json.loads(file.read_text(encoding="utf-8")) == content:
            return
    except (OSError, ValueError):
        pass
    file.parent.mkdir(mode=0o700, exist_ok=True)
    write_private(file, content)


def _wait_until_gone(running: RunningServer, seconds: float) -> None:
    until = time.monotonic() + seconds
    while running.alive:
        if time.monotonic() > until:
            try:
                psutil.Process(running.pid).kill()
            except psutil.Error:
                return
        time.sleep(0.05)


def is_available() -> bool:
    """Whether an engine is installed for this platform."""
    return any(importlib.util.find_spec(package) is not None for _distribution, package in ENGINES)
