"""People to look at: who is silent, whose mail came back, whose title changed; answered one by one."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from graphmap_web.site import seen_run, site

blueprint = Blueprint("verifying", __name__)

SHOWN = 200
REASON_LIMIT = 500


@blueprint.get("/verify")
def verify() -> str:
    """Everybody to look at, firm by firm; the records themselves end nobody's work by silence."""
    page = site().services.verify(site().viewer)
    seen_run(page.run)
    return render_template("verify.html", page=page, shown=page.people[:SHOWN])


@blueprint.post("/verify")
def answer() -> ResponseReturnValue:
    """Keeps that somebody looked and the person is still there; then the list again."""
    who = request.form.get("person", "")
    if not who:
        abort(400, "Say who is still there.")
    site().services.still_there(site().viewer, who, request.form.get("reason", "").strip()[:REASON_LIMIT])
    return redirect(url_for("verifying.verify"), 303)
