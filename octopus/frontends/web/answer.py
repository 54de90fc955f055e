"""Answers as JSON, mistakes included: each says what was wrong and what to do."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from loguru import logger
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from octopus.errors import (
    Ambiguous,
    BusyError,
    Conflict,
    ModelError,
    NotFound,
    OctopusError,
    PathError,
    Refused,
    UserError,
    VaultError,
)

FAILED = "Something went wrong here. The log says what."

#: The first class that fits decides.
_STATUS: tuple[tuple[type[OctopusError], int], ...] = (
    (NotFound, 404),
    (Ambiguous, 409),
    (Refused, 403),
    (UserError, 400),
    (BusyError, 503),
    (PathError, 400),
    (Conflict, 409),
    (VaultError, 503),
    (ModelError, 503),
)

_HINTS = {
    404: "There is nothing here. GET /openapi.json lists what there is.",
    405: "This address does not take that method; the header Allow names those it does.",
}


class Json(Response):
    """A JSON document. Escaped to ASCII: half a surrogate pair from a phone must not break it."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        """The bytes of the document."""
        return json.dumps(content, separators=(",", ":")).encode("ascii")


class BadRequest(UserError):
    """This request is not understood."""


class Unsupported(HTTPException):
    """The body is not what this address takes."""

    def __init__(self, message: str) -> None:
        super().__init__(415, message)


class TooLarge(HTTPException):
    """More came than is read."""

    def __init__(self, message: str) -> None:
        super().__init__(413, message, {"Connection": "close"})


def mistake(
    status: int, error: str, message: str, headers: Mapping[str, str] | None = None
) -> Json:
    """``{"error": a name for programs, "message": a sentence for people}``."""
    return Json({"error": error, "message": message}, status, headers)


def of_error(error: OctopusError) -> tuple[int, str, str]:
    """Status, name and sentence for an error of ours."""
    status = next((status for kind, status in _STATUS if isinstance(error, kind)), 500)
    return status, type(error).__name__, str(error)


async def _ours(request: Request, error: Exception) -> Response:
    assert isinstance(error, OctopusError)
    status, name, message = of_error(error)
    return mistake(status, name, message, {"Retry-After": "5"} if status == 503 else None)


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    status = error.status_code
    name = {404: "NotFound", 405: "WrongMethod"}.get(status, type(error).__name__)
    return mistake(status, name, _HINTS.get(status, error.detail), error.headers)


async def _any(request: Request, error: Exception) -> Response:
    """Nobody outside learns more than that it failed; the log has the rest."""
    logger.opt(exception=error).error("{} {} failed", request.method, request.scope["type"])
    return mistake(500, "OctopusError", FAILED)


#: How errors that endpoints raise become answers.
HANDLERS: dict[type[Exception], Any] = {OctopusError: _ours, HTTPException: _http, Exception: _any}
