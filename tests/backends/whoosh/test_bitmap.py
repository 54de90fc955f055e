"""Rows of bits say the same of phrases as the lists of positions that they stand for."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from whoosh import index
from whoosh.query import Phrase

from octopus.backends.whoosh import bitmap, merge
from octopus.backends.whoosh.analysis import Analyzer
from octopus.backends.whoosh.document import understand
from octopus.backends.whoosh.expand import Expander
from octopus.backends.whoosh.letters import Budget, Letters, Reading
from octopus.backends.whoosh.match import Matcher
from octopus.backends.whoosh.pool import Pool, decode_positions, encode_positions, load_steps
from octopus.backends.whoosh.scan import Stamp
from octopus.backends.whoosh.store import Generation, Part
from octopus.obsidian.query_node import Phrase as PhraseNode

WORDS = ["ab", "cd", "ef", "gh", "straße", "дом"]

Build = Callable[[list[tuple[str, str]]], Part]


@pytest.fixture
def build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Build:
    """One segment of these notes, in which every word counts as common."""
    monkeypatch.setattr(bitmap, "FEWEST", 1)
    monkeypatch.setattr(bitmap, "SHARE", 10**9)
    return builder(tmp_path)


def builder(folder: Path) -> Build:
    made: list[Generation] = []

    def build_part(notes: list[tuple[str, str]]) -> Part:
        generation = Generation.create(folder / f"gen-{len(made)}", len(made))
        made.append(generation)
        pool = Pool(Analyzer())
        for path, text in notes:
            data = text.encode()
            pool.add(understand(path, Stamp(1, len(data)), data))
        part = generation.write(pool)
        generation.commit([part])
        return part

    return build_part


def phrase(part: Part, words: list[str]) -> set[int]:
    def exactly(term: str, prefix: bool) -> dict[str, float]:
        return {term: 1.0}

    reading = Reading(Path("/nonexistent"), Analyzer())
    matcher = Matcher(Letters(reading, Expander(()), Budget(60)), exactly)
    return matcher.match(PhraseNode(" ".join(words)), part)


def by_lists(part: Part, words: list[str]) -> set[int]:
    """The same from the lists of positions."""
    places, part.view._row_places = part.view._row_places, {}
    part.view._kept_rows.clear()
    try:
        return phrase(part, words)
    finally:
        part.view._row_places = places


def notes(rnd: random.Random, count: int) -> list[tuple[str, str]]:
    def some(most: int, between: str = " ") -> str:
        return between.join(rnd.choices(WORDS, k=rnd.randint(0, most)))

    return [
        (f"{some(4, '/')}/{some(5)} {number}.md".lstrip("/"), some(60)) for number in range(count)
    ]


@pytest.mark.parametrize("seed", range(12))
def test_phrases_are_found_as_by_the_lists(build: Build, seed: int) -> None:
    rnd = random.Random(seed)
    part = build(notes(rnd, 150))
    assert part.view.row(b"ab") is not None
    for _ in range(40):
        words = rnd.choices(WORDS, k=rnd.randint(2, 5))
        assert phrase(part, words) == by_lists(part, words), words


def test_no_phrase_runs_from_title_to_folder_to_text_to_the_next_note(build: Build) -> None:
    part = build([("cd/ab.md", "ef gh"), ("ab/gh.md", "cd"), ("x.md", "")])
    for words in (["ab", "cd"], ["cd", "ef"], ["ef", "ab"], ["gh", "gh"], ["gh", "ab"]):
        assert phrase(part, words) == set()
    assert phrase(part, ["ef", "gh"]) == {0}


def test_a_note_too_long_for_the_rows_is_found_all_the_same(build: Build) -> None:
    long = "ab cd " * 54_000 + "ef gh"
    part = build([("A.md", "gh ef"), ("Long.md", long), ("B.md", "ef gh")])
    assert part.view.rows_of_bits.left_out({0, 1, 2}) == {1}
    assert phrase(part, ["ef", "gh"]) == {1, 2}
    assert phrase(part, ["cd", "ef"]) == {1}


@pytest.mark.parametrize("words", [498, 499, 500, 501, 900])
def test_very_long_titles_and_folders(build: Build, words: int) -> None:
    title = " ".join(["ab"] * words)
    part = build([(f"cd/{title}.md", "cd ab"), ("B.md", "ab ab")])
    for asked in (["ab", "ab"], ["ab", "cd"], ["cd", "ab"], ["ab"] * 501):
        assert phrase(part, asked) == by_lists(part, asked)


def test_only_common_words_have_a_row(tmp_path: Path) -> None:
    part = builder(tmp_path)([(f"{n}.md", f"ab {'cd' if n % 5 == 0 else ''}") for n in range(600)])
    assert part.view.row(b"ab") is not None
    assert part.view.row(b"cd") is None
    assert part.view.row(b"none") is None
    assert phrase(part, ["ab", "cd"]) == set(range(0, 600, 5))


def test_small_segments_have_none(tmp_path: Path) -> None:
    part = builder(tmp_path)([(f"{n}.md", "ab cd") for n in range(bitmap.FEWEST - 1)])
    assert part.view.row(b"ab") is None
    assert len(phrase(part, ["ab", "cd"])) == bitmap.FEWEST - 1


def test_the_rows_last_through_closing_and_merging(tmp_path: Path, build: Build) -> None:
    rnd = random.Random(4)
    first, second = build(notes(rnd, 80)), build(notes(rnd, 80))
    pool, _ = merge.pooled([first, Part(second.view, frozenset(range(10, 30)))], Analyzer())
    generation = Generation.create(tmp_path / "merged", 9)
    generation.commit([generation.write(pool)])
    again = Generation(tmp_path / "merged", 9)
    again.load()
    again.verify()
    (part,) = again.snapshot.parts
    assert part.view.count == 140
    for words in (["ab", "cd"], ["ef", "ef"], ["gh", "дом", "ab"]):
        assert phrase(part, words) == by_lists(part, words) != set()


def test_the_library_reads_a_segment_with_rows(tmp_path: Path, build: Build) -> None:
    part = build(notes(random.Random(7), 200))
    with index.open_dir(str(tmp_path / "gen-0")).searcher() as searcher:
        hits = searcher.search(Phrase("text", ["ab", "cd"]), limit=None)
        theirs = {hit["path"] for hit in hits}
    assert theirs == {part.view.rows[number].path for number in phrase(part, ["ab", "cd"])}
    assert theirs


def test_rows_that_are_not_asked_for_are_let_go(build: Build) -> None:
    many = [f"w{chr(97 + n)}" for n in range(bitmap.FEWEST + 20)]
    part = build([("A.md", " ".join(many))])
    for word in many:
        assert part.view.row(word.encode()) is not None
    assert len(part.view._kept_rows) <= 8


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sets(st.integers(0, 10**6), min_size=1, max_size=2500).map(sorted), max_size=8))
def test_many_positions_are_decoded_like_each(several: list[list[int]]) -> None:
    values = [encode_positions(places) for places in several]
    steps = load_steps(values)
    assert [[sum(each[: n + 1]) for n in range(min(len(each), 5))] for each in steps] == [
        decode_positions(value)[:5] for value in values
    ]
    assert [sum(each) for each in steps] == [places[-1] for places in several]
