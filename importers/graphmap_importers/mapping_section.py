"""A table of a mapping, read key by key; a mistake names the file, the table, the key and what is valid."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable
from typing import NoReturn, TypeVar, cast

from graphmap.errors import ConfigError

T = TypeVar("T")

TOP = "the mapping"
"""How the whole file is called in messages."""


class Section:
    """The keys of one TOML table. ``finish`` refuses the keys that nobody asked for."""

    def __init__(self, file: str, label: str, data: dict[str, object]) -> None:
        self.file, self.label, self._data = file, label, data
        self._asked: dict[str, None] = {}

    def fail(self, key: str | None, message: str, remedy: str) -> NoReturn:
        """Raise the ConfigError for a key of this table."""
        where = self.label if key is None else f"{self.label}, {key}"
        raise ConfigError(f"{where}: {message}", file=self.file, remedy=remedy)

    def text(self, key: str) -> str | None:
        """A text that is not empty; None if the key is absent."""
        value = self._take(key)
        if value is not None and not (isinstance(value, str) and value.strip()):
            self.fail(key, "this must be a text", f'write {key} = "..."')
        return value

    def sign(self, key: str) -> str | None:
        """A text that may be blank (a tab); None if the key is absent."""
        value = self._take(key)
        if value is not None and not (isinstance(value, str) and value):
            self.fail(key, "this must be a text", f'write {key} = "..."')
        return value

    def need(self, key: str) -> str:
        """A text that must be there."""
        return self.text(key) or self.fail(key, "this is missing", f'write {key} = "..."')

    def flag(self, key: str) -> bool:
        """True or false; false if the key is absent."""
        value = self._take(key)
        if value is not None and not isinstance(value, bool):
            self.fail(key, "this must be true or false", f"write {key} = true")
        return bool(value)

    def texts(self, key: str, *, may_be_empty: bool = False) -> tuple[str, ...]:
        """One text or a list of texts; empty if the key is absent."""
        value = self._take(key)
        if value is None:
            return ()
        items = cast("list[object]", value) if isinstance(value, list) else [value]
        if not (items or may_be_empty) or not all(isinstance(item, str) and item for item in items):
            remedy = f'write {key} = "..." or {key} = ["...", "..."]'
            self.fail(key, "this must be a text or a list of texts", remedy)
        return tuple(cast("list[str]", items))

    def section(self, key: str) -> Section | None:
        """A table inside this one; None if the key is absent."""
        value = self._take(key)
        if value is None:
            return None
        if not isinstance(value, dict):
            self.fail(key, "this must be a table", f'write {key} = {{ name = "value" }}')
        return Section(self.file, f"{self.label}, {key}", cast("dict[str, object]", value))

    def sections(self, key: str) -> list[Section]:
        """A list of tables; empty if the key is absent."""
        value = self._take(key)
        items = [] if value is None else cast("list[object]", value) if isinstance(value, list) else [None]
        found: list[Section] = []
        for number, item in enumerate(items, 1):
            if not isinstance(item, dict):
                self.fail(key, "this must be a list of tables", f"write {key} = [{{ ... }}, {{ ... }}]")
            label = f"[[{key}]] {number}" if self.label == TOP else f"{self.label}, {key} {number}"
            found.append(Section(self.file, label, cast("dict[str, object]", item)))
        return found

    def is_table(self, key: str) -> bool:
        """Whether the key holds a table."""
        return isinstance(self._data.get(key), dict)

    def names(self) -> list[str]:
        """All keys of the table, in file order."""
        return list(self._data)

    def one_of(self, key: str, choices: Iterable[str]) -> str | None:
        """A text that is one of the choices; None if the key is absent."""
        value, valid = self.text(key), list(choices)
        if value is not None and value not in valid:
            self.fail(key, f'"{value}" is not valid here', f"use one of: {', '.join(valid)}")
        return value

    def checked(self, key: str, value: str, parse: Callable[[str], T]) -> T:
        """What ``parse`` makes of a text; its ValueError becomes the sentence for this key."""
        try:
            parsed = parse(value)
        except ValueError as error:
            self.fail(key, f'"{value}" cannot be used: {error}', "see docs/mappings.md")
        return parsed

    def finish(self, valid: Iterable[str] = ()) -> None:
        """Refuse keys that were not asked for; ``valid`` adds names to those the message lists."""
        names = list(dict.fromkeys([*self._asked, *valid]))
        for key in self._data:
            if key not in names:
                near = difflib.get_close_matches(key, names, 1)
                hint = f"did you mean {near[0]}? " if near else ""
                self.fail(key, "there is no such key here", f"{hint}valid keys: {', '.join(names)}")

    def _take(self, key: str) -> object:
        self._asked[key] = None
        return self._data.get(key)
