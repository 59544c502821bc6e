"""Bad input and bad luck: one clear error, the right exit code, nothing lost."""

from __future__ import annotations

import errno
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from graphmap.ingest.sources import FileSource
from graphmap.store import GraphStore
from graphmap.store import opening as opening_module
from tests.pipeline.kit import Cli, company, edges, imported, only, rows, state_of, wiped, write

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
    ("text", "words", "line"),
    [
        (b"\x00\x01\x02 this is \xff no table\n", ("interactions",), None),
        ("", ("empty",), 1),
        ("nr;when\n1;2026\n", ("interactions needs the columns", "id, at, kind, participants"), 1),
    ],
)
def test_a_file_that_cannot_be_used_is_named_and_nothing_is_written(
    text: str | bytes, words: tuple[str, ...], line: int | None, cli: Cli, graph: GraphStore, tmp_path: Path
) -> None:
    folder = files(tmp_path, interactions=text)
    done = cli("import", folder, "--json")
    if done.code != 2:  # what is no text at all is nobody's file; the others of the folder are imported
        assert f"{folder}/interactions.csv: no importer knows this file" in done.err
        assert [Path(file["path"]).name for file in done.json["files"]] == ["firms.csv", "people.csv"]
        return
    error = done.error
    assert done.out == ""
    assert error["file"].endswith("interactions.csv")
    assert error["line"] == line
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
    folder = files(tmp_path, interactions=MAILS.encode() + bad + b"last,2026-02-01T09:00:00Z,email,,from:r1;to:c1\n")
    known = imported(cli, folder, code=1)
    assert known["totals"]["new"] == 2 + 2 + 7
    assert sum(known["totals"]["quarantined"].values()) == 6
    found = {row["line"]: row for row in aside(cli)}
    assert list(found) == [8, 9, 10, 11, 12, 13]
    assert all(row["file"].endswith("interactions.csv") and row["message"] and row["state"] == "open" for row in found.values())
    assert (found[8]["column"], found[8]["value"]) == ("at", "2026-02-30T09:00:00Z")
    assert [found[line]["code"] for line in (9, 10, 11, 13)] == ["encoding", "unclosed_quote", "columns", "unknown_firm"]
    shown = cli("quarantine", "show", found[12]["id"]).out
    assert "gossip" in shown
    assert "remedy" in shown
    assert graph.read("MATCH (i:Interaction) WHERE i.id STARTS WITH 'x' RETURN count(i)") == [(0,)]


def test_the_outcome_of_bad_rows_does_not_depend_on_the_size_of_batches(cli: Cli, graph: GraphStore, tmp_path: Path) -> None:
    told = MAILS + "m0,2026-03-01T09:00:00Z,order,,channel:shop;account:nobody\n" + MAILS.split("\n", 1)[1]
    folder = files(tmp_path, interactions=told)
    whole = imported(cli, folder, code=1)["files"]
    state, rejected = state_of(graph), aside(cli)
    wiped(graph)
    assert imported(cli, folder, code=1, import_batch="1")["files"] == whole
    assert state_of(graph) == state
    assert [{**row, "id": ""} for row in aside(cli)] == [{**row, "id": ""} for row in rejected]


def test_rows_of_unknown_firms_wait_until_the_firm_is_there(cli: Cli, graph: GraphStore, tmp_path: Path) -> None:
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
    people = PEOPLE + "".join(f"x{k},X{k},x{k}@new.example,{'acc07' if k % 2 else 'lost'}\n" for k in range(6))
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
    assert graph.read("MATCH (p:Person)-[:WORKS_AT]->(:Firm {id: 'acc07'}) RETURN p.id ORDER BY p.id") == [("x1",), ("x3",), ("x5",)]


def test_exported_rejects_can_be_repaired_and_imported(cli: Cli, graph: GraphStore, tmp_path: Path) -> None:
    people = "id;name;emails;firm\nr1;Rita;rita@us.example;us\nc1;Cara;cara@acme.example;acc01\nc9;Coco;coco@acme.example;acc0l\n"
    folder = files(tmp_path / "a", people=people)
    (folder / "interactions.csv").unlink()
    (folder / "interactions.jsonl").write_text(
        '{"id": "j1", "at": "2026-13-01T00:00:00Z", "kind": "email", "participants": "from:r1;to:c9"}\n', encoding="utf-8"
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


def test_an_ignored_reject_stays_ignored_and_one_of_an_undone_import_comes_back(cli: Cli, graph: GraphStore, tmp_path: Path) -> None:
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


class _Torn:
    """A stream that fails in the middle."""

    def __init__(self, path: Path) -> None:
        self._data = path.read_bytes()
        self._at = 0

    def read(self, size: int = -1) -> bytes:
        if self._at > 0:
            raise OSError(errno.EIO, "Input/output error")
        self._at = 180
        return self._data[: self._at][:size]

    def __enter__(self) -> _Torn:
        return self

    def __exit__(self, *_: object) -> None:
        return None


def test_a_read_error_in_the_middle_names_the_line_and_the_next_run_goes_on(
    cli: Cli, graph: GraphStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = files(tmp_path)
    imported(cli, folder)
    wanted = state_of(graph)
    wiped(graph)
    original, opens = FileSource.open, 0

    def torn(source: FileSource) -> Any:
        nonlocal opens
        opens += source.path.name == "interactions.csv"
        return original(source) if source.path.name != "interactions.csv" or opens < 7 else _Torn(source.path)

    with monkeypatch.context() as patch:
        patch.setattr(FileSource, "open", torn)
        code, seen = 0, 0
        for opens_before in range(12):
            opens = 6 - opens_before
            done = cli("import", folder, "--json", "--no-score", import_batch="1")
            code = done.code
            if code == 4:
                seen = opens_before
                break
            wiped(graph)
        assert code == 4, (seen, done.err)
    assert done.error["file"].endswith("interactions.csv")
    assert done.error["line"]
    assert "what was committed is kept" in done.error["message"]
    assert done.error["remedy"]
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


def test_without_an_own_domain_the_error_names_the_guess_and_the_remedy(cli: Cli, graph: GraphStore, tmp_path: Path) -> None:
    firms = "id,name,domains\nacc01,Acme,acme.example\n"
    people = "id,name,emails,firm\nc1,Cara,cara@acme.example,acc01\nr1,Rita,rita@we.example,\n"
    done = cli("import", files(tmp_path, firms=firms, people=people), "--json")
    assert done.code == 2
    assert "we.example" in done.error["message"]
    assert "--own-domain we.example" in done.error["remedy"]
    assert untouched(graph)
    assert imported(cli, tmp_path, "--own-domain", "WE.example")["totals"]["new"] == 9
    assert graph.read("MATCH (p:Person {id: 'r1'})-[:WORKS_AT]->(f:Firm {kind: 'own'}) RETURN f.id") in ([], [("we.example",)])


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


def test_a_file_that_nobody_knows_is_refused_where_it_was_named(cli: Cli, graph: GraphStore, tmp_path: Path) -> None:
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


@pytest.fixture
def neo4j_cli(neo4j_environment: dict[str, str], capsys: pytest.CaptureFixture[str]) -> Iterator[Cli]:
    """The command line on the Neo4j of the tests, emptied before and after."""
    from filelock import FileLock

    from graphmap.config import Settings
    from tests.pipeline.kit import command

    del Settings, FileLock
    with only(neo4j_environment):
        yield lambda *arguments, **extra: command(capsys, *arguments, **extra)


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
        try:
            while block := one.recv(65536):
                other.sendall(block)
        except OSError:
            pass
        finally:
            for end in (one, other):
                end.close()

    def cut(self) -> None:
        """Nobody gets through any more."""
        for one in self._open:
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            one.close()


@pytest.mark.neo4j
def test_a_neo4j_that_goes_away_in_mid_run_is_one_error_and_the_next_run_goes_on(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pass
