"""What the embedded server's process keeps an eye on: is it still needed, and does an analyst's statement run too long."""

from __future__ import annotations

import base64
import json
import threading
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import cast

import psutil
from filelock import FileLock, Timeout

from graphmap.store.embedded_folder import ANALYST, StoreFolder

_TICK_SECONDS = 0.25
_STUCK_SECONDS = 15.0
"""A statement that cannot be stopped (one endless expression) makes the server leave; the next call starts a fresh one."""


@dataclass(frozen=True, slots=True)
class Control:
    """The engine's own command door, on loopback and with a password made for this process."""

    port: int
    password: str

    def command(self, text: str) -> dict[str, object]:
        """Runs one server command."""
        token = base64.b64encode(f"root:{self.password}".encode()).decode()
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/api/v1/server",
            json.dumps({"command": text}).encode(),
            {"Content-Type": "application/json", "Authorization": f"Basic {token}"},
        )
        # No proxy of the environment: this never leaves the machine.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=30) as answer:
            return cast("dict[str, object]", json.loads(answer.read()))

    def stop_long_statements(self, seconds: float) -> float:
        """Ends the analyst's statements that run longer; returns by how much the oldest one still is over its limit.

        The group's read timeout of the engine is not enough: it is looked at between rows only.
        """
        running = cast("list[dict[str, object]]", self.command("list queries").get("result") or [])
        over = 0.0
        for statement in running:
            late = float(str(statement.get("elapsedMs", 0))) / 1000 - seconds
            if statement.get("user") == ANALYST and late > 0:
                over = max(over, late)
                self.command(f"terminate query {statement['id']}")
        return over


class Watch:
    """The loop of the server's main thread."""

    def __init__(self, folder: StoreFolder, control: Control, bolt: int, idle: float) -> None:
        self._folder = folder
        self._control = control
        self._bolt = bolt
        self._idle = idle

    def wait_until_unneeded(self, stop: threading.Event) -> FileLock:
        """Returns once the server shall leave: asked to, stuck, or nobody connected for the idle time.

        The folder's lock is then held, so that nobody starts a successor meanwhile (asked to leave while another process
        holds it for long, the server leaves without).
        """
        lock = FileLock(self._folder.lock)
        last = time.monotonic()
        while True:
            asked = stop.wait(_TICK_SECONDS) or self._folder.stop_file.exists()
            self._folder.turn_over_output()
            connected = self._connected()
            asked = asked or (connected and self._stuck())
            if not asked:
                if connected or self._greeted():
                    last = time.monotonic()
                if time.monotonic() - last < self._idle:
                    continue
            try:
                lock.acquire(timeout=5 if asked else 0)
            except Timeout:
                if not asked:
                    continue
            if asked or not (self._connected() or self._greeted()):
                return lock
            lock.release()
            last = time.monotonic()

    def _stuck(self) -> bool:
        limit = self._folder.query_seconds()
        if limit is None:
            return False
        try:
            return self._control.stop_long_statements(limit) > _STUCK_SECONDS
        except (OSError, ValueError, urllib.error.URLError):
            return False

    def _connected(self) -> bool:
        try:
            return any(
                connection.laddr
                and connection.laddr.port == self._bolt
                and connection.status == psutil.CONN_ESTABLISHED
                for connection in psutil.Process().net_connections("tcp")
            )
        except psutil.Error:
            return True

    def _greeted(self) -> bool:
        """Whether a client touched ``server.json`` just now: it is about to connect."""
        try:
            return abs(time.time() - self._folder.server_file.stat().st_mtime) < 2
        except OSError:
            return False
