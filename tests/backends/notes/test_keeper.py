"""The tables equal the files: whatever comes, changes, goes or is called otherwise."""

from __future__ import annotations

import json
import os
import random
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from octopus.backends.notes import query, schema
from octopus.backends.notes.keeper import Keeper
from octopus.core.graph import ConflictCopy
from octopus.obsidian.settings import Tasks
from tests.backends.notes.compare import from_files, from_tables

Write = Callable[[str, str], None]

NAMES = [
    *("A.md", "a.md", "x/A.md", "x/y/A.md", "x/a.md", "B.md", "B.MD", "x/b.md", "pic.png"),
    *("A.md.md", "x/y/Ä.md", "A\u0308.md", "plan.canvas", "B.sync-conflict-20261120-093000.md"),
]
LINES = [
    *(f"[[{name}]]" for name in ("A", "a", "x/A", "./A", "../A", "A.md", "B", "b.md", "y/A", "ä")),
    *("[[pic.png]]", "![[pic.png|30]]", "[[none]]", "[[None.md#h]]", "[t](x/A.md)", "[[./A/../B]]"),
    *("[[#own]]", "# Head", "### Deep #t/x", "#t/Y", "- [ ] do 📅 2026-11-20", "- [x] did #task"),
    *("  - [/] in [[A]] 🔁 every day", "- [-] no", "> - [ ] quoted ⏰ 2026-11-21", "plain"),
]
TEXTS = st.lists(st.sampled_from(LINES), max_size=5).map("\n".join)
STEPS = st.one_of(
    st.tuples(st.just("write"), st.sampled_from(NAMES), TEXTS),
    st.tuples(st.just("delete"), st.sampled_from(NAMES)),
    st.tuples(st.just("rename"), st.sampled_from(NAMES), st.sampled_from(NAMES)),
    st.tuples(st.just("folder"), st.sampled_from(["x", "x/y"]), st.sampled_from(["z", "X"])),
    st.tuples(st.just("look")),
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "vault").mkdir()
    return tmp_path / "vault"


@pytest.fixture
def write(root: Path) -> Write:
    def put(path: str, text: str) -> None:
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode())

    return put


@pytest.fixture
def keeper(root: Path, tmp_path: Path) -> Iterator[Keeper]:
    found = Keeper(root, tmp_path / "notes.db")
    found.open()
    yield found
    found.close()


def again(keeper: Keeper) -> None:
    """As another process takes it up."""
    keeper.close()
    keeper.open()


class Owner:
    """Does things to a vault and says what happened, as a watcher would."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.hints: set[str] = set()

    def do(self, what: str, *values: str) -> None:
        getattr(self, what)(*values)

    def write(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
        self.hints.add(name)

    def delete(self, name: str) -> None:
        if (self.root / name).exists():
            (self.root / name).unlink()
            self.hints.add(name)

    def rename(self, old: str, new: str) -> None:
        if (self.root / old).exists():
            (self.root / new).parent.mkdir(parents=True, exist_ok=True)
            (self.root / old).replace(self.root / new)
            self.hints |= {old, new}

    def folder(self, old: str, new: str) -> None:
        if (self.root / old).is_dir() and not (self.root / new).exists():
            (self.root / old).rename(self.root / new)
            self.hints.add("")

    def look(self) -> None:
        """Nothing happens; it is looked at."""


@settings(max_examples=300 if os.environ.get("OCTOPUS_TEST_SCALE") == "full" else 40, deadline=None)
@given(st.lists(STEPS, max_size=25), st.booleans())
def test_step_by_step_it_is_as_good_as_anew(steps: list[tuple[str, ...]], restarted: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        owner = Owner(Path(folder) / "vault")
        owner.root.mkdir()
        owner.write("Stays.md", "[[A]] [[B]]")
        keeper = Keeper(owner.root, Path(folder) / "notes.db")
        keeper.open()
        keeper.follow({""})
        for step in steps:
            owner.do(*step)
            if step[0] == "look":
                keeper.follow(owner.hints)
                owner.hints.clear()
                assert from_tables(keeper.connection) == from_files(owner.root)
        if restarted:
            again(keeper)
            keeper.follow({""})
        else:
            keeper.follow(owner.hints)
        assert from_tables(keeper.connection) == from_files(owner.root)
        keeper.close()


def test_what_was_missed_is_found_by_a_look_at_everything(root: Path, keeper: Keeper) -> None:
    """Without a hint for any of it, by stamps alone."""
    chance = random.Random(5)
    owner = Owner(root)
    for number in range(120):
        owner.write(f"{number % 7}/N{number}.md", f"[[N{chance.randrange(150)}]] #t{number % 5}")
    keeper.follow({""})
    for number in range(0, 120, 3):
        owner.write(f"{number % 7}/N{number}.md", f"[[N{chance.randrange(150)}]]\n- [ ] {number}")
    for number in range(1, 120, 5):
        owner.delete(f"{number % 7}/N{number}.md")
    for number in range(120, 140):
        owner.write(f"late/N{number}.md", "[[N1]] [[N2]]")
    followed = keeper.follow({""})
    assert {"0/N0.md", "1/N1.md", "late/N120.md"} <= followed.changed
    assert from_tables(keeper.connection) == from_files(root)


def test_nothing_new_is_read_again_and_nobody_is_told(
    root: Path, write: Write, keeper: Keeper
) -> None:
    write("A.md", "[[B]]")
    os.utime(root / "A.md", ns=(1, 1))
    assert keeper.follow({""}).changed == {"A.md"}
    followed = keeper.follow({"A.md"})  # its ctime is of this very moment
    assert not followed.changed
    os.utime(root / "A.md", ns=(2, 2))  # touched, with the same text
    assert keeper.follow({""}).changed == set()


def test_an_edit_that_leaves_size_and_times_alone_is_seen(
    root: Path, write: Write, keeper: Keeper
) -> None:
    """A fresh stamp is not believed, and a restored time of change does not hide a new ctime."""
    write("A.md", "[[B]]")
    keeper.follow({""})
    info = (root / "A.md").stat()
    write("A.md", "[[C]]")
    os.utime(root / "A.md", ns=(info.st_atime_ns, info.st_mtime_ns))
    assert keeper.follow({"A.md"}).changed == {"A.md"}
    assert [each.target for each in query.links(keeper.connection, "A.md")] == ["C"]


def test_an_unmounted_vault_is_not_an_empty_one(root: Path, write: Write, keeper: Keeper) -> None:
    write("A.md", "- [ ] lamp")
    keeper.follow({""})
    root.rename(root.with_name("elsewhere"))
    for hints in ({""}, {"A.md"}, {"A.md", "B.md"}):
        assert keeper.follow(hints).changed == set()
        assert len(query.todos(keeper.connection)) == 1
    root.mkdir()  # the empty mount point
    for hints in ({""}, {"A.md"}):
        keeper.follow(hints)
        assert len(query.todos(keeper.connection)) == 1
    assert not keeper.missing
    root.rmdir()
    root.with_name("elsewhere").rename(root)
    (root / "A.md").unlink()
    write("B.md", "- [ ] bulb")
    keeper.follow({""})
    assert from_tables(keeper.connection) == from_files(root)


@pytest.mark.parametrize("there", [True, False])
def test_where_nothing_is_known_and_nothing_is_there(
    root: Path, tmp_path: Path, there: bool
) -> None:
    if not there:
        root.rmdir()
    keeper = Keeper(root, tmp_path / "notes.db", expected=lambda: there)
    keeper.open()
    keeper.follow({""})
    missing = [keeper.missing]
    root.mkdir(exist_ok=True)
    (root / "A.md").write_text("x")
    keeper.follow({""})
    assert [*missing, keeper.missing] == [True, False]
    keeper.close()


def test_a_new_empty_vault_is_a_vault(keeper: Keeper) -> None:
    keeper.follow({""})
    assert not keeper.missing
    assert query.todos(keeper.connection) == []


PLUGIN = "plugins/obsidian-tasks-plugin/data.json"


def test_settings_that_change_change_the_todos_without_a_look_at_the_notes(
    root: Path, write: Write, keeper: Keeper
) -> None:
    write("A.md", "- [ ] lamp #task 📅 2026-11-20\n- [ ] bulb\n")
    write("B.md", "[[A]]\n- [!] important\n")
    keeper.follow({""})
    assert len(query.todos(keeper.connection)) == 3
    write(f".obsidian/{PLUGIN}", json.dumps({"globalFilter": "#task"}))
    (root / "B.md").chmod(0)  # cannot be read, and need not be
    assert keeper.follow(set()).changed == {"A.md", "B.md"}
    assert [todo.text for todo in query.todos(keeper.connection)] == ["lamp #task 📅 2026-11-20"]
    custom = [{"symbol": "!", "name": "I", "nextStatusSymbol": "x", "type": "DONE"}]
    write(f".obsidian/{PLUGIN}", json.dumps({"statusSettings": {"customStatuses": custom}}))
    assert keeper.follow(set()).changed
    assert [todo.open for todo in query.todos(keeper.connection)] == [True, True, False]
    (root / f".obsidian/{PLUGIN}").unlink()
    again(keeper)
    keeper.follow(set())
    assert [todo.open for todo in query.todos(keeper.connection)] == [True, True, True]


def test_settings_that_changed_while_nobody_looked(
    root: Path, write: Write, keeper: Keeper
) -> None:
    write("A.md", "- [ ] lamp #task\n- [ ] bulb\n")
    keeper.follow({""})
    keeper.close()
    write(f".obsidian/{PLUGIN}", json.dumps({"globalFilter": "#task"}))
    keeper.open()
    keeper.follow({""})
    assert from_tables(keeper.connection) == from_files(root, Tasks(global_filter="#task"))


def test_conflict_copies_are_no_notes(root: Path, write: Write, keeper: Keeper) -> None:
    name = "A.sync-conflict-20261120-093000-ABCDEFG.md"
    write("A.md", "[[B]]\n- [ ] lamp")
    keeper.follow({""})
    write(name, "[[B]]\n- [ ] lamp")
    keeper.follow({name})
    assert query.files(keeper.connection) == ["A.md"]
    assert query.copies(keeper.connection) == [ConflictCopy(name, "A.md", "Syncthing")]
    again(keeper)
    keeper.follow({""})
    assert len(query.todos(keeper.connection)) == 1
    (root / name).unlink()
    keeper.follow({name})
    assert query.copies(keeper.connection) == []


def test_what_is_no_note_for_us(root: Path, write: Write, keeper: Keeper) -> None:
    write(".trash/A.md", "- [ ] no")
    write("~$A.md", "- [ ] no")
    write("sub/.hidden.md", "- [ ] no")
    write("A.md", "x")
    (root / "link.md").symlink_to(root / "A.md")
    (root / "folder").symlink_to(root)
    os.mkfifo(root / "pipe.md")
    (root / os.fsdecode(b"bad\xff.md")).write_bytes(b"x")
    (root / "dir.md").mkdir()
    keeper.follow({""})
    odd = {"link.md", "pipe.md", ".trash/A.md", "sub/.hidden.md", "dir.md", "a//b.md", "\0.md"}
    keeper.follow(odd)
    assert query.files(keeper.connection) == ["A.md"]


def test_odd_notes_do_not_stop_the_others(root: Path, write: Write, keeper: Keeper) -> None:
    (root / "Huge.md").touch()
    os.truncate(root / "Huge.md", 9 * 1024 * 1024)
    write("Locked.md", "[[A]]")
    (root / "Locked.md").chmod(0)
    (root / "Wide.md").write_bytes("[[A]]".encode("utf-16"))
    (root / "Zero.md").write_bytes(b"[[A]]\0\xff")
    write("Half.md", '---\naliases: ["\\ud800", ok]\nup: "[[\\udc00]]"\n---\n[[A]]')
    write("A.md", "")
    keeper.follow({""})
    linking = {each.source for each in query.backlinks(keeper.connection, "A.md")}
    assert {"Wide.md", "Zero.md", "Half.md"} <= linking
    assert "Huge.md" in query.unread(keeper.connection)
    if os.geteuid():
        assert "Locked.md" in query.unread(keeper.connection)
    assert "Huge.md" in query.orphans(keeper.connection)
    assert query.find(keeper.connection, "\udcff") is None


def _cut(file: Path) -> None:
    os.truncate(file, file.stat().st_size // 2)


def _empty(file: Path) -> None:
    os.truncate(file, 0)


def _scramble(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[4096:] = random.Random(1).randbytes(len(data) - 4096)
    file.write_bytes(bytes(data))


def _overwrite(file: Path) -> None:
    file.write_bytes(b"no database" * 100)


def _other_version(file: Path) -> None:
    with sqlite3.connect(file) as db:
        db.execute("PRAGMA user_version = 99")
    db.close()


def _other_maker(file: Path) -> None:
    with sqlite3.connect(file) as db:
        db.execute("UPDATE meta SET value = '0.0.0' WHERE name = 'made_by'")
    db.close()


def _table_gone(file: Path) -> None:
    with sqlite3.connect(file) as db:
        db.execute("DROP TABLE headings")
    db.close()


@pytest.mark.parametrize(
    "damage",
    [_cut, _empty, _scramble, _overwrite, _other_version, _other_maker, _table_gone, Path.unlink],
)
def test_a_file_that_cannot_be_used_is_made_anew(
    root: Path, write: Write, keeper: Keeper, tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    for number in range(40):
        write(f"N{number}.md", f"# H\n[[N{number + 1}]]\n- [ ] {number}\n" + "word " * 100)
    keeper.follow({""})
    keeper.close()
    damage(tmp_path / "notes.db")
    keeper.open()
    keeper.follow({""})
    write("N0.md", "[[N5]]")
    keeper.follow({"N0.md"})
    assert from_tables(keeper.connection) == from_files(root)


def test_another_vault_has_tables_of_its_own(root: Path, write: Write, tmp_path: Path) -> None:
    write("A.md", "x")
    for vault, expected in ((root, ["A.md"]), (root / "sub", ["B.md"])):
        write("sub/B.md", "y")
        (root / "sub/B.md").unlink() if vault == root else None
        keeper = Keeper(vault, tmp_path / "notes.db")
        keeper.open()
        keeper.follow({""})
        assert query.files(keeper.connection) == expected
        keeper.close()


def test_it_can_be_read_beside_the_one_who_writes(
    root: Path, write: Write, keeper: Keeper, tmp_path: Path
) -> None:
    write("A.md", "- [ ] lamp")
    keeper.follow({""})
    beside = schema.open_existing(tmp_path / "notes.db", str(root), read_only=True)
    write("B.md", "- [ ] bulb")
    keeper.follow({"B.md"})
    assert len(query.todos(beside)) == 2
    with pytest.raises(sqlite3.OperationalError):
        beside.execute("DELETE FROM files")
    beside.close()
