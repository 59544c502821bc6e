"""Instants as pages and JSON show them."""

from __future__ import annotations

import datetime


def iso(milliseconds: object) -> str | None:
    """Epoch milliseconds as ISO 8601 UTC; None stays None.

    >>> iso(0), iso(1_500)
    ('1970-01-01T00:00:00+00:00', '1970-01-01T00:00:01.500000+00:00')
    """
    if milliseconds is None:
        return None
    value = int(str(milliseconds))
    moment = datetime.datetime.fromtimestamp(value // 1000, datetime.UTC)
    return moment.replace(microsecond=value % 1000 * 1000).isoformat()


def milliseconds(text: str) -> int:
    """ISO 8601 with offset (UTC without one) as epoch milliseconds.

    >>> milliseconds("2026-01-01T00:00:00+00:00")
    1767225600000
    """
    moment = datetime.datetime.fromisoformat(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=datetime.UTC)
    delta = moment - datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
    return delta // datetime.timedelta(milliseconds=1)
