"""Laws of importing, of drawn companies: order and splitting do not matter, again writes nothing, canonical files come back, undo is exact.

Every example imports into a real store, so a run draws few; ``GRAPHMAP_SOAK_LAWS=50`` draws so many per law and store.
"""

from __future__ import annotations

import itertools
import json
import os
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from graphmap.store import GraphStore
from tests.pipeline.kit import Cli, Tables, adds_up, current, rows, state_of, wiped, write

SOAK = os.environ.get("GRAPHMAP_SOAK_LAWS", "")
EXAMPLES = int(SOAK or "4")
# The fixtures open a store, which every example empties itself.
few = settings(
    max_examples=EXAMPLES,
    derandomize=not SOAK,  # few examples are the same ones every time; the soak draws others
    database=None,
    phases=(Phase.generate,),  # shrinking would import for minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
State = tuple[str, dict[str, list[str]]]
HOURS = "2026-0{}-1{}T0{}:00:00Z"


def drawn_subset(draw: st.DrawFn, pool: Sequence[str], most: int) -> list[str]:
    return draw(st.lists(st.sampled_from(pool), max_size=most, unique=True))


@st.composite
def companies(draw: st.DrawFn) -> Tables:
    """A firm of ours, accounts with none to two domains, people with none to two addresses, moves, deals, interactions.

    Ids of a table are distinct, as in an export. References may name what is not there, addresses anybody's.
    """
    accounts = [f"acc{n}" for n in range(draw(st.integers(1, 4)))]
    firms: list[tuple[object, ...]] = [("us", "Our Firm", "own", "us.example")]
    for n, account in enumerate(accounts):
        domains = ";".join(f"{account}{word}.example" for word in drawn_subset(draw, ("", "-eu"), 2))
        parent = draw(st.sampled_from(["", *accounts[:n]]))
        owner = draw(st.sampled_from(["", "r1", "RITA@us.example", "nobody@us.example"]))
        firms.append(
            (account, f"Firm {n}", draw(st.sampled_from(["account", "partner"])), domains, parent, owner)
        )
    people: list[tuple[object, ...]] = [
        ("r1", "Rita Roth", "rita@us.example", "us", "Account Executive", "sales"),
        ("r2", "Rob Rau", draw(st.sampled_from(["rob@us.example", "Rob@US.example;r.rau@us.example"])), "us"),
    ]
    contacts = [f"c{n}" for n in range(draw(st.integers(0, 4)))]
    for contact in contacts:
        emails = ";".join(drawn_subset(draw, (f"{contact}@acc0.example", f"{contact.upper()}@x.example"), 2))
        firm = draw(st.sampled_from(["", "us", *accounts, "missing"]))
        title = draw(st.sampled_from(["", "Head of Purchasing", "Einkauf"]))
        until = draw(st.sampled_from(["", "2026-03-01"]))
        people.append((contact, f"Contact {contact}", emails, firm, title, "", "", "", "", until))
    known = [
        "r1", "r2", *contacts, "rita@us.example", "ROB@us.example", "c0@acc0.example", "new@acc1.example",
        "who@acc0-eu.example", "sam@gmail.com", "info@acc0.example", "far@else.example",
    ]  # fmt: skip
    told: list[tuple[object, ...]] = []
    for number in range(draw(st.integers(1, 8))):
        kind, first, second = draw(
            st.sampled_from(
                [("email", "from", "to"), ("call", "caller", "callee"), ("meeting", "organizer", "attendee")]
            )
        )
        sides = draw(st.lists(st.sampled_from(known), min_size=2, max_size=4, unique=True))
        part = ";".join([f"{first}:{sides[0]}", *(f"{second}:{one}" for one in sides[1:])])
        if draw(st.integers(0, 5)) == 0:
            kind, part = "order", f"channel:portal;account:{draw(st.sampled_from(accounts))}"
        when = HOURS.format(draw(st.integers(1, 4)), draw(st.integers(0, 9)), draw(st.integers(0, 9)))
        told.append((f"i{number}", when, kind, "", part, draw(st.sampled_from(["", "t1", "t2"]))))
    return {
        "firms": rows("firms", *firms, columns="id name kind domains parent owner"),
        "people": rows(
            "people",
            *people,
            columns="id name emails firm title department seniority manager valid_from valid_to",
        ),
        "affiliations": rows(
            "affiliations",
            *((c, draw(st.sampled_from(accounts)), "", "", "", "2026-02-15") for c in contacts[:2]),
        ),
        "opportunities": rows(
            "opportunities", *((f"o{n}", f"Deal {n}", a, "r1") for n, a in enumerate(accounts[:2]))
        ),
        "opportunity_roles": rows("opportunity_roles", *(("o0", c, "champion") for c in contacts[:2])),
        "interactions": rows("interactions", *told),
    }


@st.composite
def pieces(draw: st.DrawFn, tables: Tables) -> list[tuple[str, list[dict[str, object]]]]:
    """The tables cut into one to three files each, in any order."""
    parts: list[tuple[str, list[dict[str, object]]]] = []
    for name, lines in tables.items():
        cuts = sorted(draw(st.lists(st.integers(0, len(lines)), max_size=2)))
        parts += [(name, lines[a:b]) for a, b in itertools.pairwise([0, *cuts, len(lines)])]
    return draw(st.permutations(parts))


def folders(where: Path, parts: Iterable[tuple[str, list[dict[str, object]]]]) -> list[Path]:
    """Every piece as a file of its own in a folder of its own, so that names do not tell the order."""
    root = Path(tempfile.mkdtemp(dir=where))
    return [write(root / f"{n}", {name: lines}) / f"{name}.csv" for n, (name, lines) in enumerate(parts)]


def taken(cli: Cli, *paths: Path | str) -> dict[str, Any]:
    """An import in which any share of rows may be set aside; the balance of every file and of all together adds up."""
    done = cli("import", *paths, "--json", "--no-score", "--max-rejects", "100")
    assert done.code in (0, 1), done.err
    known = done.json
    assert all(adds_up(one) for one in [*known["files"], known["totals"]]), known
    assert done.code == (1 if sum(known["totals"]["quarantined"].values()) else 0)
    return known


def fresh(cli: Cli, graph: GraphStore, *paths: Path) -> State:
    wiped(graph)
    taken(cli, *paths)
    return state_of(graph)


def meaning(state: State) -> dict[str, object]:
    """Digest and derived edges without places in files and hashes that contain them; of affiliations their order per person.

    Where a row stands (its file, its line, its import) is kept as precedence: it decides between rows of one person.
    """
    digest, found = state
    plain: dict[str, object] = {
        name: lines for name, lines in found.items() if name not in ("WORKS_AT", "STATES")
    }
    for name in ("PEOPLE", "FIRMS"):
        nodes = [json.loads(line)[0] for line in found[name]]
        bare = ({k: v for k, v in node.items() if k not in ("hash", "placed")} for node in nodes)
        plain[name] = sorted(json.dumps(node) for node in bare)
    work = sorted((json.loads(line) for line in found["WORKS_AT"]), key=lambda w: (w[0], w[2]["precedence"]))
    plain["WORKS_AT"] = [json.dumps([who, firm, {**what, "precedence": 0}]) for who, firm, what in work]
    return {"digest": digest, **plain}


def assert_same(found: dict[str, object], wanted: dict[str, object]) -> None:
    """Kind by kind, so that a failure names what differs."""
    assert {k: v for k, v in found.items() if v != wanted[k]} == {
        k: v for k, v in wanted.items() if v != found[k]
    }


@few
@given(st.data())
def test_neither_the_order_of_files_nor_their_splitting_matters(
    cli: Cli, graph: GraphStore, tmp_path: Path, data: st.DataObject
) -> None:
    tables = data.draw(companies())
    whole = meaning(fresh(cli, graph, *folders(tmp_path, tables.items())))
    assert_same(meaning(fresh(cli, graph, *folders(tmp_path, data.draw(pieces(tables))))), whole)


@few
@given(st.data())
def test_pieces_imported_one_after_the_other_give_the_graph_of_one_import(
    cli: Cli, graph: GraphStore, tmp_path: Path, data: st.DataObject
) -> None:
    tables = data.draw(companies())
    fresh(cli, graph, *folders(tmp_path, tables.items()))
    assert cli("score").code == 0
    whole = meaning(state_of(graph))
    wiped(graph)
    # Without a firm of ours an import ends with a question; everything else may come in any order.
    ours, others = tables["firms"][:1], tables["firms"][1:]
    for path in folders(tmp_path, [("firms", ours), *data.draw(pieces({**tables, "firms": others}))]):
        taken(cli, path)
    # Rows that refer to what came later were set aside.
    tried = cli("quarantine", "retry", "--json")
    assert tried.code in (0, 1), tried.err
    assert cli("score").code == 0
    assert_same(meaning(state_of(graph)), whole)


@few
@given(companies(), st.integers(1, 9))
def test_importing_again_writes_nothing_and_every_balance_adds_up(
    cli: Cli, graph: GraphStore, tmp_path: Path, tables: Tables, bad: int
) -> None:
    """Some rows cannot be read, others refer to nothing: they are set aside once."""
    ruined = [{**row, "at": "never"} if n % bad == 0 else row for n, row in enumerate(tables["interactions"])]
    paths = folders(tmp_path, {**tables, "interactions": ruined}.items())
    before = fresh(cli, graph, *paths)
    again = taken(cli, *paths, "--again")
    assert again["totals"]["quarantined"].get("date", 0) == sum(row["at"] == "never" for row in ruined)
    assert (again["totals"]["new"], again["totals"]["updated"]) == (0, 0)
    assert state_of(graph) == before


@few
@given(companies(), st.sampled_from(["csv", "jsonl"]))
def test_what_is_exported_as_records_comes_back_the_same_for_every_company(
    cli: Cli, graph: GraphStore, tmp_path: Path, tables: Tables, format_: str
) -> None:
    before = fresh(cli, graph, *folders(tmp_path, tables.items()))
    out = Path(tempfile.mkdtemp(dir=tmp_path)) / "out"
    written = cli("export", "records", "--out", out, "--format", format_, "--json")
    assert written.code == 0, written.err
    again = fresh(cli, graph, out)
    assert again[0] == before[0]
    assert current(again[1], "STATES") == current(before[1], "STATES")


@few
@given(st.data())
def test_joins_taken_back_in_any_order_give_the_graph_before_them(
    cli: Cli, graph: GraphStore, tmp_path: Path, data: st.DataObject
) -> None:
    tables = data.draw(companies())
    fresh(cli, graph, *folders(tmp_path, tables.items()))
    assert cli("score").code == 0
    before = state_of(graph)
    people = [str(row[0]) for row in graph.read("MATCH (p:Person) RETURN p.id ORDER BY p.id")]
    made: list[Any] = []
    for pair in data.draw(
        st.lists(st.lists(st.sampled_from(people), min_size=2, max_size=2, unique=True), max_size=3)
    ):
        done = cli("identity", "join", *pair, "--json")
        if done.code == 0:
            made.append(done.json)
    for one in data.draw(st.permutations(made)):
        done = cli("identity", "undo", one["id"], "--json")
        assert done.code == 0, done.err
    assert state_of(graph) == before
