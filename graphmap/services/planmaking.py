"""From a simulated departure or a coverage plan to a stored one."""

from __future__ import annotations

import datetime
from collections.abc import Callable

from graphmap.config import Settings
from graphmap.errors import NotFoundError
from graphmap.services.coverages import coverage_entries
from graphmap.services.departures import Leaving, departure_plan
from graphmap.services.plans import Entry, marked, save
from graphmap.services.values import Viewer
from graphmap.store.graphstore import GraphStore


def save_handover(
    store: GraphStore,
    settings: Settings,
    viewer: Viewer,
    leaving: Leaving,
    *,
    on: datetime.date | None,
    now: Callable[[], int],
) -> str:
    """Stores the handover plan of a departure and returns its id.

    Raises:
        NotFoundError: somebody is not known, or nobody's contact loses anybody.
    """
    found = departure_plan(store, settings, viewer, leaving, on=on, called=marked)
    if not found.lines:
        raise NotFoundError(
            "nobody loses an active tie, so there is nothing to plan",
            remedy="look at graphmap simulate first",
        )
    entries = [
        Entry(
            contact=line.contact.id,
            account=line.account.id,
            side=line.side,
            people=tuple((one.person.id, one.reason) for one in line.successors),
            steps=tuple((step.due, step.kind, step.text) for step in line.steps),
            note=line.note,
        )
        for line in found.lines
    ]
    return save(
        store,
        viewer,
        kind="handover",
        about=found.leaving,
        on=found.on,
        since=found.since,
        entries=entries,
        now=now,
    )


def save_coverage(
    store: GraphStore,
    settings: Settings,
    viewer: Viewer,
    account: str,
    *,
    limit: float | None,
    now: Callable[[], int],
) -> str:
    """Stores the coverage plan of an account and returns its id.

    Raises:
        NotFoundError: the account is not known, or needs or allows no introduction.
    """
    page, since, entries = coverage_entries(store, settings, viewer, account, limit)
    if not entries:
        raise NotFoundError(page.sentence, remedy="look at graphmap cover first")
    return save(
        store,
        viewer,
        kind="coverage",
        about=[page.account.id],
        on=None,
        since=since,
        entries=entries,
        now=now,
    )
