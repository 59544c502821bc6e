"""From columns as they were pulled to the arrays that scoring works on."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence

import numpy as np

from graphmap.scoring.directory import ALWAYS, FIRM_KIND_CODES, OPEN, Directory

_EPOCH = datetime.date(1970, 1, 1)


def day_number(text: str, empty: int) -> int:
    """Days since 1970-01-01 of ``YYYY-MM-DD``; ``empty`` for an open end.

    >>> day_number("1970-01-02", 0), day_number("", 7)
    (1, 7)
    """
    return (datetime.date.fromisoformat(text) - _EPOCH).days if text else empty


def directory_of(
    firms: Sequence[tuple[str, str]],
    people: Sequence[str],
    affiliations: Sequence[tuple[str, str, str, str, int, int]],
    owners: Mapping[str, str],
) -> Directory:
    """A Directory from plain values.

    ``firms`` (id, kind); ``people`` ids; ``affiliations`` (person, firm, valid_from, valid_to, precedence, seniority or -1);
    ``owners`` firm id -> person id. Every firm gets its unnamed contact ``account:FIRM``.
    """
    firm_ids = tuple(sorted(identifier for identifier, _ in firms))
    kind_of = dict(firms)
    unnamed = {f"account:{firm}": firm for firm in firm_ids}
    person_ids = tuple(sorted({*people, *unnamed}))
    firm_at = {firm: k for k, firm in enumerate(firm_ids)}
    person_at = {person: k for k, person in enumerate(person_ids)}
    rows = [row for row in affiliations if row[0] in person_at and row[1] in firm_at]
    rows += [(contact, firm, "", "", 0, -1) for contact, firm in unnamed.items()]
    return Directory(
        person_ids=person_ids,
        firm_ids=firm_ids,
        firm_kind=np.array([FIRM_KIND_CODES.get(kind_of[firm], 3) for firm in firm_ids], dtype=np.int8),
        owner=np.array([person_at.get(owners.get(firm, ""), -1) for firm in firm_ids], dtype=np.int32),
        unnamed_of=np.array(
            [firm_at[unnamed[p]] if p in unnamed else -1 for p in person_ids], dtype=np.int32
        ),
        person=np.array([person_at[row[0]] for row in rows], dtype=np.int32),
        firm=np.array([firm_at[row[1]] for row in rows], dtype=np.int32),
        start=np.array([day_number(row[2], ALWAYS) for row in rows], dtype=np.int64),
        end=np.array([day_number(row[3], OPEN) for row in rows], dtype=np.int64),
        precedence=np.array([row[4] for row in rows], dtype=np.int64),
        seniority=np.array([row[5] for row in rows], dtype=np.int8),
    )
