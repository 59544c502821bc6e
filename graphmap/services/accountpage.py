"""Everything about one account, and the dated interactions behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from graphmap.errors import NotFoundError
from graphmap.records import ROLES_ON_NO_SIDE
from graphmap.scoring.formula import EPSILON, Formula
from graphmap.services.lines import account_line, scored_run
from graphmap.services.times import iso
from graphmap.services.values import (
    AccountLine,
    AccountPage,
    ContactLine,
    ContactShare,
    EvidencePage,
    InteractionLine,
    Named,
    RepLine,
    ScoringRun,
    TieLine,
    Viewer,
)
from graphmap.store import assessments, evidence, people
from graphmap.store.evidence import Evidence
from graphmap.store.graphstore import GraphStore

FIRM = "FIRM"
UNNAMED = "account:"
RECENT = 12
DEFAULT = Formula()
Person = tuple[str, str | None, str | None, int | None]


def resolve_account(store: GraphStore, viewer: Viewer, who: str) -> tuple[str, str]:
    """(id, name) of the account with this id, domain, source id or exact name.

    Raises:
        NotFoundError: none, or several: they are listed.
    """
    found = people.find_firms(store, who)
    if viewer.scope is not None:
        found = [firm for firm in found if firm[0] in viewer.scope]
    if len(found) == 1:
        return found[0]
    if not found:
        raise NotFoundError(
            f'there is no account "{who}"',
            remedy="give its id, a domain or its exact name; graphmap accounts lists them",
        )
    raise NotFoundError(
        f'"{who}" means {len(found)} accounts: '
        + ", ".join(f"{name} ({identifier})" for identifier, name in found),
        remedy="give the id",
    )


def account_page(store: GraphStore, viewer: Viewer, who: str, *, formula: Formula = DEFAULT) -> AccountPage:
    """The account of the latest scoring run; ``formula`` says what counts as active and as known."""
    run = scored_run(store)
    account, _ = resolve_account(store, viewer, who)
    found = assessments.assessment(store, run.id, account)
    if found is None:
        raise NotFoundError(f'"{account}" is not in the latest scoring run', remedy="run graphmap score")
    row: dict[str, Any] = dict(found)
    firm = next((f for f in people.firms_by_id(store, [account])), {})
    members = people.roster(store, account)
    ids = [
        *row.get("tie_reps", []),
        *row.get("tie_contacts", []),
        *row.get("rep_ids", []),
        row.get("top_rep"),
    ]
    names = people.names_of(store, [str(i) for i in ids if i is not None and i != FIRM])
    line = account_line(row, firm, names)
    ties = _ties(row, formula)
    kept: dict[tuple[str, str], bool] = dict(
        zip(
            zip(row.get("tie_reps", []), row.get("tie_contacts", []), strict=True),
            row.get("tie_kept", []),
            strict=True,
        )
    )
    reps = _reps(row, names, line, ties, kept)
    contacts = _contacts(row, names, members, ties, kept, run)
    return AccountPage(
        run=run,
        account=line,
        reps=reps,
        contacts=contacts,
        ties=ties,
        firm_share=line.split.firm,
        through=_through(row, names, line, ties, kept, run),
        cut_people=tuple(Named(i, _name(i, names)) for i in row.get("cut_people", [])),
        recent=interaction_lines(evidence.of_account(store, account, RECENT)),
        half_life_days=run.half_life_days,
        sentence=sentence(line),
        why_unknown=why_unknown(line, formula),
        trend=row.get("trend"),
        trend_direction=row.get("trend_direction") or "unknown",
    )


def _name(identifier: str, names: Mapping[str, Person]) -> str:
    if identifier == FIRM:
        return "the firm itself"
    if identifier.startswith(UNNAMED):
        return "somebody unnamed"
    return names[identifier][0] if identifier in names else identifier


def _ties(row: Mapping[str, Any], formula: Formula) -> tuple[TieLine, ...]:
    columns = (
        "reps",
        "contacts",
        "strengths",
        "inbound",
        "outbound",
        "other",
        "first_at",
        "last_at",
        "interactions",
        "kept",
    )
    lists = [row.get(f"tie_{name}") or [] for name in columns]
    return tuple(
        TieLine(
            rep=rep, contact=contact, strength=strength, inbound=inbound, outbound=outbound, other=other,
            active=bool(kept) and rep != FIRM and strength >= formula.active_strength - EPSILON,
            first_at=iso(first) or "", last_at=iso(last) or "", interactions=number,
        )
        for rep, contact, strength, inbound, outbound, other, first, last, number, kept in zip(*lists, strict=True)
    )  # fmt: skip


def _reps(
    row: Mapping[str, Any],
    names: Mapping[str, Person],
    line: AccountLine,
    ties: Sequence[TieLine],
    kept: Mapping[tuple[str, str], bool],
) -> tuple[RepLine, ...]:
    """Named reps by name; who has left is shown with strength of what is orphaned and no share."""
    shares = dict(
        zip(
            row.get("rep_ids") or [],
            zip(row.get("rep_shares") or [], row.get("rep_strengths") or [], strict=True),
            strict=True,
        )
    )
    active = {tie.rep for tie in ties if tie.active}
    gone = {rep for rep, _ in kept if rep != FIRM} - set(shares)
    found: list[RepLine] = []
    for rep in sorted({*shares, *gone}):
        share, strength = shares.get(rep, (0.0, sum(t.strength for t in ties if t.rep == rep)))
        person = names.get(rep)
        found.append(
            RepLine(
                id=rep, name=_name(rep, names), department=person[2] if person else None, share=share, strength=strength,
                title=person[1] if person else None, left=rep in gone, active=rep in active,
                owner=line.owner is not None and line.owner.id == rep,
            )
        )  # fmt: skip
    return tuple(found)


def _contacts(
    row: Mapping[str, Any],
    names: Mapping[str, Person],
    members: Sequence[Mapping[str, Any]],
    ties: Sequence[TieLine],
    kept: Mapping[tuple[str, str], bool],
    run: ScoringRun,
) -> tuple[ContactLine, ...]:
    """Everybody known at the account: with a tie, left, or never touched (the roster)."""
    weights = dict(
        zip(
            row.get("contact_ids") or [],
            zip(row.get("contact_weights") or [], row.get("contact_strengths") or [], strict=True),
            strict=True,
        )
    )
    day = run.as_of[:10]
    current = {m["id"]: m for m in sorted(members, key=lambda m: (m["valid_from"] or "", m["precedence"]))}
    gone = {m["id"] for m in members} - {
        m["id"] for m in members if m["valid_to"] is None or m["valid_to"] > day
    }
    found: list[ContactLine] = []
    for contact in sorted({*weights, *current, *(c for _, c in kept)}):
        mine = [t for t in ties if t.contact == contact]
        named = [t for t in mine if t.rep != FIRM and kept.get((t.rep, t.contact))]
        member = current.get(contact, {})
        weight, strength = weights.get(contact, (0.0, 0.0))
        found.append(
            ContactLine(
                id=contact, name=member.get("name") or _name(contact, names), title=member.get("title"), weight=weight,
                strength=strength, best_rep=max(named, key=lambda t: (t.strength, t.rep)).rep if named else None,
                department=member.get("department"), seniority=member.get("seniority"), left=contact in gone,
                active=any(t.active for t in mine), unnamed=contact.startswith(UNNAMED),
                last_at=max((t.last_at for t in mine), default=None),
            )
        )  # fmt: skip
    return tuple(found)


def _through(
    row: Mapping[str, Any],
    names: Mapping[str, Person],
    line: AccountLine,
    ties: Sequence[TieLine],
    kept: Mapping[tuple[str, str], bool],
    run: ScoringRun,
) -> tuple[ContactShare, ...]:
    """The terms of D: ``100 omega_c s_rc / (S_c + s0)`` of the top rep, largest first."""
    if line.top_rep is None:
        return ()
    weight = dict(zip(row["contact_ids"], row["contact_weights"], strict=True))
    whole = dict(zip(row["contact_ids"], row["contact_strengths"], strict=True))
    s0 = run.baseline or 0.0
    terms = [
        ContactShare(
            t.contact, _name(t.contact, names), weight[t.contact] * t.strength / (whole[t.contact] + s0)
        )
        for t in ties
        if t.rep == line.top_rep.id and kept.get((t.rep, t.contact)) and t.contact in weight
    ]
    return tuple(sorted(terms, key=lambda term: (-term.points, term.contact)))


def sentence(line: AccountLine) -> str:
    """The account in one sentence."""
    split = line.split
    if line.status == "no_data" or line.dependence is None or split.other_reps is None or split.firm is None:
        return "Nothing counts here at this date: no relationship can be measured."
    if line.top_rep is None:
        return "No named person of ours carries this account; what there is runs through the firm itself."
    numbers = (
        f"{line.dependence:.0f} % of the relationship runs through {line.top_rep.name}; {split.other_reps:.0f} % through others of ours, "
        f"{split.firm:.0f} % belongs to the firm."
    )
    return (
        numbers
        if line.status == "ok"
        else f"Not known yet. As far as the few touches go, {numbers[0].lower()}{numbers[1:]}"
    )


def why_unknown(line: AccountLine, formula: Formula = DEFAULT) -> str | None:
    """Why the dependence is not known; None where it is."""
    if line.status == "ok":
        return None
    if any(f.rule == "not_captured" for f in line.findings):
        return next(f.sentence for f in line.findings if f.rule == "not_captured")
    if line.status == "no_data" or line.lower is None or line.upper is None:
        return f"No touch counts at this date ({line.interactions} interactions are known): too old, in the future, or everybody has left."
    if line.effective_sample < formula.min_sample - 1e-9:
        return (
            f"The touches are worth {line.effective_sample:.1f} independent weeks of contact; fewer than {formula.min_sample:g} are too few to say "
            "how much depends on one person."
        )
    return f"The interval from {line.lower:.0f} to {line.upper:.0f} is wider than {formula.max_width:g} points, so the number would mislead."


def way(one: Evidence) -> str:
    """Which way an interaction went, as the number counts it: in, out or mutual.

    Mail and messages as stated, else by the first sender who is on a side; all else, and what the firm does alone, is mutual.
    """
    ours = [
        kind
        for _, _, side, kind, _, role in one.participants
        if side == "ours" and role not in ROLES_ON_NO_SIDE
    ]
    if one.kind not in ("email", "message") or (ours and set(ours) == {"channel"}):
        return "mutual"
    senders = (side for _, _, side, _, _, role in one.participants if role == "from" and side != "neither")
    return one.direction or {"ours": "out", "theirs": "in"}.get(next(senders, ""), "mutual")


def interaction_lines(found: Sequence[Evidence]) -> tuple[InteractionLine, ...]:
    """Interactions with our side and theirs named; somebody on neither stands with theirs."""
    lines: list[InteractionLine] = []
    for one in found:
        sides: dict[str, list[Named]] = {"ours": [], "theirs": []}
        for who, name, side, kind, value, _ in one.participants:
            if kind == "channel":
                named = Named(FIRM, value)
            elif kind == "account":
                named = Named(f"{UNNAMED}{who or value}", value if "@" in value else "somebody unnamed")
            else:
                named = Named(who or value, name or value)
            shown = sides["ours" if side == "ours" else "theirs"]
            if named not in shown:
                shown.append(named)
        lines.append(
            InteractionLine(
                one.id,
                iso(one.at) or "",
                one.kind,
                way(one),
                tuple(sides["ours"]),
                tuple(sides["theirs"]),
            )
        )
    return tuple(lines)


def evidence_page(
    store: GraphStore,
    viewer: Viewer,
    who: str,
    *,
    rep: str | None,
    contact: str | None,
    limit: int,
    formula: Formula = DEFAULT,
) -> EvidencePage:
    """The dated interactions behind a tie, a person at the account, or the whole account."""
    run = scored_run(store)
    account, name = resolve_account(store, viewer, who)
    if rep is not None and contact is not None:
        found = evidence.of_tie(store, account, rep, contact, limit + 1)
    elif rep is not None or contact is not None:
        found = evidence.of_person_at(store, account, str(rep or contact), limit + 1)
    else:
        found = evidence.of_account(store, account, limit + 1)
    names = people.names_of(store, [i for i in (rep, contact) if i is not None])
    row: Mapping[str, Any] = assessments.assessment(store, run.id, account) or {}
    tie = next((t for t in _ties(row, formula) if t.rep == rep and t.contact == contact), None)
    return EvidencePage(
        run=run,
        account=Named(account, name),
        rep=None if rep is None else Named(rep, _name(rep, names)),
        contact=None if contact is None else Named(contact, _name(contact, names)),
        tie=tie,
        interactions=interaction_lines(found[:limit]),
        more=len(found) > limit,
    )
