"""One mail in several mailboxes is one interaction; what any copy says is kept, and taken out with it again."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from graphmap.store import GraphStore
from graphmap.store.digest import digest
from tests.pipeline.kit import Cli, adds_up, current, edges, imported, state_of, wiped

HEADERS = """From {sender} Fri Mar  6 10:00:00 2026
From: Anna Ash <{sender}>
To: Carl Cole <carl@acme.example>
Cc: {cc}
Bcc: {bcc}
Date: Fri, 6 Mar 2026 10:00:00 +0100
Message-ID: <one@us.example>

BODY

"""
OTHER = """From carl@acme.example Sat Mar  7 10:00:00 2026
From: "Cole, Carl" <carl@acme.example>
To: {to}
Date: Sat, 7 Mar 2026 10:00:00 +0100
Message-ID: <{id}@acme.example>

BODY

"""


def mailbox(folder: Path, name: str, *mails: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.mbox"
    path.write_text("".join(mails), encoding="utf-8")
    return path


@pytest.fixture
def boxes(tmp_path: Path) -> list[Path]:
    """Anna's mailbox as sent (with a bcc) and her copy to herself; Ben's copy; Cleo, who only got the bcc."""
    sent = HEADERS.format(sender="anna@us.example", cc="ben@us.example", bcc="cleo@us.example")
    got = HEADERS.format(sender="anna@us.example", cc="ben@us.example", bcc="").replace("Bcc: \n", "")
    return [
        mailbox(tmp_path, "anna", sent, got, OTHER.format(to="anna@us.example", id="a")),
        mailbox(tmp_path, "ben", got, OTHER.format(to="ben@us.example", id="b")),
        mailbox(tmp_path, "cleo", got),
    ]


def people(graph: GraphStore) -> list[tuple[object, ...]]:
    return graph.read(
        "MATCH (x:Identity)-[t:TOOK_PART]->(i:Interaction {id: 'mail:one@us.example'}) RETURN t.role, x.value ORDER BY x.value, t.role"
    )


WANTED = [
    ("from", "anna@us.example"), ("cc", "ben@us.example"), ("to", "carl@acme.example"), ("bcc", "cleo@us.example"),
]  # fmt: skip


def test_one_mail_in_three_mailboxes_is_one_interaction_with_everybody(
    cli: Cli, graph: GraphStore, boxes: list[Path]
) -> None:
    """P4."""
    done = imported(cli, *boxes, "--own-domain", "us.example")
    assert (done["totals"]["read"], done["totals"]["new"]) == (6, 3)
    assert people(graph) == WANTED
    ((stated, batch),) = graph.read(
        "MATCH (i:Interaction {id: 'mail:one@us.example'}) RETURN size(i.stated), i.batch"
    )
    assert stated == 4
    again = imported(cli, *boxes, "--again")
    assert again["totals"]["unchanged"] == 6
    assert graph.read("MATCH (i:Interaction {id: 'mail:one@us.example'}) RETURN i.batch") == [(batch,)]


def test_the_order_of_mailboxes_does_not_matter(
    cli: Cli, graph: GraphStore, boxes: list[Path], tmp_path: Path
) -> None:
    """P4."""
    seen: set[str] = set()
    for number, order in enumerate(itertools.permutations(boxes)):
        wiped(graph)
        for box in order[: 1 + number % 3]:
            imported(cli, box, "--own-domain", "us.example")
        imported(cli, tmp_path, "--own-domain", "us.example")
        seen.add(str((people(graph), current(edges(graph), "STATES"))))
    assert len(seen) == 1


def test_taking_a_mailbox_out_leaves_what_the_others_say(
    cli: Cli, graph: GraphStore, boxes: list[Path]
) -> None:
    anna, ben, cleo = boxes
    imported(cli, ben, "--own-domain", "us.example")
    before = digest(graph), current(edges(graph), "TIE")
    run = imported(cli, anna)["run"]["id"]
    assert people(graph) == WANTED
    later = imported(cli, cleo)["run"]["id"]
    assert cli("runs", "undo", run).code == 0
    assert [row for row in people(graph) if row[0] == "bcc"] == []
    assert cli("runs", "undo", later).code == 0
    assert (digest(graph), current(edges(graph), "TIE")) == before


def test_copies_that_say_the_same_go_one_by_one_and_the_last_takes_the_mail_with_it(
    cli: Cli, graph: GraphStore, boxes: list[Path]
) -> None:
    _, ben, cleo = boxes
    first, second = (imported(cli, box, "--own-domain", "us.example")["run"]["id"] for box in (ben, cleo))
    for run, left in ((first, 1), (second, 0)):
        assert cli("runs", "undo", run).code == 0
        found = graph.read("MATCH (i:Interaction {id: 'mail:one@us.example'}) RETURN count(i)")
        assert found == [(left,)]
    assert graph.read("MATCH (p:Person) RETURN count(p)") == [(0,)]


def test_a_first_mail_of_an_account_known_only_by_its_domain_concerns_it(
    cli: Cli, graph: GraphStore, boxes: list[Path]
) -> None:
    done = imported(cli, boxes[1], "--own-domain", "us.example")
    assert adds_up(done["totals"])
    rows = graph.read("MATCH (i:Interaction)-[:ABOUT]->(f:Firm) RETURN i.id, f.id ORDER BY i.id")
    assert rows == [("mail:b@acme.example", "acme.example"), ("mail:one@us.example", "acme.example")]
    names = graph.read("MATCH (p:Person) RETURN p.id, p.name ORDER BY p.id")
    assert ("carl@acme.example", "Cole, Carl") in names or ("carl@acme.example", "Carl Cole") in names
    whole = state_of(graph)
    assert imported(cli, boxes[1], "--again")["totals"]["unchanged"] == 2
    assert state_of(graph) == whole


def reused(sender: str, to: str, day: int) -> str:
    """A mail of a program that gives every mail the same id."""
    return (
        f"From {sender} Fri Mar  6 10:00:00 2026\nFrom: {sender}\nTo: {to}\nDate: {day} Mar 2026 10:00:00 +0100\n"
        "Message-ID: <1@printer>\n\nBODY\n\n"
    )


def split(graph: GraphStore) -> list[tuple[object, ...]]:
    return graph.read(
        "MATCH (x:Identity)-[t:TOOK_PART {role: 'from'}]->(i:Interaction) WHERE i.id STARTS WITH 'mail:1@printer' "
        "RETURN x.value, i.at, i.split_from IS NOT NULL ORDER BY i.at, x.value"
    )


def test_other_mails_under_one_id_are_interactions_of_their_own_whatever_the_order(
    cli: Cli, graph: GraphStore, tmp_path: Path
) -> None:
    """P5: they are told about, importing again writes nothing, and taking one out leaves the graph as if it had never come."""
    mails = [
        reused("anna@us.example", "carl@acme.example", 6),
        reused("ben@us.example", "dora@acme.example", 6),
        reused("anna@us.example", "dora@acme.example", 16),
    ]
    boxes = [mailbox(tmp_path, f"box{number}", mail) for number, mail in enumerate(mails)]
    straight: dict[int, str] = {}
    for order in itertools.permutations(range(3)):
        wiped(graph)
        runs: list[str] = []
        for number, which in enumerate(order):
            done = imported(cli, boxes[which], "--own-domain", "us.example")
            runs.append(done["run"]["id"])
            assert done["totals"]["updated" if number else "new"] == 1
            digests = straight.setdefault(hash(frozenset(order[: number + 1])), digest(graph))
            assert digest(graph) == digests
        assert [(who, apart) for who, _, apart in split(graph)] == [
            ("anna@us.example", True), ("ben@us.example", False), ("anna@us.example", True),
        ]  # fmt: skip
        ties = current(edges(graph), "STATES")
        again = imported(cli, *boxes, "--again")
        assert (again["totals"]["unchanged"], current(edges(graph), "STATES")) == (3, ties)
        for number in (2, 1):
            assert cli("runs", "undo", runs[number]).code == 0
            assert digest(graph) == straight[hash(frozenset(order[:number]))]


def test_a_thousand_mails_under_one_id_are_a_thousand_interactions(
    cli: Cli, graph: GraphStore, tmp_path: Path
) -> None:
    """P5, P44: the work grows with the mails, not with their square."""
    mails = [reused(f"rep{n}@us.example", f"carl{n}@acme.example", 1 + n % 28) for n in range(1000)]
    box = mailbox(tmp_path, "box", *mails)
    done = cli("import", str(box), "--own-domain", "us.example")
    assert done.code == 0
    assert "reused_id" in done.err
    assert graph.read("MATCH (i:Interaction) RETURN count(i)") == [(1000,)]


def test_who_is_forgotten_is_in_no_name_of_what_was_split(
    cli: Cli, graph: GraphStore, tmp_path: Path
) -> None:
    """P5: an id that holds an address is renamed together with what was split from it, and the links between them stay."""
    mails = [
        reused(who, f"carl@acme.example, {to}@acme.example", day).replace("1@printer", "cara@acme.example")
        for who, to, day in (("anna@us.example", "cara", 6), ("ben@us.example", "cara", 9), ("ben@us.example", "dora", 20))
    ]  # fmt: skip
    imported(cli, mailbox(tmp_path, "box", *mails), "--own-domain", "us.example")
    assert cli("forget", "cara@acme.example", "--no-suppress").code == 0
    nodes = graph.read("MATCH (i:Interaction) RETURN i.id, i.split_from, i.apart, properties(i)")
    assert "cara" not in str(nodes)
    ((base, apart),) = [(one, sorted(ids)) for one, _, ids, _ in nodes if isinstance(ids, list)]
    assert sorted((one, whole) for one, whole, _, _ in nodes if whole is not None) == [
        (one, base) for one in apart
    ]
    assert len(apart) == 2


def test_an_export_of_split_mails_comes_back_as_what_is_there(
    cli: Cli, graph: GraphStore, tmp_path: Path
) -> None:
    """P5: into the store it came from, and into an empty one before the mailbox."""
    mails = [reused("anna@us.example", "carl@acme.example", day) for day in (6, 16)]
    box = mailbox(tmp_path / "in", "box", *mails)
    imported(cli, box, "--own-domain", "us.example")
    found = split(graph)
    out = tmp_path / "out"
    assert cli("export", "records", "--out", out).code == 0
    imported(cli, out)
    assert split(graph) == found
    again = imported(cli, out, "--again")["totals"]
    assert (again["new"], again["updated"]) == (0, 0)
    wiped(graph)
    imported(cli, out, "--own-domain", "us.example")
    imported(cli, box)
    assert [row[:2] for row in split(graph)] == [row[:2] for row in found]
