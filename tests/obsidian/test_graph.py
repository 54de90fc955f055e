"""How notes hang together: links both ways, what leads nowhere, tags, outlines."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octopus.core.graph import Stats
from octopus.obsidian.graph import Graph, flat, outline
from octopus.obsidian.scan import scan

NOTES = {
    "Home.md": "# Home\n[[Lamp]] and [[lamp#Bulb|the bulb]] ![[pic.png]] [[Nowhere]] [[#Home]]\n",
    "Rooms/Lamp.md": "---\nup: '[[Home]]'\n---\n[back](../Home.md) [[nowhere.md]] #home/hall\n",
    "Alone.md": "nothing but [[Alone]] and [[Nothing]] #Home #home/Hall\n- [ ] call\n- [x] go\n",
    "Leaf.md": "no link\n",
    "Stem.md": "[[Leaf]]\n",
}


def graph(notes: dict[str, str] | None = None, files: tuple[str, ...] = ("pic.png",)) -> Graph:
    found = Graph()
    for path, text in (NOTES if notes is None else notes).items():
        found.add(path, scan(text))
    for path in files:
        found.add(path)
    return found


def seen(references: object) -> list[tuple[str, str, str | None]]:
    assert isinstance(references, tuple)
    return [(each.source, each.link.display, each.target) for each in references]


def test_links_are_in_order_and_say_what_they_mean() -> None:
    assert seen(graph().links("Home.md")) == [
        ("Home.md", "Lamp", "Rooms/Lamp.md"),
        ("Home.md", "the bulb", "Rooms/Lamp.md"),
        ("Home.md", "pic.png", "pic.png"),
        ("Home.md", "Nowhere", None),
    ]
    assert graph().links("Leaf.md") == graph().links("none such.md") == ()


def test_backlinks_are_of_every_kind_but_not_from_the_note_itself() -> None:
    found = graph()
    assert seen(found.backlinks("Home.md")) == [
        ("Rooms/Lamp.md", "back", "Home.md"),
        ("Rooms/Lamp.md", "Home", "Home.md"),
    ]
    assert [each.link.kind for each in found.backlinks("Home.md")] == ["link", "property"]
    assert len(found.backlinks("Rooms/Lamp.md")) == 2
    assert [each.link.kind for each in found.backlinks("pic.png")] == ["embed"]
    assert found.backlinks("Alone.md") == ()


def test_what_is_not_written_yet_is_one_note_however_it_is_spelled() -> None:
    found = graph().unresolved()
    assert {name: [each.source for each in of] for name, of in found.items()} == {
        "Nothing": ["Alone.md"],
        "Nowhere": ["Home.md", "Rooms/Lamp.md"],
    }


def test_orphans_and_dead_ends() -> None:
    assert graph().orphans() == ("Alone.md", "Stem.md")
    assert graph().deadends() == ("Alone.md", "Leaf.md")
    assert graph({}).orphans() == graph({}).deadends() == ()


def test_a_file_that_comes_takes_the_links_that_meant_another() -> None:
    found = graph()
    assert found.links("Home.md")[0].target == "Rooms/Lamp.md"
    found.add("Lamp.md", scan(""))
    assert found.links("Home.md")[0].target == "Lamp.md"
    assert found.backlinks("Rooms/Lamp.md") == ()
    found.remove("Lamp.md")
    assert found.links("Home.md")[0].target == "Rooms/Lamp.md"
    found.remove("Rooms/Lamp.md")
    assert [each.target for each in found.links("Home.md")] == [None, None, "pic.png", None]
    assert "Lamp" in found.unresolved()
    assert "Rooms/Lamp.md" not in found
    found.remove("Rooms/Lamp.md")


def test_a_note_that_says_something_else() -> None:
    found = graph()
    found.add("Stem.md", scan("[[Home]] #new"))
    assert found.backlinks("Leaf.md") == ()
    assert "Stem.md" in {each.source for each in found.backlinks("Home.md")}
    assert "#new" in {tag.name for _, tag in flat(found.tags())}
    found.remove("Stem.md")
    assert "#new" not in {tag.name for _, tag in flat(found.tags())}


def test_tags_are_a_tree_and_a_note_counts_once() -> None:
    shown = [(depth, tag.name, tag.count) for depth, tag in flat(graph().tags())]
    assert shown == [(0, "#Home", 2), (1, "#home/Hall", 2)]


def test_nested_tags_bring_those_above_them() -> None:
    notes = {"a.md": "#x/y/z #x/y/w #b", "b.md": "#x/y", "c.md": "#a #a"}
    assert [(depth, tag.name, tag.count) for depth, tag in flat(graph(notes).tags())] == [
        (0, "#a", 1),
        (0, "#b", 1),
        (0, "#x", 2),
        (1, "#x/y", 2),
        (2, "#x/y/w", 1),
        (2, "#x/y/z", 1),
    ]


@pytest.mark.parametrize("tag", ["#/a", "#a/", "#a//b", "#/", "#a///"])
def test_odd_slashes_lose_no_tag(tag: str) -> None:
    names = {node.name for _, node in flat(graph({"a.md": f"{tag} #sure"}).tags())}
    assert "#sure" in names
    assert len(names) > 1 or not scan(tag).tags


def test_the_numbers() -> None:
    assert graph().stats() == Stats(
        files=6, notes=5, links=10, unresolved=3, orphans=2, deadends=2, tags=2, tasks=2
    )


@pytest.mark.parametrize(
    ("text", "depths"),
    [
        ("# a\n## b\n## c\n# d\n", [0, 1, 1, 0]),
        ("### a\n# b\n### c\n## d\n", [0, 0, 1, 1]),
        ("# a\n###### b\n### c\n#### d\n", [0, 1, 1, 2]),
        ("", []),
    ],
)
def test_a_skipped_level_is_no_level_of_the_outline(text: str, depths: list[int]) -> None:
    assert [entry.depth for entry in outline(scan(text).headings)] == depths


NAMES = st.sampled_from(["A.md", "x/A.md", "x/y/A.md", "B.md", "x/b.md", "pic.png", "A.md.md"])
TARGETS = ["A", "a", "x/A", "./A", "../A", "A.md", "B", "b.md", "pic.png", "y/A", "none", "/A"]
TEXTS = st.lists(st.sampled_from([f"[[{name}]] #t/{name[:1]}" for name in TARGETS]), max_size=4)


@given(st.lists(st.tuples(NAMES, st.none() | TEXTS), max_size=12))
def test_step_by_step_is_as_good_as_anew(steps: list[tuple[str, list[str] | None]]) -> None:
    """Whatever comes, changes and goes: the graph is the one of what is left."""
    found, left = Graph(), dict[str, str | None]()
    for path, lines in steps:
        if lines is None:
            found.remove(path)
            left.pop(path, None)
        else:
            text = "\n".join(lines) if path.endswith(".md") else None
            found.add(path, None if text is None else scan(text))
            left[path] = text
        found.links(path)  # asked in between, it is not confused either
    anew = Graph(left)
    for path, text in left.items():
        if text is not None:
            anew.add(path, scan(text))
    for path in left:
        assert found.links(path) == anew.links(path)
        assert found.backlinks(path) == anew.backlinks(path)
    assert found.unresolved() == anew.unresolved()
    assert found.orphans() == anew.orphans()
    assert found.deadends() == anew.deadends()
    assert found.stats() == anew.stats()
    assert [tag for _, tag in flat(found.tags())] == [tag for _, tag in flat(anew.tags())]
