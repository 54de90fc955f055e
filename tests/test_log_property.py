"""No secret gets out, whatever stands around it, and what is none stays as it is."""

from __future__ import annotations

import io
import json
import logging
import traceback
from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from loguru import logger

from octopus import log

#: Slow machines run these too.
CALM = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

tokens = st.from_regex(r"[1-9][0-9]{7,9}:[A-Za-z0-9_-]{35}", fullmatch=True)
around = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="0123456789"))


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    """Neither sinks nor secrets are left to other tests."""
    known = log._secrets.copy(), log._known
    yield
    log.tear_down()
    log._secrets, log._known = known


@CALM
@given(token=tokens, before=around, after=around)
def test_tokens_in_any_text(token: str, before: str, after: str) -> None:
    secret = token.partition(":")[2]
    for text in (
        f"{before} {token} {after}",
        f"{before}/bot{token}/{after}",
        f"{before}'{token}'{after}",
        f"{before} bot{token.replace(':', '%3A')}/{after}",
    ):
        assert secret not in log.redact(text), text


@CALM
@given(secret=st.text(st.characters(exclude_categories=["Cs"]), min_size=6, max_size=60))
def test_registered_ones_of_any_shape(secret: str) -> None:
    log.register_secret(secret)
    for text in (secret, f"a{secret}b", json.dumps([secret]), repr([secret]), str({"k": secret})):
        assert secret not in log.redact(text)
    assert secret not in log.redact(f"https://host/?q={secret}&x=1")


@CALM
@given(text=st.text(st.characters(exclude_categories=["Cs", "Nd"], exclude_characters=":=/")))
def test_plain_text_stays_and_masking_twice_changes_nothing(text: str) -> None:
    once = log.redact(text)
    assert log.redact(once) == once
    if "bearer" not in text.lower() and "authorization" not in text.lower():
        assert once == text or log.MASK in once


@CALM
@given(header=st.sampled_from(["Authorization", "authorization", "Proxy-Authorization"]))
def test_headers_as_libraries_print_them(header: str) -> None:
    value = "Bearer canary.canary-canary"
    for text in (
        f"{header}: {value}",
        f"{header}={value}",
        str({header: value}),
        str([(header, value)]),
        str([(header.encode(), value.encode())]),
        json.dumps({header: value}),
        json.dumps(json.dumps({header: value})),
    ):
        assert "canary" not in log.redact(text), text


TOKEN = "1234567890:AAcanarycanary_canary-canarycanary1"


class Failure(Exception):
    """An error that carries an address."""


def _raise_plain(text: str) -> None:
    raise Failure(text)


def _raise_from(text: str) -> None:
    try:
        raise Failure(text)
    except Failure as error:
        raise RuntimeError("outer") from error


def _raise_while(text: str) -> None:
    try:
        raise Failure(text)
    except Failure:
        raise ValueError(f"and then {text}")  # noqa: B904 - the chain is what is tested


def _raise_group(text: str) -> None:
    raise ExceptionGroup(text, [Failure(text), ExceptionGroup("inner", [OSError(5, text)])])


def _raise_noted(text: str) -> None:
    error = Failure("x")
    error.add_note(text)
    raise error


def _raise_argument(text: str) -> None:
    raise Failure({"url": text, "headers": {"Authorization": f"Bearer {TOKEN}"}}, [text])


def _loguru(error: Exception, text: str) -> None:
    logger.opt(exception=error).error("failed: {}", text)


def _loguru_bound(error: Exception, text: str) -> None:
    logger.bind(url=text, error=error).error("failed")


def _loguru_text(error: Exception, text: str) -> None:
    logger.error("failed: {!r} {}", error, "".join(traceback.format_exception(error)))


def _logging(error: Exception, text: str) -> None:
    logging.getLogger("aiogram").error("failed %s", text, exc_info=error)


def _logging_args(error: Exception, text: str) -> None:
    logging.getLogger("asyncio").warning("%r %s", error, {"url": text})


FAULTS = [
    _raise_plain, _raise_from, _raise_while, _raise_group, _raise_noted, _raise_argument,
]  # fmt: skip
WAYS = [_loguru, _loguru_bound, _loguru_text, _logging, _logging_args]
PLACES = [
    f"https://api.telegram.org/file/bot{TOKEN}/photos/file_1.jpg",
    f"http://127.0.0.1:8081/bot{TOKEN}/getUpdates?offset=1",
    f"Bot({TOKEN!r})",
    f'{{"token": "{TOKEN}"}}',
    f"line one\nline two {TOKEN}\nline three",
]


@pytest.mark.parametrize("as_json", [False, True])
def test_300_faults_without_a_canary(as_json: bool) -> None:
    out = io.StringIO()
    log.set_up("DEBUG", as_json=as_json, stream=out)
    cases = list(product(FAULTS, WAYS, PLACES))
    assert len(cases) * 2 == 300
    for fault, way, place in cases:
        _one(fault, way, place)
    text = out.getvalue()
    assert text.count(log.MASK) >= len(cases)
    assert "canary" not in text
    if as_json:
        assert len([json.loads(line) for line in text.splitlines()]) == len(cases)


def _one(fault: Callable[[str], None], way: Callable[[Exception, str], None], place: str) -> None:
    try:
        fault(place)
    except Exception as error:  # noqa: BLE001 - every one of them is logged
        way(error, place)


@settings(CALM, max_examples=30)
@given(extra=st.dictionaries(st.from_regex(r"[a-z]{1,8}", fullmatch=True), st.text(), max_size=4))
def test_every_entry_is_one_json_line(extra: dict[str, Any]) -> None:
    out = io.StringIO()
    log.set_up(as_json=True, stream=out)
    logger.bind(**extra).info("{}", "\u2028 a\rb\n\x85")
    (line,) = out.getvalue().splitlines()
    document = json.loads(line)
    assert document["message"] == "\u2028 a\rb\n\x85"
