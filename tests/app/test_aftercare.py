"""While the daemon runs, what an editor saved over is made again, and told with one quiet line."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from octopus.app import aftercare
from octopus.app.aftercare import Aftercare
from octopus.core.effect import Effect, EffectState, Image, digest
from octopus.core.event import Bus, Event
from octopus.core.job import Job
from octopus.core.message import Message, Reply
from octopus.errors import Conflict, VaultUnavailable
from tests.fakes.ports import NOON, FakeClock, FakeEffects, FakeJournal, FakeVault
from tests.patience import PATIENCE

BEFORE = b"# List\n\nmilk\n"
AFTER = b"# List\n\nmilk\nbread\n"
SAVED = b"# List\n\nmilk\neggs\n"  # by an editor that had read BEFORE


class LivelyVault(FakeVault):
    """A vault in which others write; ``errors`` are raised first, the last of them first."""

    def __init__(self) -> None:
        super().__init__({"List.md": AFTER})
        self.saved_at: datetime | None = NOON + timedelta(seconds=3)
        self.errors: list[Exception] = []
        self.looks = 0
        self.looked = asyncio.Event()

    async def saved(self, path: str) -> datetime | None:
        return self.saved_at

    async def rescue(self) -> int:
        self.looks += 1
        self.looked.set()
        if self.errors:
            raise self.errors.pop()
        return 0


class House:
    """One change of a note by job 1, the words that were said, and the one who looks."""

    def __init__(self, language: str = "en") -> None:
        self.vault = LivelyVault()
        self.effects = FakeEffects()
        self.journal = FakeJournal()
        self.clock = FakeClock()
        self.bus = Bus()
        self.told: list[tuple[int, Reply]] = []
        self.care = Aftercare(
            self.effects, self.vault, self.clock, self.journal, self.bus, language, self.tell
        )

    async def tell(self, job: Job, reply: Reply) -> None:
        self.told.append((job.id, reply))

    async def changed(self, before: bytes = BEFORE, after: bytes = AFTER) -> Effect:
        """As a skill changes a note."""
        (job,) = await self.journal.accept([Message("k:1", "telegram:42", "42", "bread", NOON)])
        effect = Effect(
            0,
            job.id,
            0,
            "telegram:42",
            "edit",
            "List.md",
            EffectState.INTENDED,
            digest(before),
            digest(after),
        )
        made = await self.effects.intend(effect, Image(before, after))
        return await self.effects.finish(replace(made, state=EffectState.DONE))


@pytest.fixture
async def house(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[House]:
    monkeypatch.setattr(aftercare, "TICK", 0.0)
    made = House()
    yield made
    await made.care.close()


async def looked_again(house: House) -> None:
    """Return when one more look has begun."""
    house.vault.looked.clear()
    async with asyncio.timeout(PATIENCE):
        await house.vault.looked.wait()


@pytest.mark.parametrize("language", ["en", "de", "ja"])
async def test_it_is_made_again_and_said_quietly_with_the_note(language: str) -> None:
    house = House(language)
    await house.changed()
    house.vault.files["List.md"] = SAVED
    house.clock.pass_(seconds=4)
    assert await house.care.look()
    assert house.vault.files["List.md"] == b"# List\n\nmilk\neggs\nbread\n"
    ((job, reply),) = house.told
    assert (job, reply.about, reply.silent) == (1, "List.md", True)
    assert "List.md" in reply.text
    house.clock.pass_(seconds=120)
    assert not await house.care.look()
    assert len(house.told) == 1


async def test_what_cannot_be_made_again_is_said_as_such(house: House) -> None:
    await house.changed(b"one\n", b"two\n")
    house.vault.files["List.md"] = b"three\n"
    house.clock.pass_(seconds=4)
    await house.care.look()
    assert house.vault.files["List.md"] == b"three\n"
    made, not_made = House(), [reply.text for _, reply in house.told]
    await made.changed()
    made.vault.files["List.md"] = SAVED
    made.clock.pass_(seconds=4)
    await made.care.look()
    assert len(not_made) == len(made.told) == 1
    assert not_made != [reply.text for _, reply in made.told]


async def test_a_job_that_is_forgotten_has_nobody_to_tell(house: House) -> None:
    await house.changed()
    house.journal.rows.clear()
    house.vault.files["List.md"] = SAVED
    house.clock.pass_(seconds=4)
    await house.care.look()
    assert b"bread" in house.vault.files["List.md"]
    assert house.told == []


async def test_by_default_the_journal_tells() -> None:
    house = House()
    care = Aftercare(house.effects, house.vault, house.clock, house.journal, house.bus, "en")
    await house.changed()
    house.vault.files["List.md"] = SAVED
    house.clock.pass_(seconds=4)
    await care.look()
    assert [job for job, _ in house.journal.told] == [1]


@pytest.mark.parametrize(
    "error", [VaultUnavailable("away"), Conflict("changed"), ZeroDivisionError("a bug")]
)
async def test_a_look_that_fails_is_made_up_for(house: House, error: Exception) -> None:
    await house.changed()
    house.vault.files["List.md"] = SAVED
    house.clock.pass_(seconds=4)
    house.vault.errors = [error]
    assert await house.care.look()  # there is more to do by itself
    assert house.told == []
    assert await house.care.look()
    assert len(house.told) == 1


async def test_it_goes_on_by_itself_until_there_is_nothing_to_look_at(house: House) -> None:
    await house.changed()
    house.vault.errors = [ZeroDivisionError("a bug"), VaultUnavailable("away")]
    await house.care.start()
    for _ in range(4):
        await looked_again(house)
    house.vault.files["List.md"] = SAVED
    house.clock.pass_(seconds=4)
    async with asyncio.timeout(PATIENCE):
        while not house.told:
            await asyncio.sleep(0)
    assert b"bread" in house.vault.files["List.md"]


async def test_at_rest_it_waits_for_the_next_change_and_for_nothing_else(house: House) -> None:
    await house.care.start()
    await looked_again(house)
    for _ in range(20):
        house.bus.publish(Event("job.done", NOON))
        await asyncio.sleep(0)
    assert house.vault.looks == 1
    house.bus.publish(Event("effect.done", NOON))
    await looked_again(house)
    assert house.vault.looks == 2


async def test_a_change_while_it_looks_is_not_looked_past(house: House) -> None:
    went_on = asyncio.Event()
    rescue = house.vault.rescue

    async def slow() -> int:
        await went_on.wait()
        return await rescue()

    house.vault.rescue = slow  # type: ignore[method-assign]
    await house.care.start()
    await asyncio.sleep(0)
    house.bus.publish(Event("effect.done", NOON))  # during the first look
    went_on.set()
    async with asyncio.timeout(PATIENCE):
        while house.vault.looks < 2:
            await asyncio.sleep(0)


async def test_closed_it_looks_no_more_and_can_be_closed_before_its_start() -> None:
    house = House()
    await house.care.close()
    await house.care.start()
    await looked_again(house)
    await house.care.close()
    house.bus.publish(Event("effect.done", NOON))
    for _ in range(20):
        await asyncio.sleep(0)
    assert house.vault.looks == 1
