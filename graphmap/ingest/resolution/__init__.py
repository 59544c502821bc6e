"""Who is who across sources: pure rules that join what is sure and propose what is doubtful. No I/O beyond the package's own data."""

from graphmap.ingest.resolution.matching import resolve_people
from graphmap.ingest.resolution.mentions import (
    Cluster,
    HumanDecision,
    Join,
    Mention,
    Proposal,
    Ref,
    Resolution,
    Rule,
)

__all__ = [
    "Cluster", "HumanDecision", "Join", "Mention", "Proposal", "Ref", "Resolution", "Rule", "resolve_people",
]  # fmt: skip
