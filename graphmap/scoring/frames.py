"""What leaves scoring: pandas frames with documented columns and units."""

from __future__ import annotations

import numpy as np
import pandas as pd

from graphmap.scoring.directory import Directory
from graphmap.scoring.portfolio import STATUS, Scores
from graphmap.scoring.ties import NEVER, TieLog, TieSums

ACCOUNT_COLUMNS: dict[str, str] = {
    "status": "ok, unknown or no_data",
    "band": "firm, shared, leaning, dependent, captive; missing for no_data",
    "dependence": "D, 0-100",
    "lower": "5 % point, 0-100",
    "upper": "95 % point, 0-100",
    "effective_sample": "n_eff, clusters",
    "top_rep": "person id",
    "other_reps": "0-100",
    "firm": "0-100",
    "plain_share": "0-100",
    "effective_reps": "number >= 1",
    "contact_dependence": "0-100",
    "effective_contacts": "number >= 1",
    "active_reps": "count",
    "active_contacts": "count",
    "connectivity": "people",
    "bus_factor": "reps; missing = even all of them leave more than half",
    "orphaned_share": "0-100",
    "lost_contact_share": "0-100",
    "interactions": "count",
    "last_two_way_at": "time, UTC",
}
TIE_COLUMNS: dict[str, str] = {
    "account": "account id (categorical)",
    "rep": "person id or FIRM (categorical)",
    "contact": "person id or account:ID for the unnamed contact (categorical)",
    "strength": "s, fresh two-way mails",
    "inbound": "I",
    "outbound": "O",
    "other": "X",
    "active": "s >= tau, named rep, neither has left",
    "left": "the rep or the contact has left",
    "first_at": "time, UTC",
    "last_at": "time, UTC",
    "interactions": "count",
}


def account_frame(scores: Scores, directory: Directory) -> pd.DataFrame:
    """One row per account, indexed by account id; columns and units in ACCOUNT_COLUMNS."""
    ids = directory.firm_ids
    people = np.array([*directory.person_ids, None], dtype=object)
    return pd.DataFrame(
        {
            "status": [STATUS[code] for code in scores.status.tolist()],
            "band": list(scores.band),
            "dependence": 100 * scores.dependence,
            "lower": 100 * scores.lower,
            "upper": 100 * scores.upper,
            "effective_sample": scores.effective_sample,
            "top_rep": people[scores.top_rep],
            "other_reps": 100 * scores.other_reps,
            "firm": 100 * scores.firm,
            "plain_share": 100 * scores.plain_share,
            "effective_reps": scores.effective_reps,
            "contact_dependence": 100 * scores.contact_dependence,
            "effective_contacts": scores.effective_contacts,
            "active_reps": scores.active_reps,
            "active_contacts": scores.active_contacts,
            "connectivity": scores.connectivity,
            "bus_factor": pd.arrays.IntegerArray(scores.bus_factor.copy(), scores.bus_factor < 0),
            "orphaned_share": 100 * scores.orphaned_share,
            "lost_contact_share": 100 * scores.lost_contact_share,
            "interactions": scores.interactions,
            "last_two_way_at": _times(scores.last_two_way_at),
        },
        index=pd.Index([ids[k] for k in scores.accounts.tolist()], name="account"),
    )


def tie_frame(log: TieLog, sums: TieSums, scores: Scores, directory: Directory) -> pd.DataFrame:
    """One row per tie with an interaction that counts; columns and units in TIE_COLUMNS."""
    rows = np.flatnonzero(sums.interactions > 0)
    people = pd.Index([*directory.person_ids, "FIRM"])
    firms = pd.Index(directory.firm_ids)
    ties = scores.ties
    return pd.DataFrame(
        {
            "account": pd.Categorical.from_codes(log.account[rows], firms),
            "rep": pd.Categorical.from_codes(log.rep[rows], people),
            "contact": pd.Categorical.from_codes(log.contact[rows], people),
            "strength": ties.strength[rows],
            "inbound": sums.inbound[rows],
            "outbound": sums.outbound[rows],
            "other": sums.other[rows],
            "active": ties.active[rows],
            "left": (ties.rep_left | ties.contact_left)[rows],
            "first_at": _times(sums.first_at[rows]),
            "last_at": _times(sums.last_at[rows]),
            "interactions": sums.interactions[rows],
        }
    )


def _times(milliseconds: np.ndarray) -> pd.DatetimeIndex:
    values = np.where(milliseconds == NEVER, np.iinfo(np.int64).min, milliseconds).astype("datetime64[ms]")
    return pd.DatetimeIndex(values).tz_localize("UTC")
