"""Where the statement check stands: the statement, a subquery, or an open bracket."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

CLOSES = {"(": ")", "[": "]", "{": "}"}
"""What closes what."""

FrameKind = Literal["statement", "call", "expression-query", "bracket"]


@dataclass(slots=True)
class Frame:
    """One open bracket, or the statement itself."""

    kind: FrameKind
    closes: str
