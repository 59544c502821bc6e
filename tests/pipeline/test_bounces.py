"""A bounce is no interaction, and it says that an address is gone: in any order, until somebody writes from it, exactly undone."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from graphmap.store import GraphStore
from graphmap.store.digest import digest
from tests.pipeline.kit import Cli, imported, wiped

OUT = """From anna@us.example Fri Mar  6 10:00:00 2026
From: Anna Ash <anna@us.example>
To: Carl Cole <carl@acme.example>, Dora Dean <dora@acme.example>
Date: Fri, 6 Mar 2026 10:00:00 +0000
Message-ID: <out@us.example>

BODY

"""
BACK = """From MAILER-DAEMON {day} 10:00:01 2026
From: Mail Delivery Subsystem <mailer-daemon@us.example>
To: anna@us.example
Auto-Submitted: auto-replied
X-Failed-Recipients: carl@acme.example
Date: {date} 10:00:01 +0000
Message-ID: <back-{n}@us.example>

BODY

"""
IN = """From carl@acme.example Mon Apr  6 10:00:00 2026
From: Carl Cole <carl@acme.example>
To: anna@us.example
Date: Mon, 6 Apr 2026 10:00:00 +0000
Message-ID: <in@acme.example>

BODY

"""
FIRST = BACK.format(day="Sat Mar  7", date="Sat, 7 Mar 2026", n=1)
SECOND = BACK.format(day="Tue Mar 10", date="Tue, 10 Mar 2026", n=2)


@pytest.fixture
def boxes(tmp_path: Path) -> dict[str, Path]:
    paths: dict[str, Path] = {}
    for name, text in {"a": OUT + FIRST, "b": SECOND, "c": IN}.items():
        paths[name] = tmp_path / f"{name}.mbox"
        paths[name].write_text(text, encoding="utf-8")
    return paths


def works(store: GraphStore, who: str = "carl@acme.example") -> list[tuple[object, ...]]:
    return store.read(
        "MATCH (:Person {id: $id})-[w:WORKS_AT]->(f:Firm) RETURN f.id, w.valid_to, w.ended_by", id=who
    )


OPEN, ENDED = [("acme.example", None, None)], [("acme.example", "2026-03-07", "bounced")]


def test_who_mails_come_back_from_has_left_whatever_the_order(
    cli: Cli, boxes: dict[str, Path], graph: GraphStore
) -> None:
    """P7: mails that come back on two days end the affiliation on the first of them."""
    digests: set[str] = set()
    for order in itertools.permutations("ab"):
        wiped(graph)
        for name in order:
            assert works(graph) in ([], OPEN)
            result = imported(cli, boxes[name], "--own-domain", "us.example")
            assert result["totals"]["excluded"] == {"bounce": 1}
        assert works(graph) == ENDED
        assert works(graph, "dora@acme.example") == OPEN
        digests.add(digest(graph))
    assert len(digests) == 1


def test_who_writes_afterwards_is_there_again_and_undo_takes_it_back(
    cli: Cli, boxes: dict[str, Path], graph: GraphStore
) -> None:
    for name in "ab":
        imported(cli, boxes[name], "--own-domain", "us.example")
    before = digest(graph)
    run = imported(cli, boxes["c"], "--own-domain", "us.example")["run"]["id"]
    assert works(graph) == OPEN
    cli("runs", "undo", str(run))
    assert works(graph) == ENDED
    assert digest(graph) == before


def test_forgetting_somebody_forgets_what_came_back(
    cli: Cli, boxes: dict[str, Path], graph: GraphStore
) -> None:
    for name in "ab":
        imported(cli, boxes[name], "--own-domain", "us.example")
    cli("forget", "carl@acme.example")
    imported(cli, boxes["b"], "--own-domain", "us.example", "--again")
    assert graph.read("MATCH (x:Record {kind: 'bounces'}) RETURN x.payload") == []


def test_an_export_holds_the_bounces_and_imports_to_the_same_ends(
    cli: Cli, boxes: dict[str, Path], graph: GraphStore, tmp_path: Path
) -> None:
    for name in "ab":
        imported(cli, boxes[name], "--own-domain", "us.example")
    out = tmp_path / "out"
    cli("export", "records", "--out", str(out))
    assert (out / "bounces.csv").read_text(encoding="utf-8").splitlines()[0] == "address,day"
    wiped(graph)
    imported(cli, out, "--own-domain", "us.example")
    assert works(graph) == ENDED


def test_a_bounce_that_the_crm_knows_of_counts_with_one_of_a_mailbox_until_the_flag_is_gone(
    cli: Cli, boxes: dict[str, Path], graph: GraphStore, tmp_path: Path
) -> None:
    imported(cli, boxes["a"], "--own-domain", "us.example")
    folder = tmp_path / "crm"
    folder.mkdir()
    (folder / "Account.csv").write_text(
        "Id,Name,Website,OwnerId,IsDeleted\n001000000000001,Acme,acme.example,,0\n", encoding="utf-8"
    )
    for flag, ended in (("2026-04-02T08:00:00Z", ("2026-03-07", "bounced")), ("", (None, None))):
        (folder / "Contact.csv").write_text(
            "Id,AccountId,Name,Email,EmailBouncedDate,IsDeleted\n"
            f"003000000000001,001000000000001,Carl Cole,carl@acme.example,{flag},0\n"
            "003000000000002,001000000000001,Dora Dean,dora@acme.example,2026-04-02T08:00:00Z,0\n",
            encoding="utf-8",
        )
        imported(cli, folder, "--own-domain", "us.example", "--accept-loss")
        found = {str(who): (end, why) for who, end, why in graph.read(
            "MATCH (p:Person)-[w:WORKS_AT]->(:Firm) RETURN p.name, w.valid_to, w.ended_by"
        )}  # fmt: skip
        assert found["Carl Cole"] == ended
        assert found["Dora Dean"] == (None, None)
