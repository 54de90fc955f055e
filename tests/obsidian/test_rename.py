"""Links stay right when files move, and nothing else changes."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable
from functools import partial
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octopus.errors import Undecodable
from octopus.obsidian.base import read_base, rewrite_base
from octopus.obsidian.canvas import Node, read_canvas, rewrite_canvas
from octopus.obsidian.rename import Moves, apply, links_hold, may_link, rewrite_links
from octopus.obsidian.resolve import Resolver

FILES = ["Old.md", "n.md", "x/Old2.md", "x/m.md", "pic.png", "Plan.md", "It.md"]


def rewritten(
    text: str, moved: dict[str, str], source: str = "n.md", form: str = "shortest"
) -> str:
    moves = Moves.plan(moved, Resolver(FILES), form)
    return rewrite_links(text.encode(), source, moves).decode()


TO = {"Old.md": "dir/New Name.md"}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("[[Old]]", "[[New Name]]"),
        ("[[old]]", "[[New Name]]"),
        ("[[Old.md]]", "[[New Name.md]]"),
        ("[[ Old ]]", "[[ New Name ]]"),
        ("[[Old|shown]]", "[[New Name|shown]]"),
        ("[[Old#H#S|shown]]", "[[New Name#H#S|shown]]"),
        ("[[Old#^b]]", "[[New Name#^b]]"),
        ("![[Old]]", "![[New Name]]"),
        ("|a|\n|-|\n|[[Old\\|x]]|", "|a|\n|-|\n|[[New Name\\|x]]|"),
        ("[[Old]][[Old]] [[Old2]]", "[[New Name]][[New Name]] [[Old2]]"),
        ("[t](Old.md)", "[t](New%20Name.md)"),
        ("[t](Old)", "[t](New%20Name)"),
        ('[t](Old.md#H%20x "Title")', '[t](New%20Name.md#H%20x "Title")'),
        ("[t](<Old.md#H>)", "[t](<New Name.md#H>)"),
        ("[t](<Old.md>)", "[t](<New Name.md>)"),
        ("[[#Old]] [[]] [t](#Old)", "[[#Old]] [[]] [t](#Old)"),
        ("`[[Old]]` $[[Old]]$ <!-- [[Old]] -->", "`[[Old]]` $[[Old]]$ <!-- [[Old]] -->"),
        ("```\n[[Old]]\n```", "```\n[[Old]]\n```"),
        ("%% [[Old]] %%", "%% [[New Name]] %%"),
        ("# [[Old]]\r\n- [ ] [[Old]]\r\n", "# [[New Name]]\r\n- [ ] [[New Name]]\r\n"),
        ("[[Nowhere]] Old", "[[Nowhere]] Old"),
        ('---\na: "[[Old#h|x]]"\n---\n', '---\na: "[[New Name#h|x]]"\n---\n'),
        ("---\na: '[[Old]]'  # why\n---\n", "---\na: '[[New Name]]'  # why\n---\n"),
        ("---\na:\n- '[[Old]]'\n- b\n---\n", "---\na:\n- '[[New Name]]'\n- b\n---\n"),
        ("---\na: [[Old]]\n---\n", "---\na: [[Old]]\n---\n"),
        ("---\na: |\n  see [[Old]]\n---\n", "---\na: |\n  see [[New Name]]\n---\n"),
    ],
)
def test_links_to_a_renamed_note(before: str, after: str) -> None:
    assert rewritten(before, TO) == after


@pytest.mark.parametrize(
    ("form", "after"),
    [
        ("shortest", "[[New Name]] [t](New%20Name.md)"),
        ("absolute", "[[dir/New Name]] [t](dir/New%20Name.md)"),
        ("relative", "[[../dir/New Name]] [t](../dir/New%20Name.md)"),
    ],
)
def test_the_owners_link_format_is_written(form: str, after: str) -> None:
    assert rewritten("[[Old]] [t](Old.md)", TO, source="x/m.md", form=form) == after


def test_a_name_that_is_not_unique_gets_its_path() -> None:
    assert rewritten("[[Old]]", {"Old.md": "y/Plan.md"}) == "[[y/Plan]]"


def test_links_that_a_new_name_would_hide_keep_their_file() -> None:
    assert rewritten("[[Old2]]", {"Plan.md": "Old2.md"}) == "[[x/Old2]]"


def test_relative_links_of_a_note_that_moves_itself() -> None:
    text = "[[./Old2]] [t](../Old.md) [[Old2]]"
    after = rewritten(text, {"x/m.md": "y/z/m.md"}, source="x/m.md", form="relative")
    assert after == "[[../../x/Old2]] [t](../../Old.md) [[Old2]]"


def test_attachments_and_swaps() -> None:
    assert rewritten("![[pic.png|300]]", {"pic.png": "img/p q.png"}) == "![[p q.png|300]]"
    swapped = rewritten("[[Old]] [[Plan]]", {"Old.md": "Plan.md", "Plan.md": "Old.md"})
    assert swapped == "[[Plan]] [[Old]]"


def test_quotes_in_a_new_name_keep_yaml_valid() -> None:
    text = "---\na: '[[Old]]'\nb: \"[[Old]]\"\nc: x [[Old]]\n---\n"
    after = rewritten(text, {"Old.md": "It's.md"})
    assert after == "---\na: '[[It''s]]'\nb: \"[[It's]]\"\nc: x [[It's]]\n---\n"


def test_a_note_without_such_links_is_the_same_object() -> None:
    data = b"nothing"
    assert rewrite_links(data, "n.md", Moves.plan(TO, Resolver(FILES))) is data


def test_a_note_with_broken_properties_is_left_alone() -> None:
    with pytest.raises(Undecodable):
        rewritten("---\na: [\n---\n[[Old]]", TO)


def test_edits_are_applied_in_any_order() -> None:
    assert apply("abcdef", [(4, 5, "X"), (0, 1, ""), (2, 2, "--")]) == "b--cdXf"


CANVAS = """{
\t"nodes":[
\t\t{"id":"1","type":"file","file":"Old.md","subpath":"#H","x":0,"y":0,"width":4e2,"own":{"file":7}},
\t\t{"id":"2","type":"text","text":"see \\"file\\":\\"Old.md\\" [[Old]]","x":0,"y":0},
\t\t{"id":"3","type":"file","file":"caf\\u00e9.md" },
\t\t{"id":"4","type":"group","label":"Old.md"}
\t],
\t"edges":[{"id":"e","fromNode":"1","toNode":"2","label":"l","color":"1"}],
\t"metadata":{"file":["Old.md"]}
}"""


def test_a_canvas_is_read() -> None:
    canvas = read_canvas(CANVAS.encode())
    assert canvas.nodes[0] == Node("1", "file", "", "Old.md", "#H")
    assert canvas.files == ("Old.md", "café.md")
    assert (canvas.edges[0].source, canvas.edges[0].target, canvas.edges[0].label) == (
        "1",
        "2",
        "l",
    )
    assert read_canvas(b"").nodes == ()
    assert read_canvas(b'{"nodes": 7, "edges": [1]}').nodes == ()


@pytest.mark.parametrize("data", [b"[", b"[]", b"7", b"\xff", b"[" * 100_000])
def test_a_broken_canvas_is_refused(data: bytes) -> None:
    with pytest.raises(Undecodable):
        rewrite_canvas(data, TO)


def test_only_the_path_in_a_canvas_changes() -> None:
    after = rewrite_canvas(CANVAS.encode(), TO).decode()
    assert after == CANVAS.replace('"file":"Old.md","sub', '"file":"dir/New Name.md","sub')
    accent = rewrite_canvas(CANVAS.encode(), {"café.md": 'a"b.md'}).decode()
    assert json.loads(accent)["nodes"][2]["file"] == 'a"b.md'
    assert rewrite_canvas(CANVAS.encode(), {"x.md": "y.md"}) == CANVAS.encode()


BASE = """filters:
  and:
    - file.hasLink("Old")
    - file.path != "x/Old2.md"   # keep
    - list(related).contains(link("[[Old|x]]"))
views:
  - type: table
    name: "Mine"
    order: [file.name]
    unknown: 'x/Old2'
"""


def test_a_base_is_read() -> None:
    base = read_base(BASE.encode())
    assert base.views == ("Mine",)
    assert base.value["views"][0]["unknown"] == "x/Old2"
    assert read_base(b"a: [").error
    assert read_base(b"views: 7").views == ()


def test_only_the_path_in_a_base_changes() -> None:
    moves = Moves.plan({"x/Old2.md": "y/N.md", "Old.md": "New.md"}, Resolver(FILES))
    after = rewrite_base(BASE.encode(), "b.base", moves).decode()
    assert after == BASE.replace('"x/Old2.md"', '"y/N.md"').replace("'x/Old2'", "'y/N'").replace(
        "[[Old|x]]", "[[New|x]]"
    )


# The first look, and the last.

WAYS = ("{}", "{}.md", "x/{}", "./{}", "../{}.MD", " {} ")
FORMS = ("[[%s]]", "![[%s#h|x]]", "[t](%s)", "[t](<%s>)", "---\na: '[[%s]]'\n---\n")
NAMES = ("Old", "Caf\u00e9 \u00dc", "\u0399\u0308", "stra\u00dfe", "a%20b", "[x", "日本 2")


@given(
    st.sampled_from(NAMES),
    st.sampled_from(WAYS),
    st.sampled_from(FORMS),
    st.sampled_from([str, str.upper, str.casefold, quote, partial(unicodedata.normalize, "NFD")]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_the_first_look_misses_no_link(
    name: str, way: str, form: str, spell: Callable[[str], str], codec: str
) -> None:
    """Whatever a rewrite would change or could not keep has been let through."""
    data = (form % way.format(spell(name))).encode(codec)
    for moved in ({f"x/{name}.md": "y/Else.md"}, {"z/Else.md": f"{name}.md"}):
        moves = Moves.plan(moved, Resolver([*moved, f"x/{name}.md", "x/n.md"]))
        changed = rewrite_links(data, "x/n.md", moves) != data
        if changed or not links_hold(data, data, "x/n.md", moves):
            assert may_link(data, moves.names)


def test_the_first_look_leaves_out_what_has_no_such_name() -> None:
    names = Moves.plan(TO, Resolver(FILES)).names
    assert names == {"old", "new name"}
    assert not may_link(b"[[Plan]] and [t](It.md)", names)
    assert may_link(b"an old thing", names)


@pytest.mark.parametrize(
    ("before", "after", "holds"),
    [
        ("[[Old]] [[Plan]]", "[[New Name]] [[Plan]]", True),
        ("[[Old]] [[Plan]]", "[[Old]] [[Plan]]", False),
        ("[[Old]]", "[[Plan]]", False),
        ("[[Old]]", "", False),
        ("[[#Old]] [[Nowhere]]", "[[#Old]] [[Nowhere]]", True),
        ("[[Plan]]", "[[Nowhere]]", False),
    ],
)
def test_whether_links_mean_what_they_meant(before: str, after: str, holds: bool) -> None:
    moves = Moves.plan(TO, Resolver(FILES))
    assert links_hold(before.encode(), after.encode(), "n.md", moves) is holds
