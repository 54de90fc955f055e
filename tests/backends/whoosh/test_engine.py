"""The index is a cache: whatever happens to it or to the vault, it ends up equal to the vault."""

from __future__ import annotations

import json
import os
import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from loguru import logger

from octopus.backends.whoosh import indexer, scan
from octopus.backends.whoosh.engine import Engine
from octopus.backends.whoosh.scan import Stamp
from octopus.backends.whoosh.schema import VERSION

from .conftest import NOTES, Opener, found, write

ALL = sorted(NOTES)


@pytest.fixture
def log() -> Iterator[list[str]]:
    """What was logged."""
    lines: list[str] = []
    handle = logger.add(lambda message: lines.append(str(message)), format="{level} {message}")
    yield lines
    logger.remove(handle)


def everything(engine: Engine) -> list[str]:
    """What is in the index: every path answers ``-word-that-nobody-wrote``."""
    return sorted(found(engine, "-nobodywrotethis"))


def closed(engine: Engine) -> None:
    engine.stop()
    engine.close()


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.name != "lock")


def test_finds_every_kind_of_file(opened: Opener) -> None:
    engine = opened()
    assert everything(engine) == ALL
    assert found(engine, "zeppelins") == ["Board.canvas"]
    assert found(engine, "roof") == ["Files/photo of roof.jpg"]
    assert found(engine, "file:.jpg") == ["Files/photo of roof.jpg"]
    assert found(engine, "binary") == []


def test_opens_again_without_building(opened: Opener, log: list[str]) -> None:
    closed(opened())
    log.clear()
    assert everything(opened()) == ALL
    assert not any("built" in line for line in log)


def test_catches_up_with_what_happened_while_closed(opened: Opener, vault: Path) -> None:
    closed(opened())
    write(vault, "Ideas.md", "now lighthouses")
    write(vault, "New/Note.md", "zymurgy")
    (vault / "Heat pump.md").rename(vault / "Pump.md")
    (vault / "2026-11-18.md").unlink()
    engine = opened()
    assert found(engine, "lighthouses") == ["Ideas.md"]
    assert found(engine, "podcast") == []
    assert found(engine, "hums") == ["Pump.md"]
    expected = {*ALL, "New/Note.md", "Pump.md"} - {"Heat pump.md", "2026-11-18.md"}
    assert set(everything(engine)) == expected


def spoil_truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def spoil_remove(path: Path) -> None:
    path.unlink()


def spoil_flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    path.write_bytes(bytes(data))


def spoil_replace(path: Path) -> None:
    path.write_bytes(b"not an index at all" * 10)


SPOILERS = [spoil_truncate, spoil_remove, spoil_flip, spoil_replace]


@pytest.mark.parametrize("spoil", SPOILERS)
def test_heals_from_every_spoilt_file(
    opened: Opener, tmp_path: Path, spoil: Callable[[Path], None], log: list[str]
) -> None:
    closed(opened())
    for number in range(len(files(tmp_path / "index"))):
        path = files(tmp_path / "index")[number]
        if path.stat().st_size < 2:
            continue
        spoil(path)
        log.clear()
        engine = opened()
        assert everything(engine) == ALL, path
        assert found(engine, "hums") == ["Heat pump.md"]
        assert len([line for line in log if "built anew" in line]) <= 1
        assert not any(line.startswith("ERROR") for line in log)
        closed(engine)


def test_spoilt_while_open(opened: Opener, tmp_path: Path, vault: Path) -> None:
    engine = opened()
    for path in files(tmp_path / "index"):
        path.unlink()
    write(vault, "New.md", "zymurgy")
    engine.follow({"New.md"})
    engine.follow({""})
    assert set(everything(engine)) == {*ALL, "New.md"}
    closed(engine)
    assert set(everything(opened())) == {*ALL, "New.md"}


def test_unreadable_postings_are_answered_from_the_files(opened: Opener, log: list[str]) -> None:
    engine = opened()
    (part,) = engine._indexer.snapshot.parts
    part.view._terms = b"\0" * len(part.view._terms)
    part.view._find = lambda field, term: (_ for _ in ()).throw(KeyError(term))  # type: ignore[method-assign]
    hits = engine.search("hums", 10, 0)
    assert [hit.path for hit in hits.hits] == ["Heat pump.md"]
    assert "scan" in hits.note
    engine.follow({"Ideas.md"})
    again = engine.search("hums", 10, 0)
    assert [hit.path for hit in again.hits] == ["Heat pump.md"]
    assert again.note == ""


def test_folder_of_somebody_else(opened: Opener, tmp_path: Path) -> None:
    folder = tmp_path / "index"
    folder.mkdir()
    (folder / "current.json").write_text('["what is this?"]')
    (folder / "gen-7").mkdir()
    (folder / "gen-7" / "photo.jpg").write_bytes(b"\xff\xd8")
    assert everything(opened()) == ALL
    assert [path.name for path in folder.glob("gen-*")] == ["gen-8"]


def test_a_folder_in_the_place_of_the_description(
    opened: Opener, tmp_path: Path, log: list[str]
) -> None:
    closed(opened())
    pointer = tmp_path / "index" / "current.json"
    pointer.unlink()
    (pointer / "deeper").mkdir(parents=True)
    assert everything(opened()) == ALL
    assert pointer.is_file()
    log.clear()
    assert everything(opened()) == ALL
    assert not [line for line in log if "anew" in line or "Traceback" in line]


@pytest.mark.parametrize("version", [0, VERSION - 1, VERSION + 1, "x", None])
def test_other_version_is_built_anew(
    opened: Opener, tmp_path: Path, version: object, log: list[str]
) -> None:
    closed(opened())
    pointer = tmp_path / "index" / "current.json"
    pointer.write_text(json.dumps(json.loads(pointer.read_text()) | {"version": version}))
    log.clear()
    assert everything(opened()) == ALL
    assert sum("another version" in line for line in log) == 1


def test_index_belongs_to_one_vault(opened: Opener, tmp_path: Path, log: list[str]) -> None:
    closed(opened())
    other = tmp_path / "other"
    write(other, "Only.md", "hums too")
    engine = opened(root=other)
    assert everything(engine) == ["Only.md"]
    assert any("another vault" in line for line in log)


def test_unmounted_vault_keeps_its_index(
    opened: Opener, vault: Path, tmp_path: Path, log: list[str]
) -> None:
    engine = opened()
    vault.rename(tmp_path / "elsewhere")
    engine.follow({""})
    engine.follow({"Ideas.md", "Heat pump.md"})
    assert everything(engine) == ALL
    status = engine.status(0)
    assert status.skipped[0].path == "."
    assert sum("not mounted" in line for line in log) == 1
    vault.mkdir()  # the mount point without its file system
    engine.follow({""})
    assert everything(engine) == ALL
    vault.rmdir()
    (tmp_path / "elsewhere").rename(vault)
    (vault / "Ideas.md").unlink()
    engine.follow({""})
    assert set(everything(engine)) == set(ALL) - {"Ideas.md"}
    assert not engine.status(0).skipped


def test_unmounted_at_start(opened: Opener, vault: Path, tmp_path: Path) -> None:
    closed(opened())
    vault.rename(tmp_path / "elsewhere")
    engine = opened()
    assert everything(engine) == ALL
    (tmp_path / "elsewhere").rename(vault)
    engine.follow({""})
    assert everything(engine) == ALL


def test_folder_that_cannot_be_listed_loses_nothing(
    opened: Opener, vault: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = opened()
    listing = os.scandir

    def refusing(path: str | Path) -> object:
        if str(path).rstrip("/").endswith("Garden"):
            raise PermissionError(13, "Permission denied")
        return listing(path)

    monkeypatch.setattr("os.scandir", refusing)
    engine.follow({""})
    assert everything(engine) == ALL
    assert any(skipped.path == "Garden/" for skipped in engine.status(0).skipped)


def test_status_gives_a_reason_for_every_note_that_is_left_out(opened: Opener, vault: Path) -> None:
    write(vault, "Ideas.sync-conflict-20261120-093000-ABCDEFG.md", "conflict")
    write(vault, "Plan (Conflicted copy laptop 202611200930).md", "conflict")
    write(vault, "Archive/Old.md", "excluded")
    (vault / "Link.md").symlink_to(vault / "Ideas.md")
    (vault / "loop").symlink_to(vault)
    write(vault, ".obsidian/workspace.md", "hidden")
    write(vault, ".trash/Gone.md", "hidden")
    write(vault, "Draft.md.tmp", "temporary")
    write(vault, "~syncthing~Ideas.md.tmp", "temporary")
    engine = opened(excluded=("Archive/",))
    status = engine.status(12.5)
    reasons = {skipped.path: skipped.reason for skipped in status.skipped}
    assert reasons == {
        "Ideas.sync-conflict-20261120-093000-ABCDEFG.md": (
            "a conflict copy left by synchronisation"
        ),
        "Plan (Conflicted copy laptop 202611200930).md": "a conflict copy left by synchronisation",
        "Archive/Old.md": "excluded in the settings",
        "Link.md": "a symbolic link",
        "loop": "a symbolic link",
    }
    assert everything(engine) == ALL
    assert status.indexed == 4
    assert status.notes - status.indexed == 1  # the excluded one
    assert status.lag_ms == 12.5
    assert status.rebuilding is None


def test_excluded_folders_are_not_followed(opened: Opener, vault: Path) -> None:
    engine = opened(excluded=("Archive/",))
    write(vault, "Archive/New.md", "zymurgy")
    engine.follow({"Archive/New.md"})
    assert found(engine, "zymurgy") == []


@pytest.mark.parametrize(
    "path", ["../outside.md", "/etc/passwd", "a//b.md", ".hidden.md", "x/.y/z.md", "nul\0.md", ""]
)
def test_hints_at_what_is_no_note_do_nothing(opened: Opener, vault: Path, path: str) -> None:
    (vault.parent / "outside.md").write_text("zymurgy")
    engine = opened()
    engine.follow({path})
    assert everything(engine) == ALL


@pytest.mark.parametrize("hints", [set(), {"Garden/Roses.md"}, {""}])
def test_changed_excluded_files_are_noticed(opened: Opener, vault: Path, hints: set[str]) -> None:
    engine = opened()
    write(vault, ".obsidian/app.json", '{"userIgnoreFilters": ["Garden/"]}')
    engine.follow(hints)
    assert "Garden/Roses.md" not in everything(engine)
    write(vault, ".obsidian/app.json", '{"userIgnoreFilters": ["Heat"], "vimMode": true}')
    engine.follow(hints)
    assert "Garden/Roses.md" in everything(engine)
    assert "Heat pump.md" not in everything(engine)
    (vault / ".obsidian/app.json").unlink()
    engine.follow(hints)
    assert everything(engine) == ALL


def test_other_settings_of_the_vault_cause_no_scan(
    opened: Opener, vault: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(root: Path) -> None:
        raise AssertionError(root)

    write(vault, ".obsidian/app.json", '{"userIgnoreFilters": ["Garden/"]}')
    engine = opened()
    monkeypatch.setattr(indexer, "walk", refuse)
    write(vault, ".obsidian/app.json", '{"userIgnoreFilters": ["Garden/"], "vimMode": true}')
    assert not engine.excludes_others()
    write(vault, ".obsidian/app.json", '{"userIgnoreFilters": []}')
    assert engine.excludes_others()
    assert not engine.excludes_others()


def test_touched_file_is_not_indexed_again(opened: Opener, vault: Path) -> None:
    engine = opened()
    os.utime(vault / "Ideas.md", ns=(1, 1_000_000_000))
    before = engine._indexer.snapshot
    engine.follow({"Ideas.md"})
    assert engine._indexer.snapshot is before


def replace_unnoticed(path: Path, text: str) -> None:
    """Save a text of the same length as a restored backup would: with the time that it had."""
    before = path.stat()
    fresh = path.with_name(".fresh")
    fresh.write_text(text)
    os.utime(fresh, ns=(before.st_atime_ns, before.st_mtime_ns))
    fresh.replace(path)
    after = path.stat()
    assert (after.st_mtime_ns, after.st_size) == (before.st_mtime_ns, before.st_size)


@pytest.mark.parametrize("hint", [{"Same.md"}, {""}])
def test_a_change_that_keeps_size_and_time_is_found(
    opened: Opener, vault: Path, monkeypatch: pytest.MonkeyPatch, hint: set[str]
) -> None:
    monkeypatch.setattr(indexer, "RACY_NS", 0)
    write(vault, "Same.md", "body uniqa")
    engine = opened()
    replace_unnoticed(vault / "Same.md", "body uniqz")
    engine.follow(hint)
    assert found(engine, "uniqz") == ["Same.md"]
    assert found(engine, "uniqa") == []


def test_a_change_that_keeps_size_and_time_is_found_by_the_next_start(
    opened: Opener, vault: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexer, "RACY_NS", 0)
    write(vault, "Same.md", "body uniqa")
    opened().close()
    replace_unnoticed(vault / "Same.md", "body uniqz")
    assert found(opened(), "uniqz") == ["Same.md"]


def test_two_notes_of_one_size_and_time_that_change_places(
    opened: Opener, vault: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexer, "RACY_NS", 0)
    for name in ("Left", "Right"):
        write(vault, f"{name}.md", f"{name:>5} hand")
        os.utime(vault / f"{name}.md", ns=(1, 1_000_000_000))
    engine = opened()
    (vault / "Left.md").rename(vault / "swap")
    (vault / "Right.md").rename(vault / "Left.md")
    (vault / "swap").rename(vault / "Right.md")
    engine.follow({""})
    assert found(engine, "content:left") == ["Right.md"]
    assert found(engine, "content:right") == ["Left.md"]


def test_a_hint_makes_a_note_be_read_whatever_its_stamp_says(
    opened: Opener, vault: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scan, "stamp_of", lambda info: Stamp(1, info.st_size, 1, 1))
    write(vault, "Same.md", "body uniqa")
    engine = opened()
    write(vault, "Same.md", "body uniqz")
    engine.follow({"Same.md"})
    assert found(engine, "uniqz") == ["Same.md"]
    assert found(engine, "uniqa") == []


def test_a_file_from_the_future_is_not_looked_at_for_ever(vault: Path) -> None:
    now = (vault / "Ideas.md").stat().st_ctime_ns
    ahead = Stamp(now, 1, now + 3600 * 10**9, 1)
    assert indexer._settled(ahead) == ahead


def test_same_size_and_moment_is_noticed_by_looking_again(
    opened: Opener, vault: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexer, "RACY_NS", 10**18)  # it stays fresh however long we take
    engine = opened()
    path = vault / "Fresh.md"
    path.write_text("first")
    again = engine.follow({"Fresh.md"})
    assert again == ["Fresh.md"]  # too fresh to be sure
    stamp = path.stat().st_mtime_ns
    path.write_text("other")
    os.utime(path, ns=(stamp, stamp))  # a clock too coarse to tell the two writes apart
    engine.follow(set(again))
    assert found(engine, "other") == ["Fresh.md"]


def test_file_growing_while_it_is_read(
    opened: Opener, vault: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = opened()
    path = vault / "Growing.md"
    path.write_text("begin")
    read = Path.read_bytes

    def growing(self: Path) -> bytes:
        if self.name == "Growing.md" and self.stat().st_size < 30:
            with self.open("a") as file:
                file.write(" and more")
        return read(self)

    monkeypatch.setattr(Path, "read_bytes", growing)
    engine.follow({"Growing.md"})
    skipped = {skipped.path: skipped.reason for skipped in engine.status(0).skipped}
    assert skipped.get("Growing.md") == "it is being written"
    engine.follow({"Growing.md"})
    assert found(engine, "more") == ["Growing.md"]
    assert not engine.status(0).skipped


def test_rebuild_goes_into_a_new_generation(opened: Opener, tmp_path: Path) -> None:
    engine = opened()
    before = engine.status(0).generation
    shares: list[float] = []
    old = engine._indexer.snapshot
    engine.rebuild(shares.append)
    assert engine.status(0).generation == before + 1
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert [path.name for path in (tmp_path / "index").glob("gen-*")] == [f"gen-{before + 1}"]
    # A search that began before the swap still has everything that it needs.
    assert [hit.path for hit in engine._searcher.search(old, "hums", 10, 0).hits] == [
        "Heat pump.md"
    ]


def test_closed_while_building_starts_over(opened: Opener, tmp_path: Path) -> None:
    engine = opened()
    engine.stop()
    engine.rebuild(None)  # gives up at once
    engine.close()
    assert everything(opened()) == ALL
    assert len(list((tmp_path / "index").glob("gen-*"))) <= 2


def test_full_disk_leaves_the_index_as_it_was(
    opened: Opener, vault: Path, monkeypatch: pytest.MonkeyPatch, log: list[str]
) -> None:
    engine = opened()
    write(vault, "New.md", "zymurgy")

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("octopus.backends.whoosh.store.write_segment", full)
        engine.follow({"New.md"})
    assert any("cannot be written" in line for line in log)
    assert everything(engine) == ALL
    engine.follow({""})
    assert found(engine, "zymurgy") == ["New.md"]


def test_reads_beside_the_writer(opened: Opener, vault: Path) -> None:
    writer = opened()
    reader = opened(read_only=True)
    assert everything(reader) == ALL
    for number in range(30):
        write(vault, "New.md", f"zymurgy{number}")
        writer.follow({"New.md"})
        assert found(reader, f"zymurgy{number}") == ["New.md"]
    writer.rebuild(None)
    write(vault, "New.md", "afterwards")
    writer.follow({"New.md"})
    assert found(reader, "afterwards") == ["New.md"]
    status = reader.status(0)
    assert (status.notes, status.indexed) == (5, 5)


def test_second_writer_becomes_a_reader(opened: Opener, vault: Path) -> None:
    first = opened()
    second = opened()
    write(vault, "New.md", "zymurgy")
    second.follow({"New.md"})
    second.rebuild(None)
    assert found(first, "zymurgy") == []
    first.follow({"New.md"})
    assert found(second, "zymurgy") == ["New.md"]


def test_reader_without_an_index_scans_the_files(opened: Opener, tmp_path: Path) -> None:
    engine = opened(read_only=True)
    hits = engine.search("PUMP night", 10, 0)
    assert [(hit.path, hit.heading, hit.line) for hit in hits.hits] == [
        ("Heat pump.md", "Heat pump", 3)
    ]
    assert "scan" in hits.note
    assert not (tmp_path / "index").exists()


def test_many_random_changes_leave_no_ghosts(opened: Opener, vault: Path, tmp_path: Path) -> None:
    rnd = random.Random(11)
    engine = opened()
    texts: dict[str, str] = {}
    merging, prepared, merges = None, False, 0
    for step in range(400):
        if merging is None:
            merging, prepared = engine.begin_merge(idle=rnd.random() < 0.2), False
        elif not prepared:
            prepared = rnd.random() < 0.3  # until then, and after that, the index goes on changing
            if prepared:
                engine.prepare_merge(merging)
        elif rnd.random() < 0.3:
            engine.end_merge(merging)
            merging, merges = None, merges + 1
        path = f"{rnd.choice(['', 'a/', 'b/'])}n{rnd.randint(0, 40)}.md"
        if rnd.random() < 0.3 and path in texts:
            del texts[path]
            (vault / path).unlink()
            hints = {path}
        elif rnd.random() < 0.2 and texts:
            old = rnd.choice(sorted(texts))
            texts[path] = texts.pop(old)
            (vault / path).parent.mkdir(exist_ok=True)
            (vault / old).replace(vault / path)
            hints = {old, path}
        else:
            texts[path] = f"step{step}x common"
            write(vault, path, texts[path])
            hints = {path}
        engine.follow(hints if rnd.random() < 0.95 else {""})
        if step % 20 == 0:
            assert sorted(found(engine, "common")) == sorted(texts)
    for path, text in texts.items():
        assert found(engine, text.split()[0]) == [path]
    assert merges > 10
    assert len(engine._indexer.snapshot.parts) < 40
    closed(engine)
    again = opened()
    assert sorted(found(again, "common")) == sorted(texts)
    assert len(again._indexer.snapshot.parts) < 10
    assert segments(tmp_path) == {part.view.id for part in again._indexer.snapshot.parts}


def segments(tmp_path: Path) -> set[str]:
    """The segments that have files."""
    return {path.name.partition(".")[0] for path in tmp_path.glob("index/gen-*/MAIN_*")}


def changed(engine: Engine, vault: Path, count: int, word: str = "common") -> None:
    """As many commits, each a segment of its own."""
    for number in range(count):
        write(vault, f"{word}{number}.md", word)
        engine.follow({f"{word}{number}.md"})


def test_a_merge_outlives_a_rebuild(opened: Opener, vault: Path, tmp_path: Path) -> None:
    engine = opened()
    changed(engine, vault, 9)
    merging = engine.begin_merge(idle=False)
    assert merging is not None
    engine.rebuild(None)
    engine.prepare_merge(merging)  # where it writes is gone
    engine.end_merge(merging)
    assert len(found(engine, "common")) == 9
    assert engine.begin_merge(idle=False) is None
    assert segments(tmp_path) == {part.view.id for part in engine._indexer.snapshot.parts}


def test_what_was_deleted_during_a_merge_stays_so(opened: Opener, vault: Path) -> None:
    engine = opened()
    changed(engine, vault, 9)
    merging = engine.begin_merge(idle=False)
    assert merging is not None
    engine.prepare_merge(merging)
    for number in range(9):
        (vault / f"common{number}.md").unlink()
        engine.follow({f"common{number}.md"})
    engine.end_merge(merging)
    assert found(engine, "common") == []
    assert everything(engine) == ALL


def test_a_merge_that_fails_has_the_index_built_anew(
    opened: Opener, vault: Path, log: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = opened()
    changed(engine, vault, 9)
    before = engine.status(0).generation
    merging = engine.begin_merge(idle=False)
    assert merging is not None

    def spoilt(*_: object) -> None:
        raise ValueError("the bytes are spoilt")

    monkeypatch.setattr("octopus.backends.whoosh.merge.pooled", spoilt)
    engine.prepare_merge(merging)
    engine.end_merge(merging)
    assert any("spoilt" in line for line in log)
    assert engine.status(0).generation == before + 1
    assert len(found(engine, "common")) == 9


def test_a_merge_left_by_a_death_is_cleared_away(
    opened: Opener, vault: Path, tmp_path: Path
) -> None:
    engine = opened()
    changed(engine, vault, 9)
    merging = engine.begin_merge(idle=False)
    assert merging is not None
    engine.prepare_merge(merging)
    closed(engine)
    again = opened()
    changed(again, vault, 1, "other")
    assert len(found(again, "common")) == 9
    assert segments(tmp_path) == {part.view.id for part in again._indexer.snapshot.parts}


def test_notes_are_reachable_after_many_merges(opened: Opener, vault: Path) -> None:
    engine = opened()
    for number in range(150):
        write(vault, f"m{number}.md", f"unique{number}x [[m{number - 1}]] #merged")
        engine.follow({f"m{number}.md"})
    assert len(found(engine, "tag:merged")) == 100  # the limit
    assert engine.search("tag:merged", 10, 0).total == 150
    for number in range(0, 150, 7):
        assert found(engine, f"unique{number}x") == [f"m{number}.md"]
    shutil.rmtree(vault)
    assert engine.search("unique3x", 10, 0).total == 1


def test_half_deleted_segments_shrink_when_idle(opened: Opener, vault: Path) -> None:
    for number in range(300):
        write(vault, f"d{number}.md", f"doomed{number % 3}")
    engine = opened()
    for number in range(300):
        if number % 3:
            (vault / f"d{number}.md").unlink()
    engine.follow({""})
    engine._indexer.merge()
    assert sum(part.view.count for part in engine._indexer.snapshot.parts) == 100 + len(ALL)
    assert engine.search("doomed0", 10, 0).total == 100
    assert found(engine, "doomed1 -doomed0") == []


def test_files_that_obsidian_excludes_are_not_found(opened: Opener, vault: Path) -> None:
    write(vault, "Archive/Old.md", "zymurgy")
    write(vault, "Drafts/2026 draft.md", "zymurgy")
    write(vault, ".obsidian/app.json", '{"userIgnoreFilters": ["Archive/", "/draft\\\\.md$/"]}')
    engine = opened()
    assert found(engine, "zymurgy") == []
    reasons = {skipped.path for skipped in engine.status(0).skipped}
    assert reasons == {"Archive/Old.md", "Drafts/2026 draft.md"}
    write(vault, ".obsidian/app.json", "{}")
    engine.follow({""})
    assert sorted(found(engine, "zymurgy")) == ["Archive/Old.md", "Drafts/2026 draft.md"]
    write(vault, ".obsidian/app.json", '{"userIgnoreFilters": ["archive"]}')
    engine.follow({""})
    assert found(engine, "zymurgy") == ["Drafts/2026 draft.md"]


@pytest.mark.parametrize("settings", ["", "[", "null", '{"userIgnoreFilters": 7}', "\x00"])
def test_spoilt_settings_exclude_nothing(opened: Opener, vault: Path, settings: str) -> None:
    write(vault, ".obsidian/app.json", settings)
    assert everything(opened()) == ALL


@pytest.mark.parametrize("text", ["", "[]", "{", '{"nodes": 3}', '{"nodes": [1, {"text": 2}]}'])
def test_spoilt_canvases_are_found_by_name(opened: Opener, vault: Path, text: str) -> None:
    write(vault, "Spoilt board.canvas", text)
    assert found(opened(), "spoilt board") == ["Spoilt board.canvas"]


def test_notes_in_other_encodings(opened: Opener, vault: Path) -> None:
    (vault / "Bom.md").write_bytes(b"\xef\xbb\xbf---\ntags: [marked]\n---\nwithmark")
    (vault / "Wide.md").write_bytes("\ufeffwidenote ünïcode".encode("utf-16"))
    (vault / "Latin.md").write_bytes("latinnote caf\xe9 end".encode("latin-1"))
    engine = opened()
    assert found(engine, "tag:marked withmark") == ["Bom.md"]
    assert found(engine, "widenote unicode") == ["Wide.md"]
    assert found(engine, "latinnote end") == ["Latin.md"]


def test_huge_notes_are_found_by_name_only(
    opened: Opener, vault: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("octopus.backends.whoosh.document.LARGEST_NOTE", 100)
    write(vault, "Big dump.md", "zymurgy " * 50)
    engine = opened()
    assert found(engine, "dump") == ["Big dump.md"]
    assert found(engine, "zymurgy") == []
    skipped = {each.path: each.reason for each in engine.status(0).skipped}
    assert "only its name" in skipped["Big dump.md"]
