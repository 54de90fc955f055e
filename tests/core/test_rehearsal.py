"""A rehearsal writes nothing, and shows the vault as it would be."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octopus.core.effect import Edit, Effect, EffectState, Write, digest
from octopus.core.rehearsal import Overlay, Rehearsal
from octopus.core.writer import Effects
from octopus.errors import Conflict, NotFound, Refused
from tests.fakes.ports import FakeVault
from tests.handlers.scene import Scene

REAL = {"A.md": b"a", "B.md": b"b", "pic.png": b"p", ".trash/C.md": b"c"}


def overlay(**files: bytes | None) -> Overlay:
    return Overlay(FakeVault(REAL), {f"{name}.md": data for name, data in files.items()})


def rehearsal(over: Overlay, *created: str) -> Rehearsal:
    real: Effects = Scene().ctx().effects
    done = EffectState.DONE
    past = [
        Effect(n, 1, n, "", "create", path, done, None, None) for n, path in enumerate(created, 1)
    ]
    return Rehearsal(real, over, past)


async def test_files_are_as_they_were_told_to_be() -> None:
    over = overlay(A=None, B=b"old", New=b"new")
    assert await over.read_all(["A.md", "B.md", "New.md", "pic.png"]) == [
        None,
        b"old",
        b"new",
        b"p",
    ]
    assert await over.notes() == ["B.md", "New.md"]
    assert await over.paths() == ["B.md", "New.md", "pic.png"]
    assert [await over.exists(path) for path in ("A.md", "New.md", "pic.png", "X.md")] == [
        *(False, True, True, False),
    ]
    assert over.written == {}


async def test_writing_needs_what_is_there_and_reaches_nothing_real() -> None:
    over = overlay(B=b"old")
    with pytest.raises(Conflict):
        await over.write("B.md", b"x", digest(b"b"))
    await over.write("B.md", b"x", digest(b"old"))
    found = await over.write_all(
        [Write("A.md", b"y", digest(b"a")), Write("A.md", b"z", digest(b"a"))]
    )
    assert found[0] is None
    assert isinstance(found[1], Conflict)
    assert list(over.written) == ["B.md", "A.md"]
    assert (await over.read("A.md"), await over.read("B.md")) == (b"y", b"x")
    assert isinstance(over.real, FakeVault)
    assert over.real.files == REAL


async def test_a_move_is_seen_on_both_ends() -> None:
    over = overlay()
    await over.move("A.md", "Home/A.md", digest(b"a") or "")
    assert await over.notes() == ["B.md", "Home/A.md"]
    with pytest.raises(Conflict):
        await over.move("B.md", "Home/A.md", digest(b"b") or "")
    with pytest.raises(Conflict):
        await over.move("B.md", "C.md", digest(b"other") or "")


async def test_a_new_note_keeps_the_name_of_the_one_before() -> None:
    over = overlay(Old=None)
    effect = await rehearsal(over, "Old.md").create(iter(("New.md", "New 1.md")), b"x")
    assert effect.path == "Old.md"
    assert over.files["Old.md"] == b"x"


async def test_a_file_of_one_name_has_this_name() -> None:
    over = overlay(Old=None)
    effect = await rehearsal(over, "Old.md").create(iter(("Tasks.md",)), b"x")
    assert effect.path == "Tasks.md"
    assert over.files["Old.md"] is None


async def test_names_that_are_taken_are_passed_over() -> None:
    over = overlay(Old=b"still there")
    made = rehearsal(over, "Old.md")
    effect = await made.create(iter(("A.md", "B.md", "New.md")), b"x")
    assert effect.path == "New.md"
    with pytest.raises(Conflict):
        await made.create(iter(("A.md",)), b"x")
    assert [one.path for one in made.made] == ["New.md"]


async def test_changes_see_the_changes_before_them_and_a_bad_one_stops_no_other() -> None:
    over = overlay()
    made = rehearsal(over)

    def add(old: bytes | None) -> bytes:
        return (old or b"") + b"+"

    def no(old: bytes | None) -> bytes:
        raise Refused("no")

    found = await made.apply_all(
        [(Edit("A.md", add), None), (Edit("B.md", no), None), (Edit("A.md", add), None)]
    )
    assert isinstance(found[1], Refused)
    assert (await over.read("A.md"), await over.read("B.md")) == (b"a++", b"b")
    assert [(one.before, one.after) for one in made.made] == [
        (digest(b"a"), digest(b"a+")),
        (digest(b"a+"), digest(b"a++")),
    ]


async def test_nothing_is_moved_by_a_rehearsed_skill() -> None:
    over = overlay(A=None)
    made = rehearsal(over)
    with pytest.raises(NotFound):
        await made.move("A.md", "C.md")
    with pytest.raises(Refused):
        await made.move("B.md", "C.md")
    assert over.written == {}


paths = st.sampled_from(["A.md", "B.md", "C.md", "Home/D.md"])
steps = st.lists(st.tuples(paths, st.binary(max_size=3), paths, st.booleans()), max_size=12)


@given(steps)
def test_an_overlay_is_a_vault_like_any_other(plan: list[tuple[str, bytes, str, bool]]) -> None:
    asyncio.run(_both(plan))


async def _both(plan: list[tuple[str, bytes, str, bool]]) -> None:
    """The same steps over the overlay and over a vault of their own: the same notes."""
    over, plain = overlay(), FakeVault(REAL)
    for path, data, to, moves in plan:
        now = digest(await plain.read(path))
        if moves and now and to != path and not await plain.exists(to):
            await plain.move(path, to, now)
            await over.move(path, to, now)
        elif not moves:
            await plain.write(path, data, now)
            await over.write(path, data, now)
        assert await over.notes() == await plain.notes()
        assert await over.read_all([path, to]) == await plain.read_all([path, to])
    assert isinstance(over.real, FakeVault)
    assert over.real.files == REAL
