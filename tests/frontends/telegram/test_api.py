"""Refusals are sorted by what has to be done about them."""

from __future__ import annotations

from typing import Any

import pytest

from octopus.frontends.telegram.api import ApiError, Fault, fault_of


@pytest.mark.parametrize(
    ("status", "body", "fault"),
    [
        (400, {"error_code": 400, "description": "Bad Request: x"}, Fault.REFUSED),
        (401, {"error_code": 401, "description": "Unauthorized"}, Fault.TOKEN),
        (403, {"error_code": 403, "description": "Forbidden: bot was blocked"}, Fault.FORBIDDEN),
        (404, {"error_code": 404, "description": "Not Found"}, Fault.REFUSED),
        (409, {"error_code": 409, "description": "Conflict"}, Fault.CONFLICT),
        (413, {}, Fault.REFUSED),
        (429, {"error_code": 429, "parameters": {"retry_after": 7}}, Fault.WAIT),
        (429, {}, Fault.WAIT),
        (500, {"error_code": 500}, Fault.SERVER),
        (502, None, Fault.SERVER),
        (302, None, Fault.SERVER),
        (200, {"ok": False, "error_code": 403}, Fault.FORBIDDEN),
        (400, ["not", "an", "object"], Fault.REFUSED),
        (400, {"error_code": "400", "parameters": "odd"}, Fault.REFUSED),
    ],
)
def test_fault_of_an_answer(status: int, body: Any, fault: Fault) -> None:
    assert fault_of(status, body).fault is fault


def test_wait_carries_the_seconds() -> None:
    assert fault_of(429, {"parameters": {"retry_after": 7}}).retry_after == 7.0
    assert fault_of(429, {}).retry_after >= 1.0, "without a number, still not at once"
    assert fault_of(400, {"parameters": {"retry_after": 3}}).fault is Fault.WAIT


def test_words_of_the_description_whatever_their_case() -> None:
    error = ApiError(Fault.REFUSED, "Bad Request: MESSAGE_ID_INVALID")
    assert error.says("nothing", "message_id_invalid")
    assert not error.says("chat not found")


def test_text_says_what_and_why() -> None:
    assert str(ApiError(Fault.SERVER, "Bad Gateway", code=502)) == "server: Bad Gateway"
