"""Forgetting a person: the store is as if they had never been in the files, and they do not come back; on both stores."""

from __future__ import annotations

import json
import mailbox
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from graphmap.ingest import forgetting
from graphmap.store import GraphStore
from graphmap.store.digest import digest
from graphmap.store.embedded import stop_embedded
from tests.pipeline.kit import Cli, Tables, changed, company, counts, edges, imported, rows, state_of, write

TOKENS = ("carazelda", "cara@acme.example", "cara.z@acme.example", "c1-zelda")


def with_zelda() -> Tables:
    """The small company with one contact of telling names, in every place where a person may stand."""
    tables = json.loads(
        json.dumps(company(6)).replace('"c1"', '"c1-zelda"').replace("from:c1;", "from:c1-zelda;")
    )
    tables = changed(
        tables, "people", "c1-zelda", name="Carazelda Quist", emails="cara@acme.example;cara.z@acme.example"
    )
    tables = changed(tables, "interactions", "c1-zelda", id="c1")
    more = rows(
        "interactions",
        ("z1", "2026-02-10T10:00:00Z", "meeting", "", "organizer:r1;attendee:c1-zelda;attendee:c2", "thread of cara@acme.example"),
        ("z2", "2026-02-11T10:00:00Z", "email", "out", "from:r2;to:CARA.Z@acme.example"),
        ("uid-of-cara@acme.example-7", "2026-02-12T10:00:00Z", "call", "", "caller:r1;callee:c1-zelda;callee:c2"),
    )  # fmt: skip
    tables["interactions"] = [*tables["interactions"], *more]
    tables["account_team"] = rows("account_team", ("acc01", "c1-zelda", "friend"))
    tables["display_names"] = rows("display_names", ("cara@acme.example", "Carazelda Q."))
    return changed(tables, "firms", "acc03", owner="c1-zelda")


def without_zelda(tables: Tables) -> Tables:
    """The same files, written by somebody who never knew her."""
    gone = ("c1-zelda", "cara@acme.example", "cara.z@acme.example")

    def left(row: dict[str, object]) -> dict[str, object] | None:
        if (
            str(row.get("id")).lower() in gone
            or str(row.get("person")).lower() in gone
            or row.get("address") in gone
        ):
            return None
        row = {k: "" if k in ("owner", "manager") and str(v).lower() in gone else v for k, v in row.items()}
        if "participants" in row:
            parts = [
                p for p in str(row["participants"]).split(";") if p.partition(":")[2].lower() not in gone
            ]
            if len(parts) < 2:
                return None
            row["participants"] = ";".join(parts)
            row["thread"] = (
                "" if any(one in str(row.get("thread")) for one in gone) else row.get("thread", "")
            )
        return row

    return {name: [r for row in lines if (r := left(row)) is not None] for name, lines in tables.items()}


def everything(store: GraphStore) -> str:
    """All properties of all nodes and relationships as one text."""
    nodes = [json.dumps(row[0], ensure_ascii=False) for row in store.read("MATCH (n) RETURN properties(n)")]
    links = [
        json.dumps(row[0], ensure_ascii=False) for row in store.read("MATCH ()-[r]->() RETURN properties(r)")
    ]
    return "\n".join([*nodes, *links]).casefold()


def names_her(text: str) -> list[str]:
    """The lines that name her."""
    return [line for line in text.splitlines() if any(token in line for token in TOKENS)]


@pytest.fixture
def known(cli: Cli, tmp_path: Path) -> Cli:
    """Everything about her is in the store: rows, interactions, decisions, a plan, numbers, something set aside."""
    folder = write(tmp_path / "files of cara@acme.example", with_zelda())
    bad = '\nbad,2026-02-30T10:00:00Z,call,,"caller:r1;callee:cara@acme.example",\n'
    with (folder / "interactions.csv").open("a", encoding="utf-8") as file:
        file.write(bad.lstrip("\n"))
    assert cli("import", folder).code == 1
    assert cli("person", "set", "c1-zelda", "--title", "Boss").code == 0
    assert (
        cli(
            "decide", "rule", "--contact", "c1-zelda", "--through", "r2", "--reason", "knows Carazelda Quist"
        ).code
        == 0
    )
    assert cli("plan", "save", "--leaving", "r1").code == 0
    assert cli("plan", "save", "--leaving", "c1-zelda").code == 0
    return cli


def test_nothing_in_the_store_names_a_forgotten_person_and_others_keep_their_history(
    known: Cli, graph: GraphStore
) -> None:
    assert len(names_her(everything(graph))) > 20
    before = counts(graph), digest(graph)
    wouldbe = known("forget", "Carazelda Quist", "--dry-run", "--json").json
    assert (counts(graph), digest(graph)) == before
    assert wouldbe["dry_run"]
    done = known("forget", "Carazelda Quist", "--json")
    assert done.code == 0, done.err
    assert {k: v for k, v in done.json["counts"].items() if not k.startswith("interactions_")} == wouldbe[
        "counts"
    ]
    assert names_her(everything(graph)) == []
    assert done.json["suppressed"] > 0
    assert known("person", "show", "c1-zelda").code == 2
    assert known("accounts").code == 0
    assert known("account", "acc01").code == 0
    for plan in known("plan", "list", "--json").json:
        told = known("plan", "show", plan["id"])
        assert told.code == 0
        assert names_her(told.out.casefold()) == []
    # Who stays has their interactions.
    ((kept,),) = graph.read(
        "MATCH (:Person {id: 'c2'})-[:KNOWN_AS]->()-[:TOOK_PART]->(i:Interaction) RETURN count(DISTINCT i)"
    )
    assert kept == 3
    ((audit,),) = graph.read("MATCH (r:Run {kind: 'forget'}) RETURN r.counts")
    assert json.loads(str(audit))["people"] == 1


def told_by(found: dict[str, list[str]]) -> dict[str, list[str]]:
    """A dump without the places of rows in their run, and what is made of those."""
    volatile = re.compile(r'"(precedence|hash|placed)": ("[^"]*"|\d+)(, )?')
    return {k: [volatile.sub("", line) for line in lines] for k, lines in found.items() if k != "TIE"}


def test_the_store_is_as_if_the_files_had_never_named_the_person(
    cli: Cli, graph: GraphStore, tmp_path: Path
) -> None:
    tables = with_zelda()
    tables["interactions"] = [i for i in tables["interactions"] if "uid-of" not in str(i["id"])]
    never = write(tmp_path / "never", without_zelda(tables))
    imported(cli, never)
    wanted = state_of(graph)
    for (run,) in graph.read("MATCH (r:Run {kind: 'import'}) RETURN r.id"):
        assert cli("runs", "undo", run).code == 0
    imported(cli, write(tmp_path / "all", tables), "--again")
    assert state_of(graph) != wanted
    assert cli("forget", "c1-zelda", "--no-suppress").code == 0
    assert (digest(graph), told_by(edges(graph))) == (wanted[0], told_by(wanted[1]))


def test_no_importer_brings_a_suppressed_person_back_and_reading_again_changes_nothing(
    known: Cli, graph: GraphStore, tmp_path: Path
) -> None:
    assert known("forget", "cara@acme.example").code == 0
    before = state_of(graph)
    again = imported(known, tmp_path / "files of cara@acme.example", "--again")
    assert again["totals"]["excluded"]["suppressed"] > 0
    assert (again["totals"]["new"], again["totals"]["updated"]) == (0, 0)
    assert names_her(everything(graph).replace("files of cara@acme.example", "")) == []
    assert state_of(graph) == before


def test_without_suppression_the_next_import_brings_them_back(known: Cli, tmp_path: Path) -> None:
    assert known("forget", "c1-zelda", "--no-suppress").code == 0
    imported(known, tmp_path / "files of cara@acme.example", "--again", code=1)
    assert known("person", "show", "c1-zelda").code == 0


def test_an_import_refuses_when_the_key_is_not_the_one(known: Cli, graph: GraphStore, tmp_path: Path) -> None:
    assert known("forget", "c1-zelda", privacy_suppression_key="first").code == 0
    before = counts(graph)
    folder = tmp_path / "files of cara@acme.example"
    refused = known("import", folder, "--again", "--json", privacy_suppression_key="second")
    assert (refused.code, refused.error["code"]) == (2, "config")
    assert "suppression" in refused.error["remedy"]
    assert counts(graph) == before
    assert known("import", folder, "--again", privacy_suppression_key="first").code == 0
    assert known("forget", "c2", privacy_suppression_key="second").code == 2
    assert known("forget", "c2", privacy_suppression_key="first").code == 0


@pytest.mark.parametrize("place", ["suppress", "_leave_out", "settle", "_drop_rest"])
def test_interrupted_anywhere_the_same_command_completes_it(
    place: str, known: Cli, graph: GraphStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    real: Callable[..., object] = getattr(forgetting, place)

    def broken(*arguments: object, **named: object) -> object:
        real(*arguments, **named)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(forgetting, place, broken)
        assert known("forget", "cara@acme.example").code == 4
    finished = known("forget", "cara@acme.example")
    # After the last step there is nobody left to find.
    assert finished.code == (2 if place == "_drop_rest" else 0)
    assert names_her(everything(graph)) == []
    assert known("score").code == 0


def test_several_or_nobody_is_an_error_that_lists_them(known: Cli, graph: GraphStore) -> None:
    assert known("forget", "nobody at all").code == 2
    before = digest(graph)
    assert known("person", "set", "c2", "--title", "x").code == 0
    assert "there is no person" in known("forget", "nobody at all").err
    assert digest(graph) != before


def test_an_undo_after_it_takes_out_what_is_left(known: Cli, graph: GraphStore) -> None:
    assert known("forget", "c1-zelda").code == 0
    for (run,) in graph.read("MATCH (r:Run {kind: 'import'}) RETURN r.id"):
        assert known("runs", "undo", run).code == 0
    left = {k: v for k, v in counts(graph).items() if v}
    assert set(left) <= {"Suppressed", "Decision", "Rejected"}


CANARIES = (
    "canarybody",
    "canarysubject",
    "canaryattachment",
    "canarydescription",
    "canarylocation",
    "canarynote",
)


def sources(folder: Path) -> Path:
    """A mailbox, a calendar and CRM tasks in which every text that nobody may keep is a token."""
    folder.mkdir()
    box = mailbox.mbox(folder / "ours.mbox")
    for number in range(3):
        box.add(
            f"From: Anna Berg <anna@ours.example>\nTo: Zeldacontact <zelda@acme.example>\nDate: Mon, {number + 5:02} Jan 2026 10:00:00 +0000\n"
            f"Message-ID: <m{number}@ours.example>\nSubject: canarysubject {number}\nMIME-Version: 1.0\n"
            "Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/plain\n\ncanarybody\n--x\n"
            'Content-Type: application/pdf\nContent-Disposition: attachment; filename="canaryattachment.pdf"\n\nAAAA\n--x--\n'
        )
    box.close()
    (folder / "ours.ics").write_text(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:e1\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:20260107T100000Z\r\n"
        "DTEND:20260107T110000Z\r\nSUMMARY:canarysubject\r\nDESCRIPTION:canarydescription\r\nLOCATION:canarylocation\r\n"
        "ORGANIZER:mailto:anna@ours.example\r\nATTENDEE:mailto:zelda@acme.example\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
        encoding="utf-8",
    )
    (folder / "Account.csv").write_text(
        '"Id","IsDeleted","MasterRecordId","Name","Type","ParentId","Website","Industry","Description","OwnerId"\n"0018c00002AAAAA","false","","Acme","Customer","","acme.example","","canarynote","0058c00002AAAAA"\n',
        encoding="utf-8",
    )
    (folder / "Contact.csv").write_text(
        '"Id","AccountId","FirstName","LastName","Email","Description"\n"0038c00002AAAAA","0018c00002AAAAA","Zelda","Moor","zelda@acme.example","canarynote"\n',
        encoding="utf-8",
    )
    (folder / "Task.csv").write_text(
        '"Id","WhoId","WhatId","OwnerId","Subject","Description","ActivityDate","Status","Type","IsDeleted"\n'
        '"00T8c00002AAAAA","0038c00002AAAAA","0018c00002AAAAA","0058c00002AAAAA","canarysubject","canarydescription","2026-01-08","Completed","Call","false"\n',
        encoding="utf-8",
    )
    (folder / "User.csv").write_text(
        '"Id","Username","Email","FirstName","LastName","IsActive"\n"0058c00002AAAAA","anna@ours.example","anna@ours.example","Anna","Berg","true"\n',
        encoding="utf-8",
    )
    return folder


def files_with(home: Path, token: str) -> list[str]:
    """Files of the home folder that hold a token, in any of the ways a store may write text."""
    wanted = [token.encode(), token.encode("utf-16-le"), token.encode("utf-16-be")]
    return sorted(
        str(f.relative_to(home))
        for f in home.rglob("*")
        if f.is_file() and any(w in f.read_bytes().lower() for w in wanted)
    )


@pytest.fixture
def own_home(lonely_cli: Cli, tmp_path: Path) -> Iterator[tuple[Cli, Path]]:
    """The command line with an embedded store of its own, whose bytes are looked at."""
    yield lonely_cli, tmp_path / "home"
    stop_embedded(tmp_path / "home")


def test_no_byte_of_what_people_wrote_is_kept_and_none_of_whoever_was_forgotten(
    own_home: tuple[Cli, Path], tmp_path: Path
) -> None:
    cli, home = own_home
    folder = sources(tmp_path / "in")
    done = cli("import", folder, "--own-domain", "ours.example")
    assert done.code in (0, 1), done.err
    assert cli("account", "Acme").code == 0
    assert cli("export", "records", "--out", home / "exports" / "records.zip").code == 0
    stop_embedded(home)
    for token in CANARIES:
        assert files_with(home, token) == [], token
    assert files_with(home, "zelda@acme.example")
    assert cli("forget", "zelda@acme.example", "--compact").code == 0
    stop_embedded(home)
    for token in ("zelda@acme.example", "zeldacontact", "zelda moor", "0038c00002aaaaa"):
        left = [f for f in files_with(home, token) if not f.startswith("exports")]
        assert left == [], token
    assert cli("accounts").code == 0
    again = cli("import", folder, "--again", "--own-domain", "ours.example", "--json")
    assert again.json["totals"]["excluded"]["suppressed"] > 0
    stop_embedded(home)
    assert [f for f in files_with(home, "zelda@acme.example") if not f.startswith("exports")] == []


def test_the_key_is_for_its_owners_eyes_alone(own_home: tuple[Cli, Path], tmp_path: Path) -> None:
    cli, home = own_home
    assert cli("import", write(tmp_path / "in", company(3))).code == 0
    assert cli("forget", "c1").code == 0
    key = home / "suppression.key"
    assert key.stat().st_mode & 0o777 == 0o600
    assert re.fullmatch(rb"[\w-]{40,}\n", key.read_bytes())
    key.chmod(0o644)
    told = cli("import", tmp_path / "in", "--again")
    assert (told.code, "chmod 600" in told.err) == (2, True)


def test_a_mailbox_two_people_share_is_nobodys_own(cli: Cli, tmp_path: Path) -> None:
    folder = sources(tmp_path / "in")
    with (folder / "Contact.csv").open("a", encoding="utf-8") as file:
        file.write('"0038c00002BBBBB","0018c00002AAAAA","Otto","Lind","zelda@acme.example",""\n')
    assert cli("import", folder, "--own-domain", "ours.example").code == 0
    assert cli("forget", "Zelda Moor").code == 0
    assert cli("person", "show", "Zelda Moor").code == 2
    assert cli("person", "show", "Otto Lind").code == 0
    assert cli("import", folder, "--again", "--own-domain", "ours.example").code == 0
    assert cli("person", "show", "Otto Lind").code == 0
    assert cli("person", "show", "Zelda Moor").code == 2
