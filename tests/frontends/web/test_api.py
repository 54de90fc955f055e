"""The endpoints, over real HTTP."""

from __future__ import annotations

import asyncio
import json
import signal
import socket
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from loguru import logger

from octopus.config import Http
from octopus.core.event import Event
from octopus.core.job import State
from octopus.core.message import Message, Reply
from octopus.core.reminder import Reminder
from octopus.errors import (
    BusyError,
    Conflict,
    ModelUnavailable,
    NotFound,
    OctopusError,
    PathError,
    Refused,
    UserError,
    VaultError,
)
from octopus.frontends.web import Web, stream
from tests.fakes.ports import NOON
from tests.frontends.web.conftest import House, Running, Sent, Start, listening
from tests.patience import PATIENCE


class TestMessages:
    async def test_outcome(self, running: Running) -> None:
        body = {"text": "note: buy a lamp", "conversation": "desk"}
        answer = await running.client.post("/api/messages", json=body)
        assert answer.status_code == 200
        assert answer.json() == {
            "job": 1,
            "intent": "note.add",
            "reply": "did note: buy a lamp",
            "buttons": [{"id": "1-0", "label": "Undo"}],
            "effects": [{"kind": "create", "path": "Inbox/a.md", "undo": 7}],
            "took_ms": 1.5,
        }
        assert running.house.asked == [("note: buy a lamp", "http:desk")]

    async def test_conversation_has_a_default(self, running: Running) -> None:
        await running.client.post("/api/messages", json={"text": "x"})
        assert running.house.asked == [("x", "http:api")]

    @pytest.mark.parametrize("text", ["🦑 ünï", "a\x00b", "half \ud83d", "x" * 100_000, " \n "])
    async def test_texts_arrive_as_they_are(self, running: Running, text: str) -> None:
        content = json.dumps({"text": text}).encode()
        headers = {"Content-Type": "application/json; charset=utf-8"}
        answer = await running.client.post("/api/messages", content=content, headers=headers)
        kept = text.replace("\ud83d", "\ufffd")
        assert answer.json()["reply"] == f"did {kept}"
        assert running.house.asked == [(kept, "http:api")]

    @pytest.mark.parametrize(
        "conversation",
        ["", "a b", "a/b", "../x", ".hidden", "a:b", "telegram:42", "x" * 65, "é", "a\n", 5, None],
    )
    async def test_conversations_that_could_be_somebody_elses(
        self, running: Running, conversation: object
    ) -> None:
        body = {"text": "x", "conversation": conversation}
        answer = await running.client.post("/api/messages", json=body)
        assert answer.status_code == 400
        assert answer.json()["message"].startswith("conversation: ")
        assert running.house.asked == []

    @pytest.mark.parametrize(
        ("content", "says"),
        [
            (b"", "JSON"),
            (b"{", "JSON"),
            (b"[]", "dictionary"),
            (b"null", "dictionary"),
            (b"{}", "text: Field required"),
            (b'{"text": ""}', "text: "),
            (b'{"text": 5}', "text: "),
            (b'{"text": "x", "txet": 1}', "txet: "),
            (b'{"text": "\xff"}', ""),
            (json.dumps({"text": "x" * 100_001}).encode(), "text: "),
            (b'{"text":' * 5000, ""),
        ],
    )
    async def test_bodies_that_are_not_understood(
        self, running: Running, content: bytes, says: str
    ) -> None:
        headers = {"Content-Type": "application/json"}
        answer = await running.client.post("/api/messages", content=content, headers=headers)
        assert answer.status_code == 400
        assert says in answer.json()["message"]
        assert answer.json()["message"].endswith('Send {"text": "...", "conversation": "..."}.')
        assert running.house.asked == []

    @pytest.mark.parametrize("media", ["text/plain", "application/x-www-form-urlencoded", ""])
    async def test_forms_of_foreign_pages_are_no_messages(
        self, running: Running, media: str
    ) -> None:
        headers = {"Content-Type": media}
        content = b'{"text": "x"}'
        answer = await running.client.post("/api/messages", content=content, headers=headers)
        assert answer.status_code == 415
        assert "application/json" in answer.json()["message"]

    @pytest.mark.parametrize(
        ("error", "status"),
        [
            (NotFound("no such note"), 404),
            (Refused("not allowed"), 403),
            (UserError("odd"), 400),
            (PathError("outside"), 400),
            (Conflict("moved on"), 409),
            (BusyError("later"), 503),
            (VaultError("gone"), 503),
            (ModelUnavailable("off"), 503),
            (OctopusError("hm"), 500),
        ],
    )
    async def test_errors_of_ours_say_what_they_are(
        self, running: Running, error: OctopusError, status: int
    ) -> None:
        running.house.fail = error
        answer = await running.client.post("/api/messages", json={"text": "x"})
        assert answer.status_code == status
        assert answer.json() == {"error": type(error).__name__, "message": str(error)}
        assert ("retry-after" in answer.headers) is (status == 503)

    async def test_surprises_are_logged_and_not_shown(self, running: Running) -> None:
        lines: list[str] = []
        sink = logger.add(lambda line: lines.append(str(line)), level="ERROR")
        running.house.fail = RuntimeError("inner canary")
        try:
            answer = await running.client.post("/api/messages", json={"text": "x"})
        finally:
            logger.remove(sink)
        assert answer.status_code == 500
        assert "canary" not in answer.text
        assert "inner canary" in "".join(lines)
        assert answer.headers["x-frame-options"] == "DENY"


STREAM = {"Accept": "text/event-stream"}


class TestStreamedMessages:
    async def test_stages_reply_and_outcome(self, running: Running) -> None:
        body = {"text": "hello there", "conversation": "desk"}
        url = "/api/messages"
        async with listening(running.client, url, "POST", json=body, headers=STREAM) as listener:
            assert listener.response.headers["content-type"].startswith("text/event-stream")
            found = await listener.rest()
        assert [event.type for event in found] == [
            "job.accepted", "reply.partial", "job.done", "outcome",
        ]  # fmt: skip
        assert found[1].data["text"] == "hel"
        assert found[-1].data["reply"] == "did hello there"

    async def test_each_hears_only_of_its_own(self, running: Running) -> None:
        house, count = running.house, 12
        for number in range(count):
            house.hold[f"text {number}"] = asyncio.Event()

        async def one(number: int) -> list[Sent]:
            body = {"text": f"text {number}", "conversation": f"c{number % 3}"}
            async with listening(
                running.client, "/api/messages", "POST", json=body, headers=STREAM
            ) as listener:
                first = await listener.next()
                house.hold[f"text {number}"].set()
                return [first, *await listener.rest()]

        for number, found in enumerate(await asyncio.gather(*map(one, range(count)))):
            assert found[-1].data["reply"] == f"did text {number}"
            assert {event.data["job"] for event in found} == {found[-1].data["job"]}
            assert [event.type for event in found].count("job.accepted") == 1

    @pytest.mark.parametrize(
        ("error", "name"), [(NotFound("no such note"), "NotFound"), (RuntimeError("x"), "")]
    )
    async def test_errors_come_as_events(
        self, running: Running, error: Exception, name: str
    ) -> None:
        running.house.fail = error
        async with listening(
            running.client, "/api/messages", "POST", json={"text": "x"}, headers=STREAM
        ) as listener:
            (found,) = await listener.rest()
        assert found.type == "error"
        assert found.data["error"] == (name or "OctopusError")

    async def test_who_hangs_up_leaves_the_job_alone(self, running: Running) -> None:
        house = running.house
        house.hold["slow"] = asyncio.Event()
        async with listening(
            running.client, "/api/messages", "POST", json={"text": "slow"}, headers=STREAM
        ) as listener:
            assert (await listener.next()).type == "job.accepted"
        assert house.journal.rows[1].state is State.QUEUED
        answer = await running.client.post("/api/messages", json={"text": "next"})
        assert answer.json()["job"] == 2


class TestStopping:
    async def test_waiting_callers_are_told(
        self, start: Start, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("octopus.frontends.web.backstage.GRACE", 0.01)
        async with start() as running:
            running.house.hold["slow"] = asyncio.Event()
            with running.house.bus.subscribe() as subscription:
                post = running.client.post("/api/messages", json={"text": "slow"})
                waiting = asyncio.create_task(post)
                while (await subscription.get()).type != "job.accepted":
                    pass
            async with asyncio.timeout(PATIENCE):
                await running.web.close()
                answer = await waiting
        assert answer.status_code == 503
        assert "answered after the next start" in answer.json()["message"]

    async def test_streams_end(self, start: Start) -> None:
        async with start() as running, listening(running.client, "/api/events") as listener:
            await listener.begin()
            async with asyncio.timeout(PATIENCE):
                await running.web.close()
            assert await listener.rest() == []

    async def test_nothing_is_left_running(self, start: Start) -> None:
        before = asyncio.all_tasks()
        async with start() as running:
            await running.client.get("/health")
            port = running.port
        assert {task.get_name() for task in asyncio.all_tasks() - before} == set()
        socket.create_server(("127.0.0.1", port)).close()


class TestEvents:
    async def test_live(self, running: Running) -> None:
        async with listening(running.client, "/api/events") as listener:
            assert listener.response.headers["cache-control"] == "no-store"
            await listener.begin()
            running.house.events.keep("effect.done", path="a\nid: 99\n\nevent: forged")
            found = await listener.next()
        assert (found.type, found.id) == ("effect.done", 1)
        assert found.data == {
            "id": 1, "at": NOON.isoformat(), "path": "a\nid: 99\n\nevent: forged",
        }  # fmt: skip

    async def test_replay_then_live_without_gap_or_repeat(self, running: Running) -> None:
        events = running.house.events
        for number in range(1200):
            events.keep("job.done", number=number)
        async with listening(running.client, "/api/events?after=5") as listener:
            for expected in range(6, 1201):
                assert (await listener.next()).id == expected
            events.keep("job.done")
            assert (await listener.next()).id == 1201

    async def test_what_a_slow_listener_missed_is_read_again(self, running: Running) -> None:
        events = running.house.events
        async with listening(running.client, "/api/events?after=0") as listener:
            await listener.begin()
            events.keep("a")
            assert (await listener.next()).id == 1
            events.keep("b", publish=False)
            events.keep("c", publish=False)
            events.keep("d")
            assert [(await listener.next()).type for _ in range(3)] == ["b", "c", "d"]
            running.house.bus.publish(events.rows[1])  # late, and known already
            events.keep("e")
            assert (await listener.next()).type == "e"

    async def test_last_event_id_is_stronger(self, running: Running) -> None:
        for _ in range(3):
            running.house.events.keep("x")
        headers = {"Last-Event-ID": "2"}
        async with listening(running.client, "/api/events?after=0", headers=headers) as listener:
            assert (await listener.next()).id == 3

    async def test_types(self, running: Running) -> None:
        events = running.house.events
        for type_ in ("job.accepted", "effect.done", "jobless", "job.done", "reply.partial"):
            events.keep(type_)
        url = "/api/events?after=0&types=job,reply.partial"
        async with listening(running.client, url) as listener:
            found = [(await listener.next()).type for _ in range(3)]
            assert found == ["job.accepted", "job.done", "reply.partial"]
            events.keep("effect.done")
            running.house.bus.publish(Event("reply.partial", NOON, {"text": "x"}))
            last = await listener.next()
        assert (last.type, last.id, last.data["text"]) == ("reply.partial", None, "x")

    @pytest.mark.parametrize("after", ["x", "-1", "1.5", "٣", "9" * 30, ""])
    async def test_odd_ids(self, running: Running, after: str) -> None:
        answer = await running.client.get("/api/events", params={"after": after})
        assert answer.status_code == 400
        assert "after" in answer.json()["message"]

    async def test_heartbeat(self, running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(stream, "HEARTBEAT", 0.01)
        async with running.client.stream("GET", "/api/events") as response:
            lines = response.aiter_lines()
            found = [await anext(lines) for _ in range(5)]
        assert found[2::2] == [": nothing new"] * 2 or ": nothing new" in found

    async def test_listeners_that_leave_are_forgotten(self, running: Running) -> None:
        async with listening(running.client, "/api/events") as listener:
            await listener.begin()
        subscriptions = running.house.bus._subscriptions
        async with asyncio.timeout(PATIENCE):
            while len(subscriptions) > 1:  # the metrics stay
                await asyncio.sleep(0)


class TestSearch:
    async def test_hits(self, running: Running) -> None:
        running.house.vault.files["Notes/Lamp.md"] = b"a lamp for the desk"
        answer = await running.client.get("/api/search", params={"q": "lamp"})
        found = answer.json()
        assert found["total"] == 1
        assert found["stage"] == "exact"
        assert found["hits"][0]["path"] == "Notes/Lamp.md"
        assert {"title", "heading", "line", "score", "snippet"} <= set(found["hits"][0])

    async def test_limit(self, running: Running) -> None:
        files = {f"{number}.md": b"lamp" for number in range(30)}
        running.house.vault.files.update(files)
        assert len((await running.client.get("/api/search?q=lamp")).json()["hits"]) == 10
        assert len((await running.client.get("/api/search?q=lamp&limit=25")).json()["hits"]) == 25

    @pytest.mark.parametrize(
        "query", ["", "?q=", "?q=%20", "?q=x&limit=0", "?q=x&limit=201", "?q=x&limit=x", "?limit=5"]
    )
    async def test_mistakes(self, running: Running, query: str) -> None:
        answer = await running.client.get(f"/api/search{query}")
        assert answer.status_code == 400
        assert answer.json()["error"] == "BadRequest"


class TestJobs:
    async def fill(self, house: House) -> None:
        messages = [Message(f"k{n}", "console", "owner", f"text {n}", NOON) for n in range(3)]
        jobs = await house.journal.accept(messages)
        await house.journal.settle(jobs[0], State.DEAD, Reply("gave up"))

    async def test_newest_first_without_texts(self, running: Running) -> None:
        await self.fill(running.house)
        answer = await running.client.get("/api/jobs")
        jobs = answer.json()["jobs"]
        assert [job["id"] for job in jobs] == [3, 2, 1]
        assert set(jobs[0]) == {
            "id", "kind", "state", "attempt", "received_at", "intent", "error",
        }  # fmt: skip
        assert "text 1" not in answer.text

    async def test_by_state(self, running: Running) -> None:
        await self.fill(running.house)
        answer = await running.client.get("/api/jobs?state=dead")
        assert [job["id"] for job in answer.json()["jobs"]] == [1]
        assert len((await running.client.get("/api/jobs?limit=2")).json()["jobs"]) == 2

    async def test_unknown_state(self, running: Running) -> None:
        answer = await running.client.get("/api/jobs?state=lost")
        assert answer.status_code == 400
        assert "queued, running, done" in answer.json()["message"]


class TestStatusAndMetrics:
    async def test_status(self, running: Running) -> None:
        found = (await running.client.get("/status")).json()
        assert found["parts"] == {"Jobs": "0 running"}
        assert found["version"]
        assert found["uptime_s"] >= 0

    async def test_metrics(self, running: Running) -> None:
        running.house.vault.files["a.md"] = b"x"
        await running.client.post("/api/messages", json={"text": "x"})
        await running.client.get("/no/such/address")
        answer = await running.client.get("/metrics")
        assert answer.headers["content-type"].startswith("text/plain")
        lines = answer.text.splitlines()
        post = 'octopus_http_requests_total{method="POST",path="/api/messages",status="200"} 1.0'
        assert post in lines
        assert 'octopus_http_requests_total{method="GET",path="-",status="404"} 1.0' in lines
        assert 'octopus_events_total{type="job.done"} 1.0' in lines
        assert 'octopus_notes{state="indexed"} 1.0' in lines
        assert any(line.startswith("process_resident_memory_bytes ") for line in lines)

    async def test_two_listeners_have_figures_of_their_own(self, start: Start) -> None:
        async with start() as one:
            await one.client.get("/status")
            async with start() as other:
                assert "/status" not in (await other.client.get("/metrics")).text

    async def test_head(self, running: Running) -> None:
        assert (await running.client.head("/health")).status_code == 200
        assert (await running.client.head("/api/events")).status_code == 405


async def test_openapi_names_every_endpoint(running: Running) -> None:
    document = (await running.client.get("/openapi.json")).json()
    assert document["openapi"].startswith("3.1")
    assert document["paths"]["/health"]["get"]["security"] == []
    body = document["paths"]["/api/messages"]["post"]["requestBody"]["content"]
    assert body["application/json"]["schema"]["required"] == ["text"]
    documented = {
        "/health", "/status", "/metrics", "/openapi.json", "/api/messages", "/api/search",
        "/api/jobs", "/api/events",
    }  # fmt: skip
    assert documented <= set(document["paths"])


class TestListening:
    async def test_busy_port_is_one_warning(self, house: House, tmp_path: Path) -> None:
        lines: list[str] = []
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            web = Web(Http(port=port), tmp_path, house.backstage())
            sink = logger.add(lambda line: lines.append(str(line)), level="WARNING")
            try:
                await web.start()
            finally:
                logger.remove(sink)
            assert web.port == 0
            await web.close()
        assert len(lines) == 1
        assert f"no HTTP on 127.0.0.1:{port}" in lines[0]
        assert "http.port" in lines[0]

    @pytest.mark.parametrize("host", ["no-such-host.invalid", "192.0.2.1"])
    async def test_so_is_an_address_that_is_not_ours(
        self, house: House, tmp_path: Path, host: str
    ) -> None:
        web = Web(Http(host=host, port=0), tmp_path, house.backstage())
        await web.start()
        assert web.port == 0
        await web.close()

    async def test_signals_stay_the_daemons(self, start: Start) -> None:
        before = signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)
        async with start() as running:
            await running.client.get("/health")
            assert (signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)) == before

    async def test_many_at_once(self, running: Running) -> None:
        async def one(number: int) -> int:
            body: dict[str, Any] = {"text": f"t{number}", "conversation": f"c{number % 7}"}
            return (await running.client.post("/api/messages", json=body)).status_code

        assert set(await asyncio.gather(*map(one, range(60)))) == {200}
        assert len(running.house.asked) == 60

    async def test_ipv6(self, house: House, tmp_path: Path) -> None:
        try:
            socket.create_server(("::1", 0), family=socket.AF_INET6).close()
        except OSError:
            pytest.skip("this machine has no IPv6")
        web = Web(Http(host="::1", port=0), tmp_path, house.backstage())
        await web.start()
        try:
            base = f"http://[::1]:{web.port}"
            async with httpx.AsyncClient(base_url=base, timeout=PATIENCE) as client:
                assert (await client.get("/health")).status_code == 200
        finally:
            await web.close()


def test_nothing_of_it_is_loaded_before_it_is_asked_for() -> None:
    code = "import octopus.frontends, octopus.frontends.service, sys; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not set(done.stdout.split()) & {"uvicorn", "starlette", "prometheus_client", "h11"}


TASKS = {
    "Tasks.md": "- [ ] late 📅 2026-11-19\n- [x] done\n- [ ] some day #home/shed\n".encode(),
    "Plan.md": "- [ ] call Ann ⏰ 2026-11-20 15:30 ⏫ 🔁 every week 📅 2026-11-20\n".encode(),
}


class TestTodos:
    async def test_all_of_them_as_documented(self, running: Running) -> None:
        running.house.vault.files |= TASKS
        found = (await running.client.get("/api/todos")).json()["todos"]
        assert [todo["line"] for todo in found] == [1, 1, 3]
        assert found[1] == {
            "path": "Plan.md",
            "line": 1,
            "text": "call Ann ⏰ 2026-11-20 15:30 ⏫ 🔁 every week 📅 2026-11-20",
            "status": " ",
            "due": "2026-11-20",
            "remind_at": "2026-11-20T15:30:00+00:00",
            "priority": "high",
            "repeat": "every week",
            "tags": [],
        }

    @pytest.mark.parametrize(
        ("when", "count"),
        [
            ("today", 2),
            ("overdue", 1),
            ("week", 2),
            ("2026-11-20", 1),
            ("%23home", 1),
            ("%23ho", 0),
        ],
    )
    async def test_some_of_them(self, running: Running, when: str, count: int) -> None:
        running.house.vault.files |= TASKS
        found = (await running.client.get(f"/api/todos?when={when}")).json()["todos"]
        assert len(found) == count

    async def test_what_means_nothing_is_refused(self, running: Running) -> None:
        answer = await running.client.get("/api/todos?when=2026-02-30")
        assert answer.status_code == 400
        assert "2026-02-30" in answer.json()["message"]


async def test_the_armed_reminders(running: Running) -> None:
    assert (await running.client.get("/api/reminders")).json() == {"reminders": []}
    local = datetime(2026, 11, 21, 9, 0)  # noqa: DTZ001 - a wall clock
    at = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
    pills = Reminder(0, "take pills", local, "Europe/Berlin", at, "console", repeat="every day")
    await running.house.reminders.add(pills, job=1, step=1)
    assert (await running.client.get("/api/reminders")).json() == {
        "reminders": [
            {
                "id": 1,
                "text": "take pills",
                "at": "2026-11-21T09:00:00+01:00",
                "repeat": "every day",
                "path": None,
            }
        ]
    }
