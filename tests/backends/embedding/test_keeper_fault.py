"""A file of vectors that is damaged or locked costs time, and never search by meaning for good."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from octopus.backends.embedding.table import Table
from tests.backends.embedding.test_keeper import Make, fake, make, model, texts, until, vault, write
from tests.fakes.ollama import EMBEDDER, FakeOllama

__all__ = ["fake", "make", "model", "vault"]  # pytest finds fixtures by their names here


def broken(file: Path) -> None:
    """Overwrite all pages but the first, as a failing disk may."""
    data = bytearray(file.read_bytes())
    data[4096:] = b"\xa5" * (len(data) - 4096)
    file.write_bytes(data)


async def test_pages_that_are_damaged_are_found_at_the_start(
    make: Make, fake: FakeOllama, tmp_path: Path
) -> None:
    first = make()
    await first.settle()
    await first.close()
    before = len(texts(fake))
    broken(tmp_path / "meaning.db")
    again = make()
    await until(lambda: "4 of 4 notes, 2 paragraphs" in again.status())
    assert len(texts(fake)) == 2 * before
    assert (await again.nearest("varnish the hull"))[0].path == "Boat.md"


@pytest.mark.parametrize("method", ["missing", "add", "put", "tidy"])
async def test_damage_that_shows_while_it_works_begins_anew(
    make: Make, vault: Path, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    real, faults = getattr(Table, method), [sqlite3.DatabaseError("disk image is malformed")]

    def damaged(table: Table, *args: Any) -> Any:
        if faults:
            raise faults.pop()
        return real(table, *args)

    monkeypatch.setattr(Table, method, damaged)
    keeper = make()
    write(vault, "New.md", "A new note.\n")
    await until(lambda: not faults and "malformed" not in keeper.status())
    await until(lambda: "5 of 5 notes, 3 paragraphs" in keeper.status())


async def test_damage_that_cannot_be_mended_is_said_and_tried_again(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    faults: list[Exception] = [OSError("read-only"), sqlite3.DatabaseError("malformed")]
    real = Table.missing

    def damaged(table: Table, *args: Any) -> Any:
        if len(faults) == 2:
            raise faults.pop()
        return real(table, *args)

    def renew(table: Table, reason: object) -> None:
        if faults:
            raise faults.pop()

    monkeypatch.setattr(Table, "missing", damaged)
    monkeypatch.setattr(Table, "renew", renew)
    keeper = make()
    await until(lambda: not faults and "4 of 4 notes, 2 paragraphs" in keeper.status())


async def test_a_lock_at_the_start_is_waited_for(
    make: Make, fake: FakeOllama, monkeypatch: pytest.MonkeyPatch, vault: Path
) -> None:
    first = make()
    await first.settle()
    await first.close()
    before = len(texts(fake))
    real, faults = Table.open, 3

    def locked(table: Table) -> None:
        nonlocal faults
        if faults:
            faults -= 1
            raise sqlite3.OperationalError("database is locked")
        real(table)

    monkeypatch.setattr(Table, "open", locked)
    keeper = make()
    await keeper.settle()
    assert "its file cannot be used: database is locked" in keeper.status()
    assert await keeper.nearest("varnish the hull") == []
    await until(lambda: "4 of 4 notes, 2 paragraphs" in keeper.status())
    await until(lambda: "locked" not in keeper.status())
    assert len(texts(fake)) == before  # nothing was thrown away
    assert (await keeper.nearest("varnish the hull"))[0].path == "Boat.md"


async def test_a_full_disk_is_said_and_goes_on_when_there_is_room(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, full = Table.add, True

    def add(table: Table, *args: Any) -> None:
        if full:
            raise sqlite3.OperationalError("database or disk is full")
        real(table, *args)

    monkeypatch.setattr(Table, "add", add)
    keeper = make()
    await keeper.settle()
    assert "disk is full" in keeper.status()
    full = False
    await until(lambda: "4 of 4 notes, 2 paragraphs" in keeper.status())
    await until(lambda: "full" not in keeper.status())


@pytest.mark.parametrize(
    "answer",
    [
        lambda texts: [],  # fewer than were asked for
        lambda texts: [[1.0, 0.0]] * (len(texts) + 1),
        lambda texts: [[1.0] * (1 + n) for n in range(len(texts))],  # of different lengths
    ],
)
async def test_vectors_that_do_not_fit_are_not_kept(make: Make, answer: Any) -> None:
    calls = 0

    async def embed(model: str, texts: list[str], *, background: bool) -> list[list[float]]:
        nonlocal calls
        calls += 1
        return list(answer(texts)) if calls == 1 else [[1.0, 0.5]] * len(texts)

    keeper = make(EMBEDDER, embed)
    await keeper.settle()
    assert "0 paragraphs" in keeper.status()
    await until(lambda: "4 of 4 notes, 2 paragraphs" in keeper.status())
