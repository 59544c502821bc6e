"""Loading interactions: participants become identities, unknown addresses get a person, a batch is one transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from graphmap.ingest.aside import rejected_row, rejection, too_long
from graphmap.ingest.balance import Balance
from graphmap.ingest.identity_keys import account_key, channel_key, id_key, mail_key
from graphmap.ingest.master import Master
from graphmap.ingest.masterloading import ORDINALS_PER_RUN, row_key
from graphmap.ingest.payload import KIND_OF, interaction_hash, payload, row_hash
from graphmap.ingest.placing import Placing
from graphmap.ingest.policy import left_out
from graphmap.ingest.preflight import PlannedPart
from graphmap.ingest.protocol import Converted, Options, Raw
from graphmap.ingest.suppression import NOBODY, REASON, Suppression
from graphmap.records import Bounce, DisplayName, Excluded, Interaction, Rejected, Sourced
from graphmap.store.interactions import InteractionRow
from graphmap.store.masterrows import StoredRow


@dataclass
class InteractionBatch:
    """Interactions of one transaction, with the identities that may be new and the rows that were set aside."""

    rows: list[InteractionRow] = field(default_factory=list[InteractionRow])
    identities: list[tuple[str, str, str]] = field(default_factory=list[tuple[str, str, str]])
    rejects: list[dict[str, object]] = field(default_factory=list[dict[str, object]])
    beside: list[StoredRow] = field(default_factory=list[StoredRow])
    """Rows of master data that came with the interactions: names of addresses, and addresses that mails came back from."""


BESIDE = ("display_names", "bounces")
"""Kinds of rows of master data that come with interactions."""

OnExcluded = Callable[[Excluded], None]
"""Called with every record that is left out."""


def ignore(_excluded: Excluded) -> None:
    """Nobody wants to know."""


OFTEN = 5
"""So many addresses are kept of a source: in a small mailbox a customer may have taken part in every mail as its owner did."""


@dataclass
class Capture:
    """What one part brought: from whom, from when to when (epoch ms), and how often each address took part."""

    source: str = ""
    first_at: int | None = None
    last_at: int | None = None
    addresses: Counter[str] = field(default_factory=Counter[str])

    def note(self, sourced: Sourced) -> None:
        """One interaction more."""
        record = sourced.record
        assert isinstance(record, Interaction)
        self.source = sourced.source
        self.first_at = record.at if self.first_at is None else min(self.first_at, record.at)
        self.last_at = record.at if self.last_at is None else max(self.last_at, record.at)
        self.addresses.update({who.lower() for _, who in record.participants if "@" in who})

    def as_json(self) -> dict[str, object]:
        """As the run keeps it, with the addresses that took part most: whose mailbox or calendar it is, is among them."""
        order = sorted(self.addresses.items(), key=lambda pair: (-pair[1], pair[0]))
        often = [address for address, _ in order[:OFTEN]]
        return {
            "source": self.source, "first_at": self.first_at, "last_at": self.last_at,
            "mostly": often[0] if often else None, "often": often,
        }  # fmt: skip


@dataclass
class KnownInteractions:
    """What this run has seen: hashes by source and interaction id (the first row of an id counts), identity keys in the store.

    ``beside``: keys of the rows of master data that came with interactions, in the store or in this run. ``whole``: threads that
    a source told as a whole, by the name of its statements: from when on, and in which part last.
    """

    master: Master
    keys: set[str]
    sequence: int = 0
    beside: set[str] = field(default_factory=set[str])
    captured: dict[str, Capture] = field(default_factory=dict[str, Capture])
    on_excluded: OnExcluded = ignore
    seen: dict[bytes, bytes] = field(default_factory=dict[bytes, bytes])
    suppression: Suppression = NOBODY
    whole: dict[str, dict[str, tuple[int, str]]] = field(
        default_factory=dict[str, dict[str, tuple[int, str]]]
    )

    def __post_init__(self) -> None:
        self.placing = Placing(self.master)

    def note_whole(self, part: str, statement: str, sourced: Sourced) -> None:
        """Remembers that a thread is told as a whole; of two windows the narrower counts."""
        since, record = sourced.whole_since, sourced.record
        if since is not None and isinstance(record, Interaction) and record.thread is not None:
            threads = self.whole.setdefault(statement, {})
            before, _ = threads.get(record.thread, (since, ""))
            threads[record.thread] = (max(since, before), part)

    def told(self, statement: str, identifier: str) -> bool:
        """Whether this run saw an interaction in a source."""
        return _mark(statement, identifier) in self.seen

    def identity(self, role: str, who: str) -> tuple[str, str, str]:
        """(key, kind, value) of a participant: a known person id, else an address, else an id nobody knows yet."""
        if role == "channel":
            return channel_key(who), "channel", who
        if role == "account":
            return account_key(who), "account", who
        key = id_key(who)
        if key not in self.master.person_of and "@" in who:
            mail = mail_key(who)
            return mail, "mail", mail.removeprefix("mail:")
        return key, "id", who


def load_part(
    planned: PlannedPart,
    options: Options,
    known: KnownInteractions,
    run: str,
    size: int,
    resume: Balance | None,
    commit: Callable[[InteractionBatch, Balance, int, int], None],
) -> Balance:
    """Reads one part of interactions; after an interruption what was read before is only remembered, not sent again."""
    balance = resume or Balance()
    behind = balance.read
    batch = InteractionBatch()
    offset, line = 0, 0
    for number, raw in enumerate(planned.importer.read(planned.part, options)):
        if isinstance(raw, Raw):
            offset, line = raw.end, raw.origin.line or line
        if number < behind:
            _only_remember(raw, planned, options, known)
            continue
        balance.read += 1
        _one(raw, planned, options, known, run, batch, balance)
        if len(batch.rows) + len(batch.rejects) >= size:
            commit(batch, balance, offset, line)
            batch = InteractionBatch()
    commit(batch, balance, offset, line)
    return balance


def _one(
    raw: Raw | Rejected,
    planned: PlannedPart,
    options: Options,
    known: KnownInteractions,
    run: str,
    batch: InteractionBatch,
    balance: Balance,
) -> None:
    converted = _converted(raw, planned, options, known)
    if isinstance(converted, Excluded):
        balance.excluded[converted.reason] += 1
        known.on_excluded(converted)
        _take_beside(converted.beside, planned.importer.name, known, run, batch)
        return
    if isinstance(converted, Rejected):
        _set_aside(converted, planned, run, batch, balance)
        return
    if not converted:
        balance.excluded["empty"] += 1
        return
    (sourced, *rest) = converted
    record = sourced.record
    assert isinstance(record, Interaction)
    # A row that is set aside is kept as it stood, unless somebody who is suppressed stands in it.
    text = raw.text if isinstance(raw, Raw) and not known.suppression.mentioned(raw.text) else None
    endless = too_long(sourced.origin, "id", (record.id, *(who for _, who in record.participants)), text)
    if endless is not None:
        _set_aside(endless, planned, run, batch, balance)
        return
    who = _unknown_firm(record, known)
    if who is not None:
        remedy = "add the firm, then run graphmap quarantine retry or import the file again"
        message = f'"{who}" is no firm in these files or in the store'
        _set_aside(
            rejection(sourced.origin, "unknown_firm", message, "participants", f"account:{who}", remedy, text),
            planned, run, batch, balance,
        )  # fmt: skip
        return
    known.captured.setdefault(planned.name, Capture()).note(sourced)
    balance.notices.update(notice.code for notice in sourced.notices)
    hash_ = interaction_hash(record)
    statement = statement_name(planned, sourced, hash_)
    known.note_whole(planned.name, statement, sourced)
    mark, content = _mark(statement, record.id), bytes.fromhex(hash_)
    earlier = known.seen.get(mark)
    if earlier is not None:
        balance.duplicate += 1
        if earlier != content:
            balance.notices["conflicting_duplicate"] += 1
        return
    known.seen[mark] = content
    _take_beside(rest, planned.importer.name, known, run, batch)
    batch.rows.append(_row(record, hash_, statement, known, batch, balance))


def _converted(
    raw: Raw | Rejected, planned: PlannedPart, options: Options, known: KnownInteractions
) -> Converted:
    """What the importer makes of a record, unless policy or a suppression leaves it out."""
    converted = raw if isinstance(raw, Rejected) else planned.importer.convert(raw, planned.part, options)
    converted = _unsuppressed(converted, known.suppression)
    if isinstance(converted, tuple) and converted and isinstance(converted[0].record, Interaction):
        own = known.master.all_own_domains
        reason = left_out(converted[0].record, planned.importer.name, own, options.most_recipients)
        if reason is not None:
            return Excluded(converted[0].origin, reason)
    return converted


def _unsuppressed(converted: Converted, suppression: Suppression) -> Converted:
    if not suppression.hashes or isinstance(converted, Excluded):
        return converted
    if isinstance(converted, Rejected):
        named = suppression.mentioned(converted.raw) or suppression.mentioned(converted.value)
        return Excluded(converted.origin, REASON) if named else converted
    left = [(sourced, suppression.without(sourced.record)) for sourced in converted]
    if left and left[0][1] is None:
        return Excluded(converted[0].origin, REASON)
    return tuple(replace(sourced, record=record) for sourced, record in left if record is not None)


def statement_name(planned: PlannedPart, sourced: Sourced, hash_: str) -> str:
    """Who states an interaction: its source; where copies in one source are all true (mails), every copy for itself."""
    return f"{sourced.source}#{hash_[:12]}" if planned.importer.name in COPIES else sourced.source


COPIES = frozenset({"mail"})
"""Importers of which two copies of one interaction in one source say more together: a mail as sent names its bcc."""


def _mark(statement: str, identifier: str) -> bytes:
    return f"{statement}\x1f{identifier}".encode()


def _take_beside(
    records: Sequence[Sourced], importer: str, known: KnownInteractions, run: str, batch: InteractionBatch
) -> None:
    for sourced in records:
        record = sourced.record
        assert isinstance(record, DisplayName | Bounce)
        key = row_key(sourced)
        if known.suppression.without(record) is None:
            continue
        if key not in known.beside and too_long(sourced.origin, "id", (record.address,), None) is None:
            known.beside.add(key)
            content = payload(record)
            batch.beside.append(
                StoredRow(
                    key, sourced.source, sourced.object, KIND_OF[type(record)], run, known.sequence * ORDINALS_PER_RUN,
                    sourced.origin.file, sourced.origin.line, row_hash(content), content,
                    importer,
                )
            )  # fmt: skip


def _unknown_firm(record: Interaction, known: KnownInteractions) -> str | None:
    """A firm whose unnamed contact took part and that nobody knows."""
    named = (who for role, who in record.participants if role == "account")
    return next((who for who in named if known.master.firm_id(who) is None), None)


def _row(
    record: Interaction,
    hash_: str,
    statement: str,
    known: KnownInteractions,
    batch: InteractionBatch,
    balance: Balance,
) -> InteractionRow:
    participants: list[tuple[str, str]] = []
    for role, who in record.participants:
        identity = known.identity(role, who)
        participants.append((role, identity[0]))
        if identity[0] not in known.keys:
            known.keys.add(identity[0])
            batch.identities.append(identity)
        if identity[1] == "id" and identity[0] not in known.master.person_of:
            balance.notices["unknown_who"] += 1
    return InteractionRow(
        record.id, record.kind, record.at, record.direction, record.thread, hash_, tuple(participants),
        statement,
    )  # fmt: skip


def _set_aside(
    rejected: Rejected, planned: PlannedPart, run: str, batch: InteractionBatch, balance: Balance
) -> None:
    balance.quarantined[rejected.code] += 1
    batch.rejects.append(rejected_row(rejected, planned, run))


def _only_remember(
    raw: Raw | Rejected, planned: PlannedPart, options: Options, known: KnownInteractions
) -> None:
    converted = _converted(raw, planned, options, known)
    if isinstance(converted, tuple) and converted and isinstance(converted[0].record, Interaction):
        record = converted[0].record
        if _unknown_firm(record, known) is None:
            known.captured.setdefault(planned.name, Capture()).note(converted[0])
            hash_ = interaction_hash(record)
            statement = statement_name(planned, converted[0], hash_)
            known.note_whole(planned.name, statement, converted[0])
            known.seen.setdefault(_mark(statement, record.id), bytes.fromhex(hash_))
