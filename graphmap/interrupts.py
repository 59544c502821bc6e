"""Ctrl-C waits for the end of the transaction in hand: the driver's buffers do not survive an exception in their middle."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Generator
from types import FrameType


@contextlib.contextmanager
def held() -> Generator[None, None, None]:
    """The first Ctrl-C inside takes effect at the end, a second one at once; other threads and own handlers are let be."""
    ours = threading.current_thread() is threading.main_thread()
    if not ours or signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield
        return
    came = False

    def note(_signal: int, _frame: FrameType | None) -> None:
        nonlocal came
        if came:
            raise KeyboardInterrupt
        came = True

    signal.signal(signal.SIGINT, note)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        if came:
            raise KeyboardInterrupt


def is_interruption(error: BaseException | None) -> bool:
    """Whether Ctrl-C stands behind an error: what breaks while an interruption is handled is not a fault of its own.

    >>> try:
    ...     try:
    ...         raise KeyboardInterrupt
    ...     finally:
    ...         raise BufferError("a buffer is in use")
    ... except BufferError as error:
    ...     is_interruption(error)
    True
    """
    while error is not None:
        if isinstance(error, KeyboardInterrupt):
            return True
        error = error.__context__
    return False
