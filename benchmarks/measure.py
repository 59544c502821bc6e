"""CPU seconds and peak memory of a piece of work in a process of its own."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Cost:
    """CPU seconds (user and system, children included), wall seconds, peak resident megabytes, and what it returned."""

    cpu: float
    wall: float
    peak_mb: float
    value: object


def cpu_now() -> float:
    """CPU seconds of this process and its ended children."""
    mine, theirs = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return mine.ru_utime + mine.ru_stime + theirs.ru_utime + theirs.ru_stime


def timed(work: Callable[[], object]) -> Cost:
    """Runs the work here; the peak is the process's so far."""
    cpu, wall = cpu_now(), time.perf_counter()
    value = work()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Cost(cpu_now() - cpu, time.perf_counter() - wall, peak, value)


def alone(module: str, *arguments: str) -> Cost:
    """Runs ``python -m MODULE ARGUMENTS`` and reads the Cost it prints with ``report``."""
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{module} {arguments}: {done.stderr[-3000:]}")
    return Cost(**json.loads(done.stdout.splitlines()[-1]))


def report(cost: Cost) -> None:
    """Prints a Cost for ``alone``."""
    print(json.dumps(cost.__dict__))
