"""Interrupted or repeated at any transaction, an import gives the same graph and the same balance."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from neo4j.exceptions import DriverError

from graphmap.store import GraphStore, transactions
from tests.pipeline.kit import Cli, Tables, company, imported, rows, state_of, wiped, write


def awkward() -> Tables:
    """Few rows with everything that counts: strangers, duplicates, and an id that is set aside before it is good."""
    tables = company(1)
    told = tables["interactions"]
    unknown = rows("interactions", ("q1", "2026-01-01T00:00:00Z", "order", "", "channel:shop;account:nobody"))
    good = rows("interactions", ("q1", "2026-01-02T00:00:00Z", "order", "", "channel:shop;account:acc03"))
    twice = {**told[0], "kind": "call"}
    return {
        **tables,
        "interactions": [*told[:1], *unknown, twice, *told[1:3], *good, *told[3:], dict(told[-1])],
    }


def test_interrupted_before_any_transaction_the_next_run_ends_as_if_nothing_had_been(
    cli: Cli, graph: GraphStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write(tmp_path, awkward())
    write_with, calls, stop = GraphStore.write_with, 0, 10**9

    def counted(store: GraphStore, work: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == stop:
            raise KeyboardInterrupt
        return write_with(store, work)

    monkeypatch.setattr(GraphStore, "write_with", counted)
    straight = imported(cli, folder, code=1, import_batch="2")
    wanted, last = state_of(graph), calls
    for moment in range(2, last, 3):
        wiped(graph)
        calls, stop = 0, moment
        assert cli("import", folder, "--no-score", import_batch="2").code == 4, moment
        stop = 10**9
        again = imported(cli, folder, code=1, import_batch="2")
        assert again["files"] == straight["files"], moment
        assert state_of(graph) == wanted, moment
        rejected = cli("quarantine", "list", "--json").json
        assert [(row["line"], row["code"]) for row in rejected] == [(3, "unknown_firm")], moment


class DisturbedError(DriverError):
    """What a server says when it wants a transaction to be tried again."""

    def is_retryable(self) -> bool:
        return True


def test_transactions_that_are_repeated_count_nothing_twice(
    cli: Cli, graph: GraphStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mails = rows(
        "interactions",
        ("m1", "2026-01-01T00:00:00Z", "email", "", "from:a@us.example;to:b@acme.example"),
        ("m2", "2026-01-02T00:00:00Z", "email", "", "from:c@beta.example;to:a@us.example;cc:d@acme.example"),
        ("m3", "2026-01-03T00:00:00Z", "order", "", "channel:shop;to:e@gamma.example"),
    )
    folder = write(tmp_path, {"interactions": mails})
    straight = imported(cli, folder, "--own-domain", "us.example")
    wanted = state_of(graph)
    wiped(graph)
    once, seen = transactions._once, list[Any]()

    def twice(drivers: Any, work: Any, *, write: bool) -> Any:
        def fails(writer: Any) -> Any:
            work(writer)
            raise DisturbedError("try again")

        first = write and not any(work is one for one in seen)
        seen.append(work)
        return once(drivers, fails if first else work, write=write)

    monkeypatch.setattr(transactions, "_once", twice)
    repeated = imported(cli, folder, "--own-domain", "us.example")
    assert repeated["files"] == straight["files"]
    assert state_of(graph)[1] == wanted[1]


def test_a_file_that_changes_while_it_is_read_is_told_about_and_read_again(
    cli: Cli, graph: GraphStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """P50: what was read counts, but the file is not done."""
    folder = Path(write(tmp_path, company(2)))
    file, write_with, calls = folder / "interactions.csv", GraphStore.write_with, 0

    def disturbing(store: GraphStore, work: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == 8:
            with file.open("a", encoding="utf-8") as stream:
                stream.write("late,2026-03-01T00:00:00Z,call,,attendee:r1;attendee:c1,\n")
        return write_with(store, work)

    monkeypatch.setattr(GraphStore, "write_with", disturbing)
    done = cli("import", str(folder), "--no-score", import_batch="2")
    assert calls > 8
    assert "changed_while_read: 1" in done.err
    monkeypatch.undo()
    again = imported(cli, str(folder))
    read = [one for one in again["files"] if not one.get("skipped")]
    assert [Path(one["path"]).name for one in read] == ["interactions.csv"]
    assert graph.read("MATCH (i:Interaction {id: 'late'}) RETURN count(i)") == [(1,)]
    assert all(one.get("skipped") for one in imported(cli, str(folder))["files"])
