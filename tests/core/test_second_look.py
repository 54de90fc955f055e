"""What an editor saved over is made again; what the owner took out is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from octopus.core import second_look
from octopus.core.effect import Edit, Effect, EffectState, digest
from octopus.core.job import Job
from octopus.core.message import Message
from octopus.core.second_look import SecondLook, Texts
from octopus.core.writer import Effects
from octopus.errors import VaultUnavailable
from octopus.obsidian.again import edited, make_again, stands
from octopus.obsidian.edit import append
from tests.fakes.ports import NOON, FakeClock, FakeEffects, FakeVault

OLD = b"# Note\n- a\n"
TYPED = b"# Note, typed on\n- a\n"  # an old text into which the owner has typed something


class Vault(FakeVault):
    """Remembers when a file was saved."""

    def __init__(self, clock: FakeClock) -> None:
        super().__init__({"n.md": OLD})
        self.clock = clock
        self.times: dict[str, datetime] = {"n.md": NOON - timedelta(days=1)}
        self.rescues = 0
        self.away = False

    async def write(self, path: str, data: bytes, expect: str | None) -> None:
        await super().write(path, data, expect)
        self.times[path] = self.clock.now()

    async def saved(self, path: str) -> datetime | None:
        return self.times.get(path)

    async def rescue(self) -> int:
        if self.away:
            raise VaultUnavailable
        self.rescues += 1
        return 0


class World:
    """A note, its journal, a clock, and an editor."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.vault = Vault(self.clock)
        self.journal = FakeEffects()
        self.journal.now = self.clock.now
        self.told: list[tuple[str, bool]] = []
        self.jobs = 0
        self.restart()

    def restart(self) -> None:
        """Another process looks from now on."""
        texts = Texts(stands, edited, make_again)
        self.eye = SecondLook(self.journal, self.vault, self.clock, texts, self._tell)

    async def _tell(self, effect: Effect, made: bool) -> None:
        self.told.append((effect.path, made))

    def run(self) -> Effects:
        self.jobs += 1
        job = Job(self.jobs, Message(f"k{self.jobs}", "console", "owner", "", NOON), NOON)
        return Effects(job, self.journal, self.vault, lambda _: None)

    async def add(self, text: str, path: str = "n.md") -> Effect:
        line = f"- {text}"
        change = Edit(path, lambda old: append(old, line), f"{line}\n".encode())
        return await self.run().apply(change)

    def save(self, text: bytes, at: datetime | None = None) -> None:
        """What an editor does."""
        self.vault.files["n.md"] = text
        self.vault.times["n.md"] = at or self.clock.now()

    async def later(self, seconds: float) -> bool:
        self.clock.pass_(seconds=seconds)
        return await self.eye.look()

    @property
    def text(self) -> bytes:
        return self.vault.files["n.md"]


@pytest.fixture
def world() -> World:
    return World()


async def test_what_stands_is_looked_at_three_times_and_left(world: World) -> None:
    await world.add("b")
    reads: list[str] = []
    real = world.vault.read

    async def read(path: str) -> bytes | None:
        reads.append(path)
        return await real(path)

    world.vault.read = read  # type: ignore[method-assign]
    assert await world.later(1)
    assert reads == []
    assert await world.later(1)
    assert await world.later(0.5)
    assert reads == ["n.md"]
    assert await world.later(8)
    assert not await world.later(60)
    assert not await world.later(60)
    assert len(reads) == 3
    assert world.text == OLD + b"- b\n"
    assert world.told == []
    assert world.vault.rescues == 6


@pytest.mark.parametrize("mine", [b"- typed by the owner\n", b"\n"])
async def test_an_old_text_saved_over_ours_gets_the_change_again(world: World, mine: bytes) -> None:
    first = await world.add("b")
    world.clock.pass_(seconds=1)
    world.save(OLD + mine)
    await world.later(1)
    assert world.text == OLD + mine + b"- b\n"
    assert world.told == [("n.md", True)]
    again = world.journal.rows[2]
    assert (again.kind, again.state, again.job) == ("again", EffectState.DONE, first.job)
    assert again.after == digest(world.text)
    assert world.journal.rows[first.id].state is EffectState.UNDONE
    assert [effect.id for effect in await world.journal.newest(None)] == [again.id]
    assert not await world.later(70)
    assert world.text.count(b"- b\n") == 1
    assert len(world.told) == 1


async def test_what_the_owner_takes_out_later_stays_out(world: World) -> None:
    """Undone in the editor, too, which leaves the very bytes that an old text has."""
    await world.add("b")
    assert await world.later(11)
    world.clock.pass_(seconds=5)
    world.save(OLD)
    assert not await world.later(50)
    world.restart()
    assert not await world.later(600)
    assert world.text == OLD
    assert world.told == []


@pytest.mark.parametrize(("after", "back"), [(14, True), (16, False)])
async def test_the_line_between_the_two(world: World, after: float, back: bool) -> None:
    await world.add("b")
    world.clock.pass_(seconds=after)
    world.save(TYPED)
    await world.later(50)
    assert (world.text != TYPED) is back


TICKED = b"# Note\n- [x] a \xe2\x9c\x85 2026-11-20\n- [ ] b\n"
OPEN = b"# Note\n- [ ] a\n- [ ] b\n"


def tick(line: bytes) -> Edit:
    done = line.replace(b"[ ]", b"[x]") + b" \xe2\x9c\x85 2026-11-20"
    return Edit("n.md", lambda old: (old or b"").replace(line, done))


@pytest.mark.parametrize("after", [0.1, 1, 5, 14, 60])
@pytest.mark.parametrize("lines", [(b"- [ ] a",), (b"- [ ] a", b"- [ ] b")])
async def test_a_box_that_is_unticked_by_hand_stays_open(
    world: World, after: float, lines: tuple[bytes, ...]
) -> None:
    """However soon: an editor does not save an old text into which nothing was typed."""
    world.save(OPEN)
    for line in lines:
        await world.run().apply(tick(line))
    world.clock.pass_(seconds=after)
    world.save(OPEN)
    for _ in range(4):
        await world.later(20)
    world.restart()
    await world.later(1)
    assert world.text == OPEN
    assert world.told == []


async def test_of_several_ticks_the_one_that_is_taken_back_stays_so(world: World) -> None:
    """Whoever saved the second one knew the first."""
    world.save(OPEN)
    await world.run().apply(tick(b"- [ ] a"))
    await world.run().apply(tick(b"- [ ] b"))
    world.clock.pass_(seconds=1)
    by_hand = world.text.replace(b"[x] a \xe2\x9c\x85 2026-11-20", b"[ ] a") + b"typed, too\n"
    world.save(by_hand)
    for _ in range(4):
        await world.later(20)
    assert world.text == by_hand
    assert world.told == []


async def test_only_the_last_of_several_ticks_is_taken_back_by_hand(world: World) -> None:
    world.save(OPEN)
    await world.run().apply(tick(b"- [ ] a"))
    await world.run().apply(tick(b"- [ ] b"))
    world.clock.pass_(seconds=1)
    world.save(TICKED)
    for _ in range(4):
        await world.later(20)
    assert world.text == TICKED
    assert world.told == []


async def test_unticked_and_typed_elsewhere_at_once_it_is_ticked_again_once_and_told(
    world: World,
) -> None:
    """Nothing in the text tells this from an old one; the second time there is no doubt."""
    world.save(OPEN)
    await world.run().apply(tick(b"- [ ] a"))
    world.clock.pass_(seconds=1)
    world.save(OPEN + b"typed, too\n")
    await world.later(2)
    assert world.text == TICKED + b"typed, too\n"
    assert world.told == [("n.md", True)]
    world.clock.pass_(seconds=1)
    world.save(OPEN + b"typed, too\n")
    for _ in range(4):
        await world.later(20)
    assert world.text == OPEN + b"typed, too\n"
    assert len(world.told) == 1


async def test_an_old_text_with_an_old_time_comes_from_another_device(world: World) -> None:
    """A synchroniser keeps the time of the save there: before ours, so nobody knew ours."""
    world.save(OPEN)
    await world.run().apply(tick(b"- [ ] a"))
    world.clock.pass_(seconds=30)
    world.save(OPEN, at=NOON - timedelta(seconds=5))
    await world.later(2)
    assert world.text == TICKED


async def test_taken_out_again_it_stays_out(world: World) -> None:
    await world.add("b")
    world.save(TYPED)
    await world.later(2)
    assert world.text == TYPED + b"- b\n"
    world.clock.pass_(seconds=4)
    world.save(TYPED + b"- and more\n")
    for _ in range(3):
        await world.later(30)
    assert world.text == TYPED + b"- and more\n"
    assert world.told == [("n.md", True)]


async def test_saved_over_again_at_once_it_is_made_again_without_a_word(world: World) -> None:
    await world.add("b")
    for typed in (b"- x\n", b"- x\n- y\n", b"- x\n- y\n- z\n"):
        world.clock.pass_(seconds=1)
        world.save(OLD + typed)
        await world.later(2)
        assert world.text == OLD + typed + b"- b\n"
    assert world.told == [("n.md", True)]
    assert await world.journal.newest(None, 9) == [world.journal.rows[4]]


async def test_an_older_text_that_a_synchroniser_brings_late(world: World) -> None:
    await world.add("b")
    world.clock.pass_(seconds=40)
    world.save(b"# From the phone\n- a\n", at=NOON - timedelta(seconds=5))
    await world.later(25)
    assert world.text == b"# From the phone\n- a\n- b\n"


async def test_what_we_wrote_since_does_not_hide_when_it_was_lost(world: World) -> None:
    await world.add("b")
    world.clock.pass_(seconds=1)
    world.save(TYPED)
    world.clock.pass_(seconds=2)
    await world.add("c")
    world.clock.pass_(seconds=57)
    await world.add("d")  # the time of the file says nothing about the editor any more
    await world.eye.look()
    assert world.text == TYPED + b"- c\n- d\n- b\n"


async def test_lost_before_a_later_write_of_ours_but_on_purpose(world: World) -> None:
    await world.add("b")
    world.clock.pass_(seconds=30)
    world.save(OLD)
    world.clock.pass_(seconds=1)
    await world.add("c")
    await world.later(30)
    assert world.text == OLD + b"- c\n"


async def test_what_we_took_out_ourselves_stays_out(world: World) -> None:
    await world.add("b")
    await world.run().apply(Edit("n.md", lambda old: (old or b"").replace(b"- b", b"- 2 b")))
    await world.later(2)
    await world.later(60)
    assert world.text == OLD + b"- 2 b\n"
    assert world.told == []


async def test_several_changes_lost_at_once_all_come_back_in_their_order(world: World) -> None:
    for name in "bcd":
        await world.add(name)
    world.save(OLD + b"- typed\n")
    await world.later(2)
    assert world.text == OLD + b"- typed\n- b\n- c\n- d\n"
    assert len(world.told) == 3


async def test_a_line_that_is_another_now_is_left_and_told_once(world: World) -> None:
    await world.run().apply(Edit("n.md", lambda old: (old or b"").replace(b"- a", b"- done")))
    world.save(b"# Note\n- another\n")
    await world.later(2)
    world.restart()
    await world.later(60)
    assert world.text == b"# Note\n- another\n"
    assert world.told == [("n.md", False)]
    assert await world.journal.newest(None) == []


@pytest.mark.parametrize("seconds", [-5, 5])
async def test_a_new_note_is_put_to_an_older_one_that_took_its_place(
    world: World, seconds: int
) -> None:
    """Obsidian Sync and others do so with notes of one name; a later edit is the owner's."""
    effect = await world.run().create(iter(["2026-11-20.md"]), b"- kept\n")
    world.vault.files[effect.path] = b"# From the phone\n"
    world.vault.times[effect.path] = NOON + timedelta(seconds=seconds)
    await world.later(10)
    older = seconds < 0
    expected = b"# From the phone\n- kept\n" if older else b"# From the phone\n"
    assert world.vault.files[effect.path] == expected


async def test_a_note_that_is_gone_or_moved_is_left_alone(world: World) -> None:
    await world.add("b")
    del world.vault.files["n.md"]
    await world.later(2)
    assert world.vault.files == {}
    assert world.told == []


async def test_what_was_taken_back_is_not_made_again(world: World) -> None:
    effect = await world.add("b")
    back = Edit("n.md", lambda old: OLD, kind="undo", undoes=effect.id)
    await world.run().apply(back)
    await world.later(2)
    await world.later(60)
    assert world.text == OLD


async def test_while_the_vault_is_away_nothing_counts_as_looked_at(world: World) -> None:
    await world.add("b")
    world.save(TYPED)
    world.vault.away = True
    with pytest.raises(VaultUnavailable):
        await world.later(2)
    world.vault.away = False
    assert await world.later(1)
    assert world.text == TYPED + b"- b\n"


async def test_a_start_looks_at_what_the_run_before_could_not(world: World) -> None:
    await world.add("b")
    world.clock.pass_(seconds=1)
    world.save(TYPED)
    world.clock.pass_(minutes=50)
    world.restart()
    await world.eye.look()
    assert world.text == TYPED + b"- b\n"
    world.restart()
    assert await world.later(1)
    assert world.text == TYPED + b"- b\n"


async def test_long_ago_is_not_looked_at(world: World) -> None:
    await world.add("b")
    world.save(TYPED)
    world.clock.pass_(seconds=second_look.RECENT.total_seconds() + 1)
    world.restart()
    assert not await world.eye.look()
    assert world.text == TYPED


class Crash(BaseException):
    """Stands for the end of the process."""


@pytest.mark.parametrize("number", range(3))
@pytest.mark.parametrize("after", [False, True])
async def test_a_crash_at_any_step_makes_it_again_once(
    world: World, number: int, after: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.add("b")
    world.save(TYPED)
    steps = [("journal", "intend"), ("vault", "write"), ("journal", "finish_all")]
    part, method = steps[number]
    target = getattr(world, part)
    real = getattr(target, method)

    async def dying(*args: object) -> None:
        if after:
            await real(*args)
        raise Crash

    with monkeypatch.context() as patch:
        patch.setattr(target, method, dying)
        with pytest.raises(Crash):
            await world.later(2)
    world.restart()
    for _ in range(3):
        await world.later(2)
    assert world.text == TYPED + b"- b\n"
    assert len(world.told) <= 1
    # Undone, nothing of it is left, whichever of the two stands in the journal.
    alive = await world.journal.newest(None, 9)
    assert len(alive) == 1
    image = await world.journal.image(alive[0].id)
    assert image is not None
    assert image.before in {OLD, TYPED}


async def test_a_note_that_changes_under_our_hands_is_read_again(world: World) -> None:
    await world.add("b")
    world.save(TYPED)
    texts = iter([TYPED + b"- x\n", TYPED + b"- x\n- y\n"])

    def meddle(path: str) -> None:
        text = next(texts, None)
        if text is not None:
            world.save(text)

    world.vault.meddle = meddle
    await world.later(2)
    assert world.text == TYPED + b"- x\n- y\n- b\n"


async def test_where_the_editor_puts_it_in_itself_meanwhile_nothing_is_doubled(
    world: World,
) -> None:
    await world.add("b")
    world.save(TYPED)
    world.vault.meddle = lambda path: world.save(TYPED + b"- b\n- z\n")
    await world.later(2)
    assert world.text == TYPED + b"- b\n- z\n"


async def test_an_image_that_is_not_kept_any_more_changes_nothing(world: World) -> None:
    effect = await world.add("b")
    world.journal.images_kept.clear()
    world.save(TYPED)
    await world.later(2)
    assert world.text == TYPED
    assert replace(world.journal.rows[effect.id]).state is EffectState.DONE


CORN = "- [ ] buy corn 📅 2026-11-23".encode()
TOP, END = b"# Note\n- [ ] a\n", b"\n## Done\n- [x] z\n"


async def let_pass(world: World, seconds: float = 80) -> None:
    for _ in range(int(seconds)):
        await world.later(1)


@pytest.mark.parametrize("after", [0, 0.3, 1, 2, 3.5, 5, 9, 14])
@pytest.mark.parametrize("end", [b"", END])
@pytest.mark.parametrize("theirs", [b"buy sweet corn", b"buy corm", b"buy corn flakes"])
async def test_a_line_of_ours_that_is_edited_is_not_put_beside_it_again(
    world: World, after: float, end: bytes, theirs: bytes
) -> None:
    world.save(TOP + end)
    change = Edit("n.md", lambda old: TOP + CORN + b"\n" + end, CORN + b"\n")
    effect = await world.run().apply(change)
    while after >= 1:  # the daemon looks meanwhile
        after -= 1
        await world.later(1)
    world.clock.pass_(seconds=after)
    by_hand = TOP + CORN.replace(b"buy corn", theirs) + b"\n" + end
    world.save(by_hand)
    await let_pass(world)
    world.restart()
    await let_pass(world)
    assert world.text == by_hand
    assert world.told == []
    assert world.journal.rows[effect.id].state is EffectState.DONE


@pytest.mark.parametrize("between", [0.5, 2, 4])
async def test_two_edits_of_our_line_in_a_row(world: World, between: float) -> None:
    world.save(TOP)
    await world.run().apply(Edit("n.md", lambda old: TOP + CORN + b"\n", CORN + b"\n"))
    world.clock.pass_(seconds=1)
    for theirs in (b"buy sweet corn", b"get sweet corn"):
        world.save(TOP + CORN.replace(b"buy corn", theirs) + b"\n")
        await world.later(between)
    await let_pass(world)
    assert world.text == TOP + CORN.replace(b"buy corn", b"get sweet corn") + b"\n"
    assert world.told == []


async def test_whoever_has_edited_our_line_may_do_what_they_like_with_it(world: World) -> None:
    world.save(TOP)
    await world.run().apply(Edit("n.md", lambda old: TOP + CORN + b"\n", CORN + b"\n"))
    world.clock.pass_(seconds=1)
    world.save(TOP + CORN.replace(b"corn", b"sweet corn") + b"\n")
    await world.later(1.5)
    world.save(TOP + b"- [ ] something else\n")
    await let_pass(world)
    assert world.text == TOP + b"- [ ] something else\n"
    assert world.told == []


@pytest.mark.parametrize("after", [0.3, 3, 9])
async def test_a_line_that_we_ticked_is_edited(world: World, after: float) -> None:
    world.save(OPEN.replace(b"[ ] a", b"[ ] call Ann"))
    await world.run().apply(tick(b"- [ ] call Ann"))
    world.clock.pass_(seconds=after)
    by_hand = world.text.replace(b"call Ann", b"call Ann Lee")
    world.save(by_hand)
    await let_pass(world)
    assert world.text == by_hand
    assert world.told == []


async def test_beside_an_edit_of_our_line_a_later_change_stays_too(world: World) -> None:
    world.save(TOP)
    await world.run().apply(Edit("n.md", lambda old: TOP + CORN + b"\n", CORN + b"\n"))
    sweet = TOP + CORN.replace(b"corn", b"sweet corn") + b"\n"
    world.save(sweet)
    await world.add("b")
    await let_pass(world)
    assert world.text == sweet + b"- b\n"
    assert world.told == []


async def test_of_two_changes_like_each_other_none_is_taken_for_an_edit_of_the_other(
    world: World,
) -> None:
    bees = CORN.replace(b"corn", b"bees")
    world.save(TOP)
    await world.run().apply(Edit("n.md", lambda old: append(old or b"", CORN.decode()), CORN))
    world.clock.pass_(seconds=1)
    world.save(TOP + b"- typed\n")
    await world.run().apply(Edit("n.md", lambda old: append(old or b"", bees.decode()), bees))
    await let_pass(world)
    assert world.text == TOP + b"- typed\n" + bees + b"\n" + CORN + b"\n"


async def test_a_text_still_being_written_tells_nothing_for_good(world: World) -> None:
    """A line that is cut off looks like an edited one."""
    world.save(TOP)
    await world.run().apply(Edit("n.md", lambda old: TOP + CORN + b"\n", CORN + b"\n"))
    world.clock.pass_(seconds=2)
    world.save(TOP + CORN[:-4])
    await world.eye.look()
    assert world.told == []
    world.clock.pass_(seconds=0.1)
    world.save(TOP + b"- typed\n")
    await let_pass(world)
    assert world.text == TOP + b"- typed\n" + CORN + b"\n"
