"""A mailbox of the sample company as an mbox file: its mails, spelled as people and programs spell them, and the noise between."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from email.utils import format_datetime
from pathlib import Path

from graphmap.samples.company import DOMAIN, END, START
from graphmap.samples.directory import Directory, moment

Mail = tuple[datetime.datetime, str]

_NOISE: tuple[tuple[str, str], ...] = (
    ("news@weekly.example", "List-Unsubscribe: <https://weekly.example/off>"),
    ("deals@shop.example", "Precedence: bulk"),
    ("noreply@tickets.example", "Auto-Submitted: auto-generated"),
    ("guild@lists.example", "List-Id: <guild.lists.example>"),
    ("prize@winner.example", "X-Spam-Flag: YES"),
)
"""Sender and telling header of mails that are no contact between people."""


def write_mailbox(
    path: Path,
    known: Directory,
    owner: str,
    rows: Sequence[dict[str, object]],
    gone: Sequence[tuple[str, datetime.date]] = (),
) -> None:
    """Writes a mailbox; mails to those who are ``gone`` came back twice."""
    mails = [_mail(known, row, number) for number, row in enumerate(rows)]
    mails += _noise(known, owner)
    for who, day in gone:
        mails += [_bounce(known, owner, who, day, after) for after in (0, 6)]
    mails.sort()
    path.write_text("".join(text for _, text in mails), encoding="utf-8")


def _mail(known: Directory, row: dict[str, object], number: int) -> Mail:
    at, own, first = moment(row), known.message_id(row), known.first_id(row)
    named = {role: _mailbox(known, who, number) for role, who in known.participants(row)}
    more = [f"In-Reply-To: <{first}>", f"References: <{first}>"] if first != own else []
    return at, _text(at, named["from"], [f"To: {named['to']}", f"Message-ID: <{own}>", *more])


def _mailbox(known: Directory, who: str, number: int) -> str:
    """An address with a name: as people write it, as a directory does, in capitals, or alone."""
    first, last = known.names(who)
    address = known.address(who)
    shapes = (
        f"{first} {last} <{address}>",
        f'"{last}, {first}" <{address}>',
        f"{first} {last} <{address.upper()}>",
        address,
    )
    return shapes[number % 7 % 4]


def _noise(known: Directory, owner: str) -> list[Mail]:
    mails: list[Mail] = []
    for week in range(0, (END - START).days, 7):
        at = START + datetime.timedelta(days=week, hours=5)
        sender, header = _NOISE[week // 7 % len(_NOISE)]
        mails.append(
            (
                at,
                _text(
                    at, sender, [f"To: {known.address(owner)}", header, f"Message-ID: <{week}@noise.example>"]
                ),
            )
        )
    at = END - datetime.timedelta(days=60)
    away = known.contacts[0]
    headers = [
        f"To: {known.address(owner)}",
        "Auto-Submitted: auto-replied",
        "Message-ID: <away@noise.example>",
    ]
    mails.append((at, _text(at, known.address(away), headers)))
    guests = ", ".join(f"guest{n}@guests.example" for n in range(60))
    headers = [f"To: {guests}", "Message-ID: <party@noise.example>"]
    mails.append((at, _text(at, known.address(owner), headers)))
    return mails


def _bounce(known: Directory, owner: str, who: str, day: datetime.date, after: int) -> Mail:
    at = datetime.datetime.combine(day, datetime.time(9), datetime.UTC) + datetime.timedelta(days=after)
    headers = [
        f"To: {known.address(owner)}", "Auto-Submitted: auto-replied", f"X-Failed-Recipients: {known.address(who)}",
        f"Message-ID: <back-{known.local(who)}-{after}@mail.{DOMAIN}>",
    ]  # fmt: skip
    return at, _text(at, f"Mail Delivery System <mailer-daemon@{DOMAIN}>", headers)


def _text(at: datetime.datetime, sender: str, headers: Sequence[str]) -> str:
    begin = f"From sample {at:%a %b %e %H:%M:%S %Y}".replace("  ", " ")
    return "\n".join(
        (begin, f"From: {sender}", *headers, f"Date: {format_datetime(at)}", "", "(left out)", "", "")
    )
