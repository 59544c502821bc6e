"""Mail from files to the graph: imported once, resumed where it stopped, set aside and tried again."""

from __future__ import annotations

import json
from pathlib import Path

from graphmap.store import GraphStore
from tests.pipeline.kit import Cli

HEAD = "From: {sender}\nTo: {to}\nDate: Tue, {day} Mar 2026 10:00:00 +0000\nMessage-ID: <{day}@x>\n\nbody\n"


def folder_of_mails(where: Path) -> Path:
    box = where / "Support"
    box.mkdir(parents=True)
    for day in range(1, 25):
        sender, to = (
            ("me@ours.example", "you@far.example")
            if day % 2
            else ("You <you@far.example>", "me@ours.example")
        )
        (box / f"{day:02}.eml").write_text(HEAD.format(sender=sender, to=to, day=day))
    (box / "98.eml").write_text(
        "From: me@ours.example\nTo: you@far.example\nDate: never\nMessage-ID: <a@x>\n\nbody\n"
    )
    (box / "99.eml").write_text(
        "From: me@ours.example\nTo: you@far.example\nDate: never\nMessage-ID: <b@x>\n\nbody\n"
    )
    return box


def test_a_folder_of_mails_is_one_line_of_the_report_and_importing_it_again_writes_nothing(
    cli: Cli, graph: GraphStore, tmp_path: Path
) -> None:
    box = folder_of_mails(tmp_path)
    first = cli("import", box, "--own-domain", "ours.example", "--json", import_batch="5")
    assert first.code == 1, first.err
    (file,) = first.json["files"]
    assert (file["path"], file["importer"], file["read"], file["new"]) == (box.as_posix(), "mail", 26, 24)
    assert file["quarantined"] == {"no_date": 2}
    (found,) = graph.read(
        "MATCH (i:Interaction) RETURN count(i), collect(DISTINCT split(i.stated[0], '#')[0]), collect(DISTINCT i.kind)"
    )
    assert found == (24, ["mail:Support"], ["email"])
    assert graph.read(
        "MATCH (p:Person {id: 'you@far.example'})-[:WORKS_AT]->(f:Firm) RETURN f.id, f.kind"
    ) == [("far.example", "account")]
    second = cli("import", box, "--json")
    assert second.json["files"][0]["skipped"]
    again = cli("import", box, "--again", "--json")
    assert again.json["totals"]["unchanged"] == 24


def test_mails_that_were_set_aside_stay_open_each_at_its_place_when_tried_again(
    cli: Cli, graph: GraphStore, tmp_path: Path
) -> None:
    box = folder_of_mails(tmp_path)
    cli("import", box, "--own-domain", "ours.example", "--json")
    rows = "MATCH (q:Rejected) RETURN q.id, q.file, q.position, q.state, q.raw ORDER BY q.id"
    before = graph.read(rows)
    assert [row[1].rpartition("/")[2] for row in sorted(before, key=lambda row: row[1])] == [
        "98.eml",
        "99.eml",
    ]
    assert all("body" not in row[4] for row in before)
    retried = cli("quarantine", "retry", "--json")
    assert retried.code == 1, retried.err
    assert graph.read(rows) == before
    assert json.dumps(retried.json)
