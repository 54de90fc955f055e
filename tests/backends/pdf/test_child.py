"""What reads a PDF file says how it ended, whatever the file does to it."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octopus.backends.pdf import child
from tests.patience import PATIENCE

LIMITS = {
    "cpu_seconds": 10,
    "memory": 1024 * 1024 * 1024,
    "size": 1_000_000,
    "pages": 5,
    "characters": 1_000,
}


class Reader:
    """Stands for the vendor's: pages of these texts, or an error in place of a text."""

    def __init__(self, pages: list[str | Exception], password: Any = None) -> None:
        self.is_encrypted = password is not None
        self.pages = [Page(each) for each in pages]
        self._password = password

    def decrypt(self, password: str) -> object:
        if isinstance(self._password, Exception):
            raise self._password
        return self._password


class Page:
    def __init__(self, text: str | Exception) -> None:
        self._text = text

    def extract_text(self) -> str:
        if isinstance(self._text, Exception):
            raise self._text
        return self._text


def read(reader: Reader, monkeypatch: pytest.MonkeyPatch, **limits: int) -> list[dict[str, str]]:
    import pypdf

    monkeypatch.setattr(pypdf, "PdfReader", lambda file: reader)
    return list(child.lines(b"", LIMITS | limits))


@pytest.mark.parametrize(
    ("error", "end"),
    [
        (MemoryError(), "reading it takes too much memory"),
        (RecursionError(), "it is nested too deeply"),
        (ValueError("odd\n  token"), "it is broken: odd token"),
        (KeyError(), "it is broken: KeyError"),
        (ValueError("x" * 500), f"it is broken: {'x' * 120}"),
    ],
)
def test_pages_before_a_fault_are_kept(
    monkeypatch: pytest.MonkeyPatch, error: Exception, end: str
) -> None:
    found = read(Reader(["one", error, "three"]), monkeypatch)
    assert found == [{"page": "one"}, {"end": end}]


@pytest.mark.parametrize(
    ("password", "end"),
    [
        (1, ""),
        (0, "it is encrypted"),
        (NotImplementedError("cipher"), "it is encrypted (cipher)"),
    ],
)
def test_a_file_that_only_forbids_printing_is_read(
    monkeypatch: pytest.MonkeyPatch, password: object, end: str
) -> None:
    found = read(Reader(["one"], password), monkeypatch)
    assert found == [*([] if end else [{"page": "one"}]), {"end": end}]


@pytest.mark.parametrize(("pages", "read_of_them"), [(4, 4), (5, 5), (6, 5)])
def test_only_so_many_pages(monkeypatch: pytest.MonkeyPatch, pages: int, read_of_them: int) -> None:
    *found, end = read(Reader(["text"] * pages), monkeypatch)
    assert len(found) == read_of_them
    assert bool(end["end"]) is (pages > read_of_them)


def test_only_so_many_characters(monkeypatch: pytest.MonkeyPatch) -> None:
    *found, end = read(Reader(["x" * 700, "y" * 700, "z"]), monkeypatch)
    assert [len(each["page"]) for each in found] == [700, 300]
    assert "its first 2 pages" in end["end"]


@given(st.binary(max_size=200))
def test_any_bytes_end_with_one_reason(data: bytes) -> None:
    *pages, end = child.lines(b"%PDF-1.7\n" + data, LIMITS)
    assert list(end) == ["end"]
    assert all(list(each) == ["page"] for each in pages)


def test_the_process_answers_in_lines_and_cannot_write(tmp_path: Any) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "octopus.backends.pdf.child", json.dumps(LIMITS)],
        input=b"no pdf",
        capture_output=True,
        timeout=PATIENCE,
        check=True,
    )
    (line,) = done.stdout.splitlines()
    assert json.loads(line)["end"].startswith("it is broken")
    confined = (
        "import sys; from octopus.backends.pdf.child import confine;"
        f"confine({LIMITS!r}); file = open(sys.argv[1], 'w'); file.write('x'); file.close()"
    )
    wrote = subprocess.run(
        [sys.executable, "-c", confined, str(tmp_path / "file")],
        capture_output=True,
        timeout=PATIENCE,
        check=False,
    )
    assert wrote.returncode != 0
    assert not (tmp_path / "file").exists() or (tmp_path / "file").stat().st_size == 0
