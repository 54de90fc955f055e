"""Notes are cut into paragraphs that can stand alone."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from octopus.backends.embedding.paragraph import LONG, SHORT, paragraphs

NOTE = """\
---
tags: [plants]
secret: property
---
# Roses

Prune in February, {}.

## Feeding

Bone meal, {}. %%hidden supplier%%

### Autumn

{}

## Pests
Greenfly.
"""


def lines(text: str) -> list[tuple[int, str]]:
    return [(each.line, each.text) for each in paragraphs("Garden", text)]


def test_each_says_what_it_stands_under() -> None:
    long = "word " * 90
    found = lines(NOTE.format(long, long, long))
    assert [(line, text.split("\n")[0]) for line, text in found] == [
        (7, "Garden > Roses"),
        (11, "Garden > Roses > Feeding"),
        (15, "Garden > Roses > Feeding > Autumn"),
        (17, "Garden > Roses"),
    ]
    whole = "\n".join(text for _, text in found)
    assert "Bone meal" in whole
    assert "hidden supplier" not in whole
    assert "secret" not in whole


def test_lines_are_those_of_the_file() -> None:
    text = NOTE.format("x", "y", "z")
    source = text.split("\n")
    for line, piece in lines(text):
        assert piece.split("\n")[1].split(".")[0] in source[line - 1]


def test_short_neighbours_are_put_together_but_not_over_a_heading() -> None:
    found = lines("one thing\n\nanother thing\n\n## Other\n\na third\n")
    assert found == [
        (1, "Garden\none thing\nanother thing"),
        (7, "Garden > Other\na third"),
    ]


def test_long_ones_are_cut() -> None:
    found = paragraphs("T", "word " * LONG)
    assert len(found) == 5
    assert all(len(each.text) <= LONG + 10 for each in found)
    assert "".join(each.text.removeprefix("T\n") for each in found).count("word") >= LONG - 5


def test_nothing_to_say_is_no_paragraph() -> None:
    assert paragraphs("T", "") == []
    assert paragraphs("T", "---\na: b\n---\n\n---\n\n***\n\n- \n") == []
    assert paragraphs("T", "%%all of it%%") == []


def test_the_same_text_has_the_same_digest_wherever_it_moves() -> None:
    filler = "something else " * 40
    before = paragraphs("T", f"{filler}\n\n{'apples ' * 60}")
    after = paragraphs("T", f"{'new ' * 120}\n\n{filler}\n\n{'apples ' * 60}")
    assert {each.digest for each in before} < {each.digest for each in after}
    assert {each.digest for each in paragraphs("U", filler)}.isdisjoint(
        each.digest for each in before
    )


@given(st.text(alphabet=st.sampled_from("ab #-\n\r%`|[]$é冰\t>"), max_size=400))
def test_any_text_is_cut_without_losing_order(text: str) -> None:
    found = paragraphs("T", text)
    numbers = [each.line for each in found]
    assert numbers == sorted(numbers)
    assert all(
        1 <= line <= text.replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1
        for line in numbers
    )
    assert all(len(each.text) <= max(LONG, SHORT) + 200 for each in found)
