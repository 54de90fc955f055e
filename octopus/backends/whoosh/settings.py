"""How the index is kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime

EVERYTHING = ""  # the hint that anything may have changed
RACY = 0.03  # seconds; a file changed less than this ago may change again unnoticed


def _today() -> date:
    return datetime.now(UTC).astimezone().date()


@dataclass(frozen=True, slots=True)
class Weights:
    """What counts beside the words: each is a share of what the words have earned; 0 for none."""

    recency: float = 0.1  # how much more a note of today counts than one of long ago
    links: float = 0.1  # how much more a note counts that a hundred others link to
    names: float = 1.0  # for a title or an alias that is the query; 1 is about one rare word


@dataclass(frozen=True, slots=True)
class IndexSettings:
    """What the owner can choose about the index."""

    languages: tuple[str, ...] = ("en",)  # two-letter codes; word forms of these are known
    excluded: tuple[str, ...] = ()  # beginnings of paths that are not searched, or /expressions/
    config_dir: str = ".obsidian"  # where the vault's own "Excluded files" are
    weights: Weights = Weights()
    debounce: float = 0.12  # seconds after a hint before the files are looked at
    scan_interval: float = 3600.0  # seconds between two looks at the whole vault
    settings_interval: float = 10.0  # seconds between two looks at the vault's "Excluded files"
    today: Callable[[], date] = _today  # what "last week" is counted from
    switch_interval: float = 0.0005  # seconds a thread may hold the interpreter
