"""The files are Whoosh's own: the library reads them and finds the same."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path

import pytest
from whoosh import index
from whoosh.query import And, Or, Phrase, Prefix, Term

from octopus.backends.whoosh.analysis import Analyzer
from octopus.backends.whoosh.document import understand
from octopus.backends.whoosh.expand import Expander
from octopus.backends.whoosh.letters import Budget, Letters, Reading
from octopus.backends.whoosh.match import Matcher
from octopus.backends.whoosh.pool import Pool, decode_positions, encode_positions
from octopus.backends.whoosh.rank import Ranking
from octopus.backends.whoosh.scan import Stamp
from octopus.backends.whoosh.schema import CONTENT_START
from octopus.backends.whoosh.store import Generation, Part
from octopus.obsidian.query import parse
from octopus.obsidian.query_node import Node

WORDS = [f"word{number}" for number in range(400)] + ["häuser", "дом", "λόγος"]


def sample(rnd: random.Random, number: int) -> tuple[str, bytes]:
    """A note whose words follow Zipf's law, so that lists of every length occur."""
    weights = [1 / (rank + 1) for rank in range(len(WORDS))]
    words = rnd.choices(WORDS, weights, k=rnd.randint(0, 120))
    return f"folder/Note {number}.md", f"# Heading\n\n{' '.join(words)}\n#tag{number % 7}".encode()


@pytest.fixture(scope="module")
def generation(tmp_path_factory: pytest.TempPathFactory) -> Generation:
    """Three segments of 300, 300 and 5 notes, a tenth of them deleted."""
    rnd = random.Random(1)
    analyzer = Analyzer()
    generation = Generation.create(tmp_path_factory.mktemp("index") / "gen-1", 1)
    parts: list[Part] = []
    for count in (300, 300, 5):
        pool = Pool(analyzer)
        for number in range(count):
            path, data = sample(rnd, number + 1000 * len(parts))
            pool.add(understand(path, Stamp(number, len(data)), data))
        parts.append(generation.write(pool))
    generation.commit(parts)
    deleted = frozenset(range(0, 300, 10))
    first = generation.snapshot.parts[0]
    generation.commit([Part(first.view, deleted), *generation.snapshot.parts[1:]])
    return generation


def ours(generation: Generation, query: str, limit: int) -> dict[str, float]:
    """Paths and scores as the product ranks them, without what names add."""
    root: Node | None = parse(query, date(2026, 1, 1)).root
    assert root is not None
    analyzer = Analyzer()
    expander = Expander(())
    expander.use(generation.snapshot)
    reading = Reading(Path("/nonexistent"), analyzer)
    matcher = Matcher(Letters(reading, expander, Budget()), expander.exact)
    answer = Ranking(generation.snapshot, matcher, analyzer).run(root, limit, set(), None)
    return {found.path: found.score for found in answer.best}


def theirs(generation: Generation, query: object, limit: int) -> dict[str, float]:
    """The same from the unmodified library."""
    with index.open_dir(str(generation.folder)).searcher() as searcher:
        return {hit["path"]: hit.score for hit in searcher.search(query, limit=limit)}


@pytest.mark.parametrize("seed", range(40))
def test_stock_whoosh_gives_the_same_scores(generation: Generation, seed: int) -> None:
    rnd = random.Random(seed)
    one, two = rnd.sample(WORDS[3:200] + WORDS[-3:], 2)
    folded = {"häuser": "hauser", "λόγος": "λογοσ"}
    terms = [Term("text", folded.get(word, word)) for word in (one, two)]
    for ours_query, their_query in [
        (one, terms[0]),
        (f"{one} {two}", And(terms)),
        (f"{one} OR {two}", Or(terms)),
    ]:
        mine = ours(generation, ours_query, 700)
        stock = theirs(generation, their_query, 700)
        assert mine.keys() == stock.keys()
        assert mine == pytest.approx(stock, rel=1e-5)


def test_stock_whoosh_finds_the_same_phrases(generation: Generation) -> None:
    found = 0
    for number in range(30):
        words = [WORDS[number], WORDS[(number * 7) % 20]]
        mine = set(ours(generation, '"{} {}"'.format(*words), 700))
        assert mine == set(theirs(generation, Phrase("text", words), 700))
        found += len(mine)
    assert found > 100


def test_stock_whoosh_walks_the_terms(generation: Generation) -> None:
    with index.open_dir(str(generation.folder)).searcher() as searcher:
        lexicon = list(searcher.lexicon("text"))
        assert lexicon == sorted(set(lexicon))
        tags = {term.decode() for term in searcher.lexicon("tag")}
        assert tags == {f"tag{number}" for number in range(7)}
        assert len(searcher.search(Prefix("text", "word39"), limit=None)) > 0


def test_stock_whoosh_reads_the_rows(generation: Generation) -> None:
    with index.open_dir(str(generation.folder)).searcher() as searcher:
        stored = {fields["path"] for fields in searcher.all_stored_fields()}
        assert len(stored) == searcher.doc_count() == 605 - 30
        mine = {
            row.path
            for part in generation.snapshot.parts
            for number, row in enumerate(part.view.rows)
            if number not in part.deleted
        }
        assert stored == mine


def test_view_walks_everything_that_was_written(generation: Generation) -> None:
    for part in generation.snapshot.parts:
        for field, term, postings in part.view.all_postings():
            again = part.view.postings(field, term)
            assert again is not None
            assert list(again.ids) == list(postings.ids) == sorted(postings.ids)
            assert part.view.frequency(field, term) == len(postings.ids)


def test_reading_among_some_documents_misses_none(generation: Generation) -> None:
    rnd = random.Random(4)
    view = generation.snapshot.parts[0].view
    for word in WORDS[:60]:
        whole = view.postings("text", word.encode())
        assert whole is not None
        for size in (1, 2, 3, 50):
            numbers = sorted(rnd.sample(range(300), size))
            view._kept.clear()
            terms = view.term("text", word.encode())
            assert terms is not None
            part = terms.among(numbers)
            assert set(numbers) & set(whole.ids) == set(numbers) & set(part.ids)
            weights = dict(zip(whole.ids, whole.weights, strict=True))
            assert all(weights[n] == w for n, w in zip(part.ids, part.weights, strict=True))


def test_unknown_terms_and_fields(generation: Generation) -> None:
    view = generation.snapshot.parts[0].view
    assert view.postings("text", b"nowhere") is None
    assert view.postings("nofield", b"word1") is None
    assert view.frequency("text", b"") == 0
    assert view.lexicon("nofield") == []


@pytest.mark.parametrize("places", [[0], [5], [1024], [20000], [1, 2, 3], [0, 70000, 70001]])
def test_positions_survive(places: list[int]) -> None:
    from whoosh.formats import Positions

    value = encode_positions(places)
    assert decode_positions(value) == places
    assert Positions().decode_positions(value) == places
    assert Positions().decode_frequency(value) == len(places)


def test_names_folders_and_text_have_positions_of_their_own() -> None:
    pool = Pool(Analyzer())
    pool.add(understand("alpha/beta.md", Stamp(1, 5), b"gamma"))
    places = {term: decode_positions(flat[2]) for term, flat in pool.fields["text"].items()}
    assert places["beta"] == [0]
    assert 0 < places["alpha"][0] < CONTENT_START
    assert places["gamma"] == [CONTENT_START]


def test_very_long_names_and_words_are_kept_apart() -> None:
    pool = Pool(Analyzer())
    long_title = " ".join(f"t{number}" for number in range(2000))
    data = ("x" * 5000 + " end").encode()
    pool.add(understand(f"{'f ' * 900}/{long_title}.md", Stamp(1, len(data)), data))
    terms = pool.fields["text"]
    assert max(len(term) for term in terms) <= 60
    assert decode_positions(terms["end"][2])[0] > CONTENT_START
    assert all(place < CONTENT_START for place in decode_positions(terms["t1"][2]))


def test_every_word_is_known_by_how_common_it_is_and_where_it_stands(
    generation: Generation,
) -> None:
    for part in generation.snapshot.parts:
        words, places = part.view.common_first("text")
        assert sorted(words) == part.view.lexicon("text")
        lists = [part.view.documents(place) for place in places]
        assert [len(ids) for ids in lists] == sorted(map(len, lists), reverse=True)
        for word, ids in zip(words, lists, strict=True):
            postings = part.view.postings("text", word)
            assert postings is not None
            assert list(ids) == list(postings.ids)
    assert part.view.common_first("nothing") == ([], [])
