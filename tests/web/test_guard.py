"""What must never come back into the site's code."""

from __future__ import annotations

import re
from pathlib import Path

import graphmap_web

ROOM = Path(graphmap_web.__file__).parent
FORBIDDEN = re.compile(
    r"generate_html|write_html|\|\s*safe\b|Markup\(|innerHTML|outerHTML|insertAdjacentHTML|document\.write|unsafe-inline|unsafe-eval|\beval\("
)


def test_nothing_in_the_site_can_turn_data_into_markup():
    for path in ROOM.rglob("*"):
        if path.suffix in {".py", ".js", ".html", ".css"}:
            found = FORBIDDEN.search(path.read_text("utf-8"))
            assert found is None, f"{path}: {found}"


def test_pyvis_is_imported_in_one_file_only():
    users = [
        path.name for path in ROOM.rglob("*.py") if re.search(r"(import|from) pyvis", path.read_text("utf-8"))
    ]
    assert users == ["network.py"]


def test_nothing_of_others_is_copied_and_nothing_is_fetched_from_elsewhere():
    assert not list(ROOM.rglob("vis-network*"))
    for path in [*ROOM.rglob("*.html"), *ROOM.rglob("*.js"), *ROOM.rglob("*.css")]:
        assert not re.search(r"https?://(?!www\.w3\.org)", path.read_text("utf-8")), path


def test_files_stay_small():
    for path in [*ROOM.rglob("*.py"), *ROOM.rglob("*.js")]:
        assert len(path.read_text("utf-8").splitlines()) < 250, path
