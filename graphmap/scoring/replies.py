"""How fast mails are answered, in business hours: from us to them and from them to us."""

from __future__ import annotations

import datetime
import itertools
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median

import numpy as np

OPENS, CLOSES = 9, 17
"""Hours of a working day, Monday to Friday, local time."""


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail of a conversation: ``ours`` whether one of ours sent it; ``sender`` an id; ``at`` epoch ms."""

    thread: str
    at: int
    ours: bool
    sender: str


@dataclass(frozen=True, slots=True)
class Replies:
    """Median business hours until an answer and how many answers there were; None without any.

    ``by``: how many of our answers each of ours gave (ids, sorted).
    """

    ours_hours: float | None
    ours_count: int
    theirs_hours: float | None
    theirs_count: int
    by: tuple[tuple[str, int], ...]


def business_hours(start: datetime.datetime, end: datetime.datetime) -> float:
    """Hours between two local times that fall on Monday to Friday from 9 to 17; holidays are not known.

    >>> friday = datetime.datetime(2026, 1, 2, 16)
    >>> business_hours(friday, datetime.datetime(2026, 1, 5, 10)), business_hours(friday, friday)
    (2.0, 0.0)
    """
    if end <= start:
        return 0.0
    if start.date() == end.date():
        return max(_until(end) - _until(start), 0.0)
    between = int(np.busday_count(start.date() + datetime.timedelta(days=1), end.date()))
    return (_day(start) - _until(start)) + (CLOSES - OPENS) * between + _until(end)


def _day(moment: datetime.datetime) -> float:
    return float(CLOSES - OPENS) if moment.weekday() < 5 else 0.0


def _until(moment: datetime.datetime) -> float:
    """Working hours of that day up to the moment."""
    if moment.weekday() >= 5:
        return 0.0
    hours = moment.hour + moment.minute / 60 + moment.second / 3600 + moment.microsecond / 3.6e9
    return min(max(hours - OPENS, 0.0), float(CLOSES - OPENS))


def replies(mails: Iterable[Mail], zone: datetime.tzinfo = datetime.UTC) -> Replies:
    """A mail answers the one before it in its conversation when the other side had sent that."""
    threads: dict[str, list[Mail]] = defaultdict(list)
    for mail in mails:
        threads[mail.thread].append(mail)
    hours: dict[bool, list[float]] = {True: [], False: []}
    by: dict[str, int] = defaultdict(int)
    for line in threads.values():
        line.sort(key=lambda mail: (mail.at, mail.ours, mail.sender))
        for before, after in itertools.pairwise(line):
            if before.ours != after.ours:
                hours[after.ours].append(business_hours(_local(before.at, zone), _local(after.at, zone)))
                if after.ours:
                    by[after.sender] += 1
    return Replies(
        median(hours[True]) if hours[True] else None,
        len(hours[True]),
        median(hours[False]) if hours[False] else None,
        len(hours[False]),
        tuple(sorted(by.items())),
    )


def _local(at: int, zone: datetime.tzinfo) -> datetime.datetime:
    return datetime.datetime.fromtimestamp(at / 1000, zone).replace(tzinfo=None)
