"""The index as a whole, on a vault on disk."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from octopus.backends.whoosh import IndexSettings, WhooshIndex

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
