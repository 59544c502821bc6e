"""What an importer is: it recognises files, reads them as a stream and turns each row into records. It never writes.

A plugin is a class with these members, registered in the entry-point group ``graphmap.importers``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import BinaryIO, ClassVar, Protocol, runtime_checkable

from graphmap.records import Excluded, Origin, Rejected, Sourced

API = 1

OBJECTS: tuple[str, ...] = (
    "firms",
    "people",
    "affiliations",
    "opportunities",
    "opportunity_roles",
    "account_team",
    "display_names",
    "bounces",
    "interactions",
)
"""The kinds of parts in the order in which they are loaded."""


class Source(Protocol):
    """One file to read: a plain file or a member of a zip; always opened as a stream of bytes."""

    @property
    def name(self) -> str:
        """The path as given by the user (relative, with ``archive.zip!member`` for a zip)."""
        ...

    @property
    def size(self) -> int:
        """Size in bytes, uncompressed."""
        ...

    def open(self) -> AbstractContextManager[BinaryIO]:
        """A fresh stream from the start."""
        ...


@dataclass(frozen=True, slots=True)
class Probe:
    """What ``identify`` may look at: the file's name, its first 64 kB, and its neighbours in the same folder or zip."""

    name: str
    head: bytes
    neighbours: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """An importer's claim on a file: how sure (0-1), as what, and which files of the neighbourhood belong to it."""

    confidence: float
    label: str


@dataclass(frozen=True, slots=True)
class Options:
    """What the user said about an import."""

    tz: str | None = None
    mapping: str | None = None
    own_domains: tuple[str, ...] = ()
    most_recipients: int = 50
    """More addresses than this that are not ours, and a mail or meeting of a mailbox, calendar or CRM is mass mail."""


@dataclass(frozen=True, slots=True)
class Spelling:
    """How a table is written and what of it is read, for the preflight.

    ``dates``: the form in which all of its dates are read, where the file does not say so itself; ``zone``: of times without offset.
    """

    encoding: str
    separator: str
    not_read: tuple[str, ...] = ()
    dates: str | None = None
    zone: str | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One pass over one source: which kind of objects it yields, in which order, and the importer's own plan for it."""

    source: Source
    object: str
    plan: object = None
    header: str | None = None
    """The header line that fits ``Raw.text``, so that rows set aside can be given back as a file."""
    spelling: Spelling | None = None
    """How it is written, where it is a table."""


@dataclass(frozen=True, slots=True)
class Raw:
    """One source record as read: where it stands, where the next one begins (bytes), its cells, and its text for the quarantine."""

    origin: Origin
    end: int
    cells: Sequence[str] | dict[str, object]
    text: str | None = None


Converted = tuple[Sourced, ...] | Rejected | Excluded
"""What one source record becomes: records (usually one), or the reason why not. Of a part of interactions the first record is
the Interaction, and DisplayName records of its participants may follow; what is Excluded may state a Bounce beside."""


@dataclass(frozen=True, slots=True)
class Proposed:
    """A mapping for files that nobody knows, as text to save and edit (empty where nothing is recognised), and remarks on it."""

    text: str
    remarks: tuple[str, ...]


@runtime_checkable
class Proposes(Protocol):
    """What an importer has that can propose how unknown files may be read."""

    def propose(self, sources: Sequence[Source]) -> Proposed:
        """A proposal for these files; reads their beginnings only."""
        ...


@runtime_checkable
class Importer(Protocol):
    """Turns one kind of export into records."""

    api: ClassVar[int]
    name: ClassVar[str]
    version: ClassVar[int]
    files: ClassVar[str]

    def identify(self, probe: Probe, options: Options) -> Match | None:
        """Whether this file is ours; reads only the probe and never raises on foreign files."""
        ...

    def plan(self, sources: Sequence[Source], options: Options) -> list[Part]:
        """The passes over the files, in any order; an InputError where the set cannot be used (wrong or missing columns)."""
        ...

    def read(self, part: Part, options: Options) -> Iterator[Raw | Rejected]:
        """The records of a part as a stream, in constant memory; a bad record is yielded as Rejected and the next goes on."""
        ...

    def convert(self, raw: Raw, part: Part, options: Options) -> Converted:
        """Pure: no I/O, no clock, no store."""
        ...
