"""A mapping proposed for tables that nobody knows: by the names of their columns and by what stands in them. A human decides."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from itertools import islice, takewhile
from typing import cast

from graphmap.errors import InputError
from graphmap.ingest.protocol import Proposed, Raw, Source
from graphmap.ingest.tables import read_header, read_rows
from graphmap_importers.column_words import KINDS, WORDS, folded, meaning
from graphmap_importers.crm_tables import encoding_of
from graphmap_importers.date_order import UndecidedError, date_forms
from graphmap_importers.file_names import is_record_file, is_workbook, table_name, table_stem
from graphmap_importers.record_streams import samples_of
from graphmap_importers.workbooks import sheets_of

SAMPLE = 2_000
"""Rows that are looked at."""
SAMPLE_LINES = 100_000
"""Lines of a file of records that are looked at: its streams follow one after the other."""
MOST = 0.9
"""Of the filled cells of a column this part must be addresses, or keys of another table, to be taken for it."""
ENDINGS = (".csv", ".tsv", ".txt")

_ADDRESS = re.compile(r"[^@\s;,]+@[^@\s;,]+\.[^@\s;,]+")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
_FIRM_FIELDS = ("industry", "territory", "annual_value", "renewal_on")
_PERSON_FIELDS = ("title", "department")


@dataclass
class Seen:
    """A table as sampled: its columns with the texts in them, and what each column is probably about."""

    source: Source
    encoding: str
    separator: str
    cells: Mapping[str, Sequence[str]]
    about: dict[str, str] = field(default_factory=dict[str, str])
    doubtful: set[str] = field(default_factory=set[str])

    @property
    def file(self) -> str:
        """Its name as a mapping writes it."""
        return table_name(self.source.name)

    def filled(self, column: str) -> list[str]:
        """The texts of a column."""
        return [text for text in self.cells[column] if text]


@dataclass(frozen=True, slots=True)
class Known:
    """A proposed table that others may refer to: its kind and name, its key column, and the keys in it."""

    kind: str
    file: str
    name: str
    column: str
    keys: frozenset[str]


def propose(sources: Sequence[Source]) -> Proposed:
    """A mapping for the tables among ``sources``, with remarks on what was taken for what and what a human has to look at."""
    remarks: list[str] = []
    tables: list[Seen] = []
    for source in sources:
        try:
            tables += _tables(source, remarks)
        except InputError as error:
            remarks.append(f"{source.name}: {error}")
    blocks: list[str] = []
    known: list[Known] = []
    taken: set[str] = set()
    for kind in ("firms", "people", "interactions"):
        for seen in tables:
            if seen.file in taken or not _IS[kind](seen, known):
                continue
            taken.add(seen.file)
            made = {kind: _BLOCKS[kind](seen, known)}
            if kind == "firms" and (contacts := _contacts(seen, known)):
                made["people"] = contacts
            blocks += ["\n".join((f"[[{one}]]", *lines)) for one, lines in made.items()]
            remarks += _told(seen, made)
    remarks += [
        f"{seen.source.name}: neither firms, people nor interactions are recognised in {', '.join(seen.cells)}"
        for seen in tables
        if seen.file not in taken
    ]
    top = [
        "# Proposed by graphmap: look at every line before you import with it (docs/mappings.md).",
        'source = "csv"',
    ]
    return Proposed("\n\n".join(("\n".join(top), *blocks)) + "\n" if blocks else "", tuple(remarks))


def _tables(source: Source, remarks: list[str]) -> list[Seen]:
    """The tables of a file: itself, all sheets of a workbook, all streams of records; a sheet that is no table is remarked on."""
    if is_record_file(source.name):
        return [_of_stream(*one) for one in samples_of(source, SAMPLE_LINES, SAMPLE)]
    if not is_workbook(source.name) and not source.name.lower().endswith(ENDINGS):
        raise InputError("a mapping is proposed for CSV files, workbooks and streams of records only")
    if not is_workbook(source.name):
        return [_look(source)]
    found: list[Seen] = []
    for sheet in sheets_of(source):
        try:
            found.append(_look(sheet, ","))
        except InputError as error:
            remarks.append(f"{sheet.name}: {error}")
    return found


def _look(source: Source, delimiter: str | None = None) -> Seen:
    with source.open() as stream:
        encoding = encoding_of(stream.read(1 << 16))
    with source.open() as stream:
        header = read_header(stream, source.name, delimiter=delimiter, encoding=encoding)
    with closing(read_rows(source, header, keep_text=False)) as stream:
        rows = [cast("Sequence[str]", raw.cells) for raw in islice(stream, SAMPLE) if isinstance(raw, Raw)]
    cells = {column: [row[n].strip() for row in rows] for n, column in enumerate(header.columns) if column}
    return _meaning(Seen(source, encoding, header.delimiter, cells))


def _of_stream(source: Source, records: Sequence[Mapping[str, str]]) -> Seen:
    columns = dict.fromkeys(column for record in records for column in record)
    cells = {column: [record.get(column, "").strip() for record in records] for column in columns}
    return _meaning(Seen(source, "utf-8", ",", cells))


def _meaning(seen: Seen) -> Seen:
    found = {column: meaning(column) for column in seen.cells}
    for sure in (True, False):  # a column of the very name comes before one that is only alike
        for column, what in found.items():
            if what is not None and what[1] == sure and what[0] not in seen.about:
                seen.about[what[0]] = column
                if not sure:
                    seen.doubtful.add(column)
    return seen


def _is_interactions(seen: Seen, known: Sequence[Known]) -> bool:
    return "at" in seen.about and len(_sides(seen)) + len(_referring(seen, known)) >= 2


def _is_people(seen: Seen, known: Sequence[Known]) -> bool:
    about = seen.about
    named = ("first" in about and "last" in about) or (
        "email" in about and ("name" in about or "last" in about)
    )
    return named and not _is_interactions(seen, known)


def _is_firms(seen: Seen, known: Sequence[Known]) -> bool:
    about = seen.about
    firms = "company" in about or ("name" in about and "domain" in about)
    return firms and not _is_people(seen, known) and not _is_interactions(seen, known)


_IS = {"firms": _is_firms, "people": _is_people, "interactions": _is_interactions}


def _sides(seen: Seen) -> list[str]:
    """What columns with addresses say of who took part."""
    return [
        one
        for one in ("from", "ours", "to", "email", "cc")
        if one in seen.about and _addresses(seen, seen.about[one])
    ]


def _addresses(seen: Seen, column: str) -> bool:
    filled = seen.filled(column)
    return bool(filled) and sum(bool(_ADDRESS.search(text)) for text in filled) >= MOST * len(filled)


def _key(seen: Seen, *otherwise: str, alone: bool = True) -> tuple[str, ...]:
    """The column that tells the rows apart; where there is none, the columns that do so together.

    ``alone``: whether one of ``otherwise`` may be enough (an address is; a time is not, however few rows share it).
    """
    ids = [column for column in seen.cells if folded(column).endswith(" id")]
    named = [seen.about["id"]] if "id" in seen.about else []
    for column in (*named, *ids, *(seen.about.get(one) for one in otherwise if alone)):
        if column is not None:
            filled = seen.filled(column)
            if len(filled) == len(seen.cells[column]) == len(set(filled)):
                return (column,)
    return tuple(dict.fromkeys(seen.about[one] for one in otherwise if one in seen.about))


def _remember(seen: Seen, kind: str, key: Sequence[str], known: list[Known], name: str | None = None) -> None:
    if len(key) == 1:
        known.append(
            Known(kind, seen.file, name or table_stem(seen.file), key[0], frozenset(seen.filled(key[0])))
        )


def _opening(seen: Seen, key: Sequence[str]) -> list[str]:
    lines = [f"file = {_text(seen.file)}"]
    if seen.encoding != "utf-8":
        lines.append(f"encoding = {_text(seen.encoding)}")
    if seen.separator != ",":
        lines.append(f"delimiter = {_text(seen.separator)}")
    return [*lines, f"key = {_list(key)}"]


def _firms(seen: Seen, known: list[Known]) -> list[str]:
    name = seen.about.get("company") or seen.about["name"]
    key = _key(seen, "company", "name")
    _remember(seen, "firms", key, known)
    lines = [*_opening(seen, key), f"columns.name = {_text(name)}"]
    if "domain" in seen.about:
        lines.append(f"columns.domains = {_text(seen.about['domain'])}")
    return lines + _plain(seen, _FIRM_FIELDS) + _dates(seen, "renewal_on")


def _people(seen: Seen, known: list[Known]) -> list[str]:
    about = seen.about
    both = "first" in about and "last" in about
    name = f"{{{about['first']}}} {{{about['last']}}}" if both else about.get("name") or about["last"]
    key = _key(seen, "email", "name", "last", "first")
    _remember(seen, "people", key, known)
    lines = [*_opening(seen, key), f"columns.name = {_text(name)}"]
    if "email" in about:
        lines.append(f"columns.emails = {_text(about['email'])}")
    firm = next(
        ((c, one) for c, one in _referring(seen, known) if one.kind == "firms" and c not in key), None
    )
    if firm is not None:
        lines.append(f"columns.firm = {{ object = {_text(firm[1].name)}, column = {_text(firm[0])} }}")
    elif "company" in about:
        lines.append(f"columns.firm_name = {_text(about['company'])}")
    return lines + _plain(seen, _PERSON_FIELDS)


def _contacts(seen: Seen, known: list[Known]) -> list[str]:
    """The contact that a row of a firm names."""
    contact, firm = seen.about.get("name"), known[-1] if known else None
    if contact is None or "company" not in seen.about or firm is None or firm.file != seen.file:
        return []
    name = f"{firm.name} contacts"
    _remember(seen, "people", (firm.column,), known, name)
    lines = [*_opening(seen, (firm.column,)), f"object = {_text(name)}", f"columns.name = {_text(contact)}"]
    lines.append(f"columns.firm = {{ object = {_text(firm.name)}, column = {_text(firm.column)} }}")
    if "email" in seen.about:
        lines.append(f"columns.emails = {_text(seen.about['email'])}")
    return lines + _plain(seen, _PERSON_FIELDS)


def _interactions(seen: Seen, known: list[Known]) -> list[str]:
    about, sides, referring = seen.about, _sides(seen), _referring(seen, known)
    key = _key(seen, "at", *sides, alone=False)
    if len(key) != 1 or key[0] == about["at"]:
        key = tuple(dict.fromkeys((*key, *(column for column, _ in referring))))
    lines = [*_opening(seen, key), f"columns.at = {_text(about['at'])}", *_dates(seen, "at"), *_kinds(seen)]
    people = [f"{{ role = {_text(_ROLES[one])}, address = {_text(about[one])} }}" for one in sides]
    firms = {one.column for _, one in referring if one.kind == "firms"}
    for column, one in referring:
        # Who has the key of a firm is its contact, anybody else one of ours: a guess, and told as one.
        role = "account" if one.kind == "firms" else "to" if one.column in firms else "owner"
        ref = f"ref = {_text(one.kind)}, object = {_text(one.name)}, column = {_text(column)}"
        people.append(f"{{ role = {_text(role)}, {ref} }}")
    inner = "".join(f"    {one},\n" for one in people)
    if referring:
        lines.append("# who took part as what is a guess by the names of the columns")
    return [*lines, f"participants = [\n{inner}]"]


_ROLES = {"from": "from", "ours": "owner", "to": "to", "email": "to", "cc": "cc"}
_BLOCKS = {"firms": _firms, "people": _people, "interactions": _interactions}


def _referring(seen: Seen, known: Sequence[Known]) -> list[tuple[str, Known]]:
    """Columns that hold keys of other tables. The names must be alike too: small numbers are keys of everything."""
    return [
        (column, one)
        for one in known
        for column in seen.cells
        if one.file != seen.file
        and _alike(folded(column), folded(one.column))
        and _are_keys(seen.filled(column), one.keys)
    ]


def _alike(one: str, other: str) -> bool:
    """Whether a column is called like a key, but for its last letter and what makes a key's name of it.

    >>> _alike("customer", "customer id"), _alike("kunde", "kundennr"), _alike("ship via", "shipper id")
    (True, True, False)
    """
    stem = re.sub(r" ?(?:id|nr|no|number|nummer|code)$", "", other)
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, stem, strict=False)))
    return same >= max(3, len(stem) - 1)


def _are_keys(texts: Sequence[str], keys: frozenset[str]) -> bool:
    return bool(texts) and sum(text in keys for text in texts) >= MOST * len(texts)


def _kinds(seen: Seen) -> list[str]:
    if "kind" not in seen.about:
        named = meaning(table_stem(seen.file).removesuffix("s"), KINDS)
        return [f"constants.kind = {_text(named[0] if named else 'message')}"]
    column = seen.about["kind"]
    found = {text: known[0] for text in sorted(set(seen.filled(column))) if (known := meaning(text, KINDS))}
    inner = ", ".join(f"{_text(text)} = {_text(kind)}" for text, kind in found.items())
    return [f"columns.kind = {_text(column)}", f"values.kind = {{ {inner} }}"]


def _dates(seen: Seen, what: str) -> list[str]:
    column = seen.about.get(what)
    if column is None or all(_ISO.match(text) for text in seen.filled(column)):
        return []
    try:
        date_forms(seen.filled(column))
    except UndecidedError as error:
        asked = f'# {error}: write for example "%d/%m/%Y" or "%m/%d/%Y" (seen: {", ".join(error.shown)})'
        return [asked, 'date_format = "auto"']
    return ['date_format = "auto"']


def _plain(seen: Seen, fields: Sequence[str]) -> list[str]:
    return [f"columns.{one} = {_text(seen.about[one])}" for one in fields if one in seen.about]


def _told(seen: Seen, made: Mapping[str, Sequence[str]]) -> list[str]:
    read = {name for lines in made.values() for name in _named(tomllib.loads("\n".join(lines)))}
    used = [column for column in seen.cells if column in read]
    left = [column for column in seen.cells if column not in read]
    is_csv = "!" not in seen.file
    how = f", {seen.encoding}, separator {_text(seen.separator)}" if is_csv else ""
    told = [f"{seen.source.name}: taken for {' and '.join(made)}{how}; read: {', '.join(used)}"]
    if left:
        told.append(f"  not read: {', '.join(left)}")
    told += [
        f'  look at "{c}": its name is only alike ({_meant(seen, c)})' for c in used if c in seen.doubtful
    ]
    asked = (line for lines in made.values() for line in lines if line.startswith("#"))
    return told + [f"  {line.removeprefix('# ')}" for line in asked]


def _named(block: Mapping[str, object]) -> Iterator[str]:
    """The columns that a table of a mapping names: as they are, in a template, or as a reference."""
    for name in ("key", "columns", "participants"):
        for text in _texts(block.get(name)):
            yield text
            yield from re.findall(r"\{([^{}]+)\}", text)


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        inner = cast("dict[str, object]", value)
        for name, one in inner.items():
            yield from () if name in ("role", "ref", "object") else _texts(one)
    elif isinstance(value, list):
        for one in cast("list[object]", value):
            yield from _texts(one)


def _meant(seen: Seen, column: str) -> str:
    what = next(what for what, one in seen.about.items() if one == column)
    return f"taken for {WORDS[what][0]}"


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def _list(values: Sequence[str]) -> str:
    return _text(values[0]) if len(values) == 1 else f"[{', '.join(map(_text, values))}]"
