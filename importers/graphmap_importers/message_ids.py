"""The id of a mail as all sources of it write it, so that its copies in mailboxes and CRMs are one."""

from __future__ import annotations

import re

_ID = re.compile(r"<([^<>]+)>")


def message_id(text: str) -> str:
    """A Message-ID in lower case without brackets and blanks; empty if there is none.

    >>> message_id(" <ABC@Mail.example> "), message_id("abc@mail.example"), message_id("")
    ('abc@mail.example', 'abc@mail.example', '')
    """
    found = _ID.search(text)
    return "".join((found[1] if found else text).strip("<>").lower().split())
