"""The day of an instant, as records and people name it."""

from __future__ import annotations

import datetime

_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)


def day_of(at: int) -> str:
    """The UTC day of epoch milliseconds, YYYY-MM-DD.

    >>> day_of(86_400_000)
    '1970-01-02'
    """
    return (_EPOCH + datetime.timedelta(milliseconds=at)).date().isoformat()
