"""The index as a whole, on a vault on disk."""

from __future__ import annotations

import asyncio
import gc
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from octopus.backends.whoosh import IndexSettings, WhooshIndex, indexer, merge
from octopus.backends.whoosh.index import MOST_HINTS
from octopus.errors import VaultError
from octopus.frontends.watcher import Watcher
from tests.patience import PATIENCE

ROSES = """\
---
tags: [plants]
aliases: [Old roses]
---
# Roses

Prune in February.

## Feeding

Bone meal, %%secret supplier%% twice a year.
"""
PUMP = """\
# Heat pump

The pump hums at night. #house/heating
- [ ] call the plumber
- [x] read the manual
"""


def write(root: Path, path: str, text: str) -> None:
    target = root / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, "utf-8")


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    root = tmp_path / "vault"
    write(
        root,
        "Garden/Roses.md",
        ROSES,
    )
    write(
        root,
        "Heat pump.md",
        PUMP,
    )
    write(root, "Ideas.md", "A podcast about harbour towns. Straße, ёлка, 冰箱型号BX-200\n")
    return root


@pytest.fixture
async def index(vault: Path, tmp_path: Path) -> AsyncIterator[WhooshIndex]:
    index = WhooshIndex(vault, tmp_path / "index", IndexSettings(debounce=0.01))
    await index.open(reconcile=True)
    yield index
    await index.close()


async def paths(index: WhooshIndex, query: str) -> list[str]:
    return [hit.path for hit in (await index.search(query)).hits]


@pytest.mark.parametrize(
    ("query", "expected", "stage"),
    [
        ("prune february", ["Garden/Roses.md"], "exact"),
        ("rose", ["Garden/Roses.md"], "stemmed"),
        ("podcats", ["Ideas.md"], "fuzzy"),
        ("harbour zeppelin", ["Ideas.md"], "any"),
        ("STRASSE", ["Ideas.md"], "exact"),
        ("елка", ["Ideas.md"], "exact"),
        ("型号", ["Ideas.md"], "exact"),
        ("BX-200", ["Ideas.md"], "exact"),
        ('"at night"', ["Heat pump.md"], "exact"),
        ('"night at"', [], "exact"),
        ("tag:house", ["Heat pump.md"], "exact"),
        ("pump -night", [], "exact"),
        ("path:garden", ["Garden/Roses.md"], "exact"),
        ("harbour OR plumber", ["Heat pump.md", "Ideas.md"], "exact"),
    ],
)  # fmt: skip
async def test_finds(index: WhooshIndex, query: str, expected: list[str], stage: str) -> None:
    hits = await index.search(query)
    assert sorted(hit.path for hit in hits.hits) == expected
    assert hits.stage == stage


async def test_hit_says_where(index: WhooshIndex) -> None:
    (hit,) = (await index.search("bone meal")).hits
    assert (hit.title, hit.heading, hit.line) == ("Roses", "Feeding", 11)
    assert "Bone meal" in hit.snippet
    assert "secret" not in hit.snippet


async def test_follows_changes(index: WhooshIndex, vault: Path) -> None:
    write(vault, "Ideas.md", "now about lighthouses")
    write(vault, "New.md", "something zymurgical")
    (vault / "Heat pump.md").unlink()
    for path in ("Ideas.md", "New.md", "Heat pump.md"):
        index.hint(path)
    await index.settle()
    assert await paths(index, "lighthouses") == ["Ideas.md"]
    assert await paths(index, "zymurgical") == ["New.md"]
    assert await paths(index, "harbour") == []
    assert await paths(index, "plumber") == []


async def test_hints_from_other_threads(index: WhooshIndex, vault: Path) -> None:
    def save(number: int) -> None:
        write(vault, f"t{number}.md", f"threaded{number}x")
        index.hint(f"t{number}.md")

    await asyncio.gather(*(asyncio.to_thread(save, number) for number in range(20)))
    await index.settle()
    for number in range(20):
        assert await paths(index, f"threaded{number}x") == [f"t{number}.md"]


async def test_hints_are_followed_without_being_asked(index: WhooshIndex, vault: Path) -> None:
    write(vault, "Soon.md", "zymurgy")
    index.hint("Soon.md")
    async with asyncio.timeout(PATIENCE):
        while not await paths(index, "zymurgy"):
            await asyncio.sleep(0.01)


async def test_excluded_files_are_followed_without_a_hint(vault: Path, tmp_path: Path) -> None:
    index = WhooshIndex(
        vault, tmp_path / "index", IndexSettings(debounce=0.01, settings_interval=0.01)
    )
    await index.open()
    assert await paths(index, "february") == ["Garden/Roses.md"]
    write(vault, ".obsidian/app.json", '{"userIgnoreFilters": ["Garden/"]}')
    async with asyncio.timeout(PATIENCE):
        while await paths(index, "february"):
            await asyncio.sleep(0.01)
    await index.close()


async def test_lag_is_the_age_of_the_oldest_hint(
    vault: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexer, "RACY_NS", 0)  # nothing is so fresh that it is looked at twice
    index = WhooshIndex(vault, tmp_path / "index", IndexSettings(debounce=3600))
    await index.open(reconcile=True)
    assert (await index.status()).lag_ms == 0
    index.hint("Ideas.md")
    assert (await index.status()).lag_ms > 0
    await index.settle()
    assert (await index.status()).lag_ms == 0
    await index.close()


async def test_many_hints_become_one_scan(index: WhooshIndex, vault: Path) -> None:
    for number in range(MOST_HINTS + 10):
        index.hint(f"never/{number}.md")
    assert index._hints.take() == {""}
    write(vault, "Seen.md", "zymurgy")
    index.hint("")
    await index.settle()
    assert await paths(index, "zymurgy") == ["Seen.md"]


async def test_hints_before_opening_are_kept(vault: Path, tmp_path: Path) -> None:
    index = WhooshIndex(vault, tmp_path / "index", IndexSettings(debounce=0.001))
    index.hint("Ideas.md")
    await index.open()
    await index.settle()
    assert await paths(index, "harbour") == ["Ideas.md"]
    await index.close()


async def test_answers_while_it_is_being_built(
    vault: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from octopus.backends.whoosh.indexer import Indexer

    go_on = threading.Event()
    build = Indexer.rebuild

    def waiting(self: Indexer, report: Callable[[float], None] | None = None) -> None:
        go_on.wait(PATIENCE)
        build(self, report)

    monkeypatch.setattr(Indexer, "rebuild", waiting)
    index = WhooshIndex(vault, tmp_path / "index", IndexSettings())
    await index.open()
    hits = await index.search("harbour")
    assert [hit.path for hit in hits.hits] == ["Ideas.md"]
    assert "being built" in hits.note
    assert (await index.status()).indexed == 0
    go_on.set()
    await index.settle()
    assert (await index.search("harbour")).note == ""
    await index.close()


async def test_rebuild_tells_its_progress(index: WhooshIndex) -> None:
    shares: list[float] = []
    before = (await index.status()).generation
    await index.rebuild(shares.append)
    assert shares[-1] == 1.0
    assert (await index.status()).generation == before + 1
    assert await paths(index, "harbour") == ["Ideas.md"]


async def test_closing_while_building_returns_soon(vault: Path, tmp_path: Path) -> None:
    for number in range(300):
        write(vault, f"n{number}.md", "words " * 500)
    index = WhooshIndex(vault, tmp_path / "index", IndexSettings())
    await index.open()
    async with asyncio.timeout(PATIENCE):
        await index.close()
    again = WhooshIndex(vault, tmp_path / "index", IndexSettings())
    await again.open(reconcile=True)
    assert (await again.search("words")).total == 300
    await again.close()


async def test_a_change_is_found_while_segments_are_merged(
    index: WhooshIndex, vault: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    merging, gate, pooled = threading.Event(), threading.Event(), merge.pooled

    def slow(*args: Any) -> Any:
        merging.set()
        assert gate.wait(20)
        return pooled(*args)

    monkeypatch.setattr(merge, "pooled", slow)
    for number in range(merge.MOST + 4):
        write(vault, f"n{number}.md", f"common word{number:02}")
        index.hint(f"n{number}.md")
        await index.settle()
    assert await asyncio.to_thread(merging.wait, 20)
    write(vault, "n0.md", "something else")
    (vault / "n1.md").unlink()
    write(vault, "New.md", "zymurgy")
    for path in ("n0.md", "n1.md", "New.md"):
        index.hint(path)
    await index.settle()
    assert await paths(index, "zymurgy") == ["New.md"]
    assert await paths(index, '"word00" OR "word01"') == []
    gate.set()
    async with asyncio.timeout(20):
        while len(list((tmp_path / "index").glob("gen-*/MAIN_*.trm"))) >= merge.MOST:
            index.hint("New.md")
            await index.settle()
    assert await paths(index, '"word00" OR "word01"') == []
    assert (await index.search("common")).total == merge.MOST + 2
    for number in range(2, merge.MOST + 4):
        assert await paths(index, f'"word{number:02}"') == [f"n{number}.md"]


async def test_closing_while_segments_are_merged_returns_soon(
    vault: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    merging, pooled = threading.Event(), merge.pooled
    index = WhooshIndex(vault, tmp_path / "index", IndexSettings(debounce=0.01))

    def endless(parts: Any, analyzer: Any, breathe: Callable[[], None]) -> Any:
        merging.set()
        for _ in iter(int, 1):  # until it is told to stop
            breathe()
        return pooled(parts, analyzer)

    monkeypatch.setattr(merge, "pooled", endless)
    await index.open(reconcile=True)
    for number in range(merge.MOST + 1):
        write(vault, f"n{number}.md", "common")
        index.hint(f"n{number}.md")
        await index.settle()
    assert await asyncio.to_thread(merging.wait, 20)
    async with asyncio.timeout(20):
        await index.close()
    again = WhooshIndex(vault, tmp_path / "index", IndexSettings())
    monkeypatch.setattr(merge, "pooled", pooled)
    await again.open(reconcile=True)
    assert (await again.search("common")).total == merge.MOST + 1
    await again.close()


async def test_reads_beside_the_daemon(index: WhooshIndex, vault: Path, tmp_path: Path) -> None:
    reader = WhooshIndex(vault, tmp_path / "index", IndexSettings())
    await reader.open(read_only=True)
    assert await paths(reader, "harbour") == ["Ideas.md"]
    write(vault, "Ideas.md", "zymurgy")
    index.hint("Ideas.md")
    await index.settle()
    assert await paths(reader, "zymurgy") == ["Ideas.md"]
    await reader.close()


async def test_interpreter_is_given_back_as_it_was(vault: Path, tmp_path: Path) -> None:
    before = sys.getswitchinterval()
    index = WhooshIndex(vault, tmp_path / "index", IndexSettings(switch_interval=0.0007))
    await index.open()
    assert sys.getswitchinterval() == pytest.approx(0.0007)
    async with asyncio.timeout(20):
        while not gc.get_freeze_count():  # once the words of the vault are at hand
            await index.search("pump")
    await index.close()
    assert sys.getswitchinterval() == before
    assert gc.get_freeze_count() == 0


async def test_folder_that_cannot_be_written(vault: Path, tmp_path: Path) -> None:
    (tmp_path / "index").write_text("a file, not a folder")
    index = WhooshIndex(vault, tmp_path / "index", IndexSettings())
    await index.open(reconcile=True)
    assert await paths(index, "harbour") == ["Ideas.md"]  # from the files themselves
    await index.close()


async def test_failing_to_open_is_told_and_does_not_hang(
    vault: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("no engine")

    monkeypatch.setattr("octopus.backends.whoosh.index._load_engine", fail)
    index = WhooshIndex(vault, tmp_path / "index", IndexSettings())
    await index.open()
    with pytest.raises(VaultError, match="no engine"):
        await index.search("harbour")
    with pytest.raises(VaultError):
        await index.settle()
    await index.close()


async def test_saved_notes_are_found_through_the_watcher(index: WhooshIndex, vault: Path) -> None:
    watcher = Watcher(vault, index.hint)
    await watcher.open()
    saved = vault / ".Ideas.md.tmp"
    saved.write_text("about zymurgy\n", "utf-8")
    saved.replace(vault / "Ideas.md")
    (vault / "Heat pump.md").rename(vault / "Pump.md")
    async with asyncio.timeout(PATIENCE):
        while await paths(index, "zymurgy") != ["Ideas.md"]:
            await asyncio.sleep(0.01)
        while await paths(index, "plumber") != ["Pump.md"]:
            await asyncio.sleep(0.01)
    assert await paths(index, "harbour") == []
    await watcher.close()


def test_opening_the_package_does_not_load_the_engine() -> None:
    code = (
        "import sys, octopus.backends.whoosh;"
        "print([m for m in sys.modules if m == 'whoosh' or m.startswith('whoosh.')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


async def test_attachments_that_come_and_go_are_not_counted_as_notes(tmp_path: Path) -> None:
    root = tmp_path / "counted"
    root.mkdir()
    (root / "a.md").write_text("lamp", encoding="utf-8")
    index = WhooshIndex(root, tmp_path / "counted index", IndexSettings(debounce=0.01))
    await index.open(reconcile=True)
    try:
        for name in ("b.md", "picture.png", "paper.pdf", "board.canvas"):
            (root / name).write_bytes(b"{}")
            index.hint(name)
        await index.settle()
        found = await index.status()
        assert (found.notes, found.indexed) == (2, 2)
        for name in ("b.md", "picture.png"):
            (root / name).unlink()
            index.hint(name)
        await index.settle()
        found = await index.status()
        assert (found.notes, found.indexed) == (1, 1)
    finally:
        await index.close()
