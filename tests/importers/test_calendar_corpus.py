"""More than two thousand public calendars, broken ones among them: no crash, no hang, every event has an outcome."""

from __future__ import annotations

import io
import json
import re
import time
from collections import Counter
from datetime import UTC, datetime

import pytest

from graphmap.ingest.protocol import Options, Raw
from graphmap.ingest.sources import find_sources, probe
from graphmap.records import Excluded, Interaction, Rejected
from graphmap_importers.calendar_files import CalendarImporter

OPTIONS = Options()
BEGIN = re.compile(rb"^BEGIN:VEVENT", re.IGNORECASE)
VARIABLE = re.compile(rb"\$([a-z_]+(?:\.year)?)[-.\d]*:")


class Filled:
    """A source whose template variables stand for something, so that the many templates are read as calendars."""

    def __init__(self, source, memory):
        with source.open() as stream:
            self.data = VARIABLE.sub(self._value, stream.read())
        self._inner = memory(source.name, b"x")
        self.name, self.size = source.name, len(self.data)

    def open(self):

        return io.BytesIO(self.data)

    @staticmethod
    def _value(found):
        name = found[1]
        if name == b"now.year":
            return b"2026"
        if name == b"now":
            return b"20260315"
        if name.endswith((b"cuaddr", b"cuaddralt")):
            return b"mailto:user@acme.example"
        return b"user@acme.example" if name.endswith(b"email") else b"text"


def read(importer, source):
    """Outcomes by line of the component, and the CPU seconds they took."""
    begin = time.process_time()
    found = []
    for part in importer.plan([source], OPTIONS):
        for raw in importer.read(part, OPTIONS):
            found.append(importer.convert(raw, part, OPTIONS) if isinstance(raw, Raw) else raw)
    return found, time.process_time() - begin


def check(importer, source, data, totals):
    found, seconds = read(importer, source)
    assert seconds < 5, source.name
    assert found, source.name
    lines = set()
    for one in found:
        origin = one[0].origin if isinstance(one, tuple) else one.origin
        assert origin.file == source.name
        lines.add(origin.line)
        if isinstance(one, Rejected):
            assert one.code, source.name
            assert one.message, source.name
            assert one.remedy, source.name
            totals[f"rejected {one.code}"] += 1
        elif isinstance(one, Excluded):
            totals[f"excluded {one.reason}"] += 1
        else:
            assert isinstance(one[0].record, Interaction)
            totals["meetings"] += 1
    events = [number for number, line in enumerate(data.split(b"\n"), 1) if BEGIN.match(line)]
    assert set(events) <= lines, source.name
    return len(events)


@pytest.mark.slow
@pytest.mark.parametrize("year", [2014, 2026])
def test_every_event_of_every_file_is_read_left_out_or_set_aside(test_data, year):
    facts = json.loads((test_data / "robustness_ics" / "facts.json").read_text("utf-8"))
    told = {one["file"]: one["raw_vevent"] for one in facts["files"]}
    importer = CalendarImporter(lambda: datetime(year, 11, 25, tzinfo=UTC))
    totals, events = Counter(), 0
    sources = [one for one in find_sources([test_data / "robustness_ics"]) if one.name.endswith(".ics")]
    for source in sources:
        assert importer.identify(probe(source), OPTIONS) is not None
        with source.open() as stream:
            data = stream.read()
        count = check(importer, source, data, totals)
        name = source.name[source.name.index("robustness_ics") :]
        assert count == told.get(name, count)
        events += count
    assert (len(sources), events) == (2225, facts["summary"]["raw_vevents"])
    assert totals["rejected unclosed"] == 0


@pytest.mark.slow
def test_filled_in_templates_become_meetings(test_data, memory):
    importer = CalendarImporter(lambda: datetime(2026, 11, 25, tzinfo=UTC))
    totals = Counter()
    for source in find_sources([test_data / "robustness_ics" / "apple_caldavtester"]):
        filled = Filled(source, memory)
        check(importer, filled, filled.data, totals)
    assert totals["meetings"] > 500
    assert totals["rejected date"] == 0
