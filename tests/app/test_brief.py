"""Each telling once a day, over kills, outages and clocks that are set; nobody is told unasked
who has never written."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from octopus.app.brief import Briefs, Habits, Telling
from octopus.app.build import Octopus
from octopus.backends.sqlite import Database, SqliteJournal
from octopus.config import Config
from octopus.core.event import Bus
from octopus.core.job import Job, State
from octopus.core.message import Message, Reply
from octopus.core.outgoing import Act
from tests.app.test_live import phone
from tests.fakes.ports import FakeClock, FakeJournal
from tests.fakes.telegram import OWNER, FakeTelegram
from tests.patience import PATIENCE

BERLIN = ZoneInfo("Europe/Berlin")
MORNING = Telling("brief", time(9), time(12))
EVENING = Telling("review", time(19), time.max)
HABITS = Habits((MORNING, EVENING), (42,))


def clock(text: str) -> FakeClock:
    return FakeClock(datetime.fromisoformat(text).replace(tzinfo=BERLIN))


def written(key: str = "k") -> Message:
    """The owner has written once, so the bot may write."""
    moment = datetime(2026, 11, 1, tzinfo=BERLIN)
    return Message(key, "telegram:42", "42", "hello", moment, message_id="1")


async def known(journal: FakeJournal | SqliteJournal) -> None:
    for job in await journal.accept([written()]):
        await journal.settle(job, State.DONE, Reply())


def keys(journal: FakeJournal) -> list[str]:
    return [job.message.key for job in journal.rows.values()][1:]


async def run(
    at: FakeClock, journal: FakeJournal, minutes: int, habits: Habits = HABITS
) -> list[str]:
    """Look every minute for a while; what was written down."""
    briefs = Briefs(journal.accept, journal, at, habits)
    for _ in range(minutes):
        await briefs.look()
        at.pass_(minutes=1)
    return keys(journal)


async def test_each_once_a_day() -> None:
    journal = FakeJournal()
    await known(journal)
    assert await run(clock("2026-11-20T00:00"), journal, 3 * 24 * 60) == [
        f"{intent}:2026-11-{day}:telegram:42"
        for day in (20, 21, 22)
        for intent in ("brief", "review")
    ]


async def test_what_is_asked_for() -> None:
    journal = FakeJournal()
    await known(journal)
    await run(clock("2026-11-20T09:00"), journal, 1, Habits((MORNING,), (42,), "de"))
    message = journal.rows[2].message
    assert (message.conversation, message.user, message.text) == ("telegram:42", "42", "")
    assert '"language": "de"' in message.press
    assert "2026-11-20T12:00:00+01:00" in message.press


@pytest.mark.parametrize(
    ("now", "told"),
    [
        ("08:59", []),
        ("09:00", ["brief"]),
        ("11:59", ["brief"]),
        ("12:01", []),
        ("18:59", []),
        ("19:00", ["review"]),
        ("23:59", ["review"]),
    ],
)
async def test_not_hours_late(now: str, told: list[str]) -> None:
    """The process was away, and looks again at this time."""
    journal = FakeJournal()
    await known(journal)
    found = await run(clock(f"2026-11-20T{now}"), journal, 1)
    assert [key.partition(":")[0] for key in found] == told


@pytest.mark.parametrize(
    ("now", "then"),
    [
        ("2026-11-20T08:00", "2026-11-20T09:00"),
        ("2026-11-20T09:00", "2026-11-20T19:00"),
        ("2026-11-20T19:30", "2026-11-21T09:00"),
        ("2026-10-24T20:00", "2026-10-25T09:00"),  # the clock is put back in the night
    ],
)
async def test_when_to_look_again(now: str, then: str) -> None:
    journal = FakeJournal()
    at = clock(now)
    found = await Briefs(journal.accept, journal, at, HABITS).look()
    assert found == datetime.fromisoformat(then).replace(tzinfo=BERLIN)


async def test_nothing_to_tell_is_never() -> None:
    journal = FakeJournal()
    assert await Briefs(journal.accept, journal, clock("2026-11-20T10:00"), Habits()).look() is None


async def test_who_never_wrote_is_not_written_to() -> None:
    journal = FakeJournal()
    at = clock("2026-11-20T09:30")
    briefs = Briefs(journal.accept, journal, at, HABITS)
    await briefs.look()
    assert journal.rows == {}
    await known(journal)
    await briefs.look()
    assert keys(journal) == ["brief:2026-11-20:telegram:42"]


async def test_a_day_has_one_even_if_the_clock_is_set_back_and_the_zone_changes() -> None:
    journal = FakeJournal()
    await known(journal)
    at = clock("2026-11-20T09:10")
    briefs = Briefs(journal.accept, journal, at, HABITS)
    await briefs.look()
    at.pass_(hours=-1)
    await briefs.look()
    at.pass_(hours=1)
    await briefs.look()
    at.moment = at.moment.astimezone(ZoneInfo("America/New_York")) + timedelta(hours=6)
    await briefs.look()
    assert keys(journal) == ["brief:2026-11-20:telegram:42"]


async def test_a_journal_that_fails_is_asked_again() -> None:
    journal = FakeJournal()
    await known(journal)
    briefs = Briefs(journal.accept, journal, clock("2026-11-20T09:10"), HABITS)
    journal.fail["accept"] = 1
    with pytest.raises(OSError, match="told to fail"):
        await briefs.look()
    await briefs.look()
    assert len(keys(journal)) == 1


@given(st.lists(st.integers(-90, 240), min_size=1, max_size=60))
@settings(deadline=None)
async def test_however_the_clock_runs_and_the_process_starts(steps: list[int]) -> None:
    """The oracle: of each day on which somebody looked in time, one; never another."""
    journal, at = FakeJournal(), clock("2026-03-28T07:00")  # over the change of the clock
    await known(journal)
    wanted = set()
    for number, step in enumerate(steps):
        if number % 3 == 0:  # killed and started again
            briefs = Briefs(journal.accept, journal, at, HABITS)
        await briefs.look()
        now = at.now()
        if time(9) <= now.time() <= time(12):
            wanted.add(f"brief:{now.date()}:telegram:42")
        if now.time() >= time(19):
            wanted.add(f"review:{now.date()}:telegram:42")
        at.pass_(minutes=step)
    assert sorted(keys(journal)) == sorted(wanted)


class TestHabits:
    def test_as_the_owner_has_set_it(self) -> None:
        config = Config.model_validate(
            {
                "owner": {"morning": "07:30", "evening": "21:00", "language": "de"},
                "telegram": {"token": "1:a", "allowed_users": [42, 7]},
            }
        )
        assert Habits.of(config) == Habits(
            (Telling("brief", time(7, 30), time(12)), Telling("review", time(21), time.max)),
            (42, 7),
            "de",
        )

    @pytest.mark.parametrize(
        ("morning", "noon", "end"),
        [("09:00", "12:00", time(12)), ("11:30", "12:00", time(14, 30)), ("22:30", "12:00", None)],
    )
    def test_until_noon_or_three_hours(self, morning: str, noon: str, end: time | None) -> None:
        config = Config.model_validate({"owner": {"morning": morning, "noon": noon}})
        assert Habits.of(config).tellings[0].end == (end or time.max)

    def test_switched_off(self) -> None:
        config = Config.model_validate({"agenda": {"brief": False, "review": False}})
        assert Habits.of(config).tellings == ()

    def test_without_telegram_nobody_is_told(self) -> None:
        config = Config.model_validate({"telegram": {"allowed_users": [42]}})
        assert Habits.of(config).users == ()


# With the real store.


@asynccontextmanager
async def store(path: Path) -> AsyncIterator[SqliteJournal]:
    database = Database(path)
    await database.open()
    try:
        yield SqliteJournal(database, Bus(), "boot")
    finally:
        await database.close()


async def test_two_starts_write_one_down(tmp_path: Path) -> None:
    at = clock("2026-11-20T09:10")
    for _ in range(3):
        async with store(tmp_path / "octopus.db") as journal:
            await known(journal)
            await Briefs(journal.accept, journal, at, HABITS).look()
            found = [job.message.key for job in await journal.jobs()]
            assert found == ["brief:2026-11-20:telegram:42", "k"]


def make(tmp_path: Path, at: FakeClock) -> Octopus:
    vault = tmp_path / "vault"
    vault.mkdir(exist_ok=True)
    (vault / "Tasks.md").write_text("- [ ] buy milk 📅 2026-11-20\n", encoding="utf-8")
    config = Config.model_validate(
        {
            "vault": {"path": vault},
            "state": {"path": tmp_path / "state"},
            "owner": {"timezone": "Europe/Berlin"},
            "telegram": {"token": "1:a", "allowed_users": [42]},
        }
    )
    octopus = Octopus(config, tmp_path / "state")
    octopus.clock.now = at.now  # type: ignore[method-assign]
    return octopus


async def settled(octopus: Octopus, intent: str) -> Job:
    """The job of a telling once it is settled."""
    with octopus.bus.subscribe() as events:
        async with asyncio.timeout(PATIENCE):
            while True:
                for job in await octopus.journal.jobs():
                    if job.message.key.startswith(intent) and job.state.settled:
                        return job
                await events.get()


async def test_from_the_clock_to_the_outbox_silently_and_once(tmp_path: Path) -> None:
    at = clock("2026-11-20T09:00")
    for _ in range(2):
        octopus = make(tmp_path, at)
        async with octopus.opened():
            await octopus.supervisor.ask(written())
            assert await octopus.look() == at.now().replace(hour=19, minute=0)
            job = await settled(octopus, "brief")
            assert job.state is State.DONE
            rows = [r for r in await octopus.outbox.due("telegram:42") if r.job == job.id]
        ((act, reply),) = [(row.act, row.reply) for row in rows]
        assert act is Act.SEND
        assert isinstance(reply, Reply)
        assert reply.silent
        assert "buy milk" in reply.text
        at.pass_(minutes=20)


async def test_on_the_phone_without_a_sound_once_over_two_starts(tmp_path: Path) -> None:
    at = clock("2026-11-20T09:00")
    (tmp_path / "vault").mkdir()
    (tmp_path / "vault" / "Tasks.md").write_text("- [ ] buy milk 📅 2026-11-20\n", "utf-8")
    async with FakeTelegram() as fake:
        for start in range(2):
            async with phone(fake, tmp_path) as here:
                here.octopus.clock.now = at.now  # type: ignore[method-assign]
                here.octopus.briefs = Briefs(
                    here.octopus.supervisor.accept,
                    here.octopus.journal,
                    at,
                    Habits((MORNING,), (OWNER,)),
                )
                await here.says("note: hello")
                await here.octopus.look()
                await settled(here.octopus, "brief")
                await here.says(f"log: {start}")  # whatever was on its way has arrived by now
            at.pass_(minutes=30)
        found = [m for m in fake.shown() if "Good morning" in str(m.get("text"))]
        quiet = [call for call in fake.called("sendMessage") if _is_silent(call.params)]
    assert len(found) == 1
    assert "1. ☐ buy milk" in found[0]["text"]
    assert [call.params["text"] for call in quiet] == [found[0]["text"]]


def _is_silent(params: dict[str, Any]) -> bool:
    return str(params.get("disable_notification")).lower() == "true"


async def test_written_down_in_time_but_run_in_the_afternoon(tmp_path: Path) -> None:
    """The process died right after the job was written down, and was away for hours."""
    at = clock("2026-11-20T09:00")
    (tmp_path / "state").mkdir()
    async with store(tmp_path / "state" / "octopus.db") as journal:
        await known(journal)
        await Briefs(journal.accept, journal, at, HABITS).look()
    at.pass_(hours=6)
    octopus = make(tmp_path, at)
    async with octopus.opened():
        job = await settled(octopus, "brief")
        assert not [r for r in await octopus.outbox.due("telegram:42") if r.job == job.id]
    assert job.reply is not None
    assert job.reply.text == ""
