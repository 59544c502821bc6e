"""Preflight: what each file is, how much would be set aside, and whose domains are ours. It writes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice

from graphmap.errors import ImporterError, InputError, TooManyRejectsError
from graphmap.ingest.discovery import Found, choose, find_importers
from graphmap.ingest.identity_keys import domain_of
from graphmap.ingest.policy import left_out
from graphmap.ingest.protocol import OBJECTS, Importer, Options, Part, Proposed, Proposes, Raw, Source
from graphmap.ingest.sources import find_sources, neighbourhoods, probe
from graphmap.records import Excluded, Firm, Interaction, Person, Rejected, Sourced

SAMPLE = 2_000
MIN_FOR_SHARE = 100


@dataclass(frozen=True)
class PlannedPart:
    """One pass over one file, with the importer that reads it."""

    importer: Importer
    part: Part

    @property
    def name(self) -> str:
        """File and object, unique within an import."""
        return f"{self.part.source.name}|{self.part.object}"


@dataclass
class Looked:
    """What the preflight saw of one part."""

    planned: PlannedPart
    records: int = 0
    complete: bool = False
    rejects: list[Rejected] = field(default_factory=list[Rejected])
    codes: Counter[str] = field(default_factory=Counter[str])
    excluded: Counter[str] = field(default_factory=Counter[str])
    left_out: list[Excluded] = field(default_factory=list[Excluded])
    notices: Counter[str] = field(default_factory=Counter[str])


@dataclass
class Preflight:
    """The whole preflight: parts in the order of loading, files nobody knows, whether a firm of ours is named, a guess."""

    parts: list[PlannedPart]
    looked: list[Looked]
    unknown: list[str]
    own_named: bool
    guess: str | None

    @property
    def records(self) -> int:
        """Records that were looked at."""
        return sum(one.records for one in self.looked)

    @property
    def rejected(self) -> int:
        """How many of them would be set aside by their own content."""
        return sum(one.codes.total() for one in self.looked)


def plan(
    paths: Sequence[str], options: Options, *, named: str | None = None
) -> tuple[list[PlannedPart], list[str]]:
    """Which importer reads which file in which order, and the files that nobody knows.

    Raises:
        InputError: no file was usable, or a file has the wrong columns.
        ImporterError: two importers claim one file.
    """
    found = find_importers()
    claimed, unknown = _claims(paths, options, found, named)
    if not claimed:
        known = "; ".join(f"{one.name}: {one.files}" for one in found if one.importer is not None)
        raise InputError(
            f"none of {len(unknown)} file(s) is known to an importer",
            file=unknown[0].name if unknown else None,
            remedy=f"known are {known}; or describe a CSV with --mapping FILE",
        )
    parts = [
        PlannedPart(importer, part)
        for importer, mine in claimed.values()
        for part in importer.plan(mine, options)
    ]
    parts.sort(key=lambda p: (OBJECTS.index(p.part.object), p.part.source.name))
    if len({p.name for p in parts}) != len(parts):
        raise ImporterError(
            "two passes read the same objects from one file", remedy="merge them in the mapping"
        )
    return parts, [source.name for source in unknown]


def _claims(
    paths: Sequence[str], options: Options, found: Sequence[Found], named: str | None
) -> tuple[dict[str, tuple[Importer, list[Source]]], list[Source]]:
    """The files of each importer, by its name, and those that nobody knows."""
    sources = find_sources(paths)
    around = neighbourhoods(sources)
    claimed: dict[str, tuple[Importer, list[Source]]] = {}
    unknown: list[Source] = []
    for source in sources:
        choice = choose(probe(source, around[source.name]), options, found, named=named)
        if choice is None:
            unknown.append(source)
        else:
            claimed.setdefault(choice.importer.name, (choice.importer, []))[1].append(source)
    return claimed, unknown


def propose(paths: Sequence[str], options: Options) -> Proposed:
    """A mapping for those of the files that no importer knows, as the importers propose it.

    Raises:
        InputError: every file is known to an importer.
    """
    found = find_importers()
    _, strangers = _claims(paths, options, found, None)
    if not strangers:
        raise InputError(
            "every file is known to an importer", remedy="import them as they are, without a mapping"
        )
    made = [one.importer.propose(strangers) for one in found if isinstance(one.importer, Proposes)]
    return Proposed("".join(one.text for one in made), tuple(line for one in made for line in one.remarks))


def look(parts: list[PlannedPart], unknown: list[str], options: Options) -> Preflight:
    """Reads the first 2,000 records of every part (all of firms) without keeping anything."""
    domains: Counter[str] = Counter()
    firm_domains: set[str] = set()
    own_named = False
    looked: list[Looked] = []
    for planned in parts:
        one = Looked(planned)
        limit = None if planned.part.object == "firms" else SAMPLE
        stream = iter(planned.importer.read(planned.part, options))
        for raw in islice(stream, limit):
            one.records += 1
            for record in _outcome(one, planned, raw, options):
                if isinstance(record, Firm):
                    own_named |= record.kind == "own" or bool(set(record.domains) & set(options.own_domains))
                    firm_domains.update(record.domains)
                elif isinstance(record, Person):
                    domains.update(domain_of(a) for a in record.emails)
                elif isinstance(record, Interaction):
                    domains.update(
                        domain_of(who)
                        for role, who in record.participants
                        if role in ("from", "organizer") and "@" in who
                    )
        one.complete = next(stream, None) is None
        if isinstance(stream, Generator):
            stream.close()  # a file that was not read to its end would stay open
        looked.append(one)
    strangers = [d for d, _ in domains.most_common() if d not in firm_domains]
    guess = strangers[0] if strangers else (domains.most_common(1)[0][0] if domains else None)
    return Preflight(parts, looked, unknown, own_named, guess)


def _outcome(one: Looked, planned: PlannedPart, raw: Raw | Rejected, options: Options) -> Iterable[object]:
    converted = raw if isinstance(raw, Rejected) else planned.importer.convert(raw, planned.part, options)
    if isinstance(converted, Rejected):
        one.codes[converted.code] += 1
        if len(one.rejects) < 5:
            one.rejects.append(converted)
        return ()
    if not isinstance(converted, Excluded) and converted and isinstance(converted[0].record, Interaction):
        record, importer = converted[0].record, planned.importer.name
        reason = left_out(record, importer, options.own_domains, options.most_recipients)
        converted = converted if reason is None else Excluded(converted[0].origin, reason)
    if isinstance(converted, Excluded):
        one.excluded[converted.reason] += 1
        one.left_out.append(converted)
        return ()
    for sourced in converted:
        one.notices.update(notice.code for notice in sourced.notices)
    return [_record(sourced) for sourced in converted]


def _record(sourced: Sourced) -> object:
    return sourced.record


def check_preflight(checked: Preflight, percent: float) -> None:
    """Refuses an import of which the preflight says that too much would be set aside, of one file or of all."""
    for one in checked.looked:
        check_share(one.codes.total(), one.records, percent, one.planned.part.source.name)
    check_share(checked.rejected, checked.records, percent)


def check_share(rejected: int, records: int, percent: float, file: str | None = None) -> None:
    """Refuses an import that would set too much aside: from 100 records on, more than ``percent``."""
    if records >= MIN_FOR_SHARE and rejected > records * percent / 100:
        raise TooManyRejectsError(
            f"{rejected} of {records} records cannot be used, more than {percent:g} %",
            file=file,
            remedy="look at graphmap import --dry-run: a wrong column or date form is more likely than so many bad rows; "
            "or allow it with --max-rejects",
        )
