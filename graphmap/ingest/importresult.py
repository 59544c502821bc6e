"""What an import did: file by file, and in all."""

from __future__ import annotations

from dataclasses import dataclass, field

from graphmap.errors import TooManyRejectsError
from graphmap.ingest.balance import Balance, total
from graphmap.ingest.vanishing import Loss


@dataclass(frozen=True)
class FileResult:
    """The balance of one file; ``skipped`` where it was imported before."""

    path: str
    importer: str
    balance: Balance
    skipped: bool = False

    def as_json(self) -> dict[str, object]:
        """As the contract prints it."""
        entry: dict[str, object] = {"path": self.path, "importer": self.importer, **self.balance.as_json()}
        return {**entry, "skipped": True} if self.skipped else entry


@dataclass
class ImportResult:
    """What an import did."""

    run: str | None
    started_at: int
    finished_at: int
    files: list[FileResult]
    unknown_files: list[str]
    store: str
    notices: dict[str, int] = field(default_factory=dict[str, int])
    losses: tuple[Loss, ...] = ()
    """What full exports no longer hold: closed, or asked about."""
    stopped: TooManyRejectsError | None = None
    """Why it stopped before the end; what was committed until then is counted."""

    @property
    def totals(self) -> Balance:
        """The sum over all files."""
        return total(one.balance for one in self.files)
