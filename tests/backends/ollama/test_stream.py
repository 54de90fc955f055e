"""From the pieces of a stream to what people see: no thoughts, no endless repetition."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octopus.backends.ollama.stream import STRIDE, Text, repetition, spoken, visible


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ("Hello", "Hello"),
        ("<think>hm</think>Hello", "Hello"),
        ("<think>\nhm\n</think>\n\nHello", "Hello"),
        ("<THINK>hm</Think> Hello", "Hello"),
        ("Hello <think>wait</think>there", "Hello there"),
        ("<think>never closed", ""),
        ("hm, so</think>Hello", "Hello"),
        ("<think>a</think><think>b</think>", ""),
        ("a < b", "a < b"),
        ("", ""),
    ],
)
def test_thoughts_are_left_out(raw: str, said: str) -> None:
    assert spoken(raw) == said


@given(st.text(alphabet="secret <>/think", max_size=60))
def test_nothing_of_a_thought_is_ever_visible(thought: str) -> None:
    if "</think>" in thought:
        return
    raw = f"<think>{thought}XYZZY</think>Hello"
    assert all("XYZZY" not in visible(raw[:end]) for end in range(len(raw) + 1))
    assert spoken(raw) == "Hello"


def test_half_a_tag_is_held_back() -> None:
    assert visible("so a <thi") == "so a"
    assert visible("so a <this") == "so a <this"
    assert visible("1 <") == "1"


@pytest.mark.parametrize("period", [1, 2, 7, 40, 100, 399])
def test_endless_repetition_is_noticed(period: int) -> None:
    block = "".join(chr(97 + (at * 7 + at // 26) % 26) for at in range(period - 1)) + "."
    text = "It began well! " + block * (2000 // period + 5)
    found = repetition(text)
    assert found is not None
    start, end = found
    assert start <= len("It began well! ") + period
    assert end - start <= period


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(f"{number}. buy thing number {number}" for number in range(60)),
        "| a | b | c |\n|---|---|---|\n" + "\n".join(f"| {n} | x | y |" for n in range(50)),
        "=" * 80 + "\n" + "The same words, the same words, the same words, and so on.",
        "la " * 60,
        "",
        "".join(f"def test_{n}():\n    assert f({n}) == {n * n}\n\n" for n in range(40)),
    ],
)
def test_lists_tables_and_songs_are_no_repetition(text: str) -> None:
    assert all(repetition(text[:end]) is None for end in range(0, len(text), STRIDE))


def test_what_is_stuck_keeps_its_beginning() -> None:
    text = Text()
    text.add("The answer is four. ")
    pieces = 0
    while not text.stuck():
        text.add("Really. ")
        pieces += 1
        assert pieces < 500
    assert text.raw.startswith("The answer is four.")
    assert text.raw.count("Really") == 1


def test_nothing_but_repetition_is_no_answer() -> None:
    text = Text()
    while not text.stuck():
        text.add("GGGG")
        assert text.pieces < 500
    assert text.raw == ""


def test_a_sentence_said_over_and_over_is_kept_once() -> None:
    text = Text()
    while not text.stuck():
        text.add("The lamp is in the hall. ")
    assert text.raw.strip() == "The lamp is in the hall."
