"""From one mailbox alone nobody can tell on whom an account depends: the others' must be connected, or somebody else's list."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from graphmap.store import GraphStore
from tests.pipeline.kit import Cli, rows, write

MAIL = """From x@us.example Mon Jan  5 10:00:00 2026
From: {sender}
To: {to}
Cc: {cc}
Date: {day:02} {month} 2026 09:00:00 +0000
Message-ID: <{id}@us.example>

words

"""
ANNA, BEN, CARL = "anna@us.example", "ben@us.example", "carl@acme.example"


def mailbox(path: Path, owner: str, other: str) -> Path:
    """Half a year of mails of one of ours with Carl, the other of ours in copy of every third."""
    mails: list[str] = []
    for month in ("Jan", "Feb", "Mar", "Apr", "May", "Jun"):
        for day in range(1, 28, 3):
            sender, to = (owner, CARL) if day % 2 else (CARL, owner)
            cc = other if day % 9 == 1 else ""
            mails.append(
                MAIL.format(sender=sender, to=to, cc=cc, day=day, month=month, id=f"{owner}{month}{day}")
            )
    path.write_text("".join(mails).replace("Cc: \n", ""), encoding="utf-8")
    return path


def firms(folder: Path) -> Path:
    listed = rows(
        "firms",
        ("us", "Us", "own", "us.example"),
        ("acme", "Acme", "account", "acme.example"),
        columns="id name kind domains",
    )
    return write(folder, {"firms": listed})


def account(cli: Cli) -> dict[str, Any]:
    return cli("account", "acme", "--json").json


def rules(line: dict[str, Any]) -> set[str]:
    return {finding["rule"] for finding in line["findings"]}


def test_one_mailbox_of_two_withholds_the_number_until_the_other_is_connected(
    cli: Cli, graph: GraphStore, tmp_path: Path
) -> None:
    assert cli("import", firms(tmp_path / "lists"), mailbox(tmp_path / "anna.mbox", ANNA, BEN)).code == 0
    line = account(cli)
    assert line["status"] == "unknown"
    assert rules(line) & {"not_captured", "single_threaded_us"} == {"not_captured"}
    assert "1 of 2 known reps have no connected mailbox" in str(line["findings"])
    assert line["dependence"] is not None  # told, in grey
    assert line["cell"] == {"ours": "unknown", "theirs": "unknown"}
    assert graph.read("MATCH (a:Assessment) RETURN a.reps_known, a.reps_connected") == [(2, 1)]
    before = cli("simulate", "--leaving", ANNA, "--json").json["accounts"][0]
    assert before["before"]["status"] == "unknown"
    assert cli("import", mailbox(tmp_path / "ben.mbox", BEN, ANNA)).code == 0
    line = account(cli)
    assert "not_captured" not in rules(line)
    assert line["status"] == "ok", line


def test_where_a_list_brings_interactions_too_nothing_is_withheld_and_the_count_is_told(
    cli: Cli, graph: GraphStore, tmp_path: Path
) -> None:
    told = rows("interactions", ("k1", "2026-06-29T09:00:00Z", "call", "", f"caller:{BEN};callee:{CARL}", ""))
    calls = write(tmp_path / "calls", {"interactions": told})
    box = mailbox(tmp_path / "anna.mbox", ANNA, BEN)
    assert cli("import", firms(tmp_path / "lists"), box, calls).code == 0
    assert account(cli)["status"] == "ok"
    assert graph.read(
        "MATCH (a:Assessment) RETURN a.reps_known, a.reps_connected ORDER BY a.id DESC LIMIT 1"
    ) == [(2, 1)]


def test_without_any_mailbox_nothing_is_known_of_it(cli: Cli, graph: GraphStore, tmp_path: Path) -> None:
    told = rows("interactions", ("k1", "2026-06-29T09:00:00Z", "call", "", f"caller:{BEN};callee:{CARL}", ""))
    assert (
        cli("import", firms(tmp_path / "lists"), write(tmp_path / "calls", {"interactions": told})).code == 0
    )
    assert graph.read("MATCH (a:Assessment) RETURN a.reps_known, a.reps_connected") == [(None, None)]
