"""How far the number can be trusted here: past departures and other weights."""

from __future__ import annotations

from flask import Blueprint, render_template

from graphmap_web.site import seen_run, site

blueprint = Blueprint("trust", __name__)


@blueprint.get("/trust")
def trust() -> str:
    """The back-test and the steadiness of the order, computed from the records as they are."""
    services, viewer = site().services, site().viewer
    tested, steady = services.back_test(viewer), services.stability(viewer)
    seen_run(tested.run)
    return render_template("trust.html", tested=tested, steady=steady)
