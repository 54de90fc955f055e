"""Words that hold a part are found, all of them and nothing else."""

from __future__ import annotations

import random

import pytest

from octopus.backends.whoosh.analysis import LONGEST_TERM
from octopus.backends.whoosh.vocabulary import Vocabulary

WORDS = ["corn", "unicorn", "zebracorn", "cornet", "acorns", "東京", "京都", "é", "a", "42"]


def holding(part: str, words: list[str] = WORDS) -> list[str]:
    cold, warm = (Vocabulary([word.encode() for word in words]) for _ in range(2))
    warm.warm()
    assert (cold.is_warm, warm.is_warm) == (False, True)
    scanned = [cold.word(number) for number in cold.holding(part)]
    assert [warm.word(number) for number in warm.holding(part)] == scanned
    return scanned


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        ("corn", ["corn", "unicorn", "zebracorn", "cornet", "acorns"]),
        ("\ncorn", ["corn", "cornet"]),
        ("corn\n", ["corn", "unicorn", "zebracorn"]),
        ("\ncorn\n", ["corn"]),
        ("corns\n", ["acorns"]),
        ("cornx", []),
        ("rn", ["corn", "unicorn", "zebracorn", "cornet", "acorns"]),
        ("\na", ["acorns", "a"]),
        ("a\n", ["a"]),
        ("\na\n", ["a"]),
        ("京", ["東京", "京都"]),
        ("京\n", ["東京"]),
        ("\n京", ["京都"]),
        ("é", ["é"]),
        ("2", ["42"]),
        ("q", []),
    ],
)
def test_parts_of_words_in_the_order_given(part: str, expected: list[str]) -> None:
    assert holding(part) == expected


def test_no_word_is_two_words() -> None:
    assert holding("ab", ["a", "b", "ab"]) == ["ab"]
    assert holding("a\n", []) == []


def test_agrees_with_looking_at_every_word() -> None:
    rnd = random.Random(4)
    words = list({"".join(rnd.choices("abcé猫", k=rnd.randint(1, 9))) for _ in range(400)})
    vocabulary = Vocabulary([word.encode() for word in words])
    vocabulary.warm()
    for _ in range(500):
        sides = rnd.choice(["", "\n"]), rnd.choice(["", "\n"])
        part = sides[0] + "".join(rnd.choices("abcé猫", k=rnd.randint(1, 5))) + sides[1]
        expected = [word for word in words if part in f"\n{word}\n"]
        assert [vocabulary.word(number) for number in vocabulary.holding(part)] == expected, part


def test_words_that_may_go_on_are_known() -> None:
    long = ["x" * LONGEST_TERM, "é" * LONGEST_TERM]
    words = [*long, "x" * (LONGEST_TERM - 1), "猫" * (LONGEST_TERM - 1), "short"]
    vocabulary = Vocabulary([word.encode() for word in words])
    assert [vocabulary.word(number) for number in vocabulary.longest] == long
