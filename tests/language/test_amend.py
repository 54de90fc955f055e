"""What a correction makes of each kind of thing that was done, without a house around it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octopus.core.meaning import Meaning
from octopus.language.amend import WORDS, amend
from octopus.language.owner import Owner
from tests.language.reading import BERLIN, NOW, say

OWNER = Owner(zone=BERLIN)
CALL: dict[str, Any] = {
    "text": "call mom",
    "due": "2026-11-24",
    "at": None,
    "repeat": None,
    "priority": None,
}
DIARY: dict[str, Any] = {"text": "slept well", "date": "2026-11-20"}
ALARM: dict[str, Any] = {"text": "take pills", "at": "2026-11-21T08:00:00+01:00", "repeat": None}


def amended(
    intent: str, args: dict[str, Any], change: str, whole: str = "", now: datetime = NOW
) -> list[dict[str, Any]]:
    """What is different afterwards, for each reading."""
    done = Meaning(intent, args)
    found = amend(done, change, now=now, owner=OWNER, whole=whole)
    assert all(each.intent == intent for each in found)
    return [
        {key: each.args[key] for key in each.args if each.args[key] != args.get(key)}
        for each in found
    ]


@pytest.mark.parametrize(
    ("intent", "args", "change", "new"),
    [
        # another day: the clock stays, and so does the alarm beside the day
        ("todo.add", CALL, "Wednesday", {"due": "2026-11-25"}),
        ("todo.add", CALL, "tomorrow", {"due": "2026-11-21"}),
        ("todo.add", CALL, "am Mittwoch", {"due": "2026-11-25"}),
        ("todo.add", CALL, "mercredi", {"due": "2026-11-25"}),
        ("todo.add", CALL, "el miércoles", {"due": "2026-11-25"}),
        ("todo.add", CALL, "в среду", {"due": "2026-11-25"}),
        ("todo.add", CALL, "у середу", {"due": "2026-11-25"}),
        ("todo.add", CALL, "周三", {"due": "2026-11-25"}),
        ("reminder.add", ALARM, "on Monday", {"at": "2026-11-23T08:00:00+01:00"}),
        # another clock: the day stays
        ("reminder.add", ALARM, "at 9:30", {"at": "2026-11-21T09:30:00+01:00"}),
        ("reminder.add", ALARM, "um 21 Uhr", {"at": "2026-11-21T21:00:00+01:00"}),
        ("reminder.add", ALARM, "в 9:30", {"at": "2026-11-21T09:30:00+01:00"}),
        ("todo.add", CALL, "at 17:15", {"at": "2026-11-24T17:15:00+01:00"}),
        # both
        ("reminder.add", ALARM, "Monday at 7:00", {"at": "2026-11-23T07:00:00+01:00"}),
        # from now on
        ("reminder.add", ALARM, "in 20 minutes", {"at": "2026-11-20T09:50:00+01:00"}),
        # how urgent, and the words stay
        ("todo.add", CALL, "high priority", {"priority": "high"}),
        # one word for another
        ("todo.add", CALL, "not mom, dad", {"text": "call dad"}),
        ("todo.add", CALL, "nicht mom, sondern dad", {"text": "call dad"}),
        ("todo.add", CALL, "dad, not mom", {"text": "call dad"}),
        ("todo.add", CALL, "not Tuesday, Friday", {"due": "2026-11-27"}),
        # all words, the time stays
        ("todo.add", CALL, "write to mom", {"text": "write to mom"}),
        # an item of a list
        (
            "todo.add_many",
            {"items": ["milk", "eggs"], "list": None},
            "not eggs, ham",
            {"items": ["milk", "ham"]},
        ),
        ("todo.add_many", {"items": ["milk", "breat"]}, "bread", {"items": ["milk", "bread"]}),
        # another place
        ("note.append", {"note": "Travel", "text": "x"}, "in the note Work", {"note": "Work"}),
        ("note.append", {"note": "Reise", "text": "x"}, "in die Notiz Werk", {"note": "Werk"}),
        ("todo.add_many", {"items": ["a"], "list": "Home"}, "to the list Work", {"list": "Work"}),
        # another name, whatever it sounds like
        ("note.rename", {"from": "A", "to": "B"}, "C", {"to": "C"}),
        ("note.rename", {"from": "A", "to": "B"}, "to Monday at 9", {"to": "Monday at 9"}),
        ("note.rename", {"from": "A", "to": "B"}, "not B, C", {"to": "C"}),
        # another address
        (
            "link.save",
            {"url": "https://a.example", "text": "x"},
            "https://b.example",
            {"url": "https://b.example"},
        ),
        # what was looked for
        ("search", {"query": "boat"}, "ship", {"query": "ship"}),
        ("todo.complete", {"query": "call mom"}, "call dad", {"query": "call dad"}),
        # a day that was asked about
        ("agenda", {"date": "2026-11-21"}, "Monday", {"date": "2026-11-23"}),
        ("daily.append", DIARY, "yesterday", {"date": "2026-11-19"}),
        # a time that stands in the words of a note
        ("note.add", {"text": "dentist at 9:15"}, "at 10:45", {"text": "dentist at 10:45"}),
        ("note.add", {"text": "lunch on Monday"}, "on Tuesday", {"text": "lunch on Tuesday"}),
        ("daily.append", {**DIARY, "text": "run at 9:15"}, "at 10:45", {"text": "run at 10:45"}),
        ("daily.append", {**DIARY, "text": "tea on Monday"}, "Friday", {"text": "tea on Friday"}),
        (
            "daily.append",
            {**DIARY, "text": "today I slept"},
            "yesterday",
            {"date": "2026-11-19", "text": "yesterday I slept"},
        ),
    ],
)
def test_one_reading(intent: str, args: dict[str, Any], change: str, new: dict[str, Any]) -> None:
    assert amended(intent, args, change) == [new]


@pytest.mark.parametrize(
    ("intent", "args", "change"),
    [
        ("todo.add", CALL, "on 31 February"),
        ("agenda", {"date": "2026-11-21"}, "at 9:30"),  # a day has no clock
        ("daily.append", DIARY, "at 9:30"),
        ("agenda", {"date": "2026-11-21"}, "boat"),  # and no words
        ("note.rename", {"from": "A", "to": "B"}, ""),
        ("note.add", {"text": "from 9:15 to 10:00"}, "at 12:00 on Monday"),
        ("note.add", {"text": ""}, "boat"),
        ("undo", {}, "boat"),
        ("undo", {}, ""),
        ("todo.add", CALL, "   "),
    ],
)
def test_no_reading(intent: str, args: dict[str, Any], change: str) -> None:
    assert amended(intent, args, change) == []


def test_which_word_is_meant_is_asked_and_one_much_like_it_is_not() -> None:
    assert amended("todo.add", CALL, "Anna") == [{"text": "call Anna"}, {"text": "Anna"}]
    anna = {**CALL, "text": "call Hanna about the roof"}
    assert amended("todo.add", anna, "Anna") == [{"text": "call Anna about the roof"}]
    found = amended("todo.add_many", {"items": ["milk", "eggs"]}, "bolts")
    assert found == [{"items": ["bolts", "eggs"]}, {"items": ["milk", "bolts"]}]


def test_of_a_long_list_only_a_few_are_asked_about() -> None:
    items = [f"{letter}{letter}{letter}" for letter in "abcdefgh"]
    found = amended("todo.add_many", {"items": items}, "zz")
    assert len(found) == 4
    assert all(each["items"].count("zz") == 1 for each in found)


def test_a_bare_number_has_its_at_from_the_whole_message() -> None:
    assert amended("reminder.add", ALARM, "10", "no, at 10") == [
        {"at": "2026-11-21T10:00:00+01:00"}
    ]
    assert amended("reminder.add", ALARM, "10") == [{"text": "take 10"}, {"text": "10"}]


def test_of_a_date_weeks_ahead_a_weekday_is_one_of_that_week() -> None:
    far = {**CALL, "due": "2026-12-15"}
    assert amended("todo.add", far, "Thursday") == [{"due": "2026-12-17"}]
    assert amended("todo.add", far, "Monday") == [{"due": "2026-12-14"}]
    assert amended("todo.add", far, "tomorrow") == [{"due": "2026-11-21"}]
    this_week = {**CALL, "due": "2026-11-21"}
    assert amended("todo.add", this_week, "Monday") == [{"due": "2026-11-23"}]  # none gone by


def test_the_clock_nearest_to_the_old_one_is_meant() -> None:
    evening = {**ALARM, "at": "2026-11-21T20:00:00+01:00"}
    morning = {**ALARM, "at": "2026-11-21T08:00:00+01:00"}
    assert amended("reminder.add", evening, "at 9", "no, at 9") == [
        {"at": "2026-11-21T21:00:00+01:00"}
    ]
    assert amended("reminder.add", morning, "at 9", "no, at 9") == [
        {"at": "2026-11-21T09:00:00+01:00"}
    ]


def test_a_clock_that_goes_over_the_change_of_the_clocks_keeps_its_hour() -> None:
    spring = {**ALARM, "at": "2026-03-28T08:00:00+01:00"}
    now = datetime(2026, 3, 27, 9, 0, tzinfo=ZoneInfo("Europe/Berlin"))
    assert amended("reminder.add", spring, "on Sunday", now=now) == [
        {"at": "2026-03-29T08:00:00+02:00"}
    ]


def test_only_whole_words_are_swapped_and_only_one() -> None:
    cart = {**CALL, "text": "carting a cart to a cart"}
    assert amended("todo.add", cart, "not cart, van") == [{"text": "carting a van to a cart"}]
    odd = {**CALL, "text": r"try \1 and (x)"}
    assert amended("todo.add", odd, r"not try, \g<0>") == [{"text": r"\g<0> \1 and (x)"}]


@pytest.mark.parametrize(
    ("was", "change", "whole", "language"),
    [
        ("de", "10", "nein, um 10", "de"),
        ("fr", "10h", "non, à 10h", "fr"),
        ("pt", "segunda-feira", "não, segunda-feira", "pt"),
        ("es", "el lunes", "no, el lunes", "es"),
        ("it", "lunedì", "no, lunedì", "it"),
        ("en", "10:45", "no, 10:45", "en"),
        ("en", "10", "nein, um 10", "de"),
        ("de", "Monday", "no, on Monday", "en"),
        ("ru", "в среду", "нет, в среду", "ru"),
        ("zh", "周一", "不,我是说周一", "zh"),
        ("de", "10:45", "", "en"),  # nothing tells: the owner's
    ],
)
def test_the_answer_is_in_the_language_of_the_correction(
    was: str, change: str, whole: str, language: str
) -> None:
    for intent, args in (("reminder.add", ALARM), ("todo.add", CALL)):
        done = Meaning(intent, args, language=was)
        found = amend(done, change, now=NOW, owner=OWNER, whole=whole)
        assert {each.language for each in found} == {language}


# Whatever is said.

SAID: tuple[str, ...] = (
    "no",
    "not",
    ",",
    "at",
    "5",
    "25:61",
    "Monday",
    "tomorrow",
    "every",
    "day",
    "high priority",
)
SAID += (
    "into the note",
    "list",
    "nein",
    "nicht",
    "sondern",
    "um",
    "завтра",
    "не",
    "а",
    "周三",
    "不是",
)
SAID += ("milk", "bread", "🥛", "- [ ]", "#tag")
fields = st.sampled_from(sorted(WORDS))
said = st.one_of(
    st.text(max_size=30),
    st.lists(
        st.sampled_from(SAID),
        max_size=8,
    ).map(" ".join),
)


@given(fields, said, said)
def test_any_correction_changes_what_is_there_and_nothing_else(
    intent: str, old: str, change: str
) -> None:
    field = WORDS[intent]
    words: Any = [old, "eggs"] if field == "items" else old
    args = {field: words, "due": "2026-11-24", "at": None, "repeat": None}
    before = {key: list(value) if isinstance(value, list) else value for key, value in args.items()}
    for found in amend(Meaning(intent, args), change, now=NOW, owner=OWNER, whole=f"no, {change}"):
        assert found.intent == intent
        assert set(found.args) == set(args)
        assert isinstance(found.args[field], type(words))
        if found.args["at"]:
            assert datetime.fromisoformat(str(found.args["at"])).tzinfo is not None
    assert args == before  # what was done is still known as it was


@given(said)
def test_a_correction_of_what_was_understood_reads_the_same_twice(change: str) -> None:
    done = say("call mom on Tuesday")
    first = amend(done, change, now=NOW, owner=OWNER)
    assert first == amend(done, change, now=NOW, owner=OWNER)
