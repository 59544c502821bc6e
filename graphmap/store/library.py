"""The ready questions: every ``queries/*.cypher`` with what its header says."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Literal

from graphmap.errors import ConfigError, NotFoundError

ParameterType = Literal["text", "int", "number"]

_PARAMETER = re.compile(r"(?P<name>\w+) (?P<type>text|int|number)(?: = (?P<default>\S+))? : (?P<about>.+)")


@dataclass(frozen=True, slots=True)
class NamedQueryParameter:
    """One parameter; ``default`` None means that it must be given."""

    name: str
    type: ParameterType
    default: str | int | float | None
    about: str


@dataclass(frozen=True, slots=True)
class NamedQueryText:
    """One ready question: its name, the question in words, its parameters, its columns and its Cypher text."""

    name: str
    question: str
    parameters: tuple[NamedQueryParameter, ...]
    columns: tuple[str, ...]
    cypher: str

    def values(self, given: Mapping[str, object]) -> dict[str, object]:
        """The parameters of one call: defaults filled in, text turned into numbers where a number is meant.

        Raises:
            ConfigError: one is missing, unknown or no number.
        """
        unknown = sorted(set(given) - {parameter.name for parameter in self.parameters})
        if unknown:
            known = ", ".join(parameter.name for parameter in self.parameters) or "none"
            raise ConfigError(
                f"the query {self.name} has no parameter {unknown[0]}", remedy=f"its parameters: {known}"
            )
        return {
            parameter.name: self._value(parameter, given.get(parameter.name)) for parameter in self.parameters
        }

    def _value(self, parameter: NamedQueryParameter, given: object) -> object:
        if given is None or (given == "" and parameter.type != "text"):
            if parameter.default is None:
                raise ConfigError(
                    f"the query {self.name} needs {parameter.name}",
                    remedy=f"-p {parameter.name}=… : {parameter.about}",
                )
            return parameter.default
        if parameter.type == "text":
            return str(given)
        try:
            return int(str(given)) if parameter.type == "int" else float(str(given))
        except ValueError:
            raise ConfigError(
                f"{parameter.name} = {given!r} is no {'whole ' if parameter.type == 'int' else ''}number",
                remedy=f"-p {parameter.name}=… : {parameter.about}",
            ) from None


@cache
def named_queries() -> tuple[NamedQueryText, ...]:
    """All ready questions, in order of their names."""
    files = list(resources.files("graphmap.store").joinpath("queries").iterdir())
    found = [
        _read(file.name.removesuffix(".cypher"), file.read_text(encoding="utf-8"))
        for file in files
        if file.name.endswith(".cypher")
    ]
    return tuple(sorted(found, key=lambda query: query.name))


def named_query(name: str) -> NamedQueryText:
    """One of them.

    Raises:
        NotFoundError: there is none of that name.
    """
    for query in named_queries():
        if query.name == name:
            return query
    known = ", ".join(query.name for query in named_queries())
    raise NotFoundError(f"there is no query named {name!r}", remedy=f"one of: {known}")


def _read(name: str, text: str) -> NamedQueryText:
    question, columns = "", ()
    parameters: list[NamedQueryParameter] = []
    for line in text.splitlines():
        if not line.startswith("// "):
            break
        field, _, content = line[3:].partition(": ")
        if field == "question":
            question = content
        elif field == "parameter":
            parameters.append(_parameter(name, content))
        elif field == "columns":
            columns = tuple(column.strip() for column in content.split(","))
    body = "\n".join(line for line in text.splitlines() if not line.startswith("// "))
    return NamedQueryText(name, question, tuple(parameters), columns, body.strip())


def _parameter(query: str, content: str) -> NamedQueryParameter:
    found = _PARAMETER.fullmatch(content)
    assert found is not None, (query, content)
    default = found["default"]
    kind: ParameterType = "text" if found["type"] == "text" else "int" if found["type"] == "int" else "number"
    return NamedQueryParameter(
        found["name"], kind, None if default is None else json.loads(default), found["about"]
    )
