"""Signs that somebody may not be there any more, or does something else: asked about, answered, and nothing ended by it."""

from __future__ import annotations

from pathlib import Path

from graphmap.store import GraphStore
from graphmap.store.digest import digest
from tests.pipeline.kit import Cli, changed, company, imported, rows, write
from tests.pipeline.test_bounces import FIRST, OUT


def signs(cli: Cli) -> list[tuple[str, str, str]]:
    done = cli("person", "verify", "--json")
    assert done.code == 0, done.err
    return [(v["person"]["id"], v["why"], v["since"]) for v in done.json]


def talks() -> list[dict[str, object]]:
    """Cara and Carl at one account in January, only Cara in September."""
    return rows(
        "interactions",
        *(
            (f"v{n}", f"2026-01-{10 + n}T09:00:00Z", "meeting", "", "organizer:r1;attendee:c1;attendee:c2")
            for n in range(3)
        ),
        ("v9", "2026-09-20T09:00:00Z", "call", "", "caller:r1;callee:c1"),
        ("v8", "2026-09-21T09:00:00Z", "call", "", "caller:r2;callee:c1"),
    )


def test_long_silence_asks_and_an_answer_settles_it_until_as_long_a_silence(
    cli: Cli, graph: GraphStore, tmp_path: Path
) -> None:
    folder = write(tmp_path, {**company(), "interactions": talks()})
    assert cli("import", folder).code == 0
    assert signs(cli) == [("c2", "silent", "2026-01-12")]
    assert (
        "others at the account were in touch since" in cli("person", "verify", "--json").json[0]["sentence"]
    )
    assert graph.read("MATCH (:Person {id: 'c2'})-[w:WORKS_AT]->() RETURN w.valid_to") == [(None,)]
    done = cli("person", "set", "c2", "--still-there", "--reason", "met at the fair", "--json")
    assert done.code == 0, done.err
    assert signs(cli) == []
    assert cli("person", "show", "c2", "--all").json["decisions"][0]["reason"] == "met at the fair"
    assert cli("person", "verify", lifecycle_silent_days="400").code == 0


def test_who_left_is_not_asked_about(cli: Cli, graph: GraphStore, tmp_path: Path) -> None:
    del graph
    assert cli("import", write(tmp_path, {**company(), "interactions": talks()})).code == 0
    assert cli("person", "set", "c2", "--left", "2026-02-01").code == 0
    assert signs(cli) == []


def test_another_title_asks_and_a_trivial_renaming_does_not(
    cli: Cli, graph: GraphStore, tmp_path: Path
) -> None:
    tables = changed(company(), "people", "c3", title="Sr. Engineer, IT")
    assert cli("import", write(tmp_path, tables)).code == 0
    before = digest(graph)
    tables = changed(tables, "people", "c3", title="senior engineer IT")
    tables = changed(tables, "people", "c2", title="Head of Purchasing")
    done = imported(cli, write(tmp_path, tables))
    assert [(who, why) for who, why, _ in signs(cli)] == [("c2", "title_changed")]
    (sign,) = cli("person", "verify", "--json").json
    assert 'from "Buyer" to "Head of Purchasing"' in sign["sentence"]
    assert cli("runs", "undo", done["run"]["id"]).code == 0
    assert digest(graph) == before
    assert signs(cli) == []


def test_one_returned_mail_asks_where_two_end(cli: Cli, graph: GraphStore, tmp_path: Path) -> None:
    (tmp_path / "firms").mkdir()
    firms = rows(
        "firms",
        ("us", "Us", "own", "us.example"),
        ("acme", "Acme", "account", "acme.example"),
        columns="id name kind domains",
    )
    box = tmp_path / "a.mbox"
    box.write_text(OUT + FIRST, encoding="utf-8")
    assert cli("import", write(tmp_path / "firms", {"firms": firms}), box).code == 0
    assert signs(cli) == [("carl@acme.example", "returned", "2026-03-07")]
    assert graph.read("MATCH (:Person {id: 'carl@acme.example'})-[w:WORKS_AT]->() RETURN w.valid_to") == [
        (None,)
    ]
