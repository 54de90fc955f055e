"""Every edit takes time in proportion to the note, whatever is in it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial

import pytest

from octopus.errors import OctopusError
from octopus.obsidian.difference import difference
from octopus.obsidian.edit import append, prepend
from octopus.obsidian.find import replace_text
from octopus.obsidian.insert import insert_template
from octopus.obsidian.merge import merge3, merge_notes
from octopus.obsidian.property_edit import (
    add_to_property,
    merge_properties,
    remove_from_property,
    remove_property,
    set_property,
)
from octopus.obsidian.rename import Moves, may_link, rewrite_links
from octopus.obsidian.replace import append_block, replace_block, replace_section
from octopus.obsidian.resolve import Resolver
from octopus.obsidian.settings import Tasks
from octopus.obsidian.task_edit import change_task, move_task, move_task_within, remove_task
from octopus.obsidian.text import line_starts, read
from octopus.obsidian.tick import complete
from tests.effort import effort, holds_once
from tests.obsidian.nasty import FULL

Edit = Callable[[bytes], object]
MOVES = Moves.plan({"a.md": "x/b.md"}, Resolver(["a.md", "b/a b.md", "n.md"]))
TICK = partial(complete, today=date(2026, 11, 20), settings=Tasks())

# What each edit looks for stands at the end of every note below.
END = "\n\n## Last\n- [ ] task 📅 2026-11-20 ^last\n"
HEAD = "---\ntags: [a]\ns: x\n---\n"


def last_line(data: bytes) -> int:
    return len(line_starts(read(data))) - 1


EDITS: dict[str, Edit] = {
    "append": partial(append, text="- new"),
    "append under a heading": partial(append, text="- new", heading="Last"),
    "append under a new heading": partial(append, text="- new", heading="New", create=True),
    "append below a block": partial(append_block, block="last", text="- new"),
    "prepend": partial(prepend, text="new"),
    "replace a section": partial(replace_section, heading="Last", text="new"),
    "replace a block": partial(replace_block, block="last", text="new"),
    "replace words": partial(replace_text, old="task", new="work", every=True),
    "replace words that are everywhere": partial(replace_text, old="a", new="b", every=True),
    "replace words that are nowhere": lambda data: not_found(data),
    "set a property": partial(set_property, name="s", value="y"),
    "set a new property": partial(set_property, name="new", value="y"),
    "add to a property": partial(add_to_property, name="tags", value="b"),
    "take from a property": partial(remove_from_property, name="tags", value="a"),
    "remove a property": partial(remove_property, name="s"),
    "merge properties": partial(merge_properties, values={"tags": ["c"], "t": 1}),
    "tick a task": lambda data: change_task(data, last_line(data), TICK),
    "take a task out": lambda data: remove_task(data, last_line(data)),
    "move a task away": lambda data: move_task(data, last_line(data), b"# x\n"),
    "move a task within": lambda data: move_task_within(data, last_line(data), "Last"),
    "rewrite links": partial(rewrite_links, source="n.md", moves=MOVES),
    "look for links": partial(may_link, names=["zzz"]),
    "merge into it": partial(merge_notes, other=b"---\ntags: [z]\n---\nother"),
    "merge it into another": lambda data: merge_notes(b"---\ntags: [z]\n---\nother", data),
    "insert a template": partial(insert_template, filled="---\nq: 1\n---\nfilled"),
    "take a line back": lambda data: merge3(data + b"x\n", b"y\n" + data + b"x\n", data),
    "show a change": lambda data: difference(read(data), read(data.replace(b"a", b"c"))),
}


def not_found(data: bytes) -> None:
    with pytest.raises(OctopusError):
        replace_text(data, "nothing of the kind", "x")


NOTES: dict[str, Callable[[int], str]] = {
    "one long line": lambda n: "word a " * n,
    "nested brackets": lambda n: "[" * n + "]" * n,
    "links": lambda n: "[[a|b]] [x](a.md) " * (n // 4),
    "open wikilinks": lambda n: "[[a " * n,
    "headings": lambda n: "## a\n\n" * n,
    "headings at every depth": lambda n: "".join(f"{'#' * (i % 6 + 1)} a\n" for i in range(n)),
    "block ids": lambda n: "a ^b\n\n" * n,
    "nested lists": lambda n: "\n".join(" " * (2 * (i % 300)) + "- a" for i in range(n // 100)),
    "tasks": lambda n: "- [ ] a\n" * n,
    "a list that goes on": lambda n: "- a\n" + "  a\n" * n,
    "blank lines": lambda n: "\n" * n,
    "blank lines in a list": lambda n: "- a\n" + "\n" * n + "  a\n",
    "fences": lambda n: "```\na\n" * n,
    "quotes": lambda n: "> a\n" * n,
    "tables": lambda n: "|a|b|\n|-|-|\n" + "|a|b|\n" * n,
    "comments": lambda n: "%% a %%\n" * n,
    "carriage returns": lambda n: "a\r\n" * n,
    "old newlines": lambda n: "a\r" * n,
}


def cost(edit: Edit, data: bytes) -> float:
    return effort(lambda: edit(data))


def made(name: str, size: int) -> bytes:
    return f"{HEAD}{NOTES[name](size)}{END}".encode()


@pytest.mark.parametrize("name", NOTES)
@pytest.mark.parametrize("edit", EDITS)
def test_time_grows_with_length_and_no_faster(edit: str, name: str) -> None:
    """Four times the note may cost ten times as much; quadratic work would cost sixteen."""

    def in_proportion() -> bool:
        size = 500
        small = cost(EDITS[edit], made(name, size))
        while small < 0.003 and size < (30_000 if FULL else 2_000):
            size *= 2
            small = cost(EDITS[edit], made(name, size))
        return cost(EDITS[edit], made(name, size * 4)) < 10 * small + 0.02

    assert holds_once(in_proportion)


@pytest.mark.parametrize("edit", EDITS)
def test_a_line_of_ten_megabytes_and_a_hundred_thousand_brackets(edit: str) -> None:
    """Both in one note; what is not linear here takes hours."""
    size = 10_000_000 if FULL else 1_000_000
    brackets = 100_000 if FULL else 10_000
    text = f"{HEAD}{'[' * brackets}a{']' * brackets}\n{'x' * size}{END}"
    EDITS[edit](text.encode())


def test_work_that_grows_faster_is_noticed() -> None:
    def square(size: int) -> float:
        return effort(lambda: sum(1 for _ in range(size * size)))

    assert not holds_once(lambda: square(800) < 10 * square(200))
