"""Every edit of every nasty note: the bytes outside the change are the bytes that were there."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import date
from functools import partial
from random import Random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from octopus.errors import NotFound, Refused, Undecodable
from octopus.obsidian.edit import append, open_source, prepend
from octopus.obsidian.find import find_text, replace_text
from octopus.obsidian.inline import WIKI
from octopus.obsidian.insert import insert_template
from octopus.obsidian.merge import merge_notes
from octopus.obsidian.properties import parse
from octopus.obsidian.property_edit import (
    add_to_property,
    remove_from_property,
    remove_property,
    set_property,
)
from octopus.obsidian.rename import Moves, rewrite_links
from octopus.obsidian.replace import append_block, replace_block, replace_section
from octopus.obsidian.resolve import Resolver
from octopus.obsidian.scan import plain_newlines, scan
from octopus.obsidian.settings import Tasks
from octopus.obsidian.task_edit import change_task, move_task, move_task_within, remove_task
from octopus.obsidian.text import decode, line_starts, read
from octopus.obsidian.tick import complete, reschedule
from tests.obsidian.nasty import BROKEN, FULL, LINES, notes, random_note, scaled
from tests.obsidian.nasty import TASKS as NASTY_TASKS

DAY = date(2026, 11, 20)
TASKS = Tasks()
Edit = Callable[[bytes], bytes]


def changed(before: bytes, after: bytes) -> tuple[bytes, bytes]:
    """The shortest stretch that differs: what was there and what is there now."""
    head = 0
    shorter = min(len(before), len(after))
    while head < shorter and before[head] == after[head]:
        head += 1
    tail = 0
    while tail < shorter - head and before[-1 - tail] == after[-1 - tail]:
        tail += 1
    return before[head : len(before) - tail], after[head : len(after) - tail]


def only_adds(before: bytes, after: bytes) -> bytes:
    """What was put in, when nothing was taken out."""
    gone, new = changed(before, after)
    assert gone == b""
    return new


@scaled(80, 5000)
@given(notes())
def test_append(data: bytes) -> None:
    after = append(data, "- new line")
    assert "- new line" in decode(after)[0]
    only_adds(data, after)
    if "kanban-plugin" not in decode(data)[0]:
        assert after.startswith(data)


@scaled(80, 5000)
@given(notes())
def test_prepend(data: bytes) -> None:
    after = prepend(data, "new line")
    assert "new line" in decode(after)[0]
    only_adds(data, after)
    assert scan(decode(after)[0]).properties == scan(decode(data)[0]).properties


@scaled(80, 5000)
@given(notes(("# Head", "Under\n---")), st.data())
def test_append_under_a_heading(data: bytes, choose: st.DataObject) -> None:
    note = scan(decode(data)[0])
    names = [each.text for each in note.headings if each.text.strip("# ") and "[" not in each.text]
    assume(names)
    name = choose.draw(st.sampled_from(names)).replace("#", " ")
    after = append(data, "- new line", heading=name)
    only_adds(data, after)
    assert len(scan(decode(after)[0]).headings) == len(note.headings)


@scaled(80, 5000)
@given(notes())
def test_a_new_heading(data: bytes) -> None:
    only_adds(data, append(data, "- x", heading="Brand new", create=True))


@scaled(60, 5000)
@given(notes(("# Head", "text ^id9", "- item ^id8\n  more")), st.data())
def test_sections_and_blocks(data: bytes, choose: st.DataObject) -> None:
    text, encoding = decode(data)
    note = scan(text)
    edits: list[Edit] = [
        partial(replace_section, heading=each.text, text="replaced")
        for each in note.headings
        if each.text.strip("#[] ") and "[" not in each.text and "#" not in each.text
    ]
    edits += [partial(replace_block, block=each.id, text="replaced") for each in note.blocks]
    edits += [partial(append_block, block=each.id, text="replaced") for each in note.blocks]
    assume(edits)
    after = choose.draw(st.sampled_from(edits))(data)
    assert after.startswith(encoding.bom)
    assert "replaced" in decode(after)[0]
    gone, _ = changed(data, after)
    assert gone in data


VALUES = st.one_of(
    st.sampled_from(["x", "a: b", "#tag", "[[Link]]", "it's", 'say "so"', "yes", "12", "", " s "]),
    st.integers(-9, 9),
    st.booleans(),
    st.none(),
    st.lists(st.sampled_from(["a", "b: c", "- d", "12", "[[x]]"]), max_size=3),
    st.text(max_size=12).filter(lambda text: "\r" not in text and "\n" not in text),
)


@scaled(150, 5000)
@given(
    notes(), st.sampled_from(["new", "tags", "a", "d", "e", "lit", "m", "up", "see", "z"]), VALUES
)
def test_properties(data: bytes, name: str, value: str | int | bool | list[str] | None) -> None:
    before = scan(decode(data)[0])
    try:
        after = set_property(data, name, value)
    except (Refused, UnicodeEncodeError):
        return
    text = decode(after)[0]
    note = scan(text)
    others = {key: kept for key, kept in before.properties.items() if key.lower() != name}
    assert {key: kept for key, kept in note.properties.items() if key.lower() != name} == others
    assert note.properties[name] == value
    assert text[note.body :] == decode(data)[0][before.body :]
    gone, _ = changed(data, after)
    lines = gone.count(b"\n") + gone.count(b"\r")
    assert lines <= 8  # no more than the longest property


@scaled(80, 5000)
@given(notes(), st.sampled_from(["a", "b", "new", "[[x]]", "#t"]))
def test_lists_in_properties(data: bytes, value: str) -> None:
    try:
        after = add_to_property(data, "tags", value)
    except Refused:
        return
    found = scan(decode(after)[0]).properties["tags"]
    assert value.lstrip("#") in [str(each).lstrip("#") for each in found]
    gone = remove_from_property(after, "tags", value)
    kept = scan(decode(gone)[0]).properties["tags"]
    assert value.lstrip("#") not in [str(each).lstrip("#") for each in kept]
    without = scan(decode(remove_property(after, "tags"))[0])
    assert "tags" not in without.properties


def test_untouched_lines_of_yaml_stay_as_they_are() -> None:
    """E17: after another key is edited these lines are the same bytes."""
    lines = b"d: 2026-11-20\nt: 12:30\ny: yes\nn: 010\ne:\ndt: 2024-07-21T12:37:00\n"
    data = b"---\n" + lines + b"x: 1\n---\nbody\n"
    assert set_property(data, "x", 2) == b"---\n" + lines + b"x: 2\n---\nbody\n"
    assert set_property(data, "new", "v") == b"---\n" + lines + b"x: 1\nnew: v\n---\nbody\n"
    note = scan(data.decode())
    assert dict(note.properties) == {
        "d": "2026-11-20",
        "t": "12:30",
        "y": "yes",
        "n": "010",
        "e": None,
        "dt": "2024-07-21T12:37:00",
        "x": 1,
    }


@scaled(80, 5000)
@given(notes(NASTY_TASKS), st.data())
def test_tasks(data: bytes, choose: st.DataObject) -> None:
    text, _ = decode(data)
    tasks = scan(text).tasks
    assume(tasks)
    task = choose.draw(st.sampled_from(tasks))
    changes = (
        partial(complete, today=DAY, settings=TASKS),
        partial(reschedule, due=DAY, settings=TASKS),
    )
    after = change_task(data, task.line, choose.draw(st.sampled_from(changes)), text=task.text)
    gone, new = changed(data, after)
    assert b"\n" not in gone.replace(b"\n\0", b"").replace(b"\0\n", b"") or len(gone) < 100
    assert len(scan(decode(after)[0]).tasks) - len(tasks) in (0, 1)  # it may come again
    assert len(new) < 400


@scaled(60, 5000)
@given(notes(NASTY_TASKS), notes(), st.data())
def test_moving_a_task(data: bytes, to: bytes, choose: st.DataObject) -> None:
    tasks = scan(decode(data)[0]).tasks
    assume(tasks)
    task = choose.draw(st.sampled_from(tasks))
    left, there = move_task(data, task.line, to)
    only_adds(to, there)
    _, new = changed(data, left)
    assert new == b""
    assert task.text in decode(there)[0]
    assert remove_task(data, task.line) == left


@scaled(80, 5000)
@given(notes())
def test_renaming_what_a_note_links_to(data: bytes) -> None:
    files = ["Old.md", "Link.md", "x.md", "a b.md", "ملاحظة.md", "n.md"]
    moved = {"Link.md": "Moved/Link 2.md", "x.md": "Moved/x (1).md", "a b.md": "c d.md"}
    moves = Moves.plan({**moved, "Old.md": "It's new.md"}, Resolver(files))
    text, _ = decode(data)
    after, _ = decode(rewrite_links(data, "n.md", moves))
    before, now = scan(text).links, scan(after).links
    assert len(before) == len(now)
    for old, new in zip(before, now, strict=True):
        meant = moves.before.resolve(old.target, "n.md")
        wanted = moves.moved.get(meant, meant) if meant else None
        assert moves.after.resolve(new.target, "n.md") == wanted
        assert (new.label, new.subpath, new.kind) == (old.label, old.subpath, old.kind)


@scaled(60, 5000)
@given(notes(), notes())
def test_merging_notes(into: bytes, other: bytes) -> None:
    try:
        merged = merge_notes(into, other)
    except Refused:
        return
    text, _ = decode(merged)
    body = read(into)[scan(read(into)).body :]
    assert body.rstrip("\r\n") in text
    added = read(other)[scan(read(other)).body :].strip("\r\n")
    assert not added.strip() or plain_newlines(added) in plain_newlines(text)


@scaled(80, 5000)
@given(
    notes(("tea and Tea",)), st.sampled_from(["tea", "Tea", "a", "text", "h", "- "]), st.booleans()
)
def test_replacing_words(data: bytes, old: str, every: bool) -> None:
    source = open_source(data)
    spans = find_text(source, old)
    assume(spans)
    after = replace_text(data, old, "日 new", every=every)
    text, at = "", 0
    for span in spans if every else spans[:1]:
        assert source.text[span.offset : span.end].casefold() == old.casefold()
        text += source.text[at : span.offset] + "日 new"
        at = span.end
    assert after == source.encoding.encode(text + source.text[at:])
    assert after.startswith(source.encoding.encode(source.text[: source.note.body]))


@scaled(60, 5000)
@given(notes())
def test_inserting_a_template(data: bytes) -> None:
    filled = "---\ntags: [made]\nfresh: 1\n---\n# From a template\n"
    try:
        after = insert_template(data, filled)
    except Refused:  # properties in a form that cannot be edited, or one that would be touched
        return
    text, _ = decode(data)
    body = text[scan(text).body :]
    now, _ = decode(after)
    assert now[scan(now).body :].startswith(body) or "kanban" in text
    assert {"tags", "fresh"} <= set(scan(now).properties)
    old, new = scan(text).properties, scan(now).properties
    kept = [name for name in old if name.lower() != "tags" and old[name] is not None]
    assert [new[name] for name in kept] == [old[name] for name in kept]


@scaled(60, 5000)
@given(notes(NASTY_TASKS), st.data())
def test_moving_a_task_within(data: bytes, choose: st.DataObject) -> None:
    tasks = scan(decode(data)[0]).tasks
    assume(tasks)
    task = choose.draw(st.sampled_from(tasks))
    after = move_task_within(data, task.line, "Brand new", create=True)
    left = remove_task(data, task.line)
    only_adds(left, after)
    assert "Brand new" in decode(after)[0]


@scaled(100, 2000)
@given(BROKEN, st.lists(LINES, max_size=5))
def test_broken_properties_are_only_appended_to(broken: str, lines: list[str]) -> None:
    data = (broken + "\n".join(lines)).encode()
    assume(scan(data.decode()).properties_error)
    assert append(data, "- n").startswith(data)
    edits: list[Edit] = [
        partial(prepend, text="x"),
        partial(set_property, name="a", value="1"),
        partial(remove_property, name="a"),
        partial(merge_notes, other=b"x"),
        partial(change_task, line=1, change=lambda line: [line]),
        partial(replace_text, old="a", new="b"),
        partial(insert_template, filled="---\na: 1\n---\nx"),
        partial(remove_task, line=1),
        lambda data: move_task(data, 1, b"")[0],
        partial(rewrite_links, source="n.md", moves=MOVES),
    ]
    for edit in edits:
        with pytest.raises(Undecodable):
            edit(data)


def lines_of(data: bytes) -> list[str]:
    """The lines of a note with their newlines."""
    text, _ = decode(data)
    starts = line_starts(text)
    return [text[start:end] for start, end in zip(starts, [*starts[1:], len(text)], strict=True)]


def blanked(data: bytes) -> str:
    """A note with the target of every link taken out."""
    text, _ = decode(data)
    for link in sorted(scan(text).links, key=lambda each: -each.offset):
        if link.kind != "property":
            text = text[: link.offset] + "<link>" + text[link.end :]
    return WIKI.sub("<link>", text)


def adds_lines_only(before: bytes, after: bytes) -> None:
    """Every old line is there with all of its bytes, in order; a last one may have got an end."""
    new = iter(lines_of(after))
    for line in lines_of(before):
        assert (
            any(each == line or (each.rstrip("\r\n") == line and line) for each in new) or not line
        )


def every_edit(data: bytes, random: Random) -> None:
    """All kinds of edits on one note, each with its own proof."""
    text, encoding = decode(data)
    note = scan(text)
    kanban = "kanban-plugin" in note.properties
    assert kanban or append(data, "- new").startswith(data)
    only_adds(data, append(data, "plain words"))
    only_adds(data, append(data, "x", heading="Brand new", create=True))
    start = len(encoding.encode(text[: note.body]))
    before = prepend(data, "first")
    assert before.startswith(data[:start])
    assert before.endswith(data[start:])
    adds_lines_only(data, before)
    for heading in note.headings[:2]:
        if heading.text.strip("# ") and "[" not in heading.text:
            under = append(data, "- new", heading=heading.text.replace("#", " "))
            only_adds(data, under)
            adds_lines_only(data, under)
    for edit in (
        partial(set_property, name="new", value="v: w"),
        partial(add_to_property, name="new", value="w"),
    ):
        made = edit(data)
        adds_lines_only(data, made)
        assert decode(made)[0].endswith(text[note.body :])
        if note.properties or not note.body:
            assert remove_property(made, "new") == data
    for task in random.sample(note.tasks, min(2, len(note.tasks))):
        ticked = change_task(data, task.line, partial(complete, today=DAY, settings=TASKS))
        old, new = lines_of(data), lines_of(ticked)
        extra = len(new) - len(old)
        assert new[: task.line - 1] == old[: task.line - 1]
        assert new[task.line + extra :] == old[task.line :]
    assert blanked(rewrite_links(data, "n.md", MOVES)) == blanked(data)
    if found := find_text(open_source(data), "text"):
        words = replace_text(data, "text", "words", every=True)
        assert len(words) == len(data) + len(found) * len("x".encode(encoding.codec))
    other = random_note(random)
    with contextlib.suppress(Refused):  # properties in a form that cannot be edited; boards
        merged, _ = decode(merge_notes(data, other))
        assert text[note.body :].rstrip("\r\n") in merged
        inserted, _ = decode(insert_template(data, "filled in"))
        assert inserted.startswith(text)
    for task in note.tasks[:1]:
        left, there = move_task(data, task.line, other)
        assert left == remove_task(data, task.line)
        adds_lines_only(other, there)


MOVES = Moves.plan(
    {
        "Link.md": "Moved/Link 2.md",
        "x.md": "Moved/x (1).md",
        "a b.md": "c d.md",
        "Old.md": "It's.md",
    },
    Resolver(["Old.md", "Link.md", "x.md", "a b.md", "ملاحظة.md", "n.md"]),
)


def test_every_edit_on_five_thousand_notes() -> None:
    """At full scale; a fiftieth of them in the normal run. The same ones every time."""
    random = Random(20261120)
    for _ in range(5000 if FULL else 100):
        every_edit(random_note(random), random)


CODECS = ["latin-1", "cp1252", "cp1251", "koi8-r", "shift_jis", "gb18030", "euc-kr", "iso-8859-15"]


@pytest.mark.parametrize("codec", [*CODECS, "big5", "cp437", "utf-16-le", "utf-32", "utf-7"])
def test_other_encodings_are_never_damaged(codec: str) -> None:
    words = {
        "shift_jis": "日本語",
        "gb18030": "中文",
        "euc-kr": "한국어",
        "big5": "中文",
        "koi8-r": "да",
    }
    data = (words.get(codec, "да" if codec == "cp1251" else "é caf\u00e9") + "\r\nx").encode(codec)
    try:
        after = append(data, "- new")
    except Undecodable:
        assert codec.startswith("utf-")
    else:
        assert after.startswith(data)
        assert after.endswith(b"\r\n- new")
    if codec != "utf-7":
        with pytest.raises((Undecodable, NotFound)):
            append(data, "- new", heading="x")


yaml_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=5,
)


@scaled(150, 5000)
@given(st.text(alphabet="abc:#-'\"[]{}, \n0129.|>&*!~yesnotrue", max_size=60))
def test_the_quick_reader_of_properties_agrees_with_yaml(text: str) -> None:
    from octopus.obsidian import properties

    try:
        quick = properties._quick(text)
    except properties._Unquick:
        return
    values, error = properties._slow(text)
    assert not error
    assert quick == values == parse(text)[0]
