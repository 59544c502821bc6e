"""Small worlds for the tests of the number: plain events and people, the kernels' answer, and a literal reference.

The reference follows docs/number.md step by step with dictionaries and NetworkX; it shares no code with the kernels but the
parameters.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, field, replace

import networkx as nx
import numpy as np
from hypothesis import strategies as st
from scipy.stats import beta

from graphmap.scoring.directory import Directory
from graphmap.scoring.formula import DAY_MS, Formula
from graphmap.scoring.portfolio import Scores, score
from graphmap.scoring.pulled import directory_of
from graphmap.scoring.ties import NEVER, TieLog, TieSums, cluster, sum_ties
from graphmap.scoring.touches import DIRECTION_CODES, KIND_CODES, KINDS, ROLE_CODES, Interactions, touches_of

T = 1_767_225_600_000  # 2026-01-01T00:00:00Z, a Thursday
DAY0 = T // DAY_MS
DEFAULT = Formula()
MAIL = ("email", "message")


@dataclass(frozen=True)
class Event:
    id: str
    at: int
    kind: str
    participants: tuple[tuple[str, str], ...]
    direction: str | None = None


@dataclass(frozen=True)
class Work:
    person: str
    firm: str
    start: int | None = None
    end: int | None = None
    rank: int = 0
    seniority: int = -1


@dataclass(frozen=True)
class World:
    firms: tuple[tuple[str, str], ...]
    work: tuple[Work, ...]
    events: tuple[Event, ...]
    owners: tuple[tuple[str, str], ...] = ()
    t: int = T

    def plus(self, *events: Event) -> World:
        return replace(self, events=(*self.events, *events))


@dataclass
class Answer:
    directory: Directory
    log: TieLog
    sums: TieSums
    scores: Scores
    by_account: dict[str, dict[str, object]] = field(default_factory=dict)


def kernel(world: World, formula: Formula = DEFAULT, baseline: float = 0.5) -> Answer:
    """What the array kernels say."""
    first: dict[str, Event] = {}
    for event in world.events:
        first.setdefault(event.id, event)
    events = sorted(first.values(), key=lambda e: (e.at, e.id))
    directory = people_of(world)
    log = arrays(events, directory)
    ties = cluster(
        touches_of(log, directory, formula.max_contacts),
        log.at,
        np.arange(len(log.at), dtype=np.int32),
        len(directory.person_ids),
        len(directory.firm_ids),
    )
    sums = sum_ties(ties, formula, world.t, block=8)
    scores = score(ties, sums, directory, formula, world.t, baseline)
    answer = Answer(directory, ties, sums, scores)
    for k, firm in enumerate(scores.accounts.tolist()):
        answer.by_account[directory.firm_ids[firm]] = _row(answer, k, firm)
    return answer


def people_of(world: World) -> Directory:
    """Who works where in a world."""
    day = lambda number: "" if number is None else str(np.datetime64(number, "D"))  # noqa: E731
    return directory_of(
        world.firms,
        sorted({w.person for w in world.work}),
        [(w.person, w.firm, day(w.start), day(w.end), w.rank, w.seniority) for w in world.work],
        dict(world.owners),
    )


def arrays(events: list[Event], directory: Directory) -> Interactions:
    """Events as columns, numbered in the order given."""
    index = {p: k for k, p in enumerate(directory.person_ids)}
    parts = [(k, role, who) for k, e in enumerate(events) for role, who in e.participants]
    return Interactions(
        at=np.array([e.at for e in events], dtype=np.int64),
        kind=np.array([KIND_CODES[e.kind] for e in events], dtype=np.int8),
        direction=np.array([DIRECTION_CODES[e.direction] for e in events], dtype=np.int8),
        part_of=np.array([k for k, _, _ in parts], dtype=np.int32),
        who=np.array([_who(role, who, index, directory.firm_rep) for _, role, who in parts], dtype=np.int32),
        role=np.array([ROLE_CODES[role] for _, role, _ in parts], dtype=np.int8),
    )


def _who(role: str, who: str, index: dict[str, int], firm_rep: int) -> int:
    if role == "channel":
        return firm_rep
    return index.get(f"account:{who}" if role == "account" else who, -1)


def _row(answer: Answer, k: int, firm: int) -> dict[str, object]:
    s, d = answer.scores, answer.directory
    none = lambda v: None if math.isnan(v) else float(v)  # noqa: E731
    reps = s.reps
    mine = [i for i in range(len(reps.rep)) if reps.account[i] == firm and reps.share[i] > 0]
    return {
        "status": ("ok", "unknown", "no_data")[s.status[k]],
        "dependence": none(s.dependence[k]),
        "lower": none(s.lower[k]),
        "upper": none(s.upper[k]),
        "n_eff": float(s.effective_sample[k]),
        "top_rep": d.person_ids[s.top_rep[k]] if s.top_rep[k] >= 0 else None,
        "others": none(s.other_reps[k]),
        "firm": none(s.firm[k]),
        "plain_share": none(s.plain_share[k]),
        "effective_reps": none(s.effective_reps[k]),
        "contact_dependence": none(s.contact_dependence[k]),
        "effective_contacts": none(s.effective_contacts[k]),
        "active_reps": int(s.active_reps[k]),
        "active_contacts": int(s.active_contacts[k]),
        "connectivity": int(s.connectivity[k]),
        "bus_factor": int(s.bus_factor[k]) if s.bus_factor[k] >= 0 else None,
        "orphaned": none(s.orphaned_share[k]),
        "lost": none(s.lost_contact_share[k]),
        "interactions": int(s.interactions[k]),
        "two_way_at": None if s.last_two_way_at[k] == NEVER else int(s.last_two_way_at[k]),
        "ours": s.cell_ours[k],
        "theirs": s.cell_theirs[k],
        "shares": {d.person_ids[reps.rep[i]]: float(reps.share[i]) for i in mine},
    }


# ---------------------------------------------------------------- the literal reference


def firm_on(world: World, person: str, at: int) -> str | None:
    """The firm of a person on the UTC date of ``at``: the latest start, then the larger rank."""
    if person.startswith("account:"):
        return person.removeprefix("account:")
    day = at // DAY_MS
    valid = [
        w for w in world.work
        if w.person == person and (w.start is None or w.start <= day) and (w.end is None or day < w.end)
    ]  # fmt: skip
    return (
        max(valid, key=lambda w: (-math.inf if w.start is None else w.start, w.rank)).firm if valid else None
    )


def sides(
    world: World, event: Event, formula: Formula
) -> tuple[dict[str, float], dict[str, tuple[float, str]], str | None]:
    """R with role factors, M with role factors and firms, and on which side the first sender stands."""
    kinds = dict(world.firms)
    ours: dict[str, float] = {}
    theirs: dict[str, tuple[float, str]] = {}
    unnamed: list[str] = []
    sender: str | None = None
    for role, who in event.participants:
        factor = {"cc": formula.cc_factor, "bcc": 0.0, "declined": 0.0}.get(role, 1.0)
        if role == "channel":
            ours["FIRM"] = 1.0
            continue
        if role == "account":
            if kinds.get(who) not in (None, "own"):
                unnamed.append(who)
            continue
        firm = firm_on(world, who, event.at)
        if firm is None or factor == 0:
            continue
        if kinds[firm] == "own":
            ours[who] = max(factor, ours.get(who, 0.0))
        else:
            theirs[who] = (max(factor, theirs[who][0] if who in theirs else 0.0), firm)
        if role == "from" and sender is None:
            sender = "ours" if kinds[firm] == "own" else "theirs"
    for firm in unnamed:
        if all(f != firm for _, f in theirs.values()):
            theirs[f"account:{firm}"] = (1.0, firm)
    return ours, theirs, sender


def reference(
    world: World, formula: Formula = DEFAULT, baseline: float = 0.5
) -> dict[str, dict[str, object]]:
    """All numbers of all accounts, literally."""
    kinds = dict(world.firms)
    accounts = [f for f, kind in world.firms if kind == "account"]
    touches: dict[str, list[tuple[str, str, str, float, int, str]]] = defaultdict(
        list
    )  # rep contact way credit at id
    members: dict[str, dict[str, tuple[set[str], int, bool]]] = defaultdict(
        dict
    )  # account -> id -> (R, at, two way)
    used: set[tuple[str, str, int]] = set()
    first: dict[str, Event] = {}
    for event in world.events:
        first.setdefault(event.id, event)
    for event in sorted(first.values(), key=lambda e: (e.at, e.id)):
        age = (world.t - event.at) / DAY_MS
        if event.at > world.t or age > formula.look_back_days:
            continue
        ours, theirs, sender = sides(world, event, formula)
        if not ours or not theirs or len(theirs) > formula.max_contacts:
            continue
        alone = set(ours) == {"FIRM"}
        way = "other"
        if event.kind in MAIL and not alone:
            guess = {"ours": "out", "theirs": "in", None: "mutual"}[sender]
            way = {"in": "in", "out": "out", "mutual": "other"}[event.direction or guess]
        weight = (
            formula.weight_firm if alone else dict(zip(KINDS, formula.kind_weights, strict=True))[event.kind]
        )
        weight *= 2 ** (-age / formula.half_life_days)
        whole = sum(ours.values()) * sum(f for f, _ in theirs.values())
        week = (event.at // DAY_MS + 3) // 7
        for contact, (factor, firm) in theirs.items():
            if kinds[firm] != "account":
                continue
            if alone:
                if (firm, contact, week) in used:
                    continue
                used.add((firm, contact, week))
            for rep, rho in ours.items():
                touches[firm].append((rep, contact, way, weight * rho * factor / whole, week, event.id))
            two_way = event.kind not in MAIL or way == "in"
            members[firm][event.id] = (set(ours), event.at, two_way)
    return {a: account_reference(world, a, touches[a], members[a], formula, baseline) for a in accounts}


def has_left(world: World, person: str, firm: str | None) -> bool:
    """No affiliation with the firm (None: any own firm) is open or ends after the date of T."""
    kinds = dict(world.firms)
    day = world.t // DAY_MS
    mine = [
        w
        for w in world.work
        if w.person == person and (kinds[w.firm] == "own" if firm is None else w.firm == firm)
    ]
    return bool(mine) and all(w.end is not None and w.end <= day for w in mine)


def account_reference(world, account, touches, members, formula, baseline) -> dict[str, object]:
    parts: dict[tuple[str, str], dict[str, float]] = defaultdict(
        lambda: {"in": 0.0, "out": 0.0, "other": 0.0}
    )
    weekly: dict[tuple[str, str, int], float] = defaultdict(float)
    for rep, contact, way, credit, week, _ in touches:
        parts[rep, contact][way] += credit
        weekly[rep, contact, week] += credit
    lam = formula.reciprocity
    s = {
        pair: p["other"] + (1 - lam) * (p["in"] + p["out"]) + 2 * lam * min(p["in"], p["out"])
        for pair, p in parts.items()
    }
    reps_left = {r for r, _ in s if r != "FIRM" and has_left(world, r, None)}
    contacts_left = {c for _, c in s if not c.startswith("account:") and has_left(world, c, account)}
    whole = math.fsum(s.values())
    share = lambda part: None if not s else part / whole if whole else 0.0  # noqa: E731
    result: dict[str, object] = {
        "orphaned": share(math.fsum(v for (r, _), v in s.items() if r in reps_left)),
        "lost": share(math.fsum(v for (_, c), v in s.items() if c in contacts_left)),
        "interactions": len(members),
        "two_way_at": max((at for _, at, two in members.values() if two), default=None),
    }
    kept = {(r, c): v for (r, c), v in s.items() if r not in reps_left and c not in contacts_left}
    strength: dict[str, float] = defaultdict(float)
    for (_, c), v in kept.items():
        strength[c] += v
    known = {c: v for c, v in strength.items() if v > 0}
    if not known:
        empty = dict.fromkeys(
            [
                "dependence",
                "lower",
                "upper",
                "top_rep",
                "others",
                "firm",
                "plain_share",
                "effective_reps",
                "contact_dependence",
                "effective_contacts",
                "bus_factor",
            ]
        )
        zeros = {"active_reps": 0, "active_contacts": 0, "connectivity": 0, "n_eff": 0.0}
        return {
            **result,
            **empty,
            **zeros,
            "status": "no_data",
            "ours": "unknown",
            "theirs": "unknown",
            "shares": {},
        }
    day = world.t // DAY_MS

    def level(contact: str) -> int:
        mine = [
            w for w in world.work
            if w.person == contact and w.firm == account and (w.start is None or w.start <= day) and (w.end is None or day < w.end)
        ]  # fmt: skip
        best = max(mine, key=lambda w: (-math.inf if w.start is None else w.start, w.rank), default=None)
        return -1 if best is None else best.seniority

    raw = {c: formula.authority[level(c)] * v**formula.vote_exponent for c, v in known.items()}
    omega = {c: v / math.fsum(raw.values()) for c, v in raw.items()}
    shares: dict[str, float] = defaultdict(float)
    for (r, c), v in kept.items():
        if r != "FIRM" and c in omega:
            shares[r] += omega[c] * v / (known[c] + baseline)
    shares = {r: v for r, v in shares.items() if v > 0}
    owner = dict(world.owners).get(account)
    top = min(
        (r for r, v in shares.items() if v >= max(shares.values()) - 1e-12),
        key=lambda r: (r != owner, r),
        default=None,
    )
    d = shares[top] if top else 0.0
    u = [v for (r, c, _), v in weekly.items() if (r, c) in kept]
    n_eff = math.fsum(u) ** 2 / math.fsum(v * v for v in u)
    low, high = (float(beta.ppf(q, n_eff * d + 0.5, n_eff * (1 - d) + 0.5)) for q in (0.05, 0.95))
    graph = nx.Graph()
    for (r, c), v in kept.items():
        if r != "FIRM" and v >= formula.active_strength - 1e-12:
            graph.add_edge(("r", r), ("c", c))
    active_reps = {n for n in graph if n[0] == "r"}
    ok = n_eff >= formula.min_sample - 1e-9 and (high - low) * 100 <= formula.max_width + 1e-9
    order = sorted(shares.values(), reverse=True)
    bus = next((j for j in range(1, len(order) + 1) if 1 - sum(order[:j]) <= 0.5 + 1e-12), None)
    plain = sum(1 / len(r) for r, _, _ in members.values() if top in r)
    stayed = sum(len(r - reps_left) / len(r) for r, _, _ in members.values())
    contacts = len(graph) - len(active_reps)
    only_unnamed = all(c.startswith("account:") for c in known)
    entropy = lambda values: math.exp(-sum(v / sum(values) * math.log(v / sum(values)) for v in values))  # noqa: E731
    return {
        **result,
        "status": "ok" if ok else "unknown",
        "dependence": d,
        "lower": low,
        "upper": high,
        "n_eff": n_eff,
        "top_rep": top,
        "others": sum(shares.values()) - d,
        "firm": 1 - sum(shares.values()),
        "plain_share": plain / stayed if top else 0.0,
        "effective_reps": entropy(list(shares.values())) if shares else None,
        "contact_dependence": max(omega.values()),
        "effective_contacts": entropy(list(omega.values())),
        "active_reps": len(active_reps),
        "active_contacts": contacts,
        "connectivity": len(nx.bipartite.hopcroft_karp_matching(graph, active_reps)) // 2
        if active_reps
        else 0,
        "bus_factor": bus,
        "ours": _ours(ok, len(active_reps), d, low),
        "theirs": _theirs(ok, only_unnamed, contacts, max(omega.values())),
        "shares": shares,
    }


def _ours(ok: bool, active: int, d: float, low: float) -> str:
    if not ok:
        return "unknown"
    if active == 0:
        return "none"
    return "single" if active == 1 or (d >= 0.6 and low >= 0.45) else "multi"


def _theirs(ok: bool, only_unnamed: bool, active: int, votes: float) -> str:
    if not ok or only_unnamed:
        return "unknown"
    if active == 0:
        return "none"
    return "single" if active == 1 or votes >= 0.8 else "multi"


# ---------------------------------------------------------------- strategies

REPS = ("r1", "r2", "r3", "r4")
CONTACTS = ("a1", "a2", "a3", "b1", "b2", "p1")
FIRMS = (("us", "own"), ("us2", "own"), ("acme", "account"), ("bolt", "account"), ("part", "partner"))
HOME = {
    **dict.fromkeys(REPS, "us"),
    "a1": "acme",
    "a2": "acme",
    "a3": "acme",
    "b1": "bolt",
    "b2": "bolt",
    "p1": "part",
}
ROLES_FOR = {
    "email": ("from", "to", "cc", "bcc"),
    "message": ("from", "to", "cc"),
    "call": ("caller", "callee"),
    "meeting": ("organizer", "attendee", "declined"),
    "order": ("owner", "from"),
}


@st.composite
def events(draw, number: int, *, firm: bool = True, oldest: int = 700, newest: int = 0, alone: bool = True):
    """One event between some of ours and some of theirs, ``oldest`` to ``newest`` days before T."""
    kind = draw(st.sampled_from(list(ROLES_FOR)))
    at = T - draw(st.integers(newest * 24, oldest * 24)) * 3_600_000
    ours = draw(st.lists(st.sampled_from(REPS), max_size=3, unique=True))
    theirs = draw(st.lists(st.sampled_from(CONTACTS), max_size=3, unique=True))
    people = draw(st.permutations([*ours, *theirs]))
    parts = [(draw(st.sampled_from(ROLES_FOR[kind])), who) for who in people]
    if firm and (alone or ours) and draw(st.booleans()):
        parts.append(("channel", "portal"))
    if draw(st.integers(0, 4)) == 0:
        parts.append(("account", draw(st.sampled_from(("acme", "bolt")))))
    direction = draw(st.sampled_from((None, None, "in", "out", "mutual")))
    return Event(f"e{number:03d}", at, kind, tuple(parts), direction)


@st.composite
def worlds(draw, *, changes: bool = True, **of_events):
    """Four reps, three firms with six contacts, some of whom come, go or change sides, and up to 25 events."""
    work = [Work(p, f, seniority=draw(st.integers(-1, 3))) for p, f in HOME.items()]
    if changes:
        for person in draw(st.lists(st.sampled_from(list(HOME)), max_size=4)):
            start, length = draw(st.integers(-700, 5)), draw(st.integers(0, 600))
            firm = draw(st.sampled_from([f for f, _ in FIRMS]))
            end = None if draw(st.booleans()) else DAY0 + start + length
            work.append(
                Work(
                    person,
                    firm,
                    DAY0 + start,
                    end,
                    draw(st.integers(1, 3)) * 10 + len(work),
                    draw(st.integers(-1, 3)),
                )
            )
        for person in draw(st.lists(st.sampled_from(list(HOME)), max_size=2, unique=True)):
            k = next(k for k, w in enumerate(work) if w.person == person)
            work[k] = replace(work[k], end=DAY0 + draw(st.integers(-500, 3)))
    count = draw(st.integers(0, 25))
    made = tuple(draw(events(number, **of_events)) for number in range(count))
    owners = tuple((f, draw(st.sampled_from(REPS))) for f in ("acme", "bolt") if draw(st.booleans()))
    return World(FIRMS, tuple(work), made, owners)
