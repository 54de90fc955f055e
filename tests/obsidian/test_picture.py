"""Pictures of what is around a note: every name can be read, and the same is always the same."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from octopus.core.drawing import Drawing, Label
from octopus.core.graph import Neighbour, Neighbourhood
from octopus.obsidian.picture import LETTER, LONGEST, cut, letters, picture, svg

COUNTS = [1, 2, 3, 7, 40, 200]


def star(count: int, depth: int = 1) -> Neighbourhood:
    """A note with so many around it; each of them with one more where it is two deep."""
    nodes = [Neighbour("Hub.md", 0)]
    nodes += [Neighbour(f"Folder/A neighbour with number {n}.md", 1) for n in range(count)]
    edges = [(0, n) for n in range(1, count + 1)]
    if depth == 2:
        nodes += [Neighbour(f"Second {n}.md", 2, exists=n % 2 == 0) for n in range(count)]
        edges += [(n, count + n) for n in range(1, count + 1)]
    return Neighbourhood(tuple(nodes), tuple(edges))


def box(label: Label) -> tuple[float, float, float, float]:
    width = letters(label.text) * LETTER * label.size
    left = label.x - width * {"start": 0.0, "middle": 0.5, "end": 1.0}[label.anchor]
    return left, label.y - label.size / 2, left + width, label.y + label.size / 2


def apart(one: Label, other: Label) -> bool:
    a, b = box(one), box(other)
    return a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]


def readable(drawing: Drawing) -> None:
    for place, label in enumerate(drawing.labels):
        left, top, right, bottom = box(label)
        assert left >= 0
        assert top >= 0
        assert right <= drawing.width
        assert bottom <= drawing.height
        for other in drawing.labels[place + 1 :]:
            assert apart(label, other), (label, other)


@pytest.mark.parametrize("depth", [1, 2])
@pytest.mark.parametrize("count", COUNTS)
def test_every_name_can_be_read(count: int, depth: int) -> None:
    drawing = picture(star(count, depth))
    readable(drawing)
    assert len(drawing.dots) == len(drawing.labels) == count * depth + 1
    assert len(drawing.lines) == count * depth
    assert {(dot.x, dot.y) for dot in drawing.dots} >= {
        (line.x2, line.y2) for line in drawing.lines
    }
    assert drawing.width + drawing.height < 10_000
    assert max(drawing.width, drawing.height) / min(drawing.width, drawing.height) < 20


def test_a_note_alone() -> None:
    drawing = picture(Neighbourhood((Neighbour("Alone.md", 0),), ()))
    readable(drawing)
    assert [label.text for label in drawing.labels] == ["Alone"]


NODES = st.lists(st.tuples(st.integers(1, 3), st.booleans(), st.text(max_size=60)), max_size=40)


@settings(max_examples=60, deadline=None)
@given(NODES, st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=80))
def test_any_neighbourhood_is_drawn_the_same_way_twice(
    found: list[tuple[int, bool, str]], links: list[tuple[int, int]]
) -> None:
    nodes = (Neighbour("Hub.md", 0), *(Neighbour(name, far, is_) for far, is_, name in found))
    edges = tuple((a, b) for a, b in links if max(a, b) < len(nodes))
    drawing = picture(Neighbourhood(nodes, edges))
    readable(drawing)
    assert picture(Neighbourhood(nodes, edges)) == drawing
    ElementTree.fromstring(svg(drawing))


def test_what_is_not_written_yet_looks_different() -> None:
    nodes = (Neighbour("Hub.md", 0), Neighbour("Bulb", 1, exists=False), Neighbour("pic.png", 1))
    drawing = picture(Neighbourhood(nodes, ((0, 1), (0, 2))))
    _, missing, file = drawing.dots
    assert missing.fill == drawing.ground
    assert missing.fill != file.fill
    assert [label.text for label in drawing.labels] == ["Hub", "Bulb", "pic.png"]


def test_names_are_shown_as_words_and_never_as_markup() -> None:
    name = '<script>&"x"\u202e.md'
    shown = svg(picture(Neighbourhood((Neighbour(name, 0),), ())))
    root = ElementTree.fromstring(shown)
    assert [text.text for text in root.iter("{http://www.w3.org/2000/svg}text")] == [
        '<script>&"x" '
    ]
    assert not list(root.iter("{http://www.w3.org/2000/svg}script"))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("short", "short"),
        ("x" * 40, "x" * 26 + "…"),
        ("東" * 40, "東" * 15 + "…"),
        ("a\nb\x00", "a b "),
    ],
)
def test_long_names_are_cut_by_their_width(text: str, shown: str) -> None:
    assert cut(text) == shown
    assert letters(cut(text)) <= LONGEST + 1
