"""The text of PDF files: read once, within limits, by a process that may fail."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from octopus.backends.pdf import Limits, PdfTexts
from octopus.backends.pdf import child as child_module
from octopus.backends.pdf.texts import ABSENT
from octopus.core.search import Extract
from tests.fakes import pdf
from tests.patience import PATIENCE

LIMITS = Limits(cpu_seconds=5, seconds=PATIENCE)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "vault").mkdir()
    return tmp_path / "vault"


@pytest.fixture
def texts(root: Path, tmp_path: Path) -> Iterator[PdfTexts]:
    made = PdfTexts(root, tmp_path / "state" / "pdf.db", LIMITS)
    made.open()
    yield made
    made.close()


def stamp(root: Path, path: str) -> tuple[int, int]:
    info = (root / path).stat()
    return info.st_mtime_ns, info.st_size


def extract(texts: PdfTexts, root: Path, data: bytes, path: str = "A.pdf") -> Extract:
    (root / path).write_bytes(data)
    texts.read(path)
    found = texts.get(path, stamp(root, path))
    assert found is not None
    return found


@pytest.mark.parametrize("packed", [False, True])
def test_the_text_of_every_page(texts: PdfTexts, root: Path, packed: bool) -> None:
    data = pdf.pdf("Grüße (aus) Wien", "second \\ page", packed=packed)
    assert extract(texts, root, data) == Extract("Grüße (aus) Wien\n\f\nsecond \\ page")


def test_the_title_in_capitals_is_a_pdf_too(texts: PdfTexts) -> None:
    assert texts.handles("a/B.PDF")
    assert texts.handles("B.pdf")
    assert not texts.handles("B.md")
    assert not texts.handles("pdf")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "broken"),
        (b"no pdf at all", "broken"),
        (b"%PDF-1.4\n" + bytes(range(256)) * 50, "broken"),
        (pdf.pdf("one", "two")[:300], "broken"),
        (pdf.loop(), "broken"),
        (pdf.nested(), ""),
        (pdf.encrypted(), "encrypted"),
        (pdf.pdf(""), "only pictures"),
    ],
    ids=["empty", "text", "junk", "cut", "loop", "nested", "encrypted", "pictures"],
)
def test_what_cannot_be_read_has_a_reason(
    texts: PdfTexts, root: Path, data: bytes, reason: str
) -> None:
    found = extract(texts, root, data)
    assert found.text.strip() == ""
    assert found.reason
    assert reason in found.reason


@pytest.mark.parametrize("seed", range(6))
def test_any_byte_may_be_spoilt(texts: PdfTexts, root: Path, seed: int) -> None:
    data = bytearray(pdf.pdf("Hello there", "and more", packed=True))
    for place in range(40 + seed, len(data), 97):
        data[place] ^= 0x55
    found = extract(texts, root, bytes(data))
    assert found.reason or found.text


def test_a_file_that_takes_too_long_is_left(root: Path, tmp_path: Path) -> None:
    texts = PdfTexts(root, tmp_path / "pdf.db", Limits(cpu_seconds=1, seconds=PATIENCE))
    texts.open()
    assert extract(texts, root, pdf.endless(300_000)).reason == "reading it took too long"
    texts.close()


def test_a_machine_that_is_too_busy_counts_as_too_long(root: Path, tmp_path: Path) -> None:
    texts = PdfTexts(root, tmp_path / "pdf.db", Limits(seconds=0.01))
    texts.open()
    assert extract(texts, root, pdf.pdf("a")).reason == "reading it took too long"
    texts.close()


def test_a_bomb_fills_no_memory(root: Path, tmp_path: Path) -> None:
    texts = PdfTexts(root, tmp_path / "pdf.db", Limits(memory=256 << 20, cpu_seconds=10))
    texts.open()
    found = extract(texts, root, pdf.bomb(10**9))
    assert found.text.strip() == ""
    assert found.reason
    texts.close()


def test_without_memory_nothing_is_read_and_nothing_breaks(root: Path, tmp_path: Path) -> None:
    texts = PdfTexts(root, tmp_path / "pdf.db", Limits(memory=24 << 20))
    texts.open()
    assert extract(texts, root, pdf.pdf("a")).reason.startswith("reading it failed")
    texts.close()


def test_a_huge_file_is_not_even_opened(root: Path, tmp_path: Path) -> None:
    texts = PdfTexts(root, tmp_path / "pdf.db", Limits(size=1 << 20))
    texts.open()
    with (root / "A.pdf").open("wb") as file:
        file.truncate(2 << 20)
    texts.read("A.pdf")
    assert texts.get("A.pdf", stamp(root, "A.pdf")) == Extract("", "it is larger than 1 MB")
    texts.close()


@pytest.mark.parametrize(
    ("limits", "text", "reason"),
    [
        (Limits(pages=2), "aaaa\n\f\nbbbb", "only its first 2 pages are searched"),
        (
            Limits(characters=6),
            "aaaa\n\f\nbb",
            "it is very long; only its first 2 pages are searched",
        ),
    ],
)
def test_of_a_long_file_the_beginning_is_read(
    root: Path, tmp_path: Path, limits: Limits, text: str, reason: str
) -> None:
    texts = PdfTexts(root, tmp_path / "pdf.db", limits)
    texts.open()
    assert extract(texts, root, pdf.pdf("aaaa", "bbbb", "cccc")) == Extract(text, reason)
    texts.close()


def count_starts(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    started: list[int] = []
    extracted = PdfTexts._extracted

    def counted(self: PdfTexts, descriptor: int, size: int) -> Extract:
        started.append(size)
        return extracted(self, descriptor, size)

    monkeypatch.setattr(PdfTexts, "_extracted", counted)
    return started


def test_each_version_is_read_once(
    texts: PdfTexts, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = count_starts(monkeypatch)
    extract(texts, root, pdf.pdf("first"))
    now = stamp(root, "A.pdf")
    assert not texts.wants("A.pdf", now)
    texts.read("A.pdf")
    again = PdfTexts(root, tmp_path / "state" / "pdf.db", LIMITS)
    again.open()
    assert not again.wants("A.pdf", now)
    assert again.get("A.pdf", now) == Extract("first")
    again.read("A.pdf")
    assert len(started) == 1
    (root / "A.pdf").write_bytes(pdf.pdf("second one"))
    assert again.wants("A.pdf", stamp(root, "A.pdf"))
    assert again.get("A.pdf", stamp(root, "A.pdf")) is None
    again.read("A.pdf")
    assert len(started) == 2
    again.close()


def test_a_rebuild_tries_failures_again_and_nothing_else(
    texts: PdfTexts, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    extract(texts, root, pdf.pdf("good"), "Good.pdf")
    extract(texts, root, b"bad", "Bad.pdf")
    texts.forgive()
    assert texts.wants("Bad.pdf", stamp(root, "Bad.pdf"))
    assert not texts.wants("Good.pdf", stamp(root, "Good.pdf"))


def test_texts_of_files_that_are_gone_are_let_go(
    texts: PdfTexts, root: Path, tmp_path: Path
) -> None:
    extract(texts, root, pdf.pdf("a"), "A.pdf")
    extract(texts, root, pdf.pdf("b"), "B.pdf")
    texts.forget({"B.pdf", "C.md"})
    assert texts.get("A.pdf", stamp(root, "A.pdf")) is None
    assert texts.get("B.pdf", stamp(root, "B.pdf")) == Extract("b")
    with sqlite3.connect(tmp_path / "state" / "pdf.db") as database:
        rows = database.execute("SELECT path FROM pdf").fetchall()
    database.close()
    assert rows == [("B.pdf",)]


@pytest.mark.parametrize("spoilt", [b"", b"not a database at all" * 100])
def test_a_spoilt_store_is_made_anew(root: Path, tmp_path: Path, spoilt: bytes) -> None:
    (tmp_path / "pdf.db").write_bytes(spoilt)
    texts = PdfTexts(root, tmp_path / "pdf.db", LIMITS)
    texts.open()
    assert extract(texts, root, pdf.pdf("a")) == Extract("a")
    texts.close()


def test_a_store_of_another_version_is_made_anew(root: Path, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "pdf.db") as database:
        database.execute("PRAGMA user_version = 99")
    database.close()
    texts = PdfTexts(root, tmp_path / "pdf.db", LIMITS)
    texts.open()
    assert extract(texts, root, pdf.pdf("a")) == Extract("a")
    texts.close()


def test_a_place_that_cannot_be_written_ends_nothing(root: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    texts = PdfTexts(root, tmp_path / "file" / "pdf.db", LIMITS)
    texts.open()
    (root / "A.pdf").write_bytes(pdf.pdf("a"))
    texts.read("A.pdf")
    assert texts.get("A.pdf", stamp(root, "A.pdf")) is None
    texts.forgive()
    texts.forget(set())
    texts.close()


def test_a_link_or_a_pipe_is_not_read(texts: PdfTexts, root: Path, tmp_path: Path) -> None:
    (tmp_path / "outside.pdf").write_bytes(pdf.pdf("outside"))
    (root / "link.pdf").symlink_to(tmp_path / "outside.pdf")
    os.mkfifo(root / "pipe.pdf")
    for path in ("link.pdf", "pipe.pdf", "missing.pdf"):
        texts.read(path)
        assert texts._known == {}


def test_a_file_that_changes_while_it_is_read_is_read_again(
    texts: PdfTexts, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    extracted = PdfTexts._extracted

    def slow(self: PdfTexts, descriptor: int, size: int) -> Extract:
        found = extracted(self, descriptor, size)
        (root / "A.pdf").write_bytes(pdf.pdf("changed meanwhile"))
        return found

    (root / "A.pdf").write_bytes(pdf.pdf("first"))
    monkeypatch.setattr(PdfTexts, "_extracted", slow)
    texts.read("A.pdf")
    assert texts.wants("A.pdf", stamp(root, "A.pdf"))
    monkeypatch.undo()
    texts.read("A.pdf")
    assert texts.get("A.pdf", stamp(root, "A.pdf")) == Extract("changed meanwhile")


def test_stopping_ends_what_is_being_read(root: Path, tmp_path: Path) -> None:
    texts = PdfTexts(root, tmp_path / "pdf.db", Limits(cpu_seconds=50, seconds=PATIENCE))
    texts.open()
    (root / "A.pdf").write_bytes(pdf.endless())
    reading = threading.Thread(target=texts.read, args=("A.pdf",))
    reading.start()
    while texts._process is None:
        assert reading.is_alive()
    texts.stop()
    reading.join(PATIENCE)
    assert not reading.is_alive()
    assert texts.wants("A.pdf", stamp(root, "A.pdf"))
    texts.close()


def test_without_the_extra_nothing_is_read_and_it_says_how_to_get_it(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    texts = PdfTexts(root, tmp_path / "pdf.db", LIMITS)
    texts.open()
    (root / "A.pdf").write_bytes(pdf.pdf("a"))
    assert texts.missing == ABSENT
    assert "octopus[pdf]" in ABSENT
    assert not texts.wants("A.pdf", stamp(root, "A.pdf"))
    texts.read("A.pdf")
    assert texts.get("A.pdf", stamp(root, "A.pdf")) is None
    texts.close()


LINES = {"pages": 10, "characters": 1000}


def test_what_is_said_of_each_page() -> None:
    assert list(child_module.lines(pdf.pdf("a", "b"), LINES)) == [
        {"page": "a"},
        {"page": "b"},
        {"end": ""},
    ]


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (MemoryError(), "reading it takes too much memory"),
        (RecursionError(), "it is nested too deeply"),
        (ValueError("odd\n  things"), "it is broken: odd things"),
        (KeyError(), "it is broken: KeyError"),
    ],
)
def test_what_a_reader_raises_is_a_reason(
    monkeypatch: pytest.MonkeyPatch, error: Exception, reason: str
) -> None:
    def fails(*_: object) -> object:
        raise error

    monkeypatch.setattr("pypdf.PdfReader", fails)
    assert list(child_module.lines(b"", LINES)) == [{"end": reason}]
