"""The moment of a scoring run: today's records at the run's T, formula and baseline, ready to be asked again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields

from graphmap.config import Settings
from graphmap.errors import NotFoundError, NotScoredError
from graphmap.scoring.formula import Formula
from graphmap.scoring.moment import Moment, moment_at
from graphmap.services import touchdata
from graphmap.services.capturing import completeness_of
from graphmap.services.values import Named, ScoringRun, Viewer
from graphmap.store import people, runs
from graphmap.store.graphstore import GraphStore


def moment_of(store: GraphStore, settings: Settings, run: ScoringRun) -> Moment:
    """What that run scored: same T, formula and baseline, over the records as they are now; nothing is stored in the graph.

    Raises:
        NotScoredError: there is no such run.
    """
    known = next((r.properties for r in runs.runs(store) if r.id == run.id), None)
    if known is None:
        raise NotScoredError(f"there is no run {run.id}", remedy="run graphmap score")
    as_of = int(str(known["as_of"]))
    formula = formula_of(json.loads(str(known["config"])))
    data = touchdata.load(store, settings)
    sums = touchdata.sums_at(data, formula, as_of)
    captured = completeness_of(store, data.log, sums, data.directory, as_of)
    return moment_at(data.log, sums, data.directory, formula, as_of, run.baseline, captured)


def formula_of(config: Mapping[str, object]) -> Formula:
    """The formula that a run's kept configuration says.

    >>> formula_of({"scoring.half_life_days": 90.0}).half_life_days
    90.0
    """
    given = {f.name: config[f"scoring.{f.name}"] for f in fields(Formula) if f"scoring.{f.name}" in config}
    return Formula(**given)  # type: ignore[arg-type]  # written by config_text from checked settings


def somebody(store: GraphStore, viewer: Viewer, who: str) -> Named:
    """The one person that an id, an address or an exact name means.

    Raises:
        NotFoundError: nobody, or several, who are listed.
    """
    found = people.find_people(store, who)
    if viewer.scope is not None:
        scope = set(viewer.scope)
        ours_or_seen = {
            person
            for person, firm, kind in people.employers(store, [identifier for identifier, _ in found])
            if kind == "own" or firm in scope
        }
        found = [one for one in found if one[0] in ours_or_seen]
    if len(found) == 1:
        return Named(*found[0])
    listed = ", ".join(f"{name} ({identifier})" for identifier, name in found)
    message = f'there is no person "{who}"' if not found else f'"{who}" means {len(found)} people: {listed}'
    raise NotFoundError(message, remedy="give the id, an address or the exact name")
