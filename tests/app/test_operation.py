"""What commands ask of the daemon: over its socket, with jobs that fail, wait and are revived."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from octopus.app.build import Octopus
from octopus.app.operation import operations
from octopus.config import Config
from octopus.core.job import State
from octopus.errors import NotFound, OctopusError, UserError, VaultUnavailable
from octopus.frontends.control import ControlServer, request
from tests.patience import PATIENCE


@pytest.fixture
async def octopus(tmp_path: Path) -> AsyncIterator[Octopus]:
    """A whole Octopus, which answers on its socket as the daemon does."""
    (tmp_path / "vault").mkdir()
    config = Config.model_validate(
        {
            "vault": {"path": str(tmp_path / "vault")},
            "state": {"path": str(tmp_path / "state")},
            "http": {"enabled": False},
            "ollama": {"url": "http://127.0.0.1:9"},
        }
    )
    made = Octopus(config, config.state.path)
    async with made.opened():
        server = ControlServer(made.state, operations(made))
        await server.start()
        yield made
        await server.close()


async def ask(octopus: Octopus, text: str) -> dict[str, Any]:
    answer: dict[str, Any] = await request(octopus.state, "ask", text=text, conversation="cli:ask")
    return answer


async def act(octopus: Octopus, intent: str, **args: Any) -> dict[str, Any]:
    answer: dict[str, Any] = await request(octopus.state, "act", intent=intent, args=args)
    return answer


@pytest.mark.parametrize(
    ("op", "values"),
    [
        ("ask", {}),
        ("ask", {"text": "hello"}),
        ("press", {"job": 1}),
        ("act", {"intent": "help"}),
        ("search", {"query": "lamp"}),
        ("jobs.retry", {}),
        ("jobs.cancel", {}),
    ],
)
async def test_a_request_that_lacks_something_is_refused_and_the_next_is_answered(
    octopus: Octopus, op: str, values: Mapping[str, Any]
) -> None:
    with pytest.raises(OctopusError, match="KeyError"):
        await request(octopus.state, op, **values)
    assert (await ask(octopus, "note: lamp"))["effects"]


async def test_the_to_dos_of_a_reply_come_as_they_stand_now(octopus: Octopus) -> None:
    for text in ("buy milk", "call Ann"):
        await ask(octopus, f"todo: {text}")
    shown = await act(octopus, "todo.list")
    assert [todo["text"] for todo in shown["todos"]] == ["buy milk", "call Ann"]
    note = next(octopus.vault_path.rglob("*.md"))
    assert all(todo["path"] == note.name for todo in shown["todos"])
    assert not shown["failed"]


async def test_a_reply_without_to_dos_has_none(octopus: Octopus) -> None:
    assert (await act(octopus, "help"))["todos"] == []


@pytest.mark.parametrize("number", [0, -1, 99, 2**62])
async def test_a_job_that_never_was_is_neither_revived_nor_cancelled(
    octopus: Octopus, number: int
) -> None:
    for op in ("jobs.retry", "jobs.cancel"):
        with pytest.raises(UserError, match=str(number)):
            await request(octopus.state, op, job=number)


async def ended(octopus: Octopus, number: int) -> State:
    """The state of a job once it is settled."""
    async with asyncio.timeout(PATIENCE):
        while (job := await octopus.journal.job(number)) and not job.state.settled:
            await asyncio.sleep(0.002)
    assert job is not None
    return job.state


async def test_a_job_that_died_is_revived_once_what_killed_it_is_mended(
    octopus: Octopus, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*args: Any, **more: Any) -> Any:
        raise ZeroDivisionError

    pace = replace(octopus.supervisor._pace, attempts=1, last_chance=0.0)
    monkeypatch.setattr(octopus.supervisor, "_pace", pace)
    with monkeypatch.context() as patched:
        patched.setattr(octopus.index, "search", broken)
        died = await ask(octopus, "search lamp")
        assert await ended(octopus, died["job"]) is State.DEAD
    revived = await request(octopus.state, "jobs.retry", job=died["job"])
    assert [each["id"] for each in revived["jobs"]] == [died["job"]]
    assert await ended(octopus, died["job"]) is State.DONE
    with pytest.raises(UserError, match="neither dead nor cancelled"):
        await request(octopus.state, "jobs.retry", job=died["job"])


async def test_a_job_that_runs_is_cancelled_and_can_be_revived(
    octopus: Octopus, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = asyncio.Event()

    async def hang(*args: Any, **more: Any) -> Any:
        begun.set()
        await asyncio.Event().wait()

    with monkeypatch.context() as patched:
        patched.setattr(octopus.index, "search", hang)
        asking = asyncio.create_task(ask(octopus, "search lamp"))
        async with asyncio.timeout(PATIENCE):
            await begun.wait()
        (job,) = await octopus.journal.jobs()
        cancelled = await request(octopus.state, "jobs.cancel", job=job.id)
        assert [each["id"] for each in cancelled["jobs"]] == [job.id]
        assert await ended(octopus, job.id) is State.CANCELLED
        async with asyncio.timeout(PATIENCE):
            assert (await asking)["job"] == job.id  # who asked is not left waiting
    with pytest.raises(UserError, match="neither waits nor runs"):
        await request(octopus.state, "jobs.cancel", job=job.id)
    await request(octopus.state, "jobs.retry", job=job.id)
    assert await ended(octopus, job.id) is State.DONE


async def test_a_job_that_is_gone_once_it_is_cancelled_is_not_there(
    octopus: Octopus, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def cancelled(job: int) -> bool:
        return True

    monkeypatch.setattr(octopus.supervisor, "cancel", cancelled)
    with pytest.raises(NotFound, match="no job 7"):
        await request(octopus.state, "jobs.cancel", job=7)


async def test_a_rebuild_that_fails_is_told_to_who_asked(
    octopus: Octopus, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def rebuild(progress: Any) -> None:
        progress(0.5)
        raise VaultUnavailable("The disk of the vault is full.")

    monkeypatch.setattr(octopus.index, "rebuild", rebuild)
    heard: list[float] = []
    with pytest.raises(VaultUnavailable, match="full"):
        await request(octopus.state, "index.rebuild", heard.append)
    assert heard in ([0.5], [])  # a step may come too late to be told


async def test_a_button_is_pressed_by_its_own_job_alone(octopus: Octopus) -> None:
    asked, other = [await ask(octopus, f"note: buy a {thing}") for thing in ("lamp", "torch")]
    press = {"job": asked["job"], "button": asked["buttons"][0]["id"]}
    with pytest.raises(NotFound):
        await request(
            octopus.state, "press", conversation="cli:ask", **press | {"job": other["job"]}
        )
    assert len(list((octopus.vault_path / "Inbox").rglob("*.md"))) == 2
    undone = await request(octopus.state, "press", **press, conversation="cli:ask")
    assert undone["intent"] == "undo"
    assert len(list((octopus.vault_path / "Inbox").rglob("*.md"))) == 1
