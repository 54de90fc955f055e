"""How the index is kept."""

from __future__ import annotations

from dataclasses import dataclass

EVERYTHING = ""  # the hint that anything may have changed


@dataclass(frozen=True, slots=True)
class IndexSettings:
    """What the owner can choose about the index."""

    languages: tuple[str, ...] = ("en",)  # two-letter codes; word forms of these are known
    excluded: tuple[str, ...] = ()  # beginnings of paths that are not searched
    debounce: float = 0.12  # seconds after a hint before the files are looked at
    scan_interval: float = 3600.0  # seconds between two looks at the whole vault
    switch_interval: float = 0.0005  # seconds a thread may hold the interpreter
