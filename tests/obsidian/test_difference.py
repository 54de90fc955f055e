"""What a change is shown as."""

from __future__ import annotations

import itertools
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octopus.obsidian.difference import LINES, WIDTH, changed_lines, difference, net_words

TEXTS = st.lists(st.sampled_from(["a", "b", "", "c d"]), max_size=8).map("\n".join)


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ("a\nb\nc", "a\nx\nc", "− b\n+ x"),
        ("a\r\nb\r\n", "a\nb\n", ""),
        ("a", "a\nb", "+ b"),
        ("a\nb", "b", "− a"),
        ("1\na\n2\nb\n3", "1\nx\n2\ny\n3", "− a\n+ x\n− b\n+ y"),
        ("", "", ""),
    ],
)
def test_what_is_shown(before: str, after: str, shown: str) -> None:
    assert difference(before, after) == shown


def test_long_changes_are_cut() -> None:
    shown = difference("", "\n".join(["y" * 500] * 40)).splitlines()
    assert len(shown) == LINES
    assert max(map(len, shown)) <= WIDTH + 3
    assert shown[-1] == f"… ({41 - LINES + 1})"  # the empty line goes, forty come


@given(TEXTS, TEXTS)
def test_every_changed_line_is_named(before: str, after: str) -> None:
    lines = list(changed_lines(before, after))
    old, new = before.split("\n"), after.split("\n")
    gone = [line[2:] for line in lines if line[0] == "−"]
    come = [line[2:] for line in lines if line[0] == "+"]
    assert sorted(old) == sorted([*gone, *_kept(new, come)])
    assert bool(lines) == (before != after)


def _kept(lines: list[str], come: list[str]) -> list[str]:
    left = list(lines)
    for line in come:
        left.remove(line)
    return left


def test_a_giant_change_takes_no_longer_than_its_length() -> None:
    started = time.thread_time()
    difference("a\n" * 200_000, "b\n" * 200_000)
    assert time.thread_time() - started < 5


@pytest.mark.parametrize(
    ("texts", "gone", "come"),
    [
        (["- a\n", "- a\n- [ ] b  c\n"], "", "b c"),
        (["- a\n> ## b\n", "- a\n"], "b", ""),
        (["- [ ] a\n", "- [x] a\n"], "a", "a"),
        (["", "- [ ] a\n", "- [ ] b\n"], "", "b"),  # a was never there for long
        (["- a\n", "", "- a\n"], "", ""),
        (["", "1. a\n2) b\n\n---\n"], "", "a, b"),
        (["", "-no list\n#tag\n"], "", "-no list, #tag"),
    ],
)
def test_words_that_went_and_came(texts: list[str], gone: str, come: str) -> None:
    data = [text.encode() for text in texts]
    assert net_words(itertools.pairwise(data)) == (gone, come)


@given(st.lists(TEXTS, min_size=1, max_size=5))
def test_what_was_changed_back_and_forth_has_no_words(texts: list[str]) -> None:
    there = [text.encode() for text in texts]
    way = [*there, *there[-2::-1]]
    assert net_words(itertools.pairwise(way)) == ("", "")


def test_of_very_many_lines_some_are_told() -> None:
    many = "\n".join(f"- {number}" for number in range(5_000)).encode()
    gone, come = net_words([(b"", many)])
    assert not gone
    assert come.startswith("0, 1, 2, ")
    assert come.count(",") < 200
