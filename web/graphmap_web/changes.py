"""What changed between two days."""

from __future__ import annotations

import datetime

from flask import Blueprint, abort, render_template, request

from graphmap_web.site import seen_run, site

blueprint = Blueprint("changes", __name__)

_BACK = 90


def _day(name: str, default: datetime.date) -> datetime.date:
    text = request.args.get(name, "").strip()
    if not text:
        return default
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        abort(400, "A day is written like 2026-12-31.")


@blueprint.get("/changes")
def changes() -> str:
    """New, worse, better and resolved findings; by default of the last 90 days of the data."""
    run = site().services.latest_run(site().viewer)
    end = datetime.date.today() if run is None else datetime.date.fromisoformat(run.as_of[:10])  # noqa: DTZ011 - only a default
    after = _day("after", end)
    before = _day("before", after - datetime.timedelta(days=_BACK))
    page = site().services.compare(site().viewer, before, after)
    seen_run(page.run)
    return render_template("changes.html", page=page, before=before.isoformat(), after=after.isoformat())
