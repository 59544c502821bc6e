"""A proposed mapping can be saved, edited and imported with; what somebody edited is never replaced."""

from __future__ import annotations

from pathlib import Path

from graphmap.store import GraphStore
from tests.importers.test_mapping_proposal import CALLS, FIRMS, PEOPLE, write
from tests.pipeline.kit import Cli, imported, wiped


def test_a_proposed_mapping_imports_as_it_stands(cli: Cli, graph: GraphStore, tmp_path: Path) -> None:
    wiped(graph)
    folder = write(tmp_path / "in", Kunden=FIRMS, Kontakte=PEOPLE, Aktivitaeten=CALLS)
    out = tmp_path / "crm.toml"
    done = cli("import", folder, "--save-mapping", out)
    assert done.code == 0, done.err
    assert graph.read("MATCH (r:Run) RETURN count(r)") == [(0,)]
    result = imported(cli, folder, "--mapping", out, "--own-domain", "us.example", "--tz", "UTC")
    assert result["totals"]["new"] == 6
    assert graph.read("MATCH (p:Person {name: 'Ann Lee'})-[:WORKS_AT]->(f:Firm) RETURN f.name") == [
        ("Müller AG",)
    ]
    assert graph.read("MATCH (f:Firm {name: 'Müller AG'}) RETURN f.domains") == [(["mueller.example"],)]
    again = cli("import", folder, "--save-mapping", out)
    assert again.code == 2
    assert "exists already" in again.err


def test_known_files_need_no_mapping(cli: Cli, tmp_path: Path) -> None:
    folder = write(tmp_path / "in", firms="id,name\na,Acme\n")
    done = cli("import", folder, "--save-mapping", tmp_path / "x.toml")
    assert done.code == 2
    assert "every file is known" in done.err


def test_the_preflight_says_how_a_table_is_written_and_what_is_not_read(cli: Cli, tmp_path: Path) -> None:
    folder = write(tmp_path / "in", Kunden=FIRMS, Kontakte=PEOPLE, Aktivitaeten=CALLS)
    cli("import", folder, "--save-mapping", tmp_path / "crm.toml")
    done = cli(
        "import", folder, "--mapping", tmp_path / "crm.toml", "--tz", "Europe/Berlin", "--dry-run", "--json"
    )
    told = {one["object"]: one["spelling"] for one in done.json["files"]}
    assert told["firms"] == {
        "encoding": "cp1252", "separator": ";", "not_read": ["Notiz"], "dates": None, "zone": "Europe/Berlin",
    }  # fmt: skip
    assert told["interactions"]["dates"] == "%d.%m.%Y"
    assert (
        "cp1252, separated by semicolons, times without offset in Europe/Berlin; not read: Notiz" in done.err
    )


def test_the_preflight_names_columns_of_a_vendor_that_are_not_read(cli: Cli, tmp_path: Path) -> None:
    table = "First Name,Last Name,URL,Email Address,Company,Position,Connected On,Shoe size\nAnn,Lee,,,Acme,CEO,01 Jan 2024,38\n"
    done = cli("import", write(tmp_path / "in", Connections=table), "--dry-run", "--json")
    (one,) = done.json["files"]
    assert "Shoe size" in one["spelling"]["not_read"]
    assert "Company" not in one["spelling"]["not_read"]
