"""Texts of attachments come into the index after the notes, and may be missing for a reason."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from octopus.backends.pdf import PdfTexts
from octopus.backends.whoosh import IndexSettings, WhooshIndex
from octopus.backends.whoosh.attachment import PENDING, NoAttachments
from octopus.backends.whoosh.engine import Engine
from octopus.core.search import Extract
from tests.fakes import pdf
from tests.patience import PATIENCE

from .conftest import TODAY, found, write

Stamp = tuple[int, int]


class FakeTexts(NoAttachments):
    """Reads a file's bytes as text, when it is told to."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.known: dict[str, tuple[Stamp, Extract]] = {}
        self.gate = threading.Event()
        self.gate.set()
        self.reading = threading.Event()
        self.present: set[str] = set()
        self.forgiven = 0

    def handles(self, path: str) -> bool:
        return path.endswith(".pdf")

    def wants(self, path: str, stamp: Stamp) -> bool:
        return not self.missing and self.known.get(path, (None,))[0] != stamp

    def get(self, path: str, stamp: Stamp) -> Extract | None:
        known = self.known.get(path)
        return known[1] if known and known[0] == stamp else None

    def read(self, path: str) -> None:
        self.reading.set()
        assert self.gate.wait(PATIENCE)
        info = (self.root / path).stat()
        text = (self.root / path).read_text("utf-8")
        extract = Extract("", "it is broken") if text == "broken" else Extract(text)
        self.known[path] = ((info.st_mtime_ns, info.st_size), extract)

    def forgive(self) -> None:
        self.forgiven += 1

    def forget(self, present: set[str]) -> None:
        self.present = present


@pytest.fixture
def texts(vault: Path) -> FakeTexts:
    return FakeTexts(vault)


Opened = Callable[[], Engine]


@pytest.fixture
def engine(tmp_path: Path, vault: Path, texts: FakeTexts) -> Iterator[Opened]:
    engines: list[Engine] = []

    def open_engine() -> Engine:
        settings = IndexSettings(today=lambda: TODAY)
        made = Engine(vault, tmp_path / "index", settings, texts)
        made.open(False)
        made.catch_up()
        engines.append(made)
        return made

    yield open_engine
    for made in engines:
        made.close()


def read_all(engine: Engine) -> list[str]:
    read = []
    while path := engine.read_attachment():
        read.append(path)
        engine.follow([path])
    return read


def reasons(engine: Engine) -> dict[str, str]:
    return {each.path: each.reason for each in engine.status(0).skipped}


def test_the_name_is_found_at_once_and_the_text_when_it_was_read(
    engine: Opened, vault: Path
) -> None:
    write(vault, "Files/Lease.pdf", "zeppelin hangar rent\n\f\nthe second page says gondola")
    opened = engine()
    assert found(opened, "lease") == ["Files/Lease.pdf"]
    assert found(opened, "gondola") == []
    assert reasons(opened)["Files/Lease.pdf"] == PENDING
    assert read_all(opened) == ["Files/Lease.pdf"]
    (hit,) = opened.search("gondola", 10, 0).hits
    assert (hit.path, hit.heading, hit.line) == ("Files/Lease.pdf", "page 2", 1)
    assert "the second page says gondola" in hit.snippet
    assert "Files/Lease.pdf" not in reasons(opened)
    assert opened.search('"hangar rent"', 10, 0).hits[0].heading == "page 1"
    assert read_all(opened) == []


def test_the_text_is_in_the_index_after_a_restart_and_a_rebuild(
    engine: Opened, vault: Path, texts: FakeTexts
) -> None:
    write(vault, "Lease.pdf", "gondola")
    first = engine()
    read_all(first)
    first.close()
    second = engine()
    assert found(second, "gondola") == ["Lease.pdf"]
    assert second.read_attachment() is None
    second.rebuild(None)
    assert found(second, "gondola") == ["Lease.pdf"]
    assert texts.forgiven == 1


def test_a_stop_before_the_text_was_read_is_made_up_for(
    engine: Opened, vault: Path, texts: FakeTexts
) -> None:
    write(vault, "Lease.pdf", "gondola")
    write(vault, "Other.pdf", "balloon")
    first = engine()
    texts.read("Other.pdf")  # read, and the process ended before the index was told
    first.close()
    second = engine()
    assert found(second, "balloon") == ["Other.pdf"]
    assert read_all(second) == ["Lease.pdf"]
    assert found(second, "gondola") == ["Lease.pdf"]


def test_a_changed_file_is_read_again(engine: Opened, vault: Path) -> None:
    write(vault, "Lease.pdf", "gondola")
    opened = engine()
    read_all(opened)
    write(vault, "Lease.pdf", "airship now")
    opened.follow(["Lease.pdf"])
    assert reasons(opened)["Lease.pdf"] == PENDING
    assert read_all(opened) == ["Lease.pdf"]
    assert found(opened, "airship") == ["Lease.pdf"]
    assert found(opened, "gondola") == []


def test_a_file_that_is_gone_is_gone(engine: Opened, vault: Path, texts: FakeTexts) -> None:
    write(vault, "Lease.pdf", "gondola")
    opened = engine()
    read_all(opened)
    (vault / "Lease.pdf").unlink()
    opened.follow(["Lease.pdf"])
    assert found(opened, "gondola") == []
    opened.follow([""])
    assert "Lease.pdf" not in texts.present


def test_what_cannot_be_read_is_found_by_its_name_and_says_why(engine: Opened, vault: Path) -> None:
    write(vault, "Scan.pdf", "broken")
    opened = engine()
    assert read_all(opened) == ["Scan.pdf"]
    assert reasons(opened)["Scan.pdf"] == "it is broken"
    assert found(opened, "scan") == ["Scan.pdf"]
    assert read_all(opened) == []  # not tried for ever
    opened.follow([""])
    assert reasons(opened)["Scan.pdf"] == "it is broken"
    assert "it is broken" in opened.explain("gondola", "Scan.pdf").reasons


def test_without_a_reader_every_such_file_says_so(
    engine: Opened, vault: Path, texts: FakeTexts
) -> None:
    texts.missing = "there is no reader"
    write(vault, "Lease.pdf", "gondola")
    opened = engine()
    assert reasons(opened)["Lease.pdf"] == "there is no reader"
    assert opened.read_attachment() is None
    assert found(opened, "lease") == ["Lease.pdf"]


def test_pages_are_no_markdown(engine: Opened, vault: Path) -> None:
    write(vault, "Lease.pdf", "# no heading\n- [ ] no task #notag [[Heat pump]]\n%%shown%%")
    opened = engine()
    read_all(opened)
    assert found(opened, "tag:notag") == []
    assert found(opened, "task-todo:task") == []
    assert found(opened, "content:shown") == ["Lease.pdf"]
    assert "shown" in opened.search("shown", 10, 0).hits[0].snippet


def test_no_line_runs_on_to_the_next_page(engine: Opened, vault: Path) -> None:
    write(vault, "Lease.pdf", "first page\n\f\nsecond page")
    opened = engine()
    read_all(opened)
    assert found(opened, "line:(first second)") == []


async def settled(index: WhooshIndex, query: str, path: str) -> None:
    """Wait until a query finds a path."""
    async with asyncio.timeout(PATIENCE):
        while path not in [hit.path for hit in (await index.search(query)).hits]:
            await index.settle()


@pytest.fixture
async def index(vault: Path, tmp_path: Path, texts: FakeTexts) -> AsyncIterator[WhooshIndex]:
    made = WhooshIndex(vault, tmp_path / "index", IndexSettings(debounce=0.005), texts)
    yield made
    texts.gate.set()
    await made.close()


async def test_notes_do_not_wait_for_attachments(
    index: WhooshIndex, vault: Path, texts: FakeTexts
) -> None:
    write(vault, "Lease.pdf", "gondola")
    texts.gate.clear()
    await index.open()
    assert await asyncio.to_thread(texts.reading.wait, 20)  # it is being read, and stuck
    write(vault, "New.md", "something zymurgical")
    index.hint("New.md")
    await index.settle()
    assert [hit.path for hit in (await index.search("zymurgical")).hits] == ["New.md"]
    texts.gate.set()
    await settled(index, "gondola", "Lease.pdf")


async def test_one_that_turns_up_later_is_read_too(index: WhooshIndex, vault: Path) -> None:
    await index.open()
    await index.settle()
    write(vault, "Lease.pdf", "gondola")
    index.hint("Lease.pdf")
    await settled(index, "gondola", "Lease.pdf")


async def paths(index: WhooshIndex, query: str) -> list[str]:
    return [hit.path for hit in (await index.search(query)).hits]


async def test_who_asks_once_can_wait_for_the_texts(index: WhooshIndex, vault: Path) -> None:
    write(vault, "Lease.pdf", "gondola")
    write(vault, "Other.pdf", "balloon")
    await index.open(reconcile=True)
    assert await paths(index, "gondola") == []
    heard: list[float] = []
    assert await index.read_attachments(60, heard.append)
    assert await paths(index, "gondola") == ["Lease.pdf"]
    assert await paths(index, "balloon") == ["Other.pdf"]
    assert heard == [0.5, 1.0]
    assert await index.read_attachments(60)  # nothing is left to wait for


async def test_nobody_waits_for_the_texts_for_ever(
    index: WhooshIndex, vault: Path, texts: FakeTexts
) -> None:
    write(vault, "Lease.pdf", "gondola")
    texts.gate.clear()
    await index.open(reconcile=True)
    assert not await index.read_attachments(0)
    assert await paths(index, "gondola") == []
    texts.gate.set()
    await settled(index, "gondola", "Lease.pdf")  # what was begun is not lost


@pytest.mark.parametrize("once", [True, False])
async def test_a_rebuild_ends_when_the_texts_are_found(
    index: WhooshIndex, vault: Path, once: bool
) -> None:
    await index.open(reconcile=once)
    write(vault, "Lease.pdf", "gondola")
    write(vault, "Other.pdf", "balloon")
    heard: list[float] = []
    await index.rebuild(heard.append)
    assert await paths(index, "gondola") == ["Lease.pdf"]
    assert await paths(index, "balloon") == ["Other.pdf"]
    assert heard == sorted(heard)
    assert 0 <= heard[0] <= heard[-1] <= 1


async def test_real_files(vault: Path, tmp_path: Path) -> None:
    (vault / "Lease.pdf").write_bytes(pdf.pdf("The zeppelin", "and its gondola"))
    (vault / "Locked.pdf").write_bytes(pdf.encrypted())
    (vault / "Broken.PDF").write_bytes(b"%PDF-1.7 junk")
    texts = PdfTexts(vault, tmp_path / "pdf.db")
    index = WhooshIndex(vault, tmp_path / "index", IndexSettings(debounce=0.005), texts)
    await index.open()
    await settled(index, "gondola", "Lease.pdf")
    (hit,) = (await index.search("gondola")).hits
    assert (hit.heading, hit.snippet) == ("page 2", "and its gondola")
    async with asyncio.timeout(PATIENCE):
        while PENDING in {each.reason for each in (await index.status()).skipped}:
            await index.settle()
    told = {each.path: each.reason for each in (await index.status()).skipped}
    assert set(told) == {"Locked.pdf", "Broken.PDF"}
    assert told["Locked.pdf"] == "it is encrypted"
    await index.close()
