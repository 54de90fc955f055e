"""Whatever was done in whatever order: taken back step by step, the vault is as it was before."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from octopus.core.job import Job, State
from tests.fakes.desk import Desk, reply_of

FULL = os.environ.get("OCTOPUS_TEST_SCALE") == "full"
CALM = settings(
    max_examples=1_000 if FULL else 60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)

FILES = {
    "Boat.md": "---\ntags: [sea]\n---\n# Boat\n- [ ] paint the hull 📅 2026-11-24\n".encode(),
    "Home/Shed.md": b"see [[Boat]] and [[Boat#Boat|her]]\r\n- [ ] mend the roof\r\n",
    "Tasks.md": "- [ ] call Ann 🔁 every day 📅 2026-11-20\n- [ ] buy rope".encode(),
    "Log.md": b"",
}
SAID = (
    "buy salt tomorrow",
    "shopping: milk, eggs",
    "done paint the hull",
    "done call Ann",
    "done mend the roof",
    "move buy rope to Monday",
    "log: went for a swim",
    "note: the key is under the mat",
    'add "a new sail" to my note Boat',
    "закончить отчёт завтра",
    "出门买菜",
)
ACTS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("note.rename", {"from": "Boat", "to": "Ship"}),
    ("note.rename", {"from": "Ship", "to": "Boat"}),
    ("note.append", {"note": "Log", "text": "one line"}),
    ("note.append", {"note": "Shed", "text": "two\nlines", "heading": ""}),
    ("todo.edit", {"query": "buy rope", "words": "buy a long rope"}),
    ("todo.edit", {"query": "mend the roof", "priority": "high"}),
    ("todo.drop", {"query": "call Ann"}),
    ("note.rename", {"from": "Log", "to": "Home/Log"}),
    ("note.property", {"note": "Shed", "name": "status", "value": "wet"}),
    ("note.replace", {"note": "Boat", "text": "Old Boat", "old": "# Boat"}),
    ("note.insert", {"note": "Boat", "text": "- a line", "heading": "Boat"}),
    ("note.merge", {"into": "Shed", "note": "Home/Log", "agreed": True}),
    ("note.delete", {"note": "Boat", "force": True}),
    ("note.new", {"title": "Rome", "text": "soon"}),
    ("daily.create", {"date": "2026-11-22"}),
    ("todo.add", {"text": "water the ferns", "repeat": "every week", "due": "2026-11-23"}),
)
steps = st.lists(
    st.one_of(st.sampled_from(SAID), st.sampled_from(range(len(ACTS)))), min_size=1, max_size=8
)


@CALM
@given(steps)
def test_taken_back_step_by_step_every_state_comes_again(plan: list[str | int]) -> None:
    asyncio.run(_back_and_back(plan))


async def _back_and_back(plan: Sequence[str | int]) -> None:
    async with Desk(FILES).open() as house:
        states = [_seen(house)]
        for step in plan:
            if _standing(await _do(house, step), house):
                states.append(_seen(house))
        for state in states[-2::-1]:
            job = await house.act("undo")
            assert job.state is State.DONE
            assert _seen(house) == state, (plan, reply_of(job).text)
        last = reply_of(await house.act("undo"))
    assert last.failed
    assert _seen(house) == FILES


async def _do(house: Desk, step: str | int) -> Job:
    if isinstance(step, str):
        return await house.say(step)
    intent, args = ACTS[step]
    return await house.act(intent, **args)


def _standing(job: Job, house: Desk) -> bool:
    """Whether the job wrote something that can be taken back."""
    return any(effect.job == job.id for effect in house.effects.rows.values())


def _seen(house: Desk) -> dict[str, bytes]:
    """The vault without its trash, which undo may fill and never empties."""
    return {path: data for path, data in house.vault.files.items() if not path.startswith(".")}


@CALM
@given(st.permutations(range(4)))
def test_changes_of_one_note_are_taken_back_in_any_order(order: list[int]) -> None:
    asyncio.run(_by_number(order))


async def _by_number(order: Sequence[int]) -> None:
    """Four lines in four places of one note, each taken back by its receipt."""
    places = ("first", "second", "third", "fourth")
    note = "".join(f"# {place}\nmine\n\n" for place in places).encode()
    async with Desk({"Plan.md": note}).open() as house:
        made = [
            await house.act("note.append", note="Plan", text=f"ours {place}", heading=place)
            for place in places
        ]
        for number in order:
            (effect,) = (e for e in house.effects.rows.values() if e.job == made[number].id)
            before = house.vault.files["Plan.md"]
            await house.act("undo", effect=effect.id)
            gone = f"ours {places[number]}\n".encode()
            assert before.count(gone) == 1
            assert house.vault.files["Plan.md"] == before.replace(gone, b"")
    assert house.vault.files["Plan.md"] == note
