"""Dynamics 365 and Pipedrive: which files are theirs, and that the order of rows and files says nothing."""

from __future__ import annotations

import random
import re

import pytest

from graphmap.ingest.protocol import Options, Probe
from graphmap.ingest.sources import find_sources, neighbours, probe
from graphmap_importers.dynamics import DynamicsImporter
from graphmap_importers.hubspot import HubSpotImporter
from graphmap_importers.pipedrive import PipedriveImporter
from graphmap_importers.salesforce import SalesforceImporter
from tests.importers.exports import told
from tests.importers.test_golden import GOLDEN

OURS = Options(own_domains=("ours.example",))
ALL = {
    "dynamics": DynamicsImporter(), "hubspot": HubSpotImporter(), "pipedrive": PipedriveImporter(), "salesforce": SalesforceImporter(),
}  # fmt: skip
GUID = "a0000000-0000-4000-8000-000000000001"


@pytest.mark.parametrize(
    ("name", "head", "expected"),
    [
        ("x/account.csv", f"accountid,name,websiteurl\n{GUID},Acme,acme.example\n", "dynamics"),
        ("x/accounts.csv", f"AccountId;Name;_parentaccountid_value\n{{{GUID.upper()}}};Acme;\n", "dynamics"),
        ("x/account_data.csv", "accountid,name01\n1,10\n", None),
        ("x/account.csv", "accountid,name,websiteurl\n1,Acme,acme.example\n", None),
        ("x/contacts.csv", "Kontakt,Vollständiger Name\n1,Eva\n", None),
        ("x/people-1.csv", "Person - ID,Person - Name,Person - Organization\n1,Eva,Acme\n", "pipedrive"),
        ("x/persons.jsonl", '{"id": 1, "name": "Eva", "org_id": 2, "is_deleted": false}\n', "pipedrive"),
        ("x/people.csv", "Person - ID,Person - Navn\n1,Eva\n", None),
        ("x/deals.csv", "id,title\n1,x\n", None),
        ("x/activities.csv", "id,type,done,due_date,org_id\nx,call,1,2024-01-01,1\n", None),
        ("x/people.csv", "id,name,emails,firm\np1,Eva,eva@acme.example,acme\n", None),
    ],
)
def test_a_file_belongs_to_one_vendor_or_to_none(name: str, head: str, expected: str | None) -> None:
    found = [
        vendor for vendor, importer in ALL.items() if importer.identify(Probe(name, head.encode()), OURS)
    ]
    assert found == ([] if expected is None else [expected])


@pytest.mark.parametrize("vendor", ["dynamics", "pipedrive", "hubspot", "salesforce"])
def test_golden_files_are_told_apart(vendor: str) -> None:
    sources = [s for s in find_sources([GOLDEN / vendor]) if not s.name.endswith("expected.txt")]
    for source in sources:
        seen = probe(source, neighbours(source, sources))
        assert [name for name, importer in ALL.items() if importer.identify(seen, OURS)] == [vendor], (
            source.name
        )


@pytest.mark.parametrize("vendor", ["dynamics", "pipedrive"])
@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_rows_changes_nothing_but_where_our_own_firm_is_told(vendor, seed, run, memory):  # type: ignore[no-untyped-def]
    shuffled = random.Random(seed)
    files = {}
    for file in sorted((GOLDEN / vendor).iterdir()):
        if file.suffix in (".csv", ".jsonl"):
            head, *lines = file.read_text("utf-8").splitlines()
            lines = lines if file.suffix == ".csv" else [head, *lines]
            files[file.name] = (head if file.suffix == ".csv" else None, lines)

    def outcome(mix):  # type: ignore[no-untyped-def]
        sources = []
        for name, (head, lines) in files.items():
            order = list(lines)
            if mix:
                shuffled.shuffle(order)
            sources.append(memory(f"x/{name}", "\n".join([*([head] if head else []), *order]) + "\n"))
        if mix:
            shuffled.shuffle(sources)
        # Remarks stand with the first record of a row, which may be our own firm.
        lines = [line for line in told(run(ALL[vendor], sources, OURS)) if "own_firm" not in line]
        return sorted(re.sub(r'"notices": \[.*?\], ', "", line) for line in lines)

    assert outcome(mix=True) == outcome(mix=False)
