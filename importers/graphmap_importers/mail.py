"""Mail: mailboxes (mbox, also of Google Takeout), Maildir, and single .eml files in folders and zips."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, cast

from graphmap.errors import InputError
from graphmap.ingest.protocol import API, Converted, Match, Options, Part, Probe, Raw, Source
from graphmap.ingest.tables import quick_origin
from graphmap.records import Origin, Rejected
from graphmap_importers.mail_dates import LEEWAY
from graphmap_importers.mail_headers import Cells, read_headers
from graphmap_importers.mail_labels import folder_reason
from graphmap_importers.mail_message import Box, convert_mail
from graphmap_importers.mail_places import is_single, mail_label, mailboxes
from graphmap_importers.mail_splitting import Head, read_head, split_mailbox
from graphmap_importers.times import zone


@dataclass(frozen=True, slots=True)
class Plan:
    """One mailbox: its files in the order of reading, and what all of its mails share."""

    files: tuple[Source, ...]
    box: Box


class MailImporter:
    """Reads who wrote to whom and when; subjects, bodies and attachments are passed over."""

    api: ClassVar[int] = API
    name: ClassVar[str] = "mail"
    version: ClassVar[int] = 1
    files: ClassVar[str] = "mbox, .eml, .emlx, Maildir"

    def identify(self, probe: Probe, options: Options) -> Match | None:
        """A mailbox by its first lines; a single mail by its name or its folder, and its headers."""
        del options
        found = mail_label(probe.name, probe.head)
        return None if found is None else Match(*found)

    def plan(self, sources: Sequence[Source], options: Options) -> list[Part]:
        """One part per mbox, and one per folder of single mails."""
        latest = time.time_ns() // 1_000_000 + LEEWAY
        where = zone(options.tz)
        return [
            Part(
                whole,
                "interactions",
                Plan(
                    files,
                    Box(f"mail:{name}", folder_reason(name) or None, latest, where, options.tz is not None),
                ),
            )
            for name, whole, files in mailboxes(sources)
        ]

    def read(self, part: Part, options: Options) -> Iterator[Raw | Rejected]:
        """The header blocks of a mailbox; a single file that cannot be opened costs that file."""
        del options
        files = cast("Plan", part.plan).files
        before = 0
        for file in files:
            if len(files) == 1:
                yield from _read(file, before)
            else:
                yield from _read_one_of_many(file, before)
            before += file.size

    def convert(self, raw: Raw, part: Part, options: Options) -> Converted:
        """The interaction and the names in it, or why not."""
        del options
        return convert_mail(cast("Cells", raw.cells), raw.origin, cast("Plan", part.plan).box)


def _read(file: Source, before: int) -> Iterator[Raw]:
    with file.open() as stream:
        head = read_head(stream, file.name) if is_single(file.name) else None
    if head is not None:
        yield _raw(head, file, before + file.size)
        return
    with file.open() as stream:
        for head in split_mailbox(stream, file.name):
            yield _raw(head, file, before + head.end)


def _read_one_of_many(file: Source, before: int) -> Iterator[Raw | Rejected]:
    try:
        yield from _read(file, before)
    except (InputError, OSError) as error:
        reason = error.message if isinstance(error, InputError) else error.strerror or "it cannot be read"
        remedy = "check that it still exists and is complete, then import the folder again"
        yield Rejected(Origin(file.name), "unreadable_file", reason, remedy=remedy)


def _raw(head: Head, file: Source, end: int) -> Raw:
    cells = read_headers(head.data, cut=head.cut)
    # The text for the quarantine is made where a mail is set aside: of a thousand mails none is.
    return Raw(quick_origin(file.name, head.line), end, cast("dict[str, object]", cells))
