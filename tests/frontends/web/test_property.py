"""Whatever is sent: an answer that says what to do, never a failure, never somebody else's lane."""

from __future__ import annotations

import json
import random
import re
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from octopus.core.event import Event
from octopus.frontends.web.answer import Json
from octopus.frontends.web.gate import Names
from octopus.frontends.web.stream import sent
from tests.fakes.ports import NOON
from tests.frontends.web.conftest import Running

#: Slow machines run these too.
CALM = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

NAMES = Names("127.0.0.1", 8321, "https://octopus.example.org")
OURS = {
    "127.0.0.1:8321", "localhost:8321", "[::1]:8321", "octopus.example.org",
    "octopus.example.org:443", "octopus.example.org:80",
}  # fmt: skip

hosts = st.one_of(
    st.text(max_size=30),
    st.from_regex(r"[a-z0-9.\[\]:@-]{0,30}", fullmatch=True),
    st.sampled_from(sorted(OURS)).flatmap(
        lambda host: st.sampled_from([host + ".", "." + host, host + ":1", "x@" + host, host + "/"])
    ),
)


@CALM
@given(host=hosts)
def test_only_our_names_are_ours(host: str) -> None:
    ports = {re.sub(r":0+(?=\d)", ":", host.lower())}
    assert NAMES.is_ours(host, None) is bool(ports & OURS)


@CALM
@given(origin=hosts, scheme=st.sampled_from(["http", "https", "file", "ws", ""]))
def test_only_our_pages_may_ask(origin: str, scheme: str) -> None:
    text = f"{scheme}://{origin}"
    allowed = {f"http://{host}" for host in OURS if "example" not in host}
    allowed |= {"https://octopus.example.org", "https://octopus.example.org:443"}
    plain = re.sub(r":0+(?=\d)", ":", text.lower())
    if NAMES.may_ask(text):
        assert plain in allowed
    assert not NAMES.may_ask(origin) or "://" in origin


json_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text()),
    lambda inner: st.one_of(st.lists(inner), st.dictionaries(st.text(), inner)),
    max_leaves=8,
)


@CALM
@given(value=json_values)
def test_an_event_is_one_event(value: Any) -> None:
    lines = sent("type", {"value": value}, 7).split("\n")
    assert lines[:2] == ["id: 7", "event: type"]
    assert lines[3:] == ["", ""]
    assert lines[2].startswith("data: ")


@CALM
@given(text=st.text())
def test_every_text_can_be_answered_with(text: str) -> None:
    assert json.loads(bytes(Json({"reply": text}).body)) == {"reply": text}
    json.loads(bytes(Json({"reply": text + "\ud83d"}).body))


def any_body(chance: random.Random) -> bytes:
    """Something between a message and noise."""
    value: Any = chance.choice([None, True, 5, 1e999, "", "text", [], {}, "\ud800", "x" * 2000])
    name = chance.choice(["text", "conversation", "text ", "Text", "extra", ""])
    body = json.dumps(chance.choice([{name: value}, {"text": "ok", name: value}, [value], value]))
    raw = bytearray(body.encode())
    for _ in range(chance.choice([0, 0, 1, 3])):
        if raw:
            raw[chance.randrange(len(raw))] = chance.randrange(256)
    return bytes(raw)


async def test_300_odd_bodies(running: Running) -> None:
    chance = random.Random(8321)
    seen: dict[int, int] = {}
    for _ in range(300):
        answer = await running.client.post(
            "/api/messages", content=any_body(chance), headers={"Content-Type": "application/json"}
        )
        seen[answer.status_code] = seen.get(answer.status_code, 0) + 1
        if answer.status_code == 400:
            assert answer.json()["message"].endswith('"conversation": "..."}.')
    assert set(seen) == {200, 400}
    for text, conversation in running.house.asked:
        assert re.fullmatch(r"http:[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}", conversation)
        assert 0 < len(text) <= 100_000
        text.encode()
    assert len(running.house.asked) == seen[200]


@pytest.mark.parametrize("path", ["/api/search", "/api/jobs", "/status", "/metrics", "/health"])
async def test_odd_queries(running: Running, path: str) -> None:
    chance = random.Random(path)
    pool = ["q", "limit", "state", "after", "types", "\0", "٣", "1e9", "-1", "%", "&", "lamp", "🦑"]
    for _ in range(60):
        query = {chance.choice(pool): chance.choice(pool) for _ in range(3)}
        answer = await running.client.get(path, params=query)
        assert answer.status_code in {200, 400}
        if answer.status_code == 400:
            assert set(answer.json()) == {"error", "message"}


def test_every_kind_of_event_data_can_be_sent() -> None:
    event = Event("job.done", NOON, {"text": "a\r\nb\u2028c"}, 1)
    assert len(sent(event.type, dict(event.data), event.id).splitlines()) == 4
