"""The one answerer behind pages, commands and Python: questions in, frozen values out."""

from __future__ import annotations

import contextlib
import datetime
import json
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from graphmap.config import SETTINGS, Settings
from graphmap.errors import NotFoundError, NotScoredError, QueryRefusedError
from graphmap.planning.departure import JointRetention
from graphmap.planning.paths import Judged
from graphmap.planning.portfolio import Objective
from graphmap.scoring.formula import EPSILON, Formula
from graphmap.services import accountpage, identities
from graphmap.services.capturing import connected_sources, owners
from graphmap.services.coverages import CoveragePage, coverage_page
from graphmap.services.deciding import decided
from graphmap.services.departures import DeparturePage, Leaving, departure_page
from graphmap.services.exposures import ExposurePage, exposure_page, person_exposure
from graphmap.services.groups import GroupPage, group_page
from graphmap.services.history import ComparePage, TrendPage, compare_page, trend_page
from graphmap.services.lines import (
    account_lines,
    key_figures,
    latest_run,
    matching,
    ordered,
    scored_run,
    visible,
)
from graphmap.services.moments import moment_of
from graphmap.services.planmaking import save_coverage, save_handover
from graphmap.services.plans import PlanLine, PlanPage, plan_lines, plan_page, tick
from graphmap.services.served import ServedPage, served_page
from graphmap.services.times import iso, milliseconds
from graphmap.services.trust import (
    BackTestPage,
    StabilityPage,
    TuningPage,
    back_test_page,
    stability_page,
    tuning_page,
)
from graphmap.services.values import (
    AccountLine,
    AccountPage,
    AffiliationLine,
    CaptureLine,
    EvidencePage,
    FileBalance,
    Hit,
    IdentityPage,
    ImportsPage,
    MapLink,
    MethodPage,
    Named,
    NamedQuery,
    PersonPage,
    PersonTie,
    PortfolioFilter,
    PortfolioMap,
    PortfolioPage,
    QuarantineLine,
    QueryAnswer,
    QueryParameter,
    RepLine,
    RunLine,
    ScoringRun,
    Viewer,
)
from graphmap.services.verifying import VerifyPage, still_there, verify_page
from graphmap.services.warmpaths import Door, PathPage, doors, path_page
from graphmap.store import assessments, evidence, people, quality, runs
from graphmap.store.graphstore import GraphStore
from graphmap.store.library import NamedQueryText, named_queries
from graphmap.store.proposals import proposals

MAP_NODES = 2000
HITS = 50
IDENTITIES = 100
"""So many pairs are shown at once."""
PER_PAGE = 100_000


class GraphServices:
    """Answers from one store. What a scoring run says never changes, so its lines are kept until there is a newer run."""

    def __init__(
        self, store: GraphStore, settings: Settings, *, settle: Callable[[GraphStore], object] | None = None
    ) -> None:
        """``settle`` resolves the graph anew after a decision; without it nothing is decided here."""
        self._store = store
        self._settings = settings
        self._settle = settle
        self._kept: tuple[str, list[AccountLine]] | None = None

    @property
    def store(self) -> GraphStore:
        """The store behind the answers."""
        return self._store

    def latest_run(self, viewer: Viewer) -> ScoringRun | None:
        """The newest scoring run."""
        del viewer
        return latest_run(self._store)

    def _lines(self, viewer: Viewer) -> tuple[ScoringRun, list[AccountLine]]:
        run = scored_run(self._store)
        kept = self._kept
        if kept is None or kept[0] != run.id:
            kept = (run.id, account_lines(self._store, run))
            self._kept = kept
        return run, visible(kept[1], viewer)

    def accounts(self, viewer: Viewer) -> tuple[ScoringRun, list[AccountLine]]:
        """All accounts the viewer may see, in the order of their ids."""
        return self._lines(viewer)

    def portfolio(self, viewer: Viewer, wanted: PortfolioFilter) -> PortfolioPage:
        """Key figures of everything, and one page of the filtered and sorted accounts."""
        run, lines = self._lines(viewer)
        chosen = ordered(matching(lines, wanted), wanted.sort)
        size = max(1, min(wanted.per_page, PER_PAGE))
        pages = max(1, -(-len(chosen) // size))
        page = max(1, min(wanted.page, pages))
        owners = {a.owner.id: a.owner for a in lines if a.owner is not None}
        return PortfolioPage(
            run=run,
            figures=key_figures(lines),
            lines=tuple(chosen[(page - 1) * size : page * size]),
            matching=len(chosen),
            pages=pages,
            filter=wanted,
            owners=tuple(sorted(owners.values(), key=lambda o: o.name.casefold())),
            segments=_values(lines, "segment"),
            territories=_values(lines, "territory"),
            teams=_values(lines, "team"),
            rules=tuple(sorted({f.rule for a in lines for f in a.findings})),
        )

    def portfolio_map(self, viewer: Viewer, wanted: PortfolioFilter) -> PortfolioMap:
        """The filtered accounts with their reps, at most two thousand nodes (the most valuable first)."""
        run, lines = self._lines(viewer)
        chosen = matching(lines, wanted)
        by_value = sorted(chosen, key=lambda a: (-(a.annual_value or 0), a.id))
        shown = {a.id: a for a in by_value[: MAP_NODES - 100]}
        links = [
            MapLink(rep, account, share, strength, active=strength > 0)
            for account, reps, shares, strengths in assessments.rep_lists(self._store, run.id)
            if account in shown
            for rep, share, strength in zip(reps, shares, strengths, strict=True)
        ]
        names = people.names_of(self._store, [link.rep for link in links])
        reps = tuple(
            RepLine(
                rep, names[rep][0] if rep in names else rep, names[rep][2] if rep in names else None, 0.0, 0.0
            )
            for rep in sorted({link.rep for link in links})
        )
        accounts = tuple(sorted(shown.values(), key=lambda a: a.id))
        return PortfolioMap(
            run, key_figures(lines), reps, accounts, tuple(links), wanted, len(chosen) - len(shown)
        )

    def account(self, viewer: Viewer, account: str) -> AccountPage:
        """One account."""
        page = accountpage.account_page(self._store, viewer, account, formula=self._formula())
        told = decided(self._store, milliseconds(page.run.as_of), account=page.account.id)
        return replace(page, decisions=tuple(told))

    def evidence(
        self,
        viewer: Viewer,
        account: str,
        *,
        rep: str | None = None,
        contact: str | None = None,
        limit: int = 200,
    ) -> EvidencePage:
        """The dated interactions behind a number."""
        return accountpage.evidence_page(
            self._store, viewer, account, rep=rep, contact=contact, limit=limit, formula=self._formula()
        )

    def _formula(self) -> Formula:
        return Formula.from_settings(self._settings)

    def person(self, viewer: Viewer, person: str) -> PersonPage:
        """A person: where they work, whom they know. Accounts in alphabetical order, never a ranking."""
        found = people.find_people(self._store, person)
        seen = _seen(self._store, viewer, [identifier for identifier, _ in found])
        found = [one for one in found if one[0] in seen]
        if len(found) != 1:
            listed = ", ".join(f"{name} ({identifier})" for identifier, name in found)
            message = (
                f'there is no person "{person}"'
                if not found
                else f'"{person}" means {len(found)} people: {listed}'
            )
            raise NotFoundError(message, remedy="give the id, an address or the exact name")
        identifier, name = found[0]
        facts: dict[str, Any] = dict(people.person_facts(self._store, identifier) or {})
        known: Mapping[str, Any] = facts["properties"]
        work: list[tuple[str, str | None, str, Mapping[str, Any]]] = facts["work"]
        run = latest_run(self._store)
        ours = any(kind == "own" for _, _, kind, _ in work)
        ties = self._person_ties(viewer, run, identifier, ours=ours)
        return PersonPage(
            run=run,
            person=Named(identifier, name),
            ours=ours,
            title=known.get("title"),
            department=known.get("department"),
            emails=tuple(value for kind, value in facts["identities"] if kind == "mail"),
            affiliations=tuple(
                AffiliationLine(
                    Named(firm, firm_name or firm), w.get("title"), w.get("department"), w.get("seniority"), w.get("valid_from"),
                    w.get("valid_to"), w.get("read_from_title"),
                )
                for firm, firm_name, kind, w in work
                if viewer.scope is None or kind == "own" or firm in viewer.scope
            ),
            ties=ties,
            recent=accountpage.interaction_lines(evidence.of_person(self._store, identifier, 20, viewer.scope)),
        )  # fmt: skip

    def _person_ties(
        self, viewer: Viewer, run: ScoringRun | None, person: str, *, ours: bool
    ) -> tuple[PersonTie, ...]:
        if run is None:
            return ()
        threshold = self._settings.number("scoring.active_strength") - EPSILON
        scope = None if viewer.scope is None else set(viewer.scope)
        rows = people.ties_of(self._store, person, ours=ours)
        ties = [
            PersonTie(
                Named(account, account_name),
                Named(other, other_name),
                strength,
                strength >= threshold,
                iso(last) or "",
            )
            for account, account_name, other, other_name, strength, last in rows
            if scope is None or account in scope
        ]
        return tuple(
            sorted(ties, key=lambda t: (t.account.name.casefold(), t.other.name.casefold(), t.other.id))
        )

    def departure(
        self,
        viewer: Viewer,
        leaving: Leaving,
        joint: JointRetention = "linear",
        on: datetime.date | None = None,
    ) -> DeparturePage:
        """What if these people left: the accounts they touch, before and after, and who could take over. Writes nothing."""
        return departure_page(self._store, self._settings, viewer, leaving, joint, on)

    def coverage(self, viewer: Viewer, account: str, limit: float | None = None) -> CoveragePage:
        """The fewest introductions that bring an account below its limit (0-100). Writes nothing."""
        return coverage_page(self._store, self._settings, viewer, account, limit)

    def exposure(
        self, viewer: Viewer, *, k: int, objective: Objective = "exposure", currency: str | None = None
    ) -> ExposurePage:
        """The k people whose leaving together would be worth most under an objective; a set, never an order."""
        return exposure_page(self._store, self._settings, viewer, k=k, objective=objective, currency=currency)

    def person_exposure(self, viewer: Viewer, who: str) -> DeparturePage:
        """What hangs on one person, for their own eyes and for managers."""
        return person_exposure(self._store, self._settings, viewer, who)

    def served(self, viewer: Viewer, account: str) -> ServedPage:
        """The customer's side of an account: coverage, departments, answers, stage."""
        return served_page(self._store, self._settings, viewer, account)

    def group(self, viewer: Viewer, account: str) -> GroupPage:
        """A firm with everything that is part of it, as one account."""
        return group_page(self._store, self._settings, viewer, account)

    def path(
        self, viewer: Viewer, target: str, *, start: str | None = None, k: int = 5, by: Judged = "product"
    ) -> PathPage:
        """Who of ours could reach a contact, and over whom."""
        return path_page(self._store, self._settings, viewer, target, start=start, k=k, by=by)

    def doors(self, viewer: Viewer) -> tuple[ScoringRun, tuple[Door, ...]]:
        """Silent accounts and lost deals where somebody of ours still has an active tie."""
        return doors(self._store, self._settings, viewer)

    def compare(self, viewer: Viewer, before: datetime.date, after: datetime.date) -> ComparePage:
        """What changed between the ends of two days. Nothing is stored."""
        return compare_page(self._store, self._settings, viewer, before, after)

    def trend(self, viewer: Viewer, account: str, months: int = 12) -> TrendPage:
        """How the dependence of an account went, month by month."""
        return trend_page(self._store, self._settings, viewer, account, months)

    def verify(self, viewer: Viewer) -> VerifyPage:
        """People to look at: silent, mail came back, another title. Nothing is stored."""
        return verify_page(self._store, self._settings, viewer)

    def still_there(self, viewer: Viewer, who: str, reason: str) -> None:
        """Keeps in the viewer's name that a person is still there."""
        still_there(self._store, viewer, who, reason=reason, now=_now)

    def back_test(self, viewer: Viewer) -> BackTestPage:
        """How well the number did on the departures the records hold. Nothing is stored."""
        return back_test_page(self._store, self._settings, viewer)

    def stability(self, viewer: Viewer) -> StabilityPage:
        """What every weight a quarter more or less would change. Nothing is stored."""
        return stability_page(self._store, self._settings, viewer)

    def tuning(self, viewer: Viewer, values: Mapping[str, object]) -> TuningPage:
        """What other settings of the number would change. Nothing is stored."""
        return tuning_page(self._store, self._settings, viewer, values)

    def save_handover(self, viewer: Viewer, leaving: Leaving, *, on: datetime.date | None) -> str:
        """Stores the handover plan of a departure and returns its id."""
        return save_handover(self._store, self._settings, viewer, leaving, on=on, now=_now)

    def save_coverage(self, viewer: Viewer, account: str, *, limit: float | None) -> str:
        """Stores the coverage plan of an account and returns its id."""
        return save_coverage(self._store, self._settings, viewer, account, limit=limit, now=_now)

    def plans(self, viewer: Viewer) -> tuple[PlanLine, ...]:
        """All plans in the order of making."""
        return tuple(plan_lines(self._store, viewer))

    def plan(self, viewer: Viewer, plan: str) -> PlanPage:
        """One plan with its ticks, and what the interactions since say."""
        return plan_page(
            self._store, viewer, plan, lambda: moment_of(self._store, self._settings, scored_run(self._store))
        )

    def tick(self, viewer: Viewer, plan: str, step: int, *, done: bool) -> None:
        """Ticks a step of a plan off, or takes the tick back."""
        tick(self._store, viewer, plan, step, done=done, now=_now)

    def search(self, viewer: Viewer, text: str) -> tuple[Hit, ...]:
        """Accounts and people whose name, id or address contains the text."""
        wanted = text.strip()
        if not wanted:
            return ()
        rows = people.search(self._store, wanted, HITS)
        seen = _seen(self._store, viewer, [identifier for kind, identifier, _, _ in rows if kind == "Person"])
        hits = [
            Hit("account" if kind == "Firm" else "person", identifier, name, note)
            for kind, identifier, name, note in rows
            if viewer.scope is None or identifier in (viewer.scope if kind == "Firm" else seen)
        ]
        return tuple(hits)

    def queries(self) -> tuple[NamedQuery, ...]:
        """The library of ready questions."""
        return tuple(_named_query(query) for query in named_queries())

    def run_query(self, viewer: Viewer, name: str, parameters: Mapping[str, object]) -> QueryAnswer:
        """Runs a ready question."""
        query = next((q for q in named_queries() if q.name == name), None)
        if query is None:
            known = ", ".join(q.name for q in named_queries())
            raise NotFoundError(f'there is no query "{name}"', remedy=f"there are {known}")
        return self._ask(viewer, query.cypher, query.values(parameters))

    def run_cypher(self, viewer: Viewer, text: str) -> QueryAnswer:
        """Runs an analyst's own read-only statement within the limits."""
        if viewer.role not in ("analyst", "admin"):
            raise QueryRefusedError("free queries are for analysts", remedy="ask for the role analyst")
        return self._ask(viewer, text, {})

    def _ask(self, viewer: Viewer, text: str, parameters: Mapping[str, object]) -> QueryAnswer:
        if viewer.scope is not None:
            raise QueryRefusedError(
                "queries see every account, so they are not for a limited view", remedy="use the pages"
            )
        answer = self._store.ask(
            text,
            parameters,
            seconds=self._settings.number("query.seconds"),
            rows=self._settings.whole("query.rows"),
            user=viewer.name,
        )
        return QueryAnswer(
            tuple(answer.columns),
            tuple(tuple(row) for row in answer.rows),
            answer.truncated,
            answer.elapsed_ms,
        )

    def imports(self, viewer: Viewer) -> ImportsPage:
        """Runs, what was set aside, and domains that belong to no firm; a limited view sees the runs alone."""
        limited = viewer.scope is not None
        aside = [] if limited else runs.rejected(self._store)
        server = self._store.server
        known = runs.runs(self._store)
        counted = [run for run in known if run.kind == "import" and run.state == "finished"]
        return ImportsPage(
            runs=tuple(_run_line(run) for run in known),
            quarantine=tuple(quarantine_line(row) for row in aside[:500]),
            quarantined=len(aside),
            unmatched_domains=() if limited else tuple(quality.unmatched_domains(self._store)),
            store=f"{server.product} {server.version}",
            coverage=() if limited else _coverage(self._store, counted),
            excluded=_excluded(counted),
            people_waiting=0 if limited else len(proposals(self._store)),
        )

    def identities(self, viewer: Viewer) -> IdentityPage:
        """Who may be one person, and what was decided; a limited view sees none of it."""
        if viewer.scope is not None:
            return IdentityPage((), 0, ())
        found = identities.waiting(self._store)
        return IdentityPage(tuple(found[:IDENTITIES]), len(found), tuple(identities.decided(self._store)))

    def decide_identity(self, viewer: Viewer, proposal: str, kind: str, reason: str) -> None:
        """Joins a proposed pair or keeps it apart, in the viewer's name."""
        identities.answer_proposal(self._store, proposal, kind, self._deciding(viewer, reason))
        self._rescore()

    def undo_identity(self, viewer: Viewer, decision: str) -> None:
        """Withdraws a decision about who is who."""
        identities.undo_decision(self._store, decision, self._deciding(viewer, ""))
        self._rescore()

    def _deciding(self, viewer: Viewer, reason: str) -> identities.Deciding:
        if viewer.scope is not None or self._settle is None:
            raise QueryRefusedError(
                "this view does not decide about people", remedy="ask whoever runs graphmap"
            )
        return identities.Deciding(viewer.name, reason, _now, self._settle)

    def _rescore(self) -> None:
        from graphmap.services.scoringrun import run_scoring  # dear to load, and only after a decision

        with contextlib.suppress(NotScoredError):
            run_scoring(self._store, self._settings, now=_now)

    def method(self, viewer: Viewer) -> MethodPage:
        """The settings that enter the number."""
        names = ("scoring.", "findings.")
        shown = tuple(
            (s.name, self._settings.chosen[s.name].shown, s.about)
            for s in SETTINGS
            if s.name.startswith(names)
        )
        return MethodPage(self.latest_run(viewer), shown)

    def ready(self) -> str:
        """The store's name where it answers."""
        self._store.read("RETURN 1")
        server = self._store.server
        return f"{server.product} {server.version}"


def _now() -> int:
    return time.time_ns() // 1_000_000


def _seen(store: GraphStore, viewer: Viewer, ids: Sequence[str]) -> set[str]:
    """Of these people those that a viewer may see: with a limited view our own and those of its accounts."""
    if viewer.scope is None:
        return set(ids)
    scope = set(viewer.scope)
    return {who for who, firm, kind in people.employers(store, ids) if kind == "own" or firm in scope}


def _values(lines: list[AccountLine], name: str) -> tuple[str, ...]:
    return tuple(sorted({getattr(line, name) for line in lines if getattr(line, name) is not None}))


def _named_query(query: NamedQueryText) -> NamedQuery:
    return NamedQuery(
        query.name,
        query.question,
        tuple(QueryParameter(p.name, p.about, p.default) for p in query.parameters),
        query.columns,
        query.cypher,
    )


def _coverage(store: GraphStore, imports: Sequence[runs.StoredRun]) -> tuple[CaptureLine, ...]:
    """Every source of interactions with the span of all its imports, the one that is furthest behind first."""
    sources = connected_sources(imports)
    whose = owners(store, sources)
    return tuple(
        CaptureLine(
            one.source,
            one.importer,
            whose[one.source][0] if one.source in whose else None,
            iso(one.first_at) or "",
            iso(one.last_at) or "",
        )
        for one in sources
    )


def _excluded(imports: Sequence[runs.StoredRun]) -> tuple[tuple[str, int], ...]:
    """What policy left out, by reason, the most frequent first."""
    counts: Counter[str] = Counter()
    for run in imports:
        for entry in json.loads(str(run.properties.get("files", "[]"))):
            counts.update(entry["excluded"])
    return tuple(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def _run_line(run: runs.StoredRun) -> RunLine:
    known = run.properties
    return RunLine(
        id=run.id,
        kind=run.kind,  # type: ignore[arg-type]
        state=run.state,
        started_at=iso(known.get("started_at")) or "",
        finished_at=iso(known.get("finished_at")),
        author=None if known.get("author") is None else str(known["author"]),
        files=tuple(_file_balance(entry) for entry in json.loads(str(known.get("files", "[]")))),
        as_of=iso(known.get("as_of")),
    )


def _file_balance(entry: Mapping[str, Any]) -> FileBalance:
    return FileBalance(
        entry["path"], entry["importer"], entry["read"], entry["new"], entry["updated"], entry["unchanged"],
        entry["duplicate"], tuple(entry["excluded"].items()), tuple(entry["quarantined"].items()),
    )  # fmt: skip


def quarantine_line(row: Mapping[str, Any]) -> QuarantineLine:
    """One record that was set aside, as listed."""
    return QuarantineLine(
        row["id"], row["file"], row.get("position", ""), row.get("line"), row.get("column"), row.get("value"), row["code"],
        row["message"], row["state"], row.get("remedy"), row.get("run"),
    )  # fmt: skip
