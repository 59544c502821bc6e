"""Search over names, addresses and domains."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from graphmap_web.site import site

blueprint = Blueprint("search", __name__)


@blueprint.get("/search")
def search() -> str:
    """Accounts and people that match."""
    text = request.args.get("q", "").strip()[:300]
    hits = site().services.search(site().viewer, text) if text else ()
    return render_template(
        "search.html",
        text=text,
        accounts=[hit for hit in hits if hit.kind == "account"],
        people=[hit for hit in hits if hit.kind == "person"],
    )
