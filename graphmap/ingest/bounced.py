"""Who is not reached any more: mails to an address came back on several days, and none has come from it since."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from graphmap.days import day_of
from graphmap.ingest.identity_keys import domain_of, mail_key
from graphmap.ingest.master import Master, MasterRow, WorksAt
from graphmap.records import Bounce

DAYS = 2
"""Days on which mails came back before an affiliation counts as ended: one day may be a full mailbox or a broken server."""
BOUNCED = "bounced"
"""What ``ended_by`` says of such an end."""


def bounced_keys(rows: Iterable[MasterRow]) -> list[str]:
    """Identity keys of the addresses that mails came back from."""
    return sorted({mail_key(row.record.address) for row in rows if isinstance(row.record, Bounce)})


def end_of(days: Iterable[str], written: int | None) -> str | None:
    """The day from which an address counts as gone; None while that is not sure.

    Args:
        days: ISO days on which mails came back.
        written: when the last mail came from the address, epoch ms; mails that came back until then say nothing.

    >>> end_of(["2026-05-04", "2026-05-11", "2026-05-11"], None)
    '2026-05-04'
    >>> end_of(["2026-05-04"], None) is None, end_of(["2026-05-04", "2026-05-11"], 1_778_000_000_000) is None
    (True, True)
    """
    since = "" if written is None else day_of(written)
    left = sorted({day for day in days if day > since})
    return left[0] if len(left) >= DAYS else None


def end_bounced(master: Master, rows: Sequence[MasterRow], written: Mapping[str, int]) -> None:
    """Ends open affiliations at the firm that has the domain of an address that nobody is reached at any more.

    An end that a source states stays, and so does every affiliation at another firm: the address is that firm's. Whoever has
    another address there that is reached stays too.
    """
    days: dict[str, list[str]] = {}
    for row in rows:
        if isinstance(row.record, Bounce):
            days.setdefault(mail_key(row.record.address), []).append(row.record.day)
    gone = {key: end for key in sorted(days) if (end := end_of(days[key], written.get(key))) is not None}
    for key, end in gone.items():
        who, firm = master.person_of.get(key), master.firm_of_domain.get(domain_of(key))
        if who is None or firm is None:
            continue
        person = master.people[who]
        there = (k for k in person.identities if k.startswith("mail:") and k not in gone)
        if all(master.firm_of_domain.get(domain_of(other)) != firm for other in there):
            person.works_at = [_ended(work, firm, end) for work in person.works_at]


def _ended(work: WorksAt, firm: str, day: str) -> WorksAt:
    began_before = work.valid_from is None or work.valid_from < day
    if work.firm != firm or work.valid_to is not None or not began_before:
        return work
    return replace(work, valid_to=day, ended_by=BOUNCED)
