"""What the owner types is read as Obsidian's search reads it, and never refused."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octopus.obsidian.query import LONGEST_QUERY, MOST_LEAVES, Query, parse
from octopus.obsidian.query_date import Days
from octopus.obsidian.query_node import (
    And,
    Case,
    Compare,
    Date,
    Node,
    Not,
    Null,
    Or,
    Phrase,
    Property,
    Regex,
    Scope,
    ScopeKind,
    Tag,
    Word,
)

TODAY = date(2026, 11, 20)


def read(text: str) -> Query:
    return parse(text, TODAY)


def root(text: str) -> Node | None:
    query = read(text)
    assert query.note == "", query.note
    return query.root


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("meeting", Word("meeting")),
        ("meeting work", And((Word("meeting"), Word("work")))),
        (
            "meeting work OR meetup personal",
            Or((And((Word("meeting"), Word("work"))), And((Word("meetup"), Word("personal"))))),
        ),
        ("meeting (work OR meetup)", And((Word("meeting"), Or((Word("work"), Word("meetup")))))),
        ("meeting -work", And((Word("meeting"), Not(Word("work"))))),
        ("-(work meetup)", Not(And((Word("work"), Word("meetup"))))),
        ('-"star wars"', Not(Phrase("star wars"))),
        ('"they said \\"hello\\""', Phrase('they said "hello"')),
        ('"a \\\\ b"', Phrase("a \\ b")),
        ("/\\d{4}-\\d{2}/", Regex("\\d{4}-\\d{2}")),
        ("path:/\\d{4}-\\d{2}/", Scope("path", Regex("\\d{4}-\\d{2}"))),
        ("/a\\/b/", Regex("a\\/b")),
        ("file:.jpg", Scope("file", Word(".jpg"))),
        ('path:"Daily notes/2022-07"', Scope("path", Phrase("Daily notes/2022-07"))),
        ("content:(a b)", Scope("content", And((Word("a"), Word("b"))))),
        ("tag:#work", Tag("work")),
        ("tag:work/now", Tag("work/now")),
        ("#work", Tag("work")),
        ("line:(mix flour)", Scope("line", And((Word("mix"), Word("flour"))))),
        ("-line:flour", Not(Scope("line", Word("flour")))),
        ("block:dog", Scope("block", Word("dog"))),
        ("section:(dog OR cat)", Scope("section", Or((Word("dog"), Word("cat"))))),
        ("task:call", Scope("task", Word("call"))),
        ("task-todo: call", Scope("task-todo", Word("call"))),
        ("task-done:call", Scope("task-done", Word("call"))),
        ("match-case:HappyCat", Case("match-case", Word("HappyCat"))),
        ("ignore-case:ikea", Case("ignore-case", Word("ikea"))),
        ("task:(call OR line:x)", Scope("task", Or((Word("call"), Scope("line", Word("x")))))),
        ("[aliases]", Property("aliases")),
        ("[aliases:Name]", Property("aliases", Word("Name"))),
        ("[aliases:null]", Property("aliases", Null())),
        ("[status:Draft OR Published]", Property("status", Or((Word("Draft"), Word("Published"))))),
        ("[duration:<5]", Property("duration", Compare("<", "5"))),
        ("[due:>=2026-01-01]", Property("due", Compare(">=", "2026-01-01"))),
        ('["x y":"z"]', Property("x y", Phrase("z"))),
        ("[a:/b\\d/]", Property("a", Regex("b\\d"))),
        ("/(?<year>\\d+)-\\k<year>/", Regex("(?<year>\\d+)-\\k<year>")),
        ("/a[/]b/", Regex("a[/]b")),
        ("/a.b/s", Regex("a.b", "s")),
        ("match-case:/Ab/i", Case("match-case", Case("ignore-case", Regex("Ab", "i")))),
        ("[a:/[x]y/]", Property("a", Regex("[x]y"))),
        ("[due OR deadline]", Or((Property("due"), Property("deadline")))),
        ("[(a OR b):1]", Or((Property("a", Word("1")), Property("b", Word("1"))))),
        ("[a:null OR b]", Property("a", Or((Null(), Word("b"))))),
        ("[a:-null]", Property("a", Not(Null()))),
        ('[a:"null"]', Property("a", Phrase("null"))),
        ("[a:<2 OR >4]", Property("a", Or((Compare("<", "2"), Compare(">", "4"))))),
        ("[a: >= 2 ]", Property("a", Compare(">=", "2"))),
        ("[a:>1 <5]", Property("a", And((Compare(">", "1"), Compare("<", "5"))))),
        ("[due:<today]", Property("due", Compare("<", "2026-11-20"))),
        ("[due:>last week]", Property("due", Compare(">", "2026-11-15"))),
        ("[due:<=2026-02]", Property("due", Compare("<=", "2026-02-28"))),
        ('[due:<"2026-02-01"]', Property("due", Compare("<", "2026-02-01"))),
        ("/(?<=a)b(?<!c)/", Regex("(?<=a)b(?<!c)")),
        ("-[a]", Not(Property("a"))),
        ("“star wars”", Phrase("star wars")),
        ("-„star wars“ a", And((Not(Phrase("star wars")), Word("a")))),
        ("«война и мир»", Phrase("война и мир")),
        ("[status:“in review”]", Property("status", Phrase("in review"))),
        ("a “b", And((Word("a"), Word("“b")))),
        ("tag:(home OR #work)", Or((Tag("home"), Tag("work")))),
        ('tag:(-home "a b")', And((Not(Tag("home")), Tag("a b")))),
        ("#home,", Tag("home")),
        ("## Plan", And((Word("##"), Word("Plan")))),
        ("file:*.jpg", Scope("file", Word(".jpg"))),
        ("[status=draft]", Property("status", Word("draft"))),
        ("AND", Word("AND")),
        ("NOT", Word("NOT")),
        ("ANDROID NOTES", And((Word("ANDROID"), Word("NOTES")))),
        ("insul*", Word("insul", prefix=True)),
        ("TAG:Work", Tag("Work")),
        ("ordinary", Word("ordinary")),
        ("or", Word("or")),
        ("ORANGE", Word("ORANGE")),
        ("well-known", Word("well-known")),
        ("--help", Word("--help")),
        ("12:30", Word("12:30")),
        ("http://example.com/a", Word("http://example.com/a")),
        ("/home/user/x", Word("/home/user/x")),
        ("[[Note]]", Word("[[Note]]")),
        ("C#", Word("C#")),
        ("冰箱 OR мама", Or((Word("冰箱"), Word("мама")))),
    ],
)  # fmt: skip
def test_reads(text: str, expected: Node) -> None:
    assert root(text) == expected


@pytest.mark.parametrize(
    "kind", ["task", "task-todo", "task-done", "line", "block", "section", "content", "file"]
)
@pytest.mark.parametrize("empty", ['""', '" "', ' ""'])
def test_an_empty_phrase_behind_an_operator_is_any(kind: ScopeKind, empty: str) -> None:
    assert root(f"{kind}:{empty}") == Scope(kind, Phrase(""))
    assert root(f"-{kind}:{empty} a") == And((Not(Scope(kind, Phrase(""))), Word("a")))
    assert root(f"a {kind}:{empty}") == And((Word("a"), Scope(kind, Phrase(""))))


@pytest.mark.parametrize("text", ["", "   ", "OR", "OR OR", "()", "(())", '""', "\0"])
def test_nothing_is_asked_for(text: str) -> None:
    assert read(text).root is None


@pytest.mark.parametrize(
    ("text", "expected", "says"),
    [
        ("(a b", And((Word("a"), Word("b"))), "not closed"),
        ("a) b", And((Word("a"), Word("b"))), "too many"),
        ('"a b', And((Word("a"), Word("b"))), "quotation mark"),
        ("/[/ a", Word("a"), "has no words"),
        ("/[/", None, "/[/ cannot be read (a square bracket is not closed)"),
        ("/(?=x)*/", Word("x"), "its words were searched"),
        (r"/\p{L}+ garden/", Word("garden"), "its words were searched"),
        (r"/heat(pump\d{2,}/", And((Word("heat"), Word("pump"), Word("2"))), "cannot be read"),
        ("path:/(/ a", Word("a"), "cannot be read"),
        ("[a:/*/] b", And((Property("a"), Word("b"))), "cannot be read"),
        ("/.*/", Regex(".*"), "fits any text"),
        (r"/\bмама\b/", Regex(r"\bмама\b"), "only A to Z"),
        ("[status:>Draft]", Property("status", Phrase("Draft")), "no number and no date"),
        ("[status:>]", Property("status"), "no number and no date"),
        ("subject:x", Word("subject:x"), "not an operator"),
        ("a tag:", And((Word("a"), Word("tag:"))), "says nothing"),
        ('tag:"" a', Word("a"), "nothing"),
        ("tag:# a", Word("a"), "tag:” says nothing"),
        ("tag:() a", Word("a"), "tag:” says nothing"),
        ("task:() a", Word("a"), "task:” says nothing"),
        ("line:(OR) a", Word("a"), "line:” says nothing"),
        ("line:", Word("line:"), "says nothing"),
        ("a AND b", And((Word("a"), Word("b"))), "goes without saying"),
        ("a AND NOT b", And((Word("a"), Not(Word("b")))), "goes without saying"),
        ("NOT (a b)", Not(And((Word("a"), Word("b")))), "the minus"),
        ("sort:modified", None, "nothing in this to look for"),
        ('""', None, "nothing in this to look for"),
        ("(line: ) a", Word("a"), "nothing"),
        ("created:someday a", Word("a"), "not understood"),
        ("limit:many a", Word("a"), "not understood"),
        ("sort:colour a", Word("a"), "not understood"),
    ],
)
def test_says_what_it_did_not_understand(text: str, expected: Node | None, says: str) -> None:
    query = read(text)
    assert query.root == expected
    assert says in query.note
    assert query.note.endswith(".")


def test_first_misunderstanding_is_told() -> None:
    assert "too many" in read('a) subject:x "b').note


@pytest.mark.parametrize(
    ("text", "sort", "limit"),
    [
        ("a sort:modified", "modified", None),
        ("sort:-NAME a", "-name", None),
        ("a limit:5", "", 5),
        ("limit:0 a", "", 1),
        ("limit:99999999999 sort:path a", "path", 999999),
    ],
)
def test_order_and_number(text: str, sort: str, limit: int | None) -> None:
    query = read(text)
    assert (query.sort, query.limit, query.root) == (sort, limit, Word("a"))


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("created:2026-11-05", date(2026, 11, 5), date(2026, 11, 5)),
        ("modified:yesterday", date(2026, 11, 19), date(2026, 11, 19)),
        ('daily:"last week"', date(2026, 11, 9), date(2026, 11, 15)),
        ("daily:last week", date(2026, 11, 9), date(2026, 11, 15)),
        ("modified:3 days ago", date(2026, 11, 17), date(2026, 11, 17)),
        ("created:>=2026-11", date(2026, 11, 1), None),
    ],
)
def test_dates(text: str, first: date, last: date | None) -> None:
    node = root(text)
    assert isinstance(node, Date)
    assert node.days == Days(first, last)
    assert node.field == text.partition(":")[0]


def test_words_after_a_date_of_several_words() -> None:
    assert root("daily:last week garden") == And(
        (Date("daily", Days(date(2026, 11, 9), date(2026, 11, 15))), Word("garden"))
    )


def test_long_queries_are_cut() -> None:
    query = read("word " * LONGEST_QUERY)
    assert "first" in query.note
    assert isinstance(query.root, And)
    assert len(query.root.parts) == MOST_LEAVES


def test_deep_queries_are_cut() -> None:
    for text in ("(" * 400 + "a", "line:" * 190 + "a", "-(" * 200 + "a" + ")" * 200):
        query = read(text)
        assert query.note


@given(st.text(alphabet='ab "/[]():-*#\\|OR.tagline\n', max_size=60))
def test_never_fails(text: str) -> None:
    query = read(text)
    assert isinstance(query.note, str)
    assert leaves(query.root) <= MOST_LEAVES


@given(st.text(max_size=200))
def test_never_fails_on_any_text(text: str) -> None:
    read(text)


def leaves(node: Node | None) -> int:
    match node:
        case None:
            return 0
        case And(parts) | Or(parts):
            return sum(leaves(part) for part in parts)
        case Not(part) | Scope(_, part) | Case(_, part):
            return leaves(part)
    return 1


@given(st.lists(st.from_regex(r"[a-z]{2,8}", fullmatch=True), min_size=1, max_size=6))
def test_plain_words_are_all_looked_for(words: list[str]) -> None:
    node = root(" ".join(words))
    parts = node.parts if isinstance(node, And) else (node,)
    assert parts == tuple(Word(word) for word in words)


@given(st.from_regex(r"[a-z \"\\]{1,20}", fullmatch=True))
def test_quoted_text_comes_back(text: str) -> None:
    quoted = text.replace("\\", "\\\\").replace('"', '\\"')
    node = read(f'"{quoted}"').root
    assert node == (Phrase(text) if text.strip() else None)
