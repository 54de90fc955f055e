"""Sections, blocks, properties, merges: what exactly changes."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octopus.errors import NotFound, Refused
from octopus.obsidian.merge import merge3, merge_notes
from octopus.obsidian.properties import parse
from octopus.obsidian.property_edit import (
    add_to_property,
    merge_properties,
    remove_from_property,
    remove_property,
    set_property,
)
from octopus.obsidian.replace import (
    append_block,
    read_block,
    read_section,
    replace_block,
    replace_section,
)
from octopus.obsidian.scan import scan
from octopus.obsidian.yaml_text import write_property, write_scalar
from tests.obsidian.nasty import scaled


@pytest.mark.parametrize(
    ("before", "heading", "after"),
    [
        (b"# A\nold\n\n# B\nx\n", "A", b"# A\nnew\n\n# B\nx\n"),
        (b"# A\n## C\nold\n# B\n", "A", b"# A\nnew\n# B\n"),
        (b"# A\n\n# B\n", "A", b"# A\nnew\n\n# B\n"),
        (b"# A\nold", "A", b"# A\nnew"),
        (b"# A", "A", b"# A\nnew"),
        (b"# A\r\nold\r\nx\r\n", "A", b"# A\r\nnew\r\n"),
        (b"# A\n```\n# B\n```\n# C\n", "A", b"# A\nnew\n# C\n"),
    ],
)
def test_replacing_a_section(before: bytes, heading: str, after: bytes) -> None:
    assert replace_section(before, heading, "new\n") == after


def test_reading_and_emptying_a_section() -> None:
    data = b"# A\nx\ny\n\n# B\n"
    assert read_section(data, "#A") == "x\ny\n\n"
    assert replace_section(data, "A", "") == b"# A\n\n# B\n"
    for call in (read_section, lambda data, name: replace_section(data, name, "")):
        with pytest.raises(NotFound):
            call(data, "C")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"x\n\nold\nlines ^id\n\ny\n", b"x\n\nnew ^id\n\ny\n"),
        (b"- a\n- old ^id\n  - child\n- b\n", b"- a\nnew ^id\n- b\n"),
        (b"> old\n> quote\n\n^id\n\ny\n", b"new\n\n^id\n\ny\n"),
        (b"x\n\n|a|\n|-|\n^id\n", b"x\n\nnew\n^id\n"),
        (b"```\nold\n```\n\n^id\n", b"new\n\n^id\n"),
        (b"# H\nold ^id\n", b"# H\nnew ^id\n"),
        (b"old ^id", b"new ^id"),
        (b"x\r\n\r\nold ^id\r\n", b"x\r\n\r\nnew ^id\r\n"),
    ],
)
def test_replacing_a_block_keeps_its_id(before: bytes, after: bytes) -> None:
    assert replace_block(before, "^id", "new") == after
    assert [each.id for each in scan(after.decode()).blocks] == ["id"]


@pytest.mark.parametrize(
    ("before", "text", "after"),
    [
        (b"x ^id\ny\n", "- n", b"x ^id\n- n\ny\n"),
        (b"x ^id\n\ny\n", "n", b"x ^id\n\nn\n\ny\n"),
        (b"- a ^id\n  - c\n- b\n", "- n", b"- a ^id\n  - c\n- n\n- b\n"),
        (b"> q\n\n^id\n", "n", b"> q\n\n^id\n\nn\n"),
        (b"x ^id", "- n", b"x ^id\n- n"),
    ],
)
def test_appending_under_a_block(before: bytes, text: str, after: bytes) -> None:
    made = append_block(before, "id", text)
    assert made == after
    assert [each.id for each in scan(made.decode()).blocks] == ["id"]


def test_reading_a_block() -> None:
    assert read_block(b"x\n\na\nb ^id\n", "id") == "a\nb"
    assert read_block(b"- a ^id\n  - c\n- b\n", "id") == "- a\n  - c"
    assert read_block(b"> q\n\n^id\n", "^id") == "> q"
    with pytest.raises(NotFound):
        read_block(b"x ^id\n", "other")


OWNERS = b"""---
# about me
title:   "My: title"   # keep
d: 2026-11-20
e:
tags: [a, 'b c']
aliases:
- one
- two # second

# about z
z: |
  line
   more
m: {k: v}
---
body
"""


@pytest.mark.parametrize(
    ("name", "value", "line", "new"),
    [
        ("title", "x", b'title:   "My: title"   # keep', b'title:   "x"   # keep'),
        ("d", "2026-12-01", b"d: 2026-11-20", b"d: 2026-12-01"),
        ("d", None, b"d: 2026-11-20", b"d:"),
        ("e", "v", b"\ne:\n", b"\ne: v\n"),
        ("e", True, b"\ne:\n", b"\ne: true\n"),
        ("e", ["x", "[[y]]"], b"\ne:\n", b'\ne:\n  - x\n  - "[[y]]"\n'),
        ("tags", ["q"], b"tags: [a, 'b c']", b"tags:\n  - q"),
        ("tags", "q", b"tags: [a, 'b c']", b"tags: q"),
        ("aliases", [], b"aliases:\n- one\n- two # second", b"aliases: []"),
        ("z", "one", b"z: |\n  line\n   more", b"z: one"),
        ("m", 7, b"m: {k: v}", b"m: 7"),
        ("new", "a: b", b"m: {k: v}\n", b'm: {k: v}\nnew: "a: b"\n'),
        ("Title", "x", b'title:   "My: title"   # keep', b'title:   "x"   # keep'),
    ],
)
def test_setting_a_property(name: str, value: Any, line: bytes, new: bytes) -> None:
    assert set_property(OWNERS, name, value) == OWNERS.replace(line, new)
    windows = OWNERS.replace(b"\n", b"\r\n")
    expected = OWNERS.replace(line, new).replace(b"\n", b"\r\n")
    assert set_property(windows, name, value) == expected


@pytest.mark.parametrize(
    ("data", "name", "value", "after"),
    [
        (b"body\n", "a", 1, b"---\na: 1\n---\nbody\n"),
        (b"", "a", "x", b"---\na: x\n---\n"),
        (b"---\n---\nx", "a", "y", b'---\na: "y"\n---\nx'),
        (b"---\r\n---\r\nx", "a", 1, b"---\r\na: 1\r\n---\r\nx"),
        (b"\xef\xbb\xbfx\r\ny", "a", 1, b"\xef\xbb\xbf---\r\na: 1\r\n---\r\nx\r\ny"),
        (b"---\n# c\n---\n", "a", 1, b"---\n# c\na: 1\n---\n"),
        (b"---\na: 1\n---", "b", 2, b"---\na: 1\nb: 2\n---"),
    ],
)
def test_a_first_property(data: bytes, name: str, value: Any, after: bytes) -> None:
    assert set_property(data, name, value) == after


def test_removing_properties() -> None:
    assert remove_property(OWNERS, "d") == OWNERS.replace(b"d: 2026-11-20\n", b"")
    assert remove_property(OWNERS, "z") == OWNERS.replace(b"z: |\n  line\n   more\n", b"")
    assert remove_property(OWNERS, "nothing") is OWNERS
    assert remove_property(b"---\na: 1\n---\nx\n", "a") == b"x\n"


@pytest.mark.parametrize(
    ("data", "value", "after"),
    [
        (b"---\ntags: [a]\n---\n", "b", b"---\ntags: [a, b]\n---\n"),
        (b"---\ntags: []\n---\n", "b", b"---\ntags: [b]\n---\n"),
        (b"---\ntags: [a, ]\n---\n", "b", b"---\ntags: [a, b ]\n---\n"),
        (b"---\ntags: [ a ]\n---\n", "b", b"---\ntags: [ a, b ]\n---\n"),
        (b"---\ntags:\n- a\n---\n", "b", b"---\ntags:\n- a\n- b\n---\n"),
        (
            b"---\ntags:\n    - a # c\n\nx: 1\n---\n",
            "b",
            b"---\ntags:\n    - a # c\n    - b\n\nx: 1\n---\n",
        ),
        (b"---\ntags: a\n---\n", "b", b"---\ntags:\n  - a\n  - b\n---\n"),
        (b"---\ntags: a, c\n---\n", "b", b"---\ntags:\n  - a\n  - c\n  - b\n---\n"),
        (b"---\ntags:\n---\n", "b", b"---\ntags:\n  - b\n---\n"),
        (b"x\n", "b", b"---\ntags:\n  - b\n---\nx\n"),
        (b"---\ntags: [a, B]\n---\n", "#b", b"---\ntags: [a, B]\n---\n"),
        (b"---\nTAGS: [a]\n---\n", "b", b"---\nTAGS: [a, b]\n---\n"),
    ],
)
def test_adding_to_a_list(data: bytes, value: str, after: bytes) -> None:
    assert add_to_property(data, "tags", value) == after


@pytest.mark.parametrize(
    ("data", "value", "after"),
    [
        (b"---\ntags:\n- a\n- b # c\n- d\n---\n", "b", b"---\ntags:\n- a\n- d\n---\n"),
        (b"---\ntags: [a, b]\n---\n", "A", b"---\ntags:\n  - b\n---\n"),
        (b"---\ntags:\n- a\n---\n", "a", b"---\ntags: []\n---\n"),
        (b"---\ntags: a\n---\n", "a", b"---\ntags: []\n---\n"),
        (b"---\ntags:\n- a\n---\n", "z", b"---\ntags:\n- a\n---\n"),
    ],
)
def test_removing_from_a_list(data: bytes, value: str, after: bytes) -> None:
    assert remove_from_property(data, "tags", value) == after


@pytest.mark.parametrize(
    "data",
    [
        b'---\n{"a": 1}\n---\nx',
        b"---\n? a\n: 1\n---\n",
    ],
)
def test_properties_that_cannot_be_edited_line_by_line_are_refused(data: bytes) -> None:
    with pytest.raises(Refused):
        set_property(data, "a", 2)


def test_an_anchor_is_not_cut_off() -> None:
    data = b"---\na: &x one\nb: *x\n---\n"
    with pytest.raises(Refused):
        remove_property(data, "a")
    assert scan(set_property(data, "b", "two").decode()).properties == {"a": "one", "b": "two"}


def test_a_templates_properties_are_merged() -> None:
    data = b"---\na: 1\ntags: [x]\nn:\n---\nbody\n"
    after = merge_properties(data, {"a": 2, "tags": ["x", "z"], "n": "v", "new": "w", "none": None})
    assert after == b"---\na: 1\ntags: [x, z]\nn: v\nnew: w\nnone:\n---\nbody\n"


SCALARS = st.none() | st.booleans() | st.integers(-(10**12), 10**12) | st.text(max_size=20)


@scaled(80, 2000)
@given(
    SCALARS.filter(lambda each: not isinstance(each, str) or not set(each) & {"\r", "\n", "\x85"})
)
def test_a_value_reads_back_as_it_was_written(value: Any) -> None:
    assert parse(f"a: {write_scalar(value)}\n") == ({"a": value}, "")
    assert parse(f"{write_property('a b', [value, 'x'])}\n")[0]["a b"] == [value, "x"]
    assert parse(f"a: [{write_scalar(value, flow=True)}, x]\n")[0]["a"][-1] == "x"


@pytest.mark.parametrize(
    ("value", "yaml"),
    [
        ("plain", "plain"),
        ("2026-11-20", "2026-11-20"),
        ("12:30", "12:30"),
        ("010", "010"),
        ("yes", '"yes"'),
        ("12", '"12"'),
        ("[[x]]", '"[[x]]"'),
        ("#x", '"#x"'),
        ("a #b", '"a #b"'),
        ("a: b", '"a: b"'),
        ("- x", '"- x"'),
        ("-x", "-x"),
        ('say "so"', 'say "so"'),
        ("", '""'),
        ("a\nb", '"a\\nb"'),
        (1.5, "1.5"),
        (None, ""),
        (False, "false"),
    ],
)
def test_values_are_quoted_only_where_they_must_be(value: Any, yaml: str) -> None:
    assert write_scalar(value) == yaml


@pytest.mark.parametrize(
    ("yaml", "values"),
    [
        ("a: 1\nb: 1.5\nc: -2\n", {"a": 1, "b": 1.5, "c": -2}),
        ("a: true\nb: False\nc: yes\nd: on\n", {"a": True, "b": False, "c": "yes", "d": "on"}),
        ("a: null\nb: ~\nc:\nd: ''\n", {"a": None, "b": None, "c": None, "d": ""}),
        ("a: 2026-11-20\nb: 12:30\nc: 007\n", {"a": "2026-11-20", "b": "12:30", "c": "007"}),
        ("a: 1e3\nb: .inf\nc: 0x1F\nd: 1_000\n", {"a": 1000.0, "b": ".inf", "c": 31, "d": "1_000"}),
        ("a: 99999999999999999999\n", {"a": 1e20}),
        ("a: [1, x, 'y z', \"q\"]\n", {"a": [1, "x", "y z", "q"]}),
        ("a:\n  - x\n  - 2026-01-01\n  - 3\n", {"a": ["x", "2026-01-01", 3]}),
        ("a: |\n  x\n  y\nb: >-\n  x\n  y\n", {"a": "x\ny\n", "b": "x y"}),
        ("a: x\n  y\n", {"a": "x y"}),
        ("a: {b: 1, c: [d]}\n", {"a": {"b": 1, "c": ["d"]}}),
        ("A b: 1\nCAPITAL_property: x\n", {"A b": 1, "CAPITAL_property": "x"}),
        ("a: x # comment\n# comment\nb: 'it''s'\n", {"a": "x", "b": "it's"}),
        ('{"tags": "journal", "publish": false}\n', {"tags": "journal", "publish": False}),
        ("a: [[x]]\n", {"a": [["x"]]}),
        ("a: &x v\nb: *x\n", {"a": "v", "b": "v"}),
        ("a: http://x/#y\n", {"a": "http://x/#y"}),
        ("日本: 値\n", {"日本": "値"}),
        ("", {}),
        ("# only\n", {}),
    ],
)
def test_properties_are_read_as_yaml_1_2(yaml: str, values: dict[str, Any]) -> None:
    assert parse(yaml) == (values, "")


@pytest.mark.parametrize(
    "yaml",
    [
        "a: [1\n",
        "a: 1\na: 2\n",
        "- a\n- b\n",
        "just text\n",
        "\ta: 1\n",
        "a: b: c\n",
        'a: "x\n',
        "a: *nothing\n",
        "? [a]\n: 1\n",
        "a: &a [*a]\n" + "b: [" + "[" * 5000,
        "a: &a [x, x, x, x, x, x, x, x, x]\n"
        + "".join(
            f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]\n"
            for a, b in zip("abcdefgh", "bcdefghi", strict=True)
        ),
    ],
)
def test_broken_properties_have_a_reason(yaml: str) -> None:
    values, error = parse(yaml)
    assert values == {}
    assert error


@pytest.mark.parametrize(
    ("yaml", "tags"),
    [
        ("tags:\n  - journal\n  - a/b", ("journal", "a/b")),
        ("tags: single", ("single",)),
        ("tags: a, b", ()),
        ("tags: two words", ()),
        ("tags: []", ()),
        ("tags:", ()),
        ("tags: [a, b]", ("a", "b")),
        ("TAGS: [a]", ("a",)),
        ("tag: a", ()),
        ("TAG: a", ()),
        ('tags: ["#a", b]', ("a", "b")),
        ("tags: [a, A, 2024, x y, 2024-goals]", ("a", "2024-goals")),
        ('{"tags": "journal"}', ("journal",)),
    ],
)
def test_tags_of_properties(yaml: str, tags: tuple[str, ...]) -> None:
    assert scan(f"---\n{yaml}\n---\n").property_tags == tags


@pytest.mark.parametrize(
    ("yaml", "aliases"),
    [
        ("aliases: [A, b c]", ("A", "b c")),
        ("aliases:\n- A\n- A\n- 7", ("A", "7")),
        ("aliases: a, b", ("a", "b")),
        ("ALIASES: [x]", ("x",)),
        ("alias: a", ()),
        ("aliases:", ()),
    ],
)
def test_aliases(yaml: str, aliases: tuple[str, ...]) -> None:
    assert scan(f"---\n{yaml}\n---\n").aliases == aliases


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("---\na: 1\n---\nx", "x"),
        ("---\n---\nx", "x"),
        ("---\na: 1\n---", ""),
        ("---  \na: 1\n--- \nx", "x"),
        ("---\r\na: 1\r\n---\r\nx", "x"),
        ("\n---\na: 1\n---\n", "\n---\na: 1\n---\n"),
        ("x\n---\na: 1\n---\n", "x\n---\na: 1\n---\n"),
        ("---\na: 1\n", "---\na: 1\n"),
        ("----\na: 1\n---\n", "----\na: 1\n---\n"),
        (" ---\na: 1\n---\n", " ---\na: 1\n---\n"),
    ],
)
def test_where_properties_begin_and_end(text: str, body: str) -> None:
    note = scan(text)
    assert text[note.body :] == body
    assert note.body_line == text[: note.body].count("\n") + 1 + (
        note.body == len(text) and text[-1] != "\n"
    )


def test_a_body_is_still_read_when_the_properties_are_broken() -> None:
    """E23."""
    note = scan("---\na: [1\n---\nbody #x")
    assert note.properties == {}
    assert "line 3" in note.properties_error
    assert note.tags == ("#x",)


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "merged"),
    [
        (b"a\nb\n", b"a\nb\n", b"a\nB\n", b"a\nB\n"),
        (b"a\nb\n", b"a\nB\n", b"a\nb\n", b"a\nB\n"),
        (b"a\nb\nc\n", b"A\nb\nc\n", b"a\nb\nC\n", b"A\nb\nC\n"),
        (b"a\nb\nc\n", b"A\nb\nc\n", b"a\nB\nc\n", b"A\nB\nc\n"),
        (b"a\nx\n", b"a\nx\ny\n", b"a\n", b"a\ny\n"),
        (b"a\nx", b"a\nx\ny", b"a", b"a\ny"),
        (b"a\n", b"a\nx\n", b"a\nx\n", b"a\nx\n"),
        (b"a\r\nb\r\n", b"a\r\nb\r\nc\r\n", b"A\r\nb\r\n", b"A\r\nb\r\nc\r\n"),
        (b"", b"x\n", b"", b"x\n"),
        (b"a\nb\nc\nd\n", b"a\nd\n", b"z\na\nb\nc\nd\ne\n", b"z\na\nd\ne\n"),
        (b"a\nb", b"a\nb\n", b"A\nb", b"A\nb\n"),
    ],
)
def test_three_ways(base: bytes, ours: bytes, theirs: bytes, merged: bytes) -> None:
    found = merge3(base, ours, theirs)
    assert found.data == merged
    assert not found.conflict


@pytest.mark.parametrize(
    ("base", "ours", "theirs"),
    [
        (b"a\nb\nc\n", b"a\nB\nc\n", b"a\nX\nc\n"),
        (b"a\n", b"a\nx\n", b"a\ny\n"),
        (b"a\nb\nc\n", b"a\nc\n", b"a\nB\nc\n"),
        (b"a\nb\nc\nd\n", b"a\nX\nd\n", b"a\nb\nY\nd\n"),
    ],
)
def test_changes_to_the_same_lines_clash_and_ours_stay(
    base: bytes, ours: bytes, theirs: bytes
) -> None:
    found = merge3(base, ours, theirs)
    assert found.conflict
    assert found.data == ours
    (clash,) = found.clashes
    assert clash.ours in ours
    assert clash.theirs in theirs


lines = st.lists(st.sampled_from([b"a\n", b"b\n", b"c\n", b"d\r\n"]), max_size=6).map(b"".join)


@scaled(80, 2000)
@given(lines, lines, lines)
def test_merging_is_fair(base: bytes, ours: bytes, theirs: bytes) -> None:
    assert merge3(base, ours, base).data == ours
    assert merge3(base, base, theirs).data == theirs
    assert merge3(base, ours, ours).data == ours
    one, other = merge3(base, ours, theirs), merge3(base, theirs, ours)
    assert one.conflict == other.conflict
    if not one.conflict:
        assert one.data == other.data


def test_merging_two_notes() -> None:
    into = b"---\ntags: [a]\nx: 1\n---\nfirst\n"
    other = b"---\r\ntags:\r\n- b\r\nx: 2\r\nz: 3\r\n---\r\nsecond\r\nline"
    assert merge_notes(into, other) == (
        b"---\ntags: [a, b]\nx: 1\nz: 3\n---\nfirst\n\nsecond\nline\n"
    )
    assert merge_notes(b"first\n", b"\n") == b"first\n"
    assert merge_notes(b"", b"second") == b"second\n"
