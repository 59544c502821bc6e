"""The portfolio as nodes and edges."""

from __future__ import annotations

import math

from flask import url_for

from graphmap.services.values import AccountLine, MapLink, PortfolioMap
from graphmap_web import words
from graphmap_web.network import MapNetwork, initials, short
from graphmap_web.portfolio_layout import REP_RADIUS, Item, Layout, arrange
from graphmap_web.shown import day, money, percent

MAX_NODES = 2000
_URGENCY = {"single": 0, "watch": 1, "unknown": 2, "multi": 3, "nodata": 4}


def links_by_account(page: PortfolioMap) -> dict[str, list[MapLink]]:
    """The named reps of each account, active ones first, then by name: people are never ranked."""
    names = {rep.id: rep.name for rep in page.reps}
    found: dict[str, list[MapLink]] = {line.id: [] for line in page.accounts}
    for link in page.links:
        if link.rep in names and link.account in found:
            found[link.account].append(link)
    for links in found.values():
        links.sort(key=lambda link: (not link.active, names[link.rep].casefold(), link.rep))
    return found


def _radii(accounts: tuple[AccountLine, ...]) -> dict[str, float]:
    """Size by annual value within the same currency: amounts of two currencies cannot be compared."""
    largest: dict[str | None, float] = {}
    for line in accounts:
        largest[line.currency] = max(largest.get(line.currency, 0.0), line.annual_value or 0.0)
    return {
        line.id: round(
            8 + 11 * math.sqrt(max(line.annual_value or 0.0, 0.0) / (largest[line.currency] or 1.0)), 1
        )
        for line in accounts
    }


def _pulls(links: list[MapLink]) -> tuple[tuple[str, float], ...]:
    active = [link for link in links if link.active]
    return tuple((link.rep, max(link.share, 1.0)) for link in (active or links))


def _drawn(page: PortfolioMap) -> tuple[AccountLine, ...]:
    room = max(MAX_NODES - len(page.reps), 0)
    if len(page.accounts) <= room:
        return page.accounts
    return tuple(sorted(page.accounts, key=lambda line: (_URGENCY[words.mark(line)], line.id))[:room])


def payload(page: PortfolioMap) -> dict[str, object]:
    """Nodes, edges, circles and frame of the map."""
    network = MapNetwork(curved=False)
    links = links_by_account(page)
    # Along a ring the urgent ones come first; within a kind by name.
    accounts = sorted(
        _drawn(page), key=lambda line: (_URGENCY[words.mark(line)], line.name.casefold(), line.id)
    )
    sizes = _radii(page.accounts)
    layout = arrange(
        [rep.id for rep in sorted(page.reps, key=lambda rep: rep.id)],
        [Item(line.id, sizes[line.id], _pulls(links[line.id])) for line in accounts],
    )
    _add_reps(network, page, accounts, links, layout)
    for line in accounts:
        _add_account(network, page, line, links[line.id], layout.items[line.id], sizes[line.id])
    for line in accounts:
        for link in links[line.id]:
            _add_link(network, line, link, alone=len(_pulls(links[line.id])) == 1)
    x0, y0, x1, y1 = layout.bounds
    tray = layout.tray
    lanes: list[dict[str, object]] = []
    if tray:
        x, y, w, h = (round(value) for value in tray)
        lanes.append(
            {
                "x": x,
                "y": y,
                "w": w,
                "h": h,
                "tone": "them",
                "title": "No named rep",
                "tx": x + 18,
                "ty": y + 20,
            }
        )
    return network.payload(
        hulls=[{"x": round(x), "y": round(y), "r": round(r)} for x, y, r in layout.reps.values()],
        lanes=lanes,
        heads=[],
        bounds={"x0": round(x0) - 40, "x1": round(x1) + 40, "y0": round(y0) - 60, "y1": round(y1) + 40},
        maxZoom=1.6,
        file="portfolio map",
        title=f"Portfolio map – {len(accounts)} accounts, {len(page.reps)} reps",
        note=f"Data to {day(page.run.as_of)}. A touchpoint-based proxy; exposure is not a forecast.",
        legend=["single", "watch", "multi", "unknown", "nodata"],
        leftOut={"accounts": page.left_out + len(page.accounts) - len(accounts)},
    )


def _add_reps(
    network: MapNetwork,
    page: PortfolioMap,
    accounts: list[AccountLine],
    links: dict[str, list[MapLink]],
    layout: Layout,
) -> None:
    total: dict[str, int] = {}
    single: dict[str, int] = {}
    for line in accounts:
        for link in links[line.id]:
            total[link.rep] = total.get(link.rep, 0) + 1
        if words.mark(line) == "single" and line.top_rep:
            single[line.top_rep.id] = single.get(line.top_rep.id, 0) + 1
    for rep in sorted(page.reps, key=lambda rep: (rep.name.casefold(), rep.id)):
        x, y, radius = layout.reps[rep.id]
        count, alone = total.get(rep.id, 0), single.get(rep.id, 0)
        facts = f"{count} account{'' if count == 1 else 's'}, {alone} on this single thread"
        network.node(
            f"r:{rep.id}",
            rep.name,
            "rep",
            x,
            y,
            initials=initials(rep.name),
            r=REP_RADIUS,
            hull=round(radius),
            sub=facts,
            href=url_for("people.person", person=rep.id),
            title=f"{short(rep.name)}\n{facts}",
            say=f"{short(rep.name)}, our side: {facts}.",
        )


def _add_account(
    network: MapNetwork,
    page: PortfolioMap,
    line: AccountLine,
    links: list[MapLink],
    place: tuple[float, float],
    radius: float,
) -> None:
    kind = words.mark(line)
    names = {rep.id: rep.name for rep in page.reps}
    value = money(line.annual_value, line.currency)
    amount = f", {value} a year" if line.annual_value is not None else ""
    known = f"dependence {percent(line.dependence)}" if line.status == "ok" else "dependence not known"
    people = [
        f"{short(names[link.rep])}: {percent(link.share)}{'' if link.active else ' (no active tie)'}"
        for link in links[:6]
    ]
    network.node(
        f"a:{line.id}",
        line.name,
        "account",
        *place,
        mark=kind,
        urgency=_URGENCY[kind],
        r=radius,
        sub=known + (f" · {value}" if line.annual_value is not None else ""),
        href=url_for("accounts.account", account=line.id),
        title="\n".join([short(line.name), f"{words.mark_words(line)} · {known}{amount}", *people]),
        say=f"{short(line.name)}: {words.mark_words(line)}, {known}{amount}. "
        + (
            f"With {', '.join(short(names[link.rep], 40) for link in links[:6])}."
            if links
            else "No named rep."
        ),
    )


def _add_link(network: MapNetwork, line: AccountLine, link: MapLink, *, alone: bool) -> None:
    kind = words.mark(line)
    tone = (
        "stale" if not link.active else "risk" if alone and kind == "single" else "own" if alone else "shared"
    )
    network.edge(
        f"r:{link.rep}",
        f"a:{link.account}",
        1 + 3.2 * (min(link.share, 100.0) / 100) ** 0.9,
        tone=tone,
        stale=not link.active,
        strength=round(link.share, 1),
        op=0.55 if not link.active else round(0.45 + 0.4 * link.share / 100, 2),
    )
