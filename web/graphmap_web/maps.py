"""The portfolio as a map, with the same facts as a table beneath it."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, Response, render_template

from graphmap.services.values import PortfolioFilter, PortfolioMap
from graphmap_web import wanted
from graphmap_web.payloads import answer, encode
from graphmap_web.portfolio_map import links_by_account, payload
from graphmap_web.site import seen_run, site

blueprint = Blueprint("maps", __name__)


def _asked() -> PortfolioFilter:
    # Order and page mean nothing on a map: without them more requests share one layout.
    return replace(wanted.from_address(), sort=wanted.DEFAULT.sort, page=1)


def _map() -> PortfolioMap:
    found = site().services.portfolio_map(site().viewer, _asked())
    seen_run(found.run)
    return found


@blueprint.get("/map")
def portfolio_map() -> str:
    """Reps by shared accounts; accounts inside a circle hang on that rep alone."""
    found = _map()
    names = {rep.id: rep.name for rep in found.reps}
    return render_template(
        "map.html",
        page=found,
        accounts=sorted(found.accounts, key=lambda line: (line.name.casefold(), line.id)),
        links=links_by_account(found),
        names=names,
        address=wanted.to_address(found.filter),
        sides=wanted.sides(found.filter.cell),
        filtered=wanted.is_filtered(found.filter),
    )


@blueprint.get("/map.json")
def map_data() -> Response:
    """Nodes and edges of the portfolio map, laid out once per run and filter."""
    asked = _asked()
    run = site().services.latest_run(site().viewer)
    if run is None:
        return answer(payload(_map()))
    key = (run.id, run.as_of, site().viewer, asked)
    return answer(site().maps.get(key, lambda: encode(payload(_map()))))
