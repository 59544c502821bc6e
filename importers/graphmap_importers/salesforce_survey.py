"""What the files of a Salesforce export say together: merged ids, who was invited, which tasks are copies of mails."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from graphmap.records import Firm, Rejected
from graphmap_importers.cells import Problem
from graphmap_importers.crm_relations import Relations
from graphmap_importers.crm_rows import Row
from graphmap_importers.crm_tables import Table, plain_rows
from graphmap_importers.mail_addresses import clean_address
from graphmap_importers.salesforce_ids import PEOPLE, full_id, record_of

OWN = "salesforce:own"
"""The firm of all users."""

_ARCHIVED_FROM, _ARCHIVED_TO = 350, 380
"""Days."""

_ROLES = {"fromaddress": "from", "toaddress": "to", "ccaddress": "cc", "bccaddress": "bcc"}


@dataclass
class Survey:
    """What rows need to know of other files.

    ``merged``: the ids that became another; ``aliases``: the other way round; ``no_firms``: accounts that are persons or
    deleted; ``tasks``, ``events``: who else took part, as ``role who``; ``mails``: as ``role who address``;
    ``mail_tasks``: tasks that stand for a mail.
    """

    own_firm: Firm
    merged: dict[str, str] = field(default_factory=dict[str, str])
    aliases: dict[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    no_firms: set[str] = field(default_factory=set[str])
    tasks: Relations = field(default_factory=Relations)
    events: Relations = field(default_factory=Relations)
    mails: Relations = field(default_factory=Relations)
    mail_tasks: Relations = field(default_factory=Relations)
    archived: set[str] = field(default_factory=set[str])
    """Kinds of activities (Task, Event) whose oldest is about a year old."""


def survey(
    tables: Mapping[str, Sequence[Table]], own_domains: Sequence[str]
) -> tuple[Survey, dict[str, list[Rejected]]]:
    """The survey, and the rows that could not be joined by the kind of file they belong to."""
    surveyor = _Surveyor(tables)
    found = Survey(Firm(OWN, surveyor.own_name(), "own", tuple(one.lower() for one in own_domains)))
    surveyor.merged(found)
    surveyor.relations(found)
    for kind in ("Task", "Event"):
        if surveyor.ends_a_year_ago(kind):
            found.archived.add(kind)
    return found, surveyor.problems


class _Surveyor:
    def __init__(self, tables: Mapping[str, Sequence[Table]]) -> None:
        self._tables = tables
        self.problems: dict[str, list[Rejected]] = {}

    def _rows(self, kind: str, *needed: str) -> Iterator[Row]:
        """The rows of a kind of file that has these columns. Those that cannot be read are told where they are converted."""
        tables = [one for one in self._tables.get(kind, ()) if set(needed) <= set(one.columns)]
        for row in plain_rows(tables):
            if isinstance(row, Row):
                yield row

    def _related(self, kind: str, of: str) -> Iterator[Row]:
        """The rows of a file that is only joined: what is wrong with them is told with the first file they belong to."""
        for row in plain_rows(self._tables.get(kind, ())):
            if not isinstance(row, Row):
                self.problems.setdefault(of, []).append(row)
                continue
            try:
                if not row.flag("IsDeleted"):
                    yield row
            except Problem as problem:
                self._tell(of, row, problem)

    def _tell(self, of: str, row: Row, problem: Problem) -> None:
        self.problems.setdefault(of, []).append(problem.rejected(row.origin, None))

    def own_name(self) -> str:
        """The company name that most users have."""
        names = Counter(name for row in self._rows("User", "CompanyName") if (name := row["CompanyName"]))
        return min(names, key=lambda name: (-names[name], name)) if names else "Our firm"

    def merged(self, found: Survey) -> None:
        """Merged accounts and contacts, converted leads, and the accounts that are no firm."""
        for kind in ("Account", "Contact"):
            for row in self._rows(kind, "Id"):
                _merge(found.merged, row, "Id", "MasterRecordId")
        for row in self._rows("Lead", "Id"):
            _merge(found.merged, row, "Id", "MasterRecordId")
            _merge(found.merged, row, "Id", "ConvertedContactId")
        found.merged = {loser: _winner(found.merged, loser) for loser in found.merged}
        others: dict[str, list[str]] = {}
        for loser, winner in found.merged.items():
            others.setdefault(winner, []).append(loser)
        found.aliases = {winner: tuple(sorted(set(losers) - {winner})) for winner, losers in others.items()}
        for row in self._rows("Account", "Id"):
            if _yes(row, "IsDeleted") or _yes(row, "IsPersonAccount"):
                identifier = _id_or_none(row, "Id")
                if identifier is not None and not row["MasterRecordId"]:
                    found.no_firms.add(identifier)

    def relations(self, found: Survey) -> None:
        """Who took part in activities, as far as other files say so."""
        if "Event" in self._tables:
            for row in self._related("EventRelation", "Event"):
                self._add(found.events, "Event", row, "EventId", _invited)
        if "Task" in self._tables:
            for row in self._related("TaskRelation", "Task"):
                self._add(found.tasks, "Task", row, "TaskId", _related_person)
            for row in self._rows("EmailMessage", "ActivityId"):
                task = _id_or_none(row, "ActivityId")
                if task is not None and not _yes(row, "IsDeleted"):
                    found.mail_tasks.add(task, "")
        if "EmailMessage" in self._tables:
            for row in self._related("EmailMessageRelation", "EmailMessage"):
                self._add(found.mails, "EmailMessage", row, "EmailMessageId", _addressed)

    def _add(self, relations: Relations, of: str, row: Row, column: str, tell: Callable[[Row], str]) -> None:
        try:
            key = record_of(full_id(row.need(column), column))
            text = tell(row)
        except Problem as problem:
            self._tell(of, row, problem)
            return
        if text:
            relations.add(key, text)

    def ends_a_year_ago(self, kind: str) -> bool:
        """Whether the oldest activity is about a year older than the newest change, and no archived one is there."""
        oldest, newest = "9", ""
        for row in self._rows(kind, "Id"):
            if _yes(row, "IsArchived"):
                return False
            at = row.first("StartDateTime", "ActivityDateTime", "ActivityDate", "CompletedDateTime")[:10]
            # Days in ISO form are in order as texts; parsing them all would take as long as reading the file.
            if "1900" < at < oldest and _is_day(at):
                oldest = at
            changed = row["LastModifiedDate"][:10]
            if newest < changed < "9" and _is_day(changed):
                newest = changed
        if oldest == "9" or not newest:
            return False
        return (
            _ARCHIVED_FROM <= (date.fromisoformat(newest) - date.fromisoformat(oldest)).days <= _ARCHIVED_TO
        )


def _merge(merged: dict[str, str], row: Row, loser: str, winner: str) -> None:
    if row[winner]:
        one, other = _id_or_none(row, loser), _id_or_none(row, winner)
        if one is not None and other is not None and one != other:
            merged[one] = other


def _winner(merged: Mapping[str, str], identifier: str) -> str:
    """The record that is left at the end of a chain of merges."""
    seen = {identifier}
    while (following := merged.get(identifier)) is not None and following not in seen:
        identifier = following
        seen.add(identifier)
    return identifier


def _id_or_none(row: Row, column: str) -> str | None:
    """The record that a cell names; what is no id is told where the row is converted."""
    try:
        return record_of(full_id(row[column], column)) if row[column] else None
    except Problem:
        return None


def _yes(row: Row, column: str) -> bool:
    return row[column].lower() in {"true", "1"}


def _invited(row: Row) -> str:
    """``role who`` of one who was invited; rooms are nobody, and an account is told by the event itself."""
    who = full_id(row.need("RelationId"), "RelationId")
    if row.flag("IsWhat") or not who.startswith(PEOPLE):
        return ""
    return f"{'declined' if row['Status'].lower() == 'declined' else 'attendee'} {record_of(who)}"


def _related_person(row: Row) -> str:
    who = full_id(row.need("RelationId"), "RelationId")
    return f"to {record_of(who)}" if who.startswith(PEOPLE) and not row.flag("IsWhat") else ""


def _addressed(row: Row) -> str:
    """``role who address``; the address is the one that the person has today, and stands for nobody if it is blank."""
    role = _ROLES.get(row["RelationType"].lower())
    address = clean_address(row["RelationAddress"])
    who = full_id(row["RelationId"], "RelationId") if row["RelationId"] else ""
    named = record_of(who) if who.startswith(PEOPLE) else address
    return f"{role} {named} {address}".rstrip() if role and named else ""


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
