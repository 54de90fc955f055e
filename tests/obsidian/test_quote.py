"""Comments left out, quotes found in the note's own words, pages that stand alone."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from octopus.obsidian.quote import Quote, find_quote, page, without_comments

NOTE = "# Lamp\r\n\r\nThe lamp in the **hall** is\r\nbroken, see [[Bulb|the bulb]].\r\n"


def test_comments_go_and_lines_keep_their_numbers() -> None:
    text = "a %%x%% b\n%%\ntwo\nlines\n%%\nc <!-- y --> d\n"
    assert without_comments(text) == "a  b\n\n\n\n\nc  d\n"
    assert without_comments("`%%code%%`\n") == "`%%code%%`\n"
    assert without_comments("") == ""


@given(st.text(alphabet="ab%\n<!- >`", max_size=60))
def test_the_number_of_lines_never_changes(text: str) -> None:
    assert without_comments(text).count("\n") == text.count("\n")


def test_a_quote_is_found_with_its_line() -> None:
    text = without_comments(NOTE)
    assert find_quote(text, "lamp in the hall") == Quote("lamp in the **hall", 3)
    assert find_quote(text, "hall is broken") == Quote("hall** is broken", 3)
    assert find_quote(text, "“broken, see …”") == Quote("broken, see", 4)


def test_what_does_not_stand_there_is_not_found() -> None:
    text = without_comments(NOTE)
    for words in ("lamp in the kitchen", "Lamp in the hall", "lamp  hall", "the", "", "*** ___"):
        assert find_quote(text, words) is None


@given(st.text(alphabet="abcdef \n*_", min_size=1, max_size=80), st.data())
def test_every_part_of_a_text_is_found_in_it(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    part = text[start : data.draw(st.integers(start, len(text)))]
    letters = sum(character.isalnum() for character in part)
    found = find_quote(text, part)
    assert (found is not None) == (letters >= 6)


def test_pages_end_between_lines_and_miss_nothing() -> None:
    text = "".join(f"line {number}\n" for number in range(100))
    parts, at = [], 0
    while at < len(text):
        part, at = page(text, at, 100)
        parts.append(part)
    assert "".join(parts) == text
    assert all(part.endswith("\n") for part in parts)


def test_a_line_longer_than_a_page() -> None:
    assert page("x" * 250, 0, 100) == ("x" * 100, 100)
    assert page("x" * 250, 200, 100) == ("x" * 50, 250)
    assert page("", 0, 100) == ("", 0)


def test_code_that_goes_on_is_closed_and_opened_again() -> None:
    code = "".join(f"x = {number}\n" for number in range(60))
    text = f"before\n```python\n{code}```\nafter\n"
    parts, at = [], 0
    while at < len(text):
        part, at = page(text, at, 120)
        parts.append(part)
    assert len(parts) > 2
    for part in parts:
        assert part.count("```") % 2 == 0
    assert parts[1].startswith("```python\n")
    assert parts[-1].rstrip().endswith("after")
