"""What counts beside the words: recency, links, names, each as much as the owner wants."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from datetime import time as datetime_time
from pathlib import Path

import pytest

from octopus.backends.whoosh.engine import Engine
from octopus.backends.whoosh.settings import IndexSettings, Weights

from .conftest import TODAY, found, write

NONE = Weights(recency=0, links=0, names=0)

Make = Callable[[Weights], Engine]


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    """Opens an engine over ``tmp_path/vault`` with these weights."""
    engines: list[Engine] = []

    def open_engine(weights: Weights) -> Engine:
        settings = IndexSettings(today=lambda: TODAY, weights=weights)
        folder = tmp_path / f"index{len(engines)}"
        engine = Engine(tmp_path / "vault", folder, settings)
        engine.open(False)
        engine.catch_up()
        engines.append(engine)
        return engine

    yield open_engine
    for engine in engines:
        engine.close()


def aged(root: Path, path: str, text: str, days: float) -> None:
    write(root, path, text)
    moment = datetime.combine(TODAY, datetime_time(12)) - timedelta(days=days)
    os.utime(root / path, (moment.timestamp(), moment.timestamp()))


def test_of_two_alike_the_newer_comes_first(tmp_path: Path, make: Make) -> None:
    root = tmp_path / "vault"
    aged(root, "A.md", "a lamp in the hall", 400)
    aged(root, "B.md", "a lamp in the hall", 1)
    assert found(make(Weights()), "lamp") == ["B.md", "A.md"]
    assert found(make(NONE), "lamp") == ["A.md", "B.md"]


def test_of_two_alike_the_one_that_is_linked_to_comes_first(tmp_path: Path, make: Make) -> None:
    root = tmp_path / "vault"
    for name in "AB":
        aged(root, f"{name}.md", "a lamp in the hall", 10)
    for number in range(3):
        aged(root, f"Link {number}.md", "see [[B]], [[B|again]] and [b](B.md)", 10)
    engine = make(Weights())
    assert found(engine, "lamp") == ["B.md", "A.md"]
    assert found(make(NONE), "lamp") == ["A.md", "B.md"]
    assert "3 notes link to its name" in " ".join(engine.explain("lamp", "B.md").reasons)


@pytest.mark.parametrize(
    "link",
    [
        "[[Sub/Lamp Äpfel]]",
        "[[lamp äpfel#Heading|shown]]",
        "![[Lamp Äpfel]]",
        "[x](Sub/Lamp%20%C3%84pfel.md)",
        "---\nup: '[[Lamp Äpfel]]'\n---\n",
        "[[Lamp A\u0308pfel]]",
    ],
)
def test_a_link_however_it_is_written(tmp_path: Path, make: Make, link: str) -> None:
    root = tmp_path / "vault"
    aged(root, "Sub/Lamp Äpfel.md", "shade", 10)
    aged(root, "Linking.md", link, 10)
    told = make(Weights()).explain("shade", "Sub/Lamp Äpfel.md")
    assert any("1 notes link to its name" in line for line in told.reasons)


def test_links_follow_the_notes(tmp_path: Path, make: Make) -> None:
    root = tmp_path / "vault"
    for name in "AB":
        aged(root, f"{name}.md", "a lamp in the hall", 10)
    engine = make(Weights())
    aged(root, "Linking.md", "[[B]]", 10)
    engine.follow({"Linking.md"})
    assert found(engine, "lamp") == ["B.md", "A.md"]
    aged(root, "Linking.md", "[[A]]", 9)
    engine.follow({"Linking.md"})
    engine.rebuild(None)
    assert found(engine, "lamp") == ["A.md", "B.md"]


def test_a_note_does_not_count_by_linking_to_itself(tmp_path: Path, make: Make) -> None:
    root = tmp_path / "vault"
    aged(root, "A.md", "a lamp in the hall", 10)
    aged(root, "B.md", "a lamp in the [[b]]", 10)
    assert "link" not in " ".join(make(Weights()).explain("lamp", "B.md").reasons)


def test_what_is_known_beforehand_does_not_outweigh_the_words(tmp_path: Path, make: Make) -> None:
    root = tmp_path / "vault"
    aged(root, "Old.md", "lamp lamp lamp", 3000)
    aged(root, "New.md", "one lamp among " + "other words " * 50, 0)
    for number in range(120):
        aged(root, f"L{number}.md", "[[New]]", 5)
    assert found(make(Weights()), "lamp")[0] == "Old.md"


def test_a_name_that_is_the_query_comes_first_as_far_as_wanted(tmp_path: Path, make: Make) -> None:
    root = tmp_path / "vault"
    aged(root, "Lamp.md", "in the hall " * 40, 10)
    aged(root, "Light.md", "lamp " * 12, 10)
    aged(root, "Alias.md", "---\naliases: [Hall light]\n---\nnothing", 10)
    assert found(make(Weights()), "lamp")[0] == "Lamp.md"
    assert found(make(NONE), "lamp")[0] == "Light.md"
    assert found(make(Weights()), "hall light")[0] == "Alias.md"
