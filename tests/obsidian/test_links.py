"""What is a link, what it points at and what a reader sees."""

from __future__ import annotations

import pytest

from octopus.obsidian.scan import scan

# name, text, then "kind target subpath display" a link, "~" for an empty part
CASES = [
    ("a wikilink", "[[a]]", "link|a||a"),
    ("with display text", "[[a|b c]]", "link|a||b c"),
    ("with a heading", "[[a#H]]", "link|a|#H|a > H"),
    ("with headings in headings", "[[n#h#s]]", "link|n|#h#s|n > h > s"),
    ("with a block", "[[n#^id]]", "link|n|#^id|n > ^id"),
    ("a heading of the same note", "[[#h]]", "link||#h|h"),
    ("a block of the same note", "[[#^b]]", "link||#^b|^b"),
    ("an embed", "![[a]]", "embed|a||a"),
    (
        "an embed with a size",
        "![[a.png|300]] ![[b.png|640x480]]",
        "embed|a.png||300 embed|b.png||640x480",
    ),
    ("an embed with a page", "![[a.pdf#page=3]]", "embed|a.pdf|#page=3|a.pdf > page=3"),
    ("with a folder", "[[x/y/z]]", "link|x/y/z||x/y/z"),
    ("with an extension", "[[a.md]] [[b.canvas]]", "link|a.md||a.md link|b.canvas||b.canvas"),
    ("only the first bar splits", "[[#a#b||x]]", "link||#a#b||x"),
    ("only the first mark splits", "[[pa#th/x]]", "link|pa|#th/x|pa > th/x"),
    ("an escaped bar splits in a table", "|a|\n|-|\n|[[x\\|y]]|", "link|x||y"),
    ("inner space stays", "[[Sp ace]]", "link|Sp ace||Sp ace"),
    ("outer space goes", "[[ a ]]", "link|a||a"),
    ("empty brackets are none", "[[]] [[ ]]", ""),
    ("a lone bar is none", "[[|]] [[|x]]", ""),
    ("one bracket does not end it", "[[Sq]uare]]", "link|Sq]uare||Sq]uare"),
    ("one bracket does not begin another", "[[a[b]]", "link|a[b||a[b"),
    ("the inner one of two", "[[a [[Inner]] c]]", "link|Inner||Inner"),
    ("three brackets", "[[[a]]]", "link|a||a"),
    ("it does not span lines", "[[a\nb]]", ""),
    ("escaped brackets are none", "\\[\\[a\\]\\]", ""),
    ("an address in brackets is a note", "[[https://e.com]]", "link|https://e.com||https://e.com"),
    ("two in a line", "[[a]][[b]]", "link|a||a link|b||b"),
    ("a Markdown link", "[t](Note.md)", "link|Note.md||t"),
    ("percent signs are decoded", "[t](Folder/My%20Note.md)", "link|Folder/My Note.md||t"),
    ("letters are decoded", "[t](%D0%9F.md)", "link|П.md||t"),
    ("a mark that is encoded is no heading", "[t](a%23b.md#c)", "link|a#b.md|#c|t"),
    ("without an extension", "[t](My%20Note)", "link|My Note||t"),
    ("a heading alone", "[t](#heading)", "link||#heading|t"),
    ("a Markdown link with a heading", "[t](note.md#My%20H)", "link|note.md|#My H|t"),
    ("a Markdown link with a block", "[t](note.md#^b)", "link|note.md|#^b|t"),
    ("a raw space ends it", "[w](Sub/My Note.md)", ""),
    ("angle brackets allow spaces", "[z](<Sub/My Note.md>)", "link|Sub/My Note.md||z"),
    ("a title", "[t](a.md \"Title\") [u](b.md 'x')", "link|a.md||t link|b.md||u"),
    ("parentheses that match", "[t](a(b).md)", "link|a(b).md||t"),
    ("an empty destination is none", "[t]() [t](<>)", ""),
    (
        "web addresses are not in the vault",
        "[t](https://e.com) [u](mailto:a@b) [v](obsidian://x)",
        "",
    ),
    ("protocol-relative addresses are not", "[t](//e.com/x)", ""),
    ("an image", "![alt](i.png)", "embed|i.png||alt"),
    ("an image with a size", "![alt|300](i.png)", "embed|i.png||alt|300"),
    ("an image in a link", "[![alt](i.png)](y.md)", "link|y.md||![alt](i.png) embed|i.png||alt"),
    ("brackets in the text", "[a [b] c](x.md)", "link|x.md||a [b] c"),
    ("an empty text", "[](x.md)", "link|x.md||x.md"),
    ("a footnote mark is none", "[^1] [^1]: [[a]]", "link|a||a"),
    ("a box is none", "- [ ] (x) [[a]]", "link|a||a"),
    ("in a heading", "# A [[b]]", "link|b||b"),
    ("in a task", "- [x] [[b]]", "link|b||b"),
    (
        "in a quote and a callout",
        "> [[a]]\n\n> [!x] [[b]]\n> [[c]]",
        "link|a||a link|b||b link|c||c",
    ),
    ("in a table", "|[[a]]|[[b]]|\n|-|-|", "link|a||a link|b||b"),
    ("in emphasis", "**[[a]]** _[[b]]_", "link|a||a link|b||b"),
    ("in a comment", "%% [[a]] %%\n\n%%\n[[b]]\n%%", "link|a||a link|b||b"),
    ("not in inline code", "`[[a]]`", ""),
    ("not in a fence", "```\n[[a]]\n```", ""),
    ("not in indented code", "    [[a]]", ""),
    ("not in math", "$[[a]]$", ""),
    ("not in an HTML comment", "<!-- [[a]] -->", ""),
    ("not in an HTML block", "<div>[[a]]</div>", ""),
    ("after an image mark with a space it is a link", "! [[a]]", "link|a||a"),
    ("scripts and emoji", "[[Ünï 日本 🎉]]", "link|Ünï 日本 🎉||Ünï 日本 🎉"),
    ("quotes of a property", '---\na: "[[x]]"\n---', "property|x||x"),
    ("a property with display text", "---\na: '[[x#h|y]]'\n---", "property|x|#h|y"),
    ("unquoted brackets are a list", "---\na: [[x]]\n---", ""),
    ("several in one text", '---\na: "[[x]] and [[y]]"\n---', "property|x||x property|y||y"),
]


@pytest.mark.parametrize(("text", "links"), [case[1:] for case in CASES], ids=[c[0] for c in CASES])
def test_links(text: str, links: str) -> None:
    note = scan(text)
    found = [f"{each.kind}|{each.target}|{each.subpath}|{each.display}" for each in note.links]
    assert " ".join(found) == links
    for link in note.links:
        if link.kind != "property":
            assert text[link.offset : link.end].rstrip(")]") != text[link.offset : link.end]
            assert link.line == text.count("\n", 0, link.offset) + 1


def test_links_of_properties_name_their_field() -> None:
    note = scan('---\nup: "[[a]]"\nsee:\n  - "[[b]]"\n  - x\n  - "[[c]]"\nm:\n  k: "[[d]]"\n---\n')
    assert [(each.target, each.field) for each in note.links] == [
        ("a", "up"),
        ("b", "see.0"),
        ("c", "see.2"),
        ("d", "m.k"),
    ]
