"""The owner is told of each conflict copy once, of many in one message."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence

import pytest

from octopus.app.conflicts import TOLD, Conflicts
from octopus.core.message import Kind, Message
from octopus.errors import VaultUnavailable
from tests.fakes.notes import FakeNotes
from tests.fakes.ports import FakeClock, FakeVault

COPY = "Plan.sync-conflict-20261120-093000-ABCDEFG.md"


class Memory:
    """Facts in a dictionary."""

    def __init__(self) -> None:
        self.facts: dict[str, str] = {}

    async def remembered(self, key: str) -> str | None:
        return self.facts.get(key)

    async def remember(self, key: str, value: str) -> None:
        self.facts[key] = value


class House:
    """A vault, a memory, and what was accepted."""

    def __init__(self) -> None:
        self.vault = FakeVault({"Plan.md": b"one"})
        self.notes = FakeNotes(self.vault)
        self.memory = Memory()
        self.accepted: list[Message] = []
        self.heard = asyncio.Event()

    async def accept(self, messages: Sequence[Message]) -> None:
        known = {message.key for message in self.accepted}  # as the journal does
        self.accepted += [message for message in messages if message.key not in known]
        self.heard.set()

    def watch(self) -> Conflicts:
        home = ("telegram:42", "42")
        return Conflicts(self.notes, self.memory, self.accept, FakeClock(), home, collect=0.0)


async def test_each_is_told_once_in_the_owners_chat() -> None:
    house = House()
    watch = house.watch()
    assert await watch.look() == 0
    house.vault.files[COPY] = b"two"
    assert await watch.look() == 1
    assert await watch.look() == await house.watch().look() == 0
    (message,) = house.accepted
    assert (message.conversation, message.user, message.kind) == ("telegram:42", "42", Kind.ACT)
    assert json.loads(message.press) == {
        "intent": "conflict.notice",
        "args": {"paths": [COPY]},
        "language": "en",
    }


async def test_fifty_are_one_message_and_one_more_is_another() -> None:
    house = House()
    for number in range(50):
        house.vault.files[f"N{number}.sync-conflict-20261120-093000-ABCDEFG.md"] = b""
    assert await house.watch().look() == 50
    house.vault.files[COPY] = b""
    assert await house.watch().look() == 1
    paths = [len(json.loads(message.press)["args"]["paths"]) for message in house.accepted]
    assert paths == [50, 1]


async def test_killed_before_it_is_remembered_it_is_the_same_job() -> None:
    house = House()
    house.vault.files[COPY] = b""
    await house.watch().look()
    del house.memory.facts[TOLD]
    await house.watch().look()
    assert len(house.accepted) == 1


async def test_what_is_gone_is_forgotten() -> None:
    house = House()
    house.vault.files[COPY] = b""
    await house.watch().look()
    del house.vault.files[COPY]
    await house.watch().look()
    assert house.memory.facts[TOLD] == "[]"


async def test_it_looks_whenever_the_vault_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    house, faults = House(), [VaultUnavailable("away"), RuntimeError("odd")]
    conflicts = house.notes.conflicts

    async def faulty() -> object:
        if faults:
            raise faults.pop()
        return await conflicts()

    monkeypatch.setattr(house.notes, "conflicts", faulty)
    watch = house.watch()
    await watch.start()
    house.vault.files[COPY] = b""
    while not house.heard.is_set():  # after every fault it looks again
        house.notes.tell(COPY)
        await asyncio.sleep(0)
    await watch.close()
    assert len(house.accepted) == 1
