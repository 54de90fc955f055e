"""What a change is shown as."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octopus.obsidian.difference import LINES, WIDTH, changed_lines, difference

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
