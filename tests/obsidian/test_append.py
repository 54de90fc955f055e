"""Appending and prepending: only the new lines are new."""

from __future__ import annotations

import pytest

from octopus.errors import NotFound, Undecodable
from octopus.obsidian.edit import append, prepend


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (None, b"new\n"),
        (b"", b"new\n"),
        (b"a\n", b"a\nnew\n"),
        (b"a", b"a\nnew"),
        (b"a\r\n", b"a\r\nnew\r\n"),
        (b"a\r\nb", b"a\r\nb\r\nnew"),
        (b"a\rb\r", b"a\rb\rnew\r"),
        (b"\xef\xbb\xbfa\n", b"\xef\xbb\xbfa\nnew\n"),
        (b"a  \n\n\n", b"a  \n\n\nnew\n"),
        (b"a\r\nb\nc\r\n", b"a\r\nb\nc\r\nnew\r\n"),
        (b"---\na: [1\n---\nbody\n", b"---\na: [1\n---\nbody\nnew\n"),
        (b"caf\xe9\n", b"caf\xe9\nnew\n"),
        (b"caf\xe9\r\nx", b"caf\xe9\r\nx\r\nnew"),
        ("a\n".encode("utf-16"), "a\nnew\n".encode("utf-16")),
    ],
)
def test_append_keeps_what_is_there(before: bytes | None, after: bytes) -> None:
    assert append(before, "new\n") == after


def test_text_put_in_gets_the_newlines_of_the_note() -> None:
    assert append(b"a\r\n", "x\ny\r\nz") == b"a\r\nx\r\ny\r\nz\r\n"
    assert append(b"a\n", "x\r\ny") == b"a\nx\ny\n"


@pytest.mark.parametrize(
    ("before", "text", "after"),
    [
        (b"- a\n", "plain", b"- a\n\nplain\n"),
        (b"- a\n", "- b", b"- a\n- b\n"),
        (b"- a\n  more\n", "plain", b"- a\n  more\n\nplain\n"),
        (b"> q\n", "plain", b"> q\n\nplain\n"),
        (b"> q\n", "> r", b"> q\n> r\n"),
        (b"| a |\n|---|\n| 1 |\n", "plain", b"| a |\n|---|\n| 1 |\n\nplain\n"),
        (b"| a |\n|---|\n", "| 2 |", b"| a |\n|---|\n| 2 |\n"),
        (b"- a\n\n", "plain", b"- a\n\nplain\n"),
        (b"```\n- a\n```\n", "plain", b"```\n- a\n```\nplain\n"),
        (b"- a", "plain", b"- a\n\nplain"),
    ],
)
def test_plain_lines_do_not_become_part_of_a_list(before: bytes, text: str, after: bytes) -> None:
    assert append(before, text) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        # E43: after the section's last line that is not blank, whatever comes next.
        (b"## T\n- a\n\n## Next\n", b"## T\n- a\n- n\n\n## Next\n"),
        (b"## T\n\n## Next\n", b"## T\n- n\n\n## Next\n"),
        (b"## T\n## Next\n", b"## T\n- n\n## Next\n"),
        (b"## T", b"## T\n- n"),
        (b"## T\n- a", b"## T\n- a\n- n"),
        (b"## T\n- a\n\n\n", b"## T\n- a\n- n\n\n\n"),
        (b"## T\n- a\n### Sub\n- b\n\n# Up\n", b"## T\n- a\n### Sub\n- b\n- n\n\n# Up\n"),
        (b"## T\n```\n## no\n```\n\n## Next\n", b"## T\n```\n## no\n```\n- n\n\n## Next\n"),
        (b"```\n## T\n```\n## T\nx\n", b"```\n## T\n```\n## T\nx\n- n\n"),
        (b"## T\r\n- a\r\n\r\n## N\r\n", b"## T\r\n- a\r\n- n\r\n\r\n## N\r\n"),
        (b"T\n---\nx\n\nU\n---\n", b"T\n---\nx\n- n\n\nU\n---\n"),
        (b"> ## T\n\n## T\nx\n", b"> ## T\n\n## T\nx\n- n\n"),
        (b"## t!\nx\n", b"## t!\nx\n- n\n"),
        (b"## T\nx ^id\n\n## N\n", b"## T\nx ^id\n- n\n\n## N\n"),
    ],
)
def test_append_under_a_heading(before: bytes, after: bytes) -> None:
    assert append(before, "- n", heading="T") == after


def test_a_path_of_headings_narrows() -> None:
    before = b"# A\n## T\n\n# B\n## T\n"
    assert append(before, "n", heading="B#T") == b"# A\n## T\n\n# B\n## T\nn\n"
    assert append(before, "n", heading="T") == b"# A\n## T\nn\n\n# B\n## T\n"


def test_a_heading_that_is_not_there() -> None:
    with pytest.raises(NotFound):
        append(b"# A\n", "n", heading="B")


@pytest.mark.parametrize(
    ("before", "heading", "after"),
    [
        (b"x\n", "N", b"x\n\n## N\nn\n"),
        (b"x", "N", b"x\n\n## N\nn"),
        (b"x\n\n", "### N", b"x\n\n### N\nn\n"),
        (b"", "N", b"## N\nn\n"),
        (b"---\na: 1\n---\n", "N", b"---\na: 1\n---\n## N\nn\n"),
        (b"x\r\n", "N", b"x\r\n\r\n## N\r\nn\r\n"),
    ],
)
def test_a_heading_is_made_when_asked(before: bytes, heading: str, after: bytes) -> None:
    made = append(before, "n", heading=heading, create=True)
    assert made == after
    assert append(made, "m", heading=heading.lstrip("# ")).count(b"## N") == 1


BOARD = (
    b"---\n\nkanban-plugin: basic\n\n---\n\n## Todo\n\n- [ ] a\n\n\n## Done\n\n\n\n"
    b'%% kanban:settings\n```\n{"kanban-plugin":"basic"}\n```\n%%'
)


def test_a_card_goes_to_a_lane_and_the_settings_stay_last() -> None:
    """E57."""
    after = append(BOARD, "card")
    assert after == BOARD.replace(b"- [ ] a\n", b"- [ ] a\n- [ ] card\n")
    after = append(BOARD, "- [ ] card", heading="Done")
    assert after == BOARD.replace(b"## Done\n", b"## Done\n- [ ] card\n")
    after = append(BOARD, "- [ ] card", heading="Later", create=True)
    assert after.index(b"## Later") < after.index(b"%% kanban:settings")
    assert after.endswith(BOARD[BOARD.index(b"%% kanban") :])


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"x\n", b"n\nx\n"),
        (b"", b"n\n"),
        (b"---\na: 1\n---\nx\n", b"---\na: 1\n---\nn\nx\n"),
        (b"---\na: 1\n---", b"---\na: 1\n---\nn"),
        (b"---\r\na: 1\r\n---\r\nx", b"---\r\na: 1\r\n---\r\nn\r\nx"),
        (b"\xef\xbb\xbf---\na: 1\n---\nx\n", b"\xef\xbb\xbf---\na: 1\n---\nn\nx\n"),
    ],
)
def test_prepend_comes_after_the_properties(before: bytes, after: bytes) -> None:
    assert prepend(before, "n") == after


def test_what_is_prepended_never_becomes_properties() -> None:
    assert prepend(b"x\n", "---\na: 1\n---") == b"\n---\na: 1\n---\nx\n"


@pytest.mark.parametrize("data", [b"caf\xe9\n", "a\nb".encode("utf-16-le"), b"\xff\xfea"])
def test_a_note_that_is_not_text_is_not_edited(data: bytes) -> None:
    with pytest.raises(Undecodable):
        append(data, "n", heading="H")
    with pytest.raises(Undecodable):
        prepend(data, "n")


def test_wide_text_without_its_mark_is_not_even_appended_to() -> None:
    with pytest.raises(Undecodable):
        append("a note".encode("utf-16-le"), "n")


def test_broken_properties_allow_appending_only() -> None:
    broken = b"---\na: [1\n---\n# H\nbody #x\n"
    assert append(broken, "n", heading="H") == broken + b"n\n"
    with pytest.raises(Undecodable, match="line 3"):
        prepend(broken, "n")


def test_half_a_surrogate_pair_is_replaced() -> None:
    assert append(b"", "a\ud83d") == "a\ufffd\n".encode()
