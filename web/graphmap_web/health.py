"""For machines that watch the site."""

from __future__ import annotations

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from graphmap.errors import StoreError
from graphmap_web.site import site

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def healthz() -> ResponseReturnValue:
    """The process answers; the store is not asked."""
    return jsonify(status="ok")


@blueprint.get("/readyz")
def readyz() -> ResponseReturnValue:
    """The store answers too; 503 where it does not."""
    try:
        return jsonify(status="ready", store=site().services.ready())
    except StoreError as error:
        return jsonify(status="not ready", error=error.as_json()), 503
