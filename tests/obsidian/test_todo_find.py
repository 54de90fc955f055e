"""To-dos found again after their notes moved on."""

from __future__ import annotations

import random
from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octopus.core.todo import Todo
from octopus.core.view import Shown
from octopus.obsidian.scan import scan
from octopus.obsidian.settings import Tasks
from octopus.obsidian.todo_find import Finder, usual_note, words_of
from octopus.obsidian.todos import todos as todos_of
from tests.obsidian.nasty import scaled

TASKS = Tasks()


def vault(settings: Tasks = TASKS, **notes: str) -> list[Todo]:
    """The to-dos of notes by their name."""
    return [
        todo
        for name, text in notes.items()
        for todo in todos_of(f"{name}.md", scan(text), settings, time(9))
    ]


def finder(text: str, settings: Tasks = TASKS) -> Finder:
    return Finder(vault(settings, N=text), settings)


@pytest.mark.parametrize(
    ("seen", "now", "line"),
    [
        ("milk", "- [ ] milk", 1),
        ("milk", "new\n\n- [ ] eggs\n- [ ] milk", 4),
        ("milk", "- [x] milk ✅ 2026-11-20", 1),
        ("milk", "- [-] milk ❌ 2026-11-20", 1),
        ("milk ✅ 2026-11-20", "- [ ] milk", 1),
        ("milk 📅 2026-11-20", "- [ ] milk 📅 2026-11-24", 1),
        ("milk", "- [ ] milk ⏫ 📅 2026-11-24", 1),
        ("milk ⏰ 2026-11-20 09:00 📅 2026-11-20", "- [ ] milk 📅 2026-11-20", 1),
        ("buy milk", "- [ ] buy oat milk", 1),
        ("milk 🆔 a1", "- [ ] eggs\n- [ ] something else altogether 🆔 a1", 2),
        ("milk ^b1", "- [ ] eggs\n- [ ] something else altogether ^b1", 2),
        ("milk", "> - [ ] milk", 1),
        ("milk", "- [ ] parent\n\t- [ ] milk", 2),
    ],
)
def test_what_became_of_it(seen: str, now: str, line: int) -> None:
    (found,) = finder(now).all([Shown("N.md", 1, seen)])
    assert found is not None
    assert found.line == line


@pytest.mark.parametrize(
    ("seen", "now"),
    [
        ("milk", ""),
        ("milk", "milk"),
        ("milk", "- milk"),
        ("milk", "- [ ] call the bank"),
        ("milk", "```\n- [ ] milk\n```"),
        ("buy milk", "\n\n- [ ] buy oat milk"),  # similar words elsewhere are another to-do
    ],
)
def test_gone(seen: str, now: str) -> None:
    assert finder(now).all([Shown("N.md", 1, seen)]) == [None]


def test_what_has_other_words_is_shown_but_not_changed() -> None:
    seen, there = Shown("N.md", 1, "buy milk"), finder("- [ ] buy oat milk\n")
    assert there.one(seen) is None
    assert there.all([seen]) != [None]
    assert finder("- [ ] call Bob\n").all([Shown("N.md", 1, "call Ann")]) == [None]


def test_of_a_repeating_one_that_is_done_not_the_next_one_is_found() -> None:
    text = (
        "- [ ] water 🔁 every day 📅 2026-11-21\n"
        "- [x] water 🔁 every day 📅 2026-11-20 ✅ 2026-11-20\n"
    )
    found = finder(text).one(Shown("N.md", 1, "water 🔁 every day 📅 2026-11-20"))
    assert found is not None
    assert (found.line, found.open) == (2, False)


def test_an_open_one_of_the_same_words_is_likelier_than_a_done_one() -> None:
    text = "- [x] call Ann 📅 2026-10-01 ✅ 2026-10-01\n\n\n- [ ] call Ann 📅 2026-11-29\n"
    found = finder(text).one(Shown("N.md", 1, "call Ann 📅 2026-11-20"))
    assert found is not None
    assert found.line == 4


def test_no_to_do_is_taken_for_two() -> None:
    seen = [Shown("N.md", 1, "milk"), Shown("N.md", 2, "milk")]
    both = finder("- [ ] milk\n- [ ] milk\n").all(seen)
    assert [todo.line if todo else None for todo in both] == [1, 2]
    one = finder("- [ ] milk\n").all(seen)
    assert [todo.line if todo else None for todo in one] == [1, None]


def test_the_surest_sign_of_all_counts_first() -> None:
    # The first was reworded, the second has its very text: the second must not lose its line.
    seen = [Shown("N.md", 1, "buy milk"), Shown("N.md", 2, "buy milk today")]
    found = finder("- [ ] buy milk today\n").all(seen)
    assert [todo.line if todo else None for todo in found] == [None, 1]


def test_in_another_note_only_by_its_very_text_and_only_if_it_is_the_only_one() -> None:
    notes = vault(A="- [ ] milk\n- [ ] eggs\n- [ ] eggs\n", B="- [ ] bread 📅 2026-11-20\n")
    seen = [Shown("N.md", 1, text) for text in ("milk", "eggs", "bread")]
    found = Finder(notes, TASKS).all(seen)
    assert [todo.path if todo else None for todo in found] == ["A.md", None, None]


def test_the_global_filter_and_the_alarm_are_no_words() -> None:
    tasks = Tasks(global_filter="#task")
    assert words_of("#task call ⏰ 2026-11-20 09:00 ⏫ 📅 2026-11-20", tasks) == "call"
    assert words_of("call #home 📅 2026-11-20", TASKS) == "call #home"
    assert words_of("call  [due:: 2026-11-20]", Tasks(dataview=True)) == "call"


@scaled(60, 1500)
@given(st.integers(0, 10**9))
def test_whatever_happens_around_it_a_to_do_with_words_of_its_own_is_found(seed: int) -> None:
    dice = random.Random(seed)
    names = [
        f"{word} {dice.randrange(10**6)}" for word in ("plant", "call", "write", "mend", "buy")
    ]
    seen = [Shown("N.md", line, name) for line, name in enumerate(names, 1)]
    lines = [f"- [ ] {name}" for name in names]
    for _ in range(dice.randrange(6)):
        at = dice.randrange(len(lines))
        change = dice.choice(["tick", "date", "indent", "move", "line", "quote"])
        if change == "tick":
            lines[at] = lines[at].replace("[ ]", "[x]") + " ✅ 2026-11-20"
        elif change == "date" and "✅" not in lines[at]:
            lines[at] += " 📅 2026-11-20" if "📅" not in lines[at] else ""
        elif change == "indent" and at:
            lines[at] = "  " + lines[at].lstrip()
        elif change == "move":
            lines.insert(dice.randrange(len(lines)), lines.pop(at))
        elif change == "line":
            lines.insert(at, "")
    found = finder("\n".join(lines)).all(seen)
    for name, todo in zip(names, found, strict=True):
        if todo is not None:
            assert name in todo.text
        else:  # four columns of indentation are code, and no to-do
            assert not any(name in one.text for one in vault(N="\n".join(lines)))


def test_where_a_thing_usually_stands() -> None:
    notes = vault(
        Shopping="- [x] milk ✅ 2026-11-01\n- [x] Milk\n- [ ] oat milk\n- [ ] eggs\n",
        Tasks="- [ ] milk\n- [ ] milk\n- [ ] milk\n",
        Other="- [ ] milk 📅 2026-11-20\n",
    )
    assert usual_note(notes, "milk", TASKS, besides="Tasks.md") == ("Shopping.md", 2)
    assert usual_note(notes, "bread", TASKS, besides="Tasks.md") is None
    assert usual_note(notes, "MILK", TASKS, besides="Shopping.md") == ("Tasks.md", 3)
