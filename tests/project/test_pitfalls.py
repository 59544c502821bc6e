"""docs/pitfalls.md is complete and true: every number once, and every test it names exists and says that number."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROWS = re.findall(
    r"^\| P(\d+) \| (.+?) \| (.*) \|$",
    (ROOT / "docs" / "pitfalls.md").read_text(encoding="utf-8"),
    re.MULTILINE,
)
WITHOUT_TEST = {54}
"""Connectors come later."""


def docstring_of(test: str) -> str:
    file, _, name = test.partition("::")
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    return ast.get_docstring(functions[name]) or ""


def test_all_54_are_there_in_order() -> None:
    assert [int(number) for number, _, _ in ROWS] == list(range(1, 55))


@pytest.mark.parametrize(
    ("number", "tests"), [(int(n), t) for n, _, t in ROWS], ids=[f"P{n}" for n, _, _ in ROWS]
)
def test_each_is_shown_by_tests_that_say_its_number(number: int, tests: str) -> None:
    named = re.findall(r"`([^`]+)`", tests)
    assert bool(named) == (number not in WITHOUT_TEST)
    for test in named:
        assert re.search(rf"\bP{number}\b", docstring_of(test)), test
