"""Rows of a relation file by the record they belong to, packed: a million of them take about 90 MB, not 400."""

from __future__ import annotations

from array import array
from bisect import bisect_left


class Relations:
    """Texts by key, in the order in which they were added: first ``add`` all, then ``of`` as often as needed.

    >>> found = Relations()
    >>> found.add("00U1", "attendee 0031")
    >>> found.add("00U2", "attendee 0032")
    >>> found.add("00U1", "declined 0033")
    >>> found.of("00U1"), found.of("00U3"), "00U2" in found
    (['attendee 0031', 'declined 0033'], [], True)
    """

    def __init__(self) -> None:
        self._data = bytearray()
        self._hashes = array("q")
        self._places = array("q")
        self._sorted = True

    def add(self, key: str, text: str) -> None:
        """Remember one more text of a key; neither may contain a tab or a line end."""
        self._hashes.append(hash(key))
        self._places.append(len(self._data))
        self._data += f"{key}\t{text}\n".encode()
        self._sorted = False

    def of(self, key: str) -> list[str]:
        """The texts of a key."""
        if not self._sorted:
            self._sort()
        wanted, found, begin = hash(key), list[str](), f"{key}\t".encode()
        at = bisect_left(self._hashes, wanted)
        while at < len(self._hashes) and self._hashes[at] == wanted:
            place = self._places[at]
            if self._data.startswith(begin, place):  # two keys may have one hash
                found.append(self._data[place + len(begin) : self._data.index(b"\n", place)].decode())
            at += 1
        return found

    def __contains__(self, key: str) -> bool:
        return bool(self.of(key))

    def __len__(self) -> int:
        return len(self._hashes)

    def _sort(self) -> None:
        import numpy as np

        hashes = np.frombuffer(self._hashes, np.int64)
        order = np.argsort(hashes, kind="stable")
        self._hashes = array("q", hashes[order].tobytes())
        self._places = array("q", np.frombuffer(self._places, np.int64)[order].tobytes())
        self._sorted = True
