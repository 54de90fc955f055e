"""Only a job that has seen the process die waits before its last attempt."""

from __future__ import annotations

from dataclasses import replace

import pytest

from octopus.core.job import State
from tests.fakes.desk import PACE, Desk


@pytest.mark.parametrize("attempts", [1, 2, 5])
async def test_a_new_job_is_run_at_once_however_few_attempts_it_has(attempts: int) -> None:
    desk = Desk(pace=replace(PACE, attempts=attempts, last_chance=3600.0))
    async with desk.open():
        assert (await desk.say("note: buy a lamp")).state is State.DONE


@pytest.mark.parametrize("attempts", [1, 2])
async def test_one_that_saw_us_die_lets_the_others_go_first(attempts: int) -> None:
    desk = Desk(pace=replace(PACE, attempts=attempts, last_chance=3600.0))
    (left,) = await desk.journal.accept([desk.message("note: buy a torch")])
    desk.journal.rows[left.id] = replace(left, attempt=1, state=State.RUNNING, boot="before")
    async with desk.open():
        assert (await desk.say("note: buy a lamp", "telegram:43")).state is State.DONE
        assert not desk.journal.rows[left.id].state.settled
    assert len(desk.notes()) == 1
