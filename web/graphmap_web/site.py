"""What the pages share: the services, who looks, and the layouts already computed."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from flask import current_app, g

from graphmap.errors import StoreError
from graphmap.services.protocol import Services
from graphmap.services.values import ScoringRun, Viewer

KEY = "graphmap"


class Kept:
    """The last few computed values by key: a map is dear to lay out and the same until the next run."""

    def __init__(self, room: int = 32) -> None:
        self._room = room
        self._values: OrderedDict[object, bytes] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: object, make: Callable[[], bytes]) -> bytes:
        """The kept value, or a new one; two threads may both make it, which is harmless."""
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
                return self._values[key]
        value = make()
        with self._lock:
            self._values[key] = value
            while len(self._values) > self._room:
                self._values.popitem(last=False)
        return value


@dataclass(frozen=True)
class Site:
    """One site: bound to the Flask app as an extension."""

    services: Services
    viewer: Viewer
    maps: Kept = field(default_factory=Kept)


def site() -> Site:
    """The site of the app that answers this request."""
    found: object = current_app.extensions[KEY]
    assert isinstance(found, Site)
    return found


def seen_run(run: ScoringRun | None) -> None:
    """Remembers the run of the page value, so that the header needs no second question."""
    g.run = run


def header_run() -> ScoringRun | None:
    """The run for "data to" in the header; an error page must not fail because of it."""
    if "run" not in g:
        try:
            g.run = site().services.latest_run(site().viewer)
        except StoreError:
            g.run = None
    run: ScoringRun | None = g.run
    return run
