"""One letter wrong: against a plain reckoning of all texts that are one slip away."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octopus.language.likeness import GOOD, best, likeness
from octopus.language.typo import one_edit
from tests.language.reading import say

ABC = "abcd"
short = st.text(ABC, max_size=6)


def slips(word: str) -> set[str]:
    """Every text that is the word with one letter changed, missing, put in or swapped."""
    found = {word}
    for at in range(len(word) + 1):
        before, after = word[:at], word[at:]
        found |= {before + letter + after for letter in ABC}
        if after:
            found.add(before + after[1:])
            found |= {before + letter + after[1:] for letter in ABC}
        if len(after) > 1:
            found.add(before + after[1] + after[0] + after[2:])
    return found


@given(short, short)
def test_one_slip_is_one_slip(one: str, other: str) -> None:
    assert one_edit(one, other) == (other in slips(one))
    assert one_edit(one, other) == one_edit(other, one)


@given(short, st.data())
def test_every_slip_is_found(word: str, data: st.DataObject) -> None:
    assert one_edit(word, data.draw(st.sampled_from(sorted(slips(word)))))


# What is meant by a slip in a message.


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("remind me tomorow at 9 to pay", "remind me tomorrow at 9 to pay"),
        ("remind me on Wendesday at 9 to pay", "remind me on Wednesday at 9 to pay"),
        (
            "erinnere mich am Donerstag um 9 ans Zahlen",
            "erinnere mich am Donnerstag um 9 ans Zahlen",
        ),
        ("call Ann on Saturdya", "call Ann on Saturday"),
    ],
)
def test_a_day_with_a_slip_is_that_day(wrong: str, right: str) -> None:
    assert (say(wrong).intent, say(wrong).args) == (say(right).intent, say(right).args)


@pytest.mark.parametrize("text", ["delte the note Boat", "dellete the note Boat"])
def test_nothing_is_deleted_by_a_slip(text: str) -> None:
    assert say(text).intent != "note.delete"


# Names of things.

names = st.lists(
    st.sampled_from(["call", "mother", "ferns", "garden", "dentist", "bill", "хлеб", "купить"]),
    min_size=1,
    max_size=4,
    unique=True,
)


@given(names.flatmap(lambda some: st.tuples(st.just(some), st.permutations(some))))
def test_a_thing_is_named_by_its_words_in_any_order(orders: tuple[list[str], list[str]]) -> None:
    one, other = orders
    assert likeness(" ".join(one), " ".join(other)) == pytest.approx(1.0)


@given(names, names)
def test_more_words_of_the_things_own_never_name_it_worse(one: list[str], more: list[str]) -> None:
    whole = [*one, *(word for word in more if word not in one)]
    text = " ".join(whole)
    part = likeness(" ".join(one), text)
    assert GOOD <= part <= likeness(text, text)


@given(st.lists(names, min_size=1, max_size=5), st.data())
def test_who_says_the_very_words_means_one_of_those_called_so(
    things: list[list[str]], data: st.DataObject
) -> None:
    texts = [" ".join(each) for each in things]
    place = data.draw(st.integers(0, len(texts) - 1))
    found = best(texts[place], texts)
    assert place in found
    assert {frozenset(things[each]) for each in found} == {frozenset(things[place])}


@given(st.lists(names, max_size=5))
def test_words_that_nothing_has_name_nothing(things: list[list[str]]) -> None:
    assert best("xylophone", [" ".join(each) for each in things]) == []
