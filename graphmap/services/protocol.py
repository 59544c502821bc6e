"""The questions that pages, commands and Python ask. Web sees only this; the store is behind it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol

from graphmap.services.values import (
    AccountPage,
    EvidencePage,
    Hit,
    IdentityPage,
    ImportsPage,
    MethodPage,
    NamedQuery,
    PersonPage,
    PortfolioFilter,
    PortfolioMap,
    PortfolioPage,
    QueryAnswer,
    ScoringRun,
    Viewer,
)

if TYPE_CHECKING:
    import datetime

    from graphmap.planning.departure import JointRetention
    from graphmap.planning.portfolio import Objective
    from graphmap.services.coverages import CoveragePage
    from graphmap.services.departures import DeparturePage, Leaving
    from graphmap.services.exposures import ExposurePage
    from graphmap.services.plans import PlanLine, PlanPage


class Services(Protocol):
    """Every question takes the viewer first. Unknown ids raise NotFoundError, no scoring run yet NotScoredError."""

    def latest_run(self, viewer: Viewer) -> ScoringRun | None: ...
    def portfolio(self, viewer: Viewer, wanted: PortfolioFilter) -> PortfolioPage: ...
    def portfolio_map(self, viewer: Viewer, wanted: PortfolioFilter) -> PortfolioMap: ...
    def account(self, viewer: Viewer, account: str) -> AccountPage: ...
    def evidence(
        self,
        viewer: Viewer,
        account: str,
        *,
        rep: str | None = None,
        contact: str | None = None,
        limit: int = 200,
    ) -> EvidencePage: ...
    def person(self, viewer: Viewer, person: str) -> PersonPage: ...
    def search(self, viewer: Viewer, text: str) -> tuple[Hit, ...]: ...
    def queries(self) -> tuple[NamedQuery, ...]: ...
    def run_query(self, viewer: Viewer, name: str, parameters: Mapping[str, object]) -> QueryAnswer: ...
    def run_cypher(self, viewer: Viewer, text: str) -> QueryAnswer: ...
    def identities(self, viewer: Viewer) -> IdentityPage: ...
    def decide_identity(self, viewer: Viewer, proposal: str, kind: str, reason: str) -> None: ...
    def undo_identity(self, viewer: Viewer, decision: str) -> None: ...
    def departure(
        self,
        viewer: Viewer,
        leaving: Leaving,
        joint: JointRetention = "linear",
        on: datetime.date | None = None,
    ) -> DeparturePage: ...
    def coverage(self, viewer: Viewer, account: str, limit: float | None = None) -> CoveragePage: ...
    def exposure(
        self, viewer: Viewer, *, k: int, objective: Objective = "exposure", currency: str | None = None
    ) -> ExposurePage: ...
    def save_handover(self, viewer: Viewer, leaving: Leaving, *, on: datetime.date | None) -> str: ...
    def save_coverage(self, viewer: Viewer, account: str, *, limit: float | None) -> str: ...
    def plans(self, viewer: Viewer) -> tuple[PlanLine, ...]: ...
    def plan(self, viewer: Viewer, plan: str) -> PlanPage: ...
    def tick(self, viewer: Viewer, plan: str, step: int, *, done: bool) -> None: ...
    def imports(self, viewer: Viewer) -> ImportsPage: ...
    def method(self, viewer: Viewer) -> MethodPage: ...
    def ready(self) -> str:
        """The store's name and data version where it answers; a StoreError where not."""
        ...
