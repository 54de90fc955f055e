"""Whether a change stands in a text, and making it again where an editor saved over it."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from octopus.errors import Refused
from octopus.obsidian.again import edited, make_again, stands
from octopus.obsidian.edit import append
from tests.obsidian.nasty import notes, scaled

OLD = b"# Shopping\n- bread\n"
NEW = b"# Shopping\n- bread\n- milk\n"
OPEN = b"- [ ] water the plants\n- [ ] call Ann\n"
TICKED = "- [ ] water the plants\n- [x] call Ann ✅ 2026-11-20\n".encode()


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (NEW, True),
        (b"# Shopping\r\n- bread\r\n- milk\r\n", True),
        (b"# Shopping\n- milk\n- bread\n", True),  # put elsewhere
        (b"# Shopping\n- bread\n- milk 2 l\n", True),  # more words
        (b"# Shopping\n- bread\n- milk\n- eggs\n", True),
        (b"# Shopping\n  - milk\n", True),
        (OLD, False),
        (b"# Shopping\n- bread\n- eggs\n", False),
        (b"# Shopping\n- bread\n- milkshake\n", False),
        (b"", False),
    ],
)
def test_an_added_line_stands_wherever_it_is(now: bytes, expected: bool) -> None:
    assert stands(OLD, NEW, now) is expected


def test_of_two_equal_lines_one_is_not_enough() -> None:
    twice = NEW + b"- milk\n"
    assert not stands(NEW, twice, NEW)
    assert stands(NEW, twice, twice)
    assert make_again(NEW, twice, NEW) == twice


def test_of_many_lines_one_that_stands_is_enough() -> None:
    after = OLD + b"- milk\n- eggs\n"
    assert stands(OLD, after, OLD + b"- eggs\n")


@pytest.mark.parametrize(("now", "expected"), [(OPEN, False), (TICKED, True), (b"", False)])
def test_a_tick_stands_where_its_line_does(now: bytes, expected: bool) -> None:
    assert stands(OPEN, TICKED, now) is expected


CALL = "- [ ] call Quinn 📅 2026-11-27\n".encode()
FICUS = "- [ ] water ficus 🔁 every 3 days 📅 2026-11-21\n".encode()


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (CALL, "- [x] call Quinn 📅 2026-11-27\n"),
        (CALL, "- [x] call Quinn 📅 2026-11-27 ✅ 2026-11-21\n"),
        (CALL, "- [ ] call Quinn 📅 2026-11-30\n"),
        (CALL, "\t- [-] call Quinn\n"),
        (CALL, "- [ ] call Quinn [due:: 2026-11-30]\n"),
        (
            FICUS,
            "- [ ] water ficus 🔁 every 3 days 📅 2026-11-24\n"
            "- [x] water ficus 🔁 every 3 days 📅 2026-11-21 ✅ 2026-11-21\n",
        ),
    ],
)
def test_a_task_that_the_owner_has_touched_stands(ours: bytes, theirs: str) -> None:
    assert stands(OPEN, OPEN + ours, OPEN + theirs.encode())
    assert not stands(OPEN, OPEN + ours, OPEN)


def test_a_second_task_of_the_same_words_is_not_seen_in_the_first() -> None:
    twice = CALL + CALL
    ticked = CALL.replace(b"[ ]", b"[x]")
    assert not stands(CALL, twice, ticked)
    assert stands(CALL, twice, ticked + CALL)


def test_a_tick_is_not_seen_in_a_task_of_other_words() -> None:
    assert not stands(OPEN, TICKED, OPEN.replace(b"water the plants", b"water all plants"))


def test_lines_taken_out_stay_out_where_one_of_them_is_missing() -> None:
    assert stands(NEW, OLD, OLD)
    assert not stands(NEW, OLD, NEW)
    assert make_again(NEW, OLD, NEW + b"- eggs\n") == OLD + b"- eggs\n"


def test_nothing_to_see_stands() -> None:
    assert stands(OLD, OLD, b"anything")
    assert stands(OLD, OLD + b"\n\n", OLD)


def test_it_is_made_again_beside_what_the_owner_wrote() -> None:
    assert make_again(OLD, NEW, OLD) == NEW
    assert make_again(OLD, NEW, OLD + b"- eggs\n") == OLD + b"- eggs\n- milk\n"
    assert make_again(OLD, NEW, b"# List\n- bread\n") == b"# List\n- bread\n- milk\n"
    now = b"- [ ] water the plants daily\n- [ ] call Ann\n"
    again = "- [ ] water the plants daily\n- [x] call Ann ✅ 2026-11-20\n"
    assert make_again(OPEN, TICKED, now) == again.encode()


def test_a_new_note_that_another_took_the_place_of_is_put_to_it() -> None:
    assert (
        make_again(b"", b"what I kept\n", b"from the phone\n") == b"from the phone\nwhat I kept\n"
    )


def test_a_line_that_can_only_be_one_is_found_wherever_the_rest_has_gone() -> None:
    """Comparing line by line gets lost where everything around is another now."""
    before = b"- [ ] a\n- [ ] b\n- [ ] c\n"
    after = before.replace(b"[ ] b", b"[x] b")
    now = b"- [ ] b, too\n- [x] c\n\n- [ ] b\n\n- [x] a\n- [ ] d\n"
    assert make_again(before, after, now) == now.replace(b"- [ ] b\n", b"- [x] b\n")


def test_lines_that_are_others_now_are_left_to_the_owner() -> None:
    with pytest.raises(Refused):
        make_again(OPEN, TICKED, b"- [ ] water the plants\n- [ ] call Ann and Bob\n")


CORN = "- [ ] buy corn 📅 2026-11-23\n".encode()
LATER = OPEN.replace(b"call Ann", "call Ann 📅 2026-11-27".encode())
OFF = LATER.replace(b"2026-11-27", b"2026-11-30")


@pytest.mark.parametrize(
    ("after", "theirs", "expected"),
    [
        (CORN, "- [ ] buy sweet corn 📅 2026-11-23\n", True),
        (CORN, "- [ ] buy corm 📅 2026-11-23\n", True),
        (CORN, "- [ ] buy corn flakes 📅 2026-11-23\n", True),
        (CORN, "- [ ] get corn 📅 2026-11-23\n- [ ] and more\n", True),
        (CORN, "- [x] buy sweet corn 📅 2026-11-24 ✅ 2026-11-21\n", True),
        (CORN, "- [ ] buy sweet corn\n", True),
        (CORN, "", False),
        (CORN, "- [ ] buy bread\n", False),  # typed into an old text
        (CORN, "- [ ] water the fern 📅 2026-11-23\n", False),
        (b"- lamp in the attic\n", "- lamp is in the attic\n", True),
        (b"- lamp in the attic\n", "- call the plumber\n", False),
    ],
)
@pytest.mark.parametrize("behind", [b"", b"\n## Done\n\n- [x] sell hay\n"])
def test_a_line_that_the_owner_has_edited_is_told_from_an_old_text(
    after: bytes, theirs: str, expected: bool, behind: bytes
) -> None:
    before = OPEN + behind
    assert edited(before, OPEN + after + behind, OPEN + theirs.encode() + behind) is expected
    assert not edited(before, OPEN + after + behind, OPEN + after + theirs.encode() + behind)


def test_a_line_like_ours_somewhere_else_is_no_edit_of_ours() -> None:
    assert not edited(OPEN, OPEN + CORN, b"- [ ] buy corm\n" + OPEN)


def test_a_line_that_another_change_of_ours_brought_in_is_not_the_owners() -> None:
    bees = CORN.replace(b"corn", b"bees")
    now = OPEN + bees
    assert edited(OPEN, OPEN + CORN, now)
    assert not edited(OPEN, OPEN + CORN, now, [(OPEN, now)])
    # What stood around another change of ours was somebody's all the same.
    assert edited(OPEN, OPEN + CORN, now + b"- x\n", [(now, now + b"- x\n")])


def test_an_old_line_that_was_edited_is_not_taken_for_ours() -> None:
    before = "- [ ] buy corns 📅 2026-11-23\n".encode()
    assert not edited(before, before + CORN, before.replace(b"corns", b"corns, many"))


@pytest.mark.parametrize(("before", "after"), [(OPEN, TICKED), (LATER, OFF)])
def test_a_changed_task_that_is_edited_comes_from_the_line_that_it_is_most_like(
    before: bytes, after: bytes
) -> None:
    assert edited(before, after, after.replace(b"call Ann", b"call Ann Lee"))
    assert edited(before, after, after.replace(b"call Ann", b"recall Anna"))
    assert not edited(before, after, before.replace(b"call Ann", b"call Ann Lee"))
    assert not edited(before, after, before.replace(b"water the", b"water all"))


@scaled(80, 3000)
@given(notes(), st.integers(0, 3))
def test_over_any_note_what_is_typed_into_an_old_text_is_no_edit_of_ours(
    before: bytes, lines: int
) -> None:
    after = append(before, "- kept by us: look for the lamp")
    old = before + b"".join(b"\n- theirs %d" % n for n in range(lines))
    assert not edited(before, after, old)
    assert not edited(before, after, after)


@scaled(80, 3000)
@given(notes(), st.integers(0, 3), st.integers(0, 30))
def test_over_any_note_an_append_is_found_and_made_again_once(
    before: bytes, lines: int, at: int
) -> None:
    assume(not before.startswith((b"\xff\xfe", b"\xfe\xff")))  # two bytes a letter: counted below
    after = append(before, "- a line of ours 7c1")
    assert stands(before, after, after)
    assert not stands(before, after, before)
    rows = before.splitlines(keepends=True)
    place = min(at, len(rows))
    theirs = b"".join([*rows[:place], *(b"- theirs %d\n" % n for n in range(lines)), *rows[place:]])
    if stands(before, after, theirs):  # a note can end in the middle of a line
        return
    try:
        again = make_again(before, after, theirs)
    except Refused:
        return
    assert again.count(b"a line of ours 7c1") == 1
    for number in range(lines):
        assert again.count(b"- theirs %d" % number) == 1
    assert stands(before, after, again)
