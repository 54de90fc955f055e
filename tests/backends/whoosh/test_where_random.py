"""The line that is pointed at, compared with a slow search for the best one in made-up notes."""

from __future__ import annotations

import random
import re
from datetime import date

import pytest

from octopus.backends.whoosh.analysis import Analyzer
from octopus.backends.whoosh.scan import Stamp
from octopus.backends.whoosh.texts import Source
from octopus.backends.whoosh.where import find_place
from octopus.obsidian.query import parse

WORDS = ["rose", "roses", "Rose", "prune", "prunes", "pump", "über", "garden", "a-b", "tea time"]
SEED_COUNT = 400


def make_lines(rnd: random.Random) -> list[str]:
    """Headings, tasks, text and gaps."""
    lines = []
    for _ in range(rnd.randint(1, 40)):
        said = " ".join(rnd.choices(WORDS, k=rnd.randint(1, 3)))
        lines.append(rnd.choice(["", "", "## " + said, "- [ ] " + said, "- [x] " + said, said]))
    return lines


def has(line: str, wanted: str) -> bool:
    return wanted.lower() in line.lower()


def has_whole(line: str, wanted: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(wanted)}(?!\w)", line, re.IGNORECASE) is not None


def sections(lines: list[str]) -> list[list[int]]:
    found: list[list[int]] = [[]]
    for number, line in enumerate(lines):
        if line.startswith("## "):
            found.append([])
        found[-1].append(number)
    return found


def best_line(lines: list[str], words: list[str]) -> int | None:
    """Most words in the line, then whole ones, then most in five lines, then in the section."""

    def held(numbers: list[int]) -> int:
        return sum(any(has(lines[n], word) for n in numbers) for word in words)

    best: tuple[int, ...] = ()
    chosen = None
    for number, line in enumerate(lines):
        near = [n for n in range(number - 2, number + 3) if 0 <= n < len(lines)]
        (section,) = [each for each in sections(lines) if number in each]
        whole = sum(has_whole(line, word) for word in words)
        worth = (held([number]), whole, held(near), held(section))
        if worth[0] and worth > best:
            best, chosen = worth, number + 1
    return chosen


def first(lines: list[str], holds: object) -> int | None:
    assert callable(holds)
    return next((number for number, line in enumerate(lines, 1) if holds(line)), None)


def pointed_at(lines: list[str], query: str) -> int | None:
    text = "\n".join(lines)
    root = parse(query, date(2026, 11, 20)).root
    assert root is not None
    place = find_place(Source("n.md", text, Stamp(1, 1)), root, {}, Analyzer())
    return None if place is None else text.count("\n", 0, place) + 1


@pytest.mark.parametrize("seed", range(0, SEED_COUNT, 10))
def test_words(seed: int) -> None:
    for each in range(seed, seed + 10):
        rnd = random.Random(each)
        lines = make_lines(rnd)
        words = rnd.sample(["rose", "prune", "pump", "über", "garden", "ump"], rnd.randint(1, 3))
        expected = best_line(lines, words)
        for query in (" ".join(words), " OR ".join(words), " ".join(words) + " -nothing"):
            assert pointed_at(lines, query) == expected, (query, lines)


@pytest.mark.parametrize("seed", range(0, SEED_COUNT, 10))
def test_what_one_line_has_to_fulfil(seed: int) -> None:
    for each in range(seed, seed + 10):
        rnd = random.Random(each)
        lines = make_lines(rnd)
        one, other = rnd.sample(["rose", "prune", "pump", "über"], 2)

        # B023: what these functions close over is used before the loop goes on.
        both = first(lines, lambda line: has(line, one) and has(line, other))  # noqa: B023
        if both is not None:
            found = pointed_at(lines, f"line:({one} {other})")
            assert found is not None
            assert has(lines[found - 1], one)
            assert has(lines[found - 1], other)
        else:
            assert pointed_at(lines, f"line:({one} {other})") is None
        without = first(lines, lambda line: has(line, one) and not has(line, other))  # noqa: B023
        found = pointed_at(lines, f"line:({one} -{other})")
        assert (found is None) == (without is None)
        if found is not None:
            assert has(lines[found - 1], one)
            assert not has(lines[found - 1], other)
        spelled = first(lines, lambda line: "Rose" in line)
        assert pointed_at(lines, "match-case:Rose") == spelled
        expression = first(lines, lambda line: re.search("pr.ne.? p", line))
        assert pointed_at(lines, "/pr.ne.? p/") == expression


@pytest.mark.parametrize("seed", range(0, SEED_COUNT, 10))
def test_phrases_and_tasks(seed: int) -> None:
    for each in range(seed, seed + 10):
        rnd = random.Random(each)
        lines = make_lines(rnd)
        words = rnd.sample(["rose", "prune", "pump", "über"], 2)
        phrase = " ".join(words)
        whole = first(lines, lambda line: has_whole(line, phrase))  # noqa: B023
        part = first(lines, lambda line: has(line, phrase))  # noqa: B023
        if part is not None:
            assert pointed_at(lines, f'"{phrase}"') == (whole or part)
        for kind, box in (("task-todo", "- [ ] "), ("task-done", "- [x] ")):
            whole = first(lines, lambda line: line.startswith(box) and has_whole(line, "rose"))  # noqa: B023
            found = pointed_at(lines, f"{kind}:rose")
            tasks = [n for n, ln in enumerate(lines, 1) if ln.startswith(box) and has(ln, "rose")]
            assert found == (whole or (tasks[0] if tasks else None))
