"""The vectors in memory: one matrix, asked by brute force."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from octopus.core.search import Near

Floats = npt.NDArray[np.float32]

BLOCK = 16_384  # rows multiplied at a time; bounds what a query takes beside the matrix


def unit(value: Sequence[float]) -> Floats | None:
    """The vector with the length 1, as 32-bit numbers; None for one that has no direction."""
    vector = np.asarray(value, dtype=np.float32)
    length = float(np.linalg.norm(vector)) if vector.ndim == 1 and vector.size else 0.0
    if not np.isfinite(length) or length == 0.0:
        return None
    found: Floats = vector / np.float32(length)
    return found


class Matrix:
    """One row for each paragraph. Rows of notes that changed are blanked until it is packed."""

    def __init__(self) -> None:
        self._rows: Floats = np.zeros((0, 0), np.float32)
        self._used = 0
        self._blank = 0
        self._places: list[tuple[str, int] | None] = []  # path and line of each row
        self._of_note: dict[str, list[int]] = {}

    def __len__(self) -> int:
        return self._used - self._blank

    @property
    def size(self) -> int:
        """What the vectors take."""
        return int(self._rows.nbytes)

    def load(self, rows: Iterable[tuple[str, int, bytes]]) -> None:
        """Take in many at once."""
        for path, line, value in rows:
            self._append(path, line, value)

    def put(self, path: str, rows: Sequence[tuple[int, bytes]]) -> None:
        """Make these the rows of a note."""
        self.remove(path)
        for line, value in rows:
            self._append(path, line, value)
        if self._blank > max(len(self), 1024):
            self._pack()

    def remove(self, path: str) -> None:
        """Forget a note."""
        for number in self._of_note.pop(path, ()):
            self._rows[number] = 0.0
            self._places[number] = None
            self._blank += 1

    def nearest(self, query: Floats, most: int, least: float) -> list[Near]:
        """The notes with the closest paragraphs, each once, those below ``least`` left out."""
        if not len(self) or query.shape != self._rows.shape[1:]:
            return []
        blocks = [
            self._rows[at : min(at + BLOCK, self._used)] @ query
            for at in range(0, self._used, BLOCK)
        ]
        scores = np.concatenate(blocks)
        # Several paragraphs of one note may come before those of another.
        count = min(most * 8, self._used)
        best = np.argpartition(-scores, count - 1)[:count]
        found: dict[str, Near] = {}
        for number in best[np.argsort(-scores[best], kind="stable")]:
            place, score = self._places[number], float(scores[number])
            if score < least or len(found) == most:
                break
            if place is not None and place[0] not in found:
                found[place[0]] = Near(place[0], place[1], score)
        return list(found.values())

    def _append(self, path: str, line: int, value: bytes) -> None:
        vector = np.frombuffer(value, np.float32)
        if not self._used:
            self._rows = np.zeros((1024, vector.size), np.float32)
        if vector.size != self._rows.shape[1]:
            return  # of a model that changed under its name; it is made anew
        if self._used == len(self._rows):
            self._rows = np.concatenate([self._rows, np.zeros_like(self._rows[: self._used // 2])])
        self._rows[self._used] = vector
        self._places.append((path, line))
        self._of_note.setdefault(path, []).append(self._used)
        self._used += 1

    def _pack(self) -> None:
        kept = [number for number, place in enumerate(self._places) if place is not None]
        self._rows = self._rows[kept]
        self._places = [self._places[number] for number in kept]
        self._used, self._blank = len(kept), 0
        self._of_note = {}
        for number, place in enumerate(self._places):
            if place is not None:
                self._of_note.setdefault(place[0], []).append(number)
