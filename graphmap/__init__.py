"""How much every customer account depends on a single person of ours, and what to do about it.

For analysts: ``graphmap.open_store()``, ``graphmap.account_graph(store, account)``, ``graphmap.frames(store)``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from graphmap.services.analysis import account_graph, frames, open_store

__all__ = ["account_graph", "frames", "open_store"]


def __getattr__(name: str) -> object:
    # Imported when asked for: the command line must not load pandas and the driver to print its help.
    if name in __all__:
        from graphmap.services import analysis

        return getattr(analysis, name)
    raise AttributeError(f"module 'graphmap' has no attribute {name!r}")
