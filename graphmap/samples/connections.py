"""The connections of one of the sample company's people, as a professional network gives them out."""

from __future__ import annotations

import csv
import random
from pathlib import Path

from graphmap.samples.directory import Directory

SHARE = 0.6
"""The part of the contacts that somebody is in touch with who are connections too."""
NAMESAKES = 5
"""Connections that are called like a contact and are somebody else."""
_COLUMNS = ("First Name", "Last Name", "URL", "Email Address", "Company", "Position", "Connected On")


def write_connections(path: Path, known: Directory, owner: str, dice: random.Random) -> None:
    """Contacts whom ``owner`` knows, hardly ever with an address, and namesakes of others at firms that are no account."""
    met = {
        who
        for row in known.company.interactions
        for pairs in [known.participants(row)]
        if ("from", owner) in pairs or ("caller", owner) in pairs or ("organizer", owner) in pairs
        for _, who in pairs
        if who in known.people and not known.is_ours(who)
    }
    rows: list[tuple[str, ...]] = []
    for who in sorted(met):
        if dice.random() < SHARE:
            rows.append(_row(known, who, str(known.firms[str(known.people[who]["firm"])]["name"]), dice))
    others = sorted(set(known.contacts) - met)
    rows += [
        _row(known, who, f"Sonnenhof {number}", dice)
        for number, who in enumerate(dice.sample(others, NAMESAKES), start=1)
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write('Notes:\n"Addresses are only shown of those who share them."\n\n')
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(_COLUMNS)
        writer.writerows(rows)


def _row(known: Directory, who: str, company: str, dice: random.Random) -> tuple[str, ...]:
    first, last = known.names(who)
    link = f"https://www.linkedin.com/in/{first}-{last}-{dice.randrange(10**6):06d}".lower()
    day = f"{dice.randrange(1, 29):02d} {dice.choice(('Jan', 'Apr', 'Sep', 'Nov'))} {dice.choice((2023, 2024, 2025))}"
    return first, last, link, "", company, str(known.people[who]["title"]), day
