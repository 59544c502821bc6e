"""Ids of Salesforce: 15 characters become 18, what a tool did to their case is repaired, what cannot be an id is refused."""

from __future__ import annotations

import re
from functools import lru_cache

from graphmap_importers.cells import Problem

SOURCE = "salesforce"

_ID = re.compile(r"[A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?")
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?[eE][+-]?\d+")
_CHECK = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"

_CAPITALS = {code: "1" if 65 <= code <= 90 else "0" for code in range(128)}
_LETTER = {f"{bits:05b}"[::-1]: letter for bits, letter in enumerate(_CHECK)}

PEOPLE = ("003", "005", "00Q")
"""How ids of contacts, users and leads begin."""

USER, ACCOUNT = "005", "001"


# The same few users and accounts stand in most rows.
@lru_cache(maxsize=1 << 15)
def full_id(text: str, column: str) -> str:
    """The 18 characters of an id; a ``Problem`` says why a text is none.

    The last three characters say which of the others are capitals: so an id whose case a spreadsheet destroyed is
    repaired, and a typo is found.

    >>> full_id("0011G00000ugZ6H", "Id"), full_id("0011g00000ugz6hqau", "Id")
    ('0011G00000ugZ6HQAU', '0011G00000ugZ6HQAU')
    """
    if not _ID.fullmatch(text):
        if _NUMBER.fullmatch(text):
            raise _problem(
                text,
                column,
                "is a number in scientific notation: a spreadsheet took the id for a number, and its end is lost",
                "export the file again and import it without opening it in a spreadsheet",
            )
        raise _problem(text, column, "is no id: an id has 15 or 18 letters and digits", "export it again")
    bare, check = text[:15], text[15:].upper()
    if not check or check_letters(bare) == check:
        return bare + check_letters(bare)
    if bare in {bare.lower(), bare.upper()} and (repaired := _recased(bare, check)) is not None:
        return repaired + check
    message = "is no id: its last three letters do not fit the others, so a character was changed"
    raise _problem(text, column, message, "look the id up in Salesforce, or export the file again")


def check_letters(bare: str) -> str:
    """The three characters that follow 15: each says which of five are capital letters.

    >>> check_letters("0011G00000ugZ6H")
    'QAU'
    """
    capitals = bare.translate(_CAPITALS)
    return _LETTER[capitals[:5]] + _LETTER[capitals[5:10]] + _LETTER[capitals[10:]]


def _recased(bare: str, check: str) -> str | None:
    """The id with the capitals that the check letters name; None where they name what is no letter."""
    signs: list[str] = []
    for begin, letter in zip((0, 5, 10), check, strict=True):
        bits = _CHECK.find(letter)
        for i, sign in enumerate(bare[begin : begin + 5]):
            capital = bits < 0 or bits >> i & 1
            if bits < 0 or (capital and not sign.isalpha()):
                return None
            signs.append(sign.upper() if capital else sign.lower())
    return "".join(signs)


def _problem(text: str, column: str, why: str, remedy: str) -> Problem:
    return Problem("salesforce_id", f'"{text[:200]}" {why}', column=column, value=text, remedy=remedy)


def record_of(identifier: str) -> str:
    """The id of a record in the graph.

    >>> record_of("0011G00000ugZ6HQAU")
    'salesforce:0011G00000ugZ6HQAU'
    """
    return f"{SOURCE}:{identifier}"
