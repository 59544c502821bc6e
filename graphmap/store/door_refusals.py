"""The sentences with which the analyst door says no."""

from __future__ import annotations

from typing import NoReturn

from graphmap.errors import QueryRefusedError
from graphmap.store.cypher_tokens import Token
from graphmap.store.door_words import REFUSED

LISTED = "MATCH, OPTIONAL MATCH, WHERE, WITH, UNWIND, RETURN, ORDER BY, SKIP, LIMIT, UNION and CALL { … }"


def refuse(sentence: str, remedy: str) -> NoReturn:
    """Refuses the statement."""
    raise QueryRefusedError(sentence, remedy=remedy)


def refuse_word(token: Token) -> NoReturn:
    """Refuses a word (or sign) that may not stand where it stands."""
    shown = token.text[:40] or "the end of the statement"
    if token.upper in REFUSED:
        refuse(f"{shown} ({token.where}) may not be used: only reading is allowed here", f"use {LISTED}")
    refuse(f"{shown} ({token.where}) is no clause that may be used here", f"use {LISTED}")
