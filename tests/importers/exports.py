"""What the tests of CRM exports share: files from rows, and what came out by kind."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict

from graphmap.ingest.protocol import Importer, Options, Raw, Source
from graphmap.records import Excluded, Rejected, Sourced


def table(rows: Iterable[Mapping[str, str]], columns: Iterable[str] = (), delimiter: str = ",") -> str:
    """Rows as a CSV with all their columns."""
    rows = list(rows)
    names = list(dict.fromkeys([*columns, *(name for row in rows for name in row)]))
    out = io.StringIO()
    writer = csv.DictWriter(
        out, names, restval="", delimiter=delimiter, lineterminator="\r\n", quoting=csv.QUOTE_ALL
    )
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def records(found: Iterable[object], kind: type | None = None) -> list:
    """The records of a kind."""
    return [
        one.record
        for one in found
        if isinstance(one, Sourced) and (kind is None or isinstance(one.record, kind))
    ]


def reasons(found: Iterable[object]) -> list[str]:
    """Why rows were left out."""
    return [one.reason for one in found if isinstance(one, Excluded)]


def rejections(found: Iterable[object]) -> list[Rejected]:
    """What was set aside."""
    return [one for one in found if isinstance(one, Rejected)]


def notices(found: Iterable[object]) -> list[str]:
    """The codes of all remarks."""
    return [notice.code for one in found if isinstance(one, Sourced) for notice in one.notices]


def told(found: Iterable[object]) -> list[str]:
    """Everything that came out but its place, in one order."""
    lines = []
    for one in found:
        fields = asdict(one)
        del fields["origin"]
        for notice in fields.get("notices", ()):
            del notice["origin"]
        lines.append(json.dumps([type(getattr(one, "record", one)).__name__, fields], sort_keys=True))
    return sorted(lines)


def shown(importer: Importer, sources: list[Source], options: Options) -> str:
    """All that leaves the reader, as text: raw rows, records, rejections."""
    seen: list[object] = []
    for part in importer.plan(sources, options):
        seen.append(part.header)
        for raw in importer.read(part, options):
            seen.append(asdict(raw))
            if isinstance(raw, Raw):
                done = importer.convert(raw, part, options)
                seen += [asdict(one) for one in (done if isinstance(done, tuple) else (done,))]
    return json.dumps(seen, default=str)
