"""Splits a Cypher text into tokens, so that a word inside a string or a comment neither hides nor triggers anything."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from graphmap.errors import QueryRefusedError

TokenKind = Literal["word", "quoted", "string", "number", "parameter", "symbol", "end"]


@dataclass(frozen=True, slots=True)
class Token:
    """One token; ``text`` is the content for quoted names, the source otherwise."""

    kind: TokenKind
    text: str
    line: int
    column: int

    @property
    def upper(self) -> str:
        """The text of an unquoted word in upper case, the symbol itself, else nothing that could be a keyword."""
        return self.text.upper() if self.kind == "word" else self.text if self.kind == "symbol" else ""

    @property
    def where(self) -> str:
        """Its place in words."""
        return f"line {self.line}, column {self.column}"


_NUMBER = re.compile(
    r"(?:0[xX][0-9a-fA-F_]+|0[oO][0-7_]+|(?:\d[\d_]*)?\.\d[\d_]*(?:[eE][+-]?\d+)?|\d[\d_]*(?:[eE][+-]?\d+)?)"
)
_SYMBOLS = ("<>", "<=", ">=", "=~", "..", "::", "||", "->", "<-", "--")
_SINGLE = frozenset("()[]{}.,:;=<>+-*/%^|&!")
_STRING = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"", re.DOTALL)
_QUOTED = re.compile(r"`(?:[^`]|``)*`", re.DOTALL)
_COMMENT = re.compile(r"//[^\r\n]*|/\*.*?\*/", re.DOTALL)
_ESCAPED = re.compile(r"\\(?:u+([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))")


def tokens(text: str) -> list[Token]:
    """All tokens of a statement, and one of kind ``end``.

    Raises:
        QueryRefusedError: a string, quoted name or comment that does not end, a character that Cypher does not know, or a
            unicode escape that could end one of them (a Neo4j resolves those before it reads the statement).

    >>> [token.text for token in tokens("MATCH (n) /* CREATE */ RETURN n.x // DELETE")]
    ['MATCH', '(', 'n', ')', 'RETURN', 'n', '.', 'x', '']
    """
    _check_escapes(text)
    found: list[Token] = []
    place = 0
    while place < len(text):
        character = text[place]
        if character.isspace():
            place += 1
            continue
        comment = _COMMENT.match(text, place)
        if comment is not None:
            place = comment.end()
            continue
        token, place = _token(text, place)
        found.append(token)
    found.append(_made(text, len(text), "end", ""))
    return found


def _token(text: str, place: int) -> tuple[Token, int]:
    character = text[place]
    if character in "'\"":
        end = _end(_STRING, text, place, "a string that does not end begins")
        return _made(text, place, "string", text[place:end]), end
    if character == "`":
        end = _end(_QUOTED, text, place, "a quoted name that does not end begins")
        return _made(text, place, "quoted", text[place + 1 : end - 1].replace("``", "`")), end
    if character == "$":
        return _parameter(text, place)
    if character.isdigit() or (
        character == "." and text[place + 1 : place + 2].isdigit() and not _is_range(text, place)
    ):
        return _number(text, place)
    if _starts_name(character):
        end = place + 1
        while end < len(text) and _continues_name(text[end]):
            end += 1
        return _made(text, place, "word", text[place:end]), end
    if text.startswith("/*", place):
        raise _refusal(text, place, "a comment that does not end begins")
    for symbol in _SYMBOLS:
        if text.startswith(symbol, place):
            return _made(text, place, "symbol", symbol), place + len(symbol)
    if character in _SINGLE:
        return _made(text, place, "symbol", character), place + 1
    shown = character if character.isprintable() else f"U+{ord(character):04X}"
    raise _refusal(text, place, f"a character that has no meaning outside of strings ({shown}) stands")


def _parameter(text: str, place: int) -> tuple[Token, int]:
    if text[place + 1 : place + 2] == "`":
        end = _end(_QUOTED, text, place + 1, "a quoted name that does not end begins")
    else:
        end = place + 1
        while end < len(text) and _continues_name(text[end]):
            end += 1
    if end == place + 1:
        raise _refusal(text, place, "a $ without a name stands")
    return _made(text, place, "parameter", text[place:end]), end


def _number(text: str, place: int) -> tuple[Token, int]:
    found = _NUMBER.match(text, place)
    end = place if found is None else found.end()
    # A range: 1..3 are the numbers 1 and 3. A number that runs into letters is nothing that could be told apart safely.
    if found is None or (end < len(text) and _continues_name(text[end])):
        raise _refusal(text, place, "something that is no number begins")
    return _made(text, place, "number", text[place:end]), end


def _is_range(text: str, place: int) -> bool:
    return text[place - 1 : place] == "."


def _starts_name(character: str) -> bool:
    return character == "_" or character.isalpha() or unicodedata.category(character) in {"Nl", "Pc"}


def _continues_name(character: str) -> bool:
    return (
        _starts_name(character)
        or character.isdigit()
        or unicodedata.category(character) in {"Mn", "Mc", "Nd", "Sc"}
    )


def _end(pattern: re.Pattern[str], text: str, place: int, sentence: str) -> int:
    found = pattern.match(text, place)
    if found is None:
        raise _refusal(text, place, sentence)
    return found.end()


def _check_escapes(text: str) -> None:
    for escape in _ESCAPED.finditer(text):
        code = int(escape[1] or escape[2], 16)
        character = chr(code) if code < 0x110000 else "?"
        if not (character.isalnum() and code > 0x7F) and not (character.isascii() and character.isalnum()):
            raise _refusal(
                text,
                escape.start(),
                f"a unicode escape that stands for no letter or digit ({escape[0]}) stands",
            )


def _made(text: str, place: int, kind: TokenKind, content: str) -> Token:
    line = text.count("\n", 0, place) + 1
    return Token(kind, content, line, place - (text.rfind("\n", 0, place) + 1) + 1)


def _refusal(text: str, place: int, sentence: str) -> QueryRefusedError:
    where = _made(text, place, "end", "").where
    return QueryRefusedError(f"{sentence} at {where}", remedy="correct the statement there")
