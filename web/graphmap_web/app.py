"""The application factory."""

from __future__ import annotations

import secrets
from collections.abc import Collection

from flask import Flask

from graphmap.services.protocol import Services
from graphmap.services.values import LOCAL_ADMIN, Viewer
from graphmap_web import (
    accounts,
    assets,
    changes,
    departures,
    errors,
    health,
    identity,
    imports,
    maps,
    method,
    people,
    query,
    search,
    trust,
    verifying,
)
from graphmap_web.forms import csrf_token, guard_posts
from graphmap_web.headers import LOOPBACK, protect
from graphmap_web.paths import IdConverter, WholeSegments
from graphmap_web.shown import FILTERS, GLOBALS
from graphmap_web.site import KEY, Site, header_run


def create_app(
    services: Services,
    *,
    viewer: Viewer = LOCAL_ADMIN,
    secret_key: str | bytes | None = None,
    allowed_hosts: Collection[str] | None = LOOPBACK,
) -> Flask:
    """The site over these services, everything seen as ``viewer``.

    ``secret_key`` signs the session of the query form; without one it is made anew per process.
    ``allowed_hosts`` are the Host names that are answered (None = any, for a proxy that checks them itself).
    """
    app = Flask(__name__, static_folder=None)
    app.secret_key = secret_key or secrets.token_bytes(32)
    app.config.update(
        SESSION_COOKIE_NAME="graphmap",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Strict",
        MAX_CONTENT_LENGTH=1_000_000,
    )
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(FILTERS)
    app.jinja_env.globals.update(GLOBALS)
    app.add_template_global(assets.address, "asset")
    app.url_map.converters["id"] = IdConverter
    app.url_map.merge_slashes = False
    app.wsgi_app = WholeSegments(app.wsgi_app)
    app.extensions[KEY] = Site(services, viewer)
    protect(app, allowed_hosts)
    guard_posts(app)
    errors.register(app)
    for part in (
        assets,
        accounts,
        maps,
        people,
        departures,
        changes,
        query,
        search,
        imports,
        identity,
        method,
        trust,
        verifying,
        health,
    ):
        app.register_blueprint(part.blueprint)
    app.context_processor(lambda: {"viewer": viewer, "header_run": header_run, "csrf_token": csrf_token})
    return app
