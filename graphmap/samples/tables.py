"""Rows of the sample company as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence


def as_csv(rows: Sequence[Mapping[str, object]], columns: Sequence[str] = (), end: str = "\n") -> str:
    r"""A table with these columns (by default those of the first row).

    >>> as_csv([{"id": "a", "name": "Acme"}])
    'id,name\na,Acme\n'
    """
    text = io.StringIO()
    writer = csv.DictWriter(text, columns or list(rows[0]), lineterminator=end, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
