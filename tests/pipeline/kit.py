"""What the end-to-end tests share: the command line in this process, a small company as canonical files, and dumps of the graph."""

from __future__ import annotations

import csv
import datetime
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from graphmap.cli import run
from graphmap.config import Settings
from graphmap.store import GraphStore, open_store
from graphmap.store.digest import digest
from graphmap.store.transactions import transact

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("GRAPHMAP_TEST_DATA", ROOT.parent / "shared" / "data"))
Tables = dict[str, list[dict[str, object]]]
COLUMNS = {
    "firms": "id name kind domains parent owner segment industry territory team annual_value currency renewal_on aliases",
    "people": "id name emails firm title department seniority team manager opt_out valid_from valid_to firm_name aliases links phones",
    "affiliations": "person firm title department seniority valid_from valid_to",
    "interactions": "id at kind direction participants thread",
    "opportunities": "id name firm owner amount currency stage status opened_on close_on",
    "opportunity_roles": "opportunity person role",
    "account_team": "firm person role",
    "display_names": "address name",
}
DERIVED = {
    "TIE": "MATCH (a)-[t:TIE]->(b) RETURN a.id, b.id, t.account, t.strength, t.inbound, t.outbound, t.other, t.last_at",
    "WORKS_AT": "MATCH (p:Person)-[w:WORKS_AT]->(f:Firm) RETURN p.id, f.id, properties(w)",
    "ABOUT": "MATCH (i:Interaction)-[:ABOUT]->(f:Firm) RETURN i.id, f.id",
    "KNOWN_AS": "MATCH (n)-[:KNOWN_AS]->(x:Identity) RETURN n.id, x.key",
    "OWNS": "MATCH (p:Person)-[t:OWNS]->(f:Firm) RETURN p.id, f.id, t.via",
    "PART_OF": "MATCH (a:Firm)-[:PART_OF]->(b:Firm) RETURN a.id, b.id",
    "REPORTS_TO": "MATCH (a:Person)-[t:REPORTS_TO]->(b:Person) RETURN a.id, b.id, t.via",
    "ROLE_IN": "MATCH (p:Person)-[t:ROLE_IN]->(o:Opportunity) RETURN p.id, o.id, t.role, t.via",
    "SERVES": "MATCH (p:Person)-[t:SERVES]->(f:Firm) RETURN p.id, f.id, t.role, t.via",
    "FOR": "MATCH (o:Opportunity)-[:FOR]->(f:Firm) RETURN o.id, f.id",
    "HANDLES": "MATCH (p:Person)-[t:HANDLES]->(o:Opportunity) RETURN p.id, o.id, t.via",
    "STATES": "MATCH (x:Record)-[:STATES]->(n) RETURN x.key, x.hash, n.id",
    "PEOPLE": "MATCH (p:Person) RETURN properties(p)",
    "FIRMS": "MATCH (f:Firm) RETURN properties(f)",
}


@dataclass(frozen=True)
class Done:
    """What a command said and how it ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Stdout as JSON: nothing else may stand there."""
        return json.loads(self.out)

    @property
    def error(self) -> dict[str, Any]:
        """The one error object: the last line on stderr."""
        return json.loads(self.err.strip().splitlines()[-1])["error"]


Cli = Callable[..., Done]


@contextmanager
def only(environment: Mapping[str, str]) -> Iterator[None]:
    """GRAPHMAP_* as given and no others."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [n for n in os.environ if n.startswith("GRAPHMAP_") and "_TEST_" not in n]:
            patch.delenv(name)
        for name, value in environment.items():
            patch.setenv(name, value)
        yield


@pytest.fixture
def cli(
    any_store_settings: Settings, store_environment: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> Iterator[Cli]:
    """Runs the command line in this process, on an empty store of each server in turn."""
    with only(store_environment):
        yield lambda *arguments, **extra: command(capsys, *arguments, **extra)


@pytest.fixture
def lonely_cli(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Cli]:
    """The command line with a home of its own that no store was ever started in."""
    with only({"GRAPHMAP_HOME": str(tmp_path / "home")}):
        yield lambda *arguments, **extra: command(capsys, *arguments, **extra)


def command(capsys: pytest.CaptureFixture[str], *arguments: object, **extra: str) -> Done:
    """One command; ``extra`` are GRAPHMAP_ settings for it alone (``import_batch="20"``)."""
    capsys.readouterr()
    with pytest.MonkeyPatch.context() as patch:
        for name, value in extra.items():
            patch.setenv(f"GRAPHMAP_{name.upper()}", value)
        code = run([str(a) for a in arguments])
    told = capsys.readouterr()
    return Done(code, told.out, told.err)


@pytest.fixture
def graph(any_store_settings: Settings, cli: Cli) -> Iterator[GraphStore]:
    """The store that the commands work on, for looking into it."""
    del cli
    with open_store(any_store_settings, patience=5) as store:
        yield store


def wiped(store: GraphStore) -> None:
    """Empties a store of the tests; the schema stays."""
    transact(store._connection, lambda tx: tx.run("MATCH (n) DETACH DELETE n"), write=True)
    store.create_schema()


def data(name: str) -> Path:
    """A folder of the shared test data."""
    folder = DATA / name
    if not folder.is_dir():
        pytest.skip(f"no test data here: {folder} (GRAPHMAP_TEST_DATA names the folder)")
    return folder


def rows(kind: str, *values: Sequence[object], columns: str = "") -> list[dict[str, object]]:
    """Rows of a canonical file from tuples."""
    names = (columns or COLUMNS[kind]).split()
    return [dict(zip(names, row, strict=False)) for row in values]


def company(weeks: int = 12) -> Tables:
    """Three accounts, two reps, contacts who move, strangers, a channel, unnamed contacts, deals; addresses in odd case."""
    firms = rows(
        "firms",
        ("us", "Our Firm", "own", "us.example"),
        ("acc01", "Acme", "account", "acme.example", "", "r1", "big", 1000, "EUR"),
        (
            "acc02",
            "Beta",
            "account",
            "beta.example;b.example",
            "acc01",
            "rob@US.example",
            "small",
            500.5,
            "EUR",
        ),
        ("acc03", "Gamma", "account", "gamma.example"),
        ("pa", "Partner", "partner", "partner.example"),
        columns="id name kind domains parent owner segment annual_value currency",
    )
    people = rows(
        "people",
        ("r1", "Rita", "Rita@US.example", "us", "Account Executive", "sales"),
        ("r2", "Rob", "rob@us.example;robert@us.example", "us", "Engineer", "support", "", "r1"),
        ("c1", "Cara", "cara@acme.example", "acc01", "Chief", "board", 3),
        ("c2", "Carl", "carl@acme.example", "acc01", "Buyer", "purchasing", 0, "c1"),
        ("c3", "Cleo", "", "acc02", "Head", "it", 2),
        ("c4", "Cem", "cem@acme.example", "acc01", "Engineer", "it", "", "", "", "2026-02-15"),
        columns="id name emails firm title department seniority manager valid_from valid_to",
    )
    start = datetime.datetime(2026, 1, 5, 9, tzinfo=datetime.UTC)
    told: list[Sequence[object]] = []
    for week in range(weeks):
        day = start + datetime.timedelta(weeks=week)
        told += [
            (
                f"a{week}",
                day.isoformat(),
                "email",
                "out",
                "from:RITA@us.example;to:cara@ACME.example;cc:r2",
                f"t{week}",
            ),
            (
                f"b{week}",
                (day + datetime.timedelta(days=1)).isoformat(),
                "email",
                "",
                "from:c1;to:r1",
                f"t{week}",
            ),
            (
                f"c{week}",
                (day + datetime.timedelta(days=2)).isoformat(),
                "call",
                "",
                "caller:r2;callee:c3;callee:c4",
                "",
            ),
            (
                f"d{week}",
                (day + datetime.timedelta(days=3)).isoformat(),
                "order",
                "",
                "channel:portal;account:acc03",
                "",
            ),
        ]
    told += [
        (
            "s1",
            "2026-02-02T10:00:00+02:00",
            "email",
            "in",
            "from:Who@acme.example;to:r1;cc:lost@Nowhere.example",
            "",
        ),
        (
            "s2",
            "2026-02-03T10:00:00Z",
            "meeting",
            "",
            "organizer:r1;attendee:c2;attendee:x@partner.example;declined:c4",
            "",
        ),
    ]
    return {
        "firms": firms,
        "people": people,
        "affiliations": rows("affiliations", ("c4", "acc02", "Head of IT", "it", 2, "2026-02-15")),
        "opportunities": rows(
            "opportunities", ("o1", "Renewal", "acc01", "r1", 12.5, "EUR", "offer", "open", "2026-01-01")
        ),
        "opportunity_roles": rows("opportunity_roles", ("o1", "c1", "champion"), ("o1", "c2", "buyer")),
        "interactions": rows("interactions", *told),
    }


def write(folder: Path, tables: Mapping[str, Iterable[Mapping[str, object]]]) -> Path:
    """The tables as canonical CSV files in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, lines in tables.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS[name].split(), lineterminator="\n")
            writer.writeheader()
            writer.writerows(lines)
    return folder


def changed(tables: Tables, table: str, key: str, /, **values: object) -> Tables:
    """The same tables with one row changed."""
    assert any(row.get("id") == key for row in tables[table])
    return {**tables, table: [{**row, **values} if row.get("id") == key else row for row in tables[table]]}


def edges(store: GraphStore) -> dict[str, list[str]]:
    """Everything that is derived from records and interactions, as sorted text."""
    return {
        name: sorted(json.dumps(row, sort_keys=True) for row in store.read(text))
        for name, text in DERIVED.items()
    }


def current(found: dict[str, list[str]], *without: str) -> dict[str, list[str]]:
    """A dump without some of its kinds."""
    return {name: lines for name, lines in found.items() if name not in without}


VOLATILE = {"Run", "Cursor", "Assessment", "Finding", "State", "OF", "RAISED"}


def counts(store: GraphStore) -> dict[str, int]:
    """How many nodes and edges there are of every kind that an import may bring."""
    known = store.status()
    return {k: v for k, v in {**known.nodes, **known.relationships}.items() if k not in VOLATILE}


def state_of(store: GraphStore) -> tuple[str, dict[str, list[str]]]:
    """The digest and everything derived."""
    return digest(store), edges(store)


def adds_up(balance: Mapping[str, Any]) -> bool:
    """The law of the balance."""
    settled = balance["new"] + balance["updated"] + balance["unchanged"] + balance["duplicate"]
    return balance["read"] == settled + sum(balance["excluded"].values()) + sum(
        balance["quarantined"].values()
    )


def imported(cli: Cli, *arguments: object, code: int = 0, **extra: str) -> dict[str, Any]:
    """Imports without scoring; the balance of every file and of all adds up."""
    done = cli("import", *arguments, "--json", "--no-score", **extra)
    assert done.code == code, done.err
    known = done.json
    assert all(adds_up(one) for one in [*known["files"], known["totals"]]), known
    return known
