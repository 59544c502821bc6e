"""The accounts of a scoring run as lines, and the portfolio's filters, order and key figures over them."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from graphmap.errors import GraphmapError, NotScoredError
from graphmap.services.times import iso
from graphmap.services.values import (
    AccountLine,
    Cell,
    FindingLine,
    KeyFigures,
    Named,
    PortfolioFilter,
    ScoringRun,
    Split,
    Sums,
    Viewer,
)
from graphmap.store import assessments, people, runs
from graphmap.store.graphstore import GraphStore

BANDS = ("firm", "shared", "leaning", "dependent", "captive")


def latest_run(store: GraphStore) -> ScoringRun | None:
    """The newest finished scoring run."""
    for run in runs.runs(store):
        if run.kind == "score" and run.state == "finished":
            known = run.properties
            baseline = known.get("baseline")
            server = store.server
            return ScoringRun(
                id=run.id,
                as_of=iso(known["as_of"]) or "",
                formula=str(known["formula"]),
                baseline=None if baseline is None else float(str(baseline)),
                half_life_days=float(str(known["half_life_days"])),
                store=f"{server.product} {server.version}",
                config_hash=str(known["config_hash"]),
            )
    return None


def scored_run(store: GraphStore) -> ScoringRun:
    """The newest scoring run.

    Raises:
        NotScoredError: there is none yet.
    """
    run = latest_run(store)
    if run is None:
        raise NotScoredError(
            "nothing was scored yet", remedy="run graphmap score, or graphmap demo to see a sample company"
        )
    return run


def account_lines(store: GraphStore, run: ScoringRun) -> list[AccountLine]:
    """All accounts of a run in the order of their ids."""
    rows = assessments.assessment_lines(store, run.id)
    firms = {str(firm["id"]): firm for firm in people.firms(store)}
    names = people.names_of(store, [str(row["top_rep"]) for row in rows if row.get("top_rep") is not None])
    return [account_line(row, firms.get(str(row["firm"]), {}), names) for row in rows]


def account_line(
    row: Mapping[str, Any],
    firm: Mapping[str, Any],
    names: Mapping[str, tuple[str, str | None, str | None, int | None]],
) -> AccountLine:
    """One assessment and its firm as the contract's line."""
    top = row.get("top_rep")
    return AccountLine(
        id=row["firm"],
        source_ids=tuple(firm.get("source_ids") or ()),
        name=firm.get("name") or row["firm"],
        owner=None
        if firm.get("owner_id") is None
        else Named(firm["owner_id"], firm.get("owner_name") or firm["owner_id"]),
        annual_value=firm.get("annual_value"),
        currency=firm.get("currency"),
        status=row["status"],
        band=row.get("band"),
        dependence=row.get("dependence"),
        lower=row.get("lower"),
        upper=row.get("upper"),
        effective_sample=row["effective_sample"],
        top_rep=None if top is None else Named(top, names[top][0] if top in names else top),
        split=Split(row.get("split_top_rep"), row.get("split_other_reps"), row.get("split_firm")),
        plain_share=row.get("plain_share"),
        effective_reps=row.get("effective_reps"),
        contact_dependence=row.get("contact_dependence"),
        effective_contacts=row.get("effective_contacts"),
        active_reps=row["active_reps"],
        active_contacts=row["active_contacts"],
        connectivity=row["connectivity"],
        bus_factor=row.get("bus_factor"),
        orphaned_share=row.get("orphaned_share"),
        lost_contact_share=row.get("lost_contact_share"),
        cell=Cell(row["cell_ours"], row["cell_theirs"]),
        findings=tuple(
            FindingLine(*finding)
            for finding in zip(
                row.get("finding_rules") or (),
                row.get("finding_severities") or (),
                row.get("finding_sentences") or (),
                strict=True,
            )
        ),
        last_two_way_at=iso(row.get("last_two_way_at")),
        interactions=row["interactions"],
        segment=firm.get("segment"),
        territory=firm.get("territory"),
        team=firm.get("team"),
        renewal_on=firm.get("renewal_on"),
        reps_known=row.get("reps_known"),
        reps_connected=row.get("reps_connected"),
    )


def visible(lines: Iterable[AccountLine], viewer: Viewer) -> list[AccountLine]:
    """The accounts that the viewer may see."""
    scope = None if viewer.scope is None else set(viewer.scope)
    return [line for line in lines if scope is None or line.id in scope]


def matching(lines: Iterable[AccountLine], wanted: PortfolioFilter) -> list[AccountLine]:
    """The accounts that pass a filter."""
    text = wanted.q.strip().casefold()
    cells = dict(part.split(":", 1) for part in wanted.cell.split(",") if ":" in part)
    tests: list[Callable[[AccountLine], bool]] = []
    if text:
        tests.append(lambda a: text in a.name.casefold() or text in a.id.casefold())
    if wanted.flag:
        tests.append(lambda a: any(f.rule == wanted.flag for f in a.findings))
    if wanted.owner:
        tests.append(lambda a: a.owner is not None and wanted.owner in (a.owner.id, a.owner.name))
    for name in ("band", "status", "segment", "territory", "team"):
        value = getattr(wanted, name)
        if value:
            tests.append(lambda a, name=name, value=value: getattr(a, name) == value)
    for side, value in cells.items():
        if side in ("ours", "theirs") and value:
            tests.append(lambda a, side=side, value=value: getattr(a.cell, side) == value)
    return [line for line in lines if all(test(line) for test in tests)]


SORTABLE = (
    "name", "owner", "annual_value", "status", "band", "dependence", "lower", "upper", "effective_sample", "top_rep",
    "plain_share", "effective_reps", "contact_dependence", "effective_contacts", "active_reps", "active_contacts",
    "connectivity", "bus_factor", "orphaned_share", "lost_contact_share", "last_two_way_at", "interactions", "id", "segment",
    "territory", "team", "renewal_on", "cell",
)  # fmt: skip


def ordered(lines: Sequence[AccountLine], sort: str) -> list[AccountLine]:
    """Sorted by a field (``-`` in front: descending); what is not known comes last either way, unknown status after ok.

    Raises:
        GraphmapError: no such field.
    """
    name = sort.removeprefix("-")
    if name not in SORTABLE:
        raise GraphmapError(
            f"accounts cannot be sorted by {name!r}", remedy="sort by one of " + ", ".join(SORTABLE)
        )
    shaky = name in ("dependence", "lower", "upper", "band")
    ranked = sorted(lines, key=lambda a: a.id)
    known = [a for a in ranked if _sort_value(a, name) is not None]
    known.sort(key=lambda a: _sort_value(a, name), reverse=sort.startswith("-"))  # type: ignore[arg-type,return-value]
    if shaky:
        known.sort(key=lambda a: ("ok", "unknown", "no_data").index(a.status))
    return known + [a for a in ranked if _sort_value(a, name) is None]


def _sort_value(line: AccountLine, name: str) -> Any:
    value = getattr(line, name)
    if isinstance(value, Named):
        return value.name.casefold()
    if isinstance(value, Cell):
        return (value.ours, value.theirs)
    if name == "band":
        return None if value is None else BANDS.index(value)
    return value.casefold() if isinstance(value, str) and name == "name" else value


def key_figures(lines: Sequence[AccountLine]) -> KeyFigures:
    """The portfolio in a few numbers."""
    known = [a.effective_reps for a in lines if a.effective_reps is not None and a.status == "ok"]
    money: dict[str, list[float]] = {}
    for line in lines:
        if line.annual_value is not None:
            sums = money.setdefault(line.currency or "", [0.0, 0.0])
            sums[0] += line.annual_value
            sums[1] += line.annual_value if line.cell.ours == "single" else 0.0
    bands: dict[str, int] = dict.fromkeys(BANDS, 0)
    for line in lines:
        if line.status == "ok" and line.band is not None:
            bands[line.band] += 1
    unknown = sum(a.status == "unknown" for a in lines)
    no_data = sum(a.status == "no_data" for a in lines)
    return KeyFigures(
        accounts=len(lines),
        single=sum(a.cell.ours == "single" for a in lines),
        unknown=unknown,
        no_data=no_data,
        median_effective_reps=statistics.median(known) if known else None,
        values=tuple(Sums(currency, total, single) for currency, (total, single) in sorted(money.items())),
        bands=(*bands.items(), ("unknown", unknown), ("no_data", no_data)),
    )
