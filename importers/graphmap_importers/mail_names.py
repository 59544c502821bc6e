"""Display names: encoded words decoded, quotes and blanks taken off, and nothing that is no name."""

from __future__ import annotations

import re
import unicodedata
from binascii import Error as BinasciiError
from email.errors import HeaderParseError
from email.header import decode_header
from functools import lru_cache

NAME_LIMIT = 200
"""Characters of a display name; a longer one is no name."""

_ENCODED_LIMIT = 2_000


def decoded(text: str) -> str:
    """Text with its encoded words (RFC 2047) decoded; as it stands where they are broken.

    >>> decoded("=?utf-8?q?M=C3?= =?utf-8?q?=BCller?="), decoded("=?none?b?SGk=?=")
    ('Müller', 'Hi')
    """
    if "=?" not in text or len(text) > _ENCODED_LIMIT:
        return text
    try:
        # Neighbours of one charset come as one piece, so that a character may be split between two words.
        return "".join(_piece(piece, charset) for piece, charset in decode_header(text))
    except (HeaderParseError, BinasciiError, ValueError):
        return text


def clean_name(text: str) -> str:
    """A name for showing, or nothing where the text is none: an address, a single sign, broken letters.

    >>> clean_name("'Anna  Alm'"), clean_name("anna@a.example"), clean_name("=?utf-8?q?Smith=2C_John?=")
    ('Anna Alm', '', 'Smith, John')
    >>> clean_name("Anna Alm (E-mail 2)")
    'Anna Alm'
    """
    return _clean(text) if 0 < len(text) <= _ENCODED_LIMIT else ""


# The same few people stand in most mails.
@lru_cache(maxsize=1 << 13)
def _clean(text: str) -> str:
    name = decoded(text)
    if not name.isascii():
        name = unicodedata.normalize("NFC", name)
    name = _FROM_A_CARD.sub("", " ".join(name.split()).strip("\"' ,;<>"))
    broken = "@" in name or "=?" in name or "\ufffd" in name or not name.isprintable()
    return "" if broken or len(name) > NAME_LIMIT or not _LETTERS.search(name) else name


_FROM_A_CARD = re.compile(r"\s*\((?:E-?mail|Business|Work|Home|Fax)(?: \d)?\)$", re.IGNORECASE)
"""What an address book appends to say which of a person's addresses it took."""
_LETTERS = re.compile(r"[^\W\d_]{2}|[^\x00-\u02ff]")  # one sign is a name where signs are words or syllables


def _piece(piece: bytes | str, charset: str | None) -> str:
    if isinstance(piece, str):
        return piece
    if charset is None:
        return piece.decode("latin-1")
    try:
        return piece.decode(charset, "replace")
    except (LookupError, ValueError):
        return piece.decode("utf-8", "replace")
