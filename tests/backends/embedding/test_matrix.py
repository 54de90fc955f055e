"""The closest paragraphs are found, whatever came and went in between."""

from __future__ import annotations

import random

import numpy as np
import pytest

from octopus.backends.embedding.matrix import BLOCK, Floats, Matrix, unit

SIZE = 8


def some(rnd: random.Random) -> Floats:
    vector = unit([rnd.gauss(0, 1) for _ in range(SIZE)])
    assert vector is not None
    return vector


@pytest.mark.parametrize("seed", range(8))
def test_the_same_as_a_loop_over_a_dictionary(seed: int) -> None:
    rnd = random.Random(seed)
    matrix, model = Matrix(), dict[str, list[tuple[int, Floats]]]()
    for _ in range(3000):
        path = f"{rnd.randrange(150)}.md"
        if rnd.random() < 0.2:
            matrix.remove(path)
            model.pop(path, None)
        else:
            rows = [(rnd.randrange(1, 99), some(rnd)) for _ in range(rnd.randrange(4))]
            matrix.put(path, [(line, vector.tobytes()) for line, vector in rows])
            model[path] = rows
    assert len(matrix) == sum(map(len, model.values()))
    query = some(rnd)
    best = {
        path: max(((float(vector @ query), line) for line, vector in rows))
        for path, rows in model.items()
        if rows
    }
    order = sorted(best, key=lambda path: -best[path][0])[:5]
    found = matrix.nearest(query, 5, -1.0)
    assert [each.path for each in found] == order
    for each in found:
        assert each.similarity == pytest.approx(best[each.path][0], abs=1e-5)
        assert each.line == best[each.path][1]


def test_far_ones_are_left_out() -> None:
    matrix = Matrix()
    east, north = np.eye(SIZE, dtype=np.float32)[:2]
    matrix.load([("East.md", 1, east.tobytes()), ("North.md", 1, north.tobytes())])
    assert [each.path for each in matrix.nearest(east, 10, 0.5)] == ["East.md"]


def test_more_than_one_block() -> None:
    matrix = Matrix()
    base = np.eye(SIZE, dtype=np.float32)
    rows = ((f"{n}.md", 1, base[0].tobytes()) for n in range(BLOCK + 10))
    matrix.load([*rows, ("Last.md", 7, base[1].tobytes())])
    (found,) = matrix.nearest(base[1], 3, 0.5)
    assert (found.path, found.line) == ("Last.md", 7)


def test_nothing_to_ask() -> None:
    matrix = Matrix()
    assert matrix.nearest(np.ones(SIZE, np.float32), 3, 0.0) == []
    matrix.put("A.md", [(1, np.ones(SIZE, np.float32).tobytes())])
    assert matrix.nearest(np.ones(SIZE + 1, np.float32), 3, 0.0) == []
    matrix.put("B.md", [(1, np.ones(SIZE + 1, np.float32).tobytes())])  # of another model
    assert len(matrix) == 1


@pytest.mark.parametrize("value", [[], [0.0, 0.0], [float("nan"), 1.0], [float("inf"), 1.0]])
def test_what_has_no_direction_is_no_vector(value: list[float]) -> None:
    assert unit(value) is None


def test_lengths_do_not_count() -> None:
    assert unit([3.0, 4.0]) == pytest.approx([0.6, 0.8])
