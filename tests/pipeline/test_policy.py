"""What policy leaves out is counted by reason and listed by place, never by content."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from graphmap.store import GraphStore
from tests.pipeline.kit import Cli, adds_up, imported, rows, write

MAIL = """From x@y.example Fri Mar  6 10:00:00 2026
From: {sender}
To: {to}
Date: Fri, 6 Mar 2026 10:00:00 +0100
Message-ID: <{id}@us.example>
Subject: SECRET subject
{more}
SECRET body

"""


@pytest.fixture
def box(tmp_path: Path) -> Path:
    """A mailbox with two that count, a mass mail, a private one and a newsletter."""
    crowd = ", ".join(f"p{k}@firm{k}.example" for k in range(51))
    path = tmp_path / "=rita.mbox"
    letters = [
        ("rita@us.example", "carl@acme.example", ""),
        ("rita@us.example", ", ".join(f"p{k}@firm{k}.example" for k in range(50)), ""),
        ("rita@us.example", crowd, ""),
        ("rita.private@gmail.com", "mum@gmx.de", ""),
        ("news@shop.example", "rita@us.example", "List-Unsubscribe: <mailto:off@shop.example>\n"),
    ]
    path.write_text(
        "".join(MAIL.format(sender=s, to=t, id=k, more=m) for k, (s, t, m) in enumerate(letters)),
        encoding="utf-8",
    )
    return path


def test_mass_mail_and_private_mail_are_left_out_and_listed_by_place(
    cli: Cli, graph: GraphStore, box: Path, tmp_path: Path
) -> None:
    """P10, P53."""
    out = tmp_path / "excluded.csv"
    done = imported(cli, box, "--own-domain", "us.example", "--list-excluded", out)
    assert adds_up(done["totals"])
    reasons = done["totals"]["excluded"]
    assert (reasons["mass_mail"], reasons["private_addresses"], done["totals"]["new"]) == (1, 1, 2)
    listed = list(csv.DictReader(out.read_text(encoding="utf-8").splitlines()))
    assert sorted(row["reason"] for row in listed) == sorted(r for r, n in reasons.items() for _ in range(n))
    assert len({row["where"] for row in listed}) == len(listed) == 3
    assert "SECRET" not in out.read_text(encoding="utf-8")
    assert graph.read("MATCH (p:Person) WHERE p.id IN ['mum@gmx.de', 'p50@firm50.example'] RETURN p.id") == []
    looked = cli("import", box, "--own-domain", "us.example", "--dry-run", "--json", "--list-excluded", out)
    assert looked.json["files"][0]["excluded"] == reasons
    assert len(list(csv.DictReader(out.read_text(encoding="utf-8").splitlines()))) == 3


def test_the_limit_is_a_setting(cli: Cli, box: Path) -> None:
    done = imported(cli, box, "--own-domain", "us.example", import_most_recipients="51")
    assert "mass_mail" not in done["totals"]["excluded"]


def test_lists_of_the_users_own_are_let_be(cli: Cli, tmp_path: Path) -> None:
    crowd = ";".join(f"to:p{k}@firm{k}.example" for k in range(60))
    told = rows("interactions", ("a", "2026-03-01T00:00:00Z", "email", "", f"from:r@us.example;{crowd}", ""),
                ("b", "2026-03-01T00:00:00Z", "email", "", "from:x@gmail.com;to:y@gmx.de", ""))  # fmt: skip
    done = imported(cli, write(tmp_path, {"interactions": told}), "--own-domain", "us.example")
    assert (done["totals"]["new"], done["totals"]["excluded"]) == (2, {})


def test_what_people_wrote_is_nowhere_on_disk(
    cli: Cli, embedded_environment: dict[str, str], box: Path
) -> None:
    imported(cli, box, "--own-domain", "us.example")
    cli("score")
    cli("accounts", "--json")
    home = Path(embedded_environment["GRAPHMAP_HOME"])
    found = [f for f in home.rglob("*") if f.is_file() and b"SECRET" in f.read_bytes()]
    assert found == []
