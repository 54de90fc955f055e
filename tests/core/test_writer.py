"""Writes happen exactly once, wherever a crash falls and whoever writes beside us."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import count

import pytest

from octopus.core.effect import Edit, EffectState, Image, digest
from octopus.core.job import Job
from octopus.core.message import Message
from octopus.core.writer import TRIES, Effects
from octopus.errors import Conflict, NotFound, Refused, VaultUnavailable
from tests.fakes.ports import NOON, FakeEffects, FakeVault


class Crash(BaseException):
    """Stands for the end of the process."""


class World:
    """A vault and a journal that survive crashes, and runs of one job over them."""

    def __init__(self, **files: bytes) -> None:
        self.vault = FakeVault({f"{name}.md": data for name, data in files.items()})
        self.journal = FakeEffects()
        self.hints: list[str] = []

    def run(self) -> Effects:
        message = Message("k", "console", "owner", "text", NOON)
        job = Job(1, message, NOON, resumed=bool(self.journal.rows))
        return Effects(job, self.journal, self.vault, self.hints.append)


def add(line: bytes) -> Callable[[bytes | None], bytes]:
    return lambda old: (old or b"") + line


def names() -> list[str]:
    return ["n.md", "n 1.md", "n 2.md"]


async def test_a_new_note_is_made_once_and_told_to_the_index() -> None:
    world = World()
    effect = await world.run().create(iter(names()), b"text")
    assert (effect.path, effect.state) == ("n.md", EffectState.DONE)
    assert world.vault.files == {"n.md": b"text"}
    assert world.hints == ["n.md"]


async def test_a_taken_name_is_left_alone() -> None:
    world = World(n=b"the owner's")
    effect = await world.run().create(iter(names()), b"text")
    assert effect.path == "n 1.md"
    assert world.vault.files["n.md"] == b"the owner's"


async def test_somebody_takes_the_name_in_the_last_moment() -> None:
    world = World()

    def meddle(path: str) -> None:
        world.vault.files.setdefault("n.md", b"faster")

    world.vault.meddle = meddle
    effect = await world.run().create(iter(names()), b"text")
    assert effect.path == "n 1.md"
    assert world.vault.files == {"n.md": b"faster", "n 1.md": b"text"}


@pytest.mark.parametrize("moment", ["intend", "write", "finish"])
@pytest.mark.parametrize("after", [False, True])
async def test_a_crash_at_every_step_of_a_new_note(
    moment: str, after: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World()
    await crash(world, moment, after, monkeypatch, lambda e: e.create(iter(names()), b"text"))
    effect = await world.run().create(iter(names()), b"text")
    assert world.vault.files == {"n.md": b"text"}
    assert effect.state is EffectState.DONE
    assert len(world.journal.rows) == 1


@pytest.mark.parametrize("moment", ["intend", "write", "finish"])
@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("owner_edits", [False, True])
async def test_a_crash_at_every_step_of_an_append(
    moment: str, after: bool, owner_edits: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World(n=b"- a\n")
    change = Edit("n.md", add(b"- b\n"), b"- b\n")
    await crash(world, moment, after, monkeypatch, lambda e: e.apply(change))
    if owner_edits:
        world.vault.files["n.md"] = b"# Title\n" + world.vault.files["n.md"]
    await world.run().apply(change)
    expected = b"- a\n- b\n"
    assert world.vault.files["n.md"] == (b"# Title\n" if owner_edits else b"") + expected


async def test_a_crash_after_a_tick_keeps_what_it_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    """The owner edits the note before we are back; nothing is left to tick, but to undo."""
    world = World(n=b"- [ ] a\n")
    change = Edit("n.md", lambda old: (old or b"").replace(b"[ ] a", b"[x] a"))
    await crash(world, "write", True, monkeypatch, lambda e: e.apply(change))
    world.vault.files["n.md"] += b"- [ ] typed\n"
    effect = await world.run().apply(change)
    assert world.vault.files["n.md"] == b"- [x] a\n- [ ] typed\n"
    assert effect.state is EffectState.DONE
    assert world.journal.images_kept[effect.id] == Image(b"- [ ] a\n", b"- [x] a\n")


@pytest.mark.parametrize("journal", [True, False])
async def test_the_same_crash_without_a_journal_doubles_the_line(
    journal: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Read, change and write alone fail where the recorded write does not."""
    world = World(n=b"- a\n")
    change = Edit("n.md", add(b"- b\n"), b"- b\n")

    async def append(effects: Effects) -> None:
        if journal:
            await effects.apply(change)
            return
        old = await world.vault.read("n.md")
        await world.vault.write("n.md", change.apply(old), digest(old))

    await crash(world, "write", True, monkeypatch, append)
    await append(world.run())
    assert world.vault.files["n.md"].count(b"- b\n") == (1 if journal else 2)


async def crash(
    world: World,
    moment: str,
    after: bool,
    monkeypatch: pytest.MonkeyPatch,
    work: Callable[[Effects], object],
) -> None:
    """Run the work, dying before or after one of its three steps."""
    target = world.vault if moment == "write" else world.journal
    real = getattr(target, moment)

    async def dying(*args: object) -> object:
        if after:
            await real(*args)
        raise Crash

    with monkeypatch.context() as patch:
        patch.setattr(target, moment, dying)
        with pytest.raises(Crash):
            await work(world.run())  # type: ignore[misc]


async def test_an_edit_is_made_anew_when_the_file_moves_on() -> None:
    world = World(n=b"- a\n")
    edits = count(1)

    def meddle(path: str) -> None:
        if (number := next(edits)) <= 3:
            world.vault.files["n.md"] += f"- owner {number}\n".encode()

    world.vault.meddle = meddle
    await world.run().apply(Edit("n.md", add(b"- b\n"), b"- b\n"))
    assert world.vault.files["n.md"] == b"- a\n- owner 1\n- owner 2\n- owner 3\n- b\n"


async def test_a_file_that_never_rests_is_given_up() -> None:
    world = World(n=b"")

    def meddle(path: str) -> None:
        world.vault.files["n.md"] += b"."

    world.vault.meddle = meddle
    with pytest.raises(Conflict):
        await world.run().apply(Edit("n.md", add(b"- b\n"), b"- b\n"))
    assert world.vault.files["n.md"] == b"." * TRIES


@pytest.mark.parametrize("moved", [False, True])
async def test_a_move_is_found_again(moved: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(old=b"text")
    real = world.vault.move

    async def dying(old: str, new: str, expect: str) -> None:
        if moved:
            await real(old, new, expect)
        raise Crash

    with monkeypatch.context() as patch:
        patch.setattr(world.vault, "move", dying)
        with pytest.raises(Crash):
            await world.run().move("old.md", "new.md")
    effect = await world.run().move("old.md", "new.md")
    assert world.vault.files == {"new.md": b"text"}
    assert (effect.state, effect.to) == (EffectState.DONE, "new.md")


async def test_a_file_that_is_not_there_cannot_be_moved() -> None:
    with pytest.raises(NotFound):
        await World().run().move("old.md", "new.md")


async def test_steps_are_numbered_so_that_a_second_run_repeats_nothing() -> None:
    world = World(n=b"")
    for _ in range(3):
        effects = world.run()
        await effects.apply(Edit("n.md", add(b"1\n"), b"1\n"))
        await effects.apply(Edit("n.md", add(b"2\n"), b"2\n"))
        assert [effect.step for effect in effects.made] == [1, 2]
    assert world.vault.files["n.md"] == b"1\n2\n"
    assert world.vault.writes == 2


async def test_a_crash_after_the_owner_took_the_name_keeps_both() -> None:
    """Recorded but not made, and meanwhile there is a file of that name which is not ours."""
    world = World()
    effect = await world.run().create(iter(names()), b"text")
    world.journal.rows[effect.id] = replace(effect, state=EffectState.INTENDED)
    world.vault.files = {"n.md": b"the owner's"}
    again = await world.run().create(iter(names()), b"text")
    assert world.vault.files == {"n.md": b"the owner's", "n 1.md": b"text"}
    assert again.path == "n 1.md"


async def test_a_note_edited_before_we_could_say_that_it_is_made_is_not_made_twice() -> None:
    world = World()
    effect = await world.run().create(iter(names()), b"text")
    world.journal.rows[effect.id] = replace(effect, state=EffectState.INTENDED)
    world.vault.files["n.md"] = b"# Title\ntext"
    await world.run().create(iter(names()), b"text")
    assert world.vault.files == {"n.md": b"# Title\ntext"}


async def test_a_write_that_is_not_needed_keeps_the_numbers_of_the_others() -> None:
    world = World()
    for skips in (True, False):
        effects = world.run()
        if skips or not await effects.recorded():
            effects.skip()
        await effects.create(iter(names()), b"text")
    assert world.vault.files == {"n.md": b"text"}


async def test_a_name_in_another_spelling_is_taken() -> None:
    world = World(N=b"the owner's")
    effect = await world.run().create(iter(names()), b"text")
    assert effect.path == "n 1.md"


async def test_what_an_earlier_run_made_is_known_before_it_is_asked_for() -> None:
    world = World()
    first = world.run()
    assert await first.repeated() is None
    made = await first.create(iter(names()), b"text")
    again = world.run()
    assert await again.repeated() == made
    assert again.made == [made]
    assert await again.repeated() is None
    world.journal.rows[made.id] = replace(made, state=EffectState.INTENDED)
    assert await world.run().repeated() is None


# Many at once.


def three(world: World) -> list[tuple[Edit, bytes | None]]:
    lines = {"a.md": b"1\n", "b.md": b"2\n", "c.md": b"3\n"}
    return [
        (Edit(path, add(line), line), world.vault.files.get(path)) for path, line in lines.items()
    ]


AFTER = {"a.md": b"- a\n1\n", "b.md": b"- b\n2\n", "c.md": b"- c\n3\n"}


def full() -> World:
    return World(a=b"- a\n", b=b"- b\n", c=b"- c\n")


async def test_many_changes_are_recorded_together_before_the_first_write() -> None:
    world, seen = full(), []
    world.vault.meddle = lambda path: seen.append(len(world.journal.rows))
    effects = world.run()
    made = await effects.apply_all(three(world))
    assert seen == [3, 3, 3]
    assert world.vault.files == AFTER
    assert [each.step for each in effects.made] == [1, 2, 3]
    assert effects.made == made
    assert all(effect.state is EffectState.DONE for effect in world.journal.rows.values())
    assert world.hints == ["a.md", "b.md", "c.md"]


@pytest.mark.parametrize("owner_edits", [False, True])
@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("moment", ["intend_all", "write 1", "write 2", "write 3", "finish_all"])
@pytest.mark.parametrize("again", ["together", "one by one"])
async def test_a_crash_at_every_step_of_many_changes(
    moment: str, after: bool, owner_edits: bool, again: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = full()
    name, _, number = moment.partition(" ")
    target = world.vault if name == "write" else world.journal
    real, calls = getattr(target, name), count(1)

    async def dying(*args: object) -> object:
        dies = next(calls) == int(number or 1)
        if dies and not after:
            raise Crash
        result = await real(*args)
        if dies:
            raise Crash
        return result

    with monkeypatch.context() as patch:
        patch.setattr(target, name, dying)
        with pytest.raises(Crash):
            await world.run().apply_all(three(world))
    if owner_edits:
        world.vault.files = {path: b"# T\n" + text for path, text in world.vault.files.items()}
    second = world.run()
    wanted = three(full())
    if again == "together":
        await second.apply_all(wanted)
    else:
        for change, _ in wanted:
            await second.apply(change)
    begin = b"# T\n" if owner_edits else b""
    assert world.vault.files == {path: begin + text for path, text in AFTER.items()}
    assert sorted(effect.step for effect in world.journal.rows.values()) == [1, 2, 3]


async def test_a_file_that_moved_on_since_it_was_read_is_changed_as_it_is_now() -> None:
    world = full()
    wanted = three(world)
    world.vault.files["b.md"] += b"- owner\n"
    made = await world.run().apply_all(wanted)
    assert world.vault.files == AFTER | {"b.md": b"- b\n- owner\n2\n"}
    assert [each.step for each in world.journal.rows.values()] == [1, 2, 3]
    assert [getattr(each, "state", None) for each in made] == [EffectState.DONE] * 3


def refuse(old: bytes | None) -> bytes:
    raise Refused("not this one")


async def test_what_cannot_be_done_stands_in_its_place_and_stops_nothing() -> None:
    world = full()
    wanted = three(world)
    wanted[1] = (Edit("b.md", refuse), b"- b\n")
    made = await world.run().apply_all(wanted)
    assert isinstance(made[1], Refused)
    assert world.vault.files == AFTER | {"b.md": b"- b\n"}
    assert [each.step for each in world.journal.rows.values()] == [1, 3]
    assert await world.run().apply_all([]) == []


async def test_a_file_that_never_rests_fails_alone() -> None:
    world = full()

    def meddle(path: str) -> None:
        if path == "b.md":
            world.vault.files[path] += b"."

    world.vault.meddle = meddle
    made = await world.run().apply_all(three(world))
    assert isinstance(made[1], Conflict)
    assert (world.vault.files["a.md"], world.vault.files["c.md"]) == (b"- a\n1\n", b"- c\n3\n")


async def test_a_vault_that_fails_in_the_middle_is_gone_on_with_later() -> None:
    world = full()

    def full_disk(path: str) -> None:
        if path != "a.md":
            raise VaultUnavailable

    world.vault.meddle = full_disk
    with pytest.raises(VaultUnavailable):
        await world.run().apply_all(three(world))
    world.vault.meddle = lambda path: None
    await world.run().apply_all(three(full()))
    assert world.vault.files == AFTER


async def test_a_name_that_another_job_is_about_to_give_is_left_to_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Two equal texts from two chats at once, and a crash: one file must not count for both."""
    world = World()

    async def dying(*args: object) -> None:
        raise Crash

    jobs = [
        Job(number, Message(f"k{number}", f"chat:{number}", "owner", "", NOON), NOON, resumed=True)
        for number in (1, 2)
    ]
    runs = [Effects(job, world.journal, world.vault, world.hints.append) for job in jobs]
    with monkeypatch.context() as patch:
        patch.setattr(world.vault, "write", dying)
        for run in runs:
            with pytest.raises(Crash):
                await run.create(iter(names()), b"text")
    assert [effect.path for effect in world.journal.rows.values()] == ["n.md", "n 1.md"]
    for job in jobs:
        effects = Effects(job, world.journal, world.vault, world.hints.append)
        await effects.create(iter(names()), b"text")
    assert world.vault.files == {"n.md": b"text", "n 1.md": b"text"}


async def test_a_note_edited_after_a_crash_before_its_move_is_moved_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = World(old=b"text")

    async def dying(*args: object) -> None:
        raise Crash

    with monkeypatch.context() as patch:
        patch.setattr(world.vault, "move", dying)
        with pytest.raises(Crash):
            await world.run().move("old.md", "new.md")
    world.vault.files["old.md"] = b"text, and more"
    effect = await world.run().move("old.md", "new.md")
    assert world.vault.files == {"new.md": b"text, and more"}
    assert effect.state is EffectState.DONE


async def test_a_move_remembers_the_folders_that_it_has_to_make(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = World(n=b"text")
    world.vault.files["a"] = b""  # stands for a folder that is there
    tidied: list[list[str]] = []

    async def tidy(folders: list[str]) -> None:
        tidied.append(list(folders))

    monkeypatch.setattr(world.vault, "tidy", tidy)
    run = world.run()
    moved = await run.move("n.md", "a/b/c/n.md")
    assert moved.mark == "a/b\na/b/c"
    assert tidied == []
    await run.move("a/b/c/n.md", "n.md", kind="undo", undoes=moved.id)
    assert tidied == [["a/b", "a/b/c"]]
