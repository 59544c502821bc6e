"""The documents say what the code does: every code is explained, every example can be loaded."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from graphmap.ingest.tables import _WHY
from graphmap_importers.calendar_files import _OTHER
from graphmap_importers.dynamics import REASONS as DYNAMICS
from graphmap_importers.hubspot import REASONS as HUBSPOT
from graphmap_importers.mail_policy import REASONS
from graphmap_importers.mapping_file import SHIPPED, load_mapping
from graphmap_importers.pipedrive import REASONS as PIPEDRIVE
from graphmap_importers.rows import COLUMNS, REQUIRED
from graphmap_importers.salesforce import REASONS as SALESFORCE
from graphmap_importers.vcards import _KINDS

ROOT = Path(__file__).resolve().parents[2]
IMPORTING = (ROOT / "docs" / "importing.md").read_text("utf-8")
SOURCES = "".join(path.read_text("utf-8") for path in sorted((ROOT / "docs" / "sources").glob("*.md")))
CRMS = {"dynamics": DYNAMICS, "hubspot": HUBSPOT, "pipedrive": PIPEDRIVE, "salesforce": SALESFORCE}
MAPPINGS = (ROOT / "docs" / "mappings.md").read_text("utf-8")
CODE = "".join(path.read_text("utf-8") for path in (ROOT / "importers").rglob("*.py"))


def test_every_code_is_explained():
    codes = set(_WHY) | set(re.findall(r'Problem\(\s*"(\w+)"', CODE)) | {"kind", "direction", "status"}
    codes |= set(re.findall(r'tell\(\s*"(\w+)"', CODE))
    codes |= set(re.findall(r'(?:Notice|Excluded)\((?:raw\.)?origin, "(\w+)"', CODE))
    for form in (
        r'_remark\(\s*"(\w+)"', r'_excluded\([^"\n]*"(\w+)"', r'Rejected\(\s*Origin\([^)]*\),\s*"(\w+)"',
        r'_untold\([^"\n]*"(\w+)" if', r'remarks\["(\w+)"\]',
    ):  # fmt: skip
        codes |= set(re.findall(form, CODE))
    codes = (codes | set(_OTHER.values()) | set(_KINDS.values())) - {""}
    assert {"missing", "date", "same_key", "no_offset", "no_uid", "no_card", "alarm", "many_people"} <= codes
    assert [code for code in sorted(codes) if f"`{code}`" not in IMPORTING + SOURCES] == []


def test_every_reason_and_code_of_mail_is_explained_on_its_page():
    page = (ROOT / "docs" / "sources" / "mail.md").read_text("utf-8")
    code = "".join(path.read_text("utf-8") for path in (ROOT / "importers").rglob("mail*.py"))
    told = {*REASONS, *re.findall(r'(?:Notice|Problem|Rejected)\([^"]*"(\w+)"', code)}
    assert {"no_date", "other_date", "unreadable_file", "long_headers"} <= told
    assert [word for word in sorted(told) if f"`{word}`" not in page] == []


@pytest.mark.parametrize("vendor", CRMS)
def test_every_reason_and_remark_of_a_crm_is_explained_on_its_page(vendor):
    page = (ROOT / "docs" / "sources" / f"{vendor}.md").read_text("utf-8")
    files = [*(ROOT / "importers").rglob(f"{vendor}*.py"), *(ROOT / "importers").rglob("crm_*.py")]
    code = "".join(path.read_text("utf-8") for path in files)
    told = {*CRMS[vendor], *re.findall(r'(?:Problem|tell)\(\s*"(\w+)"', code)}
    shared = {word for word in told if f"`{word}`" in IMPORTING}
    assert {"not_an_address", "nobody_named"} <= told
    assert [word for word in sorted(told - shared) if f"`{word}`" not in page] == []


@pytest.mark.parametrize("name", COLUMNS)
def test_every_canonical_column_is_told_in_order_and_required_ones_are_bold(name):
    (row,) = [line for line in IMPORTING.splitlines() if line.startswith(f"| `{name}.csv` |")]
    cells = re.sub(r"\([^)]*\)", "", row.split("|")[2])
    told = [cell.strip() for cell in cells.split(",")]
    assert {cell.strip("*") for cell in told} == set(COLUMNS[name])
    assert {cell.strip("*") for cell in told if cell.startswith("**")} == set(REQUIRED[name])


def test_the_example_is_the_shipped_mapping(tmp_path):
    (example,) = [
        block for block in re.findall(r"```toml\n(.*?)```", MAPPINGS, re.DOTALL) if "own_firm =" in block
    ]
    path = tmp_path / "northwind.toml"
    path.write_text(example, "utf-8")
    mine, shipped = load_mapping(str(path)), load_mapping("northwind")
    assert (mine.source, mine.own_firm, mine.tables) == (shipped.source, shipped.own_firm, shipped.tables)


def test_every_shipped_mapping_and_every_key_is_described():
    for path in SHIPPED.glob("*.toml"):
        assert f"**{path.stem}**" in MAPPINGS
    source = (ROOT / "importers" / "graphmap_importers" / "mapping_tables.py").read_text("utf-8")
    keys = set(re.findall(r'(?:section|top|inner)\.\w+\("(\w+)"', source))
    assert [key for key in sorted(keys) if not re.search(rf"\b{key}\b", MAPPINGS)] == []
