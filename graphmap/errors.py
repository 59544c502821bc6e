"""One tree of errors: what went wrong, where, and the remedy; a docstring here is the sentence a user reads first."""

from __future__ import annotations

from typing import ClassVar


class GraphmapError(Exception):
    """Something a user can mend: the message says what and where, the remedy says how.

    Every error carries a stable ``code`` for machines and the exit code of the command line (2 = wrong use or wrong
    input, nothing written; 1 = finished but something was set aside or refused; 4 = interrupted and resumable).

    >>> error = InputError("the file is not a CSV", file="a.csv", line=3, remedy="export it again as CSV")
    >>> str(error)
    'a.csv:3: the file is not a CSV. Remedy: export it again as CSV'
    >>> error.as_json()["code"]
    'input'
    """

    code: ClassVar[str] = "error"
    exit_code: ClassVar[int] = 2

    def __init__(
        self,
        message: str,
        *,
        remedy: str | None = None,
        file: str | None = None,
        line: int | None = None,
        column: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy
        self.file = file
        self.line = line
        self.column = column

    def __str__(self) -> str:
        where = ""
        if self.file is not None:
            where = self.file + (f":{self.line}" if self.line is not None else "") + ": "
        if self.column is not None:
            where += f'column "{self.column}": '
        tail = "" if self.remedy is None else f". Remedy: {self.remedy}"
        return where + self.message.rstrip(".") + tail

    def as_json(self) -> dict[str, object]:
        """The error as the one object that ``--json`` prints on stderr."""
        return {
            "code": self.code,
            "message": self.message,
            "file": self.file,
            "line": self.line,
            "column": self.column,
            "remedy": self.remedy,
        }


class ConfigError(GraphmapError):
    """A setting has a value that cannot be used."""

    code = "config"


class InputError(GraphmapError):
    """A file cannot be used as it is."""

    code = "input"


class ImporterError(GraphmapError):
    """No importer knows a file, several do, or a plugin is broken."""

    code = "importer"


class NotFoundError(GraphmapError):
    """The named account, person, run or query does not exist, or several have that name."""

    code = "not-found"


class NotScoredError(GraphmapError):
    """There is no scoring run yet."""

    code = "not-scored"


class StoreError(GraphmapError):
    """The graph store refused or could not answer."""

    code = "store"


class StoreUnavailableError(StoreError):
    """The graph store does not answer, or went away in the middle of the work."""

    code = "store-unavailable"
    exit_code = 4


class StoreLoginError(StoreError):
    """The graph store refused the user or the password."""

    code = "store-login"


class ForeignDataError(StoreError):
    """The database already holds other data; graphmap never touches it."""

    code = "foreign-data"


class StoreBusyError(StoreError):
    """Another process is writing to this store."""

    code = "store-busy"


class EmbeddedUnavailableError(StoreError):
    """The embedded graph server cannot run on this platform or did not start."""

    code = "embedded"


class QueryRefusedError(GraphmapError):
    """The analyst door let a statement not through: it is read-only and only listed clauses and procedures may be used."""

    code = "query-refused"
    exit_code = 1


class QueryFailedError(GraphmapError):
    """The store could not run a statement, or a limit of time or rows stopped it."""

    code = "query-failed"
    exit_code = 1


class TooManyRejectsError(GraphmapError):
    """Too many records would be set aside: that is a wrong mapping rather than a few bad rows."""

    code = "too-many-rejects"


class InterruptedImportError(GraphmapError):
    """The import was interrupted; what was committed is kept and the same command goes on from there."""

    code = "interrupted"
    exit_code = 4
