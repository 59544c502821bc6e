"""Lists of mail addresses as people and programs write them: split first, names decoded after, so no name supplies an address.

The standard library's reader answers differently from one Python version to the next on broken lists, reads only the first
address of lists with semicolons, and invents addresses from commas; hence this one. Its time grows with the length only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from graphmap_importers.mail_names import NAME_LIMIT, clean_name

ADDRESS_LIMIT = 320
"""Characters of an address; a longer one is none."""


class Mailbox(NamedTuple):
    """One entry of a list: ``who`` is an address, an Exchange directory name or a name alone; ``name`` as it was written."""

    who: str
    name: str


class Mailboxes(NamedTuple):
    """The entries of a list, and how many more name nobody who could be told apart."""

    found: tuple[Mailbox, ...]
    lost: int


NOBODY = Mailboxes((), 0)

_PLAIN = r"[A-Za-z0-9._+=&-]++@(?:[A-Za-z0-9-]++\.)++[A-Za-z]{2,}+"
_SIMPLE = re.compile(rf""" ?(?:(?:"([^"\\]*+)" ?|([^"<>(),:;@\\\[\]]*+))<({_PLAIN})>|({_PLAIN})) ?(?:,|$)""")
_TOKEN = re.compile(
    r'(?P<quoted>"(?:[^"\\]|\\.)*+")|(?P<comment>\((?:[^()\\]|\\.)*+\))|(?P<angle><[^<>]*+>)|(?P<end>[,;])'
    r'|(?P<text>[^"(<,;]++)|(?P<rest>.)',
    re.DOTALL,
)
_UNQUOTED = re.compile(r"(?P<angle><[^<>]*+>)|(?P<end>[,;])|(?P<text>[^<,;]++)|(?P<rest>.)", re.DOTALL)
_LOCAL = r"""(?:[^\s<>@"(),:;\[\]\\\x00-\x1f]++|"[^"\\\x00-\x1f]{1,64}+")"""
_ADDRESS = re.compile(rf"({_LOCAL})@((?:[^\s.<>@]++\.)++[^\s.<>@]++)")
_DOMAIN = re.compile(r"(?:[a-z0-9_-]++\.)++(?=[a-z0-9-]*[a-z])[a-z0-9-]{2,}+")
_ROUTE = re.compile(r"@[^:@\s]*+:")
_BLANKS = re.compile(r"\s*+([.@])\s*+")
_CACHED_LENGTH = 300


def read_mailboxes(values: Iterable[str]) -> Mailboxes:
    """The entries of all headers of one kind, in their order.

    >>> for one in read_mailboxes(['"Smith, John" <J@a.example>, b@b.example; Team: c@c.example;']).found:
    ...     print(one)
    Mailbox(who='j@a.example', name='Smith, John')
    Mailbox(who='b@b.example', name='')
    Mailbox(who='c@c.example', name='')
    >>> read_mailboxes(["Frank Sayre, sales@"])
    Mailboxes(found=(Mailbox(who='Frank Sayre', name=''),), lost=1)
    """
    lists = [_cached(value) if len(value) < _CACHED_LENGTH else _read(value) for value in values]
    if not lists:
        return NOBODY
    if len(lists) == 1:
        return lists[0]
    return Mailboxes(tuple(one for each in lists for one in each.found), sum(each.lost for each in lists))


def clean_address(text: str) -> str:
    """An address in lower case, its domain in ASCII; nothing where the text is none.

    >>> clean_address("'John.Smith@A.Example'"), clean_address("@a.example"), clean_address("x@münchen.example")
    ('john.smith@a.example', '', 'x@xn--mnchen-3ya.example')
    """
    text = text.strip(" '\t").removesuffix(".")
    if text[:7].lower() == "mailto:":
        text = text[7:]
    if text.startswith("@"):
        text = _ROUTE.sub("", text, count=1)  # an old route: <@relay.example:john@a.example>
    if " " in text and not text.startswith('"'):
        text = _BLANKS.sub(r"\1", text)
    found = _ADDRESS.fullmatch(text) if len(text) <= ADDRESS_LIMIT else None
    if found is None:
        return ""
    local, domain = found[1].lower(), found[2].lower()
    if not domain.isascii():
        try:
            domain = domain.encode("idna").decode("ascii")
        except UnicodeError:
            return ""
    return f"{local}@{domain}" if _DOMAIN.fullmatch(domain) else ""


@lru_cache(maxsize=1 << 12)
def _cached(value: str) -> Mailboxes:
    return _read(value)


def _read(value: str) -> Mailboxes:
    value = " ".join(value.split())
    found: list[Mailbox] = []
    place, end = 0, len(value)
    while place < end:
        simple = _SIMPLE.match(value, place)
        if simple is None:
            return _Reader(value).read()
        quoted, name, angle, bare = simple.groups()
        found.append(Mailbox((angle or bare).lower(), (quoted or name or "").strip()))
        place = simple.end()
    return Mailboxes(tuple(found), 0)


class _Reader:
    """Reads a list that is not simple, token by token; ``last`` is a word that may be the last name of what follows."""

    def __init__(self, value: str) -> None:
        self._value = value
        self._found: list[Mailbox] = []
        self._lost = 0
        self._last = ""
        self._begin()

    def read(self) -> Mailboxes:
        for kind, text in self._tokens():
            if kind == "end":
                self._flush()
                if text == ";":
                    self._drop_last()
            elif kind == "angle":
                self._angle = text[1:-1]
            elif kind == "comment":
                self._comment = text[1:-1]
            else:
                self._take(text, quoted=kind == "quoted")
        self._flush()
        self._drop_last()
        return Mailboxes(tuple(self._found), self._lost)

    def _tokens(self) -> Iterator[tuple[str, str]]:
        place, pattern = 0, _TOKEN
        while token := pattern.match(self._value, place):
            kind = token.lastgroup or "rest"
            if kind == "rest" and token[0] in '"(':
                pattern = (
                    _UNQUOTED  # it is never closed; looking for its end again and again would take forever
                )
            else:
                yield kind, token[0]
            place = token.end()

    def _begin(self) -> None:
        self._parts: list[str] = []
        self._quoted = ""
        self._angle: str | None = None
        self._comment = ""

    def _take(self, text: str, *, quoted: bool) -> None:
        if quoted:
            self._quoted = text
        elif ":" in text and self._angle is None and "@" not in text.partition(":")[0]:
            # What stands before it is the name of a group (or "mailto").
            self._parts, self._quoted = [], ""
            text = text.rpartition(":")[2] if "@" not in text.rpartition(":")[0] else text.partition(":")[2]
        self._parts.append(text)

    def _flush(self) -> None:
        written = "".join(self._parts).strip()
        phrase = re.sub(r"\\(.)", r"\1", written).replace('"', "").strip() if self._quoted else written
        angle, comment, quoted = self._angle, self._comment, self._quoted
        self._begin()
        if angle is None:
            bare = clean_address(written) if not quoted or written.startswith(f"{quoted}@") else ""
            if not bare and not quoted and "@" in written:
                bare = clean_address(written.split()[0])
            if bare:
                self._drop_last()
                self._found.append(Mailbox(bare, comment))
            elif _in_directory(written):
                self._add_named(written.lower(), "")
            elif phrase:
                self._name_alone(phrase)
            return
        address = clean_address(angle) or (" ".join(angle.lower().split()) if _in_directory(angle) else "")
        if address:
            self._add_named(address, phrase or comment)
        elif phrase:
            self._name_alone(phrase)
        elif angle.strip():
            self._name_alone(angle)  # <Last>,"First" </O=...>: how some exports write a name

    def _add_named(self, who: str, name: str) -> None:
        if self._last and name and len(name.split()) <= 3 and "," not in name:
            name, self._last = f"{self._last}, {name}", ""  # Smith, John <j@a.example> without quotes
        self._drop_last()
        self._found.append(Mailbox(who, name))

    def _name_alone(self, text: str) -> None:
        name = clean_name(text)
        if not name or len(name) > NAME_LIMIT:
            self._lost += 1
        elif " " in name:
            self._drop_last()
            self._found.append(Mailbox(name, ""))
        elif self._last:
            self._found.append(Mailbox(f"{self._last}, {name}", ""))
            self._last = ""
        else:
            self._last = name

    def _drop_last(self) -> None:
        """A single word names nobody who could be told apart."""
        self._lost += bool(self._last)
        self._last = ""


def _in_directory(text: str) -> bool:
    """Whether this is an address of Exchange's own directory (X.500)."""
    low = text.strip().lower()
    return "@" not in low and (low.startswith("/o=") or "/cn=" in low)
