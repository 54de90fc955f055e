"""Reminders over kills, outages and clocks that are set: none is lost, none is told twice."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

import octopus
from octopus.backends.sqlite import Database, SqliteReminders
from octopus.core.event import Bus
from octopus.core.reminder import Reminder
from octopus.obsidian.alarm import instant
from tests.reminders import naive
from tests.reminders.oracle import Plan, Told, judge
from tests.reminders.plan import START, Stretch, plans, stretches
from tests.reminders.subject import CHAT

FULL = os.environ.get("OCTOPUS_TEST_SCALE") == "full"
COUNT, KILLS, DAYS = (10_000, 60, 30) if FULL else (150, 10, 20)
SEED = 20261121


async def arm(state: Path, wanted: Sequence[Plan]) -> None:
    """Keep the reminders as the skill does, each as the step of a job."""
    database = Database(state / "octopus.db")
    reminders = SqliteReminders(database, Bus())
    await database.open()
    try:
        await asyncio.gather(
            *(reminders.add(_reminder(plan), job=plan.number, step=1) for plan in wanted)
        )
    finally:
        await database.close()


def _reminder(plan: Plan) -> Reminder:
    return Reminder(
        id=0,
        text=f"number {plan.number}",
        local=plan.first,
        zone=plan.zone,
        at=instant(plan.first, plan.zone),
        conversation=CHAT,
        repeat=plan.repeat,
        user="7",
    )


def live(state: Path, stretch: Stretch, crash: str) -> int:
    """One life of the process; how it ended."""
    jumps = [f"{at.isoformat()}={by.total_seconds()}" for at, by in stretch.jumps]
    command = [sys.executable, "-m", "tests.reminders.subject", str(state)]
    command += [stretch.begin.isoformat(), stretch.end.isoformat(), *jumps]
    env = {k: v for k, v in os.environ.items() if k != "OCTOPUS_CRASH_AT"}
    env |= {"OCTOPUS_CRASH_AT": crash} if crash else {}
    root = Path(octopus.__file__).parent.parent
    return subprocess.run(command, env=env, cwd=root, check=False).returncode


def recorded(state: Path) -> tuple[list[Told], dict[int, int]]:
    """What the store says was told, and how many rings each of its messages holds."""
    with sqlite3.connect(state / "octopus.db") as connection:
        names = dict(connection.execute("SELECT id, job FROM reminders"))
        told, jobs = [], Counter[int]()
        for key, reminder, job, missed in connection.execute(
            "SELECT key, reminder, job, missed FROM rings"
        ):
            at = datetime.fromisoformat(key.split(":", 2)[2]).astimezone(UTC)
            told.append(Told(names[reminder], at, missed))
            jobs[job] += 1
    connection.close()
    return told, dict(jobs)


@pytest.mark.timeout(3600 if FULL else 600)
def test_none_is_lost_and_none_is_told_twice(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wanted = plans(COUNT, SEED, DAYS)
    asyncio.run(arm(tmp_path, wanted))
    kills = 0
    lives = stretches(DAYS, SEED, KILLS)
    for stretch in lives:
        assert live(tmp_path, stretch, stretch.crash) == -9
        kills += 1
        if stretch.crash:  # it died early; the rest of this time is lived after a restart
            rest = replace(stretch, crash="")
            assert live(tmp_path, rest, "") == -9
            kills += 1
    until = max(end for each in lives for end in (each.end, *(at + by for at, by in each.jumps)))
    told, jobs = recorded(tmp_path)
    verdict = judge(wanted, told, until)
    lines = (tmp_path / "shown").read_text().split("\n")[:-1]
    shown = Counter(int(line.split()[0]) for line in lines)
    repeated = sum(count - 1 for count in shown.values())
    with capsys.disabled():
        print(
            f"\nreminders: {COUNT} over {kills} kills, {verdict.expected} times due,"
            f" {len(told)} rings in {len(jobs)} messages: lost {verdict.lost},"
            f" fired twice {verdict.doubled}, wrong {verdict.wrong},"
            f" messages shown again {repeated}"
        )
    assert verdict.clean, verdict
    assert verdict.expected > COUNT
    assert set(shown) == set(jobs)  # whatever rang was shown
    assert repeated <= kills  # what the chat cannot tell apart: once a kill at most


def test_timers_in_memory_lose_and_double() -> None:
    wanted = plans(400, SEED, DAYS)
    lives = stretches(DAYS, SEED, 12)
    verdict = judge(wanted, naive.live(wanted, lives), max(each.end for each in lives))
    assert verdict.lost > 10
    assert verdict.doubled > 0
    assert verdict.wrong > 0  # "a day later" is another time of day once the clocks have changed


def test_the_judge_sees_what_is_lost_doubled_and_made_up() -> None:
    plan = Plan(1, START.replace(tzinfo=None), "UTC", "every day")
    until = datetime(2026, 3, 24, 12, tzinfo=UTC)  # five times
    due = [datetime(2026, 3, day, 6, tzinfo=UTC) for day in range(20, 25)]
    right = [Told(1, at, 0) for at in due]
    assert judge([plan], right, until).clean
    assert judge([plan], [Told(1, due[0], 4)], until).clean
    assert judge([plan], right[:-1], until).lost == 1
    assert judge([plan], [*right, right[2]], until).doubled == 1
    assert judge([plan], [*right[:-1], Told(1, due[3], 1)], until).doubled == 1
    assert judge([plan], [*right, Told(1, until, 0)], until).wrong == 1
    assert judge([plan], [*right, Told(2, due[0], 0)], until).wrong == 1
