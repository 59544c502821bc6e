"""The analyst's door: ready questions by link, own read-only Cypher by a protected form."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from flask import Blueprint, Response, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from graphmap.errors import QueryFailedError, QueryRefusedError
from graphmap.services.values import NamedQuery, QueryAnswer
from graphmap_web import csvs
from graphmap_web.payloads import encode
from graphmap_web.site import site

blueprint = Blueprint("query", __name__)

PREFIX = "p."


def cell(value: object) -> str:
    """One value of an answer as text; graph values as JSON.

    >>> cell(None), cell(True), cell(1.5), cell({"labels": ["Firm"]})
    ('', 'true', '1.5', '{"labels":["Firm"]}')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping | list | tuple):
        try:
            return encode(value).decode()
        except (TypeError, ValueError):
            return str(value)
    return str(value)


def _chosen(name: str) -> NamedQuery | None:
    if not name:
        return None
    found = next((query for query in site().services.queries() if query.name == name), None)
    if found is None:
        abort(404, "There is no question of that name.")
    return found


def _typed(query: NamedQuery) -> dict[str, object]:
    """The parameters from the address, in the type of their default."""
    values: dict[str, object] = {}
    for parameter in query.parameters:
        given = request.args.get(PREFIX + parameter.name)
        if given is None or (given == "" and parameter.default is not None):
            if parameter.default is not None:
                values[parameter.name] = parameter.default
            continue
        values[parameter.name] = given
        if isinstance(parameter.default, int | float):
            try:
                values[parameter.name] = type(parameter.default)(given)
            except ValueError:
                raise QueryFailedError(
                    f'"{given}" is not a number', column=parameter.name, remedy="give a number"
                ) from None
    return values


def _missing(query: NamedQuery, values: Mapping[str, object]) -> bool:
    return any(parameter.default is None and not values.get(parameter.name) for parameter in query.parameters)


def _show(
    *,
    chosen: NamedQuery | None = None,
    text: str = "",
    answer: QueryAnswer | None = None,
    error: Exception | None = None,
) -> ResponseReturnValue:
    given = {
        name.removeprefix(PREFIX): value for name, value in request.args.items() if name.startswith(PREFIX)
    }
    link = csv = None
    if chosen is not None and answer is not None:
        arguments = urlencode(
            {"name": chosen.name, **{PREFIX + name: value for name, value in given.items()}}
        )
        link = request.host_url.rstrip("/") + url_for("query.ask") + "?" + arguments
        csv = url_for("query.download") + "?" + arguments
    page = render_template(
        "query.html",
        queries=site().services.queries(),
        chosen=chosen,
        given=given,
        text=text or (chosen.cypher if chosen else ""),
        answer=answer,
        error=error,
        cell=cell,
        link=link,
        csv=csv,
    )
    return page, 200 if error is None else 400


@blueprint.get("/query")
def ask() -> ResponseReturnValue:
    """The form; with a name in the address also the answer, so that the address is a permalink."""
    chosen = _chosen(request.args.get("name", ""))
    if chosen is None:
        # A statement in the address is only filled in: a link from elsewhere must not run anything.
        return _show(text=request.args.get("cypher", "")[:20_000])
    try:
        values = _typed(chosen)
        if _missing(chosen, values):
            return _show(chosen=chosen)
        return _show(chosen=chosen, answer=site().services.run_query(site().viewer, chosen.name, values))
    except (QueryRefusedError, QueryFailedError) as error:
        return _show(chosen=chosen, error=error)


@blueprint.post("/query")
def run() -> ResponseReturnValue:
    """Runs the analyst's own statement, as a page or as CSV."""
    text = request.form.get("cypher", "")
    try:
        answer = site().services.run_cypher(site().viewer, text)
    except (QueryRefusedError, QueryFailedError) as error:
        return _show(text=text, error=error)
    if request.form.get("format") == "csv":
        return csvs.table("query", answer.columns, _cells(answer))
    return _show(text=text, answer=answer)


def _cells(answer: QueryAnswer) -> list[list[object]]:
    plain = (bool, int, float)
    return [[value if isinstance(value, plain) else cell(value) for value in row] for row in answer.rows]


@blueprint.get("/query.csv")
def download() -> Response:
    """The answer of a ready question as CSV."""
    chosen = _chosen(request.args.get("name", ""))
    if chosen is None:
        abort(404, "Name a question.")
    answer = site().services.run_query(site().viewer, chosen.name, _typed(chosen))
    return csvs.table(chosen.name, answer.columns, _cells(answer))
