"""Bad input and bad luck: one clear error, the right exit code, nothing lost."""

from __future__ import annotations

import errno
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from graphmap.ingest import interactionloading
from graphmap.ingest.preflight import PlannedPart
from graphmap.ingest.repairing import export_rejected
from graphmap.store import GraphStore, opening
from graphmap.store.transactions import transact
from tests.pipeline.kit import Cli, imported, state_of, wiped

FIRMS = "id,name,kind,domains\nus,Our Firm,own,us.example\nacc01,Acme,account,acme.example\n"
PEOPLE = "id,name,emails,firm\nr1,Rita,rita@us.example,us\nc1,Cara,cara@acme.example,acc01\n"
MAILS = "id,at,kind,direction,participants\n" + "".join(
    f"m{k},2026-01-{k + 1:02d}T09:00:00Z,email,,from:r1;to:c1\n" for k in range(6)
)


def files(folder: Path, **texts: str | bytes) -> Path:
    """A folder of files; firms and people unless others are given."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in {"firms": FIRMS, "people": PEOPLE, "interactions": MAILS, **texts}.items():
        (folder / f"{name}.csv").write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


def aside(cli: Cli, state: str = "open") -> list[dict[str, Any]]:
    """What was set aside."""
    return cli("quarantine", "list", "--json", "--state", state).json


def untouched(graph: GraphStore) -> bool:
    """Whether nothing but the schema's stamp stands in the store."""
    return graph.read("MATCH (n) WHERE NOT n:State RETURN count(n)") == [(0,)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param(b"\x00\x01\x02 this is \xff no table\n", (), id="no-table"),
        pytest.param("", ("empty",), id="empty"),
        pytest.param(
            "nr;when\n1;2026\n",
            ("interactions needs the columns", "id, at, kind, participants"),
            id="columns",
        ),
    ],
)
def test_a_file_that_cannot_be_used_is_named_and_nothing_is_written(
    text: str | bytes, words: tuple[str, ...], cli: Cli, graph: GraphStore, tmp_path: Path
) -> None:
    folder = files(tmp_path, interactions=text)
    done = cli("import", folder, "--json")
    assert done.code == 2, done.err
    error = done.error
    assert done.out == ""
    assert error["file"].endswith("interactions.csv")
    assert error["line"] == 1
    assert error["remedy"]
    assert all(word in error["message"] for word in words), error
    assert "Traceback" not in done.err
    assert untouched(graph)


def test_a_bad_row_is_set_aside_with_its_place_and_reason_and_the_rest_goes_on(
    cli: Cli, graph: GraphStore, tmp_path: Path
) -> None:
    bad = (
        b"x1,2026-02-30T09:00:00Z,email,,from:r1;to:c1\n"
        b"x2,2026-02-01T09:00:00Z,email,,from:r1;to:\xff\xfe@acme.example\n"
        b'x3,2026-02-01T09:00:00Z,"email,,from:r1;to:c1\n'
        b"x4,2026-02-01T09:00:00Z,email,,from:r1;to:c1,too,many\n"
        b"x5,2026-02-01T09:00:00Z,gossip,,from:r1;to:c1\n"
        b"x6,2026-02-01T09:00:00Z,order,,channel:shop;account:nobody\n"
    )
    folder = files(
        tmp_path, interactions=MAILS.encode() + bad + b"last,2026-02-01T09:00:00Z,email,,from:r1;to:c1\n"
    )
    known = imported(cli, folder, code=1)
    assert known["totals"]["new"] == 2 + 2 + 7
    assert sum(known["totals"]["quarantined"].values()) == 6
    found = {row["line"]: row for row in aside(cli)}
    assert list(found) == [8, 9, 10, 11, 12, 13]
    assert all(
        row["file"].endswith("interactions.csv") and row["message"] and row["state"] == "open"
        for row in found.values()
    )
    assert (found[8]["column"], found[8]["value"]) == ("at", "2026-02-30T09:00:00Z")
    assert [found[line]["code"] for line in (9, 10, 11, 13)] == [
        "encoding",
        "unclosed_quote",
        "columns",
        "unknown_firm",
    ]
    shown = cli("quarantine", "show", found[12]["id"]).out
    assert "gossip" in shown
    assert "remedy" in shown
    assert graph.read("MATCH (i:Interaction) WHERE i.id STARTS WITH 'x' RETURN count(i)") == [(0,)]


def test_the_outcome_of_bad_rows_does_not_depend_on_the_size_of_batches(
    cli: Cli, graph: GraphStore, tmp_path: Path
) -> None:
    told = MAILS + "m0,2026-03-01T09:00:00Z,order,,channel:shop;account:nobody\n" + MAILS.split("\n", 1)[1]
    folder = files(tmp_path, interactions=told)
    whole = imported(cli, folder, code=1)["files"]
    state, rejected = state_of(graph), aside(cli)
    wiped(graph)
    assert imported(cli, folder, code=1, import_batch="1")["files"] == whole
    assert state_of(graph) == state
    assert [{**row, "id": ""} for row in aside(cli)] == [{**row, "id": ""} for row in rejected]


def test_rows_of_unknown_firms_wait_until_the_firm_is_there(
    cli: Cli, graph: GraphStore, tmp_path: Path
) -> None:
    people = PEOPLE + "c7,Cora,cora@new.example,acc07\nc8,Coco,coco@lost.example,acc08\n"
    affiliations = "person,firm\nnobody,acc01\n"
    orders = MAILS + "o7,2026-02-01T09:00:00Z,order,,channel:shop;account:acc07\n"
    folder = files(tmp_path / "a", people=people, affiliations=affiliations, interactions=orders)
    assert sum(imported(cli, folder, code=1)["totals"]["quarantined"].values()) == 4
    before = {row["id"]: row for row in aside(cli)}
    assert sorted((row["code"], row["line"]) for row in before.values()) == [
        ("unknown_firm", 4), ("unknown_firm", 5), ("unknown_firm", 8), ("unknown_person", 2),
    ]  # fmt: skip
    failed = cli("quarantine", "retry", "--json")
    assert failed.code == 1
    assert {row["id"]: row for row in aside(cli)} == before
    (tmp_path / "firms.csv").write_text("id,name,domains\nacc07,New,new.example\n", encoding="utf-8")
    imported(cli, tmp_path / "firms.csv")
    retried = cli("quarantine", "retry", "--json")
    assert retried.code == 1
    assert retried.json["totals"]["new"] == 2
    left = {row["id"]: row for row in aside(cli)}
    assert left == {id_: row for id_, row in before.items() if row["value"] in ("acc08", "nobody")}
    assert {row["id"] for row in aside(cli, "fixed")} == before.keys() - left.keys()
    assert graph.read("MATCH (:Interaction {id: 'o7'})-[:ABOUT]->(f:Firm) RETURN f.id") == [("acc07",)]
    assert graph.read("MATCH (:Person {id: 'c7'})-[:WORKS_AT]->(f:Firm) RETURN f.id") == [("acc07",)]


def test_an_interrupted_retry_loses_nothing(
    cli: Cli, graph: GraphStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = PEOPLE + "".join(
        f"x{k},X{k},x{k}@new.example,{'acc07' if k % 2 else 'lost'}\n" for k in range(6)
    )
    imported(cli, files(tmp_path / "a", people=people), code=1)
    (tmp_path / "firms.csv").write_text("id,name\nacc07,New\n", encoding="utf-8")
    imported(cli, tmp_path / "firms.csv")
    write_with = GraphStore.write_with
    left = 6

    def interrupted(store: GraphStore, work: Any) -> Any:
        nonlocal left
        left -= 1
        if left < 0:
            raise KeyboardInterrupt
        return write_with(store, work)

    with monkeypatch.context() as patch:
        patch.setattr(GraphStore, "write_with", interrupted)
        assert cli("quarantine", "retry", import_batch="1").code == 4
    assert len(aside(cli)) == 6
    assert cli("quarantine", "retry").code == 1
    assert [row["value"] for row in aside(cli)] == ["lost"] * 3
    assert graph.read("MATCH (p:Person)-[:WORKS_AT]->(:Firm {id: 'acc07'}) RETURN p.id ORDER BY p.id") == [
        ("x1",),
        ("x3",),
        ("x5",),
    ]


def test_exported_rejects_can_be_repaired_and_imported(cli: Cli, graph: GraphStore, tmp_path: Path) -> None:
    people = PEOPLE + "c9,Coco,coco@acme.example,acc0l\n"
    folder = files(tmp_path / "a", people=people)
    (folder / "interactions.csv").unlink()
    (folder / "interactions.jsonl").write_text(
        '{"id": "j1", "at": "2026-13-01T00:00:00Z", "kind": "email", "participants": "from:r1;to:c9"}\n',
        encoding="utf-8",
    )
    imported(cli, folder, code=1)
    done = cli("quarantine", "export", "--out", tmp_path / "repair", "--json")
    assert sorted(Path(path).name for path in done.json) == ["interactions.jsonl", "people.csv"]
    for path in map(Path, done.json):
        text = path.read_text(encoding="utf-8")
        assert "graphmap_reason" in text
        path.write_text(text.replace("acc0l", "acc01").replace("2026-13", "2026-12"), encoding="utf-8")
    assert imported(cli, tmp_path / "repair")["totals"]["new"] == 2
    assert graph.read("MATCH (:Interaction {id: 'j1'})-[:ABOUT]->(f:Firm) RETURN f.id") == [("acc01",)]


def test_exported_rejects_of_a_sheet_are_a_table_that_a_mapping_can_read(tmp_path: Path) -> None:
    row = {
        "header": "id,value",
        "raw": "1,x",
        "message": "no number",
        "remedy": "write one",
        "importer": "csv-mapping",
    }
    found = [
        {**row, "file": "crm.xlsx!Clients", "object": "firms"},
        {**row, "file": "tap.jsonl!v1.2", "object": "people"},
    ]
    written = export_rejected(found, tmp_path)
    assert [path.name for path in written] == ["Clients.csv", "v1.2.csv"]
    assert (
        written[0].read_text("utf-8")
        == 'id,value,graphmap_reason,graphmap_remedy\n1,x,"no number","write one"\n'
    )


def test_an_ignored_reject_stays_ignored_and_one_of_an_undone_import_comes_back(
    cli: Cli, graph: GraphStore, tmp_path: Path
) -> None:
    del graph
    folder = files(tmp_path, affiliations="person,firm\nnobody,acc01\nsomebody,acc01\n")
    run = imported(cli, folder, code=1)["run"]["id"]
    first, second = aside(cli)
    assert cli("quarantine", "ignore", first["id"]).code == 0
    assert cli("quarantine", "ignore", "Q-nope").code == 1
    assert cli("runs", "undo", run).code == 0
    assert aside(cli) == []
    imported(cli, folder, code=1)
    assert [row["id"] for row in aside(cli)] == [second["id"]]
    assert [row["id"] for row in aside(cli, "ignored")] == [first["id"]]


def test_a_file_that_was_cut_keeps_its_whole_rows(cli: Cli, graph: GraphStore, tmp_path: Path) -> None:
    folder = files(tmp_path, interactions=MAILS[:-20])
    imported(cli, folder, code=1)
    assert [row["line"] for row in aside(cli)] == [7]
    (tmp_path / "interactions.csv").write_text(MAILS, encoding="utf-8")
    assert imported(cli, folder)["totals"]["new"] == 1
    assert graph.read("MATCH (i:Interaction) RETURN count(i)") == [(6,)]


class TornSource:
    """A file that can be read up to its middle."""

    def __init__(self, source: Any) -> None:
        self.name, self.size = source.name, source.size
        with source.open() as stream:
            self._data = stream.read()[:180]

    @contextmanager
    def open(self) -> Iterator[Any]:
        yield self

    def read(self, size: int) -> bytes:
        data, self._data = self._data[:size], b""
        if not data:
            raise OSError(errno.EIO, "Input/output error")
        return data


def test_a_read_error_in_the_middle_names_the_line_and_the_next_run_goes_on(
    cli: Cli, graph: GraphStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = files(tmp_path)
    imported(cli, folder)
    wanted = state_of(graph)
    wiped(graph)
    load = interactionloading.load_part

    def torn(planned: PlannedPart, *arguments: Any) -> Any:
        return load(
            replace(planned, part=replace(planned.part, source=TornSource(planned.part.source))), *arguments
        )

    with monkeypatch.context() as patch:
        patch.setattr(interactionloading, "load_part", torn)
        done = cli("import", folder, "--json", "--no-score", import_batch="1")
    assert (done.code, done.out) == (4, "")
    assert done.error["file"].endswith("interactions.csv")
    assert done.error["line"] == 5
    assert "Input/output error" in done.error["message"]
    assert "what was committed is kept" in done.error["message"]
    assert done.error["remedy"]
    assert graph.read("MATCH (i:Interaction) RETURN count(i)") == [(3,)]
    imported(cli, folder)
    assert state_of(graph) == wanted


def test_a_full_disk_is_one_sentence_and_what_was_committed_stays(
    cli: Cli, graph: GraphStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = files(tmp_path)
    imported(cli, folder)
    wanted = state_of(graph)
    wiped(graph)
    write_with = GraphStore.write_with
    calls = 0

    def full(store: GraphStore, work: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == 12:
            raise OSError(errno.ENOSPC, "No space left on device", "/tmp/full")
        return write_with(store, work)

    with monkeypatch.context() as patch:
        patch.setattr(GraphStore, "write_with", full)
        done = cli("import", folder, "--json", "--no-score", import_batch="2")
    assert done.code == 4
    assert "No space left on device" in done.error["message"]
    assert "Traceback" not in done.err
    imported(cli, folder)
    assert state_of(graph) == wanted

    def no_segment(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("graphmap.touchlog.participations._write_segment", no_segment)
        done = cli("score", "--json")
    assert done.code == 2
    assert "No space left on device" in done.error["message"]
    assert "GRAPHMAP_HOME" in done.error["remedy"]
    assert cli("score").code == 0
    if Path("/dev/full").exists():
        done = cli("export", "touches", "--format", "jsonl", "--out", "/dev/full", "--json")
        assert done.code == 2
        assert "No space left on device" in done.error["message"]


def test_without_an_own_domain_the_error_names_the_guess_and_the_remedy(
    cli: Cli, graph: GraphStore, tmp_path: Path
) -> None:
    firms = "id,name,domains\nacc01,Acme,acme.example\n"
    people = "id,name,emails,firm\nc1,Cara,cara@acme.example,acc01\nr1,Rita,rita@we.example,\n"
    done = cli("import", files(tmp_path, firms=firms, people=people), "--json")
    assert done.code == 2
    assert "we.example" in done.error["message"]
    assert "--own-domain we.example" in done.error["remedy"]
    assert untouched(graph)
    assert imported(cli, tmp_path, "--own-domain", "WE.example")["totals"]["new"] == 9
    assert graph.read("MATCH (p:Person {id: 'r1'})-[:WORKS_AT]->(f:Firm {kind: 'own'}) RETURN f.id") in (
        [],
        [("we.example",)],
    )


def many(bad: int, good: int, *, first: int = 0) -> str:
    """Interactions of which some name a firm that nobody knows (seen only while loading)."""
    lines = [f"g{k},2026-01-01T09:00:00Z,email,,from:r1;to:c1\n" for k in range(good)]
    wrong = [f"b{k},2026-01-01T09:00:00Z,order,,channel:shop;account:nobody\n" for k in range(bad)]
    return "id,at,kind,direction,participants\n" + "".join([*lines[:first], *wrong, *lines[first:]])


def test_too_many_rejects_in_the_preflight_write_nothing(cli: Cli, graph: GraphStore, tmp_path: Path) -> None:
    told = many(0, 100).replace("2026-01-01T09", "2026-01-01X09", 30)
    folder = files(tmp_path, interactions=told)
    done = cli("import", folder, "--json")
    assert (done.code, done.out, done.error["code"]) == (2, "", "too-many-rejects")
    assert "30 of 100" in done.error["message"]
    assert "--max-rejects" in done.error["remedy"]
    assert untouched(graph)
    looked = cli("import", folder, "--dry-run", "--json")
    assert looked.code == 1
    assert [sum(file["quarantined"].values()) for file in looked.json["files"]] == [0, 0, 30]
    assert imported(cli, folder, "--max-rejects", "30", code=1)["totals"]["new"] == 74


def test_too_many_rejects_while_loading_stop_it_with_what_was_committed_counted(
    cli: Cli, graph: GraphStore, tmp_path: Path
) -> None:
    folder = files(tmp_path, interactions=many(60, 140, first=80))
    done = cli("import", folder, "--json", import_batch="50")
    assert done.code == 1
    assert done.error["code"] == "too-many-rejects"
    assert done.error["file"].endswith("interactions.csv")
    (told,) = (file for file in done.json["files"] if file["path"].endswith("interactions.csv"))
    assert (told["read"], told["new"], told["quarantined"]) == (150, 90, {"unknown_firm": 60})
    assert graph.read("MATCH (i:Interaction) RETURN count(i)") == [(90,)]
    assert len(aside(cli)) == 60
    again = imported(cli, folder, "--max-rejects", "100", code=1)
    assert again["totals"]["read"] == 4 + 200
    assert graph.read("MATCH (i:Interaction) RETURN count(i)") == [(140,)]
    assert len(aside(cli)) == 60


def test_a_file_that_nobody_knows_is_refused_where_it_was_named(
    cli: Cli, graph: GraphStore, tmp_path: Path
) -> None:
    del graph
    folder = files(tmp_path)
    (folder / "notes.txt").write_text("hello", encoding="utf-8")
    assert imported(cli, folder)["totals"]["read"] == 10
    done = cli("import", folder / "firms.csv", folder / "notes.txt", "--json", "--no-score")
    assert done.code == 1
    assert f"{folder}/notes.txt: no importer knows this file" in done.err
    alone = cli("import", folder / "notes.txt", "--json")
    assert (alone.code, alone.error["code"]) == (2, "input")
    missing = cli("import", folder / "nothing.csv", "--json")
    assert missing.code == 2
    assert "nothing.csv" in str(missing.error)


class Relay(threading.Thread):
    """A wire to the server that can be cut."""

    def __init__(self, target: tuple[str, int]) -> None:
        super().__init__(daemon=True)
        self._target = target
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._open: list[socket.socket] = [self._listener]

    def run(self) -> None:
        while True:
            try:
                here, _ = self._listener.accept()
                there = socket.create_connection(self._target)
            except OSError:
                return
            self._open += [here, there]
            for one, other in ((here, there), (there, here)):
                threading.Thread(target=self._pump, args=(one, other), daemon=True).start()

    def _pump(self, one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while block := one.recv(65536):
                other.sendall(block)
        for end in (one, other):
            end.close()

    def cut(self) -> None:
        """Nobody gets through any more."""
        for one in self._open:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()


only_neo4j = pytest.mark.parametrize(
    "store_environment", [pytest.param("neo4j", marks=pytest.mark.neo4j)], indirect=True
)


@only_neo4j
def test_a_neo4j_that_goes_away_in_mid_run_is_one_error_and_the_next_run_goes_on(
    cli: Cli,
    graph: GraphStore,
    store_environment: dict[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = files(tmp_path)
    address = urlsplit(store_environment["GRAPHMAP_STORE"])
    relay = Relay((str(address.hostname), int(address.port or 7687)))
    relay.start()
    impatient = partial(opening.open_store, patience=0.1)
    write_with, calls = GraphStore.write_with, 0

    def cut(store: GraphStore, work: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == 12:
            relay.cut()
        return write_with(store, work)

    with monkeypatch.context() as patch:
        patch.setattr(opening, "open_store", impatient)
        patch.setattr(GraphStore, "write_with", cut)
        done = cli(
            "import", folder, "--json", "--no-score", store=f"bolt://127.0.0.1:{relay.port}", import_batch="2"
        )
    assert (done.code, done.error["code"]) == (4, "store-unavailable")
    assert "Traceback" not in done.err
    # The lock of this process is its own: it goes on where it stopped.
    imported(cli, folder)
    assert graph.read("MATCH (i:Interaction) RETURN count(i)") == [(6,)]
    assert graph.read("MATCH (r:Run) RETURN r.state") == [("finished",)]


@only_neo4j
def test_a_wrong_password_and_a_server_that_is_not_there_say_what_to_set(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = cli("store", "status", "--json", store_password="not-the-password")
    assert (wrong.code, wrong.error["code"]) == (2, "store-login")
    assert "not-the-password" not in wrong.err
    assert "GRAPHMAP_STORE_PASSWORD" in wrong.error["remedy"]
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    gone = cli("store", "status", "--json", store=f"bolt://127.0.0.1:{port}")
    assert (gone.code, gone.error["code"]) == (4, "store-unavailable")
    assert f"127.0.0.1:{port}" in gone.error["message"]


@only_neo4j
def test_a_database_with_other_data_is_never_touched(cli: Cli, graph: GraphStore, tmp_path: Path) -> None:
    foreign = "CREATE (a:Movie {title: 'x'})-[:HAS]->(:Actor {name: 'y'})"
    transact(graph._connection, lambda tx: tx.run("MATCH (n) DETACH DELETE n"), write=True)
    transact(graph._connection, lambda tx: tx.run(foreign), write=True)
    for arguments in (("import", files(tmp_path)), ("score",), ("demo", "--no-serve")):
        done = cli(*arguments, "--json")
        assert done.code == 2, arguments
        assert done.error["code"] == "foreign-data", arguments
    assert graph.read("MATCH (n) RETURN labels(n), properties(n) ORDER BY labels(n)") == [
        (["Actor"], {"name": "y"}), (["Movie"], {"title": "x"}),
    ]  # fmt: skip
