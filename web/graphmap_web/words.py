"""The words of the pages: marks, bands, statuses, severities, findings; every page says the same."""

from __future__ import annotations

from typing import Literal

from graphmap.services.values import AccountLine

Mark = Literal["single", "watch", "multi", "unknown", "nodata"]

FIRM = "FIRM"

MARKS: dict[Mark, str] = {
    "single": "Single thread",
    "watch": "Watch",
    "multi": "Several threads",
    "unknown": "Not known yet",
    "nodata": "No data",
}

MARK_MEANING: dict[Mark, str] = {
    "single": "one rep carries the account",
    "watch": "leans on one rep (from 40 %), or no rep is active",
    "multi": "several active reps",
    "unknown": "too little evidence to say",
    "nodata": "no interaction counts",
}

BANDS: dict[str, str] = {
    "firm": "firm (below 20 %)",
    "shared": "shared (20-40 %)",
    "leaning": "leaning (40-60 %)",
    "dependent": "dependent (60-80 %)",
    "captive": "captive (80 % and more)",
}

STATUSES: dict[str, str] = {"ok": "known", "unknown": "not known yet", "no_data": "no data"}

CELLS: dict[str, str] = {
    "single": "single thread",
    "multi": "several threads",
    "none": "nobody active",
    "unknown": "not known yet",
}

SEVERITIES: dict[str, str] = {
    "critical": "Critical",
    "high": "High",
    "watch": "Watch",
    "info": "For information",
    "blocks": "Number withheld",
    "positive": "Good",
}

RULES: dict[str, str] = {
    "single_threaded_us": "One rep carries the account",
    "only_one_active_rep": "Only one active rep",
    "single_threaded_them": "One contact carries the account",
    "cut_person": "One person is the only bridge",
    "dormant": "No two-way contact lately",
    "one_way": "They do not answer",
    "owner_mismatch": "The owner is not the one in touch",
    "rep_left_orphan": "A rep has left and nobody took over",
    "key_contact_left": "A key contact has left",
    "handover_gap": "A handover would start from little",
    "handover_ready": "Ready for a handover",
    "concentrating": "The dependence is rising",
    "sequential_handover": "One rep after the other",
    "not_captured": "Part of the contact is not captured",
}


def label(table: dict[str, str], key: str | None) -> str:
    """The word for a key; an unknown one is shown as it is, because plugins may bring new ones.

    >>> label(BANDS, "shared"), label(BANDS, None), label(RULES, "new_rule")
    ('shared (20-40 %)', '', 'New rule')
    """
    if not key:
        return ""
    return table.get(key) or key.replace("_", " ").capitalize()


def mark(line: AccountLine) -> Mark:
    """How an account is marked, in shape and colour. What is not known is never green."""
    if line.status == "no_data":
        return "nodata"
    if line.status != "ok":
        return "unknown"
    if line.cell.ours == "single":
        return "single"
    if line.cell.ours == "none" or line.band in {"leaning", "dependent", "captive"}:
        return "watch"
    return "multi"


def mark_words(line: AccountLine) -> str:
    """The mark in words; a rep-less account says so instead of "watch"."""
    kind = mark(line)
    if kind == "watch" and line.cell.ours == "none":
        return "No active rep"
    return MARKS[kind]
