"""The graph store over Bolt: one class for Neo4j and for the embedded server."""

from graphmap.store.graphstore import GraphStore
from graphmap.store.opening import open_store
from graphmap.store.statements import Statement

__all__ = ["GraphStore", "Statement", "open_store"]
