"""One person: ours with their accounts in alphabetical order, theirs with who of ours knows them."""

from __future__ import annotations

from flask import Blueprint, render_template

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
