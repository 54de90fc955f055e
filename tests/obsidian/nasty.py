"""For making notes that are hard to read and easy to damage."""

from __future__ import annotations

import os
from random import Random

from hypothesis import settings
from hypothesis import strategies as st

# OCTOPUS_TEST_SCALE=full: 5,000 notes an edit and 100,000 inputs for the scanner.
FULL = os.environ.get("OCTOPUS_TEST_SCALE") == "full"


def scaled(few: int, many: int) -> settings:
    """Hypothesis settings for ``few`` examples, or ``many`` at full scale."""
    return settings(max_examples=many if FULL else few, deadline=None)


LINE_LIST = [
    "",
    "",
    " ",
    "\t",
    "# Head",
    "## Head ##",
    "### Sub #tag",
    "Head\n===",
    "Text with trailing spaces   ",
    "日本語の文章 #日本",
    "نص عربي [[ملاحظة]]",
    "cafe\u0301 (decomposed)",
    "emoji 👨‍👩‍👧 #🎉",
    "- item",
    "  - nested [[Link|text]]",
    "\t- [ ] task 📅 2026-11-20 ^id1",
    "- [x] done ✅ 2026-11-19",
    "1. one",
    "10) ten",
    "* star\n\n  still the item",
    "> quote ^q",
    "> [!note]- Title",
    "> ```\n> # no\n> ```",
    "> > deep\n> back",
    "```py\n# Head\n[[no]]\n```",
    "````\n```\n````",
    "~~~\nopen tilde",
    "```\nopen",
    "| a | b \\| c |\n|---|---|\n| [[x\\|y]] | #t |",
    "$$\nx^2 ^no\n$$",
    "$x$ `code` ``c ` d``",
    "%% hidden [[x]] %%",
    "%%\n# Head\n%%",
    "<div>\n# Head\n</div>",
    "<!-- [[x]] -->",
    "---",
    "***",
    "^id2",
    "key:: value",
    "[f:: v] (g:: w)",
    "[t](a%20b.md) ![i](x.png)",
    "footnote[^1]",
    "[^1]: text",
    "\u200b\t- [ ] odd",
    "\u2028separator\u0085next\x0cform\x0bfeed",
    "nul \0 inside",
    "\ufeffmark inside",
    "x" * 300,
    "[" * 50,
    "<% tp.x %>",
    "trailing backslash \\",
]
PROPERTY_LIST = [
    "",
    "---\n---\n",
    "---\na: 1\n---\n",
    "---\nd: 2026-11-20\nt: 12:30\ny: yes\nn: 010\ne:\n---\n",
    "---\n# comment\ntags: [a, 'b', \"c\"] # why\n\nx:   spaced   \n---\n",
    "---\ntags:\n- a\n- b # two\naliases:\n    - deep\n---\n",
    "---\nq: \"it's \\\"so\\\"\"\ns: 'don''t'\n---\n",
    "---\nlit: |\n  a\n   b\n\n  c\nfold: >-\n  x\n  y\nz: 1\n---\n",
    "---\nm:\n  k: v\n  l: [1, 2]\n---\n",
    '---\nup: "[[Old]]"\nsee:\n  - "[[Old#h|t]]"\n---\n',
    "---\na: &x 1\nb: *x\n---\n",
    "---\n\nkanban-plugin: basic\n\n---\n",
    "---\na: 1\n--- \n",
]
LINES = st.sampled_from(LINE_LIST)
PROPERTIES = st.sampled_from(PROPERTY_LIST)
BROKEN = st.sampled_from(
    ["---\na: [1\n---\n", "---\na: 1\na: 2\n---\n", "---\n\ta: 1\n---\n", '---\n"\n---\n']
)
NEWLINES = st.sampled_from(["\n", "\r\n", "\r", "mixed"])
ENCODINGS = st.sampled_from(["utf-8", "utf-8", "utf-8-sig", "utf-16"])


TASKS = (
    "- [ ] task 📅 2026-11-20 ^id1",
    "\t- [/] going on 🔁 every month 📅 2026-01-31",
    "> - [ ] quoted ⏰ 2026-11-21 09:00 #tag",
    "* [x] done ✅ 2026-11-19\n  - [ ] below",
)


@st.composite
def texts(draw: st.DrawFn, having: tuple[str, ...] = ()) -> str:
    """The text of a note with every kind of newline, and one of the lines ``having``."""
    newline = draw(NEWLINES)
    lines = draw(st.lists(LINES, max_size=12))
    if having:
        lines.insert(draw(st.integers(0, len(lines))), draw(st.sampled_from(having)))
    properties = draw(PROPERTIES)
    if not properties and lines[:1] == ["---"]:
        lines[0] = "***"  # it would open properties that are none
    text = properties + "\n".join(lines)
    if draw(st.booleans()):
        text += "\n"
    if newline == "mixed":
        parts = text.split("\n")
        ends = draw(st.lists(st.sampled_from(["\n", "\r\n"]), min_size=len(parts)))
        return "".join(part + end for part, end in zip(parts, ends, strict=False))
    return text.replace("\n", newline)


@st.composite
def notes(draw: st.DrawFn, having: tuple[str, ...] = ()) -> bytes:
    """The bytes of a note in one of the encodings that can be edited."""
    return draw(texts(having)).encode(draw(ENCODINGS))


def random_note(random: Random) -> bytes:
    """The same kind of note without hypothesis: thousands of them are made in a second."""
    lines = random.choices([*LINE_LIST, *TASKS], k=random.randrange(1, 15))
    properties = random.choice(PROPERTY_LIST)
    if not properties and lines[0] == "---":
        lines[0] = "***"
    text = properties + "\n".join(lines) + random.choice(["", "\n", "\n\n"])
    newline = random.choice(["\n", "\r\n", "\r", "mixed"])
    if newline == "mixed":
        ends = ["\n", "\r\n"]
        text = "".join(part + random.choice(ends) for part in text.split("\n"))
    else:
        text = text.replace("\n", newline)
    return text.encode(random.choice(["utf-8", "utf-8", "utf-8-sig", "utf-16"]))
