"""Is 03/04/2024 in March or in April? Decided over a whole column, and asked where no row tells."""

from __future__ import annotations

import re
from collections.abc import Iterable

AUTO = "auto"
_PARTS = re.compile(r"\s*(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})(?!\d)")
_TIMES = ("", " %H:%M", " %H:%M:%S", " %I:%M %p", " %I:%M:%S %p", ", %H:%M", ", %H:%M:%S", ", %I:%M %p")


class UndecidedError(ValueError):
    """No row tells the order of day and month, or rows contradict each other; ``shown`` are the rows that say so."""

    def __init__(self, message: str, shown: tuple[str, ...]) -> None:
        super().__init__(message)
        self.shown = shown


def date_forms(values: Iterable[str]) -> tuple[str, ...]:
    """The forms in which all of these dates can be read, the likeliest first; ISO dates and empty texts say nothing.

    A number above 12 cannot be a month, so one row decides for all. Dots stand between day and month in this order everywhere.

    >>> date_forms(["03/04/2024", "2024-01-02", "25/12/2023 14:30"])[:3]
    ('iso', '%d/%m/%Y', '%d/%m/%Y %H:%M')
    >>> date_forms(["03/04/2024"])
    Traceback (most recent call last):
    ...
    graphmap_importers.date_order.UndecidedError: no row tells whether the day or the month comes first

    Raises:
        UndecidedError: no row tells, or two rows contradict each other.
    """
    first: dict[bool, str] = {}
    open_: list[str] = []
    shapes: dict[tuple[str, bool], None] = {}
    for text in values:
        found = _PARTS.match(text)
        if found is None:
            continue
        one, mark, other, year = found.groups()
        shapes[mark, len(year) == 4] = None
        if int(one) > 12 >= int(other):
            first.setdefault(True, text)
        elif int(other) > 12 >= int(one):
            first.setdefault(False, text)
        elif one != other and len(open_) < 3 and mark != ".":
            open_.append(text)
    if len(first) == 2:
        raise UndecidedError(
            "the day comes first in one row and the month in another", (first[True], first[False])
        )
    if not first and open_:
        raise UndecidedError("no row tells whether the day or the month comes first", tuple(open_))
    day_first = True in first or not first
    forms = ["iso"]
    for mark, long in shapes:
        order = ("%d", "%m") if day_first else ("%m", "%d")
        date = mark.join((*order, "%Y" if long else "%y"))
        forms += [date + time for time in _TIMES]
    return tuple(forms)
