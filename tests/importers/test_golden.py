"""Small inputs, and beside them everything that comes out; GRAPHMAP_GOLDEN=write writes it anew."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from pathlib import Path

import pytest

from graphmap.ingest.protocol import Options
from graphmap.ingest.sources import find_sources, neighbours, probe
from graphmap_importers.canonical import CanonicalImporter
from graphmap_importers.contacts_csv import GoogleContactsImporter, OutlookContactsImporter
from graphmap_importers.dynamics import DynamicsImporter
from graphmap_importers.hubspot import HubSpotImporter
from graphmap_importers.linkedin import LinkedinImporter
from graphmap_importers.mail import MailImporter
from graphmap_importers.mapping import MappingImporter
from graphmap_importers.pipedrive import PipedriveImporter
from graphmap_importers.salesforce import SalesforceImporter
from graphmap_importers.vcards import VcardImporter
from tests.importers.calendars import CALENDAR

GOLDEN = Path(__file__).parent / "golden"
CASES = {
    "canonical": (CanonicalImporter(), Options()),
    "dynamics": (DynamicsImporter(), Options(own_domains=("ours.example",))),
    "pipedrive": (PipedriveImporter(), Options(own_domains=("ours.example",))),
    "hubspot": (HubSpotImporter(), Options(own_domains=("ours.example",))),
    "mail": (MailImporter(), Options()),
    "salesforce": (SalesforceImporter(), Options(own_domains=("ours.example",))),
    "mapping": (MappingImporter(), Options(mapping=str(GOLDEN / "mapping" / "shop.toml"))),
    "calendar": (CALENDAR, Options()),
    "vcard": (VcardImporter(), Options()),
    "linkedin": (LinkedinImporter(), Options()),
    "google": (GoogleContactsImporter(), Options()),
    "outlook": (OutlookContactsImporter(), Options()),
}


def told(found):
    """One line per result: what kind it is, then its fields, without those that are empty."""
    for one in found:
        fields = asdict(one, dict_factory=lambda pairs: {k: v for k, v in pairs if v not in (None, (), "")})
        fields["origin"]["file"] = fields["origin"]["file"].rpartition("/")[2]
        for notice in fields.get("notices", ()):
            del notice["origin"]
        kind = type(getattr(one, "record", one)).__name__
        yield json.dumps({kind: fields}, ensure_ascii=False)


@pytest.mark.parametrize("case", CASES)
def test_everything_that_comes_out_is_as_it_was(case, run):
    importer, options = CASES[case]
    sources = find_sources([GOLDEN / case])
    mine = [one for one in sources if importer.identify(probe(one, neighbours(one, sources)), options)]
    lines = list(told(run(importer, mine, options)))
    expected = GOLDEN / case / "expected.txt"
    if os.environ.get("GRAPHMAP_GOLDEN") == "write":
        expected.write_text("\n".join(lines) + "\n", "utf-8")
    assert lines == expected.read_text("utf-8").splitlines()


def test_text_that_people_wrote_is_nowhere_in_what_comes_out():
    for case in ("calendar", "vcard", "linkedin", "google", "outlook"):
        assert "secret" not in (GOLDEN / case / "expected.txt").read_text("utf-8")
    text = (GOLDEN / "mapping" / "expected.txt").read_text("utf-8")
    assert "Hansi" not in text
    assert "a secret" not in text
    mail = (GOLDEN / "mail" / "expected.txt").read_text("utf-8")
    assert [text for text in ("words of", "attachment", "private label") if text in mail] == []
    assert '"mood"' in (unknown := (GOLDEN / "canonical" / "expected.txt").read_text("utf-8"))
    assert "good" not in unknown
    assert "bad" not in unknown
