"""Tables and the graph as files."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from graphmap.config import Settings
from graphmap.scoring.formula import DAY_MS, Formula
from graphmap.scoring.touches import KINDS, decode
from graphmap.services import touchdata
from graphmap.services.plain import account_json, flat
from graphmap.services.scoringrun import newest_not_in_future
from graphmap.services.service import GraphServices
from graphmap.services.times import iso
from graphmap.services.values import LOCAL_ADMIN
from graphmap.store import interactions, masterrows, people
from graphmap.store.graphstore import GraphStore

RECORD_COLUMNS: dict[str, tuple[str, ...]] = {
    "firms": (
        "id", "name", "kind", "domains", "parent", "owner", "segment", "industry", "territory", "team", "annual_value",
        "currency", "renewal_on", "aliases",
    ),
    "people": (
        "id", "name", "emails", "firm", "title", "department", "seniority", "team", "manager", "opt_out", "valid_from",
        "valid_to", "firm_name", "aliases", "links", "phones",
    ),
    "affiliations": ("person", "firm", "title", "department", "seniority", "valid_from", "valid_to"),
    "interactions": ("id", "at", "kind", "direction", "participants", "thread"),
    "opportunities": (
        "id", "name", "firm", "owner", "amount", "currency", "stage", "status", "opened_on", "close_on",
    ),
    "opportunity_roles": ("opportunity", "person", "role"),
    "account_team": ("firm", "person", "role"),
    "display_names": ("address", "name"),
    "bounces": ("address", "day"),
}  # fmt: skip
WAYS = ("in", "out", "mutual")


def export_touches(store: GraphStore, settings: Settings, out: Path, format_: str, *, now: int) -> int:
    """All touches with their credit at "data to": account, rep, contact, interaction, at, kind, direction, credit."""
    data = touchdata.load(store, settings)
    formula = Formula.from_settings(settings)
    as_of = newest_not_in_future(data, now)
    log, directory = data.log, data.directory
    table = decode(log.codes, formula)
    ids = np.array([*directory.person_ids, "FIRM"], dtype=object)
    rows = log.touches(0, len(log.account))
    sizes = log.stop - log.start
    counts = (rows.at <= as_of) & (as_of - rows.at <= formula.look_back_days * DAY_MS)
    # What does not count gets the age 0, so that a date far in the future does not overflow.
    age = np.where(counts, as_of - rows.at, 0) / (formula.half_life_days * DAY_MS)
    credit = np.where(counts, table.credit[rows.code] * np.exp2(-age), 0.0)
    columns = {
        "account": pa.array(
            np.array(directory.firm_ids, dtype=object)[np.repeat(log.account, sizes)], pa.string()
        ),
        "rep": pa.array(ids[np.repeat(log.rep, sizes)], pa.string()),
        "contact": pa.array(ids[np.repeat(log.contact, sizes)], pa.string()),
        "interaction": data.pulled.ids().take(pa.array(rows.interaction)),
        "at": pa.array(rows.at, pa.timestamp("ms", "UTC")),
        "kind": pa.array(np.array(KINDS, dtype=object)[table.kind[rows.code]], pa.string()),
        "direction": pa.array(np.array(WAYS, dtype=object)[table.way[rows.code]], pa.string()),
        "credit": pa.array(credit),
    }
    _write_table(pa.table(columns), out, format_)
    return len(rows.at)


def _write_table(table: pa.Table, out: Path, format_: str) -> None:
    out.parent.mkdir(parents=True, exist_ok=True)
    if format_ == "parquet":
        pq.write_table(table, out)
    elif format_ == "csv":
        pyarrow.csv.write_csv(table, out)
    else:
        with out.open("w", encoding="utf-8") as file:
            for row in table.to_pylist():
                file.write(json.dumps(row, ensure_ascii=False, default=lambda at: at.isoformat()) + "\n")


def export_graph(store: GraphStore, out: Path, format_: str) -> int:
    """Firms, people and their ties as a NetworkX graph: GraphML, or node-link JSON."""
    graph = whole_graph(store)
    out.parent.mkdir(parents=True, exist_ok=True)
    if format_ == "graphml":
        nx.write_graphml(graph, out)
    else:
        out.write_text(
            json.dumps(nx.node_link_data(graph, edges="edges"), ensure_ascii=False, indent=1),
            encoding="utf-8",
        )
    return graph.number_of_nodes()


def whole_graph(store: GraphStore) -> nx.MultiDiGraph:
    """Nodes Firm and Person with their properties, edges WORKS_AT, OWNS, REPORTS_TO and TIE with theirs."""
    graph = nx.MultiDiGraph()
    for label in ("Firm", "Person"):
        for (properties,) in store.read(f"MATCH (n:{label}) RETURN properties(n) ORDER BY n.id"):
            assert isinstance(properties, dict)
            graph.add_node(
                properties["id"], label=label, **_simple(properties, without=("id", "hash", "placed"))
            )
    for kind in ("WORKS_AT", "OWNS", "REPORTS_TO", "TIE"):
        for start, end, properties in store.read(
            f"MATCH (a)-[t:{kind}]->(b) RETURN a.id, b.id, properties(t) ORDER BY a.id, b.id"
        ):
            assert isinstance(properties, dict)
            graph.add_edge(start, end, type=kind, **_simple(properties, without=("via",)))
    return graph


def _simple(properties: Mapping[str, Any], *, without: Sequence[str]) -> dict[str, Any]:
    return {
        k: ";".join(map(str, v)) if isinstance(v, list) else v
        for k, v in properties.items()
        if k not in without
    }


def export_records(store: GraphStore, out: Path, format_: str) -> int:
    """The canonical files: what they can say comes back when they are imported again. ``out`` is a folder or a .zip."""
    total = 0
    if out.suffix == ".zip":
        out.parent.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, rows in _all_records(store):
                text = io.StringIO()
                total += _write_records(text, name, rows, format_)
                archive.writestr(f"{name}.{format_}", text.getvalue())
        return total
    out.mkdir(parents=True, exist_ok=True)
    for name, rows in _all_records(store):
        with (out / f"{name}.{format_}").open("w", encoding="utf-8", newline="") as file:
            total += _write_records(file, name, rows, format_)
    return total


def _write_records(file: Any, name: str, rows: Iterable[Mapping[str, object]], format_: str) -> int:
    columns = RECORD_COLUMNS[name]
    count = 0
    writer = csv.DictWriter(file, columns, lineterminator="\n", extrasaction="ignore")
    if format_ == "csv":
        writer.writeheader()
    for row in rows:
        count += 1
        known = {c: row[c] for c in columns if row.get(c) is not None}
        if format_ == "csv":
            writer.writerow(known)
        else:
            file.write(json.dumps(known, ensure_ascii=False) + "\n")
    return count


def _all_records(store: GraphStore) -> Iterator[tuple[str, Iterable[Mapping[str, object]]]]:
    stored = masterrows.current_rows(store)
    for name in RECORD_COLUMNS:
        if name == "interactions":
            yield name, _interaction_rows(store)
        else:
            rows = [_record_row(json.loads(row.payload)) for row in stored if row.kind == name]
            if rows:
                yield name, rows


def _record_row(payload: Mapping[str, Any]) -> dict[str, object]:
    row: dict[str, object] = {}
    for key, value in payload.items():
        if isinstance(value, list):
            row[key] = ";".join(value)
        elif isinstance(value, bool):
            row[key] = "true" if value else "false"
        else:
            row[key] = value
    return row


def _interaction_rows(store: GraphStore) -> Iterator[Mapping[str, object]]:
    values = people.identity_values(store)
    for run, number in sorted(interactions.batch_counts(store).items()):
        for k in range(number):
            batch = interactions.pull_batch(store, f"{run}:{k}")
            threads = interactions.threads_of_batch(store, f"{run}:{k}")
            parts: dict[str, list[tuple[int, str]]] = {}
            for identifier, key, role, place in zip(
                batch.part_ids, batch.keys, batch.roles, batch.places, strict=True
            ):
                parts.setdefault(identifier, []).append((place, f"{role}:{values[key]}"))
            for row in zip(batch.ids, batch.ats, batch.kinds, batch.directions, strict=True):
                identifier, at, kind, direction = row
                yield {
                    "id": identifier, "at": iso(at), "kind": kind, "direction": direction or None,
                    "participants": ";".join(text for _, text in sorted(parts.get(identifier, []))),
                    "thread": threads.get(identifier),
                }  # fmt: skip


def export_assessments(services: GraphServices, out: Path, format_: str) -> int:
    """The accounts of the latest scoring run."""
    _, lines = services.accounts(LOCAL_ADMIN)
    rows = [account_json(line) for line in lines]
    out.parent.mkdir(parents=True, exist_ok=True)
    if format_ == "json":
        out.write_text(json.dumps(rows, ensure_ascii=False, indent=1), encoding="utf-8")
    elif format_ == "jsonl":
        out.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    else:
        _write_table(pa.Table.from_pylist([flat(row) for row in rows]), out, format_)
    return len(rows)
