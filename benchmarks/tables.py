"""Tables to records: canonical files, a mapping, a CRM export and a workbook, against the bare ``csv.reader`` on the same bytes.

``python -m benchmarks tables``; GRAPHMAP_BENCH_ROWS is the number of rows (200,000 unless it says otherwise).
"""

from __future__ import annotations

import csv
import os
import sys
import tempfile
from pathlib import Path

from benchmarks import measure
from graphmap.ingest.protocol import Importer, Options, Raw
from graphmap.ingest.sources import find_sources

ROWS = int(os.environ.get("GRAPHMAP_BENCH_ROWS", "200000"))
MAPPING = """
source = "bench"
[[interactions]]
file = "calls.csv"
key = "No"
columns.at = "When"
constants.kind = "call"
participants = [{ role = "caller", address = "Rep" }, { role = "callee", address = "Contact" }]
"""


def write(folder: Path) -> None:
    """The same calls as a canonical file, as a file for a mapping, and as Tasks of Salesforce."""
    (folder / "bench.toml").write_text(MAPPING, "utf-8")
    with (
        (folder / "interactions.csv").open("w", encoding="utf-8") as canonical,
        (folder / "calls.csv").open("w", encoding="utf-8") as mapped,
        (folder / "Task.csv").open("w", encoding="utf-8") as tasks,
    ):
        canonical.write("id,at,kind,participants,direction,thread\n")
        mapped.write("No,When,Rep,Contact,Subject,Length\n")
        tasks.write(
            "Id,WhoId,OwnerId,AccountId,Subject,ActivityDate,IsClosed,TaskSubtype,IsDeleted,CallType,Description\n"
        )
        for n in range(ROWS):
            when = f"20{20 + n % 5}-0{1 + n % 9}-{10 + n % 18}"
            rep, contact = n % 50, n % 5000
            canonical.write(
                f"c{n},{when}T10:00:00Z,call,caller:r{rep}@ours.example;callee:p{contact}@acme.example,,\n"
            )
            mapped.write(
                f"{n},{when}T10:00:00Z,r{rep}@ours.example,p{contact}@acme.example,a call about something,300\n"
            )
            tasks.write(
                f'"00T5g{n:010}","0035g{contact:010}","0055g{rep:010}","0015g{contact // 5:010}",'
                f'"a call, about something","{when}","true","Call","false","Outbound","some words"\n'
            )


def _read(importer: Importer, path: str, options: Options) -> object:
    read = 0
    for part in importer.plan(find_sources([path]), options):
        for raw in importer.read(part, options):
            assert isinstance(raw, Raw)
            assert isinstance(importer.convert(raw, part, options), tuple)
            read += 1
    return read


def plain(folder: str, name: str) -> object:
    """Rows that the bare reader yields."""
    with (Path(folder) / name).open(encoding="utf-8", newline="") as lines:
        return sum(1 for _ in csv.reader(lines)) - 1


def canonical(folder: str) -> object:
    """Canonical interactions."""
    from graphmap_importers.canonical import CanonicalImporter

    return _read(CanonicalImporter(), f"{folder}/interactions.csv", Options())


def mapping(folder: str) -> object:
    """The same by a mapping."""
    from graphmap_importers.mapping import MappingImporter

    return _read(MappingImporter(), f"{folder}/calls.csv", Options(mapping=f"{folder}/bench.toml"))


def salesforce(folder: str) -> object:
    """The same as Tasks of Salesforce: the file is read twice (first for what it says as a whole)."""
    from graphmap_importers.salesforce import SalesforceImporter

    return _read(SalesforceImporter(), f"{folder}/Task.csv", Options())


WAYS = {
    "canonical": (canonical, "interactions.csv"),
    "mapping": (mapping, "calls.csv"),
    "salesforce": (salesforce, "Task.csv"),
}


def run() -> list[str]:
    """Rows a CPU second, the share of the bare reader's, and the peak of each process."""
    with tempfile.TemporaryDirectory() as temporary:
        write(Path(temporary))
        lines: list[str] = []
        for way, (_, name) in WAYS.items():
            cost = measure.alone("benchmarks.tables", way, temporary)
            bare = measure.alone("benchmarks.tables", "plain", temporary, name)
            lines.append(
                f"| {way} | {ROWS / cost.cpu:,.0f} | {ROWS / bare.cpu:,.0f} | {bare.cpu / cost.cpu:.2f} | {cost.peak_mb:.0f} |"
            )
    return [
        f"{ROWS:,} rows",
        "",
        "| reader | rows a CPU second | bare csv.reader | ratio | peak MB of the process |",
        "|---|---|---|---|---|",
        *lines,
    ]


if __name__ == "__main__":
    way, *arguments = sys.argv[1:]
    work = plain if way == "plain" else WAYS[way][0]
    measure.report(measure.timed(lambda: work(*arguments)))
