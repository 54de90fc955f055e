"""What an answer consists of: its order, its stage, and where each hit points."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from octopus.backends.whoosh.engine import Engine
from octopus.core.search import Hits
from octopus.obsidian.query import LONGEST_QUERY

from .conftest import Opener, found, write

DAY = 86_400_000_000_000
NOW = 1_795_000_000_000_000_000


@pytest.fixture
def engine(opened: Opener, vault: Path) -> Engine:
    write(vault, "Lena.md", "---\naliases: [Magdalena, Leni]\n---\nborn in May\n")
    write(vault, "Trip with Lena.md", "Lena lena lena lena lena lena\n")
    write(vault, "Old/Diary.md", "met Lena today, she planned gardens\n")
    write(
        vault, "Old/Garden plan.md", "# Plan\n\n## Beds\n\ntomatoes\n\n## Paths\n\ngravel paths\n"
    )
    for age, path in enumerate(("Lena.md", "Trip with Lena.md", "Old/Diary.md")):
        os.utime(vault / path, ns=(NOW - age * DAY, NOW - age * DAY))
    return opened()


def search(engine: Engine, query: str, limit: int = 10, offset: int = 0) -> Hits:
    return engine.search(query, limit, offset)


def test_the_note_with_the_name_comes_first(engine: Engine) -> None:
    assert found(engine, "lena")[0] == "Lena.md"
    assert found(engine, "Magdalena") == ["Lena.md"]
    assert found(engine, "garden plan")[0] == "Old/Garden plan.md"


def test_scores_descend(engine: Engine) -> None:
    scores = [hit.score for hit in search(engine, "lena").hits]
    assert scores == sorted(scores, reverse=True)
    assert all(score > 0 for score in scores)


@pytest.mark.parametrize(
    ("query", "stage"),
    [
        ("tomatoes", "exact"),
        ("tomato", "stemmed"),
        ("tomatoess gravle", "fuzzy"),
        ("tomatoes zeppelins", "any"),
        ('"gravel tomatoes"', "exact"),
        ("tag:nothing", "exact"),
        ("nothingatall", "exact"),
    ],
)
def test_stage(engine: Engine, query: str, stage: str) -> None:
    assert search(engine, query).stage == stage


def test_few_exact_answers_are_followed_by_other_forms(engine: Engine) -> None:
    write(engine._indexer._root, "Fork.md", "a garden fork")
    engine.follow({"Fork.md"})
    hits = search(engine, "gardens")
    assert hits.hits[0].path == "Old/Diary.md"
    assert "Fork.md" in [hit.path for hit in hits.hits]
    assert hits.stage == "stemmed"
    assert hits.total == len({hit.path for hit in hits.hits})


def test_totals_count_each_note_once_whatever_the_page(engine: Engine) -> None:
    everything = search(engine, "gardens", limit=100)
    for limit in range(1, 5):
        hits = search(engine, "gardens", limit=limit)
        assert hits.total == everything.total
        assert hits.hits == everything.hits[:limit]


def test_pages(engine: Engine) -> None:
    everything = search(engine, "lena OR gravel OR pump", limit=100).hits
    assert len(everything) == 5
    pages = [search(engine, "lena OR gravel OR pump", 2, at).hits for at in (0, 2, 4, 6)]
    assert [hit.path for page in pages for hit in page] == [hit.path for hit in everything]
    assert search(engine, "lena", limit=0).hits == ()


def test_limit_in_the_query(engine: Engine) -> None:
    assert len(search(engine, "lena limit:2").hits) == 2
    assert len(search(engine, "lena limit:2", offset=1).hits) == 1


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("lena sort:name", ["Old/Diary.md", "Lena.md", "Trip with Lena.md"]),
        ("lena sort:-name", ["Trip with Lena.md", "Lena.md", "Old/Diary.md"]),
        ("lena sort:path", ["Lena.md", "Old/Diary.md", "Trip with Lena.md"]),
        ("lena sort:modified", ["Lena.md", "Trip with Lena.md", "Old/Diary.md"]),
        ("lena sort:-modified", ["Old/Diary.md", "Trip with Lena.md", "Lena.md"]),
    ],
)
def test_order_on_request(engine: Engine, query: str, expected: list[str]) -> None:
    assert found(engine, query) == expected


@pytest.mark.parametrize(
    ("query", "path", "line", "heading", "snippet"),
    [
        ("gravel", "Old/Garden plan.md", 9, "Paths", "gravel paths"),
        ("tomatoes", "Old/Garden plan.md", 5, "Beds", "tomatoes"),
        ("paths", "Old/Garden plan.md", 7, "Paths", "Paths gravel paths"),
        ("plumber", "Heat pump.md", 4, "Heat pump", "call the plumber read the manual"),
        ("supplier", "Garden/Roses.md", 12, "Feeding", "Prune in February."),
        ("may", "Lena.md", 4, "", "born in May"),
        ("leni", "Lena.md", 2, "", "aliases: [Magdalena, Leni]"),
        ("zeppelins", "Board.canvas", 1, "", "about zeppelins"),
        ("roof", "Files/photo of roof.jpg", 1, "", ""),
        ("tag:house", "Heat pump.md", 3, "Heat pump", "#house/heating"),
    ],
)
def test_hits_point_at_the_match(
    engine: Engine, query: str, path: str, line: int, heading: str, snippet: str
) -> None:
    hit = next(hit for hit in search(engine, query).hits if hit.path == path)
    assert (hit.line, hit.heading) == (line, heading)
    assert snippet in hit.snippet
    assert "secret" not in hit.snippet


def test_titles_are_the_names_of_files(engine: Engine) -> None:
    titles = {hit.path: hit.title for hit in search(engine, "-nothing", 100).hits}
    assert titles["Old/Garden plan.md"] == "Garden plan"
    assert titles["Files/photo of roof.jpg"] == "photo of roof.jpg"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ('task:""', ["Both.md", "Done.md", "Open.md"]),
        ('task-todo:""', ["Both.md", "Open.md"]),
        ('task-done:""', ["Both.md", "Done.md"]),
        ('task:"" -task-todo:""', ["Done.md"]),
        ('file:Open OR task-done:"" file:Both', ["Both.md", "Open.md"]),
        ('apple task-todo:""', ["Both.md"]),
        ('line:"" file:None', ["None.md"]),
        ('section:"" file:None', ["None.md"]),
        ('block:"" file:None', ["None.md"]),
        ('content:"" file:None', ["None.md"]),
        ('-line:"" file:None', []),
    ],
)
def test_any_task_any_line(opened: Opener, vault: Path, query: str, expected: list[str]) -> None:
    write(vault, "Heat pump.md", "no tasks any more\n")
    write(vault, "Open.md", "- [ ] pear\n")
    write(vault, "Done.md", "- [x] plum\n")
    write(vault, "Both.md", "- [ ] apple\n- [-] pear\n")
    write(vault, "None.md", "- pear\n")
    hits = search(opened(), query)
    assert sorted(hit.path for hit in hits.hits) == expected
    assert hits.note == ""


@pytest.mark.parametrize("query", ["[]", "[:]", "[] [:]", "-nothing []", "()!!!", "lamp []"])
def test_signs_that_nobody_wrote_find_nothing(engine: Engine, query: str) -> None:
    assert search(engine, query).total == 0


def test_did_you_mean(engine: Engine) -> None:
    hits = search(engine, "tomatos gravvel")
    assert hits.suggestion == "tomatos gravel"  # the first is found as a form of the word
    assert search(engine, "gravel").suggestion == ""
    assert search(engine, "qqqqqq").suggestion == ""
    assert search(engine, '"gravvel" tag:x').suggestion == ""


def test_only_what_was_searched_is_put_right(engine: Engine) -> None:
    hits = search(engine, "qqqqq " * 166 + "gravvel " * 20_000)
    assert "1000" in hits.note
    assert hits.suggestion == ""
    start = search(engine, "gravvel " + "qqqqq " * 20_000).suggestion
    assert start.startswith("gravel qqqqq")
    assert len(start) <= LONGEST_QUERY


def test_places_of_a_word_of_very_many_terms_are_not_gone_through(
    opened: Opener, vault: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> set[int]:
        raise LookupError("places were gone through")

    write(vault, "Blessings.md", "x" + "ﷺ" * 1200)
    write(vault, "Fewer.md", "ﷺ" * 20)
    engine = opened()
    for reader in ("match", "letters"):
        monkeypatch.setattr(f"octopus.backends.whoosh.{reader}.in_order", refuse)

    def paths(query: str) -> list[str]:
        hits = engine._searcher.search(engine._indexer.snapshot, query, 10, 0).hits
        return [hit.path for hit in hits]

    assert paths("ﷺ" * 1000) == ["Blessings.md"]
    assert paths('"' + "a-b " * 200 + '"') == []
    with pytest.raises(LookupError):  # of a few terms they are
        paths("ﷺ")


@pytest.mark.parametrize("query", ["", " ", "()", "OR", "!!!", "--", "(" * 500, "\0", "é" * 5000])
def test_odd_queries_are_answered(engine: Engine, query: str) -> None:
    hits = search(engine, query)
    assert hits.took_ms >= 0


def test_what_was_not_understood_is_said(engine: Engine) -> None:
    hits = search(engine, "subject:gravel")
    assert "not an operator" in hits.note
    hits = search(engine, "/[/ gravel")
    assert "regular expression" in hits.note


def test_endless_expressions_are_stopped(engine: Engine, vault: Path) -> None:
    write(vault, "Trap.md", "a" * 60 + "!\n")
    engine.follow({"Trap.md"})
    hits = search(engine, "/(a+)+$/")
    assert "in time" in hits.note
    assert [hit.path for hit in search(engine, r"/gr[ae]vel/").hits] == ["Old/Garden plan.md"]


def test_notes_that_vanish_are_still_listed(engine: Engine, vault: Path) -> None:
    (vault / "Old/Diary.md").unlink()
    (hit,) = search(engine, "today planned").hits
    assert (hit.path, hit.snippet) == ("Old/Diary.md", "")


def test_words_of_two_letters_begin_names(engine: Engine) -> None:
    assert "Lena.md" in found(engine, "le")
    assert "Trip with Lena.md" in found(engine, "tri")


def test_every_script_is_found(engine: Engine, vault: Path) -> None:
    sentences = {
        "Kärntner Weinbauern prüfen Rebstöcke": "karntner rebstocke",
        "Ёжик переплыл широкую речку": "ежик",
        "Ο παππούς φύτεψε ελιές": "παππους",
        "昨天下午我们修理了旧木船": "旧木船",
        "祖母の梅干しの作り方": "梅干し",
        "할머니께서 담그신 된장": "된장",
        "زرعنا أشجار الزيتون": "اشجار",
        "סבתא אופה חלה מתוקה": "חלה",
        "दादी ने आम लगाया": "लगाया",
        "คุณยายปลูกมะม่วงไว้หลังบ้าน": "มะม่วง",
    }
    for number, sentence in enumerate(sentences):
        write(vault, f"s{number}.md", f"{'filler ' * 50}\n{sentence}\n")
    engine.follow({""})
    for number, (sentence, query) in enumerate(sentences.items()):
        (hit,) = search(engine, query).hits
        assert (hit.path, hit.line) == (f"s{number}.md", 2)
        assert sentence in hit.snippet


def test_of_equal_notes_the_fresh_one_comes_first(engine: Engine, vault: Path) -> None:
    for age, name in enumerate(["c", "a", "b"]):
        write(vault, f"Equal {name}.md", "zymurgy of equals")
        os.utime(vault / f"Equal {name}.md", ns=(NOW, NOW - age * 200 * DAY))
    engine.follow({""})
    assert found(engine, "zymurgy") == ["Equal c.md", "Equal a.md", "Equal b.md"]


def test_freshness_does_not_outweigh_the_words(engine: Engine, vault: Path) -> None:
    write(vault, "Long ago.md", "zymurgy zymurgy zymurgy")
    write(vault, "Today.md", "a word of zymurgy among many others that are about something else")
    os.utime(vault / "Long ago.md", (1, 1))
    engine.follow({""})
    assert found(engine, "zymurgy") == ["Long ago.md", "Today.md"]


def test_notes_of_the_future_are_no_error(engine: Engine, vault: Path) -> None:
    write(vault, "Future.md", "zymurgy")
    os.utime(vault / "Future.md", ns=(NOW, NOW + 10_000 * DAY))
    engine.follow({"Future.md"})
    assert found(engine, "zymurgy") == ["Future.md"]


@pytest.mark.parametrize(
    "query",
    ["猫", "犬", "日", "た", '"犬"', "line:猫", "content:猫", "match-case:犬", "section:犬"],
)
def test_one_character_of_a_script_without_spaces(engine: Engine, vault: Path, query: str) -> None:
    write(vault, "Japan.md", "猫が好き。日本で犬を見た\n")
    write(vault, "Other.md", "鳥が好き。中国で魚を食う\n")
    engine.catch_up()
    hits = search(engine, query)
    assert (hits.total, hits.stage) == (1, "exact")
    assert [hit.path for hit in hits.hits] == ["Japan.md"]
    assert "猫が好き" in hits.hits[0].snippet


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("猫 犬", {"ab.md", "lone.md"}),
        ("猫 -犬", {"cat.md"}),
        ('"我 猫"', {"lone.md"}),
        ("line:(猫 犬)", {"lone.md"}),
        ("[pet:猫]", {"cat.md"}),
        ("file:猫", set()),
    ],
)
def test_one_character_among_others(
    engine: Engine, vault: Path, query: str, expected: set[str]
) -> None:
    write(vault, "ab.md", "小猫\n大犬\n")
    write(vault, "lone.md", "我 猫 犬\n")
    write(vault, "cat.md", "---\npet: 黒猫さん\n---\n")
    engine.catch_up()
    assert set(found(engine, query)) == expected
