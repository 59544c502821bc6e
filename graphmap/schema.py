"""The graph, declared once: node kinds with keys and properties, relationships with their ends.

DDL and upserts are generated from this in ``graphmap.store.statements``; the schema page in docs is ``as_markdown()``.
Types are what both servers store alike: text, int, float, bool and lists of one of these. Times are epoch milliseconds UTC.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

PropertyType = Literal["text", "int", "float", "bool", "texts", "ints", "floats", "bools"]

VERSION = 1
"""Version of the graph's shape; a store of another version is refused with the remedy."""


@dataclass(frozen=True, slots=True)
class Property:
    """One property: name, type and what it means (with its unit)."""

    name: str
    type: PropertyType
    about: str


@dataclass(frozen=True, slots=True)
class NodeKind:
    """One kind of node: its label, the property that identifies it, the others, and which of them are indexed."""

    label: str
    key: str
    about: str
    properties: tuple[Property, ...]
    indexed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RelationshipKind:
    """One kind of relationship. ``crowded`` is the end with many edges: a MERGE is written from the other one."""

    type: str
    start: str
    end: str
    about: str
    properties: tuple[Property, ...] = ()
    identity: tuple[str, ...] = ()
    """Properties that tell two edges of this kind between the same nodes apart."""
    crowded: Literal["start", "end"] = "end"


def _p(name: str, type_: PropertyType, about: str) -> Property:
    return Property(name, type_, about)


_MADE = _p("made", "bool", "true where no source lists it: made for an address or a domain")
_HASH = _p("hash", "text", "hash of everything resolved about it; only what differs is rewritten")
_SOURCES = _p("source_ids", "texts", "source:object:id of every record that states it")

NODES: tuple[NodeKind, ...] = (
    NodeKind(
        "Firm",
        "id",
        "a firm: ours, a customer (account), a partner or another",
        (
            _p("name", "text", "name"),
            _p("kind", "text", "own, account, partner or other"),
            _p("domains", "texts", "mail domains, lower case"),
            _p("segment", "text", "segment"),
            _p("industry", "text", "industry"),
            _p("territory", "text", "territory"),
            _p("team", "text", "team of ours that serves it"),
            _p("annual_value", "float", "value a year in currency"),
            _p("currency", "text", "ISO 4217"),
            _p("renewal_on", "text", "date of renewal, YYYY-MM-DD"),
            _SOURCES,
            _MADE,
            _HASH,
        ),
        ("kind",),
    ),
    NodeKind(
        "Person",
        "id",
        "a person of ours (rep) or theirs (contact)",
        (
            _p("name", "text", "name"),
            _p("title", "text", "title"),
            _p("department", "text", "department"),
            _p("seniority", "int", "0 user, 1 manager, 2 director, 3 executive"),
            _p("team", "text", "team"),
            _p("opt_out", "bool", "does not want to be contacted"),
            _SOURCES,
            _MADE,
            _HASH,
            _p("placed", "text", "hash of identities and affiliations; where it changes, ABOUT is renewed"),
        ),
    ),
    NodeKind(
        "Identity",
        "key",
        "one address, source id, channel or unnamed contact; interactions hang on these",
        (
            _p("kind", "text", "mail, id, channel or account"),
            _p("value", "text", "the address or id itself"),
        ),
    ),
    NodeKind(
        "Interaction",
        "id",
        "one email, meeting, call, order or message (metadata only)",
        (
            _p("kind", "text", "email, call, meeting, order or message"),
            _p("at", "int", "epoch ms UTC"),
            _p("direction", "text", "in, out, mutual as stated; absent = decided by the sender"),
            _p("thread", "text", "conversation id"),
            _p("stated", "texts", "who states it, each with the hash of what it states now: source|hash"),
            _p("run", "text", "import run of the newest statement"),
            _p("batch", "text", "run and number; the touch log is pulled by it"),
            _p("hash", "text", "hash of its content"),
            _p(
                "statements",
                "texts",
                "where there are several: all of them as JSON, oldest first; undo takes them back",
            ),
            _p("statement_runs", "texts", "the runs that brought them"),
            _p(
                "apart",
                "texts",
                "ids of the interactions that were split from it: other mails under the same id",
            ),
            _p("split_from", "text", "the interaction that holds the statements this one follows from"),
        ),
        ("batch", "run"),
    ),
    NodeKind(
        "Opportunity",
        "id",
        "a deal",
        (
            _p("name", "text", "name"),
            _p("amount", "float", "amount in currency"),
            _p("currency", "text", "ISO 4217"),
            _p("stage", "text", "stage"),
            _p("status", "text", "open, won or lost"),
            _p("opened_on", "text", "YYYY-MM-DD"),
            _p("close_on", "text", "YYYY-MM-DD"),
            _SOURCES,
            _HASH,
        ),
    ),
    NodeKind(
        "Run",
        "id",
        "one import or scoring run",
        (
            _p("kind", "text", "import, score, undo or forget"),
            _p("sequence", "int", "1, 2, 3, ... in the order of starting"),
            _p("state", "text", "running, interrupted, finished or undone"),
            _p("started_at", "int", "epoch ms UTC"),
            _p("finished_at", "int", "epoch ms UTC"),
            _p("author", "text", "who ran it"),
            _p("fingerprint", "text", "hash of files, importers and options: the same import is resumed"),
            _p("batches", "int", "interaction batches written so far"),
            _p("files", "text", "balance per file as JSON"),
            _p("counts", "text", "forget: how much went from which place, as JSON; never about whom"),
            _p("as_of", "int", "scoring: T, epoch ms UTC"),
            _p("formula", "text", "scoring: version of the formula"),
            _p("baseline", "float", "scoring: s0"),
            _p("half_life_days", "float", "scoring: h"),
            _p("config_hash", "text", "scoring: hash of every setting that enters the number"),
            _p("config", "text", "scoring: those settings as JSON"),
        ),
        ("kind",),
    ),
    NodeKind(
        "Assessment",
        "id",
        "the numbers of one account in one scoring run",
        (
            _p("run", "text", "scoring run"),
            _p("firm", "text", "account id"),
            _p("status", "text", "ok, unknown or no_data"),
            _p("band", "text", "firm, shared, leaning, dependent or captive"),
            _p("dependence", "float", "D, 0-100"),
            _p("lower", "float", "5 % point, 0-100"),
            _p("upper", "float", "95 % point, 0-100"),
            _p("effective_sample", "float", "n_eff"),
            _p("top_rep", "text", "person id"),
            _p("split_top_rep", "float", "0-100"),
            _p("split_other_reps", "float", "0-100"),
            _p("split_firm", "float", "0-100"),
            _p("plain_share", "float", "0-100"),
            _p("effective_reps", "float", "exp of entropy of personal shares"),
            _p("contact_dependence", "float", "0-100"),
            _p("effective_contacts", "float", "exp of entropy of votes"),
            _p("active_reps", "int", "named reps with an active tie"),
            _p("active_contacts", "int", "contacts with an active tie"),
            _p("connectivity", "int", "people on either side who must leave to cut every active tie"),
            _p(
                "bus_factor", "int", "reps whose leaving takes half or more; absent = even all of them do not"
            ),
            _p("orphaned_share", "float", "0-100"),
            _p("lost_contact_share", "float", "0-100"),
            _p("cell_ours", "text", "single, multi, none or unknown"),
            _p("cell_theirs", "text", "single, multi, none or unknown"),
            _p("last_two_way_at", "int", "epoch ms UTC"),
            _p("interactions", "int", "interactions that give credit"),
            _p(
                "reps_known",
                "int",
                "of ours with a tie here, or its owner; absent = no mailbox or calendar is connected",
            ),
            _p("reps_connected", "int", "of those, with a connected mailbox or calendar"),
            _p("trend", "float", "points D gained within 90 days; absent = not known at both ends"),
            _p("trend_direction", "text", "rising, falling, steady or unknown"),
            _p("cut_people", "texts", "person ids whose leaving alone cuts every active tie"),
            _p("finding_rules", "texts", "rules that fired"),
            _p("finding_severities", "texts", "their severities"),
            _p("finding_sentences", "texts", "their sentences"),
            _p("rep_ids", "texts", "named reps with a share"),
            _p("rep_shares", "floats", "P x 100"),
            _p("rep_strengths", "floats", "sum of their ties"),
            _p("contact_ids", "texts", "contacts with a tie"),
            _p("contact_weights", "floats", "vote x 100"),
            _p("contact_strengths", "floats", "S"),
            _p("tie_reps", "texts", "rep ids or FIRM, one per tie"),
            _p("tie_contacts", "texts", "contact ids"),
            _p("tie_strengths", "floats", "s"),
            _p("tie_inbound", "floats", "I"),
            _p("tie_outbound", "floats", "O"),
            _p("tie_other", "floats", "X"),
            _p("tie_first_at", "ints", "epoch ms UTC"),
            _p("tie_last_at", "ints", "epoch ms UTC"),
            _p("tie_interactions", "ints", "how many"),
        ),
        ("run",),
    ),
    NodeKind(
        "Finding",
        "id",
        "a rule that fired for an account in a scoring run",
        (
            _p("run", "text", "scoring run"),
            _p("firm", "text", "account id"),
            _p("rule", "text", "name of the rule"),
            _p("severity", "text", "critical, high, watch, positive, info or blocks"),
            _p("sentence", "text", "what it says"),
        ),
        ("run",),
    ),
    NodeKind(
        "Record",
        "id",
        "one version of one row of master data, as one source stated it",
        (
            _p("key", "text", "source, object and source id"),
            _p("source", "text", "source instance"),
            _p("object", "text", "object in the source"),
            _p(
                "kind",
                "text",
                "firms, people, affiliations, opportunities, opportunity_roles, account_team, display_names, bounces or gone",
            ),
            _p("run", "text", "import run"),
            _p("ordinal", "int", "sequence of the run x 1e9 + place in it: files by path, then line"),
            _p("file", "text", "file as given"),
            _p("line", "int", "1-based line"),
            _p("hash", "text", "hash of the payload"),
            _p("payload", "text", "the record as JSON"),
            _p("importer", "text", "importer that read it"),
            _p("closed", "text", "why the row counts as ended though its source did not say so"),
        ),
        ("key", "run"),
    ),
    NodeKind(
        "Cursor",
        "id",
        "how far an import run has come in one part",
        (
            _p("run", "text", "import run"),
            _p("part", "text", "file and object"),
            _p("offset", "int", "byte where the next record begins"),
            _p("line", "int", "last line done"),
            _p("counts", "text", "balance so far as JSON"),
            _p("done", "bool", "part finished"),
        ),
        ("run",),
    ),
    NodeKind(
        "Rejected",
        "id",
        "a source record that was set aside",
        (
            _p("run", "text", "import run"),
            _p("source", "text", "source instance"),
            _p("file", "text", "file as given"),
            _p("position", "text", "where it stands"),
            _p("line", "int", "1-based line"),
            _p("column", "text", "column"),
            _p("value", "text", "value, at most 200 characters"),
            _p("code", "text", "reason as a code"),
            _p("message", "text", "reason in words"),
            _p("remedy", "text", "what to do"),
            _p("raw", "text", "the row as it stood"),
            _p("header", "text", "the header that fits it"),
            _p("state", "text", "open, fixed, superseded or ignored"),
            _p("importer", "text", "importer"),
            _p("object", "text", "kind of part"),
        ),
        ("run",),
    ),
    NodeKind(
        "Decision",
        "id",
        "what a human decided: a fact with author and time that wins over rules and imports",
        (
            _p("kind", "text", "what was decided, e.g. set"),
            _p("identity", "text", "identity key it speaks of"),
            _p("field", "text", "field"),
            _p("value", "text", "value"),
            _p("author", "text", "who"),
            _p("at", "int", "epoch ms UTC"),
            _p("reason", "text", "why"),
            _p("expires_at", "int", "epoch ms UTC"),
            _p("withdrawn_at", "int", "epoch ms UTC: taken back, it says nothing since"),
            _p("withdrawn_by", "text", "who took it back"),
        ),
        ("identity",),
    ),
    NodeKind(
        "Proposal",
        "id",
        "derived: two people who may be one, for a human to decide",
        (
            _p("one", "text", "person id"),
            _p("other", "text", "person id"),
            _p("keys", "texts", "the two identities that a decision would name"),
            _p("score", "int", "0-100"),
            _p("reasons", "texts", "why they may be one, in words"),
        ),
    ),
    NodeKind(
        "Suppressed",
        "id",
        "keyed hash of an identity that must not come back",
        (
            _p("at", "int", "epoch ms UTC"),
            _p("author", "text", "who"),
        ),
    ),
    NodeKind(
        "State",
        "id",
        "one row about the store itself: version, lock, baseline, whether the master data is settled",
        (
            _p("value", "text", "JSON"),
            _p("holder", "text", "who holds it"),
            _p("until", "int", "epoch ms UTC"),
            _p("number", "float", "value"),
            _p("count", "int", "counter"),
        ),
    ),
)

_VIA = _p("via", "text", "the identity that stated it")
_DATES = (
    _p("valid_from", "text", "first day, YYYY-MM-DD; absent = always"),
    _p("valid_to", "text", "first day after; absent = open"),
)

RELATIONSHIPS: tuple[RelationshipKind, ...] = (
    RelationshipKind("KNOWN_AS", "Person|Firm", "Identity", "who is behind an identity", crowded="start"),
    RelationshipKind(
        "WORKS_AT",
        "Person",
        "Firm",
        "an affiliation",
        (
            _p("title", "text", "title"),
            _p("department", "text", "department"),
            _p("seniority", "int", "0-3"),
            *_DATES,
            _p(
                "precedence",
                "int",
                "of several valid ones from the same day the larger wins: later row, affiliations over people",
            ),
            _VIA,
            _p(
                "read_from_title",
                "text",
                "which rules read seniority or department from the title; absent = stated",
            ),
            _p("ended_by", "text", "what the end was inferred from; absent = stated"),
        ),
        ("via", "precedence"),
    ),
    RelationshipKind(
        "TOOK_PART",
        "Identity",
        "Interaction",
        "took part in a role",
        (
            _p(
                "role",
                "text",
                "from, to, cc, bcc, organizer, attendee, declined, caller, callee, owner, channel or account",
            ),
            _p("place", "int", "place among the participants"),
        ),
        crowded="start",
    ),
    RelationshipKind("ABOUT", "Interaction", "Firm", "derived: an account whose people took part"),
    RelationshipKind("OWNS", "Person", "Firm", "owner in the CRM", (_VIA,), crowded="start"),
    RelationshipKind(
        "SERVES",
        "Person",
        "Firm",
        "member of the account team",
        (_p("role", "text", "role"), _VIA),
        ("role",),
    ),
    RelationshipKind("REPORTS_TO", "Person", "Person", "manager", (_VIA,)),
    RelationshipKind("PART_OF", "Firm", "Firm", "subsidiary of"),
    RelationshipKind(
        "ROLE_IN", "Person", "Opportunity", "part in a deal", (_p("role", "text", "role"), _VIA), ("role",)
    ),
    RelationshipKind("FOR", "Opportunity", "Firm", "whose deal it is"),
    RelationshipKind("HANDLES", "Person", "Opportunity", "owner of a deal", (_VIA,), crowded="start"),
    RelationshipKind("STATES", "Record", "Firm|Person|Opportunity", "what a row of master data speaks of"),
    RelationshipKind(
        "TIE",
        "Person|Firm",
        "Person|Firm",
        "derived: all touches of a rep (or the firm) and a contact at an account",
        (
            _p("account", "text", "account id"),
            _p("strength", "float", "s, fresh two-way mails"),
            _p("inbound", "float", "I"),
            _p("outbound", "float", "O"),
            _p("other", "float", "X"),
            _p("last_at", "int", "epoch ms UTC"),
            _p("run", "text", "scoring run"),
        ),
        ("account",),
        crowded="start",
    ),
    RelationshipKind("OF", "Assessment", "Firm", "whose assessment it is"),
    RelationshipKind("RAISED", "Assessment", "Finding", "what fired", crowded="start"),
)

NODE_BY_LABEL: Mapping[str, NodeKind] = {kind.label: kind for kind in NODES}
RELATIONSHIP_BY_TYPE: Mapping[str, RelationshipKind] = {kind.type: kind for kind in RELATIONSHIPS}


def as_markdown() -> str:
    """The schema page of the docs.

    >>> as_markdown().splitlines()[0]
    '# The graph schema'
    """
    lines = [
        "# The graph schema",
        "",
        f"Version {VERSION}. Generated from `graphmap/schema.py`; do not edit by hand (`make docs` writes it, a test compares).",
        "Times are epoch milliseconds UTC, dates text `YYYY-MM-DD`, an absent property means unknown.",
        "",
        "## Nodes",
    ]
    for kind in NODES:
        lines += [
            "",
            f"### `(:{kind.label})`",
            "",
            f"{kind.about[0].upper()}{kind.about[1:]}. Key: `{kind.key}`.",
        ]
        if kind.indexed:
            lines += ["", "Indexed: " + ", ".join(f"`{name}`" for name in kind.indexed) + "."]
        lines += ["", "| property | type | meaning |", "|---|---|---|"]
        lines += [f"| `{p.name}` | {p.type} | {p.about} |" for p in kind.properties]
    lines += ["", "## Relationships", "", "| pattern | meaning | properties |", "|---|---|---|"]
    for rel in RELATIONSHIPS:
        start, end = rel.start.replace("|", "\\|"), rel.end.replace("|", "\\|")
        properties = "; ".join(f"`{p.name}` {p.type}: {p.about}" for p in rel.properties)
        lines.append(f"| `(:{start})-[:{rel.type}]->(:{end})` | {rel.about} | {properties} |")
    return "\n".join(lines) + "\n"
