"""To-dos named in a few words, bought things, and how a to-do is written on a phone."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octopus.core.todo import Todo
from octopus.core.view import Shown, View, ViewKind
from octopus.language.lexicon import languages
from octopus.language.likeness import GOOD, best, likeness
from octopus.language.lists import numbers, parted
from octopus.language.shopping import bought, thing
from octopus.language.todo_text import day_label, line, mark, moment, short, title
from octopus.language.todo_view import PAGE, Scene, chosen, shown, today_reply

TODAY = date(2026, 11, 20)
WORDS = ("call", "mend", "paint", "room", "lamp", "roof", "Ann", "Bob")


def todo(text: str = "a", line: int = 1, **more: object) -> Todo:
    values = {"path": "T.md", "status": " ", "open": True, "description": text} | more
    return Todo(line=line, text=text, **values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("query", "text", "language"),
    [
        ("milk", "buy milk", "en"),
        ("mlik", "buy milk", "en"),
        ("Milk!", "buy milk", "en"),
        ("the milk", "buy milk", "en"),
        ("dentst", "call the dentist", "en"),
        ("plants water", "water the plants", "en"),
        ("water plant", "water the plants", "en"),
        ("tax form", "fill in the tax forms", "en"),
        ("молоко", "купить молока", "ru"),
        ("позвонить маме", "позвони маме", "ru"),
        ("Paket", "Pakete abholen", "de"),
        ("llamar al banco", "llamar banco", "es"),
        ("换机油", "给车换机油", "zh"),
        ("room 12", "paint room 12", "en"),
    ],
)
def test_what_names_it(query: str, text: str, language: str) -> None:
    assert likeness(query, text, language) >= GOOD


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("milk", "call mike"),
        ("bread", "buy milk"),
        ("room 12", "paint room 13"),
        ("", "milk"),
        ("milk", ""),
        ("call Ann", "call Bob"),
        ("?", "milk"),
    ],
)
def test_what_does_not(query: str, text: str) -> None:
    assert likeness(query, text, "en") < GOOD


@given(st.lists(st.sampled_from(WORDS), min_size=1))
def test_the_same_words_name_it_in_any_order(words: list[str]) -> None:
    assert likeness(" ".join(words), " ".join(reversed(words))) == pytest.approx(1.0)


@given(st.text(max_size=30), st.text(max_size=30), st.sampled_from(languages()))
def test_it_is_a_share_of_one_for_any_text(query: str, text: str, language: str) -> None:
    assert 0.0 <= likeness(query, text, language) <= 1.0


@given(
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(" ".join),
    st.integers(0, 30),
    st.sampled_from(["", "x", "ing", "s"]),
)
def test_a_quick_look_leaves_out_nothing_that_is_meant(text: str, at: int, other: str) -> None:
    """With a letter or an ending changed anywhere, as many are found as by the long way."""
    query = text[: at % len(text)] + other + text[at % len(text) + 1 :]
    names = [text, "something else", "mend the roof", "Anna's lamps", "paintings"]
    scores = [likeness(query, name) for name in names]
    found = best(query, names)
    assert bool(found) == (max(scores) >= GOOD)
    assert not found or scores[found[0]] == max(scores)


def test_the_best_is_meant_and_several_only_where_they_are_as_good() -> None:
    names = ["buy milk", "buy oat milk", "call Ann", "milk"]
    assert best("milk", names) == [3]
    assert best("oat milk", names) == [1]
    assert best("buy milk", names) == [0]
    assert set(best("call", ["call Ann", "call Bob", "mend it"])) == {0, 1}
    assert best("tea", ["buy tea", "team meeting on the tax"]) == [0]
    assert best("nothing", names) == []
    assert best("x", []) == []


@pytest.mark.parametrize(
    ("text", "language", "found"),
    [
        ("bought milk", "en", "milk"),
        ("I bought the milk.", "en", "milk"),
        ("got eggs", "en", "eggs"),
        ("Milch gekauft", "de", "Milch"),
        ("купил молоко", "ru", "молоко"),
        ("молоко куплено", "ru", "молоко"),
        ("compré pan", "es", "pan"),
        ("leche comprada", "es", "leche"),
        ("j'ai acheté du lait", "fr", "lait"),
        ("ho comprato il pane", "it", "pane"),
        ("comprei pão", "pt", "pão"),
        ("купив хліб", "uk", "хліб"),
        ("买了牛奶", "zh", "牛奶"),
        ("milk", "en", None),
        ("bought", "en", None),
        ("bought milk?", "en", None),
        ("bought milk\nand eggs", "en", None),
        ("I bought a house in the hills over there and moved in", "en", None),
        ("bought milk", "xx", "milk"),
    ],
)
def test_what_was_bought(text: str, language: str, found: str | None) -> None:
    assert bought(text, language) == found


@pytest.mark.parametrize(
    ("text", "language", "found"),
    [
        ("buy milk", "en", "milk"),
        ("buy some milk", "en", "milk"),
        ("купить молоко", "ru", "молоко"),
        ("Milch kaufen", "de", None),
        ("call Ann", "en", None),
        ("buy", "en", None),
    ],
)
def test_what_is_to_be_bought(text: str, language: str, found: str | None) -> None:
    assert thing(text, language) == found


@pytest.mark.parametrize(
    ("text", "language", "found"),
    [
        ("2", "en", [2]),
        ("1, 3", "en", [1, 3]),
        ("1 and 3", "en", [1, 3]),
        ("1 2 3", "en", [1, 2, 3]),
        ("#4.", "en", [4]),
        ("1 und 2", "de", [1, 2]),
        ("2 eggs", "en", []),
        ("1000", "en", []),
        ("²", "en", []),
        ("milk", "en", []),
        ("", "en", []),
    ],
)
def test_numbers_of_a_list(text: str, language: str, found: list[int]) -> None:
    assert numbers(text, language) == found


def test_several_things_in_one_text() -> None:
    assert parted("milk, eggs and bread", "en") == ["milk", "eggs", "bread"]
    assert parted("Milch und Eier", "de") == ["Milch", "Eier"]
    assert parted("milk", "xx") == ["milk"]


@pytest.mark.parametrize(
    ("day", "language", "label"),
    [
        (date(2026, 11, 20), "en", "today, Fri 20 Nov"),
        (date(2026, 11, 21), "en", "tomorrow, Sat 21 Nov"),
        (date(2026, 11, 19), "en", "Thu 19 Nov"),
        (date(2027, 1, 1), "en", "Fri 1 Jan 2027"),
        (date(2026, 11, 24), "de", "Di 24. Nov."),
        (date(2026, 11, 24), "ru", "вт 24 нояб."),
        (date(2026, 11, 24), "zh-CN", "周二 11月24日"),
        (date(2026, 11, 24), "xx", "Tue 24 Nov"),
    ],
)
def test_days(day: date, language: str, label: str) -> None:
    assert day_label(day, TODAY, language) == label


@pytest.mark.parametrize("language", languages())
def test_every_language_has_its_months(language: str) -> None:
    labels = {day_label(date(2026, month, 9), TODAY, language) for month in range(1, 13)}
    assert len(labels) == 12
    assert all("9" in label for label in labels)


def test_one_line() -> None:
    at = datetime(2026, 11, 26, 14)  # noqa: DTZ001 - the owner's wall clock
    assert line(todo("call Ann"), TODAY, "en") == "call Ann"
    full = todo("call", due=date(2026, 11, 26), remind_at=at, priority="high", repeat="every week")
    assert line(full, TODAY, "en") == "call · Thu 26 Nov 14:00 · high · every week"
    other = todo("call", due=date(2026, 11, 27), remind_at=at)
    assert moment(other, TODAY, "en") == "Fri 27 Nov · ⏰ Thu 26 Nov 14:00"
    assert moment(todo(scheduled=TODAY), TODAY, "en") == "today, Fri 20 Nov"
    assert moment(todo(start=TODAY), TODAY, "en") == ""


def test_the_words_without_what_is_not_to_be_read() -> None:
    assert title(todo("call [[People/Ann|Ann]] in [[Rome]] ⏰ 2026-11-20 09:00 %%x%%")) == (
        "call Ann in Rome"
    )
    assert title(todo("#task mend #task"), "#task") == "mend"
    assert title(todo("📅 2026-11-20", description="")) == "📅 2026-11-20"
    assert short("x" * 200) == "x" * 159 + "…"
    assert [mark(todo(open=o, status=s)) for o, s in ((True, "/"), (False, "x"), (False, "-"))] == [
        "☐",
        "☑",
        "☒",
    ]


# Messages.


def view(kind: ViewKind, *todos: Todo, **more: object) -> View:
    return View(kind, tuple(Shown.of(each, each.text) for each in todos), **more)  # type: ignore[arg-type]


def test_a_receipt_shows_how_it_is_now() -> None:
    one = todo("milk", due=TODAY)
    receipt = view(ViewKind.RECEIPT, one, head="Added to T.md", tail="By the way.", effect=7)
    reply = shown(receipt, [one], Scene(TODAY))
    assert reply.text == "☐ milk · today, Fri 20 Nov\nAdded to T.md\nBy the way."
    assert [button.label for button in reply.buttons] == ["Done", "Tomorrow", "Undo"]
    done = todo("milk ✅ 2026-11-20", description="milk", open=False, status="x", line=4)
    reply = shown(receipt, [done], Scene(TODAY))
    assert reply.text.splitlines()[0] == "☑ milk"
    assert [button.label for button in reply.buttons] == ["Undo"]
    assert reply.view is not None
    assert reply.view.items[0].line == 4
    assert reply.view.items[0].text == "milk ✅ 2026-11-20"
    gone = shown(receipt, [None], Scene(TODAY))
    assert gone.text == "not there any more: milk"
    assert [button.label for button in gone.buttons] == ["Undo"]


def test_without_an_effect_of_ours_a_done_one_can_be_opened_again() -> None:
    done = todo("milk", open=False, status="x")
    reply = shown(view(ViewKind.RECEIPT, done), [done], Scene(TODAY))
    assert [(b.label, b.intent, b.args["done"]) for b in reply.buttons] == [
        ("Not done", "todo.tick", False)
    ]


def test_a_list_keeps_its_numbers_whatever_becomes_of_its_items() -> None:
    three = [todo(name, line) for line, name in enumerate(("a", "b", "c"), 1)]
    listed = view(ViewKind.LIST, *three, head="Head", first=10, total=13, when="all")
    done = todo("b", 2, open=False, status="x")
    reply = shown(listed, [three[0], done, None], Scene(TODAY))
    assert reply.text.splitlines() == [
        "Head",
        "11. ☐ a",
        "12. ☑ b",
        "13. not there any more: c",
    ]
    labels = [(button.label, button.intent) for button in reply.buttons]
    assert labels == [
        ("☐ 11. a", "todo.tick"),
        ("☑ 12. b", "todo.tick"),
        ("Back", "todo.list"),
    ]
    assert [button.args.get("done") for button in reply.buttons] == [True, False, None]


def test_many_are_paged_and_grouped() -> None:
    every = [todo(f"t{n}", n, due=date(2026, 11, 10 + n)) for n in range(1, 16)]
    first = chosen(every, View(ViewKind.LIST, when="all"), Scene(TODAY))
    assert first is not None
    rows, total = first
    assert (len(rows), total) == (PAGE, 15)
    assert [item.group for item, _ in rows] == ["Overdue"] * 9 + ["Today"]
    second = chosen(every, View(ViewKind.LIST, when="all", first=10), Scene(TODAY))
    assert second is not None
    assert [item.group for item, _ in second[0]] == ["This week"] * 2 + ["Later"] * 3
    assert chosen(every, View(ViewKind.LIST, when="soon"), Scene(TODAY)) is None


def test_the_day_with_what_was_done() -> None:
    some = [
        todo("late", 1, due=date(2026, 11, 1)),
        todo("now", 2, due=TODAY),
        todo("later", 3, due=date(2026, 11, 21)),
        todo("did", 4, done=TODAY, open=False, status="x"),
        todo("did it before", 5, done=date(2026, 11, 19), open=False, status="x"),
    ]
    reply = today_reply(some, View(ViewKind.TODAY), Scene(TODAY))
    assert reply.text.splitlines() == [
        "Today, Fri 20 Nov",
        "",
        "Overdue",
        "1. ☐ late · Sun 1 Nov",
        "",
        "Today",
        "2. ☐ now · today, Fri 20 Nov",
        "",
        "Done today:",
        "☑ did",
    ]
    nothing = today_reply([], View(ViewKind.TODAY), Scene(TODAY))
    assert nothing.text == "Today, Fri 20 Nov\nNothing is due."
    assert nothing.buttons == ()


@given(st.integers(0, 40), st.integers(0, 5))
def test_every_to_do_is_on_exactly_one_page(count: int, done: int) -> None:
    every = [todo(f"t{n}", n) for n in range(count)]
    every += [todo(f"d{n}", n, open=False, status="x") for n in range(done)]
    seen: list[str] = []
    first = 0
    while True:
        found = chosen(every, View(ViewKind.LIST, when="all", first=first), Scene(TODAY))
        assert found is not None
        rows, total = found
        assert total == count
        seen += [one.text for _, one in rows]
        first += len(rows)
        if first >= total:
            break
    assert sorted(seen) == sorted(one.text for one in every if one.open)
