"""The rules of the format, one row each: a short name, where it is said, what shows it.

Where nothing was said but seen, the row says "app" (Obsidian 1.13) or the plugin's version.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from typing import Any

import pytest

from octopus.obsidian.base import read_base, rewrite_base
from octopus.obsidian.canvas import read_canvas, rewrite_canvas
from octopus.obsidian.conflict import conflict_of
from octopus.obsidian.daily import period_path, template_path, unique_path
from octopus.obsidian.edit import append
from octopus.obsidian.ignore import excluder, in_vault
from octopus.obsidian.insert import insert_template, new_note
from octopus.obsidian.link import link_text, write_link
from octopus.obsidian.mention import mention_pattern, mentions
from octopus.obsidian.moment import format_date
from octopus.obsidian.name import safe_name, trash_path
from octopus.obsidian.path import AUDIO, FORMATS, is_note, stem
from octopus.obsidian.property_edit import add_to_property, set_property
from octopus.obsidian.recurrence import next_date
from octopus.obsidian.rename import Moves, rewrite_links
from octopus.obsidian.repair import repair
from octopus.obsidian.resolve import Resolver
from octopus.obsidian.scan import scan
from octopus.obsidian.settings import App, Tasks, attachment_folder, read_settings
from octopus.obsidian.subpath import find_block, find_heading
from octopus.obsidian.task import is_task, parse_task, status_of
from octopus.obsidian.template import has_templater, render, render_daily
from octopus.obsidian.tick import cancel, complete, reopen, set_status
from octopus.obsidian.uri import open_uri, parse_uri

DAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 9, 30)  # noqa: DTZ001 - wall clock time is what templates show
TASKS = Tasks()
APP, HELP, TASKS_8 = "app", "Obsidian help", "Tasks plugin 8"
FENCE = "```"


def tags(text: str) -> str:
    return " ".join(tag.removeprefix("#") for tag in scan(text).tags)


def links(text: str) -> str:
    return " ".join(f"{link.target}{link.subpath}" for link in scan(text).links)


def shown(text: str) -> str:
    return "; ".join(link.display for link in scan(text).links)


def boxes(text: str) -> str:
    return " ".join(f"{task.status}{task.text}" for task in scan(text).tasks)


def parents(text: str) -> list[int | None]:
    return [task.parent for task in scan(text).tasks]


def head(yaml: str) -> dict[str, Any]:
    return dict(scan(f"---\n{yaml}\n---\n").properties)


def meant(target: str, source: str, *files: str) -> str | None:
    return Resolver([*files, source]).resolve(target, source)


def heading(text: str, subpath: str) -> int | None:
    found = find_heading(scan(text), subpath)
    return found.line if found else None


def setting(name: str, **values: Any) -> Any:
    return read_settings({name: json.dumps(values)})


def path_of(day: date, **values: Any) -> str:
    return period_path(setting("daily-notes.json", **values), day)


def ids(text: str) -> list[str]:
    return [block.id for block in scan(text).blocks]


def callout(text: str) -> tuple[str, str, str]:
    (found,) = scan(text).callouts
    return found.type, found.fold, found.title


def renamed(text: str, **more: str) -> str:
    moves = Moves.plan({"Old.md": "x/New.md"}, Resolver(["Old.md", "n.md", "O.md", *more.values()]))
    return rewrite_links(text.encode(), "n.md", moves).decode()


def named(text: str, *names: str) -> int:
    pattern = mention_pattern(names)
    return len(mentions(text, scan(text), pattern)) if pattern else 0


def moved_task(line: str, **options: Any) -> list[str]:
    return complete(line, DAY, Tasks(**options))


MINECRAFT = "# Minecraft: The Video Game"
NOTES = "# A\n## Notes\n# B\n## Notes"
TABLE = "|a|\n|-|\n|[[x\\|y]] #t|"
E17 = "d: 2026-11-20\nt: 12:30\ny: yes\nn: 010\ne:\ndt: 2024-07-21T12:37:00"
KANBAN = (
    b"---\n\nkanban-plugin: basic\n\n---\n\n## To do\n\n- [ ] a\n\n"
    b'%% kanban:settings\n```\n{"kanban-plugin":"basic"}\n```\n%%'
)
TEMPLATE = "# {{date:dddd}}\n{{title}} {{time:HH:mm}} {{ date }} <% tp.x %>"

Row = tuple[str, str, Callable[[], Any], Any]

FILES: list[Row] = [
    ("file.note", HELP, lambda: (is_note("a.MD"), is_note("a.markdown")), (True, False)),
    ("file.formats", HELP, lambda: {".canvas", ".base", ".pdf", ".avif", ".3gp"} <= FORMATS, True),
    ("file.no-oga", HELP, lambda: {".oga", ".opus"} & AUDIO, set()),
    ("file.voice-ogg", HELP, lambda: ".ogg" in AUDIO, True),
    (
        "file.hidden",
        APP,
        lambda: [in_vault(p) for p in (".git/x.md", "a/.b.md", "a/b.md")],
        [False, False, True],
    ),
    (
        "file.trash-keeps-path",
        HELP,
        lambda: trash_path("a/b.md", {".trash/a/b.md"}.__contains__),
        ".trash/a/b 1.md",
    ),
    (
        "file.conflict-obsidian",
        HELP,
        lambda: conflict_of("N (Conflicted copy Phone 202611201030).md"),
        "N.md",
    ),
    (
        "name.portable",
        HELP,
        lambda: safe_name('a*b"c\\d/e<f>g:h|i?j#k^l[m]n'),
        "a b c d e f g h i j k l m n",
    ),
    ("name.comment", HELP, lambda: safe_name("a %% b"), "a b"),
    ("name.from-title", HELP, lambda: new_note('Q4: plan / "draft" #1?')[0], "Q4 plan draft 1"),
    (
        "name.title-kept",
        HELP,
        lambda: new_note('Q4: plan / "draft" #1?')[1],
        b'# Q4: plan / "draft" #1?\n',
    ),
    (
        "name.device",
        HELP,
        lambda: [safe_name(n) for n in ("CON", "nul.txt", "a.")],
        ["_CON", "_nul.txt", "a"],
    ),
    ("name.length", HELP, lambda: len(safe_name("я" * 500).encode()) <= 200, True),
    ("name.composed", HELP, lambda: safe_name("e\u0301"), "é"),
    ("name.shown", HELP, lambda: [stem(p) for p in ("a/N.md", "a/b.png")], ["N", "b.png"]),
]

PROPERTIES: list[Row] = [
    ("property.first-line", HELP, lambda: scan("\n---\na: 1\n---").properties, {}),
    ("property.nothing-before", HELP, lambda: scan("x\n---\na: 1\n---").properties, {}),
    (
        "property.rule-later",
        APP,
        lambda: scan("---\na: 1\n---\nx\n---\nb: 2\n---").properties,
        {"a": 1},
    ),
    (
        "property.empty",
        APP,
        lambda: (scan("---\n---\nx").properties, scan("---\n---\nx").body),
        ({}, 8),
    ),
    ("property.closed-at-the-end", APP, lambda: scan("---\na: 1\n---").properties, {"a": 1}),
    ("property.crlf", APP, lambda: scan("---\r\na: 1\r\n---\r\n#b").properties, {"a": 1}),
    ("property.never-closed", HELP, lambda: scan("---\na: 1\n").properties, {}),
    ("property.dates-are-text", APP, lambda: head("d: 2024-07-21"), {"d": "2024-07-21"}),
    ("property.booleans", APP, lambda: head("a: true\nb: false"), {"a": True, "b": False}),
    ("property.null", APP, lambda: head("a:\nb: null"), {"a": None, "b": None}),
    ("property.numbers", APP, lambda: head("a: 1\nb: 1.5"), {"a": 1, "b": 1.5}),
    (
        "property.not-yaml-1.1",
        APP,
        lambda: head(E17),
        {
            "d": "2026-11-20",
            "t": "12:30",
            "y": "yes",
            "n": "010",
            "e": None,
            "dt": "2024-07-21T12:37:00",
        },
    ),
    (
        "property.untouched-by-others",
        HELP,
        lambda: E17.encode() in set_property(f"---\n{E17}\n---\n".encode(), "z", 1),
        True,
    ),
    (
        "property.json",
        HELP,
        lambda: head('{"tags": "journal", "publish": false}'),
        {"tags": "journal", "publish": False},
    ),
    ("property.json-tags", APP, lambda: tags('---\n{"tags": "journal"}\n---\n'), "journal"),
    ("property.nested", HELP, lambda: head("a:\n  b: 1"), {"a": {"b": 1}}),
    (
        "property.case-of-names",
        APP,
        lambda: list(head("CAPITAL_property: 1")),
        ["CAPITAL_property"],
    ),
    ("property.links-need-quotes", HELP, lambda: links("---\na: [[x]]\nb: '[[y]]'\n---\n"), "y"),
    (
        "property.link-fields",
        APP,
        lambda: [link.field for link in scan('---\na: "[[x]]"\nb:\n  - "[[y]]"\n---\n').links],
        ["a", "b.0"],
    ),
    ("property.no-tags-in-text", HELP, lambda: tags("---\na: 'x #b'\n---\n"), ""),
    (
        "property.broken-says-so",
        HELP,
        lambda: bool(scan("---\na: [1\n---\nx #b").properties_error),
        True,
    ),
    ("property.broken-body-counts", HELP, lambda: tags("---\na: [1\n---\nx #b"), "b"),
    (
        "property.tags-list",
        APP,
        lambda: tags("---\ntags:\n  - journal\n  - a/b\n---\n"),
        "journal a/b",
    ),
    ("property.tags-scalar", APP, lambda: tags("---\ntags: single\n---\n"), "single"),
    ("property.tags-commas", APP, lambda: tags("---\ntags: a, b\n---\n"), ""),
    ("property.tags-nothing", APP, lambda: tags("---\ntags: []\n---\n#x"), "x"),
    ("property.tags-null", APP, lambda: tags("---\ntags:\n---\n"), ""),
    ("property.tags-flow", HELP, lambda: tags("---\ntags: [a, b]\n---\n"), "a b"),
    ("property.tags-upper-plural", APP, lambda: tags("---\nTAGS: [a]\n---\n"), "a"),
    ("property.tag-singular-dropped", HELP, lambda: tags("---\ntag: a\nTAG: b\n---\n"), ""),
    ("property.aliases", HELP, lambda: scan("---\naliases: [A, B b]\n---\n").aliases, ("A", "B b")),
    ("property.alias-singular-dropped", HELP, lambda: scan("---\nalias: A\n---\n").aliases, ()),
    (
        "property.lists-are-blocks",
        APP,
        lambda: add_to_property(b"x", "tags", "a"),
        b"---\ntags:\n  - a\n---\nx",
    ),
    (
        "property.types",
        HELP,
        lambda: setting("types.json", types={"due": "date"}).types,
        {"due": "date"},
    ),
]

LINKS: list[Row] = [
    ("link.plain", HELP, lambda: links("[[a]] [[b|c]] ![[d]]"), "a b d"),
    (
        "link.subpaths",
        HELP,
        lambda: links("[[a#H]] [[a#H#I]] [[a#^b]] [[#H]] [[#^b]]"),
        "a#H a#H#I a#^b #H #^b",
    ),
    ("link.first-bar", APP, lambda: (links("[[#a#b||x]]"), shown("[[#a#b||x]]")), ("#a#b", "|x")),
    ("link.bar-in-table", HELP, lambda: (links(TABLE), shown(TABLE)), ("x", "y")),
    ("link.first-mark", APP, lambda: links("[[pa#th/x]]"), "pa#th/x"),
    (
        "link.display",
        APP,
        lambda: shown("[[n#h#s]] [[#h]] [[n#^id]] [[n]]"),
        "n > h > s; h; n > ^id; n",
    ),
    ("link.empty", APP, lambda: links("[[]] x"), ""),
    ("link.single-bracket", APP, lambda: links("[[Sq]uare]]"), "Sq]uare"),
    ("link.nested", APP, lambda: links("[[a [[Inner]] c]]"), "Inner"),
    ("link.inner-space", APP, lambda: links("[[Sp ace]]"), "Sp ace"),
    ("link.url-in-brackets", APP, lambda: links("[[https://e.com]]"), "https://e.com"),
    ("link.escaped", APP, lambda: (links("\\[\\[#x\\]\\]"), tags("\\[\\[#x\\]\\]")), ("", "x")),
    ("link.not-in-code", APP, lambda: links(f"`[[a]]`\n{FENCE}\n[[b]]\n{FENCE}\n\n    [[c]]"), ""),
    ("link.not-in-html", APP, lambda: links("<!-- [[a]] -->\n\n<div>\n[[b]]\n</div>"), ""),
    ("link.not-in-math", APP, lambda: links("$[[a]]$\n$$\n[[b]]\n$$"), ""),
    ("link.in-comments", APP, lambda: links("%% [[a]] %%"), "a"),
    (
        "link.in-every-block",
        APP,
        lambda: links("# [[a]]\n- [ ] [[b]]\n> [!note]\n> - [[c]]\n\n[^1]: [[d]]"),
        "a b c d",
    ),
    (
        "link.markdown",
        APP,
        lambda: links("[t](F/My%20N.md) [t](My%20N) [t](#h) [t](n.md#h) [t](n.md#^b)"),
        "F/My N.md My N #h n.md#h n.md#^b",
    ),
    (
        "link.raw-space",
        APP,
        lambda: links("[w](Sub/My Note.md) [w](<Sub/My Note.md>)"),
        "Sub/My Note.md",
    ),
    ("link.web", APP, lambda: links("[t](https://e.com) [t]()"), ""),
    ("link.sizes", HELP, lambda: links("![[i.png|300]] ![[p.pdf#page=3]]"), "i.png p.pdf#page=3"),
]

RESOLVE: list[Row] = [
    ("resolve.self", APP, lambda: meant("", "a/s.md"), "a/s.md"),
    (
        "resolve.exact-first",
        APP,
        lambda: meant("Note", "x/s.md", "Note.md", "x/Note.md"),
        "Note.md",
    ),
    (
        "resolve.exact-path",
        APP,
        lambda: meant("b/Note", "x/s.md", "b/Note.md", "x/Note.md"),
        "b/Note.md",
    ),
    (
        "resolve.own-folder",
        APP,
        lambda: meant("Note", "x/y/s.md", "a/Note.md", "x/y/Note.md"),
        "x/y/Note.md",
    ),
    (
        "resolve.ancestors-count-nothing",
        APP,
        lambda: meant("Note", "xx/yy/s.md", "a/Note.md", "xx/Note.md"),
        "a/Note.md",
    ),
    (
        "resolve.shortest-path",
        APP,
        lambda: meant("Note", "s.md", "a/b/Note.md", "zzzz/Note.md"),
        "a/b/Note.md",
    ),
    (
        "resolve.case",
        APP,
        lambda: [meant(t, "s.md", "Log.md") for t in ("log", "LOG.MD", "LOG")],
        ["Log.md"] * 3,
    ),
    (
        "resolve.extension-md-first",
        HELP,
        lambda: meant("plan", "s.md", "plan", "a/plan.md"),
        "a/plan.md",
    ),
    (
        "resolve.extension-needed",
        HELP,
        lambda: [meant(t, "s.md", "F 1.png", "p.canvas") for t in ("F 1.png", "F 1", "p.canvas")],
        ["F 1.png", None, "p.canvas"],
    ),
    ("resolve.never-aliases", APP, lambda: meant("Alias", "s.md", "Note.md"), None),
    (
        "resolve.markdown-anywhere",
        APP,
        lambda: meant("My Note.md", "x/s.md", "a/My Note.md"),
        "a/My Note.md",
    ),
    (
        "resolve.excluded-still",
        APP,
        lambda: meant("Old", "s.md", "Archive/Old.md"),
        "Archive/Old.md",
    ),
    ("resolve.dots-relative", HELP, lambda: meant("../b/N", "a/s.md", "b/N.md", "N.md"), "b/N.md"),
    ("resolve.heading-stripped", HELP, lambda: heading(MINECRAFT, "#Minecraft The Video Game"), 1),
    ("resolve.heading-case", HELP, lambda: heading(MINECRAFT, "#minecraft the video GAME"), 1),
    ("resolve.heading-first", HELP, lambda: heading(NOTES, "#Notes"), 2),
    ("resolve.heading-nested", HELP, lambda: heading(NOTES, "#B#Notes"), 4),
    ("resolve.heading-with-link", APP, lambda: heading("# I link to [[x]]", "#I link to x"), 1),
    ("resolve.block", HELP, lambda: find_block(scan("a ^b-1"), "#^b-1") is not None, True),
    (
        "write.shortest",
        HELP,
        lambda: link_text(Resolver(["a/N.md", "s.md"]), "a/N.md", "s.md"),
        "N",
    ),
    (
        "write.whole-path-if-not-unique",
        HELP,
        lambda: link_text(Resolver(["a/N.md", "b/N.md", "s.md"]), "a/N.md", "s.md"),
        "a/N",
    ),
    (
        "write.relative",
        HELP,
        lambda: link_text(Resolver(["a/N.md"]), "a/N.md", "b/s.md", "relative"),
        "../a/N",
    ),
    (
        "write.absolute",
        HELP,
        lambda: link_text(Resolver(["a/N.md"]), "a/N.md", "b/s.md", "absolute"),
        "a/N",
    ),
    (
        "write.markdown",
        APP,
        lambda: write_link(
            Resolver(["S/My N.md"]),
            "S/My N.md",
            "s.md",
            App(markdown_links=True, link_format="absolute"),
        ),
        "[My N](S/My%20N.md)",
    ),
    (
        "write.alias-as-label",
        APP,
        lambda: write_link(Resolver(["N.md"]), "N.md", "s.md", App(), label="Alias"),
        "[[N|Alias]]",
    ),
    (
        "rename.all-kinds",
        HELP,
        lambda: renamed("[[Old]] ![[Old|x]] [t](Old.md#h) [[Old#^b]]"),
        "[[New]] ![[New|x]] [t](New.md#h) [[New#^b]]",
    ),
    (
        "rename.properties",
        HELP,
        lambda: renamed('---\nup: "[[Old]]"\n---\n'),
        '---\nup: "[[New]]"\n---\n',
    ),
    ("rename.not-in-code", HELP, lambda: renamed("`[[Old]]` [[#Old]]"), "`[[Old]]` [[#Old]]"),
    (
        "mention.names-and-aliases",
        HELP,
        lambda: named("The Lamp, a lamp, [[Lamp]], lamps and bulbs", "Lamp", "Bulb"),
        2,
    ),
]

TAGS: list[Row] = [
    (
        "tag.characters",
        APP,
        lambda: tags("#x-y_z/w #日本語 #✅done #🏷/x"),
        "x-y_z/w 日本語 ✅done 🏷/x",
    ),
    ("tag.end", APP, lambda: tags("#work, #home. #foo! #a'b #c:d #e;f"), "work home foo a c e"),
    ("tag.full-width-comma-inside", APP, lambda: tags("#标签，继续"), "标签，继续"),
    ("tag.joiner-ends-it", APP, lambda: tags("#👨\u200d👩"), "👨"),
    (
        "tag.not-a-number",
        HELP,
        lambda: tags("#1984 #y1984 #1990s #12.34 #3344: #2024-goals"),
        "y1984 1990s 2024-goals",
    ),
    ("tag.case", HELP, lambda: tags("#Work #work #WORK"), "Work"),
    ("tag.left-space", APP, lambda: tags("x\t#a\u00a0#b\u3000#c"), "a b c"),
    ("tag.left-punctuation", APP, lambda: tags('(#a) "#b" .#c x—#d'), ""),
    ("tag.after-a-tag", APP, lambda: tags("#a#b #c/#d"), "a b c d"),
    ("tag.after-emphasis", APP, lambda: tags("x _#a_ y snake_case_#b"), "a b"),
    ("tag.table-cell", APP, lambda: tags("|a|\n|-|\n|#b|"), "b"),
    ("tag.link-text", APP, lambda: tags("[x #a] [L #b](https://h/#z)"), "a b"),
    ("tag.not-in-code", APP, lambda: tags(f"`#a`\n{FENCE}\n#b [[No]]\n- [ ] no\n{FENCE}\n#c"), "c"),
    ("tag.longer-fence", HELP, lambda: tags("````\n```\n#a\n```\n````\n#b"), "b"),
    ("tag.closing-fence-has-no-words", HELP, lambda: tags("```\n``` x\n#a\n```\n#b"), "b"),
    ("tag.not-in-math", APP, lambda: tags("$a #a b$\n$$\n#b\n$$"), ""),
    ("tag.not-in-html", APP, lambda: tags("<!-- #a -->\n\n<div>\n#b\n</div>\n\n<p>x #c</p>"), ""),
    ("tag.not-in-addresses", APP, lambda: tags("http://x/#y [[n#h]]"), ""),
    ("tag.in-comments", APP, lambda: tags("%% #a %%\n\n%%\n#b\n%%"), "a b"),
    ("tag.in-headings", APP, lambda: tags("## About #a"), "a"),
    ("tag.both-places", HELP, lambda: tags("---\ntags: [a]\n---\n#b #A"), "a b"),
    ("tag.no-heading-without-space", APP, lambda: (tags("#a"), scan("#a").headings), ("a", ())),
]

BLOCKS: list[Row] = [
    (
        "heading.levels",
        HELP,
        lambda: [h.level for h in scan("# a\n###### b\n####### c").headings],
        [1, 6],
    ),
    (
        "heading.raw-text",
        APP,
        lambda: [h.text for h in scan("# a [[b]] #c").headings],
        ["a [[b]] #c"],
    ),
    ("block.id", HELP, lambda: ids("text ^a-1\n\n- item ^b2"), ["a-1", "b2"]),
    ("block.id-characters", HELP, lambda: ids("text ^a_b"), []),
    ("block.id-alone", HELP, lambda: ids("> quote\n\n^q\n\n|a|\n|-|\n|b|\n\n^t"), ["q", "t"]),
    ("block.id-under-a-callout", APP, lambda: ids("> [!note]\n> x\n^c"), ["c"]),
    ("callout.head", HELP, lambda: callout("> [!TIP]- A title\n> x"), ("tip", "-", "A title")),
    ("callout.unknown", HELP, lambda: callout("> [!own]+\n> x"), ("own", "+", "")),
    ("callout.nested", HELP, lambda: len(scan("> [!a]\n> > [!b]\n> > x").callouts), 2),
    ("callout.tasks", APP, lambda: boxes("> [!todo]\n> - [ ] a"), " a"),
    ("comment.hidden", HELP, lambda: len(scan("a %%b%%\n\n%%\nc\n%%\n").comments), 2),
    (
        "footnotes",
        HELP,
        lambda: [(f.id, f.definition) for f in scan("a[^1] b^[x]\n\n[^1]: y").footnotes],
        [("1", False), ("", False), ("1", True)],
    ),
    ("code.indented", HELP, lambda: boxes("a\n\n    - [ ] b"), ""),
    ("code.tildes", HELP, lambda: tags("~~~\n#a\n~~~\n#b"), "b"),
    (
        "field.whole-line",
        "Dataview",
        lambda: [(f.key, f.value) for f in scan("Key:: a b\n**K**:: v").fields],
        [("Key", "a b"), ("K", "v")],
    ),
    (
        "field.in-brackets",
        "Dataview",
        lambda: [(f.key, f.value) for f in scan("- x [a:: 1] (b:: [c])").fields],
        [("a", "1"), ("b", "[c]")],
    ),
    ("item.zero-width-space", APP, lambda: parents("- Root 2\n\u200b\t- [ ] x"), []),
]

TODOS: list[Row] = [
    (
        "task.boxes",
        APP,
        lambda: boxes(
            "- [ ] a\n\t- [x] b\n1. [/] c\n2) [-] d\n+ [ ]  e\n> - [ ] f\n"
            "- [ ]g\n-[ ] h\n- [] i\n- [xx] j"
        ),
        " a xb /c -d  e  f",
    ),
    ("task.parent", APP, lambda: parents("- [ ] a\n\t- [x] b"), [None, 1]),
    ("task.not-in-code", APP, lambda: boxes(f"{FENCE}\n- [ ] a\n{FENCE}\n<!--\n- [ ] b\n-->"), ""),
    ("task.not-in-comments", APP, lambda: boxes("%%\n- [ ] a\n%%"), ""),
    (
        "task.statuses",
        TASKS_8,
        lambda: [status_of(s, TASKS).type for s in " xX/-?"],
        ["TODO", "DONE", "DONE", "IN_PROGRESS", "CANCELLED", "TODO"],
    ),
    (
        "task.fields",
        TASKS_8,
        lambda: dict(
            parse_task(
                "a 🆔 i1 ⛔ b,c ⏫ 🔁 every week ➕ 2026-11-01 🛫 2026-11-02"
                " ⏳ 2026-11-03 📅 2026-11-04"
            ).fields
        ).keys(),
        {"id", "depends_on", "priority", "recurrence", "created", "start", "scheduled", "due"},
    ),
    (
        "task.other-signs",
        TASKS_8,
        lambda: {parse_task(f"a {sign} 2026-11-04").due for sign in "📅📆🗓"},
        {date(2026, 11, 4)},
    ),
    (
        "task.scheduled-signs",
        TASKS_8,
        lambda: parse_task("a ⌛ 2026-11-04").dates == parse_task("a ⏳ 2026-11-04").dates,
        True,
    ),
    ("task.no-space-needed", TASKS_8, lambda: parse_task("a 📅2026-11-04").due, date(2026, 11, 4)),
    (
        "task.right-to-left",
        TASKS_8,
        lambda: parse_task("a 📅 2026-11-18 for #x 🔁 every week").due,
        None,
    ),
    (
        "task.recurrence-only",
        TASKS_8,
        lambda: parse_task("a 📅 2026-11-18 for #x 🔁 every week").recurrence,
        "every week",
    ),
    ("task.iso-dates-only", TASKS_8, lambda: parse_task("b 📅 18.11.2026").due, None),
    ("task.repair-offered", TASKS_8, lambda: repair("b 📅 18.11.2026", TASKS), "b 📅 2026-11-18"),
    (
        "task.tags-between",
        TASKS_8,
        lambda: parse_task("a 📅 2026-11-18 #x").due,
        date(2026, 11, 18),
    ),
    (
        "task.block-id-last",
        TASKS_8,
        lambda: parse_task("a 📅 2026-11-18 ^id").due,
        date(2026, 11, 18),
    ),
    (
        "task.priorities",
        TASKS_8,
        lambda: [parse_task(f"a {s}").priority for s in "🔺⏫🔼🔽⏬"],
        ["highest", "high", "medium", "low", "lowest"],
    ),
    (
        "task.one-format",
        TASKS_8,
        lambda: (
            parse_task("a [due:: 2026-11-18]").due,
            parse_task("a [due:: 2026-11-18]", Tasks(dataview=True)).due,
        ),
        (None, date(2026, 11, 18)),
    ),
    (
        "task.dataview-parentheses",
        TASKS_8,
        lambda: parse_task("a (due:: 2026-11-18)", Tasks(dataview=True)).due,
        date(2026, 11, 18),
    ),
    (
        "task.global-filter",
        TASKS_8,
        lambda: [is_task(t, Tasks(global_filter="#task")) for t in ("a", "a #task")],
        [False, True],
    ),
    (
        "task.done",
        TASKS_8,
        lambda: moved_task("- [ ] a 📅 2026-11-18 ^i"),
        ["- [x] a 📅 2026-11-18 ✅ 2026-11-20 ^i"],
    ),
    ("task.done-date-off", TASKS_8, lambda: moved_task("- [ ] a", set_done=False), ["- [x] a"]),
    ("task.reopened", TASKS_8, lambda: reopen("- [x] a ✅ 2026-11-20", TASKS), ["- [ ] a"]),
    ("task.cancelled", TASKS_8, lambda: cancel("- [ ] a", DAY, TASKS), ["- [-] a ❌ 2026-11-20"]),
    ("task.in-progress", TASKS_8, lambda: set_status("- [ ] a", "/", DAY, TASKS), ["- [/] a"]),
    (
        "task.next-above",
        TASKS_8,
        lambda: moved_task("- [ ] a 🔁 every week 📅 2026-11-18 ^i"),
        [
            "- [ ] a 🔁 every week 📅 2026-11-25",
            "- [x] a 🔁 every week 📅 2026-11-18 ✅ 2026-11-20 ^i",
        ],
    ),
    (
        "task.next-below",
        TASKS_8,
        lambda: moved_task("- [ ] a 🔁 every week 📅 2026-11-18", next_line=True)[0][:5],
        "- [x]",
    ),
    (
        "task.next-without-ids",
        TASKS_8,
        lambda: moved_task("- [ ] a 🆔 x ⛔ y 🔁 every day 📅 2026-11-18")[0],
        "- [ ] a 🔁 every day 📅 2026-11-19",
    ),
    (
        "task.dates-shift-together",
        TASKS_8,
        lambda: moved_task("- [ ] a 🔁 every week ⏳ 2026-11-16 📅 2026-11-18")[0],
        "- [ ] a 🔁 every week ⏳ 2026-11-23 📅 2026-11-25",
    ),
    ("task.delete-on-completion", TASKS_8, lambda: moved_task("- [ ] a 🏁 delete"), []),
    (
        "task.when-done",
        TASKS_8,
        lambda: next_date("every week when done", date(2026, 11, 1), DAY),
        date(2026, 11, 27),
    ),
    (
        "task.month-overflow",
        TASKS_8,
        lambda: next_date("every month", date(2026, 1, 31), DAY),
        date(2026, 2, 28),
    ),
    (
        "task.skips-short-months",
        TASKS_8,
        lambda: next_date("every month on the 31st", date(2026, 1, 31), DAY),
        date(2026, 3, 31),
    ),
    (
        "task.last-of-the-month",
        TASKS_8,
        lambda: next_date("every month on the last", date(2026, 1, 31), DAY),
        date(2026, 2, 28),
    ),
    *(
        (f"task.rule {rule}", TASKS_8, partial(next_date, rule, DAY, DAY), date.fromisoformat(day))
        for rule, day in {
            "every day": "2026-11-21",
            "every 3 days": "2026-11-23",
            "every weekday": "2026-11-23",
            "every week on Sunday": "2026-11-22",
            "every week on Tuesday, Friday": "2026-11-24",
            "every 2 weeks": "2026-12-04",
            "every month on the 1st": "2026-12-01",
            "every month on the last Friday": "2026-11-27",
            "every month on the 2nd last Friday": "2026-12-18",
            "every 6 months on the 2nd Wednesday": "2027-05-12",
            "every January on the 15th": "2027-01-15",
            "every year": "2027-11-20",
        }.items()
    ),
    (
        "task.alarm",
        "Reminder plugin",
        lambda: (
            parse_task("call ⏰ 2026-11-21 09:00 📅 2026-11-21").remind_on,
            parse_task("call ⏰ 2026-11-21 09:00 📅 2026-11-21").due,
        ),
        (date(2026, 11, 21), date(2026, 11, 21)),
    ),
]

SURROUNDINGS: list[Row] = [
    ("daily.default", HELP, lambda: path_of(DAY), "2026-11-20.md"),
    (
        "daily.folder-and-format",
        HELP,
        lambda: path_of(DAY, folder="/D/", format="YYYY/MM/DD"),
        "D/2026/11/20.md",
    ),
    ("daily.template-ending", HELP, lambda: template_path("T/Daily"), "T/Daily.md"),
    *(
        (f"moment.{form}", "moment", partial(format_date, NOW, form), text)
        for form, text in {
            "gggg-[W]ww": "2026-W47",
            "[Week] W, Do MMMM": "Week 47, 20th November",
            "yyyy-MM-DD": "2026-11-20",
            "YY M D": "26 11 20",
            "ddd dd d E e": "Fri Fr 5 5 5",
            "DDDD DDD": "324 324",
            "GGGG-[W]WW": "2026-W47",
            "Q Qo": "4 4th",
            "HH:mm:ss H h hh A a": "09:30:00 9 9 09 AM am",
            "MMM Mo": "Nov 11th",
            "YYYY-[Q]Q": "2026-Q4",
            "dddd, Do MMM, YYYY": "Friday, 20th Nov, 2026",
            "L": "11/20/2026",
            "LL": "November 20, 2026",
        }.items()
    ),
    (
        "template.variables",
        HELP,
        lambda: render(TEMPLATE, title="2026-11-20", now=NOW),
        "# Friday\n2026-11-20 09:30 2026-11-20 <% tp.x %>",
    ),
    (
        "template.daily-date-is-the-note's",
        "daily-notes-interface",
        lambda: render_daily(
            "{{date}} {{tomorrow}}", title="2026-11-22", day=date(2026, 11, 22), now=NOW
        ),
        "2026-11-22 2026-11-23",
    ),
    ("template.templater", "Templater", lambda: has_templater("<% x %>"), True),
    (
        "template.merges-properties",
        HELP,
        lambda: insert_template(b"---\na: 1\ntags: [x]\n---\nt\n", "---\na: 2\ntags: [z]\n---\nu"),
        b"---\na: 1\ntags: [x, z]\n---\nt\nu\n",
    ),
    (
        "unique.next-free",
        HELP,
        lambda: unique_path(
            setting("zk-prefixer.json").unique, NOW, {"202611200930.md"}.__contains__
        ),
        "202611200931.md",
    ),
    *(
        (
            f"attachments {place}",
            HELP,
            partial(attachment_folder, App(attachment_folder=place), "a/n.md"),
            folder,
        )
        for place, folder in {"/": "", "./": "a", "./sub": "a/sub", "Some/F": "Some/F"}.items()
    ),
    ("app.defaults", HELP, lambda: setting("app.json").app == App(), True),
    ("app.filters-prefix", HELP, lambda: excluder(["Archive/"])("Archive/x.md"), True),
    ("app.filters-regex", HELP, lambda: excluder(["/^2\\d+/"])("2026/x.md"), True),
    (
        "uri.open",
        HELP,
        lambda: open_uri("My Vault", "Проекты/План №1.md", heading="A & B").endswith(
            "%20%E2%84%961%23A%20%26%20B"
        ),
        True,
    ),
    ("uri.vault-encoded", HELP, lambda: "vault=My%20Vault&" in open_uri("My Vault", "a.md"), True),
    ("uri.reads-back", HELP, lambda: parse_uri(open_uri("V", "a/b c.md")).file, "a/b c"),
    (
        "canvas.files",
        "JSON Canvas",
        lambda: read_canvas(b'{"nodes":[{"type":"file","file":"a.md"}]}').files,
        ("a.md",),
    ),
    (
        "canvas.unknown-keys-stay",
        "JSON Canvas",
        lambda: (
            b'"mine": [1]'
            in rewrite_canvas(
                b'{"mine": [1], "nodes":[{"id":"1","type":"file","file":"a.md"}]}', {"a.md": "b.md"}
            )
        ),
        True,
    ),
    ("canvas.empty", HELP, lambda: read_canvas(b"").nodes, ()),
    (
        "base.reads",
        HELP,
        lambda: len(read_base(b"views:\n  - type: table\n    name: T\n").views),
        1,
    ),
    (
        "base.only-the-path-moves",
        HELP,
        lambda: rewrite_base(
            b"filters: file.hasLink('Old.md') # x\n",
            "b.base",
            Moves.plan({"Old.md": "New.md"}, Resolver(["Old.md"])),
        ),
        b"filters: file.hasLink('New.md') # x\n",
    ),
    (
        "append.under-a-heading",
        HELP,
        lambda: append(b"## Tasks\n- a\n\n```\n# no\n```\n\n## Next\n", "- b", heading="Tasks"),
        b"## Tasks\n- a\n\n```\n# no\n```\n- b\n\n## Next\n",
    ),
    (
        "append.kanban-lane",
        "Kanban plugin",
        lambda: b"- [ ] a\n- [ ] b\n\n%%" in append(KANBAN, "b"),
        True,
    ),
    (
        "append.kanban-settings-last",
        "Kanban plugin",
        lambda: append(KANBAN, "b").endswith(b"```\n%%"),
        True,
    ),
    (
        "append.crlf",
        APP,
        lambda: append(b"---\r\na: 1\r\n---\r\nx\r\n", "y"),
        b"---\r\na: 1\r\n---\r\nx\r\ny\r\n",
    ),
]

RULES = [*FILES, *PROPERTIES, *LINKS, *RESOLVE, *TAGS, *BLOCKS, *TODOS, *SURROUNDINGS]


@pytest.mark.parametrize(("rule", "source", "seen", "wanted"), RULES, ids=[row[0] for row in RULES])
def test_rule(rule: str, source: str, seen: Callable[[], Any], wanted: Any) -> None:
    found = seen()
    if rule == "file.conflict-obsidian":
        found = found.original
    assert found == wanted, f"{rule} ({source})"


def test_every_rule_has_a_name_of_its_own_and_says_where_it_is_from() -> None:
    assert [name for name, count in Counter(row[0] for row in RULES).items() if count > 1] == []
    assert all(row[1] for row in RULES)
    assert len(RULES) >= 150
