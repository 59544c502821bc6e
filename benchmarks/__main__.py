"""``python -m benchmarks [NAME...]``: scoring, renewing, planning, departing, loading, tables, pages, maps, mail, calendars, resolution, dask."""

from __future__ import annotations

import importlib
import sys

NAMES = (
    "scoring",
    "renewing",
    "planning",
    "departing",
    "loading",
    "tables",
    "pages",
    "maps",
    "mail",
    "calendars",
    "resolution",
    "dask",
)

for name in sys.argv[1:] or NAMES:
    print(f"\n## {name}\n")
    for line in importlib.import_module(f"benchmarks.{name}").run():
        print(line)
