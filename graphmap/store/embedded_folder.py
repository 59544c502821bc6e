"""The folder of the embedded graph server: what lies where, who may read it, and which version wrote it.

```
home/store/            0700
  start.lock           held while a server is started or leaves
  server.json          0600, while a server runs: process, port, passwords (new at every start)
  format.json          which engine and which format of ours wrote the data
  server.out           what the server says, capped in size
  stop.request         asks the server to leave
  databases/ config/ log/   the engine's own
```
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from importlib import metadata
from pathlib import Path
from typing import cast

import psutil

from graphmap.errors import EmbeddedUnavailableError, StoreError
from graphmap.store.processes import birth_of

FORMAT = 1
"""Version of the layout above; a folder of a later one is refused."""

DATABASE = "graphmap"
ANALYST = "analyst"
"""User and group that may read records and nothing else."""

ENGINES: tuple[tuple[str, str], ...] = (("arcadedb-embedded", "arcadedb_embedded"), ("arcadedb", "arcadedb"))
"""Distribution and package; the second is the successor without a JVM."""

OUTPUT_CAP = 1_000_000
"""Bytes of ``server.out`` before it is turned over; one older piece is kept."""


@dataclass(frozen=True, slots=True)
class RunningServer:
    """A started server as its own ``server.json`` tells it."""

    pid: int
    birth: str
    bolt: int
    password: str = field(repr=False)
    analyst_password: str = field(repr=False)

    @property
    def alive(self) -> bool:
        """Whether that very process still runs (a pid is used again after a while; its birth mark tells)."""
        try:
            return birth_of(self.pid) == self.birth
        except psutil.Error:
            return False


@dataclass(frozen=True, slots=True)
class StoreFolder:
    """One data folder."""

    path: Path

    @property
    def lock(self) -> Path:
        """Held while a server is started or leaves."""
        return self.path / "start.lock"

    @property
    def server_file(self) -> Path:
        """Describes the running server."""
        return self.path / "server.json"

    @property
    def stop_file(self) -> Path:
        """Asks the server to leave; a file, because Windows has no SIGTERM that a process could handle."""
        return self.path / "stop.request"

    @property
    def output(self) -> Path:
        """What the server says."""
        return self.path / "server.out"

    def make(self) -> None:
        """Creates the folder, readable by its owner alone."""
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.path.stat().st_mode & 0o077:
            self.path.chmod(0o700)

    def running(self) -> RunningServer | None:
        """The server that runs on this folder, None where none does."""
        try:
            told = cast("dict[str, object]", json.loads(self.server_file.read_text(encoding="utf-8")))
            server = RunningServer(**told)  # pyright: ignore[reportArgumentType]
        except (OSError, ValueError, TypeError):
            return None
        return server if server.alive else None

    def announce(self, server: RunningServer) -> None:
        """Writes ``server.json`` in one step, for its owner's eyes only."""
        write_private(self.server_file, asdict(server))

    @property
    def groups_file(self) -> Path:
        """Who may do what, for the engine."""
        return self.path / "config" / "server-groups.json"

    def query_seconds(self) -> float | None:
        """The time limit of an analyst's statement, as last asked for by a client."""
        try:
            groups = json.loads(self.groups_file.read_text(encoding="utf-8"))["databases"]["*"]["groups"]
            return float(groups["analyst"]["readTimeout"]) / 1000
        except (OSError, ValueError, KeyError, TypeError):
            return None

    @property
    def parked(self) -> Path:
        """The former databases while new ones take their place."""
        return self.path / "databases.old"

    def take_back_parked(self) -> None:
        """Finishes or takes back a change of databases that was interrupted; called while nobody serves the folder."""
        databases = self.path / "databases"
        if self.parked.exists() and not databases.exists():
            self.parked.rename(databases)
        shutil.rmtree(self.parked, ignore_errors=True)

    def turn_over_output(self) -> None:
        """Keeps ``server.out`` below its cap: its content moves to ``server.out.1`` (copied, as others hold it open)."""
        try:
            if self.output.stat().st_size > OUTPUT_CAP:
                self.output.with_suffix(".out.1").write_bytes(self.output.read_bytes()[-OUTPUT_CAP:])
                os.truncate(self.output, 0)
        except OSError:
            return

    def last_words(self) -> str:
        """The last line that the server said, for an error message."""
        try:
            lines = self.output.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        except OSError:
            return ""
        return lines[-1][:300] if lines else ""

    def size(self) -> int:
        """Bytes on disk; files that vanish meanwhile count nothing."""
        total = 0
        for file in self.path.rglob("*"):
            try:
                total += file.stat().st_size if file.is_file() else 0
            except OSError:
                continue
        return total

    def check_format(self) -> None:
        """Refuses data that a later graphmap or a later engine wrote: opening it could damage it."""
        try:
            stamp = cast(
                "dict[str, object]", json.loads((self.path / "format.json").read_text(encoding="utf-8"))
            )
        except FileNotFoundError:
            return
        except (OSError, ValueError) as reason:
            raise StoreError(
                f"the version stamp cannot be read: {reason}", file=str(self.path / "format.json")
            ) from None
        written, engine = stamp.get("format"), str(stamp.get("engine", ""))
        if not isinstance(written, int) or written > FORMAT:
            raise StoreError(
                f"the data was written by a later graphmap (format {written}, this one knows {FORMAT})",
                file=str(self.path),
                remedy="update graphmap, or choose another folder with GRAPHMAP_HOME",
            )
        if _numbers(engine) > _numbers(engine_version()):
            raise StoreError(
                f"the data was written by a later engine ({engine}, installed is {engine_version()})",
                file=str(self.path),
                remedy=f"install the engine {engine} again, or choose another folder with GRAPHMAP_HOME",
            )

    def stamp_format(self) -> None:
        """Notes who wrote the data last."""
        write_private(self.path / "format.json", {"format": FORMAT, "engine": engine_version()})


def write_private(file: Path, content: Mapping[str, object]) -> None:
    """Writes JSON for the owner's eyes only, all or nothing."""
    draft = file.with_suffix(".tmp")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
        json.dump(content, out)
        out.flush()
        os.fsync(out.fileno())
    draft.replace(file)


def engine_version() -> str:
    """Version of the installed engine.

    Raises:
        EmbeddedUnavailableError: no engine is installed, because none is published for this platform.
    """
    for distribution, _package in ENGINES:
        try:
            return metadata.version(distribution)
        except metadata.PackageNotFoundError:
            continue
    import platform

    where = f"{platform.system()} {platform.machine()}"
    raise EmbeddedUnavailableError(
        f"there is no embedded graph server for this platform ({where})",
        remedy="use a Neo4j: GRAPHMAP_STORE=bolt://host:7687 (docs/operating.md tells how)",
    )


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", version)[:3])
