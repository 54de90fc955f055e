"""Messages that show to-dos are kept true: when notes change, and when the day does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from octopus.app import daemon
from octopus.app.build import Octopus
from octopus.app.live import Habits, LiveViews
from octopus.config import Config
from octopus.core.message import Button, Reply
from octopus.errors import VaultUnavailable
from tests.fakes.desk import Desk, reply_of
from tests.fakes.notes import FakeNotes
from tests.fakes.telegram import OWNER, FakeTelegram
from tests.patience import PATIENCE

#: Nothing waits for the clock.
QUICK = Habits(debounce=0.0, again=0.0)


def live(desk: Desk, habits: Habits = QUICK) -> tuple[LiveViews, FakeNotes]:
    notes = FakeNotes(desk.vault)
    return LiveViews(notes, desk.views, desk.vault, desk.clock, habits), notes


async def shown(desk: Desk, text: str) -> str:
    """Say something; the message in which it is answered."""
    return desk.shown(await desk.say(text))


async def test_ticked_in_obsidian_it_is_ticked_on_the_phone() -> None:
    async with Desk({"Tasks.md": b"- [ ] a\n- [ ] b\n"}).open() as desk:
        where = await shown(desk, "/todo")
        views, _ = live(desk)
        assert await views.refresh() == 0
        desk.vault.files["Tasks.md"] = "- [x] a ✅ 2026-11-20\n- [ ] b\n".encode()
        assert await views.refresh() == 1
        ((message_id, reply),) = desk.views.changed
        assert message_id == where
        assert "1. ☑ a" in reply.text
        assert [button.label for button in reply.buttons] == ["☑ 1. a", "☐ 2. b"]
        assert await views.refresh() == 0  # once


@pytest.mark.parametrize(
    ("now", "text"),
    [
        ("- [ ] buy a lamp 📅 2026-11-24\n", "☐ buy a lamp · Tue 24 Nov\nAdded to Tasks.md"),
        ("new\n\n- [ ] buy a lamp\n", None),
        ("- [ ] buy a red lamp\n", "☐ buy a red lamp\nAdded to Tasks.md"),
        ("- [-] buy a lamp ❌ 2026-11-20\n", "☒ buy a lamp\nAdded to Tasks.md"),
        ("- [ ] buy a lamp ⏫\n", "☐ buy a lamp · high\nAdded to Tasks.md"),
        ("", "not there any more: buy a lamp"),
    ],
)
async def test_whatever_the_owner_does_to_it(now: str, text: str | None) -> None:
    async with Desk().open() as desk:
        await shown(desk, "buy a lamp")
        desk.vault.files["Tasks.md"] = now.encode()
        await live(desk)[0].refresh()
        assert [reply.text for _, reply in desk.views.changed] == ([text] if text else [])


async def test_what_is_gone_and_comes_back_is_shown_again() -> None:
    async with Desk().open() as desk:
        await shown(desk, "buy a lamp")
        views, _ = live(desk)
        data = desk.vault.files.pop("Tasks.md")  # as sync tools do for a moment
        await views.refresh()
        desk.vault.files["Tasks.md"] = data
        await views.refresh()
        assert desk.views.changed[-1][1].text == "☐ buy a lamp\nAdded to Tasks.md"


async def test_what_is_gone_is_not_taken_for_what_stands_in_its_place_later() -> None:
    async with Desk().open() as desk:
        await shown(desk, "buy a lamp for Ann")
        views, _ = live(desk)
        for text in ("", "- [ ] buy a lamp for Bob\n"):
            desk.vault.files["Tasks.md"] = text.encode()
            await views.refresh()
        assert [reply.text for _, reply in desk.views.changed] == [
            "not there any more: buy a lamp for Ann"
        ]


async def test_a_chain_of_changes_is_followed() -> None:
    async with Desk().open() as desk:
        await shown(desk, "buy a lamp")
        views, _ = live(desk)
        for line in (
            "- [ ] buy a new lamp",
            "- [ ] buy a new lamp 📅 2026-11-24",
            "- [ ] get a new lamp 📅 2026-11-24",
            "- [x] get a new lamp 📅 2026-11-24 ✅ 2026-11-20",
        ):
            desk.vault.files["Tasks.md"] = f"{line}\n".encode()
            assert await views.refresh() == 1
        assert desk.views.changed[-1][1].text.startswith("☑ get a new lamp")


async def test_words_and_buttons_that_others_put_around_it_stay() -> None:
    async with Desk().open() as desk:
        job = await desk.say("buy a lamp")
        reply = reply_of(job)
        extra = Button("More", "note.open", {"note": "x"}, "extra")
        around = Reply(
            text=f"By the way.\n{reply.text}", buttons=(*reply.buttons, extra), view=reply.view
        )
        desk.shown(job)
        desk.journal.rows[job.id] = job.__class__(
            job.id, job.message, job.received_at, reply=around
        )
        desk.vault.files["Tasks.md"] = b"- [x] buy a lamp\n"
        await live(desk)[0].refresh()
        ((_, changed),) = desk.views.changed
        assert changed.text == "By the way.\n☑ buy a lamp\nAdded to Tasks.md"
        assert changed.buttons[-1] == extra


async def test_the_message_of_the_day_turns_over_at_midnight() -> None:
    note = "- [ ] a 📅 2026-11-20\n- [ ] b 📅 2026-11-21\n"
    async with Desk({"Tasks.md": note.encode()}).open() as desk:
        await shown(desk, "/today")
        views, _ = live(desk)
        desk.clock.moment = datetime(2026, 11, 20, 23, 59, tzinfo=UTC)
        assert await views.refresh() == 0
        desk.clock.pass_(minutes=2)
        assert await views.refresh() == 1
        ((_, reply),) = desk.views.changed
        assert reply.text.splitlines() == [
            "Today, Sat 21 Nov",
            "",
            "Overdue",
            "1. ☐ a · Fri 20 Nov",
            "",
            "Today",
            "2. ☐ b · today, Sat 21 Nov",
        ]
        assert not reply.pin


async def test_other_conversations_are_left_alone() -> None:
    async with Desk().open() as desk:
        desk.shown(await desk.say("buy a lamp", "console"))
        desk.vault.files["Tasks.md"] = b""
        assert await live(desk)[0].refresh() == 0


class Broken(FakeNotes):
    """Fails as often as it is told to."""

    failures: list[Exception]
    asked = 0

    async def todos(self, paths: Collection[str] | None = None) -> Any:
        self.asked += 1
        if self.failures:
            raise self.failures.pop()
        return await super().todos(paths)


async def test_a_vault_that_is_away_and_a_mistake_of_ours_end_nothing() -> None:
    async with Desk().open() as desk:
        await shown(desk, "buy a lamp")
        notes = Broken(desk.vault)
        notes.failures = [RuntimeError("ours"), VaultUnavailable()]
        views = LiveViews(notes, desk.views, desk.vault, desk.clock, QUICK)
        desk.vault.files["Tasks.md"] = b"- [x] buy a lamp\n"
        await views.start()
        async with asyncio.timeout(PATIENCE):
            while not desk.views.changed:
                notes.tell("Tasks.md")
                await asyncio.sleep(0)
        await views.close()
        assert notes.asked >= 3
        assert desk.views.changed[0][1].text.startswith("☑ buy a lamp")


async def test_many_changes_at_once_are_looked_at_together() -> None:
    async with Desk().open() as desk:
        await shown(desk, "buy a lamp")
        notes = Broken(desk.vault)
        notes.failures = []
        views = LiveViews(notes, desk.views, desk.vault, desk.clock, Habits(debounce=0.01))
        await views.start()
        for number in range(500):
            desk.vault.files["Tasks.md"] = f"- [ ] buy a lamp\n- [ ] {number}\n".encode()
            notes.tell("Tasks.md")
        desk.vault.files["Tasks.md"] = b"- [x] buy a lamp\n"
        async with asyncio.timeout(PATIENCE):
            while not desk.views.changed:
                await asyncio.sleep(0.001)
        await views.close()
        assert notes.asked <= 3
        assert len(desk.views.changed) == 1


async def test_it_wakes_when_the_day_changes() -> None:
    async with Desk().open() as desk:
        views, _ = live(desk)
        desk.clock.moment = datetime(2026, 11, 20, 23, 59, 30, tzinfo=UTC)
        assert views._to_midnight() == pytest.approx(31.0)
        desk.clock.moment -= timedelta(hours=9)
        assert views._to_midnight() == 3600.0  # the owner may have moved to another zone


# The whole way: a phone, a vault, and everything between.


class Phone:
    """A daemon's parts on a fake Bot API, and the owner's folder."""

    def __init__(self, fake: FakeTelegram, octopus: Octopus) -> None:
        self.fake = fake
        self.octopus = octopus

    async def says(self, text: str) -> int:
        """Send a message and wait for its answer; the answer's id."""
        sent = self.fake.owner_says(text)
        await self.fake.wait_for(lambda: self.fake.answers_to(sent))
        return int(self.fake.answers_to(sent)[-1]["message_id"])

    def text(self, message_id: int) -> str:
        """What the message shows."""
        return str(next(m["text"] for m in self.fake.shown() if m["message_id"] == message_id))

    async def reads(self, message_id: int, words: str) -> None:
        """Wait until the message shows these words."""
        await self.fake.wait_for(lambda: words in self.text(message_id))

    def write(self, path: str, change: Callable[[str], str]) -> None:
        """The owner edits a note; the watcher tells."""
        file = self.octopus.vault_path / path
        file.write_text(change(file.read_text("utf-8")), "utf-8")
        self.octopus.hint(path)


@asynccontextmanager
async def phone(fake: FakeTelegram, folder: Path) -> AsyncIterator[Phone]:
    config = Config.model_validate(
        {
            "vault": {"path": str(folder / "vault")},
            "state": {"path": str(folder / "state")},
            "http": {"enabled": False},
            "ollama": {"url": "http://127.0.0.1:9"},
            "telegram": {
                "token": fake.token,
                "allowed_users": [OWNER],
                "api_base": fake.url,
                "poll_timeout": 2,
                "chat_interval": 0,
                "total_rate": 0,
            },
        }
    )
    octopus = Octopus(config, config.state.path)
    telegram = daemon._telegram(octopus)
    assert telegram is not None
    views = LiveViews(
        octopus.notes,
        octopus.views,
        octopus.vault,
        octopus.clock,
        Habits(debounce=0.01, again=0.05),
    )
    async with octopus.opened(index=False):
        await telegram.start()
        await octopus.open_derived()
        await views.start()
        try:
            yield Phone(fake, octopus)
        finally:
            await views.close()
            await telegram.close(grace=1.0)


async def test_from_the_phone_to_the_vault_and_back(tmp_path: Path) -> None:
    (tmp_path / "vault").mkdir()
    async with FakeTelegram() as fake:
        async with phone(fake, tmp_path) as here:
            receipt = await here.says("buy a lamp")
            day = await here.says("/today")
            assert "Nothing is due" in here.text(day)
            await fake.wait_for(lambda: fake.chat(OWNER).pinned == [day])
            here.write("Tasks.md", lambda text: text.replace("[ ]", "[x]"))
            await here.reads(receipt, "☑ buy a lamp")
            here.write("Tasks.md", lambda text: text + "- [ ] old debts 📅 2020-01-01\n")
            await here.reads(day, "1. ☐ old debts")
            fake.press(day, "☐ 1. old debts")
            await here.reads(day, "☑ old debts")
            assert "- [x] old debts 📅 2020-01-01 ✅" in (tmp_path / "vault/Tasks.md").read_text(
                "utf-8"
            )
            second = await here.says("/today")
            await fake.wait_for(lambda: fake.chat(OWNER).pinned == [second])
            count = len(fake.shown())
        async with phone(fake, tmp_path) as here:  # as after a restart
            here.write("Tasks.md", lambda text: text + "- [ ] new debts 📅 2020-01-01\n")
            await here.reads(second, "☐ new debts")
            assert "new debts" not in here.text(day)  # that one stays as it was
            assert len(fake.shown()) == count  # edits, no new messages
            assert fake.chat(OWNER).pinned == [second]
