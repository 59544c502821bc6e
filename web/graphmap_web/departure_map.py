"""A departure as a map: who leaves and who stays on the left, the accounts on the right by what is left of ours there."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for

from graphmap.services.departures import DepartureLine, DeparturePage
from graphmap_web.account_map import box
from graphmap_web.network import MapNetwork, initials, short
from graphmap_web.shown import day, money, percent

_HEAD, _ROW, _FOOT, _GAP = 42, 47, 2, 12
_PERSON_ROW = 92
MAX_ACCOUNTS = 60
MAX_PEOPLE = 20


@dataclass(frozen=True, slots=True)
class Group:
    """Accounts with the same prospects, in the order of names. ``tone``: bad, watch or good."""

    title: str
    tone: str
    lines: tuple[DepartureLine, ...]


def groups(page: DeparturePage) -> list[Group]:
    """Accounts with nobody of ours left in active touch, with one, with several; empty groups are left out."""
    titles = (
        ("Nobody of ours in touch", "bad"),
        ("One of ours in touch", "watch"),
        ("Several of ours in touch", "good"),
    )
    found: list[Group] = []
    for number, (title, tone) in enumerate(titles):
        lines = [line for line in page.lines if min(line.left, 2) == number]
        lines.sort(key=lambda line: (line.name.casefold(), line.id))
        if lines:
            found.append(Group(title, tone, tuple(lines)))
    return found


def payload(page: DeparturePage, *, after: bool) -> dict[str, object]:
    """Nodes, edges and frame; ``after``: ties of whoever leaves are drawn as gone."""
    network = MapNetwork(curved=True)
    boxes: list[dict[str, object]] = []
    place: dict[str, float] = {}
    y, room = 0.0, MAX_ACCOUNTS
    for group in groups(page):
        top = y
        y += _HEAD
        for line in group.lines[:room]:
            place[line.id] = y + 12
            _add_account(network, line, y + 12, after=after)
            y += _ROW
        room -= len(group.lines[:room])
        y += _FOOT
        boxes.append(box(520, top, 430, y - top, "them", f"{group.title} ({len(group.lines)})"))
        y += _GAP
    people = _people(page, place)
    height = max(y, len(people) * _PERSON_ROW + 20.0, 260.0)
    step = height / max(len(people), 1)
    for index, person in enumerate(people):
        _add_person(network, page, person, (index + 0.5) * step, after=after)
    _add_ties(network, page, set(people), place, after=after)
    boxes.append(box(-330, 0, 400, height, "us"))
    names = " and ".join(short(one.name, 40) for one in page.leaving)
    when = "after they left" if after else "today"
    return network.payload(
        lanes=boxes,
        heads=[
            {"text": "OUR SIDE", "x": -312, "y": -16, "max": 380},
            {"text": "ACCOUNTS", "x": 522, "y": -16, "max": 420},
        ],
        bounds={"x0": -348, "x1": 966, "y0": -38, "y1": round(height) + 16},
        maxZoom=1.3,
        file=f"{names} leaves",
        title=f"What if {names} leaves – {when}",
        note=f"Data to {day(page.run.as_of)}. A touchpoint-based proxy; exposure is not a forecast.",
        legend=["ring", "tie", "stale", "covered", "nobody"],
        leftOut={"accounts": len(page.lines) - len(place)},
    )


def _people(page: DeparturePage, place: dict[str, float]) -> list[str]:
    """Who leaves first, then who stays beside the accounts they know, so that lines cross little."""
    leaving = [one.id for one in page.leaving]
    seats: dict[str, list[float]] = {}
    for line in page.lines:
        for one in line.through:
            if line.id in place and one.person.id not in leaving:
                seats.setdefault(one.person.id, []).append(place[line.id])
    order = sorted(seats, key=lambda who: (-len(seats[who]), who))[: MAX_PEOPLE - len(leaving)]
    return leaving + sorted(order, key=lambda who: (sum(seats[who]) / len(seats[who]), who))


def _add_person(network: MapNetwork, page: DeparturePage, person: str, y: float, *, after: bool) -> None:
    names = {one.person.id: one.person.name for line in page.lines for one in line.through}
    names |= {one.id: one.name for one in page.leaving}
    leaves = any(one.id == person for one in page.leaving)
    accounts = [line for line in page.lines for one in line.through if one.person.id == person]
    word = ("has left" if after else "would leave") if leaves else "stays"
    count = f"{len(accounts)} of these accounts"
    network.node(
        f"r:{person}",
        names.get(person, person),
        "us",
        0,
        y,
        role=word,
        initials=initials(names.get(person, person)),
        r=30 if leaves else 23,
        ring=leaves,
        tag="LEAVES" if leaves else None,
        idle=leaves and after,
        href=url_for("people.person", person=person),
        title=f"{short(names.get(person, person))}\n{word} · {count}",
        say=f"{short(names.get(person, person))}, {word}. In touch with {count}.",
    )


def _add_account(network: MapNetwork, line: DepartureLine, y: float, *, after: bool) -> None:
    shown = line.after if after else line.before
    known = percent(shown.dependence) if shown.dependence is not None else "no data"
    value = f" · {money(line.value, line.currency)}" if line.value is not None else ""
    lost = len(line.orphaned_contacts)
    network.node(
        f"c:{line.id}",
        line.name,
        "them",
        565,
        y,
        role=f"{percent(line.retained)} stays{value}" if after else f"dependence {known}{value}",
        initials=initials(line.name),
        r=16,
        maker=False,
        covered=line.left > 0 if after else True,
        href=url_for("accounts.account", account=line.id),
        title=f"{short(line.name)}\nDependence {percent(line.before.dependence)} today, "
        f"{percent(line.after.dependence)} after\n{percent(line.retained)} of today's contact stays\n"
        f"{lost} contact{'' if lost == 1 else 's'} with nobody of ours",
        say=f"{short(line.name)}: {line.left} of ours stay in touch, {percent(line.retained)} of today's contact stays, "
        f"{lost} contacts with nobody of ours.",
    )


def _add_ties(
    network: MapNetwork, page: DeparturePage, people: set[str], place: dict[str, float], *, after: bool
) -> None:
    ties = [
        (line, one)
        for line in page.lines
        for one in line.through
        if line.id in place and one.person.id in people
    ]
    largest = max((one.strength for _, one in ties), default=1.0)
    for line, one in sorted(ties, key=lambda tie: tie[1].strength):
        part = one.strength / largest
        gone = (one.leaves and after) or not one.active
        network.edge(
            f"r:{one.person.id}",
            f"c:{line.id}",
            1.6 if gone else 1.3 + 8.5 * part**0.8,
            tone="stale" if gone else "top" if one.leaves else "tie",
            stale=gone,
            strength=round(100 * part, 1),
            op=0.8 if gone else round(0.4 + 0.5 * part, 2),
            title=f"{short(one.person.name)} – {short(line.name)}"
            + ("\nends with the departure" if one.leaves and after else ""),
        )
