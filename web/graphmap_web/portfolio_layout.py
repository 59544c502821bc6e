"""Places for the portfolio map: reps by shared accounts, accounts of one rep inside that rep's circle.

Pure arithmetic without a random number, so that the same portfolio always gives the same picture.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from graphmap_web.relaxing import keep_out, push_apart

Points = NDArray[np.float64]

REP_RADIUS = 34.0
_FIRST_RING, _RING = 72.0, 58.0
# kamada_kawai is slow for many; beyond this many connected reps a scaling of path lengths does the same job.
_EXACT = 40
_ASPECT = 1.95


@dataclass(frozen=True, slots=True)
class Item:
    """An account to be placed: its radius and the pull of each rep; no rep = it stands in the tray below."""

    key: str
    radius: float
    pulls: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """Where everything stands: reps with the radius of their circle, accounts, and the tray (x, y, w, h)."""

    reps: Mapping[str, tuple[float, float, float]]
    items: Mapping[str, tuple[float, float]]
    tray: tuple[float, float, float, float] | None
    bounds: tuple[float, float, float, float]


def orbit(items: Sequence[Item], turn: float) -> tuple[list[tuple[str, float, float]], float]:
    """Accounts of one rep on rings around them, and the radius of the whole circle."""
    placed: list[tuple[str, float, float]] = []
    ring, start = _FIRST_RING, 0
    while start < len(items):
        around = 2 * math.pi * ring
        count, used = 0, 0.0
        while start + count < len(items) and used + 2 * items[start + count].radius + 13 <= around:
            used += 2 * items[start + count].radius + 13
            count += 1
        count = max(count, 1)
        here = items[start : start + count]
        room = around - sum(2 * item.radius for item in here)
        gap = room / count if used > around * 0.55 else 24.0
        angle = turn - math.pi / 2
        for item in here:
            angle += (item.radius + gap / 2) / ring
            placed.append((item.key, ring * math.cos(angle), ring * math.sin(angle)))
            angle += (item.radius + gap / 2) / ring
        start += count
        ring += _RING
    return placed, (ring - _RING + 40) if placed else 62.0


def _scaled(graph: nx.Graph, members: list[str]) -> Points:
    """Path lengths laid into the plane (classical scaling)."""
    from scipy.sparse.csgraph import shortest_path

    matrix = nx.to_scipy_sparse_array(graph, nodelist=members)
    square = np.asarray(shortest_path(matrix, unweighted=True)) ** 2
    middle = np.eye(len(members)) - 1 / len(members)
    values, vectors = np.linalg.eigh(-0.5 * middle @ square @ middle)
    return vectors[:, -2:] * np.sqrt(np.maximum(values[-2:], 0))


def _circle(members: list[str]) -> dict[str, Points]:
    """The start that a layout needs; networkx takes the order of nodes in the graph, which is not ours."""
    angles = 2 * np.pi * np.arange(len(members)) / len(members)
    spots = np.column_stack([np.cos(angles), np.sin(angles)])
    return dict(zip(members, spots, strict=True))


def _component(graph: nx.Graph, members: list[str], radii: Mapping[str, float]) -> Points:
    if len(members) == 1:
        return np.zeros((1, 2))
    if len(members) == 2:
        points = np.array([[-1.0, 0.0], [1.0, 0.0]])
    elif len(members) <= _EXACT:
        part = graph.subgraph(members)
        found = nx.kamada_kawai_layout(part, weight=None, pos=_circle(members))
        points = np.array([found[member] for member in members])
    else:
        points = _scaled(graph, members)
    sizes = np.array([radii[member] for member in members])
    spread = 0.8 * math.sqrt(float(((sizes + 56) ** 2).sum()))
    points = _lying(points) * np.array([spread * 1.75, spread * 0.85])
    points = push_apart(points, sizes, gap=112.0, rounds=300)
    # Screens are wide: pulling a squarish group apart sideways costs nothing and keeps everything apart.
    width, height = (points + sizes[:, None]).max(axis=0) - (points - sizes[:, None]).min(axis=0)
    return points * np.array([min(max(_ASPECT * height / width, 1.0), 1.4), 1.0])


def _lying(points: Points) -> Points:
    """Turned so that the longer side lies flat, as screens do, and spread over a square of side 2."""
    centred = points - points.mean(axis=0)
    _, vectors = np.linalg.eigh(centred.T @ centred)
    vectors = vectors[:, ::-1]
    # The sign of an eigenvector is arbitrary; fix it so that the picture stays the same.
    vectors = vectors * np.where(vectors[np.argmax(np.abs(vectors), axis=0), [0, 1]] < 0, -1.0, 1.0)
    turned = centred @ vectors
    return turned / np.maximum(np.abs(turned).max(axis=0), 1e-6)


def _packed(blocks: list[tuple[list[str], Points, NDArray[np.float64]]]) -> dict[str, tuple[float, float]]:
    """Disjoint groups side by side in rows, the largest first."""
    boxes = [
        (members, points, (points - sizes[:, None]).min(axis=0), (points + sizes[:, None]).max(axis=0))
        for members, points, sizes in blocks
    ]
    boxes.sort(key=lambda box: (-len(box[0]), box[0][0]))
    area = sum(float(np.prod(high - low + 90)) for _, _, low, high in boxes)
    width = max(
        math.sqrt(area * 1.75), max((float(high[0] - low[0]) for _, _, low, high in boxes), default=0.0)
    )
    places: dict[str, tuple[float, float]] = {}
    x = y = row = 0.0
    for members, points, low, high in boxes:
        size = high - low
        if x > 0 and x + size[0] > width + 1:
            x, y, row = 0.0, y + row + 90, 0.0
        for member, point in zip(members, points - low + np.array([x, y]), strict=True):
            places[member] = (float(point[0]), float(point[1]))
        x += float(size[0]) + 90
        row = max(row, float(size[1]))
    return places


def arrange(reps: Sequence[str], items: Sequence[Item]) -> Layout:
    """Places for reps and accounts."""
    alone: dict[str, list[Item]] = {rep: [] for rep in reps}
    shared: list[Item] = []
    loose: list[Item] = []
    graph: nx.Graph = nx.Graph()
    graph.add_nodes_from(reps)
    for item in items:
        if not item.pulls:
            loose.append(item)
        elif len(item.pulls) == 1:
            alone[item.pulls[0][0]].append(item)
        else:
            shared.append(item)
            ends = [rep for rep, _ in item.pulls]
            graph.add_edges_from((a, b) for i, a in enumerate(ends) for b in ends[:i])
    orbits = {rep: orbit(mine, index * 1.0) for index, (rep, mine) in enumerate(alone.items())}
    radii = {rep: radius for rep, (_, radius) in orbits.items()}
    blocks: list[tuple[list[str], Points, NDArray[np.float64]]] = []
    for group in nx.connected_components(graph):
        members = sorted(group)
        sizes = np.array([radii[member] for member in members])
        blocks.append((members, _component(graph, members, radii), sizes))
    centres = _packed(blocks)
    places = {
        key: (centres[rep][0] + x, centres[rep][1] + y)
        for rep, (ring, _) in orbits.items()
        for key, x, y in ring
    }
    places.update(_between(shared, centres, radii))
    return _framed(centres, radii, places, loose, {item.key: item.radius for item in items})


def _between(
    shared: list[Item], centres: Mapping[str, tuple[float, float]], radii: Mapping[str, float]
) -> dict[str, tuple[float, float]]:
    if not shared:
        return {}
    start = np.zeros((len(shared), 2))
    for index, item in enumerate(shared):
        pull = np.array([weight for _, weight in item.pulls])
        spots = np.array([centres[rep] for rep, _ in item.pulls])
        start[index] = (pull / pull.sum()) @ spots
        # Accounts of the same two reps would stand on one point; a golden-angle step parts them.
        start[index] += 24 * np.array([math.cos(index * 2.399963), math.sin(index * 2.399963)])
    sizes = np.array([item.radius for item in shared])
    # A rep's name stands above the circle; three small circles keep accounts from hiding beneath it.
    hubs = np.array(
        [centres[rep] for rep in centres]
        + [(x + step, y - radii[rep] - 14) for rep, (x, y) in centres.items() for step in (-46, 0, 46)]
    )
    rings = np.array([radii[rep] for rep in centres] + [14.0] * 3 * len(centres))
    points = keep_out(start, sizes, hubs, rings, rounds=60)
    return {item.key: (float(x), float(y)) for item, (x, y) in zip(shared, points, strict=True)}


def _framed(
    centres: Mapping[str, tuple[float, float]],
    radii: Mapping[str, float],
    places: dict[str, tuple[float, float]],
    loose: list[Item],
    sizes: Mapping[str, float],
) -> Layout:
    left = min(
        [x - radii[rep] for rep, (x, _) in centres.items()]
        + [x - sizes[key] for key, (x, _) in places.items()],
        default=0.0,
    )
    right = max(
        [x + radii[rep] for rep, (x, _) in centres.items()]
        + [x + sizes[key] for key, (x, _) in places.items()],
        default=900.0,
    )
    top = min(
        [y - radii[rep] for rep, (_, y) in centres.items()]
        + [y - sizes[key] for key, (_, y) in places.items()],
        default=0.0,
    )
    low = max(
        [y + radii[rep] for rep, (_, y) in centres.items()]
        + [y + sizes[key] for key, (_, y) in places.items()],
        default=0.0,
    )
    tray = None
    if loose:
        step = 2 * max(item.radius for item in loose) + 22
        columns = max(int((right - left - 80) // step), 1)
        rows = math.ceil(len(loose) / columns)
        columns = math.ceil(len(loose) / rows)
        tray = (left, low + 50, max(columns * step + 80, 240.0), rows * step + 46)
        for index, item in enumerate(loose):
            places[item.key] = (
                left + 40 + (index % columns + 0.5) * step,
                low + 50 + 34 + (index // columns + 0.5) * step,
            )
        low = tray[1] + tray[3]
        right = max(right, left + tray[2])
    return Layout(
        {rep: (x, y, radii[rep]) for rep, (x, y) in centres.items()}, places, tray, (left, top, right, low)
    )
