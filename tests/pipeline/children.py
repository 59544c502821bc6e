"""Commands in processes of their own that tell of every committed transaction, so that a test can end them at a known moment."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from graphmap.store import GraphStore
from tests.pipeline.kit import ROOT, state_of, wiped

WAIT_SECONDS = 120.0
# The child imports as a user does; of every transaction that is committed it tells one line.
# A shell that runs tests in the background makes its children deaf to Ctrl-C, hence the handler.
CHILD = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
from graphmap.cli import main
from graphmap.store.graphstore import GraphStore
write = GraphStore.write_with
def told(store, work):
    answer = write(store, work)
    print("committed", file=sys.stderr, flush=True)
    return answer
GraphStore.write_with = told
main(sys.argv[1:])
"""

Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def child(store_environment: dict[str, str]) -> Iterator[Start]:
    """Starts an import of small batches in a process of its own; whatever still runs at the end is ended."""
    started: list[subprocess.Popen[str]] = []
    environment = {k: v for k, v in os.environ.items() if not k.startswith("GRAPHMAP_")}

    def start(*arguments: object, code: str = CHILD, batch: int = 7) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", code, *map(str, arguments)],
            env={
                **environment,
                **store_environment,
                "GRAPHMAP_IMPORT_BATCH": str(batch),
                "PYTHONPATH": str(ROOT),
            },
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout, process.stderr):
            if stream is not None:
                stream.close()


def committed(process: subprocess.Popen[str], number: int) -> int:
    """Waits for so many commits of a child; fewer where it ended before."""
    assert process.stderr is not None
    seen = 0
    while seen < number and (line := process.stderr.readline()):
        seen += line == "committed\n"
    return seen


def straight(
    graph: GraphStore,
    folder: Path,
    commits: list[int],
    start: Start,
    *options: str,
    code: int = 0,
    batch: int = 7,
) -> tuple[str, dict[str, list[str]]]:
    """The state after an undisturbed import; ``commits`` learns how many transactions it has."""
    process = start("import", folder, "--no-score", *options, batch=batch)
    commits.append(committed(process, 10**9))
    assert process.wait(WAIT_SECONDS) == code
    state = state_of(graph)
    wiped(graph)
    return state
