"""The only door to pyvis: it builds nodes, edges and options; its page is never rendered.

pyvis's own page loads from other hosts and runs names as script, so only ``get_network_data`` is used.
"""

from __future__ import annotations

import re
from typing import Any

_LABEL = 120
_OPTIONS: dict[str, Any] = {
    "physics": False,
    "layout": {"improvedLayout": False},
    "interaction": {
        "hover": True,
        "tooltipDelay": 120,
        "dragNodes": False,
        "selectConnectedEdges": False,
        "zoomSpeed": 0.6,
        "multiselect": False,
        "keyboard": False,
    },
    "nodes": {"chosen": False, "labelHighlightBold": False, "font": {"size": 0}},
    "edges": {
        "chosen": False,
        "hoverWidth": 0,
        "selectionWidth": 0,
        "smooth": False,
        "color": {"inherit": False},
        "arrows": {"to": {"enabled": False}},
    },
}


class _Ids(dict[str, bool]):
    """pyvis asks ``in`` for both ends of every edge; a list makes that quadratic."""

    def append(self, key: str) -> None:
        """As a list would."""
        self[key] = True


def warm() -> None:
    """Imports what is slow to import."""
    from importlib import import_module

    for name in ("pyvis.network", "scipy.sparse.csgraph", "scipy.optimize"):
        import_module(name)


def short(text: str, limit: int = _LABEL) -> str:
    """A name as long as a map can use; the table twin has all of it.

    >>> short("abcdef", 4)
    'abc…'
    """
    return text if len(text) <= limit else text[: limit - 1] + "…"


def initials(name: str) -> str:
    """Two letters for an avatar; signs that turn text round or are invisible are no letters.

    >>> initials("Anna-Lena Berg"), initials("Zoë"), initials("")
    ('AL', 'Z', '')
    """
    return "".join(word[0] for word in re.findall(r"[^\W_]+", name[:200])[:2]).upper()


class MapNetwork:
    """Nodes and edges of one map, through pyvis."""

    def __init__(self, *, curved: bool) -> None:
        from pyvis.network import Network

        # The undirected variant drops a second tie between the same two and scans all edges per edge.
        self._network: Any = Network(directed=True)
        self._network.node_ids = _Ids()
        smooth = {"enabled": True, "type": "cubicBezier", "forceDirection": "horizontal", "roundness": 0.52}
        # A plain dict: set_options strips every blank out of texts.
        self._network.options = {
            **_OPTIONS,
            "edges": {**_OPTIONS["edges"], "smooth": smooth if curved else False},
        }

    def node(self, key: str, label: str, kind: str, x: float, y: float, **facts: object) -> None:
        """A node at its place; the browser draws it by ``kind``."""
        self._network.add_node(
            key, label=short(label) or " ", shape="dot", kind=kind, x=round(x), y=round(y), **facts
        )

    def edge(self, start: str, end: str, width: float, **facts: object) -> None:
        """An edge; the browser colours it by ``tone``."""
        self._network.add_edge(start, end, id=f"{len(self._network.edges)}", width=round(width, 2), **facts)
        self._network.edges[-1].pop("arrows", None)

    def payload(self, **meta: object) -> dict[str, object]:
        """What the browser fetches."""
        nodes, edges, *_ = self._network.get_network_data()
        for node in nodes:
            for name in ("color", "shape"):
                node.pop(name, None)
        return {"nodes": nodes, "edges": edges, "options": self._network.options, "meta": meta}
