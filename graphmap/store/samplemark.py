"""The mark of a store that holds the sample company, so that a demo never mixes with real data."""

from __future__ import annotations

from graphmap.errors import StoreBusyError
from graphmap.store.graphstore import GraphStore

MARK = "sample-company"


def check_place(store: GraphStore) -> None:
    """Marks an empty store as the demo's; refuses one that holds anything else.

    Raises:
        StoreBusyError: real data is there.
    """
    if store.read("MATCH (s:State {id: $id}) RETURN s.id", id=MARK):
        return
    if store.read("MATCH (r:Run) RETURN r.id LIMIT 1") or store.read("MATCH (x:Record) RETURN x.id LIMIT 1"):
        raise StoreBusyError(
            "this store holds imported data, and the demo never mixes with it",
            remedy="leave GRAPHMAP_STORE unset: the demo then makes a store of its own",
        )
    store.write_with(lambda w: w.run("MERGE (s:State {id: $id})", id=MARK))
