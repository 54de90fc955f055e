"""Vectors last, are never made twice, and never mixed between models."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from octopus.backends.embedding.table import Place, Table

Opener = Callable[..., Table]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Opener]:
    tables: list[Table] = []

    def open_table(model: str = "m1") -> Table:
        table = Table(tmp_path / "state" / "meaning.db", model)
        table.open()
        tables.append(table)
        return table

    yield open_table
    for table in tables:
        table.close()


def test_what_was_put_is_there_again(opened: Opener) -> None:
    table = opened()
    assert table.missing([b"a", b"b", b"a"]) == [b"a", b"b"]
    table.add([b"a", b"b"], [b"1111", b""], 1)
    assert table.missing([b"a", b"b", b"c"]) == [b"c"]
    rows = table.put("A.md", (5, 6), [Place(1, b"a"), Place(9, b"b"), Place(12, b"a")])
    assert rows == [(1, b"1111"), (12, b"1111")]  # b has no vector and is not asked for again
    table.close()
    again = opened()
    assert again.notes() == {"A.md": (5, 6)}
    assert list(again.every()) == [("A.md", 1, b"1111"), ("A.md", 12, b"1111")]
    assert again.size() > 0


def test_another_model_sees_nothing_of_the_first(opened: Opener) -> None:
    first = opened()
    first.add([b"a"], [b"1111"], 1)
    first.put("A.md", (5, 6), [Place(1, b"a")])
    first.close()
    second = opened("m2")
    assert second.notes() == {}
    assert list(second.every()) == []
    assert second.missing([b"a"]) == [b"a"]
    second.add([b"a"], [b"22222222"], 2)
    assert second.put("A.md", (5, 6), [Place(1, b"a")]) == [(1, b"22222222")]
    second.tidy()
    second.close()
    back = opened()
    assert back.missing([b"a"]) == [b"a"]  # those of the other model were let go
    assert back.notes() == {}


def test_vectors_without_a_paragraph_are_let_go(opened: Opener) -> None:
    table = opened()
    table.add([b"a", b"b"], [b"1111", b"2222"], 1)
    table.put("A.md", (1, 1), [Place(1, b"a")])
    table.put("B.md", (1, 1), [Place(1, b"b")])
    table.put("A.md", (2, 2), [])
    table.remove("B.md")
    assert table.notes() == {"A.md": (2, 2)}
    table.tidy()
    assert table.missing([b"a", b"b"]) == [b"a", b"b"]


@pytest.mark.parametrize("data", [b"no database" * 200, b"SQLite format 3\0" + b"\xff" * 4000])
def test_a_spoilt_file_is_made_anew(tmp_path: Path, opened: Opener, data: bytes) -> None:
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "meaning.db").write_bytes(data)
    assert opened().notes() == {}


def test_a_file_of_another_version_is_made_anew(tmp_path: Path, opened: Opener) -> None:
    table = opened()
    table.add([b"a"], [b"1111"], 1)
    table.close()
    database = sqlite3.connect(tmp_path / "state" / "meaning.db")
    database.execute("PRAGMA user_version = 77")
    database.close()
    assert opened().missing([b"a"]) == [b"a"]
