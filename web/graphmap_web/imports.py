"""What was imported, and what was set aside."""

from __future__ import annotations

from flask import Blueprint, render_template

from graphmap_web.site import site

blueprint = Blueprint("imports", __name__)


@blueprint.get("/imports")
def imports() -> str:
    """Runs with their balance, quarantine, unmatched domains."""
    return render_template("imports.html", page=site().services.imports(site().viewer))
