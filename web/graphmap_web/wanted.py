"""The portfolio filter in the address: every view has a link, and a wrong value there is an empty filter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from flask import request

from graphmap.services.values import PortfolioFilter

DEFAULT = PortfolioFilter()
TEXTS = ("q", "band", "status", "flag", "owner", "segment", "territory", "team")
# What the table may be sorted by; people are never ranked, so there is no order by rep.
SORTS = (
    "name",
    "dependence",
    "lower",
    "upper",
    "annual_value",
    "effective_reps",
    "active_reps",
    "active_contacts",
    "connectivity",
    "renewal_on",
    "last_two_way_at",
    "interactions",
)
SIDES = ("single", "multi", "none", "unknown")


def _cell(ours: str, theirs: str) -> str:
    parts = [f"ours:{ours}"] if ours in SIDES else []
    return ",".join([*parts, f"theirs:{theirs}"] if theirs in SIDES else parts)


def sides(cell: str) -> dict[str, str]:
    """The two halves of a cell filter.

    >>> sides("ours:single,theirs:multi")
    {'ours': 'single', 'theirs': 'multi'}
    """
    pairs = (part.partition(":") for part in cell.split(","))
    return {side: value for side, _, value in pairs if side in {"ours", "theirs"} and value in SIDES}


def from_address() -> PortfolioFilter:
    """The filter that this request asks for. ``cell`` may come as one value or as the form's two fields."""
    args = request.args
    given = sides(args.get("cell", ""))
    sort = args.get("sort", "")
    page = args.get("page", "1")
    texts = {name: args.get(name, "").strip()[:300] for name in TEXTS}
    return replace(
        DEFAULT,
        **texts,
        cell=_cell(args.get("ours") or given.get("ours", ""), args.get("theirs") or given.get("theirs", "")),
        sort=sort if sort.removeprefix("-") in SORTS else DEFAULT.sort,
        page=min(max(int(page), 1), 100_000) if page.isascii() and page.isdigit() and len(page) < 7 else 1,
    )


def to_address(wanted: PortfolioFilter) -> dict[str, str]:
    """Only what differs from the default, so that addresses stay short."""
    pairs: Mapping[str, object] = {name: getattr(wanted, name) for name in (*TEXTS, "cell", "sort", "page")}
    return {name: str(value) for name, value in pairs.items() if value != getattr(DEFAULT, name)}


def sorted_by(wanted: PortfolioFilter, name: str) -> PortfolioFilter:
    """The same view sorted by another column; the sorted one turns round. Numbers start with the largest."""
    if wanted.sort == name:
        sort = "-" + name
    elif wanted.sort == "-" + name:
        sort = name
    else:
        sort = name if name in {"name", "renewal_on"} else "-" + name
    return replace(wanted, sort=sort, page=1)


def order_of(wanted: PortfolioFilter, name: str) -> str:
    """``aria-sort`` of a column."""
    if wanted.sort.removeprefix("-") != name:
        return "none"
    return "descending" if wanted.sort.startswith("-") else "ascending"


def on_page(wanted: PortfolioFilter, page: int) -> PortfolioFilter:
    """Another page of the same view."""
    return replace(wanted, page=page)


def everything(wanted: PortfolioFilter, page: int) -> PortfolioFilter:
    """For downloads: large pages of the same view."""
    return replace(wanted, page=page, per_page=1000)


def is_filtered(wanted: PortfolioFilter) -> bool:
    """Whether anything narrows the view."""
    return any(getattr(wanted, name) for name in (*TEXTS, "cell"))
