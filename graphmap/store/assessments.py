"""Assessments of a scoring run: written with their ties as parallel lists, read back as plain values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from graphmap.store.graphstore import GraphStore
from graphmap.store.transactions import Writer

PAGE = 500
_LINE: dict[str, str | float | int] = {
    "id": "", "run": "", "firm": "", "status": "", "band": "", "dependence": -1.0, "lower": -1.0, "upper": -1.0,
    "effective_sample": -1.0, "top_rep": "", "split_top_rep": -1.0, "split_other_reps": -1.0, "split_firm": -1.0,
    "plain_share": -1.0, "effective_reps": -1.0, "contact_dependence": -1.0, "effective_contacts": -1.0, "active_reps": -1,
    "active_contacts": -1, "connectivity": -1, "bus_factor": -1, "orphaned_share": -1.0, "lost_contact_share": -1.0,
    "cell_ours": "", "cell_theirs": "", "last_two_way_at": -(2**60), "interactions": -1, "reps_known": -1, "reps_connected": -1,
}  # fmt: skip
"""What a line holds, with the value that stands for absent on the wire: collect() would skip a null and shift the list."""
_FINDINGS = ("finding_rules", "finding_severities", "finding_sentences")


def save_assessments(store: GraphStore, rows: Sequence[Mapping[str, object]]) -> None:
    """Writes assessments (500 a transaction) with their findings; the same run again changes nothing."""
    for begin in range(0, len(rows), PAGE):
        page = [_present(row) for row in rows[begin : begin + PAGE]]
        findings = [finding for row in page for finding in _findings(row)]

        def work(
            writer: Writer, page: list[dict[str, object]] = page, findings: list[list[object]] = findings
        ) -> None:
            writer.run(
                "UNWIND $rows AS r MATCH (f:Firm {id: r.firm}) MERGE (a:Assessment {id: r.id}) SET a += r MERGE (a)-[:OF]->(f)",
                rows=page,
            )
            if findings:
                writer.run(
                    "UNWIND $rows AS r MATCH (a:Assessment {id: r[0]}) MERGE (g:Finding {id: r[1]}) "
                    "SET g.run = r[2], g.firm = r[3], g.rule = r[4], g.severity = r[5], g.sentence = r[6] MERGE (g)<-[:RAISED]-(a)",
                    rows=findings,
                )

        store.write_with(work)


def _present(row: Mapping[str, object]) -> dict[str, object]:
    return {key: value for key, value in row.items() if value is not None}


def _findings(row: Mapping[str, object]) -> list[list[object]]:
    rules, severities, sentences = (row[f"finding_{n}"] for n in ("rules", "severities", "sentences"))
    assert isinstance(rules, list)
    assert isinstance(severities, list)
    assert isinstance(sentences, list)
    return [
        [row["id"], f"{row['id']}|{rule}", row["run"], row["firm"], rule, severity, sentence]
        for rule, severity, sentence in zip(rules, severities, sentences, strict=True)
    ]


def assessment_lines(store: GraphStore, run: str) -> list[dict[str, object]]:
    """All assessments of a run without their lists of ties, by account id; read as one row of parallel lists."""
    known = ", ".join(f"collect(coalesce(a.{name}, $absent.{name}))" for name in _LINE)
    lists = ", ".join(f"collect(coalesce(a.{name}, []))" for name in _FINDINGS)
    rows = store.read(f"MATCH (a:Assessment {{run: $run}}) RETURN {known}, {lists}", run=run, absent=_LINE)
    names = (*_LINE, *_FINDINGS)
    absent: list[object] = [*_LINE.values(), None, None, None]
    lines: list[dict[str, object]] = []
    for columns in rows:
        for values in zip(*(column for column in columns if isinstance(column, list)), strict=True):
            pairs = zip(names, values, absent, strict=True)
            lines.append(
                {name: value for name, value, nothing in pairs if nothing is None or value != nothing}
            )
    return sorted(lines, key=lambda line: str(line["firm"]))


def assessment(store: GraphStore, run: str, firm: str) -> dict[str, object] | None:
    """One assessment with everything on it."""
    rows = store.read("MATCH (a:Assessment {id: $id}) RETURN properties(a)", id=f"{run}|{firm}")
    return _plain(rows[0][0]) if rows else None


def firms_with_finding(store: GraphStore, run: str, rule: str) -> list[str]:
    """Accounts for which a rule fired in a run, by id."""
    rows = store.read(
        "MATCH (f:Finding {run: $run}) WHERE f.rule = $rule RETURN f.firm ORDER BY f.firm", run=run, rule=rule
    )
    return [str(row[0]) for row in rows]


def shares_of(store: GraphStore, person: str) -> list[tuple[str, str, float]]:
    """(run, account, share 0-100 or vote 0-100) of every stored number that names a person."""
    rows = store.read(
        "MATCH (a:Assessment) WHERE $person IN coalesce(a.rep_ids, []) OR $person IN coalesce(a.contact_ids, []) "
        "RETURN a.run, a.firm, coalesce(a.rep_ids, []), coalesce(a.rep_shares, []), coalesce(a.contact_ids, []), "
        "coalesce(a.contact_weights, []) ORDER BY a.run, a.firm",
        person=person,
    )
    found: list[tuple[str, str, float]] = []
    for run, firm, reps, shares, contacts, votes in cast(
        "list[tuple[str, str, list[str], list[float], list[str], list[float]]]", rows
    ):
        known = dict(zip([*reps, *contacts], [*shares, *votes], strict=True))
        found.append((run, firm, known[person]))
    return found


def rep_lists(store: GraphStore, run: str) -> list[tuple[str, list[str], list[float], list[float]]]:
    """Per account of a run: reps, their shares 0-100 and strengths."""
    rows = store.read(
        "MATCH (a:Assessment {run: $run}) RETURN a.firm, coalesce(a.rep_ids, []), coalesce(a.rep_shares, []), "
        "coalesce(a.rep_strengths, []) ORDER BY a.firm",
        run=run,
    )
    return [(str(f), i, s, t) for f, i, s, t in rows]  # type: ignore[misc]


def _plain(value: object) -> dict[str, object]:
    assert isinstance(value, dict)
    return {str(k): v for k, v in value.items()}


def save_ties(store: GraphStore, rows: Sequence[Sequence[object]], run: str) -> None:
    """TIE edges for analysts, rewritten where they changed: rows (rep or own firm, contact or account, account, s, I, O, X, last).

    ``rows[k][8]`` and ``[9]`` are the labels of the ends. Edges of ties that are no more are deleted.
    """
    known: dict[tuple[str, str, str], float] = {}
    ends_of: dict[tuple[str, str, str], tuple[str, str]] = {}
    for start in ("Person", "Firm"):
        for end in ("Person", "Firm"):
            text = f"MATCH (a:{start})-[t:TIE]->(b:{end}) RETURN collect(a.id), collect(b.id), collect(t.account), collect(t.strength)"
            for columns in store.read(text):
                for a, b, account, strength in zip(*(c for c in columns if isinstance(c, list)), strict=True):
                    known[a, b, account] = float(strength)
                    ends_of[a, b, account] = (start, end)
    wanted = {(str(r[0]), str(r[1]), str(r[2])): r for r in rows}
    changed = [r for key, r in wanted.items() if key not in known or known[key] != r[3]]
    for ends in (("Person", "Person"), ("Firm", "Person"), ("Person", "Firm"), ("Firm", "Firm")):
        these = [list(r[:8]) for r in changed if (r[8], r[9]) == ends]
        for begin in range(0, len(these), 10_000):
            page = these[begin : begin + 10_000]
            store.write_with(
                lambda w, page=page, ends=ends: w.run(
                    f"UNWIND $rows AS r MATCH (a:{ends[0]} {{id: r[0]}}) MATCH (b:{ends[1]} {{id: r[1]}}) "
                    "MERGE (b)<-[t:TIE {account: r[2]}]-(a) SET t.strength = r[3], t.inbound = r[4], t.outbound = r[5], "
                    "t.other = r[6], t.last_at = r[7], t.run = $run",
                    rows=page,
                    run=run,
                )
            )
    for ends in set(ends_of.values()):
        gone = [list(key) for key in known if key not in wanted and ends_of[key] == ends]
        for begin in range(0, len(gone), 10_000):
            page = gone[begin : begin + 10_000]
            store.write_with(
                lambda w, page=page, ends=ends: w.run(
                    f"UNWIND $rows AS r MATCH (b:{ends[1]} {{id: r[1]}})<-[t:TIE {{account: r[2]}}]-(a:{ends[0]} {{id: r[0]}}) DELETE t",
                    rows=page,
                )
            )
