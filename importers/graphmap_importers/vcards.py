"""Address cards (.vcf, vCard 2.1 to 4): every card of a person becomes a person."""

from __future__ import annotations

import quopri
import re
from collections.abc import Iterator, Sequence
from typing import ClassVar, cast

from graphmap.ingest.protocol import API, Converted, Match, Options, Part, Probe, Raw, Source
from graphmap.records import Excluded, Origin, Person, Rejected, Sourced
from graphmap_importers.cells import Problem
from graphmap_importers.contact_keys import Earlier, keys_before
from graphmap_importers.contact_records import hashed, person
from graphmap_importers.content_lines import ContentLine, content_line, text_of, unescaped
from graphmap_importers.file_names import base_of
from graphmap_importers.profile_links import profile_link
from graphmap_importers.vcard_blocks import Card, cards

SOURCE = "vcard"

_SEPARATOR = re.compile(r"(?<!\\);")
_KINDS = {"org": "company", "organization": "company", "group": "group", "location": "not_a_person"}
_PREFIX = re.compile(r"^(?:urn:uuid:|uuid:)", re.IGNORECASE)


class VcardImporter:
    """Reads address cards, alone, in a folder or in a zip."""

    api: ClassVar[int] = API
    name: ClassVar[str] = "vcard"
    version: ClassVar[int] = 1
    files: ClassVar[str] = "address cards (.vcf)"

    def identify(self, probe: Probe, options: Options) -> Match | None:
        """By what stands in it; less sure by the name alone."""
        del options
        head = probe.head[:1024].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe\r\n\t ").upper()
        if head.startswith(b"BEGIN:VCARD"):
            return Match(0.9, "address cards")
        named = base_of(probe.name).lower().endswith((".vcf", ".vcard"))
        return Match(0.3, "address cards") if named else None

    def plan(self, sources: Sequence[Source], options: Options) -> list[Part]:
        """One part per file; a card that stands in several files is told with the first of them."""
        del options
        ordered = sorted(sources, key=lambda source: source.name)
        before = keys_before(ordered, lambda source: (key_of(card) for card in cards(source)))
        return [Part(source, "people", before[source.name]) for source in ordered]

    def read(self, part: Part, options: Options) -> Iterator[Raw | Rejected]:
        """The cards; one that is not closed comes as Rejected."""
        del options
        seen = cast("Earlier", part.plan).copy()
        found = False
        for card in cards(part.source):
            found = True
            origin, text = Origin(part.source.name, card.line), card_text(card)
            if not card.closed:
                yield _unclosed().rejected(origin, text)
                continue
            key = key_of(card)
            cells: dict[str, object] = {"card": card, "key": key, "again": key in seen}
            seen.add(key)
            yield Raw(origin, card.end, cells, text)
        if not found:
            remedy = "export the contacts again as vCard"
            yield Rejected(
                Origin(part.source.name, 1), "no_card", "there is no card in this file", remedy=remedy
            )

    def convert(self, raw: Raw, part: Part, options: Options) -> Converted:
        """A person, or why not."""
        del part, options
        cells = cast("dict[str, object]", raw.cells)
        lines = _lines(cast("Card", cells["card"]))
        reason = _left_out(lines)
        if reason is not None:
            return Excluded(raw.origin, reason)
        key = cast("str", cells["key"])
        record = _person(lines, key)
        if record is None:
            return Excluded(raw.origin, "nameless")
        if cells["again"]:
            return Excluded(raw.origin, "same_person")
        return (Sourced(record, raw.origin, SOURCE, "VCARD", key),)


def key_of(card: Card) -> str:
    """The card's UID in lower case; without one a hash of name and addresses, which no other file changes."""
    lines = _lines(card)
    uid = next((_text(line).strip() for line in lines if line.name == "UID"), "")
    if uid:
        return _PREFIX.sub("", uid).lower()
    told = [_text(line) for name in ("FN", "N", "EMAIL", "TEL") for line in lines if line.name == name]
    return hashed(*told)


def card_text(card: Card) -> str:
    """The kept lines, as a card that can be read again."""
    return "\n".join(("BEGIN:VCARD", *map(text_of, card.lines), "END:VCARD"))


def _unclosed() -> Problem:
    return Problem(
        "unclosed",
        "the card has no end: the file was cut off, or the next card begins inside it",
        remedy="export or download the contacts again",
    )


def _lines(card: Card) -> list[ContentLine]:
    return [line for data in card.lines if (line := content_line(text_of(data))) is not None]


def _left_out(lines: Sequence[ContentLine]) -> str | None:
    """Why a card is no person's; None if it is one's."""
    values = {line.name: line.value.strip().lower() for line in lines}
    kind = values.get("KIND", values.get("X-ADDRESSBOOKSERVER-KIND", "individual"))
    if kind != "individual":
        return _KINDS.get(kind, "not_a_person")
    if values.get("X-ABSHOWAS") == "company":
        return "company"
    return "private" if values.get("CLASS") in {"private", "confidential"} else None


def _person(lines: Sequence[ContentLine], key: str) -> Person | None:
    texts: dict[str, list[str]] = {}
    for line in lines:
        texts.setdefault(line.name, []).append(_text(line))
    firm, unit, *_ = [*_fields(texts.get("ORG", [""])[0]), ""]
    titles = [unescaped(text) for name in ("TITLE", "ROLE") for text in texts.get(name, ())]
    links = (
        profile_link(unescaped(text)) for name in ("URL", "X-SOCIALPROFILE") for text in texts.get(name, ())
    )
    return person(
        SOURCE,
        key,
        names=[
            *map(unescaped, texts.get("FN", ())),
            *map(_spoken, texts.get("N", ())),
            *map(unescaped, texts.get("NICKNAME", ())),
        ],
        emails=map(unescaped, texts.get("EMAIL", ())),
        firm_name=firm,
        title=next((text for text in titles if text.strip()), ""),
        department=unit,
        phones=(_number(unescaped(text)) for text in texts.get("TEL", ())),
        links=(link for link in links if link is not None),
    )


def _text(line: ContentLine) -> str:
    """The value, decoded where it is quoted-printable (2.1 names the encoding without a key)."""
    if "QUOTED-PRINTABLE" not in (line.params.get("ENCODING", "").upper(), *line.params):
        return line.value
    data = quopri.decodestring(line.value.encode("utf-8", "replace"))
    return text_of(data, line.params.get("CHARSET", "utf-8"))


def _fields(text: str) -> list[str]:
    """The fields of N or ORG, which semicolons separate."""
    return [unescaped(field).strip() for field in _SEPARATOR.split(text)]


def _spoken(text: str) -> str:
    """A name as it is spoken, from family; given; more; before; behind."""
    family, given, more, *_ = [*_fields(text), "", "", ""]
    return " ".join(part for part in (given, more, family) if part)


def _number(text: str) -> str:
    return text.strip().removeprefix("tel:")
