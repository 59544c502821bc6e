"""The whole portfolio scored: our kernels against hand-written DuckDB SQL, pandas, a plain scan, and the naive NetworkX way."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import numpy as np

from benchmarks import measure, synthetic
from benchmarks.measure import Cost
from graphmap.scoring.formula import DAY_MS, Formula

T = synthetic.T
RATE = 1 / (180 * DAY_MS)


def kernels(folder: Path, size: str) -> object:
    """Touch log to frames with the array kernels."""
    from graphmap.scoring.frames import account_frame, tie_frame
    from graphmap.scoring.portfolio import score
    from graphmap.scoring.ties import sum_ties

    log, directory = synthetic.read(folder, size)

    def work() -> object:
        sums = sum_ties(log, Formula(), T)
        scores = score(log, sums, directory, Formula(), T, 0.5)
        accounts, ties = account_frame(scores, directory), tie_frame(log, sums, scores, directory)
        known = accounts[accounts.status != "no_data"]
        return [
            len(accounts),
            len(ties),
            float(known.dependence.sum()),
            float(known.effective_sample.sum()),
            int((accounts.status == "ok").sum()),
        ]

    measure.report(measure.timed(work))
    return None


SQL = """
WITH touch AS (
  SELECT t.account, t.rep, t.contact, t.interaction, c.way, c.alone, c.mine, c.two_way, t."at" AS happened, c.plain,
         (t."at" + 259200000) // 604800000 AS week, c.credit * pow(2, -({T} - t."at") * {RATE}) AS credit
  FROM '{folder}/touches.parquet' t JOIN '{folder}/codes.parquet' c USING (code)
  WHERE t."at" <= {T} AND {T} - t."at" <= 93312000000),
counted AS (
  SELECT * FROM touch WHERE NOT alone
  UNION ALL
  SELECT * FROM touch WHERE alone
  QUALIFY row_number() OVER (PARTITION BY account, contact, week ORDER BY happened, interaction) = 1),
weekly AS (
  SELECT account, rep, contact, week, sum(credit) AS u, sum(credit) FILTER (way = 0) AS i, sum(credit) FILTER (way = 1) AS o,
         sum(credit) FILTER (way = 2) AS x, sum(plain) AS plain, count(*) AS n, min(happened) AS first_at, max(happened) AS last_at,
         max(happened) FILTER (two_way) AS two_way_at
  FROM counted GROUP BY ALL),
tie AS (
  SELECT account, rep, contact, sum(u) AS u, sum(u * u) AS squares, coalesce(sum(i), 0) AS i, coalesce(sum(o), 0) AS o,
         coalesce(sum(x), 0) AS x, sum(plain) AS plain, sum(n) AS n, min(first_at) AS first_at, max(last_at) AS last_at,
         max(two_way_at) AS two_way_at
  FROM weekly GROUP BY ALL),
strength AS (SELECT *, x + 0.2 * (i + o) + 1.6 * least(i, o) AS s FROM tie),
person AS (
  SELECT account, contact, sum(s) AS whole,
         sqrt(sum(s)) * CASE any_value(a.seniority) WHEN 0 THEN 1 WHEN 1 THEN 2 WHEN 2 THEN 3 WHEN 3 THEN 5 ELSE 1.5 END AS raw
  FROM strength JOIN '{folder}/seniority.parquet' a USING (contact) GROUP BY account, contact),
vote AS (SELECT *, raw / sum(raw) OVER (PARTITION BY account) AS omega FROM person),
share AS (
  SELECT account, rep, sum(omega * s / (whole + 0.5)) AS p, sum(plain) AS plain, max(s >= 0.5) AS active
  FROM strength JOIN vote USING (account, contact) WHERE rep <> {FIRM} GROUP BY account, rep),
account AS (
  SELECT account, max(p) AS d, sum(p) AS total, max_by(rep, p) AS top, exp(entropy_) AS effective, count(*) FILTER (active) AS active_reps,
         max_by(plain, p) AS plain_top
  FROM (SELECT *, -sum(p / t * ln(p / t)) OVER (PARTITION BY account) AS entropy_
        FROM (SELECT *, sum(p) OVER (PARTITION BY account) AS t FROM share)) GROUP BY account, entropy_),
sample AS (SELECT account, sum(u) * sum(u) / sum(squares) AS n_eff, sum(plain) AS interactions, max(two_way_at) AS two_way_at FROM strength GROUP BY account),
contacts AS (SELECT account, max(omega) AS contact_dependence, exp(-sum(omega * ln(omega))) AS effective_contacts FROM vote GROUP BY account)
SELECT * FROM account JOIN sample USING (account) JOIN contacts USING (account)
"""


def duckdb_sql(folder: Path, size: str) -> None:
    """The same values by SQL over the same columns; interval and status by SciPy on the result."""
    import duckdb

    from graphmap.scoring.portfolio import interval

    directory = synthetic.read(folder, size)[1]
    text = (
        SQL.replace("{folder}", str(folder))
        .replace("{T}", str(T))
        .replace("{RATE}", repr(RATE))
        .replace("{FIRM}", str(directory.firm_rep))
    )

    def work() -> object:
        with duckdb.connect() as base:
            base.execute("SET threads = 2")
            frame = base.execute(text).df()
        low, high = interval(frame.d.to_numpy(), frame.n_eff.to_numpy())
        ok = (frame.n_eff >= 8 - 1e-9) & ((high - low) <= 0.5 + 1e-9)
        return [len(frame), 0, float(100 * frame.d.sum()), float(frame.n_eff.sum()), int(ok.sum())]

    measure.report(measure.timed(work))


def duckdb_scan(folder: Path, size: str) -> None:
    """A plain scan of the same columns: the floor."""
    import duckdb

    del size

    def work() -> object:
        with duckdb.connect() as base:
            base.execute("SET threads = 2")
            return (
                base.execute(
                    f"SELECT sum(account), sum(rep), sum(contact), sum(\"at\"), sum(code), sum(interaction) FROM '{folder}/touches.parquet'"
                ).fetchone()[0]
                and 0
            )

    measure.report(measure.timed(work))


def pandas_way(folder: Path, size: str) -> None:
    """The usual groupby way in pandas: ties, weekly clusters, votes, shares, n_eff."""
    import pandas as pd

    directory = synthetic.read(folder, size)[1]

    def work() -> object:
        touch = pd.read_parquet(folder / "touches.parquet").merge(
            pd.read_parquet(folder / "codes.parquet"), on="code"
        )
        touch = touch[(touch["at"] <= T) & (T - touch["at"] <= 1080 * DAY_MS)]
        touch["week"] = (touch["at"] + 3 * DAY_MS) // (7 * DAY_MS)
        lone = (
            touch[touch.alone]
            .sort_values(["at", "interaction"])
            .drop_duplicates(["account", "contact", "week"])
        )
        touch = pd.concat([touch[~touch.alone], lone])
        touch["credit"] *= np.exp2((touch["at"] - T) * RATE)
        for code, name in enumerate("iox"):
            touch[name] = touch.credit.where(touch.way == code, 0.0)
        weekly = touch.groupby(["account", "rep", "contact", "week"], sort=False)[
            ["credit", "i", "o", "x"]
        ].sum()
        weekly["squares"] = weekly.credit**2
        tie = weekly.groupby(["account", "rep", "contact"], sort=False).sum().reset_index()
        tie["s"] = tie.x + 0.2 * (tie.i + tie.o) + 1.6 * np.minimum(tie.i, tie.o)
        person = tie.groupby(["account", "contact"], sort=False).s.sum().rename("whole").reset_index()
        level = np.full(len(directory.person_ids), -1)
        level[directory.person] = directory.seniority
        person["raw"] = np.array([1, 2, 3, 5, 1.5])[level[person.contact]] * np.sqrt(person.whole)
        person["omega"] = person.raw / person.groupby("account").raw.transform("sum")
        tie = tie.merge(person, on=["account", "contact"])
        tie["p"] = tie.omega * tie.s / (tie.whole + 0.5)
        share = tie[tie.rep != directory.firm_rep].groupby(["account", "rep"]).p.sum()
        top = share.groupby("account").max()
        sums = tie.groupby("account")[["credit", "squares"]].sum()
        sample = sums.credit**2 / sums.squares
        return [len(sample), len(tie), float(100 * top.sum()), float(sample.sum()), 0]

    measure.report(measure.timed(work))


def naive(folder: Path, size: str) -> None:
    """One NetworkX graph per account built touch by touch, for the first 200 accounts; extrapolated by touches."""
    from graphmap.scoring.account import Tie, account_graph, literal
    from graphmap.scoring.touches import decode

    log, directory = synthetic.read(folder, size)
    table = decode(log.codes, Formula())
    some = np.unique(log.account)[:: max(1, len(np.unique(log.account)) // 200)][:200]

    def work() -> object:
        touches = 0
        for account in some.tolist():
            low, high = log.tie_range(account)
            ties = []
            for tie in range(low, high):
                parts = [0.0, 0.0, 0.0]
                for k in range(int(log.start[tie]), int(log.stop[tie])):
                    touches += 1
                    code = int(log.code[k])
                    if log.at[k] <= T and T - log.at[k] <= 1080 * DAY_MS:
                        parts[int(table.way[code])] += float(table.credit[code]) * 2 ** (
                            (int(log.at[k]) - T) * RATE
                        )
                rep = "FIRM" if log.rep[tie] == directory.firm_rep else str(log.rep[tie])
                ties.append(
                    Tie(
                        rep,
                        str(log.contact[tie]),
                        parts[2] + 0.2 * (parts[0] + parts[1]) + 1.6 * min(parts[:2]),
                    )
                )
            literal(account_graph(ties, Formula()), Formula(), 0.5)
        return [touches, len(log.at)]

    measure.report(measure.timed(work))


WAYS = {
    "kernels": kernels,
    "duckdb_sql": duckdb_sql,
    "duckdb_scan": duckdb_scan,
    "pandas": pandas_way,
    "naive": naive,
}


def run(sizes: tuple[str, ...] = ("1m", "10m")) -> list[str]:
    """All ways at all sizes, each in a process of its own; lines of a table."""
    lines = ["| size | way | CPU / ours | peak MB | same values |", "|---|---|---|---|---|"]
    with tempfile.TemporaryDirectory() as temporary:
        for size in sizes:
            folder = Path(temporary) / size
            measure.subprocess.run(
                [sys.executable, "-m", "benchmarks.synthetic", str(folder), size], check=True
            )
            costs: dict[str, Cost] = {}
            for way in WAYS if size == "1m" else ("kernels", "duckdb_sql", "duckdb_scan"):
                costs[way] = measure.alone("benchmarks.scoring", way, str(folder), size)
            ours = costs["kernels"]
            for way, cost in costs.items():
                ratio = cost.cpu / ours.cpu
                note = ""
                if way == "naive":
                    done, whole = cost.value  # type: ignore[misc]
                    ratio *= whole / done
                    note = f"extrapolated from {100 * done / whole:.1f} % of the touches"
                elif way in ("duckdb_sql", "pandas"):
                    note = (
                        "yes"
                        if np.allclose(cost.value[2:4], ours.value[2:4], rtol=1e-9)
                        else f"NO {cost.value} {ours.value}"
                    )  # type: ignore[index]
                lines.append(f"| {size} | {way} | {ratio:.2f} | {cost.peak_mb:.0f} | {note} |")
            lines.append(f"| {size} | kernels, CPU seconds | {ours.cpu:.2f} | | |")
    return lines


if __name__ == "__main__":
    WAYS[sys.argv[1]](Path(sys.argv[2]), sys.argv[3])
