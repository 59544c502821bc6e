"""What several tests of the store need: a small graph, a way to run Python beside us, and waiting for an event."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from graphmap.store import GraphStore, Statement, statements

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def eventually() -> Callable[[Callable[[], object]], None]:
    """Waits until a condition holds, at most a minute; no test depends on how long it takes."""

    def wait(condition: Callable[[], object]) -> None:
        until = time.monotonic() + 60
        while not condition():
            assert time.monotonic() < until, "it did not happen within a minute"
            time.sleep(0.05)

    return wait


@pytest.fixture
def beside() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Runs Python code in a process of its own; whatever still runs at the end is ended."""
    started: list[subprocess.Popen[str]] = []

    def run(code: str, environment: Mapping[str, str], *arguments: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-W", "error", "-c", code, *arguments],
            env={**os.environ, **environment, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield run
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate()


def _nodes(label: str, **keyed: Mapping[str, object]) -> Statement:
    rows = [{"key": key, "props": dict(props)} for key, props in keyed.items()]
    return Statement(statements.upsert_nodes(label), {"rows": rows}, expect=len(rows))


def _interactions() -> tuple[
    list[Mapping[str, object]],
    list[tuple[str, str, dict[str, object]]],
    list[tuple[str, str, dict[str, object]]],
]:
    """(id, at, firms, [(role, identity)]): Ann alone writes to a; Ann and Bo know b; c had Dan, who left."""
    told = [
        ("i1", 10, ["a"], [("from", "ann"), ("to", "x1")]),
        ("i2", 20, ["a"], [("from", "x1"), ("to", "ann"), ("cc", "ann2")]),
        ("i3", 30, ["a", "b"], [("from", "bo"), ("to", "x1"), ("to", "x2")]),
        ("i4", 40, ["b"], [("from", "ann"), ("to", "x2")]),
        ("i5", 50, ["b"], [("from", "x2"), ("to", "bo")]),
        ("i6", 60, ["c"], [("caller", "dan"), ("callee", "x3")]),
        ("i7", 70, ["d"], [("channel", "portal"), ("account", "d")]),
        ("i8", 80, [], [("from", "stray"), ("to", "ann")]),
    ]
    rows: list[Mapping[str, object]] = []
    parts: list[tuple[str, str, dict[str, object]]] = []
    about: list[tuple[str, str, dict[str, object]]] = []
    for place, (key, at, firms, people) in enumerate(told):
        props = {"kind": "call" if key == "i6" else "email", "at": at, "source": "s", "hash": key, "run": "m"}
        rows.append({"key": key, "props": {**props, "batch": f"m:{place // 4}"}})
        parts += [(who, key, {"role": role, "place": number}) for number, (role, who) in enumerate(people)]
        about += [(key, firm, {}) for firm in firms]
    return rows, parts, about


def _assessments() -> list[Statement]:
    one = {
        "run": "s2",
        "firm": "a",
        "status": "ok",
        "band": "captive",
        "cell_ours": "single",
        "dependence": 90.0,
        "lower": 70.0,
    }
    ties = {
        "tie_reps": ["ann", "FIRM"], "tie_contacts": ["x1", "x1"], "tie_strengths": [2.0, 0.5], "tie_inbound": [1.0, 0.0],
        "tie_outbound": [1.0, 0.0], "tie_other": [0.0, 0.5], "tie_first_at": [10, 5], "tie_last_at": [20, 6],
        "tie_interactions": [2, 1],
    }  # fmt: skip
    two = {
        "run": "s2",
        "firm": "b",
        "status": "ok",
        "band": "shared",
        "cell_ours": "multi",
        "dependence": 30.0,
        "lower": 20.0,
    }
    old = {**one, "run": "s1", "dependence": 10.0, "band": "firm"}
    return [
        _nodes(
            "Assessment",
            **{
                "s2|a": {
                    **one,
                    **ties,
                    "top_rep": "ann",
                    "upper": 95.0,
                    "active_contacts": 1,
                    "last_two_way_at": 20,
                    "rep_ids": ["ann"],
                },
                "s2|b": {**two, "top_rep": "bo", "rep_ids": ["bo", "ann"]},
                "s2|c": {"run": "s2", "firm": "c", "status": "no_data"},
                "s1|a": old,
            },
        ),
        *statements.link(
            "OF",
            "Assessment",
            "Firm",
            [("s2|a", "a", {}), ("s2|b", "b", {}), ("s2|c", "c", {}), ("s1|a", "a", {})],
        ),
        _nodes(
            "Finding",
            f1={"run": "s2", "firm": "a", "rule": "single_threaded_us", "severity": "critical"},
            f2={"run": "s2", "firm": "b", "rule": "single_threaded_us", "severity": "critical"},
            f3={"run": "s2", "firm": "a", "rule": "dormant", "severity": "info"},
            f4={"run": "s1", "firm": "a", "rule": "dormant", "severity": "info"},
        ),
        _nodes(
            "Run",
            s1={"kind": "score", "state": "finished", "started_at": 1},
            s2={"kind": "score", "state": "finished", "started_at": 2},
            s3={"kind": "score", "state": "running", "started_at": 3},
            m={"kind": "import", "state": "finished", "started_at": 0, "sequence": 1, "batches": 2},
        ),
    ]


@pytest.fixture
def small_graph(store: GraphStore) -> GraphStore:
    """Four accounts, three reps (Dan has left), three contacts, eight interactions, two scoring runs."""
    rows, parts, about = _interactions()
    names = {
        "ann": "Ann",
        "bo": "Bo",
        "dan": "Dan",
        "x1": "Xenia",
        "x2": "Xaver",
        "x3": "Ximena",
        "stray": "stray@n.example",
    }
    tie = {"run": "s2", "last_at": 20, "inbound": 1.0, "outbound": 1.0, "other": 0.0}
    store.write(
        _nodes(
            "Firm",
            own={"name": "Own", "kind": "own"},
            a={"name": "Alpha", "kind": "account", "annual_value": 100.0, "currency": "EUR"},
            b={"name": "Beta", "kind": "account", "annual_value": 50.0, "currency": "EUR"},
            c={"name": "Gamma", "kind": "account"},
            d={"name": "Delta", "kind": "account"},
            n={"name": "n.example", "kind": "other", "made": True, "domains": ["n.example"]},
        ),
        _nodes("Person", **{key: {"name": name, **({"made": True} if key == "stray" else {})} for key, name in names.items()}),
        _nodes("Person", lone={"name": "Lone"}),
        _nodes("Identity", **{key: {"kind": "mail", "value": f"{key}@mail"} for key in [*names, "ann2", "portal", "d"]}),
        *statements.link("KNOWN_AS", "Person", "Identity", [(key, key, {}) for key in names] + [("ann", "ann2", {})]),
        *statements.link("KNOWN_AS", "Firm", "Identity", [("own", "portal", {})]),
        *statements.link(
            "WORKS_AT", "Person", "Firm",
            [("ann", "own", {"via": "1", "precedence": 1}), ("ann", "own", {"via": "2", "precedence": 1}),
             ("bo", "own", {"via": "1", "precedence": 1}),
             ("dan", "own", {"via": "1", "precedence": 1, "valid_to": "2020-01-01"}), ("x1", "a", {"via": "1", "precedence": 1}),
             ("x2", "b", {"via": "1", "precedence": 1}), ("x3", "c", {"via": "1", "precedence": 1}),
             ("stray", "n", {"via": "1", "precedence": 1})],
        ),
        *statements.link("OWNS", "Person", "Firm", [("bo", "a", {}), ("bo", "b", {})]),
        Statement(statements.upsert_nodes("Interaction"), {"rows": rows}, expect=8),
        *statements.link("TOOK_PART", "Identity", "Interaction", parts),
        *statements.link("ABOUT", "Interaction", "Firm", about),
        *statements.link(
            "TIE", "Person", "Person",
            [("ann", "x1", {"account": "a", "strength": 2.0, **tie}), ("ann", "x2", {"account": "b", "strength": 1.0, **tie}),
             ("bo", "x2", {"account": "b", "strength": 3.0, **tie})],
        ),
        *statements.link("TIE", "Firm", "Person", [("own", "x1", {"account": "a", "strength": 0.5, **tie})]),
        *_assessments(),
        _nodes("Rejected", r1={"state": "open", "run": "m"}, r2={"state": "fixed", "run": "m"}),
    )  # fmt: skip
    return store
