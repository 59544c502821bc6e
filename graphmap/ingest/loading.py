"""The import: preflight, master data, settling, interactions, balance. Interrupted anywhere, the same call goes on."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from graphmap.days import day_of
from graphmap.errors import (
    GraphmapError,
    InputError,
    InterruptedImportError,
    StoreError,
    StoreUnavailableError,
    TooManyRejectsError,
)
from graphmap.ingest import interactionloading, masterloading
from graphmap.ingest.balance import Balance, total
from graphmap.ingest.fingerprint import fingerprint, imported_before
from graphmap.ingest.importresult import FileResult, ImportResult
from graphmap.ingest.interactionloading import (
    BESIDE,
    InteractionBatch,
    KnownInteractions,
    OnExcluded,
    ignore,
)
from graphmap.ingest.masterloading import KnownMaster, MasterBatch
from graphmap.ingest.newcomers import add_identities
from graphmap.ingest.payload import master_row
from graphmap.ingest.people import LISTS
from graphmap.ingest.preflight import PlannedPart, Preflight, check_preflight, check_share, look, plan
from graphmap.ingest.protocol import Options
from graphmap.ingest.rescheduling import rescheduled
from graphmap.ingest.settling import settle
from graphmap.ingest.sources import state_of
from graphmap.ingest.suppression import suppression_of
from graphmap.ingest.uniting import unite
from graphmap.ingest.vanishing import MOST, WHOLE, Loss, Pair, close_vanished
from graphmap.store import interactions, masterrows, runs, state
from graphmap.store.decisions import Decision, decide, decisions
from graphmap.store.graphstore import GraphStore
from graphmap.store.transactions import Writer


@dataclass(frozen=True)
class Wishes:
    """How to import: own domains to declare, records per transaction, the share that may be set aside, read again or not."""

    own_domains: tuple[str, ...] = ()
    batch: int = 5000
    max_rejects: float = 20.0
    again: bool = False
    author: str = "local administrator"
    snapshot: bool = False
    """Whether these files hold all rows that their sources have, so that what is missing has ended there."""
    most_loss: float = MOST
    """Per cent of the known rows of a kind that may be missing before somebody is asked; 100 = never ask."""
    suppression_key: bytes | None = None
    """The key of those who were forgotten; an import refuses where the store has them and this does not fit."""


Progress = Callable[[str, int, int], None]
"""Called with (file, bytes done, bytes in all)."""


OnAside = Callable[[Sequence[Mapping[str, object]]], None]
"""Called with the rows that were set aside, once they are stored."""


def _silent(_file: str, _done: int, _all: int) -> None:
    return None


def preflight(paths: Sequence[str], options: Options, *, named: str | None = None) -> Preflight:
    """What an import would do, without a store and without writing anything."""
    parts, unknown = plan(paths, options, named=named)
    return look(parts, unknown, options)


def run_import(
    store: GraphStore,
    checked: Preflight,
    options: Options,
    wishes: Wishes,
    *,
    now: Callable[[], int],
    progress: Progress = _silent,
    on_aside: OnAside | None = None,
    on_excluded: OnExcluded = ignore,
) -> ImportResult:
    """Imports what the preflight planned.

    ``on_aside`` hears of every row that is set aside; every row is then read again, also after an interruption.
    ``on_excluded`` hears of every record that policy leaves out, after an interruption of those that were still to be read.

    Raises:
        InputError: no domain is known to be ours; nothing is written.
        ConfigError: people were forgotten here and their key is missing or another one; nothing is written.
        TooManyRejectsError: more would be set aside than allowed; nothing is written.
        StoreBusyError: another process writes to this store.
        InterruptedImportError: Ctrl-C, or a file could not be read to its end; what was committed stays and the same
            command goes on from there.
    """
    check_preflight(checked, wishes.max_rejects)
    _check_own(store, checked, wishes)
    # What was declared ours before is ours, whether or not it is said again.
    declared = (d.value for d in decisions(store) if d.kind == "own_domain")
    own = tuple(dict.fromkeys((*options.own_domains, *declared)))
    options = replace(options, own_domains=own)
    with state.writing(store, "graphmap import", now) as renew:
        return _Import(store, checked, options, wishes, now, progress, renew, on_aside, on_excluded).run()


def _check_own(store: GraphStore, checked: Preflight, wishes: Wishes) -> None:
    if checked.own_named or wishes.own_domains:
        return
    if any(d.kind == "own_domain" for d in decisions(store)):
        return
    if store.read("MATCH (f:Firm {kind: 'own'}) RETURN f.id LIMIT 1"):
        return
    guess = f"; {checked.guess} is the most frequent candidate" if checked.guess else ""
    raise InputError(
        f"no firm of kind own and no domain of ours is known, so nobody can be told from a customer{guess}",
        remedy=f"say --own-domain {checked.guess or 'yourfirm.example'}, or list your firm with kind own",
    )


class _Import:
    """One run of an import; the steps share what is known so far."""

    def __init__(
        self,
        store: GraphStore,
        checked: Preflight,
        options: Options,
        wishes: Wishes,
        now: Callable[[], int],
        progress: Progress,
        renew: Callable[[Writer], None],
        on_aside: OnAside | None,
        on_excluded: OnExcluded,
    ) -> None:
        self._store = store
        self._on_excluded = on_excluded
        self._on_aside = on_aside
        self._checked = checked
        self._options = options
        self._wishes = wishes
        self._now = now
        self._progress = progress
        self._renew = renew
        self._results: dict[str, FileResult] = {}
        self._done_bytes = 0
        self._all_bytes = 0
        self._batches = 0
        self._run = ""
        self._sequence = 0
        self._losses: tuple[Loss, ...] = ()
        self._states: dict[str, tuple[int, int] | None] = {}
        self._moved: set[str] = set()
        self._started = 0
        self._suppression = suppression_of(store, wishes.suppression_key)
        self._captured: Mapping[str, interactionloading.Capture] = {}

    def run(self) -> ImportResult:
        started = self._now()
        self._states = {p.name: state_of(p.part.source) for p in self._checked.parts}
        prints = {p.name: fingerprint(p, self._options) for p in self._checked.parts}
        before = imported_before(self._store)
        parts = [p for p in self._checked.parts if self._wishes.again or prints[p.name] not in before]
        for planned in self._checked.parts:
            if planned not in parts:
                known = Balance.from_mapping(before[prints[planned.name]])
                skipped = Balance(read=known.read, unchanged=known.read)
                self._results[planned.name] = FileResult(
                    planned.part.source.name, planned.importer.name, skipped, True
                )
        self._declare_own_domains()
        if not parts:
            settle(self._store)
            return self._result(None, started)
        self._begin(parts, prints, started)
        self._all_bytes = sum(p.part.source.size for p in parts)
        try:
            self._load(parts)
        except KeyboardInterrupt:
            self._mark_if_possible()
            raise InterruptedImportError(
                "interrupted; what was committed is kept",
                remedy="run the same command again and it goes on from there",
            ) from None
        except TooManyRejectsError as stopped:
            self._mark("interrupted")
            return self._result(self._run, started, stopped)
        except InputError as error:
            self._mark_if_possible()
            raise InterruptedImportError(
                f"{error.message}; what was committed is kept",
                file=error.file,
                line=error.line,
                remedy=error.remedy,
            ) from error
        except OSError as error:
            self._mark_if_possible()
            raise InterruptedImportError(
                f"the system refused: {error.strerror or error}; what was committed is kept",
                file=None if error.filename is None else str(error.filename),
                remedy="mend that (a full disk is the usual cause), then run the same command again: it goes on from there",
            ) from error
        except StoreUnavailableError:
            raise  # nothing can be marked there; the same command goes on from the last batch
        except GraphmapError:
            self._mark_if_possible()
            raise
        self._finish(prints)
        return self._result(self._run, started)

    def _declare_own_domains(self) -> None:
        known = {d.value for d in decisions(self._store) if d.kind == "own_domain"}
        for domain in self._wishes.own_domains:
            if domain.lower() not in known:
                decide(
                    self._store,
                    Decision(
                        "own_domain",
                        "",
                        "domain",
                        domain.lower(),
                        self._wishes.author,
                        self._now(),
                        "given at import",
                    ),
                )

    def _begin(self, parts: Sequence[PlannedPart], prints: dict[str, str], started: int) -> None:
        whole = hashlib.sha256("\n".join(sorted(prints[p.name] for p in parts)).encode()).hexdigest()[:24]
        for run in runs.runs(self._store):
            open_state = run.state in ("running", "interrupted")
            if run.kind == "import" and open_state and run.properties.get("fingerprint") == whole:
                self._run, self._sequence = run.id, run.sequence
                self._batches = run.whole("batches") or 0
                break
        else:
            identifier = f"import-{_stamp(started)}-{secrets.token_hex(3)}"
            values = {
                "state": "running", "started_at": started, "author": self._wishes.author, "fingerprint": whole, "batches": 0,
            }  # fmt: skip
            made = runs.start_run(self._store, identifier, "import", values)
            self._run, self._sequence = made.id, made.sequence
        self._started = started
        self._mark("running")

    def _load(self, parts: Sequence[PlannedPart]) -> None:
        master = [p for p in parts if p.part.object != "interactions"]
        rest = [p for p in parts if p.part.object == "interactions"]
        if master:
            self._load_master(master)
        settled = settle(self._store, self._run)
        beside = masterrows.keys_of(self._store, BESIDE, without_run=self._run)
        known = KnownInteractions(
            settled.master,
            settled.keys,
            self._sequence,
            beside,
            on_excluded=self._on_excluded,
            suppression=self._suppression,
        )
        changed, named, compare, new = False, len(beside), False, False
        self._captured = known.captured
        reached = runs.cursors(self._store, self._run)
        for planned in rest:
            cursor = reached.get(planned.name)
            resume = None if cursor is None or self._on_aside else Balance.from_text(cursor.counts)

            def commit(
                batch: InteractionBatch, balance: Balance, offset: int, line: int, p: PlannedPart = planned
            ) -> None:
                self._commit_interactions(p, batch, balance, offset, line, known)

            balance = interactionloading.load_part(
                planned, self._options, known, self._run, self._wishes.batch, resume, commit
            )
            self._part_done(planned, balance)
            changed |= balance.updated > 0
            new |= balance.new > 0
            compare |= balance.new > 0 and planned.importer.name not in LISTS
        changed |= self._call_off(known)
        compare = compare or (new and bool(masterrows.keys_of(self._store, BESIDE[1:])))
        if changed or compare or len(known.beside) > named:
            # Whoever took part only in what was replaced goes; who was seen under a name has it, and is compared;
            # who has written since mails came back from their address is still there.
            settle(self._store, self._run)

    def _call_off(self, known: KnownInteractions) -> bool:
        """What an earlier file told of threads that are told as a whole now, and this import does not; whether any changed."""
        if not any(run.kind == "import" and run.id != self._run for run in runs.runs(self._store)):
            return False
        changed = False
        for statement, part, ids in rescheduled(self._store, known):
            for begin in range(0, len(ids), self._wishes.batch):
                page, batch = ids[begin : begin + self._wishes.batch], f"{self._run}:{self._batches}"

                def work(
                    writer: Writer, page: Sequence[str] = page, batch: str = batch, statement: str = statement
                ) -> tuple[int, int]:
                    off, now = interactions.call_off(
                        writer, page, statement, run=self._run, batch=batch, unite=unite, about=known.placing.about
                    )  # fmt: skip
                    if now:
                        runs.update_run(writer, self._run, {"batches": self._batches + 1})
                    self._renew(writer)
                    return off, now

                off, now = self._store.write_with(work)
                self._batches += 1 if now else 0
                changed |= now > 0
                if off:
                    self._results[part].balance.notices["called_off"] += off
        return changed

    def _load_master(self, parts: Sequence[PlannedPart]) -> None:
        hashes = masterrows.current_hashes(self._store, without_run=self._run)
        known = KnownMaster(hashes, on_excluded=self._on_excluded, suppression=self._suppression)
        for stored in masterrows.current_rows(self._store):
            if stored.run != self._run:
                masterloading.remember_ids(master_row(stored).record, known)
        for planned in parts:

            def commit(
                batch: MasterBatch, balance: Balance, offset: int, line: int, p: PlannedPart = planned
            ) -> None:
                def work(writer: Writer) -> None:
                    masterrows.save_rows(writer, batch.rows)
                    runs.set_aside(writer, batch.rejects)
                    runs.set_cursor(
                        writer, self._run, runs.Cursor(p.name, offset, line, balance.to_text(), done=False)
                    )
                    self._renew(writer)

                self._store.write_with(work)
                self._after_batch(p, balance, offset, batch.rejects)

            balance = masterloading.load_part(
                planned, self._options, known, self._run, self._sequence, self._wishes.batch, commit
            )
            self._part_done(planned, balance)
        self._close_vanished(parts, known)

    def _close_vanished(self, parts: Sequence[PlannedPart], known: KnownMaster) -> None:
        """Ends what a full export no longer holds, where every file of its kind was read and nothing was set aside."""
        loaded = {p.name for p in parts}
        unread = {(p.importer.name, p.part.object) for p in self._checked.parts if p.name not in loaded}
        whole: set[Pair] = set()
        for planned in parts:
            complete = self._wishes.snapshot or planned.importer.name in WHOLE
            clean = self._results[planned.name].balance.quarantined.total() == 0
            if complete and clean and (planned.importer.name, planned.part.object) not in unread:
                whole |= known.kinds.get(planned.name, set())
        if not whole:
            return
        self._losses = close_vanished(
            self._store,
            self._run,
            begin=self._sequence * masterloading.ORDINALS_PER_RUN + known.place + 1,
            seen=known.seen,
            whole=whole,
            most=self._wishes.most_loss,
            today=day_of(self._started),
            page=self._wishes.batch,
        )

    def _commit_interactions(
        self,
        planned: PlannedPart,
        batch: InteractionBatch,
        balance: Balance,
        offset: int,
        line: int,
        known: KnownInteractions,
    ) -> None:
        name = f"{self._run}:{self._batches}"
        about = known.placing.about

        def work(writer: Writer) -> tuple[int, int, int, int]:
            new = changed = reused = 0
            for rows in interactions.rounds(batch.rows):
                found = interactions.difference(writer, rows)
                if found.new or found.changed:
                    add_identities(writer, batch, known.master)
                    reused += interactions.save(
                        writer, rows, found, run=self._run, batch=name, unite=unite, about=about
                    )
                new, changed = new + len(found.new), changed + len(found.changed)
            masterrows.save_rows(writer, batch.beside)
            runs.set_aside(writer, batch.rejects)
            became = (new, changed, len(batch.rows) - new - changed, reused)
            counted = Balance.from_text(balance.to_text())
            counted.settle(*became)
            runs.set_cursor(
                writer, self._run, runs.Cursor(planned.name, offset, line, counted.to_text(), done=False)
            )
            if new or changed:
                runs.update_run(writer, self._run, {"batches": self._batches + 1})
            self._renew(writer)
            return became

        new, changed, unchanged, reused = self._store.write_with(work)
        balance.settle(new, changed, unchanged, reused)
        self._batches += 1 if new or changed else 0
        self._after_batch(planned, balance, offset, batch.rejects)

    def _after_batch(
        self, planned: PlannedPart, balance: Balance, offset: int, rejects: Sequence[Mapping[str, object]]
    ) -> None:
        name = planned.part.source.name
        self._progress(name, self._done_bytes + offset, self._all_bytes)
        if rejects and self._on_aside is not None:
            self._on_aside(rejects)
        # What is committed counts, also where the next line stops it.
        self._results[planned.name] = FileResult(name, planned.importer.name, balance)
        check_share(balance.quarantined.total(), balance.read, self._wishes.max_rejects, name)

    def _part_done(self, planned: PlannedPart, balance: Balance) -> None:
        if not balance.adds_up():
            raise AssertionError(f"the balance of {planned.name} does not add up: {balance.as_json()}")
        if state_of(planned.part.source) != self._states[planned.name]:
            # What was read may be half of the old and half of the new: it counts, but the file is not done.
            balance.notices["changed_while_read"] += 1
            self._moved.add(planned.name)
        self._done_bytes += planned.part.source.size
        self._progress(planned.part.source.name, self._done_bytes, self._all_bytes)
        self._results[planned.name] = FileResult(planned.part.source.name, planned.importer.name, balance)

    def _finish(self, prints: dict[str, str]) -> None:
        files = [
            {
                **self._results[name].as_json(),
                "fingerprint": f"changed {prints[name]}" if name in self._moved else prints[name],
                **self._capture_of(name),
            }
            for name in prints
            if name in self._results and not self._results[name].skipped
        ]
        values = {"state": "finished", "finished_at": self._now(), "files": json.dumps(files)}
        self._store.write_with(lambda w: runs.update_run(w, self._run, values))

    def _capture_of(self, part: str) -> dict[str, object]:
        captured = self._captured.get(part)
        return {} if captured is None else captured.as_json()

    def _mark(self, word: str) -> None:
        self._store.write_with(lambda w: runs.update_run(w, self._run, {"state": word}))

    def _mark_if_possible(self) -> None:
        """After an error the run is marked where the store still answers; the error itself is what the user sees."""
        try:
            self._mark("interrupted")
        except StoreError:
            return

    def _result(
        self, run: str | None, started: int, stopped: TooManyRejectsError | None = None
    ) -> ImportResult:
        results = [self._results[p.name] for p in self._checked.parts if p.name in self._results]
        notices = total(one.balance for one in results).notices
        server = self._store.server
        return ImportResult(
            run, started, self._now(), results, self._checked.unknown, f"{server.product} {server.version}", dict(notices), self._losses, stopped
        )  # fmt: skip


def _stamp(at: int) -> str:
    import datetime

    return datetime.datetime.fromtimestamp(at / 1000, datetime.UTC).strftime("%Y%m%dT%H%M%SZ")
