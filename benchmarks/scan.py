"""What it costs to read a note: ``python -m benchmarks.scan``.

Three ways on the same notes in one run. Ours finds properties, headings, links, embeds, tags,
tasks, block ids, callouts, comments, inline fields and footnotes with line and offset. The hand
scan is what a quick script would do with a handful of patterns: properties, links, tags and
headings, code left out, nothing about where they stand.
markdown-it-py parses CommonMark and knows none of what Obsidian adds.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

from markdown_it import MarkdownIt

from octopus.obsidian.scan import scan

RESULTS = Path(__file__).parent / "results" / "scan.json"
WORDS = [
    *("garden", "harbour", "winter", "kettle", "note", "project", "insulation", "window"),
    *("budget", "table", "recipe", "dentist", "morning", "letter", "river", "the", "and"),
    *("with", "from", "about", "which", "is", "was", "our", "my", "to", "of", "in", "a", "for"),
]
_PROPERTIES = re.compile(r"---\n(.*?)\n---\n", re.DOTALL)
_CODE = re.compile(r"^(`{3,}|~{3,}).*?^\1|`[^`\n]*`", re.DOTALL | re.MULTILINE)
_HEADING = re.compile(r"^(#{1,6})[ \t]+(.*)$", re.MULTILINE)
_LINK = re.compile(r"!?\[\[([^\[\]|#\n]*)(#[^\[\]|\n]*)?(?:\|([^\[\]\n]*))?\]\]")
_MARKDOWN = re.compile(r"!?\[([^\]\n]*)\]\(([^)\s]+)\)")
_TAG = re.compile(r"(?<!\S)#([^\s#.,;:!?'\"()\[\]{}<>|`]+)")


def hand_scan(text: str) -> tuple[dict[str, Any], list[Any], list[Any], list[Any]]:
    """The yardstick: properties, headings, links and tags, and not where they are."""
    properties: dict[str, Any] = {}
    if found := _PROPERTIES.match(text):
        name = ""
        for line in found[1].split("\n"):  # no YAML: names, values and plain lists
            if line.startswith("  - "):
                properties[name] = [*(properties[name] or ()), line[4:]]
            else:
                name, _, value = line.partition(":")
                properties[name] = value.strip() or None
        text = text[found.end() :]
    text = _CODE.sub("", text)
    links = [*_LINK.findall(text), *_MARKDOWN.findall(text)]
    return properties, _HEADING.findall(text), links, _TAG.findall(text)


def sentence(random: Random, length: int = 14) -> str:
    words = [random.choice(WORDS) for _ in range(random.randint(length // 2, length))]
    for chance, word in (
        (0.2, f"[[{random.choice(WORDS)} {random.choice(WORDS)}]]"),
        (0.1, f"#{random.choice(WORDS)}"),
        (0.08, "`code x`"),
        (0.1, "**bold**"),
        (0.05, "[l](https://example.com/x)"),
    ):
        if random.random() < chance:
            words[random.randrange(len(words))] = word
    return f"{' '.join(words).capitalize()}."


def block(random: Random) -> str:
    """A paragraph, a heading, a list, tasks, code or a callout, as often as people write them."""
    kind = random.random()
    if kind < 0.45:
        return " ".join(sentence(random) for _ in range(random.randint(2, 5)))
    if kind < 0.6:
        return f"## {sentence(random, 5)}"
    if kind < 0.75:
        return "\n".join(f"- {sentence(random, 9)}" for _ in range(random.randint(2, 6)))
    if kind < 0.85:
        return "\n".join(
            f"- [{random.choice(' x')}] {sentence(random, 7)} 📅 2026-11-2{random.randint(0, 9)}"
            for _ in range(random.randint(1, 5))
        )
    if kind < 0.92:
        return f"```py\n{sentence(random)}\n{sentence(random)}\n```"
    return f"> [!note] hey\n> {sentence(random)}"


def note(random: Random, number: int) -> str:
    """About 2,000 characters, the mean of public vaults."""
    parts = [f"# Title {number}"]
    if random.random() < 0.6:
        tag = random.choice(WORDS)
        parts[0] = f"---\ntags:\n  - a/b\n  - {tag}\ncreated: 2026-01-02\n---\n{parts[0]}"
    while sum(map(len, parts)) < 1900:
        parts.append(block(random))
    return "\n\n".join(parts) + "\n"


def cost(work: Callable[[str], object], notes: list[str]) -> float:
    """Microseconds of this thread's own time a note."""
    began = time.thread_time()
    for text in notes:
        work(text)
    return (time.thread_time() - began) / len(notes) * 1e6


def measured(count: int, rounds: int) -> dict[str, Any]:
    """The medians of rounds in which each way has its turn."""
    random = Random(1)
    notes = [note(random, number) for number in range(count)]
    ways: dict[str, Callable[[str], object]] = {
        "ours": scan,
        "hand scan": hand_scan,
        "markdown-it-py": MarkdownIt().parse,
    }
    times: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, work in ways.items():
            times[name].append(cost(work, notes))
    figures = {name: round(statistics.median(each), 1) for name, each in times.items()}
    ours = figures["ours"]
    return {
        "notes": count,
        "characters a note": round(sum(map(len, notes)) / count),
        "microseconds a note": figures,
        "ratio to the hand scan (aim: at most 1.5)": round(ours / figures["hand scan"], 2),
        "times faster than markdown-it-py (aim: at least 5)": round(
            figures["markdown-it-py"] / ours, 2
        ),
    }


def main() -> int:
    """Print and keep the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--notes", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=5)
    args = parser.parse_args()
    result = measured(args.notes, args.rounds)
    print(json.dumps(result, indent=2))
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
