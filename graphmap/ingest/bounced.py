"""Who is not reached any more: mails to an address came back on several days, and none has come from it since."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from graphmap.ingest.identity_keys import domain_of, mail_key
from graphmap.ingest.master import Master, MasterRow, WorksAt
from graphmap.records import Bounce

DAYS = 2
"""Days on which mails came back before an affiliation counts as ended: one day may be a full mailbox or a broken server."""
BOUNCED = "bounced"
"""What ``ended_by`` says of such an end."""
_DAY_MS = 86_400_000
_EPOCH = date(1970, 1, 1)


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
    since = "" if written is None else date.fromordinal(_EPOCH.toordinal() + written // _DAY_MS).isoformat()
    left = sorted({day for day in days if day > since})
    return left[0] if len(left) >= DAYS else None


def end_bounced(master: Master, rows: Sequence[MasterRow], written: Mapping[str, int]) -> None:
    """Ends open affiliations at the firm that has the domain of an address that nobody is reached at any more.

    An end that a source states stays, and so does every affiliation at another firm: the address is that firm's.
    """
    days: dict[str, list[str]] = {}
    for row in rows:
        if isinstance(row.record, Bounce):
            days.setdefault(mail_key(row.record.address), []).append(row.record.day)
    for key, found in sorted(days.items()):
        end, who = end_of(found, written.get(key)), master.person_of.get(key)
        firm = master.firm_of_domain.get(domain_of(key))
        if (
            end is not None
            and who is not None
            and firm is not None
            and not _reached(master, who, key, firm, days, written)
        ):
            person = master.people[who]
            person.works_at = [_ended(work, firm, end) for work in person.works_at]


def _reached(
    master: Master,
    who: str,
    key: str,
    firm: str,
    days: Mapping[str, Sequence[str]],
    written: Mapping[str, int],
) -> bool:
    """Whether the person has another address at that firm that no mail came back from."""
    others = (k for k in master.people[who].identities if k.startswith("mail:") and k != key)
    return any(
        master.firm_of_domain.get(domain_of(other)) == firm
        and end_of(days.get(other, ()), written.get(other)) is None
        for other in others
    )


def _ended(work: WorksAt, firm: str, day: str) -> WorksAt:
    began_before = work.valid_from is None or work.valid_from < day
    if work.firm != firm or work.valid_to is not None or not began_before:
        return work
    return replace(work, valid_to=day, ended_by=BOUNCED)
