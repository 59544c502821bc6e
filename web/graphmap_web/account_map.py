"""One account as a map: our people and the firm on the left, theirs in lanes by department on the right."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from flask import url_for

from graphmap.services.values import AccountPage, ContactLine, RepLine, TieLine
from graphmap_web import words
from graphmap_web.network import MapNetwork, initials, short
from graphmap_web.shown import ago, day, headline, percent, strength

MAX_CONTACTS = 60
MAX_REPS = 24
_LANE_HEAD, _ROW, _LANE_FOOT, _GAP = 42, 47, 2, 12
_REP_ROW = 92
_SENIORITY = {0: "user", 1: "manager", 2: "director", 3: "executive"}


@dataclass(frozen=True, slots=True)
class Lane:
    """A department with its contacts and where they stand."""

    title: str
    top: float
    height: float
    places: tuple[tuple[ContactLine, float], ...]


def _lane_key(contacts: list[ContactLine]) -> tuple[bool, int, str]:
    # The lane of the most senior people stands on top, the lane without a name at the bottom.
    highest = max((contact.seniority if contact.seniority is not None else -1) for contact in contacts)
    return (not contacts[0].department, -highest, contacts[0].department or "")


def lanes(contacts: tuple[ContactLine, ...]) -> list[Lane]:
    """Contacts by department; within a lane by seniority, then by name."""
    drawn = sorted(contacts, key=lambda contact: (not contact.active, -contact.weight, contact.id))[
        :MAX_CONTACTS
    ]
    drawn.sort(key=lambda contact: contact.department or "")
    groups = [list(group) for _, group in groupby(drawn, key=lambda contact: contact.department or "")]
    found: list[Lane] = []
    y = 0.0
    for group in sorted(groups, key=_lane_key):
        group.sort(
            key=lambda contact: (-(contact.seniority if contact.seniority is not None else -1), contact.name)
        )
        top = y
        y += _LANE_HEAD
        places: list[tuple[ContactLine, float]] = []
        for contact in group:
            places.append((contact, y + 12))
            y += _ROW
        y += _LANE_FOOT
        found.append(Lane(group[0].department or "Department not known", top, y - top, tuple(places)))
        y += _GAP
    return found


def _rep_order(page: AccountPage, place: dict[str, float]) -> list[RepLine]:
    """Our people beside those they know, so that lines cross little: a matter of drawing, not a ranking."""

    def height(rep: RepLine) -> tuple[float, str]:
        mine = [tie for tie in page.ties if tie.rep == rep.id and tie.contact in place]
        total = sum(tie.strength for tie in mine)
        middle = sum(tie.strength * place[tie.contact] for tie in mine) / total if total else float("inf")
        return (middle, rep.name)

    drawn = sorted(page.reps, key=lambda rep: (-rep.share, rep.id))[:MAX_REPS]
    return sorted(drawn, key=height)


def box(x: float, y: float, w: float, h: float, tone: str, title: str = "") -> dict[str, object]:
    """A lane behind the nodes, its title in the upper left corner."""
    corner = {"x": round(x), "y": round(y), "w": round(w), "h": round(h)}
    return {**corner, "tone": tone, "title": title, "tx": round(x) + 18, "ty": round(y) + 19}


def payload(page: AccountPage) -> dict[str, object]:
    """Nodes, edges and frame of the map."""
    network = MapNetwork(curved=True)
    rows = lanes(page.contacts)
    place = {contact.id: y for lane in rows for contact, y in lane.places}
    reps = _rep_order(page, place)
    right = rows[-1].top + rows[-1].height if rows else 0.0
    height = max(right, (len(reps) + 1) * _REP_ROW + 20.0, 260.0)
    drop = (height - right) / 2 if rows else 0.0
    single = words.mark(page.account) == "single"
    top = page.account.top_rep.id if page.account.top_rep else None
    step = height / (len(reps) + 1)
    for index, rep in enumerate(reps):
        _add_rep(network, page, rep, (index + 0.5) * step, ring=single and rep.id == top)
    _add_firm(network, page, (len(reps) + 0.5) * step)
    for lane in rows:
        for contact, y in lane.places:
            _add_contact(network, page, contact, y + drop)
    _add_ties(network, page, {rep.id for rep in reps} | {words.FIRM}, set(place), top)
    boxes = [box(520, lane.top + drop, 430, lane.height, "them", lane.title) for lane in rows]
    boxes.append(box(-330, 0, 400, height, "us"))
    return network.payload(
        lanes=boxes,
        heads=[
            {"text": "OUR SIDE", "x": -312, "y": -16, "max": 380},
            {
                "text": f"{short(page.account.name, 60)} – THEIR PEOPLE".upper(),
                "x": 522,
                "y": -16,
                "max": 420,
            },
        ],
        bounds={"x0": -348, "x1": 966, "y0": -38, "y1": round(height) + 16},
        maxZoom=1.3,
        file=f"{short(page.account.name, 60)} map",
        title=f"{short(page.account.name)} – {headline(page.account)}",
        note=f"Data to {day(page.run.as_of)}. A touchpoint-based proxy; exposure is not a forecast.",
        legend=[*(["ring"] if single else []), "tie", "stale", "covered", "nobody", "maker", "firm"],
        leftOut={"contacts": len(page.contacts) - len(place), "reps": len(page.reps) - len(reps)},
    )


def _add_rep(network: MapNetwork, page: AccountPage, rep: RepLine, y: float, *, ring: bool) -> None:
    role = " · ".join(part for part in (rep.title or rep.department, "owner" if rep.owner else "") if part)
    state = "Single thread. " if ring else "" if rep.active else "No active tie. "
    share = f"{percent(rep.share)} of the relationship"
    network.node(
        f"r:{rep.id}",
        rep.name,
        "us",
        0,
        y,
        role=short(role),
        initials=initials(rep.name),
        r=30 if ring else 23,
        ring=ring,
        idle=not rep.active,
        share=round(rep.share, 1),
        href=url_for("people.person", person=rep.id),
        title=f"{short(rep.name)}\n{share} · strength {strength(rep.strength)}",
        say=f"{short(rep.name)}, {short(role) or 'our side'}. {share}. {state}"
        f"{_known([tie for tie in page.ties if tie.rep == rep.id], 'contact')}",
    )


def _add_firm(network: MapNetwork, page: AccountPage, y: float) -> None:
    what = "The firm itself: what does not leave with a person"
    share = f"{percent(page.firm_share)} of the relationship"
    network.node(
        f"r:{words.FIRM}",
        "The firm",
        "firm",
        0,
        y,
        role="portal, shared mailboxes, baseline",
        r=23,
        share=None if page.firm_share is None else round(page.firm_share, 1),
        title=f"{what}\n{share}",
        say=f"{what}. {share}.",
    )


def _known(ties: list[TieLine], what: str) -> str:
    active = sum(tie.active for tie in ties)
    return f"{active} active {what} tie{'' if active == 1 else 's'}, {len(ties) - active} inactive."


def _add_contact(network: MapNetwork, page: AccountPage, contact: ContactLine, y: float) -> None:
    ties = [tie for tie in page.ties if tie.contact == contact.id]
    level = contact.seniority or 0
    maker = (contact.seniority or 0) >= 2
    role = contact.title or _SENIORITY.get(contact.seniority if contact.seniority is not None else -1, "")
    known = sorted(ties, key=lambda tie: -tie.strength)[:6]
    facts = [
        f"{tie_name(page, tie.rep)}: strength {strength(tie.strength)}, {ago(tie.last_at, page.run.as_of)}"
        for tie in known
    ]
    department = short(contact.department or "department not known")
    spoken = f"{short(contact.name)}, {short(role) or 'their side'}, {department}."
    network.node(
        f"c:{contact.id}",
        contact.name,
        "them",
        565,
        y,
        role=short(role),
        initials="?" if contact.unnamed else initials(contact.name),
        r={3: 19, 2: 17}.get(level, 15),
        maker=maker,
        covered=contact.active,
        href=None if contact.unnamed else url_for("people.person", person=contact.id),
        title="\n".join(
            [
                f"{short(contact.name)} · {percent(contact.weight)} of the votes",
                *(facts or ["No recorded tie"]),
            ]
        ),
        say=f"{spoken}{' Decision maker.' if maker else ''} {_known(ties, '').replace('  ', ' ')}",
    )


def tie_name(page: AccountPage, rep: str) -> str:
    """The name of our end of a tie."""
    if rep == words.FIRM:
        return "The firm"
    return next((short(line.name) for line in page.reps if line.id == rep), rep)


def _add_ties(
    network: MapNetwork, page: AccountPage, reps: set[str], contacts: set[str], top: str | None
) -> None:
    drawn = [tie for tie in page.ties if tie.rep in reps and tie.contact in contacts and tie.strength > 0]
    largest = max((tie.strength for tie in drawn), default=1.0)
    names = {contact.id: short(contact.name) for contact in page.contacts}
    for tie in sorted(drawn, key=lambda tie: tie.strength):
        part = tie.strength / largest
        tone = (
            "stale"
            if not tie.active
            else "top"
            if tie.rep == top
            else "firm"
            if tie.rep == words.FIRM
            else "tie"
        )
        network.edge(
            f"r:{tie.rep}",
            f"c:{tie.contact}",
            1.3 + 8.5 * part**0.8 if tie.active else 1.6,
            tone=tone,
            stale=not tie.active,
            strength=round(100 * part, 1),
            op=0.8 if not tie.active else round(0.4 + 0.5 * part, 2),
            title=f"{tie_name(page, tie.rep)} – {names[tie.contact]}\nStrength {strength(tie.strength)}"
            f"{'' if tie.active else ' (inactive)'} · last touch {day(tie.last_at)}",
        )
