"""Which files are mail by their names and heads, and which of them are one mailbox."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from io import BufferedReader, RawIOBase
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from graphmap.ingest.protocol import Source
from graphmap_importers.file_names import base_of, folder_of
from graphmap_importers.mail_splitting import looks_like_mailbox

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_DELIVERED = ("cur", "new")  # what is in a Maildir's tmp has not arrived yet
_MAILDIR_FILE = re.compile(r"\d{6,12}[._,]")
_HEADERS = re.compile(
    rb"^(from|to|date|message-id|received|return-path|delivered-to|subject|x-folder)[ \t]*:",
    re.IGNORECASE | re.MULTILINE,
)
_FIRST_LINE = re.compile(rb"[!-9;-~]{1,100}+[ \t]*+:")
_NUMBER = re.compile(r"\d{1,9}[._]?")  # one mail a file, as MH and the Enron set have it


@dataclass(frozen=True, slots=True)
class FolderSource:
    """The files of one folder as one source, in their order: as long as all of them, and read one behind the other."""

    name: str
    files: tuple[Source, ...]

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(one.size for one in self.files)

    def open(self) -> AbstractContextManager[BinaryIO]:
        """A fresh stream over all files; each is opened when it is reached."""
        return self._stream()

    @contextmanager
    def _stream(self) -> Generator[BinaryIO, None, None]:
        with BufferedReader(_Chain(self.files), 256 * 1024) as stream:
            yield cast("BinaryIO", stream)


class _Chain(RawIOBase):
    def __init__(self, files: Sequence[Source]) -> None:
        self._blocks = _blocks(files)
        self._pending = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        view = memoryview(buffer).cast("B")
        while not self._pending:
            block = next(self._blocks, None)
            if block is None:
                return 0
            self._pending = block
        taken = self._pending[: len(view)]
        view[: len(taken)] = taken
        self._pending = self._pending[len(taken) :]
        return len(taken)

    def close(self) -> None:
        self._blocks.close()
        super().close()


def _blocks(files: Sequence[Source]) -> Generator[bytes, None, None]:
    for file in files:
        with file.open() as stream:
            while block := stream.read(256 * 1024):
                yield block


def mail_label(name: str, head: bytes) -> tuple[float, str] | None:
    """How sure it is that a file is mail, and of what kind; None for other files.

    A mailbox is recognised by its first two lines, a single mail by its name and its headers.
    """
    if looks_like_mailbox(head):
        return 0.95, "mailbox (mbox)"
    kind = _extension(name)
    if b"\0\0" in head[:1024]:
        return None
    if kind == "mbox" and (head.startswith(b"From ") or not head.strip()):
        return 0.8, "mailbox (mbox)"
    text = re.sub(rb"\A\d{1,12}[ \t]*\r?\n", b"", head) if kind == "emlx" else head
    headers = {found.lower() for found in _HEADERS.findall(re.split(rb"\n\r?\n", text, maxsplit=1)[0])}
    begins = _FIRST_LINE.match(text.lstrip(b"\xef\xbb\xbf\r\n")) is not None
    if kind in {"eml", "emlx"}:
        return (0.9 if begins and headers else 0.5), "mail"
    if _is_maildir(name) and begins and headers:
        return 0.9, "mail (Maildir)"
    if _NUMBER.fullmatch(base_of(name)) and begins and len(headers) >= 2:
        return 0.8, "mail"
    return None


def is_single(name: str) -> bool:
    """Whether a file that is mail holds one mail, by its name."""
    return _extension(name) in {"eml", "emlx"} or _is_maildir(name) or bool(_NUMBER.fullmatch(base_of(name)))


def mailboxes(sources: Sequence[Source]) -> Iterator[tuple[str, Source, tuple[Source, ...]]]:
    """Name of the mailbox, what is read as one, and its files: each mbox, and all single mails of a folder together."""
    folders: dict[str, list[Source]] = {}
    for source in sorted(sources, key=lambda one: one.name):
        if is_single(source.name):
            folders.setdefault(_folder(source.name), []).append(source)
        else:
            yield mailbox_name(source.name), source, (source,)
    for folder, files in folders.items():
        # One file alone goes by its own name, so that two of them in one folder stay apart when they are read again.
        whole = files[0] if len(files) == 1 else FolderSource(folder or ".", tuple(files))
        yield mailbox_name(files[0].name), whole, tuple(files)


def mailbox_name(name: str) -> str:
    """What a mailbox is called: the stem of an mbox, the folder of single mails.

    >>> mailbox_name("x/Sales.mbox"), mailbox_name("x/Inbox/mbox"), mailbox_name("y.zip!1.eml"), mailbox_name("m/.Sent/cur/1700000000.a")
    ('Sales', 'Inbox', 'y', 'Sent')
    """
    base = base_of(name)
    if not is_single(name) and base.lower() != "mbox":
        return _stem(base)
    folder = _folder(name)
    if base_of(folder) == "Messages" and folder_of(folder).endswith(".mbox"):
        folder = folder_of(folder)  # how Apple Mail keeps them
    called = (
        base_of(folder) if base_of(folder).strip("./") else base_of(Path(folder or ".").resolve().as_posix())
    )
    return _stem(called).lstrip(".") or "mail"


def _folder(name: str) -> str:
    folder = folder_of(name)
    return folder_of(folder) if _is_maildir(name) else folder


def _is_maildir(name: str) -> bool:
    return base_of(folder_of(name)) in _DELIVERED and _MAILDIR_FILE.match(base_of(name)) is not None


def _extension(name: str) -> str:
    return base_of(name).rpartition(".")[2].lower()


def _stem(base: str) -> str:
    stem, _, kind = base.rpartition(".")
    return stem if stem and kind.lower() in {"mbox", "mbx", "zip"} else base
