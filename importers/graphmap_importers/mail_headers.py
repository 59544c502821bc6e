"""A header block to the few headers that count; what could hold text of people is reduced to what is needed of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from itertools import islice, takewhile

from graphmap_importers.mail_labels import folder_reason, label_reasons

Cells = dict[str, list[str]]
"""Header name in lower case -> its values, unfolded. ``envelope`` is the From_ line, ``cut`` says that headers are missing."""

_NAME_LIMIT = 60
_MAILTO = re.compile(r"mailto:([^\s>?,]{1,320})", re.IGNORECASE)
_LIST_ID = re.compile(r"<?([\w.@+-]{1,320})>?\s*$")
_TYPE = re.compile(r"\s*(multipart/report|text/calendar)\b", re.IGNORECASE)
_REPORT = re.compile(r"report-type\s*=\s*\"?([\w-]{1,60})", re.IGNORECASE)


def read_headers(data: bytes, *, cut: bool = False) -> Cells:
    r"""The headers that count, in the order of their lines.

    >>> read_headers(b"From: a@a.example\r\nSubject: secret\r\nTo: b@b.example,\r\n\tc@c.example\r\n")
    {'from': ['a@a.example'], 'to': ['b@b.example, c@c.example']}
    """
    lines = _text(data).split("\n")
    cells: Cells = {}
    found: list[tuple[str, list[str]]] = []
    pieces: list[str] | None = None
    for line in lines:
        first = line[:1]
        if first == " " or first == "\t":  # noqa: PLR1714 - asked for every line
            if pieces is not None:
                pieces.append(line.lstrip(" \t"))
            continue
        colon = line.find(":", 0, _NAME_LIMIT)
        name = _wanted(line[:colon]) if colon > 0 else ""
        if not name:
            pieces = None
            continue
        pieces = [line[colon + 1 :]]
        found.append((name, pieces))
    if lines[0].startswith("From "):
        cells["envelope"] = [_unfolded_first(lines)[:400]]
    for name, pieces in found:
        # Of Received only the first counts, the newest.
        if name == "received" and name in cells:
            continue
        reduce, value = _REDUCED[name], pieces[0] if len(pieces) == 1 else " ".join(pieces)
        value = value.strip() if reduce is None else reduce(value)
        if value:
            cells.setdefault(name, []).append(value)
    if cut:
        cells["cut"] = ["yes"]
    return cells


# Programs write a name in one or two ways.
@lru_cache(maxsize=1 << 12)
def _wanted(name: str) -> str:
    """The name of a header in lower case, nothing where it does not count."""
    low = name.rstrip().lower()
    return low if low in _REDUCED else ""


def _unfolded_first(lines: Sequence[str]) -> str:
    more = takewhile(lambda line: line[:1] in (" ", "\t"), islice(lines, 1, None))
    return " ".join([lines[0], *(line.lstrip(" \t") for line in more)])


def as_text(cells: Mapping[str, Sequence[str]]) -> str:
    r"""The headers as the text that the quarantine keeps; reading it again gives the same cells.

    >>> as_text({"envelope": ["From - Tue Mar  5 10:00:00 2024"], "to": ["b@b.example"]})
    'From - Tue Mar  5 10:00:00 2024\nto: b@b.example\n'
    """
    lines = list(cells.get("envelope", ()))
    lines += [
        f"{name}: {value}"
        for name, values in cells.items()
        if name not in {"envelope", "cut"}
        for value in values
    ]
    return "\n".join(lines) + "\n"


def _text(data: bytes) -> str:
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b" ")
    if b"\0" in data:
        data = data.replace(b"\0", b"")
    try:
        return data.decode()
    except UnicodeDecodeError:
        return "\n".join(_line(line) for line in data.split(b"\n"))


def _line(line: bytes) -> str:
    """One line by itself: a header in an old encoding must not spoil those that are UTF-8."""
    try:
        return line.decode()
    except UnicodeDecodeError:
        return line.decode("cp1252", "replace")


def _yes(_value: str) -> str:
    return "yes"


def _time_part(value: str) -> str:
    return value.rpartition(";")[2].strip()[:200]


def _word(value: str) -> str:
    return value.strip().lower()[:60]


def _list_post(value: str) -> str:
    found = _MAILTO.search(value)
    return f"<mailto:{found[1].lower()}>" if found else ""


def _list_id(value: str) -> str:
    found = _LIST_ID.search(value[-400:])
    return f"<{found[1].lower()}>" if found else "<?>"


def _content_type(value: str) -> str:
    kind = _TYPE.match(value)
    if kind is None:
        return ""  # the name of an attachment may stand behind it, and no other kind matters
    report = _REPORT.search(value[:1000])
    return kind[1].lower() + (f"; report-type={report[1].lower()}" if report else "")


_REDUCED: dict[str, Callable[[str], str] | None] = {
    **dict.fromkeys(("from", "to", "cc", "bcc", "sender", "reply-to", "x-original-from", "date")),
    "x-failed-recipients": None,
    **dict.fromkeys(("message-id", "in-reply-to", "references", "return-path")),
    **dict.fromkeys(("list-unsubscribe", "x-autoreply", "x-autorespond"), _yes),
    **dict.fromkeys(("precedence", "auto-submitted", "x-auto-response-suppress", "x-spam-flag"), _word),
    **dict.fromkeys(("content-class",), _word),
    "received": _time_part,
    "list-post": _list_post,
    "list-id": _list_id,
    "content-type": _content_type,
    "x-gmail-labels": label_reasons,
    "x-folder": folder_reason,
}
