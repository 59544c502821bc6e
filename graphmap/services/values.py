"""The frozen values that pages, commands and Python get: one answer, one value. Numbers follow the interface contract:

percentages 0-100 at full precision, ``None`` = not known, times ISO 8601 UTC, money in the account's own currency.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who asks: every question takes one, so that row scope, hidden people and audit come through one door."""

    name: str
    role: Literal["rep", "manager", "analyst", "admin"] = "admin"
    scope: tuple[str, ...] | None = None
    """Ids of the accounts this viewer may see; None = all."""


LOCAL_ADMIN = Viewer("local administrator")


@dataclass(frozen=True, slots=True)
class ScoringRun:
    """The scoring run that the numbers come from. ``as_of`` is the page's "data to"."""

    id: str
    as_of: str
    formula: str
    baseline: float | None
    half_life_days: float
    store: str
    config_hash: str


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody or some firm with the name to show."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Split:
    """Top rep, other reps, firm; sums to 100, or all None without data."""

    top_rep: float | None
    other_reps: float | None
    firm: float | None


@dataclass(frozen=True, slots=True)
class Cell:
    """Single or multi on our side and on theirs."""

    ours: str
    theirs: str


@dataclass(frozen=True, slots=True)
class FindingLine:
    """A rule that fired: severity critical, high, watch, info or blocks; one honest sentence."""

    rule: str
    severity: str
    sentence: str


@dataclass(frozen=True, slots=True)
class AccountLine:
    """One account as in ``graphmap accounts --json`` (the fields of the contract, same names, same order)."""

    id: str
    source_ids: tuple[str, ...]
    name: str
    owner: Named | None
    annual_value: float | None
    currency: str | None
    status: str
    band: str | None
    dependence: float | None
    lower: float | None
    upper: float | None
    effective_sample: float
    top_rep: Named | None
    split: Split
    plain_share: float | None
    effective_reps: float | None
    contact_dependence: float | None
    effective_contacts: float | None
    active_reps: int
    active_contacts: int
    connectivity: int
    bus_factor: int | None
    orphaned_share: float | None
    lost_contact_share: float | None
    cell: Cell
    findings: tuple[FindingLine, ...]
    last_two_way_at: str | None
    interactions: int
    segment: str | None = None
    territory: str | None = None
    team: str | None = None
    renewal_on: str | None = None
    reps_known: int | None = None
    """Of ours with a tie here, or its owner; None where nobody's mailbox or calendar is connected."""
    reps_connected: int | None = None
    """Of those, with a connected mailbox or calendar."""


@dataclass(frozen=True, slots=True)
class RepLine:
    """Our person (or the FIRM, id ``FIRM``) at one account: share of the whole 0-100, strength in fresh two-way mails."""

    id: str
    name: str
    department: str | None
    share: float
    strength: float
    title: str | None = None
    left: bool = False
    active: bool = False
    owner: bool = False


@dataclass(frozen=True, slots=True)
class ContactLine:
    """Their person at one account; ``weight`` = vote 0-100, ``best_rep`` = id of the strongest named rep (or None)."""

    id: str
    name: str
    title: str | None
    weight: float
    strength: float
    best_rep: str | None
    department: str | None = None
    seniority: int | None = None
    left: bool = False
    active: bool = False
    unnamed: bool = False
    last_at: str | None = None


@dataclass(frozen=True, slots=True)
class TieLine:
    """All touches of a rep-contact pair at one account; strengths as decayed sums. rep ``FIRM`` = the firm itself."""

    rep: str
    contact: str
    strength: float
    inbound: float
    outbound: float
    other: float
    active: bool
    first_at: str
    last_at: str
    interactions: int


@dataclass(frozen=True, slots=True)
class ContactShare:
    """One term of the dependence: how many of its points come through this contact (the terms add up to D)."""

    contact: str
    name: str
    points: float


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """One decision in force. ``kind`` not_at_all, through, accepted or set; ``through`` whom; ``rule`` the finding accepted.

    ``field`` and ``value``: what a correction set.
    """

    id: str
    about: Named
    kind: str
    through: Named | None
    rule: str | None
    field: str | None
    value: str | None
    author: str
    at: str
    reason: str
    until: str | None


@dataclass(frozen=True, slots=True)
class AccountPage:
    """Everything about one account. ``reps`` holds named reps only (no FIRM); ``roster`` = known contacts without any tie."""

    run: ScoringRun
    account: AccountLine
    reps: tuple[RepLine, ...]
    contacts: tuple[ContactLine, ...]
    ties: tuple[TieLine, ...]
    firm_share: float | None
    through: tuple[ContactShare, ...]
    cut_people: tuple[Named, ...]
    recent: tuple[InteractionLine, ...]
    half_life_days: float
    sentence: str
    """The flag in one sentence, e.g. "68 % of the relationship runs through Anna Berg; 21 % other reps, 11 % the firm"."""
    why_unknown: str | None
    """Why the dependence is not known yet, in one sentence; None where it is."""
    trend: float | None = None
    """Points gained within 90 days; None where it is not known at both ends."""
    trend_direction: str = "unknown"
    """rising, falling, steady or unknown."""
    decisions: tuple[DecisionLine, ...] = ()
    """What humans decided about this account and what is in force: corrections, accepted findings, contact rules."""


@dataclass(frozen=True, slots=True)
class InteractionLine:
    """One dated interaction: the evidence. ``direction``: in, out or mutual, as the number counts it."""

    id: str
    at: str
    kind: str
    direction: str
    ours: tuple[Named, ...]
    theirs: tuple[Named, ...]


@dataclass(frozen=True, slots=True)
class EvidencePage:
    """The dated interactions behind one tie (rep and contact given) or one account (both None), newest first."""

    run: ScoringRun
    account: Named
    rep: Named | None
    contact: Named | None
    tie: TieLine | None
    interactions: tuple[InteractionLine, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class Sums:
    """Money on accounts, per currency (never added across currencies)."""

    currency: str
    total: float
    single: float


@dataclass(frozen=True, slots=True)
class KeyFigures:
    """The portfolio in a few numbers. ``single`` = accounts whose cell ours is single."""

    accounts: int
    single: int
    unknown: int
    no_data: int
    median_effective_reps: float | None
    values: tuple[Sums, ...]
    bands: tuple[tuple[str, int], ...]
    """Counts for firm, shared, leaning, dependent, captive with status ok, then unknown, no_data."""


@dataclass(frozen=True, slots=True)
class PortfolioFilter:
    """State of the portfolio page, all of it in the URL. sort: a field of AccountLine, ``-`` in front = descending."""

    q: str = ""
    band: str = ""
    status: str = ""
    flag: str = ""
    cell: str = ""
    """``ours:single``, ``theirs:multi``, ... ; both joined by a comma."""
    owner: str = ""
    segment: str = ""
    territory: str = ""
    team: str = ""
    sort: str = "-dependence"
    page: int = 1
    per_page: int = 50


@dataclass(frozen=True, slots=True)
class PortfolioPage:
    """The portfolio: key figures of everything the viewer may see, and one page of the filtered, sorted accounts."""

    run: ScoringRun
    figures: KeyFigures
    lines: tuple[AccountLine, ...]
    matching: int
    pages: int
    filter: PortfolioFilter
    owners: tuple[Named, ...]
    segments: tuple[str, ...]
    territories: tuple[str, ...]
    teams: tuple[str, ...]
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MapLink:
    """A rep's share of an account on the portfolio map: ``share`` 0-100 of the whole."""

    rep: str
    account: str
    share: float
    strength: float
    active: bool


@dataclass(frozen=True, slots=True)
class PortfolioMap:
    """Reps and accounts of the portfolio with the links between them."""

    run: ScoringRun
    figures: KeyFigures
    reps: tuple[RepLine, ...]
    accounts: tuple[AccountLine, ...]
    links: tuple[MapLink, ...]
    filter: PortfolioFilter
    left_out: int
    """Accounts not drawn because the map holds at most a thousand nodes."""


@dataclass(frozen=True, slots=True)
class PersonPage:
    """A person: rep (their accounts in alphabetical order, never a ranking) or contact (who of ours knows them)."""

    run: ScoringRun | None
    person: Named
    ours: bool
    title: str | None
    department: str | None
    emails: tuple[str, ...]
    affiliations: tuple[AffiliationLine, ...]
    ties: tuple[PersonTie, ...]
    recent: tuple[InteractionLine, ...]


@dataclass(frozen=True, slots=True)
class AffiliationLine:
    """Where the person works or worked."""

    firm: Named
    title: str | None
    department: str | None
    seniority: int | None
    valid_from: str | None
    valid_to: str | None
    read_from_title: str | None = None
    """Which rules read seniority or department from the title; None where a source states them."""


@dataclass(frozen=True, slots=True)
class PersonTie:
    """One tie seen from a person: the other side and the account."""

    account: Named
    other: Named
    strength: float
    active: bool
    last_at: str


@dataclass(frozen=True, slots=True)
class Hit:
    """One search result."""

    kind: Literal["account", "person"]
    id: str
    name: str
    note: str


@dataclass(frozen=True, slots=True)
class QueryParameter:
    """A parameter of a named query with its default (None = must be given)."""

    name: str
    about: str
    default: str | int | float | None


@dataclass(frozen=True, slots=True)
class NamedQuery:
    """A ready question: its name, the question in words, its parameters, its columns, its Cypher text."""

    name: str
    question: str
    parameters: tuple[QueryParameter, ...]
    columns: tuple[str, ...]
    cypher: str


@dataclass(frozen=True, slots=True)
class QueryAnswer:
    """Rows of a read-only statement; ``truncated`` when the row limit cut it."""

    columns: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]
    truncated: bool
    elapsed_ms: int


@dataclass(frozen=True, slots=True)
class FileBalance:
    """One file of an import: read = new + updated + unchanged + duplicate + excluded + quarantined."""

    path: str
    importer: str
    read: int
    new: int
    updated: int
    unchanged: int
    duplicate: int
    excluded: tuple[tuple[str, int], ...]
    quarantined: tuple[tuple[str, int], ...]
    skipped: bool = False


@dataclass(frozen=True, slots=True)
class RunLine:
    """One import or scoring run. state: running, interrupted, finished, undone."""

    id: str
    kind: Literal["import", "score", "undo"]
    state: str
    started_at: str
    finished_at: str | None
    author: str | None
    files: tuple[FileBalance, ...]
    as_of: str | None


@dataclass(frozen=True, slots=True)
class QuarantineLine:
    """One record that was set aside."""

    id: str
    file: str
    position: str
    line: int | None
    column: str | None
    value: str | None
    code: str
    message: str
    state: str
    remedy: str | None = None
    run: str | None = None


@dataclass(frozen=True, slots=True)
class CaptureLine:
    """A source of interactions that is connected: from when to when (ISO 8601 UTC), and mostly whose, where it is one person's."""

    source: str
    importer: str
    mostly: str | None
    first_at: str
    last_at: str


@dataclass(frozen=True, slots=True)
class ImportsPage:
    """What was imported and what was set aside."""

    runs: tuple[RunLine, ...]
    quarantine: tuple[QuarantineLine, ...]
    quarantined: int
    unmatched_domains: tuple[tuple[str, int], ...]
    store: str
    coverage: tuple[CaptureLine, ...] = ()
    excluded: tuple[tuple[str, int], ...] = ()
    """What policy left out in all imports, by reason."""
    people_waiting: int = 0
    """Pairs of people that wait for a decision."""


@dataclass(frozen=True, slots=True)
class IdentityProposal:
    """Two people who may be one. ``one_is``, ``other_is``: title, firm and addresses, whatever is known; ``score`` 0-100."""

    id: str
    one: Named
    other: Named
    one_is: tuple[str, ...]
    other_is: tuple[str, ...]
    keys: tuple[str, str]
    score: int
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IdentityDecision:
    """What somebody decided about two identities; ``withdrawn_at`` where it was taken back. Times ISO 8601 UTC."""

    id: str
    kind: Literal["joined", "apart"]
    keys: tuple[str, str]
    author: str
    at: str
    reason: str
    withdrawn_at: str | None


@dataclass(frozen=True, slots=True)
class IdentityPage:
    """What is to be decided about who is who, and what was decided; ``waiting`` counts all."""

    proposals: tuple[IdentityProposal, ...]
    waiting: int
    decisions: tuple[IdentityDecision, ...]


@dataclass(frozen=True, slots=True)
class MethodPage:
    """The formula's parameters as they are set, for the method page."""

    run: ScoringRun | None
    settings: tuple[tuple[str, str, str], ...]
    """(name, value, help)"""
