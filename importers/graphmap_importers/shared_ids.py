"""Ids of mails and meetings as all sources write them, so that copies in mailboxes, calendars and CRMs are one."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

_ID = re.compile(r"<([^<>]+)>")


def message_id(text: str) -> str:
    """A Message-ID in lower case without brackets and blanks; empty if there is none.

    >>> message_id(" <ABC@Mail.example> "), message_id("abc@mail.example"), message_id("")
    ('abc@mail.example', 'abc@mail.example', '')
    """
    found = _ID.search(text)
    return "".join((found[1] if found else text).strip("<>").lower().split())


def meeting_id(uid: str, at: int) -> str:
    """The id of a meeting by its calendar's UID and the start of the occurrence (epoch milliseconds).

    >>> meeting_id("040000008200E00074C5B7101A82E008@x", 1709629200000)
    'ev:040000008200E00074C5B7101A82E008@x#20240305T090000Z'
    """
    start = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=at)
    return f"ev:{uid.strip()}#{start:%Y%m%dT%H%M%SZ}"
