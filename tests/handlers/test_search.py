"""Searching: what a page shows, and that every button leads somewhere."""

from __future__ import annotations

from dataclasses import replace

import pytest

from octopus.errors import Sentence
from octopus.handlers.search import PAGE, search, short
from octopus.language.lexicon import languages
from octopus.obsidian.query import parse
from tests.fakes.ports import NOON
from tests.handlers.scene import Scene, SetIndex, hit, labels

HITS = [hit(f"Home/Note {number}.md", number, f"snippet {number}") for number in range(1, 13)]


def scene(*hits: int, note: str = "", suggestion: str = "") -> Scene:
    chosen = [HITS[number] for number in (hits or range(len(HITS)))]
    return Scene(index=SetIndex(*chosen, note=note, suggestion=suggestion))


async def test_a_hit_is_shown_with_where_and_what() -> None:
    lamp = hit("Home/Lamp.md", 4, "buy  a\nlamp", heading="To buy")
    reply = await search(Scene(index=SetIndex(lamp)).ctx(), "lamp")
    assert reply.text == ("1 note for “lamp”\n\n1. Lamp\nHome/Lamp.md, To buy, line 4\nbuy a lamp")
    assert not reply.markdown  # titles and snippets are other people's markup at best
    (button,) = reply.buttons
    assert (button.label, button.intent, button.args) == (
        "1. Lamp",
        "note.open",
        {"note": "Home/Lamp.md"},
    )
    assert reply.about == "Home/Lamp.md"


async def test_a_heading_that_is_the_title_is_not_repeated() -> None:
    reply = await search(Scene(index=SetIndex(hit("Lamp.md", 1, "x", heading="Lamp"))).ctx(), "x")
    assert "\nLamp.md, line 1\n" in reply.text


async def test_pages_go_on_and_back_and_end() -> None:
    here = scene()
    first = await search(here.ctx(), "note")
    assert first.text.startswith("1-5 of 12 for “note”")
    assert labels(first)[-1] == "More"
    assert first.replaces == ""
    second = await search(here.ctx(press="b"), **first.buttons[-1].args)
    assert second.text.startswith("6-10 of 12")
    assert "\n6. Note 6\n" in second.text
    assert labels(second)[-2:] == ["Back", "More"]
    assert second.replaces == "m7"
    third = await search(here.ctx(press="b"), **second.buttons[-1].args)
    assert third.text.startswith("11-12 of 12")
    assert labels(third) == ["11. Note 11", "12. Note 12", "Back"]
    back = await search(here.ctx(press="b"), **second.buttons[-2].args)
    assert back.text == first.text
    assert [query for query, _, _ in here.index.queries] == ["note"] * 4  # type: ignore[attr-defined]


async def test_a_press_that_starts_a_search_does_not_overwrite_what_was_said() -> None:
    assert (await search(scene(0).ctx(press="b"), "note")).replaces == ""


async def test_past_the_end() -> None:
    reply = await search(scene(0).ctx(), "note", offset=50)
    assert reply.text == "No more notes for “note”."
    assert labels(reply) == ["Back"]
    assert (await search(scene(0).ctx(), "note", offset=-3)).text.startswith("1 note")


async def test_nothing_found_says_so_and_offers_what_was_meant() -> None:
    here = Scene(index=SetIndex(note="I left out the word x.", suggestion="lamp"))
    reply = await search(here.ctx(), "lmap")
    assert reply.text == (
        "Nothing found for “lmap”.\nI left out the word x.\n\nDid you mean “lamp”?"
    )
    (button,) = reply.buttons
    assert (button.label, button.intent, button.args) == ("lamp", "search", {"query": "lamp"})
    assert reply.reaction == "🤷"


@pytest.mark.parametrize("query", ["", "   ", "\n\t"])
async def test_an_empty_query_is_answered_with_how(query: str) -> None:
    here = scene()
    reply = await search(here.ctx(), query)
    assert "/search lamp" in reply.text
    assert here.index.queries == []  # type: ignore[attr-defined]


@pytest.mark.parametrize("query", ["{0} {path} %s", "x" * 5000, "\x00\u202e", "🎉", "a\nb"])
async def test_odd_queries_get_an_ordinary_answer(query: str) -> None:
    here = scene(0)
    reply = await search(here.ctx(), query)
    assert reply.text
    assert here.index.queries[0][1:] == (PAGE, 0)  # type: ignore[attr-defined]


async def test_one_hit_is_what_the_next_message_may_be_about() -> None:
    assert (await search(scene(0).ctx(), "note")).about == "Home/Note 1.md"
    assert (await search(scene(0, 1).ctx(), "note")).about == ""


async def test_in_the_owners_language() -> None:
    reply = await search(scene(0, 1).ctx(language="de"), "Lampe")
    assert reply.text.startswith("2 Notizen zu „Lampe“")


def test_titles_fit_on_buttons() -> None:
    assert short("Lamp") == "Lamp"
    assert short("x" * 28) == "x" * 28
    assert short("word " * 20).endswith("…")
    assert len(short("word " * 20)) <= 28


async def test_a_hit_inside_a_word_says_so() -> None:
    inside = replace(hit("Farm.md", 4, "the zebracorn"), by="inside")
    reply = await search(Scene(index=SetIndex(inside)).ctx(), "corn")
    assert "Farm.md, line 4 (inside a word)" in reply.text


async def test_a_hit_by_meaning_says_so() -> None:
    near = replace(hit("Home/Lamp.md", 4, "the bulb", heading="To buy"), by="meaning")
    reply = await search(Scene(index=SetIndex(near)).ctx(), "light")
    assert "Home/Lamp.md, To buy, line 4 (by meaning)" in reply.text


@pytest.mark.parametrize("language", sorted(set(languages()) - {"en"}))
@pytest.mark.parametrize("query", ["/[/", "/a**/", r"/\p{L}/", "/(?i)a/", "sort:name", '""'])
async def test_what_is_wrong_with_a_query_is_told_in_the_language(
    language: str, query: str
) -> None:
    note = parse(query, NOON.date()).note
    reply = await search(scene(note=note).ctx(language=language), query)
    whole = [note, *note.values.values()] if isinstance(note, Sentence) else [note]
    english = [str(part) for part in whole if isinstance(part, Sentence)]
    assert english
    assert not [part for part in english if part in reply.text]
