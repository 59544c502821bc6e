"""Three short lists of the sample company's own: contracts, staff, and the orders of its portal, as canonical files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from graphmap.samples.directory import Directory
from graphmap.samples.tables import as_csv

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
    (folder / "firms.csv").write_text(
        as_csv(firms, ("id", "name", "kind", "domains", "aliases", *_CONTRACT)), encoding="utf-8"
    )
    (folder / "people.csv").write_text(as_csv(staff, _STAFF), encoding="utf-8")
    (folder / "interactions.csv").write_text(
        as_csv(bought, ("id", "at", "kind", "direction", "participants", "thread")), encoding="utf-8"
    )


def _named(row: dict[str, object], known: Directory) -> list[str]:
    return [
        f"{role}:{known.address(who) if who in known.people else who}"
        for role, who in known.participants(row)
    ]
