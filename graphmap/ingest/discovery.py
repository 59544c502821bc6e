"""Which importers are installed, and which of them knows a file.

Built-in importers and plugins are found in the same way: as classes in the entry-point group
``graphmap.importers``.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass, field
from importlib.metadata import EntryPoint, entry_points

from graphmap.errors import GraphmapError, ImporterError
from graphmap.ingest.protocol import API, Importer, Match, Options, Probe

GROUP = "graphmap.importers"

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Found:
    """One registered importer, or the reason why it cannot be used (``error``; ``importer`` is None then)."""

    name: str
    version: int | None
    files: str | None
    distribution: str | None
    error: str | None = None
    importer: Importer | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Choice:
    """The importer that claims a file, and its claim."""

    importer: Importer
    match: Match


def find_importers() -> list[Found]:
    """All registered importers by name, loaded one by one; a broken one is listed with its reason."""
    found: list[Found] = []
    taken: dict[str, str | None] = {}
    for entry in sorted(entry_points(group=GROUP), key=lambda entry: (entry.name, entry.value)):
        one = _load(entry)
        if one.importer is not None:
            if one.name in taken:
                owner = taken[one.name] or "another plugin"
                one = _broken(entry, f'the name "{one.name}" is taken by {owner}')
            else:
                taken[one.name] = one.distribution
        found.append(one)
    return found


def choose(
    probe: Probe, options: Options, found: Iterable[Found] | None = None, *, named: str | None = None
) -> Choice | None:
    """The importer that claims a file with the highest confidence; None if nobody knows it.

    ``named`` (``--as``) asks only that importer. An ImporterError says so where two are equally sure, or
    where the named one does not exist or is broken.
    """
    known = list(find_importers() if found is None else found)
    asked = known if named is None else [_named(named, known)]
    claims: list[Choice] = []
    for one in asked:
        match = None if one.importer is None else _ask(one.importer, probe, options)
        if one.importer is not None and match is not None:
            claims.append(Choice(one.importer, match))
    if not claims:
        return None
    best = max(claim.match.confidence for claim in claims)
    winners = [claim for claim in claims if claim.match.confidence == best]
    if len(winners) > 1:
        names = sorted(claim.importer.name for claim in winners)
        raise ImporterError(
            f"{' and '.join(names)} both claim this file",
            file=probe.name,
            remedy=f"say which one reads it, for example --as {names[0]}",
        )
    return winners[0]


def _ask(importer: Importer, probe: Probe, options: Options) -> Match | None:
    try:
        return importer.identify(probe, options)
    except GraphmapError:  # e.g. a mapping file with a mistake: the user must hear of it
        raise
    except Exception as error:  # a plugin's mistake must not stop the others
        _log.warning("importer %s failed to look at a file: %s", importer.name, type(error).__name__)
        return None


def _named(name: str, found: Iterable[Found]) -> Found:
    known = list(found)
    hits = [one for one in known if one.name == name]
    usable = [one for one in hits if one.importer is not None]
    if usable:
        return usable[0]
    if hits:
        reason = f'the importer "{name}" cannot be used: {hits[0].error}'
        raise ImporterError(reason, remedy="see graphmap importers")
    names = ", ".join(one.name for one in known if one.importer is not None) or "none"
    raise ImporterError(f'there is no importer "{name}"', remedy=f"use one of: {names}")


def _load(entry: EntryPoint) -> Found:
    try:
        made: object = entry.load()()
    except (Exception, SystemExit) as error:  # whatever a plugin does while it is imported
        return _broken(entry, f"{type(error).__name__}: {error}".rstrip(": "))
    api: object = getattr(made, "api", None)
    if api != API:
        reason = f"it speaks version {api} of the importer protocol, this graphmap version {API}"
        return _broken(entry, reason)
    if not isinstance(made, Importer):
        return _broken(entry, f"{entry.value} lacks {', '.join(_missing(made))}")
    return Found(made.name, made.version, made.files, _distribution(entry), importer=made)


def _missing(made: object) -> list[str]:
    members = ("name", "version", "files", "identify", "plan", "read", "convert")
    return [member for member in members if not hasattr(made, member)]


def _broken(entry: EntryPoint, reason: str) -> Found:
    return Found(entry.name, None, None, _distribution(entry), error=reason)


def _distribution(entry: EntryPoint) -> str | None:
    return None if entry.dist is None else entry.dist.name
