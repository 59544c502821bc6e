"""Telling a file that was imported before: by its content and by how it is read."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from graphmap.ingest.preflight import PlannedPart
from graphmap.ingest.protocol import Options, Source
from graphmap.store import runs
from graphmap.store.graphstore import GraphStore

_HASH_WHOLE = 64 * 1024 * 1024
_HASH_ENDS = 4 * 1024 * 1024


def fingerprint(planned: PlannedPart, options: Options) -> str:
    """Content of the file (whole up to 64 MB, else size and both ends), importer with version, options, object."""
    digest = hashlib.sha256()
    _hash_source(planned.part.source, digest)
    importer = planned.importer
    mapping = _mapping_text(options)
    text = (
        importer.name,
        str(importer.version),
        planned.part.object,
        planned.part.source.name.rsplit("/", 1)[-1],
    )
    digest.update("\x1f".join((*text, options.tz or "", mapping)).encode())
    return digest.hexdigest()[:32]


def _mapping_text(options: Options) -> str:
    if options.mapping is None:
        return ""
    file = Path(options.mapping)
    return hashlib.sha256(file.read_bytes()).hexdigest() if file.is_file() else options.mapping


def _hash_source(source: Source, digest: hashlib._Hash) -> None:  # pyright: ignore[reportPrivateUsage]
    digest.update(str(source.size).encode())
    with source.open() as stream:
        if source.size <= _HASH_WHOLE:
            while block := stream.read(1 << 20):
                digest.update(block)
        else:
            digest.update(stream.read(_HASH_ENDS))
            skip = source.size - 2 * _HASH_ENDS
            if stream.seekable():
                stream.seek(skip, 1)
            else:
                while skip > 0 and (block := stream.read(min(skip, 1 << 20))):
                    skip -= len(block)
            digest.update(stream.read())


def imported_before(store: GraphStore) -> dict[str, dict[str, object]]:
    """Balance by fingerprint of every file that a finished, not undone import read."""
    known: dict[str, dict[str, object]] = {}
    for run in runs.runs(store):
        if run.kind == "import" and run.state == "finished":
            for entry in json.loads(str(run.properties.get("files", "[]"))):
                known.setdefault(str(entry["fingerprint"]), entry)
    return known
