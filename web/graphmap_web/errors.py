"""Errors as pages: what went wrong, where, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from graphmap.errors import (
    GraphmapError,
    NotFoundError,
    NotScoredError,
    QueryFailedError,
    QueryRefusedError,
    StoreError,
)

_HEADINGS = {
    400: "That request cannot be answered",
    403: "That is not allowed",
    404: "There is nothing here",
    405: "That is not possible here",
    413: "That is too much at once",
    503: "The graph store does not answer",
}


@dataclass(frozen=True, slots=True)
class Message:
    """One message page."""

    status: int
    heading: str
    text: str
    remedy: str | None = None
    command: str | None = None


def for_error(error: GraphmapError) -> Message:
    """Status and words of one of our errors.

    >>> for_error(NotFoundError("there is no account x")).status
    404
    """
    if isinstance(error, NotScoredError):
        # Nothing is broken: the site is simply empty. An empty page with the next step, not an error.
        return Message(
            200,
            "Nothing has been scored yet",
            "Import something first, then the portfolio appears here.",
            error.remedy,
            "graphmap import PATH",
        )
    if isinstance(error, NotFoundError):
        return Message(404, _HEADINGS[404], str(error))
    if isinstance(error, StoreError):
        return Message(503, _HEADINGS[503], error.message, error.remedy)
    if isinstance(error, QueryRefusedError | QueryFailedError):
        return Message(400, "The query was not answered", error.message, error.remedy)
    return Message(400, _HEADINGS[400], error.message, error.remedy)


def wants_data() -> bool:
    """Scripts and downloads get their errors as JSON."""
    return request.path.endswith((".json", ".csv"))


def register(app: Flask) -> None:
    """One page for all of them."""

    def answer(message: Message, data: dict[str, object]) -> ResponseReturnValue:
        if wants_data():
            return jsonify(error=data), message.status if message.status != 200 else 409
        headers = {"Retry-After": "30"} if message.status == 503 else {}
        return render_template("message.html", message=message), message.status, headers

    @app.errorhandler(GraphmapError)
    def ours(error: GraphmapError) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        return answer(for_error(error), error.as_json())

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        status = error.code or 500
        if status < 400:
            return error.get_response()
        text = "No page has this address." if status == 404 else str(error.description or "")
        return answer(
            Message(status, _HEADINGS.get(status, "Something went wrong"), text),
            {"code": f"http-{status}", "message": text},
        )

    @app.errorhandler(Exception)
    def unexpected(error: Exception) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        app.logger.exception("unexpected error", exc_info=error)
        text = "This is a fault of graphmap, not of your data. The log of the server says more."
        return answer(Message(500, "Something went wrong", text), {"code": "internal", "message": text})
