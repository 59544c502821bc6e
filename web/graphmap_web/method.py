"""How the number comes about, and what it cannot say."""

from __future__ import annotations

from flask import Blueprint, render_template

from graphmap_web.site import site

blueprint = Blueprint("method", __name__)


@blueprint.get("/method")
def method() -> str:
    """The formula in words and exactly, with the settings in force."""
    page = site().services.method(site().viewer)
    return render_template("method.html", page=page)
