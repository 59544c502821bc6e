"""Reading mailboxes: our importer against the standard library's ``BytesParser(policy=default)``, and its peak memory.

``python -m benchmarks mail``; GRAPHMAP_BENCH_MAIL_MB is the size of the mailbox (1000 for the figures of the docs).
"""

from __future__ import annotations

import os
import sys
import tempfile
from email import policy
from email.parser import BytesParser
from pathlib import Path

from benchmarks import mails, measure
from graphmap.ingest.protocol import Options, Raw
from graphmap.ingest.sources import find_sources

SIZE = int(os.environ.get("GRAPHMAP_BENCH_MAIL_MB", "200")) * 1_000_000
SLOW_SHARE = 800
"""Mails that the standard library reads: it takes a thousand times as long."""


def ours(path: Path) -> object:
    """Mails read and converted, and how many records they gave."""
    from graphmap_importers.mail import MailImporter

    importer, options = MailImporter(), Options()
    read = records = 0
    for part in importer.plan(find_sources([path]), options):
        for raw in importer.read(part, options):
            read += 1
            if isinstance(raw, Raw):
                done = importer.convert(raw, part, options)
                records += len(done) if isinstance(done, tuple) else 0
    return [read, records]


def standard(path: Path) -> object:
    """The first mails parsed whole, their senders, recipients and dates looked at."""
    from graphmap_importers.mail_splitting import split_mailbox

    begin = read = people = 0
    with path.open("rb") as stream, path.open("rb") as again:
        for head in split_mailbox(again, path.name):
            mail = BytesParser(policy=policy.default).parsebytes(
                stream.read(head.end - begin).partition(b"\n")[2]
            )
            begin, read = head.end, read + 1
            people += sum(len(mail[name].addresses) for name in ("From", "To", "Cc") if mail[name])
            people += mail["Date"].datetime is not None
            if read == SLOW_SHARE:
                break
    return [read, people]


WAYS = {"ours": ours, "standard": standard}


def run() -> list[str]:
    """Mails a CPU second, their ratio, and the peak of each process."""
    with tempfile.TemporaryDirectory() as temporary:
        path = Path(temporary) / "box.mbox"
        count = mails.write(path, SIZE)
        size = path.stat().st_size
        costs = {way: measure.alone("benchmarks.mail", way, str(path)) for way in WAYS}
        idle = measure.alone("benchmarks.mail", "idle", str(path))
    rates = {}
    for way, cost in costs.items():
        assert isinstance(cost.value, list)
        rates[way] = cost.value[0] / (cost.cpu)
    return [
        f"{count:,} mails, {size / 1e6:,.0f} MB",
        "",
        "| reader | mails a CPU second | MB a CPU second | against the standard library | peak MB of the process |",
        "|---|---|---|---|---|",
        *(
            f"| {way} | {rates[way]:,.0f} | {rates[way] * size / count / 1e6:,.0f} | {rates[way] / rates['standard']:.1f} "
            f"| {costs[way].peak_mb:.0f} |"
            for way in WAYS
        ),
        f"| (a process that reads nothing) | | | | {idle.peak_mb:.0f} |",
    ]


if __name__ == "__main__":
    task = WAYS.get(sys.argv[1], lambda _path: [0, 0])
    if sys.argv[1] != "standard":
        import graphmap_importers.mail  # noqa: F401 - loading the code is not reading mail
    measure.report(measure.timed(lambda: task(Path(sys.argv[2]))))
