"""A made-up portfolio behind the questions of the site: rich, deterministic, without a store."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from graphmap.errors import (
    ConfigError,
    NotFoundError,
    NotScoredError,
    QueryFailedError,
    QueryRefusedError,
    StoreUnavailableError,
)
from graphmap.planning.backtest import BackTest, Case, Verdict
from graphmap.scoring.replies import Replies
from graphmap.scoring.stability import Shift
from graphmap.services import values as v
from graphmap.services.coverages import CoveragePage, IntroductionLine
from graphmap.services.departures import (
    Covered,
    DepartureLine,
    DeparturePage,
    Exposure,
    Leaving,
    Standing,
    Through,
)
from graphmap.services.exposures import AbsenceLine, ExposedAccount, ExposurePage
from graphmap.services.handovers import HandoverLine, StepLine, SuccessorLine
from graphmap.services.history import ChangedAccount, ComparePage, Then, TrendPage, TrendPoint
from graphmap.services.plans import PlanLine, PlannedContact, PlannedStep, PlanPage, Progress
from graphmap.services.served import DepartmentPart, ServedPage, TheirDepartment
from graphmap.services.trust import BackTestPage, StabilityPage
from graphmap.services.verifying import Verify, VerifyPage
from graphmap.services.warmpaths import PathLine, PathPage

AS_OF = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
RUN = v.ScoringRun("score-7", "2026-11-20T08:00:00Z", "1", 0.42, 180.0, "embedded:", "c0ffee")
REPS = (
    "Anna Berg", "Tom Becker", "Dana Cole", "Marta Ruiz", "Liam O’Neill", "Aiko Sato", "Noor Rahman", "Erik Holm",
    "Bianca Conti", "Samir Patel", "Chloe Martin", "Diego Vega",
)  # fmt: skip
TITLES = (
    "Account executive",
    "Solution engineer",
    "Customer success",
    "VP Sales",
    "Support lead",
    "Field marketing",
)
DEPARTMENTS = ("Sales", "Engineering", "Customer success", "Sales", "Support", "Marketing")
FIRST = [
    "Helix",
    "Nordwind",
    "Apex",
    "Cedar",
    "Delta",
    "Ember",
    "Fjord",
    "Granite",
    "Harbor",
    "Indigo",
    "Juniper",
    "Keystone",
    "Lumen",
    "Maple",
    "Nimbus",
    "Orchid",
]
SECOND = [
    "Manufacturing",
    "Logistics",
    "Energy",
    "Foods",
    "Health",
    "Systems",
    "Textiles",
    "Bank",
    "Retail",
    "Motors",
]
STAFF = (
    ("Helen Voss", "Chief executive", "Executive", 3), ("Rajiv Menon", "Chief financial officer", "Executive", 3),
    ("Ines Okafor", "Head of procurement", "Procurement", 2), ("Paul Lindqvist", "Category manager", "Procurement", 1),
    ("Karim Aziz", "IT director", "Information technology", 2), ("Yuki Tanaka", "Platform lead", "Information technology", 1),
    ("Sofia Brandt", "Systems engineer", "Information technology", 0), ("Leo Marchetti", "Security architect", "Information technology", 0),
    ("Grace Adeyemi", "Plant manager", "Operations", 1), ("Jonas Weber", "Process engineer", "Operations", 0),
    ("Ana Pires", None, None, None),
)  # fmt: skip


def stamp(days: float) -> str:
    """A time so many days before the data end."""
    return (AS_OF - timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")


def band(dependence: float) -> str:
    """The band of a dependence."""
    return ("firm", "shared", "leaning", "dependent", "captive")[min(int(dependence // 20), 4)]


def line(
    index: int, rng: random.Random, named: str | None = None
) -> tuple[v.AccountLine, list[tuple[int, float, bool]]]:
    """One account and the shares of its reps."""
    ident = f"acc-{index:03}"
    name = named or f"{FIRST[index % 16]} {SECOND[(index * 7 + index // 16) % 10]}"
    status = "no_data" if index % 15 == 14 else "unknown" if index % 9 == 7 else "ok"
    owner = v.Named(f"rep-{index % 12}", REPS[index % 12])
    base = {
        "id": ident,
        "source_ids": (f"crm:{index}",),
        "name": name,
        "owner": None if index % 11 == 10 else owner,
        "annual_value": None if index % 13 == 12 else round(20_000 + 40_000 * rng.paretovariate(1.3)),
        "currency": None if index % 13 == 12 else ("EUR", "EUR", "USD")[index % 3],
        "segment": ("Enterprise", "Mid-market", "Small")[index % 3],
        "territory": ("North", "South")[index % 2],
        "team": ("Blue", "Green")[index // 2 % 2],
        "reps_known": 3 if index % 2 else None,
        "reps_connected": 2 if index % 2 else None,
        "renewal_on": None if index % 4 == 3 else f"2027-{index % 12 + 1:02}-28",
        "orphaned_share": 0.0 if index % 5 else 12.5,
        "lost_contact_share": 0.0,
    }
    if status == "no_data":
        return v.AccountLine(
            **base, status=status, band=None, dependence=None, lower=None, upper=None, effective_sample=0.0, top_rep=None,
            split=v.Split(None, None, None), plain_share=None, effective_reps=None, contact_dependence=None,
            effective_contacts=None, active_reps=0, active_contacts=0, connectivity=0, bus_factor=None,
            cell=v.Cell("unknown", "unknown"), findings=(), last_two_way_at=None, interactions=0,
        ), []  # fmt: skip
    solo = index % 5 in {0, 2}
    firm_only = index == 19
    top = 0.0 if firm_only else round(rng.uniform(64, 90) if solo else rng.uniform(22, 58), 4)
    firm = 100.0 if firm_only else round((100 - top) * (0.55 if index == 0 else 1.0 if solo else 0.25), 4)
    others = max(round(100 - top - firm, 4), 0.0)
    shares: list[tuple[int, float, bool]] = [] if firm_only else [(index % 12, top, True)]
    if index == 0:
        shares += [(2, others * 0.8, True), (1, others * 0.15, False), (3, others * 0.05, False)]
    elif others > 0:
        shares += [
            ((index + 1) % 12, others * 0.7, True),
            ((index + (3 if index % 2 else 5)) % 12, others * 0.3, index % 4 > 1),
        ]
    wide = 38 if status == "unknown" else 9
    findings: list[v.FindingLine] = []
    ours = "unknown" if status == "unknown" else "none" if firm_only else "single" if solo else "multi"
    if status == "ok" and solo:
        level = "critical" if top >= 80 else "high"
        findings.append(
            v.FindingLine(
                "single_threaded_us", level, f"{top:.0f} % of the relationship runs through one rep."
            )
        )
        findings.append(
            v.FindingLine("only_one_active_rep", "watch", "Only one of our people has an active tie.")
        )
    if status == "unknown":
        findings.append(
            v.FindingLine("only_one_active_rep", "info", "Only one of our people has an active tie.")
        )
    if index % 6 == 1:
        findings.append(v.FindingLine("owner_mismatch", "info", "The owner is hardly in touch."))
    return v.AccountLine(
        **base, status=status, band=band(top), dependence=top, lower=max(top - wide, 0.0), upper=min(top + wide, 99.5),
        effective_sample=4.2 if status == "unknown" else 31.5, top_rep=None if firm_only else owner,
        split=v.Split(top, others, firm), plain_share=0.0 if firm_only else min(top + 6, 100.0),
        effective_reps=None if firm_only else 1.0 if solo else 2.3, contact_dependence=41.0, effective_contacts=3.4,
        active_reps=0 if firm_only else 1 if solo else 2, active_contacts=4, connectivity=1 if solo else 2,
        bus_factor=None if firm_only else 1 if solo else 2, cell=v.Cell(ours, "unknown" if status == "unknown" else "multi"),
        findings=tuple(findings), last_two_way_at=stamp(3 + index), interactions=120 + index,
    ), shares  # fmt: skip


class SampleServices:
    """The questions, answered from memory. ``names`` replaces names of accounts and people (hostile texts)."""

    def __init__(
        self, count: int = 60, *, hostile: tuple[str, ...] = (), scored: bool = True, up: bool = True
    ) -> None:
        rng = random.Random(11)
        self.scored, self.up = scored, up
        self.hostile = hostile
        self.decided: list[tuple[str, str, str]] = []
        pairs = [line(index, rng, "Helix Manufacturing" if index == 0 else None) for index in range(count)]
        self.rep_names = [self.text(index, name) for index, name in enumerate(REPS)]
        self.lines: list[v.AccountLine] = []
        self.shares: dict[str, list[tuple[int, float, bool]]] = {}
        for index, (account, shares) in enumerate(pairs):
            changed = dataclasses.replace(
                account,
                id=self.text(index, account.id, extra="#" + str(index)),
                name=self.text(index, account.name),
                owner=account.owner and self.rep(index % 12),
                top_rep=account.top_rep and self.rep(index % 12),
                segment=self.text(index, account.segment or ""),
                findings=tuple(
                    dataclasses.replace(finding, sentence=self.text(index + 1, finding.sentence))
                    for finding in account.findings
                ),
            )
            self.lines.append(changed)
            self.shares[changed.id] = shares
        self.seen: list[v.PortfolioFilter] = []

    def text(self, index: int, plain: str, extra: str = "") -> str:
        return self.hostile[index % len(self.hostile)] + extra if self.hostile else plain

    def rep(self, index: int) -> v.Named:
        return v.Named(f"rep-{index}", self.rep_names[index])

    def check(self) -> None:
        if not self.up:
            raise StoreUnavailableError(
                "the embedded server does not answer", remedy="run graphmap store status"
            )
        if not self.scored:
            raise NotScoredError("there is no scoring run yet", remedy="run graphmap import PATH")

    def latest_run(self, viewer: v.Viewer) -> v.ScoringRun | None:
        if not self.up:
            raise StoreUnavailableError("the embedded server does not answer")
        return RUN if self.scored else None

    def matching(self, wanted: v.PortfolioFilter) -> list[v.AccountLine]:
        cells = dict(part.split(":") for part in wanted.cell.split(",") if part)
        found = [
            account
            for account in self.lines
            if wanted.q.casefold() in account.name.casefold()
            and wanted.band in {"", account.band}
            and wanted.status in {"", account.status}
            and (not wanted.flag or wanted.flag in {finding.rule for finding in account.findings})
            and wanted.owner in {"", account.owner.id if account.owner else None}
            and wanted.segment in {"", account.segment}
            and wanted.territory in {"", account.territory}
            and wanted.team in {"", account.team}
            and cells.get("ours", account.cell.ours) == account.cell.ours
            and cells.get("theirs", account.cell.theirs) == account.cell.theirs
        ]
        field, down = wanted.sort.removeprefix("-"), wanted.sort.startswith("-")
        known = [account for account in found if getattr(account, field) is not None]
        known.sort(key=lambda account: getattr(account, field), reverse=down)
        return known + [account for account in found if getattr(account, field) is None]

    def figures(self) -> v.KeyFigures:
        single = [account for account in self.lines if account.cell.ours == "single"]
        sums = []
        for currency in sorted({account.currency for account in self.lines if account.currency}):
            total = sum(a.annual_value or 0 for a in self.lines if a.currency == currency)
            sums.append(
                v.Sums(currency, total, sum(a.annual_value or 0 for a in single if a.currency == currency))
            )
        kinds = ("firm", "shared", "leaning", "dependent", "captive")
        bands = [(kind, sum(a.band == kind and a.status == "ok" for a in self.lines)) for kind in kinds]
        bands += [(kind, sum(a.status == kind for a in self.lines)) for kind in ("unknown", "no_data")]
        count = dict(bands)
        return v.KeyFigures(
            len(self.lines), len(single), count["unknown"], count["no_data"], 1.7, tuple(sums), tuple(bands)
        )

    def portfolio(self, viewer: v.Viewer, wanted: v.PortfolioFilter) -> v.PortfolioPage:
        self.check()
        self.seen.append(wanted)
        found = self.matching(wanted)
        start = (wanted.page - 1) * wanted.per_page
        return v.PortfolioPage(
            RUN, self.figures(), tuple(found[start : start + wanted.per_page]), len(found),
            max(-(-len(found) // wanted.per_page), 1), wanted, tuple(self.rep(i) for i in range(12)),
            tuple(sorted({a.segment or "" for a in self.lines})), ("North", "South"), ("Blue", "Green"),
            ("only_one_active_rep", "owner_mismatch", "single_threaded_us"),
        )  # fmt: skip

    def portfolio_map(self, viewer: v.Viewer, wanted: v.PortfolioFilter) -> v.PortfolioMap:
        self.check()
        found = self.matching(wanted)
        links = [
            v.MapLink(f"rep-{rep}", a.id, share, share / 4, active)
            for a in found
            for rep, share, active in self.shares[a.id]
        ]
        used = sorted({link.rep for link in links}, key=lambda rep: int(rep[4:]))
        reps = tuple(v.RepLine(rep, self.rep_names[int(rep[4:])], "Sales", 0.0, 0.0) for rep in used)
        return v.PortfolioMap(RUN, self.figures(), reps, tuple(found), tuple(links), wanted, 0)

    def find(self, account: str) -> int:
        for index, found in enumerate(self.lines):
            if found.id == account:
                return index
        raise NotFoundError(f"there is no account {account}")

    def account(self, viewer: v.Viewer, account: str) -> v.AccountPage:
        self.check()
        index = self.find(account)
        found, shares = self.lines[index], self.shares[account]
        reps = tuple(
            v.RepLine(
                f"rep-{rep}", self.rep_names[rep], DEPARTMENTS[rep % 6], share, round(share / 4, 3), TITLES[rep % 6],
                active=active, owner=rep == index % 12,
            )
            for rep, share, active in shares
        )  # fmt: skip
        contacts, ties = self.people_of(index, [rep for rep, _, _ in shares])
        top = found.top_rep
        through = tuple(
            v.ContactShare(contact.id, contact.name, (found.dependence or 0) * part)
            for contact, part in zip(contacts, (0.4, 0.3, 0.15, 0.1, 0.05), strict=False)
        )
        sentence = (
            f"{found.dependence:.0f} % of the relationship runs through {top.name}; "
            f"{found.split.other_reps:.0f} % other reps, {found.split.firm:.0f} % the firm."
            if top and found.dependence is not None
            else "No interaction counts yet."
            if found.status == "no_data"
            else "No named rep carries this account."
        )
        return v.AccountPage(
            RUN, found, reps, contacts, ties, found.split.firm, through if top else (),
            (top,) if top and found.connectivity == 1 else (), self.interactions(index, 12) if shares else (), 180.0, sentence,
            "Only 4.2 independent weeks of contact are known; 8 are needed." if found.status == "unknown" else None,
            12.5 if found.status == "ok" else None, "rising" if found.status == "ok" else "unknown", self.decided_here(index),
        )  # fmt: skip

    def people_of(
        self, index: int, reps: list[int]
    ) -> tuple[tuple[v.ContactLine, ...], tuple[v.TieLine, ...]]:
        if self.lines[index].status == "no_data":
            return (), ()
        staff = STAFF if index == 0 else STAFF[index % 4 : index % 4 + 5]
        ties: list[v.TieLine] = []
        for place, _ in enumerate(staff):
            contact = f"con-{index}-{place}"
            for order, rep in enumerate(reps):
                if place in {6 + order, 7, 9} or (place + order) % (order + 1) or (index == 0 and order > 0):
                    continue
                size = round(23 / (1 + place) / (1 + 3 * order), 3)
                ties.append(
                    v.TieLine(f"rep-{rep}", contact, size, size / 3, size / 4, size / 2, order < 2 and size > 0.8,
                              stamp(400), stamp(3 + 17 * place), 4 + place)
                )  # fmt: skip
            if place in {3, 5}:
                ties.append(v.TieLine("FIRM", contact, 1.5, 0.0, 0.0, 1.5, True, stamp(300), stamp(20), 9))
        if index == 0:
            ties.append(
                v.TieLine("rep-1", f"con-0-{5}", 0.31, 0.1, 0.1, 0.11, False, stamp(500), stamp(231), 3)
            )
            ties.append(v.TieLine("rep-2", f"con-0-{8}", 0.9, 0.3, 0.3, 0.3, True, stamp(200), stamp(38), 6))
            ties.append(
                v.TieLine("rep-3", f"con-0-{0}", 0.12, 0.1, 0.0, 0.02, False, stamp(600), stamp(214), 2)
            )
        contacts = []
        for place, (name, title, department, level) in enumerate(staff):
            ident = f"con-{index}-{place}"
            mine = [tie for tie in ties if tie.contact == ident]
            total = sum(tie.strength for tie in mine)
            best = max((tie for tie in mine if tie.rep != "FIRM"), key=lambda tie: tie.strength, default=None)
            contacts.append(
                v.ContactLine(
                    ident, self.text(index + place, name), self.text(place, title) if title else None,
                    26.0 / (1 + place) if mine else 0.0, total, best.rep if best else None,
                    self.text(place // 2, department) if department else None, level,
                    active=any(tie.active for tie in mine), unnamed=index == 4 and place == 1,
                    last_at=max((tie.last_at for tie in mine), default=None),
                )
            )  # fmt: skip
        return tuple(contacts), tuple(ties)

    def interactions(self, index: int, count: int) -> tuple[v.InteractionLine, ...]:
        staff = STAFF if index == 0 else STAFF[index % 4 : index % 4 + 5]
        found = []
        for number in range(count):
            kind = ("meeting", "email", "call", "email", "order")[number % 5]
            theirs = number % min(len(staff), 5)
            found.append(
                v.InteractionLine(
                    f"int-{index}-{number}", stamp(2.5 + number * 6.3), kind,
                    ("in", "out")[number % 2] if kind == "email" else "mutual", (self.rep(index % 12),),
                    (v.Named(f"con-{index}-{theirs}", self.text(index + theirs, staff[theirs][0])),),
                )
            )  # fmt: skip
        return tuple(found)

    def evidence(
        self,
        viewer: v.Viewer,
        account: str,
        *,
        rep: str | None = None,
        contact: str | None = None,
        limit: int = 200,
    ) -> v.EvidencePage:
        page = self.account(viewer, account)
        index = self.find(account)
        tie = next((tie for tie in page.ties if tie.rep == rep and tie.contact == contact), None)
        if rep and contact and tie is None:
            raise NotFoundError("there is no such tie")
        us = (
            next((v.Named(r.id, r.name) for r in page.reps if r.id == rep), v.Named("FIRM", "The firm"))
            if rep
            else None
        )
        them = next((v.Named(c.id, c.name) for c in page.contacts if c.id == contact), None)
        return v.EvidencePage(
            RUN,
            v.Named(account, page.account.name),
            us,
            them,
            tie,
            self.interactions(index, 7),
            limit == 200 and index == 0,
        )

    def person(self, viewer: v.Viewer, person: str) -> v.PersonPage:
        if not self.up:
            self.check()
        kind, _, rest = person.partition("-")
        if kind == "rep" and rest.isdigit() and int(rest) < 12:
            number = int(rest)
            ties = tuple(
                v.PersonTie(
                    v.Named(a.id, a.name),
                    v.Named(f"con-{i}-0", self.text(i, "Helen Voss")),
                    5.75,
                    i % 3 > 0,
                    stamp(i),
                )
                for i, a in enumerate(self.lines)
                if i % 12 == number and a.status != "no_data"
            )
            firm = v.AffiliationLine(
                v.Named("own", "Our firm"), TITLES[number % 6], "Sales", 1, "2021-04-01", None
            )
            mails = (self.text(number, f"rep{number}@own.example"),)
            return v.PersonPage(
                RUN,
                self.rep(number),
                True,
                TITLES[number % 6],
                "Sales",
                mails,
                (firm,),
                ties,
                self.interactions(number, 5),
            )
        if kind == "con":
            first, second = (int(part) for part in rest.split("-"))
            found = self.account(viewer, self.lines[first].id)
            contact = found.contacts[second]
            ties = tuple(
                v.PersonTie(
                    v.Named(found.account.id, found.account.name),
                    v.Named(tie.rep, "The firm" if tie.rep == "FIRM" else self.rep_names[int(tie.rep[4:])]),
                    tie.strength, tie.active, tie.last_at,
                )
                for tie in found.ties
                if tie.contact == contact.id
            )  # fmt: skip
            firm = v.AffiliationLine(
                v.Named(found.account.id, found.account.name),
                contact.title,
                contact.department,
                2,
                None,
                None,
            )
            return v.PersonPage(
                RUN,
                v.Named(contact.id, contact.name),
                False,
                contact.title,
                contact.department,
                ("x@y.example",),
                (firm,),
                ties,
                (),
            )
        raise NotFoundError(f"there is no person {person}")

    def search(self, viewer: v.Viewer, text: str) -> tuple[v.Hit, ...]:
        low = text.casefold()
        hits = [
            v.Hit("account", a.id, a.name, a.segment or "") for a in self.lines if low in a.name.casefold()
        ]
        hits += [
            v.Hit("person", f"rep-{i}", n, "our side")
            for i, n in enumerate(self.rep_names)
            if low in n.casefold()
        ]
        return tuple(hits)

    def queries(self) -> tuple[v.NamedQuery, ...]:
        return (
            v.NamedQuery(
                "who_knows", "Who of ours knows somebody at an account?",
                (v.QueryParameter("account", "id of the account", None), v.QueryParameter("at_least", "strength", 0.5)),
                ("rep", "contact", "strength"), "MATCH (r:Person)-[t:TIE {account: $account}]->(c:Person)\nRETURN r, c, t.strength",
            ),
            v.NamedQuery("silent_accounts", "Which accounts were silent for long?", (v.QueryParameter("days", "days", 90),),
                         ("account", "days"), "MATCH (f:Firm) RETURN f"),
        )  # fmt: skip

    def run_query(self, viewer: v.Viewer, name: str, parameters: Mapping[str, object]) -> v.QueryAnswer:
        self.asked = (name, dict(parameters))
        cells = self.hostile or ("Anna Berg", "=1+1")
        return v.QueryAnswer(
            ("name", "node", "value"),
            tuple((c, {"labels": ["Firm"], "properties": {"name": c}}, 1.5) for c in cells),
            True,
            12,
        )

    def run_cypher(self, viewer: v.Viewer, text: str) -> v.QueryAnswer:
        if "DELETE" in text.upper():
            raise QueryRefusedError("the analyst door is read-only: DELETE", remedy="take DELETE out")
        if not text.strip():
            raise QueryFailedError("the statement is empty")
        return self.run_query(viewer, "cypher", {})

    def imports(self, viewer: v.Viewer) -> v.ImportsPage:
        name = self.text(3, "crm/firms.csv")
        files = (
            v.FileBalance(name, "canonical", 120, 100, 10, 4, 1, (("opted out", 2),), (("bad-date", 3),)),
            v.FileBalance("mail.mbox", "mbox", 900, 0, 0, 900, 0, (), (), skipped=True),
        )
        runs = (
            v.RunLine("score-7", "score", "finished", stamp(0.1), stamp(0.09), None, (), RUN.as_of),
            v.RunLine(
                "import-3", "import", "finished", stamp(1), stamp(0.99), self.text(2, "lea"), files, None
            ),
        )
        set_aside = (
            v.QuarantineLine("q1", name, "row 17", 17, "since", self.text(5, "31.02.2026"), "bad-date", "not a date", "open",
                             "give YYYY-MM-DD", "import-3"),
        )  # fmt: skip
        return v.ImportsPage(
            runs, set_aside, 3, ((self.text(1, "acme.example"), 41), ("mail.example", 3)), "embedded:",
            (v.CaptureLine(self.text(3, "mail:anna"), "mail", self.text(2, "anna@us.example"), stamp(400), stamp(3)),),
            ((self.text(0, "newsletter"), 812), ("list", 40)), 2,
        )  # fmt: skip

    def identities(self, viewer: v.Viewer) -> v.IdentityPage:
        pair = v.IdentityProposal(
            "p-1", v.Named("con-0-0", self.text(0, "Helen Voss")), v.Named("con-0-1", self.text(1, "H. Voss")),
            (self.text(2, "Chief executive"), "Helix"), (self.text(3, "h.voss@mail.example"),), ("id:con-0-0", "mail:x"), 74,
            (self.text(4, "the only two people with one full name"),),
        )  # fmt: skip
        decisions = tuple(
            v.IdentityDecision(
                f"d-{n}", kind, ("id:a", self.text(5, "mail:b@acme.example")), self.text(1, "lea"), stamp(2), self.text(2, "told us"), gone
            )
            for n, (kind, gone) in enumerate((("joined", None), ("apart", stamp(1))))
        )  # fmt: skip
        return v.IdentityPage((pair,), 3, decisions)

    def decide_identity(self, viewer: v.Viewer, proposal: str, kind: str, reason: str) -> None:
        if proposal != "p-1":
            raise NotFoundError(f"no pair {proposal} waits", remedy="look at the queue")
        self.decided.append((proposal, kind, reason))

    def undo_identity(self, viewer: v.Viewer, decision: str) -> None:
        self.decided.append((decision, "undo", ""))

    def decided_here(self, index: int) -> tuple[v.DecisionLine, ...]:
        """One decision of every kind at the first account."""
        about = v.Named("acc-000", "Helix")
        told = (
            ("accepted", "cut_person", None, None, None),
            ("set", None, "segment", self.text(1, "big"), None),
            ("through", None, None, None, self.rep(2)),
            ("not_at_all", None, None, None, None),
        )
        return tuple(
            v.DecisionLine(f"d-{n}", about, kind, whom, rule, field, value, self.text(2, "Mia"), stamp(n), self.text(3, "known"), stamp(-90) if n else None)
            for n, (kind, rule, field, value, whom) in enumerate(told)
        ) if index == 0 else ()  # fmt: skip

    def departure(self, viewer, leaving, joint="linear", on=None) -> DeparturePage:  # type: ignore[no-untyped-def]
        self.check()
        number = int(leaving.who[0].removeprefix("rep-"))
        if number > 11:
            raise NotFoundError(f"there is no person {leaving.who[0]}", remedy="give an id")
        who = self.rep(number)
        lines = []
        for i, a in enumerate(self.lines[number::12]):
            contact, other = (
                v.Named(f"con-{i}-0", self.text(i, "Helen Voss")),
                v.Named(f"con-{i}-1", self.text(i, "Rajiv Menon")),
            )
            known = Standing(a.dependence, a.lower, a.upper, a.band, a.status, a.split)
            gone = Standing(None, None, None, None, "no_data", v.Split(None, None, None))
            stays = tuple(
                Through(self.rep((number + k) % 12), 3.0 + k, k % 2 == 1, leaves=False)
                for k in range(1, 1 + i % 3)
            )
            money = (
                None
                if a.annual_value is None
                else Exposure(a.annual_value * 0.1, a.annual_value * 0.2, a.annual_value * 0.4, a.currency)
            )
            lines.append(
                DepartureLine(
                    a.id, a.name, known, gone if not stays else known, None if a.status == "no_data" else 40.0, money,
                    (contact,), (Covered(other, self.rep((number + 1) % 12)),) if stays else (),
                    (Through(who, 9.5, active=True, leaves=True), *stays), a.annual_value, a.currency,
                )
            )  # fmt: skip
        step = StepLine("2026-12-01", "joint_meeting", self.text(2, "They meet together."))
        successor = SuccessorLine(
            self.rep((number + 1) % 12), "active", self.text(1, "In touch already (an active tie).")
        )
        plan = tuple(
            HandoverLine(
                line.orphaned_contacts[0], v.Named(line.id, line.name), who, "ours", 30.0 / (k + 1),
                (successor,) * (k % 3), (step,) * (k % 2), "" if k % 3 else self.text(3, "No good successor."),
            )
            for k, line in enumerate(lines)
        )  # fmt: skip
        day = "2026-12-20" if on is None else on.isoformat()
        return DeparturePage(RUN, (who,), tuple(lines), joint, (0.15, 0.3, 0.5), day, plan)

    def person_exposure(self, viewer, who: str) -> DeparturePage:  # type: ignore[no-untyped-def]
        return self.departure(viewer, Leaving((who,)))

    def coverage(self, viewer, account, limit=None) -> CoveragePage:  # type: ignore[no-untyped-def]
        line = self.account(viewer, account).account
        step = IntroductionLine(
            self.rep(3), v.Named("con-0-2", self.text(0, "Ines Okafor")), self.text(1, "In touch with others there."),
            self.text(2, "She gets a direct line to support."), self.text(3, "Somebody introduces them."), 48.5,
        )  # fmt: skip
        steps = (step,) if line.status == "ok" else ()
        return CoveragePage(
            RUN, v.Named(line.id, line.name), line.status, line.top_rep, 60.0, line.dependence, line.lower, line.upper, 3.5, steps,
            reached=True, exact=True, gap=0,
        )  # fmt: skip

    def back_test(self, viewer) -> BackTestPage:  # type: ignore[no-untyped-def]
        self.check()
        case = Case(0, 0, 20_500, 0.7, 0.6, 3, 40, 12, -0.1, known=True)
        verdict = Verdict(0.81, 0.7, (0.11, 0.02, 0.2), 0.4, 9, 0.56, 0.5, 0.62)
        return BackTestPage(RUN, BackTest("conversations", (case,) * 24, 9, 2, (), verdict))

    def verify(self, viewer) -> VerifyPage:  # type: ignore[no-untyped-def]
        self.check()
        people = (
            Verify(
                v.Named("con-0-0", self.text(3, "Helen Voss")), v.Named("acc-000", self.text(0, "Helix")), "silent", "2026-03-02",
                self.text(1, "No answer, call, meeting or order since 2026-03-02; 3 mails of ours since."),
            ),
            Verify(self.rep(2), None, "title_changed", "2026-11-02", self.text(2, "The title changed.")),
        )  # fmt: skip
        return VerifyPage(RUN, people, 180)

    def still_there(self, viewer, who: str, reason: str) -> None:  # type: ignore[no-untyped-def]
        self.decided.append((who, "still_there", reason))

    def stability(self, viewer) -> StabilityPage:  # type: ignore[no-untyped-def]
        self.check()
        shifts = (
            Shift("scoring.weight_meeting", 2.25, 40, 0.971, 2, 1, 4.2),
            Shift("scoring.weight_meeting", 3.75, 0, None, 0, 0, 0.0),
        )
        return StabilityPage(RUN, shifts)

    def exposure(self, viewer, *, k, objective="exposure", currency=None) -> ExposurePage:  # type: ignore[no-untyped-def]
        self.check()
        accounts = tuple(ExposedAccount(v.Named(a.id, a.name), a.annual_value or 0.0) for a in self.lines[:5])
        people = tuple(self.rep(n) for n in range(min(k, 12)))
        absence = AbsenceLine(tuple(self.rep(n) for n in range(4)), 52.5, 3)
        return ExposurePage(
            RUN,
            objective,
            k,
            people,
            1_000_000.0,
            1_100_000.0,
            0.1,
            "milp",
            (0.15, 0.3, 0.5),
            currency or "EUR",
            7,
            accounts,
            absence,
        )

    def served(self, viewer, account) -> ServedPage:  # type: ignore[no-untyped-def]
        line = next((a for a in self.lines if a.id == account), None)
        if line is None:
            raise NotFoundError(f"there is no account {account}", remedy="graphmap accounts lists them")
        parts = (
            ()
            if line.status == "no_data"
            else (DepartmentPart(self.text(0, "Sales"), 60.0, True), DepartmentPart("Support", 20.0, False))
        )
        answers = (
            Replies(2.5, 12, None, 0, (("rep-0", 7), ("rep-1", 5)))
            if parts
            else Replies(None, 0, None, 0, ())
        )
        return ServedPage(
            RUN, v.Named(line.id, line.name), 9, 4, 3, 1, parts, 1.7 if parts else None, parts[0] if parts else None,
            (TheirDepartment(self.text(1, "Procurement"), 4, 2),) if parts else (), answers,
            ((self.rep(0), 7), (self.rep(1), 5)) if parts else (), "running", self.text(2, "in touch"), (self.text(3, "Marketing"),),
        )  # fmt: skip

    def path(self, viewer, target, *, start=None, k=5, by="product") -> PathPage:  # type: ignore[no-untyped-def]
        self.check()
        if not target.startswith("con-"):
            raise NotFoundError(f"there is no person {target}", remedy="give an id")
        whom = v.Named(target, self.text(0, "Helen Voss"))
        lines = tuple(
            PathLine(
                (self.rep(n), v.Named("con-0-1", self.text(1, "Rajiv Menon")), whom),
                0.5 / (n + 1),
                self.text(2, "They know each other."),
            )
            for n in range(2)
        )
        return PathPage(
            RUN,
            whom,
            None,
            () if target == "con-0-10" else lines,
            "" if target != "con-0-10" else self.text(3, "Not to be contacted."),
        )

    def compare(self, viewer, before, after) -> ComparePage:  # type: ignore[no-untyped-def]
        self.check()
        if after <= before:
            raise ConfigError("the days are the wrong way round", remedy="give the earlier one first")
        accounts = tuple(
            ChangedAccount(
                v.Named(a.id, a.name), Then("ok", "shared", 35.0, 21.0, 51.0), Then(a.status, a.band, a.dependence, a.lower, a.upper),
                ("cut_person",), (), ("single_threaded_us",), ("dormant",),
            )
            for a in self.lines[:9]
        )  # fmt: skip
        return ComparePage(RUN, f"{before}T23:59:59Z", f"{after}T23:59:59Z", accounts)

    def trend(self, viewer, account, months=12) -> TrendPage:  # type: ignore[no-untyped-def]
        line = next((a for a in self.lines if a.id == account), None)
        if line is None:
            raise NotFoundError(f"there is no account {account}", remedy="graphmap accounts lists them")
        points = tuple(
            TrendPoint(
                stamp(30 * (12 - k)),
                None if k == 0 else 40.0 + k,
                None if k == 0 else 30.0,
                None if k == 0 else 60.0,
                "no_data" if k == 0 else line.status,
            )
            for k in range(13)
        )
        known = line.status == "ok"
        return TrendPage(
            RUN,
            v.Named(line.id, line.name),
            points,
            12.5 if known else None,
            "rising" if known else "unknown",
            1.0,
        )

    def save_handover(self, viewer, leaving, *, on) -> str:  # type: ignore[no-untyped-def]
        self.decided.append(("handover", leaving.who[0], str(on)))
        return "d-1"

    def save_coverage(self, viewer, account, *, limit) -> str:  # type: ignore[no-untyped-def]
        self.decided.append(("coverage", account, str(limit)))
        return "d-1"

    def plans(self, viewer: v.Viewer) -> tuple[PlanLine, ...]:
        about = (self.rep(0),)
        return (
            PlanLine("d-1", "handover", about, "2026-12-20", self.text(4, "Mia"), stamp(3), 3, 1),
            PlanLine(
                "d-2",
                "coverage",
                (v.Named(self.lines[0].id, self.lines[0].name),),
                None,
                "Mia",
                stamp(1),
                1,
                0,
            ),
        )

    def plan(self, viewer: v.Viewer, plan: str) -> PlanPage:
        found = next((one for one in self.plans(viewer) if one.id == plan), None)
        if found is None:
            raise NotFoundError(f"there is no plan {plan}", remedy="graphmap plan list names them")
        steps = tuple(
            PlannedStep(
                n,
                f"2026-12-0{n}",
                "introduction",
                self.text(n, "They meet."),
                "Mia" if n == 1 else None,
                stamp(2) if n == 1 else None,
            )
            for n in (1, 2, 3)
        )
        states = (Progress("carried", self.rep(1), 4, stamp(1)), Progress("not_begun", None, 0, None))
        contacts = tuple(
            PlannedContact(
                v.Named(f"con-{k}-0", self.text(k, "Helen Voss")), v.Named(self.lines[k].id, self.lines[k].name), "ours",
                ((self.rep(1), self.text(k, "In touch already.")),), steps if k == 0 else (), self.text(k, "A note."), states[k],
            )
            for k in (0, 1)
        )  # fmt: skip
        return PlanPage(found, stamp(30), contacts)

    def tick(self, viewer: v.Viewer, plan: str, step: int, *, done: bool) -> None:
        self.plan(viewer, plan)
        self.decided.append((plan, str(step), str(done)))

    def method(self, viewer: v.Viewer) -> v.MethodPage:
        settings = (
            ("scoring.half_life_days", "180.0", "age at which a touch counts half"),
            ("scoring.baseline", "", self.text(0, "loyalty that nobody carries")),
            ("scoring.reciprocity", "0.8", "lambda: how much an answer counts against a one-way mail"),
        )
        return v.MethodPage(RUN if self.scored else None, settings)

    def ready(self) -> str:
        if not self.up:
            raise StoreUnavailableError(
                "the embedded server does not answer", remedy="run graphmap store status"
            )
        return "embedded arcadedb, version 3"
