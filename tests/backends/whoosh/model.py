"""A slow evaluator of queries, written from the documentation and without the product's code.

What is looked for is looked for letter by letter: a word within other words, a phrase from the
middle of one word to the middle of another (Obsidian help, "Search"). Letters are compared without
case, accents and compatibility forms; nothing else is made equal.

It knows notes as the pieces that the generator made them of, so it scans nothing; and it knows
queries as trees, which are rendered to text for the product to parse.
"""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

WORDS = [
    "alpha",
    "beta",
    "gamma",
    "delta",
    "café",
    "naïve",
    "Über",
    "straße",
    "Garden",
    "garden",
    "water",
    "Pump",
    "pump",
    "roof",
    "nail",
    "42",
    "2026",
    "v2",
    "email",
    "e",
    "mail",
    "Ёлка",
    "елка",
    "берёза",
    "λόγος",
    "tea-time",
    "don't",
    "x_y",
    "plan",
    "plans",
    "Plan",
    "猫が好き",
    "黒猫",
    "猫",
    "犬",
    "zebracorn",
    "unicorn",
    "C++",
    "foo_bar",
    "a-b",
    "e.g.",
    "3.14",
    "don’t",
    "東京都庁",
    "ทดสอบภาษาไทย",
    "한국어",
    "☀️",
    "👍🏽ok",
    "ＦＵＬＬ",
    "x→y",
]
TAGS = ["home", "Home/Heat", "work", "work/now", "müll", "x-1"]
FOLDERS = ["", "Garden", "Garden/Old plans", "Work"]
STATUSES = " x/-"


@dataclass
class Unit:
    """One block of a note: its lines, and what it is."""

    kind: str  # properties, heading, text, item, task, code
    lines: list[str]
    status: str = ""
    tags: list[str] = field(default_factory=list)


@dataclass
class Model:
    """A note, as it was made."""

    path: str
    properties: dict[str, Any]
    units: list[Unit]

    @property
    def folder(self) -> str:
        return self.path.rpartition("/")[0]

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]

    @property
    def text(self) -> str:
        parts = []
        for at, unit in enumerate(self.units):
            if at and not (unit.kind in {"item", "task"} and self.units[at - 1].kind == unit.kind):
                parts.append("" if unit.kind != "properties" else None)
            parts.extend(unit.lines)
        return "\n".join(part for part in parts if part is not None) + "\n"

    @property
    def content(self) -> str:
        return "\n".join(line for unit in self.units for line in unit.lines)

    def sections(self) -> list[list[Unit]]:
        found: list[list[Unit]] = [[]]
        for unit in self.units:
            if unit.kind == "heading":
                found.append([])
            found[-1].append(unit)
        return [section for section in found if section]


# Making notes


def sentence(rnd: random.Random) -> str:
    words = [rnd.choice(WORDS) for _ in range(rnd.randint(1, 6))]
    text = " ".join(word.upper() if rnd.random() < 0.1 else word for word in words)
    return text + rnd.choice(["", ".", "!", ", so"])


def tagged(rnd: random.Random, unit: Unit) -> Unit:
    if rnd.random() < 0.25:
        tag = rnd.choice(TAGS)
        unit.lines[0] += f" #{tag}"
        unit.tags.append(tag)
    return unit


def make_unit(rnd: random.Random) -> Unit:
    kind = rnd.choice(["heading", "text", "text", "item", "task", "task", "code"])
    if kind == "heading":
        return Unit(kind, ["#" * rnd.randint(1, 3) + " " + sentence(rnd)])
    if kind == "text":
        return tagged(rnd, Unit(kind, [sentence(rnd) for _ in range(rnd.randint(1, 3))]))
    if kind == "item":
        return tagged(rnd, Unit(kind, ["- " + sentence(rnd)]))
    if kind == "task":
        status = rnd.choice(STATUSES)
        return tagged(rnd, Unit(kind, [f"- [{status}] {sentence(rnd)}"], status))
    return Unit(kind, ["```", sentence(rnd) + " #notag", "", sentence(rnd), "```"])


def make_properties(rnd: random.Random) -> dict[str, Any]:
    choices: dict[str, list[Any]] = {
        "status": ["Draft", "Published", "in review"],
        "rating": [1, 2.5, 10],
        "due": ["2026-01-05", "2026-11-20"],
        "aliases": [None, ["Old pump"], []],
        "done": [True, False],
        "tags": [["home"], ["work/now", "müll"]],
    }
    return {name: rnd.choice(values) for name, values in choices.items() if rnd.random() < 0.3}


def property_lines(properties: dict[str, Any]) -> list[str]:
    lines = ["---"]
    for name, value in properties.items():
        if isinstance(value, list) and value:
            lines += [f"{name}:", *(f"  - {item}" for item in value)]
        elif isinstance(value, bool):
            lines.append(f"{name}: {str(value).lower()}")
        else:
            lines.append(f"{name}:" if value is None else f"{name}: {value}")
    return [*lines, "---"]


def make_note(rnd: random.Random, number: int) -> Model:
    title = rnd.choice(WORDS).replace("/", "") + f" {number}"
    if rnd.random() < 0.2:
        title = f"2026-{rnd.randint(1, 12):02}-{rnd.randint(1, 28):02} {number}"
    folder = rnd.choice(FOLDERS)
    properties = make_properties(rnd) if rnd.random() < 0.6 else {}
    units = [make_unit(rnd) for _ in range(rnd.randint(0, 7))]
    if properties:
        units.insert(0, Unit("properties", property_lines(properties)))
    return Model(f"{folder}/{title}.md".lstrip("/"), properties, units)


# Deciding


@lru_cache(maxsize=100_000)
def plain(text: str) -> str:
    """Without case, accents and compatibility forms."""
    return bare(bare(text).casefold())


@lru_cache(maxsize=100_000)
def bare(text: str) -> str:
    """Without accents and compatibility forms, and with typewriter quotes."""
    text = unicodedata.normalize("NFC", text).replace("й", "\ue000").replace("Й", "\ue001")
    text = "".join(char for char in unicodedata.normalize("NFKD", text) if not is_accent(char))
    text = text.replace("\ue000", "й").replace("\ue001", "Й").replace("’", "'")
    return unicodedata.normalize("NFC", text)


def is_accent(char: str) -> bool:
    """Signs of Thai and the like are letters to their readers, accents are not."""
    return unicodedata.category(char) == "Mn" and (char < "\u0700" or char > "\ufdff")


def says(text: str, wanted: str, cased: bool) -> bool:
    """True when ``wanted`` is a part of the text."""
    return bare(wanted) in bare(text) if cased else plain(wanted) in plain(text)


def says_as_words(text: str, wanted: str, cased: bool) -> bool:
    """The naive reading, by which only whole words count."""
    compared = bare if cased else plain
    words, sought = (re.findall(r"[^\W_]+", compared(each)) for each in (text, wanted))
    ends = range(len(words) - len(sought) + 1)
    return any(words[at : at + len(sought)] == sought for at in ends)


Tree = tuple[Any, ...]


class Slow:
    """Decides one note at a time, one piece of text at a time."""

    def __init__(self, note: Model, says: Callable[[str, str, bool], bool] = says) -> None:
        self.note = note
        self.says = says

    def holds(self, tree: Tree, texts: list[tuple[str, list[str]]], cased: bool = False) -> bool:
        """``texts``: the pieces that may answer, each with its tags."""
        kind, *rest = tree
        if kind in {"word", "phrase"}:
            return any(self.says(text, rest[0], cased) for text, _ in texts)
        if kind == "regex":
            flags = re.MULTILINE | (0 if cased else re.IGNORECASE)
            return any(re.search(rest[0], text, flags) for text, _ in texts)
        if kind == "and":
            return all(self.holds(part, texts, cased) for part in rest[0])
        if kind == "or":
            return any(self.holds(part, texts, cased) for part in rest[0])
        if kind == "not":
            return not self.holds(rest[0], texts, cased)
        if kind == "tag":
            wanted = rest[0].lower()
            tags = [tag.lower() for _, tags in texts for tag in tags]
            return any(tag == wanted or tag.startswith(wanted + "/") for tag in tags)
        if kind == "case":
            return self.holds(rest[0], texts, True)
        if kind in {"file", "path"}:
            name = self.note.name if kind == "file" else self.note.path
            return self.named(rest[0], name, cased)
        if kind == "property":
            return self.has_property(rest[0], rest[1])
        if kind == "daily":
            return re.match(r"\d{4}-\d\d-\d\d", self.note.name) is not None and (
                self.note.name[:7] == rest[0]
            )
        return any(self.holds(rest[0], [piece], cased) for piece in self.pieces(kind))

    def whole(self) -> list[tuple[str, list[str]]]:
        tags = [tag for unit in self.note.units for tag in unit.tags]
        tags += self.note.properties.get("tags") or []
        title, place = self.note.name.removesuffix(".md"), self.note.path.removesuffix(".md")
        return [(self.note.content, tags), (title, []), (place, [])]

    def pieces(self, kind: str) -> list[tuple[str, list[str]]]:
        units = self.note.units
        if kind == "content":
            return [(self.note.content, [tag for unit in units for tag in unit.tags])]
        if kind == "line":
            return [
                (line, unit.tags if at == 0 else [])
                for unit in units
                for at, line in enumerate(unit.lines)
            ]
        if kind == "block":
            return [("\n".join(unit.lines), unit.tags) for unit in units]
        if kind == "section":
            return [
                (
                    "\n".join(line for unit in section for line in unit.lines),
                    [tag for unit in section for tag in unit.tags],
                )
                for section in self.note.sections()
            ]
        wanted = {"task": STATUSES, "task-todo": " ", "task-done": STATUSES[1:]}[kind]
        tasks = (unit for unit in units if unit.kind == "task" and unit.status in wanted)
        return [(unit.lines[0][6:], unit.tags) for unit in tasks]

    def named(self, tree: Tree, name: str, cased: bool) -> bool:
        kind, *rest = tree
        if kind == "and":
            return all(self.named(part, name, cased) for part in rest[0])
        if kind == "or":
            return any(self.named(part, name, cased) for part in rest[0])
        if kind == "not":
            return not self.named(rest[0], name, cased)
        if kind == "regex":
            return re.search(rest[0], name, 0 if cased else re.IGNORECASE) is not None
        return rest[0] in name if cased else plain(rest[0]) in plain(name)

    def has_property(self, name: str, wanted: Tree | None) -> bool:
        for key, value in self.note.properties.items():
            if key.lower() == name.lower():
                return wanted is None or self.valued(wanted, value)
        return False

    def valued(self, tree: Tree, value: Any) -> bool:
        kind, *rest = tree
        items = value if isinstance(value, list) else [] if value is None else [value]
        texts = [str(item).lower() if isinstance(item, bool) else str(item) for item in items]
        if kind == "null":
            return value is None
        if kind == "or":
            return any(self.valued(part, value) for part in rest[0])
        if kind == "not":
            return not self.valued(rest[0], value)
        if kind == "compare":
            return any(compares(text, *rest) for text in texts)
        return any(self.says(text, rest[0], False) for text in texts)


def compares(left: str, op: str, right: str) -> bool:
    """Numbers with numbers, days with days; nothing else stands in any order."""
    day, number = r"\d{4}-\d\d-\d\d", r"\d+(\.\d+)?"
    low: Any = left
    high: Any = right
    if re.fullmatch(number, left) and re.fullmatch(number, right):
        low, high = float(left), float(right)
    elif not (re.fullmatch(day, left) and re.fullmatch(day, right)):
        return False
    return bool({"<": low < high, ">": low > high, "<=": low <= high, ">=": low >= high}[op])


# Making queries

# What would be read as an operator, a group, a tag, a property, an expression or a beginning.
_SAYS_MORE = re.compile(r"""["()\\]|^[-/#\[]|^[A-Za-z][A-Za-z-]*:|\*$""")


def make_leaf(rnd: random.Random, notes: list[Model]) -> Tree:
    kind = rnd.choice(["word"] * 6 + ["phrase", "phrase", "tag", "tag", "regex"])
    if kind == "word":
        return ("word", rnd.choice(WORDS) if rnd.random() < 0.3 else make_piece(rnd, notes))
    if kind == "tag":
        return ("tag", rnd.choice([*TAGS, "hom", "WORK"]))
    if kind == "regex":
        return ("regex", rnd.choice([r"\d{2}", r"^garden", r"pl[ao]n\b", r"caf. ", r"x\]", "тест"]))
    return ("phrase", make_phrase(rnd, notes))


def make_piece(rnd: random.Random, notes: list[Model]) -> str:
    """A part of what stands between spaces in a note or its path, from anywhere to anywhere."""
    while True:
        runs = some_text(rnd, notes).split()
        run = rnd.choice(runs) if runs else ""
        begin = rnd.randrange(len(run) + 1)
        piece = run[begin : begin + rnd.choice([1, 2, 3, 4, 5, 20])]
        if piece and not _SAYS_MORE.search(piece) and piece != "OR":
            return piece


def make_phrase(rnd: random.Random, notes: list[Model]) -> str:
    """A part of a line or a path, from anywhere to anywhere; sometimes with its case changed."""
    while True:
        text = some_text(rnd, notes)
        begin = rnd.randrange(len(text) + 1)
        phrase = text[begin : begin + rnd.randint(1, 24)]
        if phrase.strip() and not set('"\\') & set(phrase):
            return phrase.upper() if rnd.random() < 0.1 else phrase


def some_text(rnd: random.Random, notes: list[Model]) -> str:
    note = rnd.choice(notes)
    lines = [line for unit in note.units for line in unit.lines]
    return rnd.choice([*lines, note.path.removesuffix(".md")])


def make_property(rnd: random.Random) -> Tree:
    name = rnd.choice(["status", "rating", "due", "aliases", "done", "Tags", "missing"])
    value = rnd.choice(
        [
            None,
            ("null",),
            ("word", "draft"),
            ("word", "true"),
            ("phrase", "in review"),
            ("or", (("word", "Draft"), ("word", "Published"))),
            ("not", ("word", "draft")),
            ("compare", rnd.choice(["<", ">", "<=", ">="]), rnd.choice(["2.5", "9", "2026-05-01"])),
            ("word", "home"),
            ("word", rnd.choice(["raf", "or", "6-0", "ump", "e"])),
            ("phrase", rnd.choice(["n rev", "ld pu", "26-1"])),
        ]
    )
    return ("property", name, value)


def make_name_query(rnd: random.Random) -> Tree:
    leaves: list[Tree] = [
        ("word", rnd.choice(["gard", ".md", "1", "OLD", "Plan", "2026-0"])),
        ("phrase", rnd.choice(["Garden/Old", "ump 1", "d plan"])),
        ("regex", r"\d{4}-\d\d"),
    ]
    leaf = rnd.choice(leaves)
    return rnd.choice([leaf, ("not", leaf), ("or", (leaf, ("word", "roof")))])


def make_tree(rnd: random.Random, notes: list[Model], depth: int = 0) -> Tree:
    roll = rnd.random()
    if depth >= 3 or roll < 0.35:
        return make_leaf(rnd, notes)
    if roll < 0.6:
        parts = tuple(make_tree(rnd, notes, depth + 1) for _ in range(rnd.randint(2, 3)))
        return (rnd.choice(["and", "and", "or"]), parts)
    if roll < 0.7:
        return ("not", make_tree(rnd, notes, depth + 1))
    if roll < 0.86:
        kinds = ["line", "block", "section", "task", "task-todo", "task-done", "content"]
        return (rnd.choice(kinds), make_inner(rnd, notes))
    if roll < 0.91:
        return (rnd.choice(["file", "path"]), make_name_query(rnd))
    if roll < 0.96:
        return make_property(rnd)
    if roll < 0.98:
        return ("daily", f"2026-{rnd.randint(1, 12):02}")
    return ("case", make_inner(rnd, notes))


def make_inner(rnd: random.Random, notes: list[Model]) -> Tree:
    leaves = [make_leaf(rnd, notes) for _ in range(rnd.randint(1, 2))]
    if rnd.random() < 0.3:
        leaves[-1] = ("not", leaves[-1])
    return leaves[0] if len(leaves) == 1 else (rnd.choice(["and", "or"]), tuple(leaves))


def render(tree: Tree, inner: bool = False) -> str:
    """The tree as the owner would type it."""
    kind, *rest = tree
    if kind == "word":
        return str(rest[0])
    if kind == "phrase":
        return f'"{rest[0]}"'
    if kind == "regex":
        return f"/{rest[0]}/"
    if kind == "tag":
        return f"tag:#{rest[0]}"
    if kind in {"and", "or"}:
        joined = (" OR " if kind == "or" else " ").join(render(part, True) for part in rest[0])
        return f"({joined})" if inner else joined
    if kind == "not":
        shown = render(rest[0], True)
        return f"-({shown})" if shown.startswith("-") else f"-{shown}"
    if kind == "case":
        return "match-case:" + render(rest[0], True)
    if kind == "daily":
        return f"daily:{rest[0]}"
    if kind == "property":
        name, value = rest
        return f"[{name}]" if value is None else f"[{name}:{render_value(value)}]"
    return f"{kind}:" + render(rest[0], True)


def render_value(tree: Tree) -> str:
    if tree[0] == "null":
        return "null"
    if tree[0] == "compare":
        return f"{tree[1]}{tree[2]}"
    return render(tree)
