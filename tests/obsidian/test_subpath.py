"""Each heading is named by as few headings as find it and no other one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octopus.obsidian.note import Note
from octopus.obsidian.scan import scan
from octopus.obsidian.subpath import Sections, find_heading, subpath_of

HEADINGS = st.tuples(st.integers(1, 3), st.sampled_from(["A", "B", "C d", "*e*", "[[F|g]]"]))
NOTES = st.lists(HEADINGS, max_size=8).map(
    lambda some: "".join(f"{'#' * level} {text}\nwords\n" for level, text in some)
)


def names(text: str) -> list[str | None]:
    note = scan(text)
    return [subpath_of(note, index) for index in range(len(note.headings))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# A\n## B\n", ["#A", "#B"]),
        ("# A\n## B\n# C\n## B\n", ["#A", "#B", "#C", "#C#B"]),
        ("# A\n## B\n### D\n# C\n## B\n### D\n", ["#A", "#B", "#D", "#C", "#C#B", "#C#B#D"]),
        ("## B\n## B\n", ["#B", None]),
        ("# A\n## B\n## B\n", ["#A", "#B", None]),
        ("### B\n# A\n# B\n", ["#B", "#A", None]),
        ("# See [[X|the x]]\n", ["#See X the x"]),
    ],
)
def test_names(text: str, expected: list[str | None]) -> None:
    assert names(text) == expected


@given(NOTES)
def test_a_name_finds_its_heading(text: str) -> None:
    note = scan(text)
    for heading, name in zip(note.headings, names(text), strict=True):
        assert name is None or find_heading(note, name) is heading


@given(NOTES, NOTES)
def test_what_was_found_before_is_found_again_or_said_to_be_lost(into: str, other: str) -> None:
    was, now = scan(other), scan(f"{into}\n{other}")
    sections = Sections.of("Other.md", was, now)
    assert sections is not None
    first = len(now.headings) - len(was.headings)
    for index in range(len(was.headings)):
        name = subpath_of(was, index)
        if name is None:
            continue
        found = find_heading(now, sections.again(name) or name)
        assert (found is now.headings[first + index]) is not sections.lost(name)


@pytest.mark.parametrize("subpath", ["", "#", "#Gone", "#^block"])
def test_what_found_no_heading_stays(subpath: str) -> None:
    was = scan("# A\nwords ^block\n")
    sections = Sections.of("Other.md", was, scan("# A\n# A\nwords ^block\n"))
    assert sections is not None
    assert sections.again(subpath) is None
    assert not sections.lost(subpath)


def test_headings_that_are_not_the_last_ones_are_left_alone() -> None:
    assert Sections.of("Other.md", scan("# A\n"), scan("# A\n# B\n")) is None
    assert Sections.of("Other.md", scan("# A\n"), Note()) is None
