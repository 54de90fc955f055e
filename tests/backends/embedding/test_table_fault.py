"""The file of vectors is locked, full, damaged or killed: what was computed is not thrown away."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from octopus.backends.embedding.table import Place, Table, spoilt
from tests.patience import PATIENCE

Put = tuple[str, list[int]]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "meaning.db"


@pytest.fixture
def table(file: Path) -> Iterator[Table]:
    made = opened(file)
    yield made
    made.close()


def opened(file: Path) -> Table:
    table = Table(file, "m1")
    table.open()
    table._db.execute("PRAGMA busy_timeout = 1")  # who holds a lock in a test never lets go
    return table


def filled(table: Table, notes: int = 40) -> None:
    """Some pages of notes with a paragraph each."""
    for number in range(notes):
        digest = f"{number:04}".encode() * 8
        table.add([digest], [os.urandom(512)], 128)
        table.put(f"{number}.md", (1, 1), [Place(1, digest)])


Call = Callable[[Table], object]

CHANGES: list[Call] = [
    lambda table: table.add([b"new"], [b"1111"], 1),
    lambda table: table.put("New.md", (1, 1), []),
    lambda table: table.remove("0.md"),
    lambda table: table.tidy(),
]


@pytest.mark.parametrize("change", CHANGES, ids=["add", "put", "remove", "tidy"])
def test_after_a_lock_of_others_every_change_works_again(
    table: Table, file: Path, change: Call
) -> None:
    filled(table, 2)
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    for _ in range(2):
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            change(table)
    other.execute("ROLLBACK")
    other.close()
    change(table)
    assert not table._db.in_transaction


def test_a_disk_that_fills_up_keeps_what_was_there(table: Table, file: Path) -> None:
    filled(table, 5)
    (pages,) = table._db.execute("PRAGMA page_count").fetchone()
    table._db.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(sqlite3.OperationalError, match="full"):
        table.add([b"x", b"y"], [b"1111", b"2" * 100_000], 1)
    assert table.missing([b"x", b"y"]) == [b"x", b"y"]  # neither, not the one that had room
    table._db.execute(f"PRAGMA max_page_count = {pages + 100}")
    table.add([b"x", b"y"], [b"1111", b"2" * 100_000], 1)
    assert table.missing([b"x", b"y"]) == []
    assert len(table.notes()) == 5


def test_vectors_that_do_not_fit_their_texts_leave_no_transaction_open(table: Table) -> None:
    with pytest.raises(ValueError, match="zip"):
        table.add([b"a", b"b"], [b"1111"], 1)
    table.add([b"a"], [b"1111"], 1)
    assert table.missing([b"a", b"b"]) == [b"b"]


def test_a_file_that_is_locked_at_the_start_is_not_thrown_away(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = opened(file)
    filled(table, 3)
    table.close()
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("PRAGMA locking_mode = EXCLUSIVE")
    other.execute("BEGIN IMMEDIATE")
    other.execute("DELETE FROM note WHERE path = 'none'")
    monkeypatch.setattr(sqlite3, "connect", partial(sqlite3.connect, timeout=0))
    late = Table(file, "m1")
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        late.open()
    other.execute("COMMIT")
    other.close()
    late.open()
    assert len(late.notes()) == 3
    late.close()


def test_a_folder_in_its_place_is_said_and_left_alone(file: Path) -> None:
    (file / "something").mkdir(parents=True)
    with pytest.raises(sqlite3.OperationalError, match="unable to open"):
        Table(file, "m1").open()
    assert (file / "something").is_dir()


@pytest.mark.parametrize(
    ("damage", "anew"),
    [
        ("DROP TABLE note", True),
        ("DROP TABLE paragraph", True),
        ("ALTER TABLE vector RENAME TO other", True),
        ("DELETE FROM vector", False),
    ],
)
def test_only_what_is_spoilt_counts_as_such(file: Path, damage: str, anew: bool) -> None:
    table = opened(file)
    filled(table, 3)
    table._db.execute(damage)
    caught: Exception | None = None
    try:
        table.notes()
        list(table.every())
    except sqlite3.Error as error:
        caught = error
    assert (caught is not None and spoilt(caught)) is anew
    table.close()


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (OSError("disk"), False),
        (sqlite3.ProgrammingError("closed"), True),  # without a code: not about the system
        (sqlite3.InterfaceError("misuse"), False),
        (sqlite3.DatabaseError("they were written by another version"), True),
    ],
)
def test_what_is_about_the_content(error: Exception, expected: bool) -> None:
    assert spoilt(error) is expected


KILLED = """
import os, signal, sys
from pathlib import Path
from octopus.backends.embedding.table import Place, Table
table = Table(Path(sys.argv[1]), "m1")
table.open()
for number in range(100_000):
    digest = str(number).encode()
    table.add([digest], [b"1" * 64], 16)
    table.put(f"{number % 7}.md", (number, 1), [Place(1, digest), Place(2, digest)])
    if number == 20:
        print("going", flush=True)
"""


def test_a_kill_leaves_whole_notes(file: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(file)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "going\n"
    process.send_signal(signal.SIGKILL)
    process.wait(PATIENCE)
    process.stdout.close()
    table = opened(file)
    rows = list(table.every())
    assert len(table.notes()) == 7
    for path in table.notes():  # each note has both of its paragraphs, or none was put
        assert [line for each, line, _ in rows if each == path] == [1, 2]
    table.close()


notes = st.sampled_from(["A.md", "B.md", "Ordner/Ä.md"])
digests = st.lists(st.integers(0, 5), max_size=4)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("add"), st.just(""), digests),
        st.tuples(st.just("put"), notes, digests),
        st.tuples(st.just("remove"), notes, st.just([])),
        st.tuples(st.sampled_from(["tidy", "reopen"]), st.just(""), st.just([])),
    ),
    max_size=25,
)


@settings(max_examples=60, deadline=None)
@given(steps)
def test_the_same_as_two_dictionaries(
    tmp_path_factory: pytest.TempPathFactory, done: list[tuple[str, str, list[int]]]
) -> None:
    file = tmp_path_factory.mktemp("table") / "meaning.db"
    table = opened(file)
    vectors, paragraphs = dict[bytes, bytes](), dict[str, list[bytes]]()
    for verb, path, numbers in done:
        keys = [bytes([number]) for number in numbers]
        if verb == "add":
            table.add(keys, [key * 4 for key in keys], 1)
            vectors |= {key: key * 4 for key in keys}
        elif verb == "put":
            rows = table.put(path, (1, 2), [Place(n, key) for n, key in enumerate(keys)])
            assert rows == [(n, vectors[key]) for n, key in enumerate(keys) if key in vectors]
            paragraphs[path] = keys
        elif verb == "remove":
            table.remove(path)
            paragraphs.pop(path, None)
        elif verb == "tidy":
            table.tidy()
            used = {key for keys in paragraphs.values() for key in keys}
            vectors = {key: value for key, value in vectors.items() if key in used}
        else:
            table.close()
            table = opened(file)
    every = [
        (path, n, vectors[key])
        for path in sorted(paragraphs)
        for n, key in enumerate(paragraphs[path])
        if key in vectors
    ]
    assert list(table.every()) == every
    assert set(table.notes()) == set(paragraphs)
    table.close()
