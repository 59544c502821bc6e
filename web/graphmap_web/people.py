"""One person: ours with their accounts in alphabetical order and what hangs on them, theirs with who of ours knows them."""

from __future__ import annotations

from flask import Blueprint, abort, render_template

from graphmap_web.site import seen_run, site

blueprint = Blueprint("people", __name__)


@blueprint.get("/people/<id:person>")
def person(person: str) -> str:
    """What is stored about a person, and their ties. Never a ranking."""
    page = site().services.person(site().viewer, person)
    if page.run is not None:
        seen_run(page.run)
    ties = sorted(
        page.ties, key=lambda tie: (tie.account.name.casefold(), tie.other.name.casefold(), tie.account.id)
    )
    return render_template("person.html", page=page, ties=ties)


@blueprint.get("/people/<id:person>/paths")
def paths(person: str) -> str:
    """Who could introduce us to somebody of theirs."""
    page = site().services.path(site().viewer, person, k=8)
    seen_run(page.run)
    return render_template("paths.html", page=page)


@blueprint.get("/people/<id:person>/exposure")
def exposure(person: str) -> str:
    """What hangs on one of ours: for their own eyes, and for whoever reviews accounts they may see."""
    page = site().services.person_exposure(site().viewer, person)
    seen_run(page.run)
    lines = sorted(page.lines, key=lambda line: (line.name.casefold(), line.id))
    if lines and not any(one.leaves for line in lines for one in line.through):
        abort(404, "This is somebody of a customer; what hangs on them stands on the page of the account.")
    alone: dict[str, float] = {}
    for line in lines:
        if line.left == 0 and line.value is not None:
            alone[line.currency or ""] = alone.get(line.currency or "", 0.0) + line.value
    return render_template(
        "person_exposure.html",
        page=page,
        who=page.leaving[0],
        lines=lines,
        alone=sorted(alone.items()),
        help_for={(line.account.id, line.contact.id): line for line in page.plan},
    )
