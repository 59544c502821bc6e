"""The embedded store written anew: what was deleted leaves no bytes behind in its files."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace

from filelock import FileLock

from graphmap.config import Settings
from graphmap.errors import ConfigError
from graphmap.store import state
from graphmap.store.copying import Progress, copy
from graphmap.store.embedded import embedded_folder, stop_embedded
from graphmap.store.opening import open_store


def compact_embedded(
    settings: Settings, *, now: Callable[[], int], progress: Progress = lambda _what, _done, _all: None
) -> Mapping[str, int]:
    """Copies the embedded store into a new folder, compares, and puts it in the old one's place.

    Killed anywhere, the old store is still there, or the new one is whole; what is left over goes at the next time.

    Raises:
        ConfigError: the store is not the embedded one. StoreError: the copy is not the same; the old one stays.
    """
    if settings.text("store").partition(":")[0].lower() != "embedded":
        raise ConfigError(
            "only the embedded store is compacted by graphmap",
            remedy="on Neo4j see docs/forgetting.md: neo4j-admin database copy, and the retention of transaction logs",
        )
    home = settings.home
    fresh = home / "compact"
    stop_embedded(fresh)
    shutil.rmtree(fresh, ignore_errors=True)
    chosen = dict(settings.chosen)
    chosen["home"] = replace(chosen["home"], value=str(fresh))
    with open_store(settings) as source, state.writing(source, "graphmap store compact", now):
        with open_store(replace(settings, chosen=chosen)) as target:
            counts = copy(source, target, progress)
            # The writer's lock was copied while it was held; nobody holds it there.
            target.write_with(
                lambda w: w.run("MATCH (s:State {id: 'writer'}) SET s.holder = '', s.until = 0")
            )
        stop_embedded(fresh)
    stop_embedded(home)
    old, new = embedded_folder(home), embedded_folder(fresh)
    # Nobody starts a server on either folder while their databases change places.
    with FileLock(old.lock):
        shutil.rmtree(old.parked, ignore_errors=True)
        (old.path / "databases").rename(old.parked)
        (new.path / "databases").rename(old.path / "databases")
        old.take_back_parked()
        shutil.rmtree(old.path / "log", ignore_errors=True)
    shutil.rmtree(fresh, ignore_errors=True)
    return counts
