"""Whatever the owner writes between, a correction changes our words and nothing of the owner's."""

from __future__ import annotations

import asyncio
import os

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fakes.desk import Desk

TASKS = "Tasks.md"
FULL = os.environ.get("OCTOPUS_TEST_SCALE") == "full"
CALM = settings(
    max_examples=1_000 if FULL else 60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)

WORDS = ("milk", "bread", "rice", "salt", "ham")
lines = st.lists(
    st.sampled_from(["- [ ] from the desk", "text", "", "# Head", "- [x] old ✅ 2026-01-01"]),
    max_size=4,
)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("add"), st.sampled_from(WORDS)),
        st.tuples(st.just("swap"), st.sampled_from(WORDS)),
        st.tuples(st.just("when"), st.sampled_from(["Monday", "Wednesday", "tomorrow"])),
        st.tuples(st.just("top"), lines),
        st.tuples(st.just("end"), lines),
        st.tuples(st.just("undo"), st.just("")),
        st.tuples(st.just("edit"), st.sampled_from(WORDS)),
    ),
    max_size=12,
)


@CALM
@given(steps)
def test_the_owners_lines_stay_and_ours_are_as_last_said(
    plan: list[tuple[str, str | list[str]]],
) -> None:
    asyncio.run(_play(plan))


async def _play(plan: list[tuple[str, str | list[str]]]) -> None:
    house = Desk({TASKS: b""})
    owners: list[str] = []
    counts: list[int] = [0]  # how many lines of ours stood, after each change that stands
    last = None
    fresh = False  # whether the last thing done is one of ours that stands
    async with house.open():
        for what, detail in plan:
            before = house.vault.files[TASKS]
            if what in {"top", "end"}:
                new = "".join(f"{line}\n" for line in detail).encode()
                owners += [line for line in detail if line]
                text = new + before if what == "top" else before + new
                house.vault.files[TASKS] = text
            elif what == "add":
                last = await house.say(f"todo: get {detail}")
                counts.append(counts[-1] + 1)
                fresh = True
            elif what == "swap" and fresh:
                await house.say(f"no, I meant get {detail}")
            elif what == "when" and fresh:
                await house.say(f"no, {detail}")
            elif what == "edit" and fresh and last is not None:
                await house.edit(last, f"todo: get {detail}")
            elif what == "undo":
                await house.say("undo")
                fresh = False
            held = [line for line in house.vault.files[TASKS].decode().splitlines() if line]
            ours = [line for line in held if line.startswith("- [ ] get ")]
            theirs = [line for line in held if not line.startswith("- [ ] get ")]
            assert sorted(theirs) == sorted(owners)
            assert len(ours) <= counts[-1]
            if all(step[0] != "undo" for step in plan):
                assert len(ours) == counts[-1]
            if what == "add":
                assert any(f"get {detail}" in line for line in ours)
