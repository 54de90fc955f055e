"""The parts put together: what is refused, remembered, and closed whatever happens."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from octopus.app.build import FrontEndFiles, Octopus, skills
from octopus.app.examine import examine
from octopus.app.index import searching
from octopus.app.operation import operations
from octopus.app.owner import owner
from octopus.backends.lock import hold, is_held
from octopus.config import Config
from octopus.core.message import Attachment
from octopus.errors import BusyError, DeliveryRefused, NotFound, UserError, VaultUnavailable
from tests.fakes.ports import FakeFiles

Make = Callable[..., Octopus]


@pytest.fixture
def config(tmp_path: Path) -> Config:
    (tmp_path / "vault").mkdir()
    return Config.model_validate(
        {
            "vault": {"path": str(tmp_path / "vault")},
            "state": {"path": str(tmp_path / "state")},
            "http": {"enabled": False},
            "ollama": {"url": "http://127.0.0.1:9"},
        }
    )


@pytest.fixture
def make(config: Config) -> Make:
    return lambda: Octopus(config, config.state.path)


async def nothing(document: object) -> None:
    """Nobody wants to know how far it is."""


async def test_opened_it_holds_its_state_and_closed_it_does_not(make: Make) -> None:
    octopus = make()
    async with octopus.opened():
        assert is_held(octopus.state)
        assert await octopus.alive()
        assert set(await octopus.status()) >= {"Jobs", "Notes", "Model"}
    assert not is_held(octopus.state)
    assert not octopus.supervisor.alive()


async def test_a_state_that_is_held_is_refused_and_nothing_is_left_open(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("octopus.backends.lock.hold_soon.__wrapped__.__defaults__", (0.0,))
    octopus = make()
    with hold(octopus.state), pytest.raises(BusyError):
        async with octopus.opened():
            raise AssertionError
    assert not is_held(octopus.state)
    async with make().opened():
        pass


async def test_what_was_left_is_done_at_the_next_start(make: Make) -> None:
    first = make()
    async with first.opened():
        first.supervisor._stopping = True  # accepted, and the process ends before its turn
        message = asyncio.ensure_future(first.ask("note: buy a lamp", "cli:ask"))
        while not await first.journal.jobs():
            await asyncio.sleep(0)
    message.cancel()
    second = make()
    async with second.opened():
        while not (await second.journal.jobs())[0].state.settled:
            await asyncio.sleep(0)
    assert [path.name for path in second.vault_path.rglob("*.md")] != []


async def test_a_vault_that_had_notes_and_is_empty_is_not_mounted(make: Make) -> None:
    first = make()
    async with first.opened():
        await first.ask("note: buy a lamp", "cli:ask")
    first.vault_path.rename(first.vault_path.with_name("elsewhere"))
    first.vault_path.mkdir()
    second = make()
    async with second.opened():
        with pytest.raises(VaultUnavailable, match="Your message is kept"):
            await second.ask("note: buy a torch", "cli:ask")
    assert list(first.vault_path.iterdir()) == []
    checks = {check["name"]: check for check in await examine(second.config)}
    assert not checks["vault"]["ok"]
    assert "mounted" in checks["vault"]["detail"]


async def test_leftovers_of_a_crash_are_swept_at_start(make: Make) -> None:
    octopus = make()
    left = octopus.vault_path / ".octopus-0123.tmp"
    left.write_bytes(b"half")
    async with octopus.opened():
        assert not left.exists()


async def test_operations_answer_as_documented(make: Make) -> None:
    octopus = make()
    (octopus.vault_path / "Kept.md").write_text("so that the vault is never empty")
    async with octopus.opened():
        do = operations(octopus)
        asked = await do["ask"]({"text": "note: lamp", "conversation": "cli:ask"}, nothing)
        assert asked["effects"]
        await octopus.index.settle()
        assert (await do["search"]({"query": "lamp", "limit": 5}, nothing))["total"] == 1
        button = asked["buttons"][0]["id"]
        press = {"job": asked["job"], "button": button, "conversation": "cli:ask"}
        assert (await do["press"](press, nothing))["intent"] == "undo"
        with pytest.raises(NotFound):
            await do["press"](press | {"button": "forged"}, nothing)
        for name in ("jobs.retry", "jobs.cancel"):
            with pytest.raises(UserError):
                await do[name]({"job": asked["job"]}, nothing)
        await octopus.index.settle()
        assert (await do["index.status"]({}, nothing))["notes"] == 1
        failed = await do["act"]({"intent": "none such", "args": {}}, nothing)
        assert failed["failed"]
        assert "Model" in await do["status"]({}, nothing)


async def test_a_rebuild_says_how_far_it_is(make: Make) -> None:
    octopus = make()
    for number in range(30):
        (octopus.vault_path / f"{number}.md").write_text(f"lamp {number}")
    heard: list[float] = []

    async def say(document: Mapping[str, Any]) -> None:
        heard.append(document["progress"])

    async with octopus.opened():
        status = await operations(octopus)["index.rebuild"]({}, say)
    assert status["indexed"] == 30
    assert heard
    assert heard == sorted(heard)
    assert 0 <= heard[0] <= heard[-1] <= 1


async def test_prune_runs_over_a_state_that_is_in_use(make: Make) -> None:
    octopus = make()
    async with octopus.opened():
        await octopus.ask("note: lamp", "cli:ask")
        await octopus.prune()
        assert len(await octopus.journal.jobs()) == 1


async def test_a_search_beside_a_daemon_and_without_one(make: Make, config: Config) -> None:
    (config.vault.path / "Lamp.md").write_text("lamp")
    async with searching(config) as index:
        assert (await index.search("lamp")).total == 1
    async with make().opened(), searching(config) as index:
        assert (await index.search("lamp")).total == 1


async def test_files_are_fetched_by_the_front_end_that_they_came_through() -> None:
    files = FrontEndFiles()
    files.by_front_end["telegram"] = FakeFiles({"p": b"x"})
    assert await files.fetch("telegram:42", Attachment("photo", "p")) == b"x"
    with pytest.raises(DeliveryRefused):
        await files.fetch("cli:ask", Attachment("photo", "p"))


def test_every_skill_is_found_and_the_owner_can_give_it_more_time() -> None:
    found = skills({"search": 7.0})
    assert {"note.add", "search", "chat", "undo", "capture", "help"} <= set(found)
    assert found["search"].deadline == 7.0
    assert found["note.add"].deadline == 60.0


def test_the_owner_is_who_the_settings_say(config: Config) -> None:
    settings = Config.model_validate(
        {"owner": {"language": "de", "timezone": "Asia/Tokyo", "morning": "06:30"}}
    )
    who = owner(settings)
    assert (who.language, str(who.zone), who.morning.hour) == ("de", "Asia/Tokyo", 6)
