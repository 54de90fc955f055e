"""Other spellings of a word, out of those that the vault has."""

from __future__ import annotations

import random
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octopus.backends.whoosh.analysis import Analyzer
from octopus.backends.whoosh.document import understand
from octopus.backends.whoosh.expand import STRIDE, Expander, Lexicon, stem, within
from octopus.backends.whoosh.pool import Pool
from octopus.backends.whoosh.scan import Stamp
from octopus.backends.whoosh.store import Generation


def make_lexicon(words: list[str]) -> Lexicon:
    return Lexicon(sorted({word.encode() for word in words}))


def distance(one: str, other: str) -> int:
    """Optimal string alignment, straight from its definition."""

    @cache
    def cost(i: int, j: int) -> int:
        if not i or not j:
            return i + j
        best = min(
            cost(i - 1, j) + 1,
            cost(i, j - 1) + 1,
            cost(i - 1, j - 1) + (one[i - 1] != other[j - 1]),
        )
        if i > 1 and j > 1 and one[i - 1] == other[j - 2] and one[i - 2] == other[j - 1]:
            best = min(best, cost(i - 2, j - 2) + 1)
        return best

    return cost(len(one), len(other))


short = st.text(alphabet="abé", max_size=6)


@given(short, short, st.integers(0, 2))
def test_within_a_number_of_slips(one: str, other: str, most: int) -> None:
    assert within(one, other, most) == (distance(one, other) <= most)


@given(
    st.lists(st.text(alphabet="abcдω", min_size=1, max_size=5), max_size=300),
    st.text("abcд", max_size=3),
)
def test_words_that_begin_alike(words: list[str], prefix: str) -> None:
    found = make_lexicon(words).beginning(prefix)
    expected = {word for word in words if prefix and word.startswith(prefix)}
    assert found == sorted(expected, key=str.encode)


def test_words_that_begin_alike_across_samples() -> None:
    words = [f"{letter}{number:04}" for letter in "abc" for number in range(STRIDE * 3)]
    lexicon = make_lexicon(words)
    for prefix in ("a", "b", "c", "b00", "b0063", "b0064", "b0065", "b0191", "c0191", "d", "0"):
        assert lexicon.beginning(prefix) == [word for word in words if word.startswith(prefix)]


@pytest.mark.parametrize("distance_allowed", [1, 2])
def test_near_words_are_all_found(distance_allowed: int) -> None:
    rnd = random.Random(distance_allowed)
    words = ["".join(rnd.choices("abcdeé", k=rnd.randint(3, 9))) for _ in range(800)]
    lexicon = make_lexicon(words)
    for _ in range(60):
        term = "".join(rnd.choices("abcdeé", k=rnd.randint(4, 9)))
        expected = {word for word in words if distance(term, word) <= distance_allowed}
        assert set(lexicon.near(term, distance_allowed)) == expected


def test_empty_lexicon() -> None:
    lexicon = make_lexicon([])
    lexicon.warm()
    assert lexicon.beginning("a") == []
    assert list(lexicon.near("abcd", 1)) == []


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("en", "gardens", "garden"),
        ("en", "planning", "planned"),
        ("de", "haus", "hauses"),
        ("ru", "книга", "книги"),
        ("es", "libros", "libro"),
        ("xx", "same", "same"),
    ],
)
def test_stems(language: str, one: str, other: str) -> None:
    assert stem(language, one) == stem(language, other)


@pytest.fixture
def expander(tmp_path_factory: pytest.TempPathFactory) -> Expander:
    generation = Generation.create(tmp_path_factory.mktemp("expand") / "gen-1", 1)
    parts = []
    for name, text in [
        ("Garden plan", "garden gardens gardener gardening plan planned insulation"),
        ("Zone", "zebra книга книги книгу harbour harbours 冰箱型号 zo zoo zoom"),
    ]:
        pool = Pool(Analyzer())
        pool.add(understand(f"{name}.md", Stamp(1, 1), text.encode()))
        parts.append(generation.write(pool))
    generation.commit(parts)
    expander = Expander(("en", "ru"))
    expander.use(generation.snapshot)
    return expander


def test_exact_is_the_word_itself(expander: Expander) -> None:
    assert expander.exact("garden", False) == {"garden": 1.0}
    assert expander.exact("nowhere", False) == {"nowhere": 1.0}


def test_star_means_what_begins_so(expander: Expander) -> None:
    forms = expander.exact("gard", True)
    assert {"garden", "gardens", "gardener", "gardening"} < forms.keys()
    assert forms["gard"] > forms["garden"]


def test_inflections_in_every_language_of_the_owner(expander: Expander) -> None:
    assert {"garden", "gardens"} <= expander.stemmed("gardens", False).keys()
    assert {"книга", "книги", "книгу"} <= expander.stemmed("книгой", False).keys()
    assert "zoo" not in expander.stemmed("zoom", False)


def test_misspellings_of_words_that_nobody_wrote(expander: Expander) -> None:
    assert "harbour" in expander.fuzzy("harbur", False)
    assert "insulation" in expander.fuzzy("insualtoin", False)
    assert "zebra" not in expander.fuzzy("cobra", False)


def test_no_misspellings_of_words_that_exist(expander: Expander) -> None:
    assert "harbours" in expander.fuzzy("harbour", False)  # its plural, not a slip
    assert "zoo" not in expander.fuzzy("zoom", False)


def test_beginnings_of_short_words_come_from_names(expander: Expander) -> None:
    assert "zone" in expander.fuzzy("z", False)
    assert "zebra" not in expander.fuzzy("z", False)
    assert "zebra" in expander.fuzzy("zeb", False)


def test_pairs_are_not_misspelt(expander: Expander) -> None:
    assert expander.fuzzy("冰箱", False).keys() == {"冰箱"}


def test_forgets_segments_that_are_gone(expander: Expander) -> None:
    expander.warm()
    assert len(expander._texts) == len(expander._vocabularies) == 2
    snapshot = expander._snapshot
    expander.use(type(snapshot)(snapshot.parts[:1], 1))
    expander.warm()
    assert len(expander._texts) == len(expander._names) == len(expander._vocabularies) == 1


def test_words_are_made_ready_elsewhere(expander: Expander) -> None:
    other = Expander(("en",))
    other.use(expander._snapshot)
    other.warm()
    part = expander._snapshot.parts[0]
    assert not expander.vocabulary(part).is_warm  # as a search leaves it
    mine = {segment: expander._texts[segment] for segment in list(expander._texts)[:1]}
    expander.adopt(other)
    assert expander._texts == other._texts | mine
    assert expander._names.keys() == other._names.keys()
    assert expander.vocabulary(part).is_warm
    assert len(expander._texts) == 2
