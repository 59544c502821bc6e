"""Who is who: pairs that may be one person, decided one by one, and every decision with who made it."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from graphmap_web.site import site

blueprint = Blueprint("identity", __name__)

ANSWERS = ("joined", "apart")
UNDO = "undo"
REASON_LIMIT = 500


@blueprint.get("/identity")
def review() -> str:
    """The pairs that wait, the surest first, and what was decided."""
    return render_template("identity.html", page=site().services.identities(site().viewer))


@blueprint.post("/identity")
def decide() -> ResponseReturnValue:
    """Joins a pair, keeps it apart, or withdraws a decision; then the queue again."""
    services, viewer = site().services, site().viewer
    answer, pair = request.form.get("answer", ""), request.form.get("pair", "")
    if not pair or answer not in (*ANSWERS, UNDO):
        abort(400, "Say which pair, and whether they are one person or two.")
    if answer == UNDO:
        services.undo_identity(viewer, pair)
    else:
        services.decide_identity(viewer, pair, answer, request.form.get("reason", "").strip()[:REASON_LIMIT])
    return redirect(url_for("identity.review"), 303)
