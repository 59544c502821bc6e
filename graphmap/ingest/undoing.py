"""Taking an import out again: its versions of rows and interactions go, what was before comes back."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from graphmap.errors import NotFoundError
from graphmap.ingest.placing import Placing
from graphmap.ingest.settling import settle
from graphmap.ingest.uniting import unite
from graphmap.store import interactions, masterrows, runs, state
from graphmap.store.graphstore import GraphStore
from graphmap.store.transactions import Writer

PAGE = 2_000


@dataclass(frozen=True)
class UndoResult:
    """What an undo took out (or, dry, would take out): rows of master data, interactions of the run."""

    run: str
    rows: int
    interactions: int
    dry: bool
    later_unchanged: tuple[str, ...]
    """Later imports that read the same files and relied on this run: read those files again with --again if they count."""


def undo(store: GraphStore, run: str, *, dry: bool, now: Callable[[], int], author: str) -> UndoResult:
    """Takes an import run out; the graph is then as if it had never run, except for what later runs changed.

    Raises:
        NotFoundError: there is no such import run, or it was taken out already.
    """
    known = {r.id: r for r in runs.runs(store)}
    found = known.get(run)
    if found is None or found.kind != "import" or found.state == "undone":
        names = (
            ", ".join(r.id for r in known.values() if r.kind == "import" and r.state != "undone") or "none"
        )
        raise NotFoundError(
            f"there is no import run {run} to take out", remedy=f"imports that can be taken out: {names}"
        )
    ids = interactions.ids_of_run(store, run)
    ((rows,), *_) = store.read("MATCH (x:Record {run: $run}) RETURN count(x)", run=run)
    later = tuple(
        sorted(
            r.id
            for r in known.values()
            if r.kind == "import" and r.state == "finished" and r.sequence > found.sequence
        )
    )
    result = UndoResult(run, int(str(rows)), len(ids), dry, later)
    if dry:
        return result
    with state.writing(store, f"graphmap runs undo {run}", now) as renew:
        _take_out(store, run, ids, now, author, renew)
    return result


def _take_out(
    store: GraphStore,
    run: str,
    ids: list[str],
    now: Callable[[], int],
    author: str,
    renew: Callable[[Writer], None],
) -> None:
    identifier = f"undo-{secrets.token_hex(4)}"
    runs.start_run(
        store,
        identifier,
        "undo",
        {"state": "running", "started_at": now(), "author": author, "fingerprint": run, "batches": 0},
    )
    masterrows.delete_rows_of_run(store, run)
    # Settled before and after: what comes back must be placed by the rows that count now, wherever this is interrupted.
    placing = Placing(settle(store).master)
    for number, begin in enumerate(range(0, len(ids), PAGE)):
        page = ids[begin : begin + PAGE]

        def work(writer: Writer, page: list[str] = page, number: int = number) -> None:
            interactions.take_back(
                writer, page, run, f"{identifier}:{number}", unite=unite, about=placing.about
            )
            runs.update_run(writer, identifier, {"batches": number + 1})
            state.bump(writer, "epoch")
            renew(writer)

        store.write_with(work)
    settle(store)

    def finish(writer: Writer) -> None:
        runs.update_run(writer, run, {"state": "undone"})
        runs.update_run(writer, identifier, {"state": "finished", "finished_at": now()})
        writer.run(
            "MATCH (q:Rejected {run: $run}) WHERE q.state = 'open' SET q.state = 'superseded'", run=run
        )
        state.bump(writer, "epoch")

    store.write_with(finish)
