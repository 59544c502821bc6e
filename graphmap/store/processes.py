"""Telling a process from another that got its number later: by a birth mark that no clock can move."""

from __future__ import annotations

from pathlib import Path

import psutil

_BOOT = Path("/proc/sys/kernel/random/boot_id")
_START_TICKS = 19
"""Place of ``starttime`` behind the command in ``/proc/PID/stat`` (proc(5): field 22, the command is field 2)."""


def birth_of(pid: int) -> str:
    """What tells a running process from every other that has had or will have its number, on this machine.

    On Linux the machine's boot and the clock ticks from there to the start of the process. The time of day when it started
    (``psutil.Process.create_time``, used elsewhere) is those ticks plus the boot time, and that one moves whenever the clock is
    set or the machine was suspended: a running process would be taken for another.

    Raises psutil.Error where no such process runs; one that has ended and waits to be collected does not run.

    >>> import os
    >>> birth_of(os.getpid()) == birth_of(os.getpid()) != birth_of(os.getppid())
    True
    """
    process = psutil.Process(pid)
    if process.status() == psutil.STATUS_ZOMBIE:
        raise psutil.ZombieProcess(pid)
    if not psutil.LINUX:
        return f"{process.create_time():.2f}"
    try:
        # The command may hold spaces and brackets; the last bracket is its own.
        fields = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
        return f"{_BOOT.read_text(encoding='ascii').strip()} {int(fields[_START_TICKS])}"
    except (OSError, IndexError, ValueError) as error:
        if psutil.pid_exists(pid):
            return f"{process.create_time():.2f}"
        raise psutil.NoSuchProcess(pid) from error
