"""Invented mailboxes for measuring: real in their sizes (19 kB a mail on average, 25 lines of headers), not in their words."""

from __future__ import annotations

import base64
import datetime
import random
import textwrap
from collections.abc import Iterator
from email.header import Header
from email.utils import format_datetime
from pathlib import Path

FIRST = [
    "Anna",
    "Björn",
    "Chloé",
    "Dmitri",
    "Elif",
    "François",
    "Grace",
    "Håkon",
    "Ivan",
    "Jürgen",
    "Kenji",
    "Łukasz",
    "María",
    "Noël",
    "Paul",
    "Rosa",
    "Søren",
    "Uma",
    "Víctor",
    "Zoë",
]
LAST = [
    "Müller",
    "Smith",
    "García",
    "Nguyen",
    "O'Neil",
    "Østergård",
    "Čapek",
    "Ivanov",
    "Dubois",
    "Rossi",
    "Tanaka",
    "Kowalski",
    "Brown",
    "Weiß",
    "Li",
    "Kim",
    "Singh",
]
WORDS = [
    "proposal",
    "pricing",
    "security",
    "review",
    "legal",
    "contract",
    "renewal",
    "roadmap",
    "integration",
    "quarter",
    "budget",
    "timeline",
    "pilot",
    "rollout",
    "support",
    "ticket",
    "invoice",
    "attached",
    "call",
    "tomorrow",
    "regards",
    "team",
    "update",
    "meeting",
    "notes",
    "agenda",
    "decision",
    "owner",
    "next",
    "steps",
]
START = datetime.datetime(2023, 1, 1, tzinfo=datetime.UTC)


def write(path: Path, size: int, seed: int = 1) -> int:
    """Writes an mbox of at least ``size`` bytes; how many mails it holds."""
    count = written = 0
    with path.open("wb") as out:
        for mail in mails(seed):
            written += out.write(mail)
            count += 1
            if written >= size:
                return count
    raise AssertionError("mails() never ends")


def mails(seed: int = 1) -> Iterator[bytes]:
    """Mails with their From_ lines, without end."""
    dice = random.Random(seed)
    people = [
        (f"{dice.choice(FIRST)} {dice.choice(LAST)}", f"p{i}@firm{dice.randrange(400)}.example")
        for i in range(6000)
    ]
    ours = [(f"{dice.choice(FIRST)} {dice.choice(LAST)}", f"rep{i}@ours.example") for i in range(40)]
    files = [base64.encodebytes(dice.randbytes(size)).decode() for size in (20_000, 60_000, 150_000)]
    texts = [textwrap.fill(" ".join(dice.choices(WORDS, k=60)), 72) for _ in range(500)]
    before = ["<0@ours.example>"]
    number = 0
    while True:
        number += 1
        head, message_id = _head(dice, number, ours, people, before)
        before = [*before[-200:], message_id]
        yield f"{head}\n\n{_body(dice, number, texts, files)}\n\n".encode("ascii", "replace")


def _head(
    dice: random.Random,
    number: int,
    ours: list[tuple[str, str]],
    people: list[tuple[str, str]],
    before: list[str],
) -> tuple[str, str]:
    zone = datetime.timezone(datetime.timedelta(minutes=dice.choice((0, 60, 120, -300, -480, 330))))
    at = (START + datetime.timedelta(seconds=dice.randrange(86_400 * 900))).astimezone(zone)
    me, them = dice.choice(ours), dice.choice(people)
    sender, to = (me, [them]) if dice.random() < 0.5 else (them, [me])
    to += [
        dice.choice(people if dice.random() < 0.6 else ours)
        for _ in range(min(int(dice.expovariate(0.8)), 12))
    ]
    copies = [dice.choice(people) for _ in range(min(int(dice.expovariate(1.2)), 15))]
    message_id = f"<{number:08d}.{dice.getrandbits(48):x}@{sender[1].partition('@')[2]}>"
    lines = [
        f"From {dice.getrandbits(60)}@xxx {at.astimezone(datetime.UTC):%a %b %d %H:%M:%S +0000 %Y}",
        f"X-GM-THRID: {dice.getrandbits(60)}",
        "X-Gmail-Labels: Inbox,Important,Opened",
        f"Delivered-To: {me[1]}",
    ]
    for hop in range(dice.randint(2, 5)):
        lines += [
            f"Received: by 2002:a05:6a10::{hop} with SMTP id d6csp{dice.getrandbits(24)};",
            f"        {format_datetime(at)}",
        ]
    for name in (
        "ARC-Seal: i=1; a=rsa-sha256; t=1643994622; cv=none;",
        "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed;",
    ):
        seal = base64.b64encode(dice.randbytes(260)).decode()
        lines += [
            name,
            "        d=mail.example; s=s1; b=",
            *(f"         {part}" for part in textwrap.wrap(seal, 70)),
        ]
    lines.append(f"Message-ID: {message_id}")
    if dice.random() < 0.5:
        earlier = dice.choice(before)
        lines += [f"In-Reply-To: {earlier}", f"References: {earlier}"]
    lines += [
        f"Date: {format_datetime(at)}",
        "MIME-Version: 1.0",
        f"From: {_address(dice, sender)}",
        _list("To", dice, to),
    ]
    if copies:
        lines.append(_list("Cc", dice, copies))
    lines.append("Subject: " + " ".join(dice.choices(WORDS, k=dice.randint(2, 7))))
    if dice.random() < 0.03:
        lines.append("Auto-Submitted: auto-replied")
    lines.append(f'Content-Type: multipart/alternative; boundary="b{number:x}"')
    return "\n".join(lines), message_id


def _list(name: str, dice: random.Random, people: list[tuple[str, str]]) -> str:
    return f"{name}: " + ",\n\t".join(_address(dice, one) for one in people)


def _address(dice: random.Random, person: tuple[str, str]) -> str:
    name, address = person
    if not name.isascii():
        return f"{Header(name, 'utf-8').encode()} <{address}>"
    kind = dice.random()
    if kind < 0.15:
        first, _, last = name.partition(" ")
        return f'"{last}, {first}" <{address}>'
    return f'"{name}" <{address}>' if kind < 0.4 else f"{name} <{address}>"


def _body(dice: random.Random, number: int, texts: list[str], files: list[str]) -> str:
    text = "\n".join(dice.choices(texts, k=dice.randint(1, 5)))
    html = "".join(
        f'<p style=3D"margin:0">{text}</p>\n' for text in dice.choices(texts, k=dice.randint(2, 12))
    )
    parts = [
        f'--b{number:x}\nContent-Type: text/plain; charset="UTF-8"\n\n{text}\n>From the desk of',
        f'--b{number:x}\nContent-Type: text/html; charset="UTF-8"\n\n<html><body>{html}</body></html>',
    ]
    if dice.random() < 0.12:
        parts.append(
            f'--b{number:x}\nContent-Type: application/pdf; name="a.pdf"\nContent-Transfer-Encoding: base64\n\n{dice.choice(files)}'
        )
    return "\n".join([*parts, f"--b{number:x}--"])
