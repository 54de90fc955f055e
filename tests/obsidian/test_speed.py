"""The scanner against a full Markdown parse of the same notes, in one run."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from markdown_it import MarkdownIt

from benchmarks.scan import hand_scan, note
from octopus.obsidian.resolve import Resolver
from octopus.obsidian.scan import scan
from tests.effort import effort, holds_once


def best(work: Callable[[str], object], notes: list[str]) -> float:
    """The effort for all notes."""
    return effort(lambda: [work(text) for text in notes], rounds=3)


def test_a_scan_costs_a_fraction_of_a_full_parse() -> None:
    """Seven to eight times on a quiet machine; half of that must be left on a busy one."""
    random = Random(1)
    notes = [note(random, number) for number in range(60)]
    assert holds_once(lambda: best(scan, notes) * 3.5 < best(MarkdownIt().parse, notes))


def test_a_scan_costs_little_more_than_a_handful_of_patterns() -> None:
    """About as much on a quiet machine; twice as much on a busy one is still no other order."""
    random = Random(2)
    notes = [note(random, number) for number in range(60)]
    assert holds_once(lambda: best(scan, notes) < 2.5 * best(hand_scan, notes))


def test_the_yardstick_finds_what_the_scanner_finds() -> None:
    """A yardstick that did less on these notes would measure nothing."""
    random = Random(3)
    for number in range(60):
        text = note(random, number)
        found, (properties, headings, links, tags) = scan(text), hand_scan(text)
        assert found.properties == properties
        assert [heading.level for heading in found.headings] == [len(each[0]) for each in headings]
        assert [tag.name for tag in found.body_tags] == tags
        inside = [each for each in links if len(each) == 3]
        assert [link.target for link in found.links] == [each[0] for each in inside]


def test_resolving_does_not_get_slower_with_the_vault() -> None:
    """A hundred times the notes: a look-up costs no more than four times as much."""

    def cost(size: int) -> float:
        paths = [f"f{number % 100}/n{number}.md" for number in range(size)]
        resolver = Resolver(paths)
        return best(
            lambda target: resolver.resolve(target, "f1/x.md"),
            [f"n{number % size}" for number in range(2000)],
        )

    assert holds_once(lambda: cost(50_000) < 4 * cost(500))
