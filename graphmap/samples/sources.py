"""The sample company as what a firm really has: a CRM export, two mailboxes, a calendar, connections, and a few lists.

The sources overlap and disagree as real ones do: a mail lies in a mailbox and in the CRM, contacts stand twice in the CRM, somebody's
namesake is among the connections, and newsletters, automatic answers and private events lie between.
"""

from __future__ import annotations

import random
from pathlib import Path

from graphmap.samples.company import SEED, Company, make_company
from graphmap.samples.connections import write_connections
from graphmap.samples.directory import Directory
from graphmap.samples.invitations import write_calendar
from graphmap.samples.lists import write_lists
from graphmap.samples.mailboxes import write_mailbox
from graphmap.samples.salesforce_export import write_export

MAILBOXES = ("us06", "us10")
"""Whose mailboxes are connected: one of sales, one of service."""
CALENDAR = "us06"
"""Whose calendar is connected."""
CONNECTED = "us04"
"""Whose connections are imported."""
IN_BOTH = 0.25
"""The part of the mails of a mailbox that the CRM holds as well."""


def write_sources(folder: Path, seed: int = SEED) -> Company:
    """Writes all sources of the sample company and returns the truth behind them; the same seed gives the same bytes."""
    company = make_company(seed)
    known = Directory(company)
    dice = random.Random(seed + 1)  # noqa: S311  # a sample, no secret
    folder.mkdir(parents=True, exist_ok=True)
    boxes: dict[str, list[dict[str, object]]] = {who: [] for who in MAILBOXES}
    logged: list[dict[str, object]] = []
    invited: list[dict[str, object]] = []
    orders: list[dict[str, object]] = []
    for row in company.interactions:
        who = {one for _, one in known.participants(row)}
        holders = [owner for owner in MAILBOXES if owner in who]
        if row["kind"] == "order":
            orders.append(row)
        elif row["kind"] == "email" and holders:
            for owner in holders:
                boxes[owner].append(row)
            if dice.random() < IN_BOTH:
                logged.append(row)
        elif row["kind"] == "meeting" and CALENDAR in who:
            invited.append(row)
        else:
            logged.append(row)
    write_export(folder / "salesforce-export.zip", known, logged)
    for owner, rows in boxes.items():
        gone = known.gone_contacts if owner == MAILBOXES[0] else ()
        write_mailbox(folder / f"mailbox-{known.local(owner)}.mbox", known, owner, rows, gone)
    write_calendar(folder / f"calendar-{known.local(CALENDAR)}.ics", known, CALENDAR, invited)
    write_connections(folder / "linkedin" / "Connections.csv", known, CONNECTED, dice)
    write_lists(folder / "lists", known, orders)
    return company
