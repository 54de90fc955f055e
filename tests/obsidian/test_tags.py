"""What is a tag and what is not: one case a rule of the format."""

from __future__ import annotations

import pytest

from octopus.obsidian.scan import scan

CASES = [
    # Where a tag may begin.
    ("at the start of a line", "#a\n#b", "a b"),
    ("after a space", "x #a y", "a"),
    ("after a tab", "x\t#a", "a"),
    ("after a no-break space", "x\u00a0#a", "a"),
    ("after an ideographic space", "x\u3000#a", "a"),
    ("after a zero width no-break space", "\ufeff#a", "a"),
    ("not after a letter", "x#a", ""),
    ("not after a parenthesis", "(#a)", ""),
    ("not after a quotation mark", '"#a"', ""),
    ("not after a full stop", "x.#a", ""),
    ("not after a dash", "x—#a", ""),
    ("not after a colon", "x:#a", ""),
    ("not after a slash", "x/#a", ""),
    ("directly after another tag", "#a#b #c/#d", "a b c d"),
    ("after emphasis that ended", "x _em_#a **b**#c", "a c"),
    ("inside emphasis", "x _#a_ **#b** ==#c== ~~#d~~", "a b c d"),
    ("after a word that ends in an underscore", "snake_case_#a", "a"),
    ("after inline code that ended", "`x`#a", "a"),
    ("after a wikilink that ended", "[[x]]#a", "a"),
    ("in the text of a Markdown link", "[x #a](https://e.com)", "a"),
    ("not in its destination", "[x](<https://e.com/ #a>)", ""),
    ("not in the fragment of a destination", "[Lbl #a](https://h/#z)", "a"),
    ("in brackets that are no link", "[x #a]", "a"),
    ("not right after a bracket", "[#a]", ""),
    ("right after an escaped bracket", "\\[#a", "a"),
    ("in escaped double brackets", "\\[\\[#a\\]\\]", "a"),
    ("not when the mark is escaped", "\\#a", ""),
    ("not after two marks", "##a", ""),
    ("at the start of a table cell", "|h|i|\n|-|-|\n|#a|#b|", "a b"),
    ("not after a bar outside tables", "x |#a|", ""),
    ("in a heading", "## About #a", "a"),
    ("in a heading without further text", "# #a", "a"),
    ("in a list item", "- #a\n* #b\n1. #c", "a b c"),
    ("in a task", "- [ ] x #a", "a"),
    ("in a quote", "> #a\n> x #b", "a b"),
    ("in a quote without a space", ">#a", "a"),
    ("in a callout", "> [!note] #a\n> #b", "a b"),
    ("in a footnote", "[^1]: #a", "a"),
    ("in a nested list", "- x\n\t- y #a\n\t\t- #b", "a b"),
    # Where it ends.
    ("before punctuation", "#a, #b. #c! #d; #e: #f? #g=", "a b c d e f g"),
    ("before an apostrophe", "#a'b", "a"),
    ("before quotation marks of typesetting", "#a” #b’s", "a b"),
    ("before an at sign and an ampersand", "#a@b #c&d", "a c"),
    ("before brackets", "#a(b #c[d #e{f", "a c e"),
    ("before a caret, a bar and a tilde", "#a^b #c|d #e~f", "a c e"),
    ("not before a hyphen, an underscore or a slash", "#x-y_z/w", "x-y_z/w"),
    ("trailing slashes do not count", "#a/ #b//", "a b"),
    ("slashes within do", "#a//b", "a//b"),
    # Which characters it has.
    ("letters of any script", "#日本語 #тег #ünï #عربي", "日本語 тег ünï عربي"),
    ("emoji", "#✅done #🏷/x", "✅done 🏷/x"),
    ("a variation selector", "#🏷️x", "🏷️x"),
    ("a joiner ends it", "#👨‍👩‍👧", "👨"),
    ("full-width punctuation goes on", "#标签，继续", "标签，继续"),
    ("digits alone are none", "#1984 #0", ""),
    ("digits and anything else are one", "#y1984 #1990s #2024-goals", "y1984 1990s 2024-goals"),
    ("digits before punctuation are none", "#12.34 #3344:", ""),
    ("nothing after the mark is none", "# #", ""),
    ("a hyphen alone is one", "#-", "-"),
    # What is not Markdown.
    ("not in inline code", "`#a`", ""),
    ("not in inline code over two lines", "`x\n#a y`", ""),
    ("not in code with two backticks", "`` ` #a ``", ""),
    ("an open backtick is no code", "` #a", "a"),
    ("a paragraph ends an open backtick", "` x\n\n#a `", "a"),
    ("not in a fence", "```\n#a\n```\n#b", "b"),
    ("not in a fence of tildes", "~~~\n#a\n~~~\n#b", "b"),
    ("a shorter fence does not close", "````\n```\n#a\n```\n````\n#b", "b"),
    ("a fence with an info string does not close", "```\n```py\n#a\n```\n#b", "b"),
    ("tildes do not close backticks", "```\n~~~\n#a\n```\n#b", "b"),
    ("an open fence goes on to the end", "```\n#a\n\n#b", ""),
    ("a fence in a quote ends with it", "> ```\n> #a\n\n#b", "b"),
    ("a fence in a list item ends with it", "- x\n  ```\n  #a\n\n#b", "b"),
    ("a fence in a list item", "- ```\n  #a\n  ```\n- #b", "b"),
    ("two backticks are no fence", "``\n#a", "a"),
    ("not in indented code", "x\n\n    #a\n\n#b", "b"),
    ("not in code indented by a tab", "\t#a\n\n#b", "b"),
    ("an indented line goes on a paragraph", "x\n    #a", "a"),
    ("an indented line goes on a list", "- x\n\n    #a", "a"),
    ("code indented below a list item", "- x\n\n      #a\n- #b", "b"),
    ("not in inline math", "$a #b c$", ""),
    ("prices are no math", "$5 and $6 #a", "a"),
    ("not in a math block", "$$\n#a\n$$\n#b", "b"),
    ("not in a math block over blank lines", "$$\nx\n\n#a\n$$\n#b", "b"),
    ("not in math on one line", "$$ #a $$ #b", "b"),
    ("a lone math mark is text", "$$\n#a", "a"),
    ("not in an HTML comment", "x <!-- #a --> #b", "b"),
    ("not in an HTML comment over lines", "<!--\n\n#a\n\n-->\n#b", "b"),
    ("not in an HTML block", "<div>\n#a\n</div>\n\n#b", "b"),
    ("not in HTML on one line", "<p>x #a</p>", ""),
    ("after a blank line HTML has ended", "<div>\n\n#a\n\n</div>", "a"),
    ("not in a script", "<script>\n\n#a\n</script>\n#b", "b"),
    ("in text between inline HTML", "x <b>y #a</b> #b", "a b"),
    ("not in an attribute", 'x <a title=" #a">y</a>', ""),
    ("not in a web address", "http://x/#a https://x/_#b http://x/*#c", ""),
    ("not in a link in angle brackets", "<http://x/ #a> <http://x/#b>", "a"),
    ("not in a wikilink", "[[x #a]] [[#b]] [[x|y #c]]", ""),
    ("in a comment", "%%#a%% %% #b %%", "a b"),
    ("in a block comment", "%%\n#a\n\n#b\n%%\n#c", "a b c"),
    ("not in a text property", "---\nx: y #a\nz: '#b'\n---\n#c", "c"),
]


@pytest.mark.parametrize(("text", "tags"), [case[1:] for case in CASES], ids=[c[0] for c in CASES])
def test_tags(text: str, tags: str) -> None:
    note = scan(text)
    assert [tag.name for tag in note.body_tags] == tags.split()
    for tag in note.body_tags:
        assert text[tag.offset :].startswith(f"#{tag.name}")
        assert tag.line == text.count("\n", 0, tag.offset) + 1


@pytest.mark.parametrize(("text", "tags"), [case[1:] for case in CASES], ids=[c[0] for c in CASES])
@pytest.mark.parametrize("newline", ["\r\n", "\r"])
def test_newlines_make_no_difference(text: str, tags: str, newline: str) -> None:
    note = scan(text.replace("\n", newline))
    assert [tag.name for tag in note.body_tags] == tags.split()


def test_identity_ignores_case_and_keeps_the_first_spelling() -> None:
    note = scan("---\ntags: [Home]\n---\n#home #Garden #GARDEN #garden/x")
    assert note.tags == ("#Home", "#Garden", "#garden/x")
