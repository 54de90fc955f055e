"""The scanner takes anything, tells the truth about places, and needs time in proportion."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octopus.obsidian.inline import TAG
from octopus.obsidian.note import Note
from octopus.obsidian.scan import scan
from octopus.obsidian.task import parse_task
from octopus.obsidian.text import decode, read
from octopus.obsidian.tick import parse_line
from tests.effort import effort, holds_once
from tests.obsidian.nasty import FULL, notes, scaled, texts

MARKS = "`~#$%<>[]()|^!-*+=_:\\\n\t 0123ax\ré日\u200b\ufeff📅"
RUNS = ("[[", "]]", "%%", "$$", "```", "![[", "::", "](", "<!--", "-->", "<div>", "---\n", "\n\n")
PIECES = st.sampled_from([*MARKS, *RUNS, "- [ ] ", "> ", "    "])


def check(text: str, note: Note) -> None:
    """What holds for every note: places are inside, in order, and say what is there."""
    size = len(text)
    for link in note.links:
        if link.kind != "property":
            assert 0 <= link.offset < link.end <= size
            assert text[link.end - 1] in "])"
    for tag in note.body_tags:
        assert TAG.match(text, tag.offset)
    for task in note.tasks:
        assert text[task.box] == task.status
    for block in note.blocks:
        assert text.startswith(f"^{block.id}", block.offset)
    for heading in note.headings:
        assert 0 <= heading.offset < heading.end <= size
    for span in (*note.comments, *note.code):
        assert 0 <= span.offset <= span.end <= size
    lines = [each.line for each in note.headings]
    assert lines == sorted(lines)
    assert 0 <= note.body <= size


@scaled(400, 20_000)
@given(st.lists(PIECES, max_size=60).map("".join))
def test_any_markup_is_read(text: str) -> None:
    check(text, scan(text))


def test_a_hundred_thousand_random_inputs_are_read() -> None:
    """At full scale; a twentieth of them in the normal run. The same ones every time."""
    random = Random(20261120)
    pieces = [*MARKS, *RUNS, "- [ ] ", "> ", "    "]
    for _ in range(100_000 if FULL else 5_000):
        text = "".join(random.choices(pieces, k=random.randrange(60)))
        if random.random() < 0.2:
            text = f"---\n{text}\n---\n{text}"
        check(text, scan(text))


@scaled(150, 20_000)
@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    check(text, scan(text))


@scaled(150, 20_000)
@given(st.binary(max_size=200))
def test_any_bytes_are_read(data: bytes) -> None:
    text = read(data)
    check(text, scan(text))


@scaled(150, 5000)
@given(texts())
def test_nasty_notes_are_read(text: str) -> None:
    check(text, scan(text))


@scaled(150, 5000)
@given(notes())
def test_what_is_decoded_is_encoded_to_the_same_bytes(data: bytes) -> None:
    text, encoding = decode(data)
    assert encoding.encode(text) == data


@scaled(200, 20_000)
@given(st.text(alphabet="---\n: [] {}'\"#&*|>\tabc01,é", max_size=80))
def test_any_properties_are_read(yaml: str) -> None:
    note = scan(f"---\n{yaml}\n---\nbody #x")
    assert note.properties_error or note.properties is not None


@scaled(200, 20_000)
@given(st.text(alphabet="📅⏳🔁✅⏫🆔⛔⏰ \ufe0f2026-1:,#a^every", max_size=80))
def test_any_task_is_read_and_put_together_again(text: str) -> None:
    todo = parse_task(text)
    assert todo.text == text.strip()
    line = f"\t- [x]  {text}".replace("\n", " ")
    assert str(parse_line(line)) == line


UNITS: dict[str, Callable[[int], str]] = {
    "one long line": lambda n: "word " * n,
    "open brackets": lambda n: "[" * n,
    "open wikilinks": lambda n: "[[a " * n,
    "closing brackets": lambda n: "]" * n,
    "nested brackets": lambda n: "[" * n + "]" * n,
    "links without an end": lambda n: "[a](b " * n,
    "links in links": lambda n: "[a](b[a](b" * n,
    "spaces in destinations": lambda n: "[a](" + " " * n,
    "titles without an end": lambda n: '[a](b "' * n,
    "angle destinations": lambda n: "[a](<b" * n,
    "backticks of every length": lambda n: " ".join("`" * (i % 50 + 1) for i in range(n // 10)),
    "single backticks": lambda n: "` " * n,
    "backtick pairs": lambda n: "``a`" * n,
    "labels with backticks": lambda n: "[``a](x) `` " * n,
    "dollar signs": lambda n: "$a " * n,
    "double dollar signs": lambda n: "x $$ \n" * n,
    "comment marks": lambda n: "a %% " * n,
    "open comments": lambda n: "x\n\n%%a\n\n" * n,
    "HTML comments": lambda n: "a <!-- " * n,
    "HTML comment blocks": lambda n: "<!-- a\n\n" * n,
    "HTML tags": lambda n: "<a " * n,
    "HTML blocks": lambda n: "<div>\n" * n,
    "scripts": lambda n: "<script>\n\n" * n,
    "quote marks": lambda n: ">" * n,
    "nested quotes": lambda n: "\n".join(">" * (i % 200) + " x" for i in range(n // 50)),
    "list markers": lambda n: "- " * n + "x",
    "numbers": lambda n: "1. " * n,
    "nested lists": lambda n: "\n".join(" " * (2 * (i % 300)) + "- x" for i in range(n // 100)),
    "tasks": lambda n: "- [ ] a\n" * n,
    "fences": lambda n: "```\n" * n,
    "fences in quotes": lambda n: "> ```\n> a\n\n" * n,
    "fences in lists": lambda n: "- ```\n" * n,
    "hashes": lambda n: "#" * n,
    "tags": lambda n: "#a" * n,
    "tags after underscores": lambda n: "_#a" * n,
    "heading spaces": lambda n: "# a" + " " * n + "#",
    "carets": lambda n: "^a " * n,
    "block ids": lambda n: "a ^b\n" * n,
    "colons": lambda n: "a:: " * n,
    "field brackets": lambda n: "[a::" * n,
    "field parentheses": lambda n: "(a::b" * n,
    "table rows": lambda n: "|" * n + "\n" + "|-" * n,
    "setext": lambda n: "a\n" * n + "=",
    "underlines": lambda n: "=" * n,
    "rules": lambda n: "- " * n,
    "backslashes": lambda n: "\\" * n,
    "footnotes": lambda n: "[^a" * n,
    "emphasis": lambda n: "*_" * n,
    "blank lines": lambda n: "\n" * n,
    "carriage returns": lambda n: "\r" * n,
    "indented code": lambda n: "    a\n\n" * n,
    "tabs": lambda n: "\t" * n + "x",
    "open properties": lambda n: "---\n" + "a: 1\n" * n,
    "many properties": lambda n: "---\n" + "".join(f"a{i}: 1\n" for i in range(n // 10)) + "---\n",
    "property brackets": lambda n: "---\na: " + "[" * n + "\n---\n",
    "property quotes": lambda n: '---\na: "' + "\\x" * n + "\n---\n",
    "property links": lambda n: '---\na: "' + "[[" * n + '"\n---\n',
}


def cost(text: str) -> float:
    return effort(lambda: scan(text))


@pytest.mark.parametrize("name", sorted(UNITS))
def test_time_grows_with_length_and_no_faster(name: str) -> None:
    """Four times the text may cost ten times as much; quadratic work would cost sixteen."""

    def in_proportion() -> bool:
        make, size = UNITS[name], 2000
        small = cost(make(size))
        while small < 0.003 and size < 30_000:
            size *= 2
            small = cost(make(size))
        return cost(make(size * 4)) < 10 * small + 0.02

    assert holds_once(in_proportion)


def test_a_line_of_ten_megabytes() -> None:
    note = scan("a [[b]] `c` #d" + " more words" * 11 + " " + "x" * 9_000_000 + " #e")
    assert [tag.name for tag in note.body_tags] == ["d", "e"]
    assert len(scan("a [[b]] `c` #d " * 100_000).links) == 100_000


def test_a_hundred_thousand_nested_brackets() -> None:
    assert scan("[" * 100_000 + "x" + "]" * 100_000).links != ()
    assert scan("> " * 100_000 + "#a").tags == ("#a",)
    assert scan("- " * 100_000 + "#a").tasks == ()
