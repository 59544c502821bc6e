"""What every command shares: settings from its flags, the store, the clock, and how answers are printed."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import click

from graphmap.config import Settings, Value

if TYPE_CHECKING:
    from graphmap.errors import GraphmapError
    from graphmap.services.service import GraphServices
    from graphmap.store.graphstore import GraphStore

F = TypeVar("F", bound=Callable[..., Any])


def now() -> int:
    """The wall clock in epoch milliseconds: the only place that reads it."""
    return time.time_ns() // 1_000_000


def common(command: F) -> F:
    """Adds the options every command has: ``--home``, ``--store``, ``--config``."""
    for option in (
        click.option(
            "--config", "config_file", type=click.Path(path_type=Path), help="A graphmap.toml to read."
        ),
        click.option("--store", "store_uri", help="embedded: or bolt://, neo4j://, neo4j+s://host:port."),
        click.option("--home", type=click.Path(path_type=Path), help="The folder that holds everything."),
    ):
        command = option(command)
    return command


def as_json(command: F) -> F:
    """Adds ``--json``."""
    return click.option("--json", "json_", is_flag=True, help="Machine-readable answer on stdout.")(command)


def settings_of(
    home: Path | None, store_uri: str | None, config_file: Path | None, **flags: Value
) -> Settings:
    """The settings of this call."""
    given: dict[str, Value] = {name.replace("__", "."): value for name, value in flags.items()}
    given["home"] = None if home is None else str(home)
    given["store"] = store_uri
    return Settings.load(flags=given, config_file=config_file)


@contextmanager
def opened(settings: Settings) -> Generator[GraphStore]:
    """The store that the settings name."""
    from graphmap.store.opening import open_store

    with open_store(settings) as store:
        yield store


@contextmanager
def answering(settings: Settings) -> Generator[GraphServices]:
    """The services over the store that the settings name."""
    from graphmap.services.service import GraphServices

    with opened(settings) as store:
        yield GraphServices(store, settings)


def print_json(value: object) -> None:
    """One JSON value on stdout."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False))


def print_table(title: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """A table on stdout; numbers to the right. Names are printed as text, never as markup."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(title=Text(title), title_justify="left", header_style="bold")
    for k, column in enumerate(columns):
        numeric = bool(rows) and all(isinstance(row[k], int | float) or row[k] in (None, "") for row in rows)
        table.add_column(column, justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text("" if cell is None else _shown(cell)) for cell in row))
    console = Console()
    # Into a file or pipe there is no width to fit into.
    (console if console.is_terminal else Console(width=200)).print(table)


class Bounded(Protocol):
    """A number with the interval it lies in."""

    @property
    def lower(self) -> float | None: ...  # noqa: D102

    @property
    def upper(self) -> float | None: ...  # noqa: D102


def between(one: Bounded) -> str:
    """The interval as a cell of a table; empty where there is no number."""
    return "" if one.lower is None or one.upper is None else f"{one.lower:.0f} - {one.upper:.0f}"


def _shown(cell: object) -> str:
    return f"{cell:.1f}" if isinstance(cell, float) else str(cell)


def say(text: str) -> None:
    """Talk goes to stderr."""
    click.echo(text, err=True)


def tell(error: GraphmapError, *, json_: bool) -> None:
    """An error on stderr, as text or as the one object of the contract."""
    say(json.dumps({"error": error.as_json()}, ensure_ascii=False) if json_ else f"graphmap: {error}")
