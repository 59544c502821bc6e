"""The child process behind the embedded default: an ArcadeDB that speaks Bolt on loopback.

Run by ``graphmap.store.embedded`` as ``python -m graphmap.store.embedded_server FOLDER --heap 2g --idle 600``. It writes
``server.json`` when it answers and leaves when nobody has been connected for so long, or when it is asked to.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import secrets
import signal
import socket
import sys
import threading
from pathlib import Path
from typing import Any

from graphmap.store.embedded_folder import ANALYST, DATABASE, RunningServer, StoreFolder
from graphmap.store.embedded_watch import Control, Watch
from graphmap.store.processes import birth_of

_LOGGING = """\
handlers = java.util.logging.FileHandler
.level = SEVERE
java.util.logging.FileHandler.pattern = log/engine.log
java.util.logging.FileHandler.limit = 1000000
java.util.logging.FileHandler.count = 2
java.util.logging.FileHandler.append = true
java.util.logging.FileHandler.level = SEVERE
java.util.logging.FileHandler.formatter = java.util.logging.SimpleFormatter
"""

_CLOSE_SECONDS = 20.0

_HARDENED = {
    "opencypher.loadCsv.allowFileUrls": "false",
    "opencypher.loadCsv.allowRemoteUrls": "false",
    "polyglotEngineEnabled": "false",
    "txWalFlush": "2",
    "queryMaxHeapElementsAllowedPerOp": "4000000",
}
"""No file, no address, no script from a statement; every commit is on the disk before it is answered; a list pulled at once
may hold four million values (the engine's own default of 524,288 is less than the participants of one large batch)."""


def main(arguments: list[str]) -> int:
    """Starts the server, waits until it is no longer needed, and stops it."""
    parser = argparse.ArgumentParser(prog="graphmap.store.embedded_server")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--heap", default="2g")
    parser.add_argument("--idle", type=float, default=600.0)
    chosen = parser.parse_args(arguments)
    os.umask(0o077)
    folder = StoreFolder(chosen.folder.resolve())
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    (folder.path / "log").mkdir(exist_ok=True)
    os.chdir(folder.path)
    server, running, control = start(folder, chosen.heap)
    folder.stamp_format()
    folder.announce(running)
    lock = Watch(folder, control, running.bolt, chosen.idle).wait_until_unneeded(stop)
    # The lock stays held until the process has gone: a successor must not meet a database that is still being closed.
    folder.server_file.unlink(missing_ok=True)
    closing = threading.Thread(target=_close, args=(server,), daemon=True)
    closing.start()
    # A statement that cannot be stopped would hold the engine's own end up; what was committed is on the disk already.
    closing.join(timeout=_CLOSE_SECONDS)
    # The engine keeps threads that would not let a normal exit end.
    os._exit(0 if lock.is_locked else 1)


def start(folder: StoreFolder, heap: str) -> tuple[Any, RunningServer, Control]:
    """Starts the engine with Bolt on loopback and two users: one for graphmap, one that may only read."""
    # Passwords live as long as the process: users are made anew at every start.
    (folder.path / "config" / "server-users.jsonl").unlink(missing_ok=True)
    bolt, http = _free_ports()
    password, analyst_password = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
    server = _engine(folder, heap, bolt, http, password)
    server.start()
    server.create_database(DATABASE)
    user = {"name": ANALYST, "password": analyst_password, "databases": {DATABASE: [ANALYST]}}
    control = Control(http, password)
    control.command("create user " + json.dumps(user))
    pid = os.getpid()
    return server, RunningServer(pid, birth_of(pid), bolt, password, analyst_password), control


def _engine(folder: StoreFolder, heap: str, bolt: int, http: int, password: str) -> Any:
    options = {
        # "production" would hide every message ("check the server log"), also a typing error's line and column, from the
        # one user who may connect at all. What else it changes (no file access, flushed commits) is set by name.
        "mode": "development",
        "host": "127.0.0.1",
        "http_port": http,
        "server_plugins": "Bolt:com.arcadedb.bolt.BoltProtocolPlugin",
        "bolt_port": bolt,
        "bolt_host": "127.0.0.1",
        "bolt_defaultDatabase": DATABASE,
        **{name.replace(".", "_"): value for name, value in _HARDENED.items()},
    }
    logging = folder.path / "log" / "logging.properties"
    logging.write_text(_LOGGING, encoding="utf-8")
    try:
        from arcadedb_embedded.server import ArcadeDBServer
    except ImportError:
        from arcadedb.server import ArcadeDBServer  # pyright: ignore[reportMissingImports]

        return ArcadeDBServer(str(folder.path), password, options)
    # As properties of the JVM: the engine's databases do not look at what the server is configured with.
    flags = [f"-Darcadedb.{name}={value}" for name, value in _HARDENED.items()]
    flags += [f"-Djava.util.logging.config.file={logging}", "-XX:-UsePerfData"]
    # Short of memory the engine loses threads and goes on; a fresh process on committed data is the better state.
    flags += ["-XX:+ExitOnOutOfMemoryError", "--sun-misc-unsafe-memory-access=allow"]
    flags += ["-Xlog:disable", "-Xlog:all=error:stderr"]
    return ArcadeDBServer(str(folder.path), password, options, {"heap_size": heap, "jvm_args": flags})


def _close(server: Any) -> None:
    with contextlib.suppress(Exception):
        server.stop()


def _free_ports() -> tuple[int, int]:
    with socket.socket() as one, socket.socket() as two:
        one.bind(("127.0.0.1", 0))
        two.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1]), int(two.getsockname()[1])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
