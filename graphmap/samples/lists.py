"""Three short lists of the sample company's own: contracts, staff, and the orders of its portal, as canonical files."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

from graphmap.samples.directory import Directory

_CONTRACT = ("segment", "team", "annual_value", "currency", "renewal_on")
_STAFF = (
    "id",
    "name",
    "emails",
    "firm",
    "title",
    "department",
    "seniority",
    "team",
    "manager",
    "valid_from",
    "valid_to",
)


def write_lists(folder: Path, known: Directory, orders: Sequence[dict[str, object]]) -> None:
    """firms.csv (contracts, with the CRM's ids as aliases), people.csv (staff), interactions.csv (orders)."""
    folder.mkdir(parents=True, exist_ok=True)
    firms = [
        {
            "id": i, "name": firm["name"], "kind": firm["kind"], "aliases": known.reference(i),
            **({"domains": firm["domains"]} if firm["kind"] == "own" else {}),
            **{column: firm.get(column, "") for column in _CONTRACT},
        }
        for i, firm in known.firms.items()
    ]  # fmt: skip
    staff = [
        {column: person.get(column, "") for column in _STAFF}
        for i, person in known.people.items()
        if known.is_ours(i)
    ]
    bought = [{**row, "participants": ";".join(_named(row, known)), "thread": ""} for row in orders]
    write_table(folder / "firms.csv", ("id", "name", "kind", "domains", "aliases", *_CONTRACT), firms)
    write_table(folder / "people.csv", _STAFF, staff)
    write_table(
        folder / "interactions.csv", ("id", "at", "kind", "direction", "participants", "thread"), bought
    )


def _named(row: dict[str, object], known: Directory) -> list[str]:
    return [
        f"{role}:{known.address(who) if who in known.people else who}"
        for role, who in known.participants(row)
    ]


def write_table(path: Path, columns: Sequence[str], rows: Sequence[dict[str, object]]) -> None:
    """A CSV with these columns."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n", restval="")
        writer.writeheader()
        writer.writerows(rows)
