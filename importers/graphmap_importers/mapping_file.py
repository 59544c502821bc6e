"""The mapping file: TOML that says which column of which CSV is what, checked before any data is read."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path

from graphmap.errors import ConfigError
from graphmap.ingest.protocol import OBJECTS
from graphmap.records import Firm
from graphmap_importers.file_names import table_stem
from graphmap_importers.mapping_model import Form, MappingFile
from graphmap_importers.mapping_section import TOP, Section
from graphmap_importers.mapping_tables import OWN_FIRM, parse_form, parse_table

SHIPPED = Path(__file__).parent / "mappings"
"""The mappings that come with graphmap; ``--mapping northwind`` finds ``northwind.toml`` here."""


def load_mapping(given: str) -> MappingFile:
    """The mapping of a file, or the shipped one of that name; a ConfigError says what is wrong with it."""
    path = Path(given)
    if not path.is_file():
        shipped = SHIPPED / f"{given}.toml"
        if path.name != given or not shipped.is_file():
            names = ", ".join(sorted(found.stem for found in SHIPPED.glob("*.toml")))
            remedy = f"name a TOML file, or one of those that come with graphmap: {names}"
            raise ConfigError("there is no such mapping file", file=given, remedy=remedy)
        path = shipped
    stat = path.stat()
    # A file is asked about for every source; it is parsed again only when it changes.
    return _load(path, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=8)
def _load(path: Path, _changed: int, _size: int) -> MappingFile:
    file = path.as_posix()
    try:
        data: dict[str, object] = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        remedy = "see docs/mappings.md for a mapping to start from"
        message = f"this is not a TOML file that can be read ({error})"
        raise ConfigError(message, file=file, remedy=remedy) from error
    top = Section(file, TOP, data)
    source = top.need("source")
    own_firm = _own_firm(top)
    form = parse_form(top, Form())
    sections = [(kind, section) for kind in OBJECTS for section in top.sections(kind)]
    top.finish()
    if not sections:
        top.fail(
            None, "it maps nothing", f"add at least one table: {', '.join(f'[[{kind}]]' for kind in OBJECTS)}"
        )
    objects = _objects(sections)
    own = None if own_firm is None else own_firm.id
    tables = tuple(parse_table(kind, section, form, objects, own) for kind, section in sections)
    return MappingFile(file, source, own_firm, tables)


def _own_firm(top: Section) -> Firm | None:
    section = top.section("own_firm")
    if section is None:
        return None
    domains = tuple(domain.lower() for domain in section.texts("domains", may_be_empty=True))
    firm = Firm(section.need("id"), section.need("name"), "own", domains)
    section.finish()
    return firm


def _objects(sections: list[tuple[str, Section]]) -> dict[str, tuple[str, tuple[str, ...]]]:
    """The objects that can be referred to: name -> kind and key columns; no name stands twice."""
    found: dict[str, tuple[str, tuple[str, ...]]] = {}
    passes: set[tuple[str, str]] = set()
    for kind, section in sections:
        name = section.text("object") or table_stem(section.need("file"))
        if name in found or name == OWN_FIRM:
            remedy = 'give one of them another name: object = "..."'
            section.fail("object", f'the name "{name}" is taken', remedy)
        if (kind, file := section.need("file")) in passes:
            remedy = "make them from different files; a copy under another name will do"
            section.fail("file", f"two tables make {kind} from {file}", remedy)
        passes.add((kind, file))
        found[name] = (kind, section.texts("key"))
    return found
