"""Ctrl-C: a transaction in hand is finished first, a second one ends it at once, and it is never called a fault."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator

import click
import pytest

from graphmap.cli import cli, run
from graphmap.interrupts import held
from graphmap.store.graphstore import GraphStore
from graphmap.store.transactions import Writer


@pytest.fixture(autouse=True)
def attentive() -> Iterator[None]:
    """A shell that runs tests in the background makes them deaf to Ctrl-C; here they listen."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def pressed(times: int) -> None:
    for _ in range(times):
        signal.raise_signal(signal.SIGINT)


def test_a_transaction_in_hand_is_committed_before_ctrl_c_takes_effect(store: GraphStore) -> None:
    def work(writer: Writer) -> None:
        writer.run("CREATE (s:State {id: 'first', value: '1'})")
        pressed(1)
        writer.run("CREATE (s:State {id: 'second', value: '1'})")

    with pytest.raises(KeyboardInterrupt):
        store.write_with(work)
    assert store.read("MATCH (s:State) WHERE s.id IN ['first', 'second'] RETURN count(s)") == [(2,)]


def test_a_second_ctrl_c_takes_the_transaction_back(store: GraphStore) -> None:
    def work(writer: Writer) -> None:
        writer.run("CREATE (s:State {id: 'first', value: '1'})")
        pressed(2)

    with pytest.raises(KeyboardInterrupt):
        store.write_with(work)
    assert store.read("MATCH (s:State {id: 'first'}) RETURN count(s)") == [(0,)]
    store.write_with(lambda w: w.run("CREATE (s:State {id: 'after', value: '1'})"))
    assert store.read("MATCH (s:State {id: 'after'}) RETURN count(s)") == [(1,)]


def test_whoever_handles_ctrl_c_already_is_let_be() -> None:
    heard: list[int] = []
    signal.signal(signal.SIGINT, lambda number, _frame: heard.append(number))
    with held():
        pressed(1)
        assert heard == [signal.SIGINT]


def test_what_breaks_while_an_interruption_is_handled_is_an_interruption(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    @click.command()
    @click.option("--json", "as_json", is_flag=True)
    @click.option("--kind", type=click.Choice(["buffer", "system"]))
    def breaking(as_json: bool, kind: str) -> None:
        try:
            pressed(1)
        finally:
            raise BufferError("in use") if kind == "buffer" else OSError("gone")

    monkeypatch.setitem(cli.commands, "breaking", breaking)
    for kind in ("buffer", "system"):
        assert run(["breaking", "--json", "--kind", kind]) == 4
        assert json.loads(capsys.readouterr().err)["error"]["code"] == "interrupted"
