"""``python -m benchmarks [NAME...]``: scoring, loading, pages, mail, tables."""

from __future__ import annotations

import importlib
import sys

NAMES = ("scoring", "loading", "pages", "mail", "tables")

for name in sys.argv[1:] or NAMES:
    print(f"\n## {name}\n")
    for line in importlib.import_module(f"benchmarks.{name}").run():
        print(line)
