"""Which file a link means, and how a link to a file is written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octopus.obsidian.link import encode_destination, link_text, markdown_link, wikilink, write_link
from octopus.obsidian.resolve import Resolver
from octopus.obsidian.scan import scan
from octopus.obsidian.settings import App
from octopus.obsidian.subpath import find_block, find_heading, heading_link
from tests.obsidian.nasty import scaled

FILES = [
    "Log.md",
    "Note.md",
    "b/Note.md",
    "x/Note.md",
    "x/s.md",
    "x/y/t.md",
    "a/b/Two.md",
    "zzzz/Two.md",
    "aa/Tie.md",
    "bb/Tie.md",
    "deep/er/Only.md",
    "Figure 1.png",
    "sub/a_pdf.pdf",
    "Ext.md",
    "v1.2.md",
    "plan.canvas",
    "Both.md",
    "Both.png",
    "cafe\u0301.md",
    "q/Case.md",
    "w/CASE.md",
    "Odd.md.md",
    "straße.md",
]


@pytest.mark.parametrize(
    ("rule", "target", "source", "path"),
    [
        ("an empty target is the note itself", "", "x/s.md", "x/s.md"),
        ("the exact path", "b/Note", "x/s.md", "b/Note.md"),
        ("the exact path with extension", "b/Note.md", "x/s.md", "b/Note.md"),
        ("the exact path in the root wins over the own folder", "Note", "x/s.md", "Note.md"),
        ("a name anywhere", "Only", "x/s.md", "deep/er/Only.md"),
        ("the own folder wins", "Tie", "bb/z.md", "bb/Tie.md"),
        ("ancestors give nothing", "Two", "zzzz/deep/q.md", "a/b/Two.md"),
        ("the shortest path wins", "Two", "Log.md", "a/b/Two.md"),
        ("equal lengths: the alphabet", "Tie", "Log.md", "aa/Tie.md"),
        ("case does not matter", "log", "", "Log.md"),
        ("nor in the extension", "LOG.MD", "", "Log.md"),
        ("nor in the path", "B/nOTE", "", "b/Note.md"),
        ("exact case among equals", "CASE", "", "w/CASE.md"),
        ("exact case among equals, the other", "Case", "", "q/Case.md"),
        ("a path may be the end of a longer one", "er/Only", "", "deep/er/Only.md"),
        ("but not the end of a name", "r/Only", "", None),
        ("relative to the source", "./s", "x/Note.md", "x/s.md"),
        ("relative to the source, upwards", "../b/Note", "x/s.md", "b/Note.md"),
        ("relative, not elsewhere", "./Log", "x/s.md", None),
        ("relative, out of the vault", "../../Log", "x/s.md", None),
        ("a leading slash is the root", "/b/Note", "x/s.md", "b/Note.md"),
        ("other files need their extension", "Figure 1.png", "", "Figure 1.png"),
        ("and are not found without", "Figure 1", "", None),
        ("attachments anywhere", "a_pdf.pdf", "", "sub/a_pdf.pdf"),
        ("canvases", "plan.canvas", "", "plan.canvas"),
        ("notes come first", "Both", "", "Both.md"),
        ("dots in names", "v1.2", "", "v1.2.md"),
        ("a name that ends in .md twice", "Odd.md", "", "Odd.md.md"),
        ("composed and decomposed accents", "café", "", "cafe\u0301.md"),
        ("sharp s", "STRASSE", "", "straße.md"),
        ("outer space", "  Log  ", "", "Log.md"),
        ("unresolved", "Nowhere", "", None),
        ("an address is a note that is not there", "https://e.com", "", None),
        ("a folder is no note", "deep/er", "", None),
    ],
)
def test_resolution(rule: str, target: str, source: str, path: str | None) -> None:
    assert Resolver(FILES).resolve(target, source) == path, rule


def test_files_come_and_go() -> None:
    resolver = Resolver(["a/N.md"])
    resolver.add("N.md")
    resolver.add("N.md")
    assert len(resolver) == 2
    assert resolver.resolve("N") == "N.md"
    resolver.remove("N.md")
    resolver.remove("never.md")
    assert resolver.resolve("N") == "a/N.md"
    other = resolver.copy()
    other.remove("a/N.md")
    assert other.resolve("N") is None
    assert resolver.resolve("N") == "a/N.md"
    assert list(resolver) == ["a/N.md"]
    assert "a/N.md" in resolver


names = st.sampled_from(["A", "a", "B", "é", "e\u0301", "N.md", "x y"])
paths = st.lists(names, min_size=1, max_size=3).map(lambda parts: "/".join(parts) + ".md")


@scaled(80, 2000)
@given(st.lists(paths, max_size=8, unique=True), st.lists(paths, max_size=8))
def test_adding_and_removing_is_the_same_as_starting_anew(kept: list[str], gone: list[str]) -> None:
    resolver = Resolver([*gone, *kept])
    for path in set(gone) - set(kept):
        resolver.remove(path)
    fresh = Resolver(kept)
    for path in [*kept, *gone]:
        for target in (path, path[:-3], path.split("/")[-1]):
            assert resolver.resolve(target, "A/x.md") == fresh.resolve(target, "A/x.md")


@scaled(80, 2000)
@given(
    st.lists(paths, min_size=1, max_size=8, unique=True),
    st.sampled_from(["shortest", "relative", "absolute"]),
    st.data(),
)
def test_a_link_that_is_written_means_its_file(
    files: list[str], form: str, data: st.DataObject
) -> None:
    resolver = Resolver(files)
    path = data.draw(st.sampled_from(files))
    source = data.draw(st.sampled_from(files))
    assert resolver.resolve(link_text(resolver, path, source, form), source) == path


@pytest.mark.parametrize(
    ("path", "source", "form", "text"),
    [
        ("deep/er/Only.md", "x/s.md", "shortest", "Only"),
        ("b/Note.md", "x/s.md", "shortest", "b/Note"),
        ("Note.md", "x/s.md", "shortest", "Note"),
        ("deep/er/Only.md", "x/s.md", "absolute", "deep/er/Only"),
        ("b/Note.md", "x/s.md", "relative", "../b/Note"),
        ("x/s.md", "x/Note.md", "relative", "s"),
        ("x/Note.md", "x/s.md", "relative", "x/Note"),  # "Note" would be the one in the root
        ("x/y/t.md", "x/s.md", "relative", "y/t"),
        ("Figure 1.png", "x/s.md", "shortest", "Figure 1.png"),
        ("Both.png", "x/s.md", "shortest", "Both.png"),
    ],
)
def test_the_owners_link_format(path: str, source: str, form: str, text: str) -> None:
    assert link_text(Resolver(FILES), path, source, form) == text


@pytest.mark.parametrize(
    ("app", "options", "link"),
    [
        (App(), {}, "[[Only]]"),
        (App(), {"label": "it"}, "[[Only|it]]"),
        (App(), {"label": "Only"}, "[[Only]]"),
        (App(), {"subpath": "#H", "embed": True}, "![[Only#H]]"),
        (App(markdown_links=True), {}, "[Only](Only.md)"),
        (App("root", "", "/", "absolute", True), {}, "[Only](deep/er/Only.md)"),
        (App(markdown_links=True), {"subpath": "#My H", "label": "a]b"}, "[a\\]b](Only.md#My%20H)"),
    ],
)
def test_whole_links(app: App, options: dict[str, str], link: str) -> None:
    resolver = Resolver(FILES)
    assert write_link(resolver, "deep/er/Only.md", "x/s.md", app, **options) == link  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["a#b.md", "a|b.md", "a[b].md", "a^b.md"])
def test_names_that_a_wikilink_cannot_hold_get_a_markdown_link(name: str) -> None:
    resolver = Resolver([name])
    text = write_link(resolver, name, "s.md", App())
    (link,) = scan(text).links
    assert link.markdown
    assert resolver.resolve(link.target, "s.md") == name


@scaled(80, 2000)
@given(st.text(alphabet="ab ()[]#%?<>\\é日\"'&", min_size=1, max_size=12))
def test_destinations_read_back(path: str) -> None:
    if path.startswith("//") or not path.strip():
        return
    (link,) = scan(f"[t]({encode_destination(path)})").links
    assert link.target == path


def test_only_what_must_be_is_encoded() -> None:
    assert encode_destination("Sub/My (1) Note!.md") == "Sub/My%20(1)%20Note!.md"
    assert encode_destination("a(b.md") == "a%28b.md"
    assert markdown_link("a b.md", "x [y]", subpath="#c") == "[x \\[y\\]](a%20b.md#c)"
    assert wikilink("a", label="x]]y\nz") == "[[a|x] ]y z]]"


HEADINGS = "# A\n## Notes\n# B\n## Notes\n### Minecraft: The Video Game\n## [[x]] and #y ^id\n"


@pytest.mark.parametrize(
    ("subpath", "line"),
    [
        ("#A", 1),
        ("#notes", 2),
        ("#B#Notes", 4),
        ("#A#Notes", 2),
        ("#Minecraft The Video Game", 5),
        ("#minecraft:  the video game", 5),
        ("#B#Minecraft The Video Game", 5),
        ("#A#Minecraft The Video Game", None),
        ("#x and y id", 6),
        ("#Nothing", None),
        ("#", None),
    ],
)
def test_headings_are_found(subpath: str, line: int | None) -> None:
    found = find_heading(scan(HEADINGS), subpath)
    assert (found.line if found else None) == line


def test_a_written_heading_link_finds_its_heading() -> None:
    note = scan(HEADINGS)
    for heading in note.headings[3:]:
        assert find_heading(note, "#" + heading_link(heading.text)) is not None
    assert heading_link("Q: [[a|b]] #c | d") == "Q b c d"


def test_blocks_are_found_whatever_their_case() -> None:
    note = scan("a ^One\n\nb ^one\n\nc ^two-2")
    found = find_block(note, "#^ONE")
    assert found is not None
    assert found.line == 1
    assert find_block(note, "^two-2") is not None
    assert find_block(note, "^three") is None
