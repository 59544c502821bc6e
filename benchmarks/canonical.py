"""A canonical data set of any size, written as CSV: ``python -m benchmarks.canonical FOLDER INTERACTIONS``."""

from __future__ import annotations

import csv
import random
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path


def write(folder: Path, interactions: int, seed: int = 1, accounts: int | None = None) -> None:
    """Firms, people and interactions: 1 rep per 3,000, 1 account per 200, 1 contact per 20 interactions."""
    folder.mkdir(parents=True, exist_ok=True)
    dice = random.Random(seed)
    reps = [f"r{k}" for k in range(max(3, interactions // 3_000))]
    names = [f"a{k}" for k in range(accounts or max(2, interactions // 200))]
    contacts = [f"c{k}" for k in range(max(2 * len(names), interactions // 20))]
    with (folder / "firms.csv").open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["id", "name", "kind", "domains", "owner", "annual_value", "currency"])
        rows.writerow(["us", "Us", "own", "us.example", "", "", ""])
        rows.writerows(
            [
                a,
                f"Account {a}",
                "account",
                f"{a}.example",
                dice.choice(reps),
                dice.randrange(10_000, 900_000),
                "EUR",
            ]
            for a in names
        )
    with (folder / "people.csv").open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["id", "name", "emails", "firm", "seniority"])
        rows.writerows([r, f"Rep {r}", f"{r}@us.example", "us", ""] for r in reps)
        rows.writerows(
            [
                c,
                f"Contact {c}",
                f"{c}@{names[k % len(names)]}.example",
                names[k % len(names)],
                k % 4,
            ]
            for k, c in enumerate(contacts)
        )
    start = datetime(2024, 1, 1, tzinfo=UTC)
    with (folder / "interactions.csv").open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["id", "at", "kind", "direction", "participants", "thread"])
        for k in range(interactions):
            number = int(dice.random() ** 2 * len(names))
            crowd = list(range(number, len(contacts), len(names)))
            people = dice.sample(crowd, min(len(crowd), dice.choice((1, 1, 1, 2, 2, 3))))
            rep = reps[(number * 7 + dice.choice((0, 0, 0, 1, 2))) % len(reps)]
            kind = dice.choice(("email", "email", "email", "call", "meeting"))
            ours, theirs = {
                "email": ("from", "to"),
                "call": ("caller", "callee"),
                "meeting": ("organizer", "attendee"),
            }[kind]
            parts = [f"{ours}:{rep}", *(f"{theirs}:{contacts[c]}" for c in people)]
            if kind == "email" and dice.random() < 0.45:
                parts = [
                    f"to:{rep}",
                    f"from:{contacts[people[0]]}",
                    *(f"cc:{contacts[c]}" for c in people[1:]),
                ]
            at = start + timedelta(seconds=k * 70_000_000 / interactions + dice.random())
            rows.writerow(
                [
                    f"i{k:08d}-{dice.randrange(16**8):08x}",
                    at.isoformat(),
                    kind,
                    "",
                    ";".join(parts),
                    f"t{k // 3}",
                ]
            )


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]))
