"""From what a user names (files, folders, zips) to the files an import reads, in one fixed order.

Members of a zip are read as streams and never extracted, so a hostile member name is only ever a name.
"""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import BinaryIO, cast

from graphmap.errors import InputError
from graphmap.ingest.protocol import Probe, Source

HEAD_BYTES = 64 * 1024
"""How much of a file ``identify`` may look at."""

MAX_MEMBERS = 10_000
MAX_ZIP_BYTES = 64 * 1024**3
MAX_ZIP_RATIO = 200
RATIO_FROM_BYTES = 16 * 1024**2
"""Below this unpacked size a high ratio is harmless (an empty table packs well)."""

_BUFFER = 256 * 1024


@dataclass(frozen=True, slots=True)
class FileSource:
    """A plain file."""

    name: str
    path: Path
    size: int

    def open(self) -> AbstractContextManager[BinaryIO]:
        """A fresh stream from the start; an InputError where the system refuses."""
        try:
            return self.path.open("rb", buffering=_BUFFER)
        except OSError as error:
            raise _unreadable(self.name, error) from error


class _Archive:
    """A zip that is opened when its first member is read and then stays open: its directory is read once, not for every member."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._opened: zipfile.ZipFile | None = None

    def get(self) -> zipfile.ZipFile:
        if self._opened is None:
            self._opened = zipfile.ZipFile(self._path)
        return self._opened


@dataclass(frozen=True, slots=True)
class ZipSource:
    """One member of a zip, named ``archive.zip!member``; the members of a zip share the ``archive``."""

    name: str
    path: Path
    member: str
    size: int
    archive: _Archive = field(repr=False, compare=False)

    def open(self) -> AbstractContextManager[BinaryIO]:
        """A fresh stream from the start; an InputError where the archive or the member cannot be opened."""
        return self._stream()

    @contextmanager
    def _stream(self) -> Generator[BinaryIO, None, None]:
        try:
            packed = self.archive.get().open(self.member)
        # RuntimeError: a password is needed; NotImplementedError: an unknown way of packing.
        except (OSError, zipfile.BadZipFile, RuntimeError, NotImplementedError, KeyError) as error:
            raise _unreadable(self.name, error) from error
        # The zip stream reads short lines slowly in Python; a buffer in front of it does it in C.
        with io.BufferedReader(cast("io.RawIOBase", packed), _BUFFER) as stream:
            yield cast("BinaryIO", stream)


def state_of(source: Source) -> tuple[int, int] | None:
    """Size and time of the last change of the file behind a source; None where it is gone or where there is no single file."""
    if not isinstance(source, FileSource | ZipSource):
        return None
    try:
        known = source.path.stat()
    except OSError:
        return None
    return known.st_size, known.st_mtime_ns


def find_sources(paths: Iterable[str | Path]) -> list[Source]:
    """All files below ``paths``, in order of their names; a file that is reached twice is listed once.

    A folder is walked without hidden files (folders of a Maildir are none), a ``.zip`` is opened. An InputError names a path that does not
    exist, cannot be read, or a zip that would unpack to too much.
    """
    found: dict[tuple[Path, str], Source] = {}
    for given in paths:
        for source in _expand(Path(given)):
            member = source.member if isinstance(source, ZipSource) else ""
            key = (source.path.resolve(), member)
            if key not in found or source.name < found[key].name:
                found[key] = source
    return sorted(found.values(), key=lambda source: source.name)


def neighbours(source: Source, sources: Sequence[Source]) -> tuple[str, ...]:
    """The names of all files in the same folder or zip, without their folder, the file itself included."""
    folder, _ = split_name(source.name)
    return tuple(base for where, base in (split_name(other.name) for other in sources) if where == folder)


def neighbourhoods(sources: Sequence[Source]) -> dict[str, tuple[str, ...]]:
    """``neighbours`` of every source by its name, in one pass, for folders with many thousand files."""
    by_folder: dict[str, list[str]] = {}
    for source in sources:
        folder, base = split_name(source.name)
        by_folder.setdefault(folder, []).append(base)
    groups = {folder: tuple(names) for folder, names in by_folder.items()}
    return {source.name: groups[split_name(source.name)[0]] for source in sources}


def split_name(name: str) -> tuple[str, str]:
    """A source's folder (or zip, or folder in a zip) and its base name.

    >>> split_name("data/crm.zip!export/firms.csv")
    ('data/crm.zip!export', 'firms.csv')
    >>> split_name("firms.csv")
    ('', 'firms.csv')
    """
    cut = max(name.rfind("/"), name.rfind("!"))
    return (name[: max(cut, 0)], name[cut + 1 :])


def probe(source: Source, names: Sequence[str] = ()) -> Probe:
    """What ``identify`` may see of a file: its name, its first 64 kB and its neighbours' names."""
    try:
        with source.open() as stream:
            head = stream.read(HEAD_BYTES)
    except (OSError, EOFError, zipfile.BadZipFile, RuntimeError) as error:
        raise _unreadable(source.name, error) from error
    return Probe(source.name, head, tuple(names))


def _expand(path: Path) -> Iterator[FileSource | ZipSource]:
    try:
        exists, folder, regular = path.exists(), path.is_dir(), path.is_file()
    except OSError as error:
        raise _unreadable(path.as_posix(), error) from error
    if not exists:
        raise InputError(
            "there is no such file or folder",
            file=path.as_posix(),
            remedy="check the spelling; a relative path starts at the folder you are in",
        )
    if folder:
        for inner in _walk(path):
            yield from _one(inner)
    elif regular:
        yield from _one(path)
    else:
        remedy = "save the data to a file first"
        raise InputError("this is neither a file nor a folder", file=path.as_posix(), remedy=remedy)


def _walk(folder: Path) -> Iterator[Path]:
    def refuse(error: OSError) -> None:
        raise _unreadable(Path(error.filename or folder).as_posix(), error) from error

    for where, folders, files in os.walk(folder, onerror=refuse):
        folders[:] = [
            name
            for name in folders
            if not _hidden(name) or (_may_be_mail(name) and (Path(where) / name / "cur").is_dir())
        ]
        for name in files:
            path = Path(where) / name
            # is_file: pipes, sockets and dangling links in a folder are nobody's export.
            if not _hidden(name) and path.is_file():
                yield path


def _one(path: Path) -> Iterator[FileSource | ZipSource]:
    try:
        size = path.stat().st_size
    except OSError as error:
        raise _unreadable(path.as_posix(), error) from error
    if path.suffix.lower() == ".zip":
        yield from _members(path, size)
    else:
        yield FileSource(path.as_posix(), path, size)


def _members(path: Path, packed: int) -> list[ZipSource]:
    try:
        with zipfile.ZipFile(path) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir()]
    except OSError as error:
        raise _unreadable(path.as_posix(), error) from error
    except (zipfile.BadZipFile, ValueError) as error:
        raise InputError(
            f"this is not a zip, or a damaged one ({error})",
            file=path.as_posix(),
            remedy="download or pack it again, or unpack it yourself and name the folder",
        ) from error
    _refuse_bomb(path, packed, infos)
    shared = _Archive(path)
    return [
        ZipSource(f"{path.as_posix()}!{info.filename}", path, info.filename, info.file_size, shared)
        for info in infos
        if not _hidden_member(PurePosixPath(info.filename).parts)
    ]


def _refuse_bomb(path: Path, packed: int, infos: Sequence[zipfile.ZipInfo]) -> None:
    total = sum(info.file_size for info in infos)
    reason = None
    if len(infos) > MAX_MEMBERS:
        reason = f"it has {len(infos):,} members, more than {MAX_MEMBERS:,}"
    elif len({info.filename for info in infos}) < len(infos):
        reason = "two of its members have the same name"
    elif total > MAX_ZIP_BYTES:
        reason = f"it would unpack to {total:,} bytes"
    elif total > RATIO_FROM_BYTES and total > MAX_ZIP_RATIO * max(packed, 1):
        # The whole archive, so that members which share their packed bytes are counted too.
        reason = f"it would unpack to {total:,} bytes from {packed:,}"
    if reason is not None:
        raise InputError(
            f"this zip is refused: {reason}",
            file=path.as_posix(),
            remedy="if you trust it, unpack it yourself and name the folder",
        )


def _hidden_member(parts: Sequence[str]) -> bool:
    return any(
        _hidden(part) and not (_may_be_mail(part) and parts[place + 1 : place + 2] in (("cur",), ("new",)))
        for place, part in enumerate(parts)
    )


def _may_be_mail(folder: str) -> bool:
    """The folders inside a Maildir begin with a dot (``.Sent``) and are no less the user's."""
    return folder.startswith(".")


def _hidden(name: str) -> bool:
    # "..": a hostile member name. It is only a name here, so the member stays visible and is told about.
    return (name.startswith(".") and name not in {".", ".."}) or name == "__MACOSX"


def _unreadable(name: str, error: BaseException) -> InputError:
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return InputError(
        f"the file cannot be read ({reason})",
        file=name,
        remedy="check that it exists, that you may read it and that it is complete",
    )
