"""Moving a store: from the embedded default to Neo4j, or back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from graphmap.config import Settings
from graphmap.store import state
from graphmap.store.copying import Progress, copy
from graphmap.store.opening import open_store


def copy_store(
    settings: Settings,
    target: str,
    *,
    now: Callable[[], int],
    progress: Progress,
) -> Mapping[str, int]:
    """Copies the store into an empty one and proves that it is the same; returns how many nodes and relationships.

    Who logs in there comes from the settings ``target.user``, ``target.password`` and ``target.database``, so that no password
    stands on a command line.

    Raises:
        StoreError: the target is not empty, or not equal afterwards. ConfigError: the target is no address.
    """
    chosen = dict(settings.chosen)
    chosen["store"] = replace(chosen["store"], value=target)
    for name in ("user", "password", "database"):
        chosen[f"store.{name}"] = replace(chosen[f"store.{name}"], value=settings.text(f"target.{name}"))
    with (
        open_store(settings) as source,
        state.writing(source, "graphmap store copy", now),
        open_store(replace(settings, chosen=chosen)) as other,
    ):
        counts = copy(source, other, progress)
        other.write_with(lambda w: w.run("MATCH (s:State {id: 'writer'}) SET s.holder = '', s.until = 0"))
    return counts
