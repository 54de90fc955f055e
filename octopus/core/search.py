"""What a search answers with, whatever engine stands behind it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Hit:
    """One note that answers a query."""

    path: str  # vault-relative, with "/"
    title: str
    heading: str  # raw text of the heading above the match, "" when there is none
    line: int  # 1-based line of the match
    score: float
    snippet: str  # plain text around the match, comments left out
    # How it was found where not by its words: "inside" other words only, by its "meaning" alone.
    by: str = ""


@dataclass(frozen=True, slots=True)
class Near:
    """A note that has a paragraph about what was asked for, in whatever words."""

    path: str
    line: int  # 1-based, where the paragraph begins
    similarity: float  # cosine, at most 1


@dataclass(frozen=True, slots=True)
class Hits:
    """The answer to one query."""

    total: int
    took_ms: float
    # exact, stemmed, inside, fuzzy, any: how far down the cascade it had to go; or meaning.
    stage: str
    hits: tuple[Hit, ...] = ()
    note: str = ""  # one sentence for the owner where the query was not understood as written
    suggestion: str = ""  # "did you mean"


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a note is, or is not, among the answers to a query."""

    path: str
    found: bool = False
    stage: str = ""  # at which it is found, "" when it is not
    rank: int = 0  # its place among the ``total`` answers of that stage, from 1
    total: int = 0
    reasons: tuple[str, ...] = ()  # one sentence each


@dataclass(frozen=True, slots=True)
class Extract:
    """What could be read of a file that is no note."""

    text: str  # pages are parted by a line with a form feed
    reason: str = ""  # why there is not more of it, "" when it is all there is


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that is not in the index, and why."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class IndexStatus:
    """How well the index covers the vault."""

    notes: int
    indexed: int
    skipped: tuple[Skipped, ...]
    lag_ms: float  # age of the oldest change not yet searchable, 0 when there is none
    generation: int
    rebuilding: float | None = None  # progress from 0 to 1 while a rebuild runs
    meaning: str = ""  # one line about search by meaning, "" where it is switched off

    @property
    def copies(self) -> int:
        """How many of the files left out are conflict copies."""
        return sum("conflict copy" in each.reason for each in self.skipped)
