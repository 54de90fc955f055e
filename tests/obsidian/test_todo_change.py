"""Writes of to-dos that a second run finds again, whatever the owner wrote in between."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octopus.core.view import Shown
from octopus.errors import NotFound
from octopus.obsidian.edit import append
from octopus.obsidian.settings import Tasks
from octopus.obsidian.tick import complete, reopen
from octopus.obsidian.todo_change import Added, Ticked, plan_of
from tests.obsidian.nasty import scaled

TODAY = date(2026, 11, 20)
NOTE = b"# List\r\n\r\n- [ ] milk\r\n- [ ] eggs \r\n  - [ ] brown\r\n- [ ] milk\r\n\r\nend"


def done(line: str) -> list[str]:
    return complete(line, TODAY, Tasks())


def ticked(*targets: tuple[int, str], plan: str = "") -> Ticked:
    return Ticked("N.md", tuple(Shown("N.md", line, text) for line, text in targets), done, plan)


def test_only_the_lines_meant_are_changed() -> None:
    after = ticked((4, "eggs")).apply(NOTE)
    assert after == NOTE.replace(b"[ ] eggs ", "[x] eggs ✅ 2026-11-20 ".encode())
    assert ticked((3, "milk"), (6, "milk")).apply(NOTE).count(b"- [x] milk") == 2
    assert ticked((6, "milk")).apply(NOTE).index(b"- [x] milk") > NOTE.index(b"eggs")


def test_the_nearest_of_equal_ones_is_meant_when_the_note_grew() -> None:
    grown = b"one\r\ntwo\r\n" + NOTE
    assert ticked((6, "milk")).apply(grown).count(b"- [ ] milk") == 1
    assert ticked((9, "milk")).apply(grown).endswith("[x] milk ✅ 2026-11-20\r\n\r\nend".encode())


def test_those_that_are_gone_are_left_out_and_none_left_is_told() -> None:
    assert ticked((3, "milk"), (4, "butter")).apply(NOTE).count(b"[x]") == 1
    for old in (None, b"", b"- [ ] other\n"):
        with pytest.raises(NotFound):
            ticked((3, "milk")).apply(old)


def test_a_repeating_one_grows_a_line_and_the_others_still_change() -> None:
    note = "- [ ] a 🔁 every day 📅 2026-11-20\n- [ ] b\n".encode()
    both = ticked((1, "a 🔁 every day 📅 2026-11-20"), (2, "b"))
    assert both.apply(note).decode().splitlines() == [
        "- [ ] a 🔁 every day 📅 2026-11-21",
        "- [x] a 🔁 every day 📅 2026-11-20 ✅ 2026-11-20",
        "- [x] b ✅ 2026-11-20",
    ]


@pytest.mark.parametrize(
    "note",
    [
        "- [ ] a\n",
        "- [ ] a 🔁 every day 📅 2026-11-20\n",
        "- [ ] a 🏁 delete\n",
        "- [ ] a 🔁 every day 🏁 delete 📅 2026-11-20\n",
        "- [ ] a\n- [ ] a\n- [x] a ✅ 2026-11-20\n",
        "- [ ] a 🏁 delete\n- [ ] a 🏁 delete\n",
    ],
)
def test_a_second_run_knows_whether_the_first_one_wrote(note: str) -> None:
    text = note.splitlines()[0].removeprefix("- [ ] ")
    change = ticked((1, text))
    old = note.encode()
    mark = change.mark(old)
    new = change.apply(old)
    assert change.is_in(new, mark)
    assert change.is_in(b"the owner's\n" + new + b"more\n", mark)
    assert not change.is_in(old, mark)
    assert not change.is_in(b"the owner's\n" + old + b"more\n", mark)


@scaled(60, 2000)
@given(
    st.lists(st.sampled_from(["a", "b", "a 🏁 delete", "c 🔁 every day"]), min_size=1, max_size=6),
    st.integers(0, 5),
    st.lists(st.sampled_from(["x", "- [ ] y", ""]), max_size=3),
)
def test_it_knows_in_every_list(texts: list[str], at: int, around: list[str]) -> None:
    at %= len(texts)
    old = "".join(f"- [ ] {text}\n" for text in texts).encode()
    change = ticked((at + 1, texts[at]))
    mark = change.mark(old)
    head = "".join(f"{line}\n" for line in around).encode()
    assert change.is_in(head + change.apply(old), mark)
    assert not change.is_in(head + old, mark)


def test_what_it_was_about_is_remembered() -> None:
    assert plan_of(ticked((3, "milk"), plan="{}").mark(NOTE)) == "{}"
    added = Added("N.md", lambda old: append(old, "- [ ] x"), b"- [ ] x", plan="ü")
    assert plan_of(added.mark(NOTE)) == "ü"
    for other in ("", "3", "[]", "{", '{"pairs": []}'):
        assert plan_of(other) == ""


def test_added_lines_are_known_again() -> None:
    change = Added("N.md", lambda old: append(old, "- [ ] milk"), b"- [ ] milk")
    mark = change.mark(NOTE)
    assert change.is_in(change.apply(NOTE), mark)
    assert not change.is_in(NOTE, mark)
    assert not change.is_in(None, mark)
    assert change.apply(None) == b"- [ ] milk\n"


def test_a_change_that_changes_nothing_is_nowhere() -> None:
    note = b"- [ ] a\n"
    same = Ticked("N.md", (Shown("N.md", 1, "a"),), lambda line: reopen(line, Tasks()))
    assert same.apply(note) == note
    assert not same.is_in(note, same.mark(note))
