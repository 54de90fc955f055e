"""The scanner against a full Markdown parse of the same notes, in one run."""

from __future__ import annotations

import time
from collections.abc import Callable
from random import Random

from markdown_it import MarkdownIt

from octopus.obsidian.resolve import Resolver
from octopus.obsidian.scan import scan

WORDS = [
    *("garden", "harbour", "winter", "kettle", "note", "project", "insulation", "window"),
    *("budget", "table", "recipe", "dentist", "morning", "letter", "river", "the", "and"),
    *("with", "from", "about", "which", "is", "was", "our", "my", "to", "of", "in", "a", "for"),
]


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


def best(work: Callable[[str], object], notes: list[str]) -> float:
    """Seconds of this thread's own time for all notes, the best of three rounds."""
    times = []
    for _ in range(3):
        start = time.thread_time()
        for text in notes:
            work(text)
        times.append(time.thread_time() - start)
    return min(times)


def test_a_scan_costs_a_fraction_of_a_full_parse() -> None:
    """Seven to eight times on a quiet machine; half of that must be left on a busy one."""
    random = Random(1)
    notes = [note(random, number) for number in range(60)]
    scanned, parsed = best(scan, notes), best(MarkdownIt().parse, notes)
    assert scanned * 3.5 < parsed


def test_resolving_does_not_get_slower_with_the_vault() -> None:
    """A hundred times the notes: a look-up costs no more than four times as much."""

    def cost(size: int) -> float:
        paths = [f"f{number % 100}/n{number}.md" for number in range(size)]
        resolver = Resolver(paths)
        return best(
            lambda target: resolver.resolve(target, "f1/x.md"),
            [f"n{number % size}" for number in range(2000)],
        )

    assert cost(50_000) < 4 * cost(500)
