"""The text that is shown with a hit."""

from __future__ import annotations

import pytest

from octopus.backends.whoosh.analysis import Analyzer
from octopus.backends.whoosh.scan import Stamp
from octopus.backends.whoosh.snippet import WIDTH, Spot, find_spot
from octopus.backends.whoosh.texts import Source
from octopus.backends.whoosh.where import find_place
from octopus.obsidian.query_node import And, Word


def spot(text: str, *terms: str) -> Spot:
    source = Source("n.md", text, Stamp(1, 1))
    node = And(tuple(Word(term) for term in terms))
    return find_spot(source, find_place(source, node, {}, Analyzer()))


def test_line_and_heading() -> None:
    text = "intro\n\n# One\n\ntext\n\n## Two\n\nsome needle here\n"
    assert spot(text, "needle") == Spot(9, "Two", "some needle here")
    assert (spot(text, "intro").line, spot(text, "intro").heading) == (1, "")
    assert (spot(text, "text").line, spot(text, "text").heading) == (5, "One")
    assert (spot(text, "two").line, spot(text, "two").heading) == (7, "Two")


def test_heading_in_code_is_no_heading() -> None:
    text = "# Real\n\n```\n# comment\n```\n\nneedle\n"
    assert spot(text, "needle").heading == "Real"


def test_terms_that_stand_together_win() -> None:
    text = "needle\n\nthread\n\nfirst\n\nneedle and thread\n"
    assert spot(text, "needle", "thread").line == 7


def test_first_place_wins_among_equals() -> None:
    assert spot("x\n\nneedle\n\nneedle\n", "needle").line == 3


def test_text_is_preferred_to_properties() -> None:
    text = "---\ntopic: needle\n---\n\nthe needle\n"
    assert spot(text, "needle").line == 5
    assert spot("---\ntopic: needle\n---\n\ntext\n", "needle").line == 2


def test_whole_words_only() -> None:
    assert spot("needles\n\nneedle\n", "needle").line == 3
    assert spot("été étés\n\nnoël\n", "noel").line == 3


@pytest.mark.parametrize("terms", [("secret",), ("visible",), ("nowhere",), ()])
def test_comments_are_never_quoted(terms: tuple[str, ...]) -> None:
    text = (
        "# Head\n\nvisible %%secret inline%% text\n\n%%\nsecret block\n%%\n<!-- secret html -->\n"
    )
    found = spot(text, *terms)
    assert "secret" not in found.snippet
    assert "visible" in found.snippet


def test_match_in_a_comment_still_has_its_line() -> None:
    assert spot("one\n\n%%secret%%\n", "secret").line == 3


def test_markup_is_left_out() -> None:
    text = "- [ ] **call** [[Lena|my sister]] about ==the== `needle` [site](https://x.y/z)\n"
    assert spot(text, "needle").snippet == "call my sister about the needle site"


def test_long_lines_are_cut_around_the_match() -> None:
    text = "start " + "word " * 400 + "needle " + "word " * 400
    snippet = spot(text, "needle").snippet
    assert "needle" in snippet
    assert snippet.startswith("…")
    assert snippet.endswith("…")
    assert len(snippet) <= WIDTH + 2


def test_long_words_are_cut_too() -> None:
    snippet = spot("x" * 5000 + " needle " + "y" * 5000, "needle").snippet
    assert "needle" in snippet
    assert len(snippet) <= WIDTH + 2


def test_no_match_shows_the_beginning() -> None:
    assert spot("# Head\n\nfirst paragraph\n", "nowhere") == Spot(1, "", "first paragraph")
    assert spot("# Only a head\n", "nowhere").snippet == "Only a head"
    assert spot("---\na: 1\n---\n\nbody\n", "nowhere").snippet == "body"
    assert spot("", "nowhere") == Spot(1, "", "")
    assert spot("---\na: 1\n---", "nowhere").snippet == ""


def test_lines_of_windows_files() -> None:
    assert spot("one\r\n\r\nneedle\r\n".replace("\r\n", " \n"), "needle").line == 3


def test_pairs_of_characters_are_found_in_place() -> None:
    found = spot("一行\n\n昨天下午我们修理了旧木船\n", "木船", "旧木")
    assert found == Spot(3, "", "昨天下午我们修理了旧木船")


def test_comments_in_headings_are_left_out() -> None:
    text = "## Plan %%for the secret%% today <!-- secret -->\n\nneedle\n"
    assert spot(text, "needle") == Spot(3, "Plan today", "needle")
