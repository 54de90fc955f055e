"""The check that the doctor makes finds what is wrong, and leaves the vault alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from octopus.backends.whoosh.analysis import Analyzer
from octopus.backends.whoosh.selfcheck import PLANTED, self_check

from .conftest import write


def snapshot(root: Path) -> dict[str, tuple[int, bytes]]:
    return {
        str(path): (path.stat().st_mtime_ns, path.read_bytes())
        for path in root.rglob("*")
        if path.is_file()
    }


def test_all_is_well(vault: Path) -> None:
    write(
        vault, "Long.md", "---\na: [broken\n---\n" + "words and more\n" * 20_000 + "```\nunclosed"
    )
    before = snapshot(vault)
    assert self_check(vault) == ()
    assert snapshot(vault) == before


@pytest.mark.parametrize("end", ["%% never closed", "<!-- open\n", "\r\nwindows\r\n", "\n\n$$\n"])
def test_however_the_longest_note_ends(tmp_path: Path, end: str) -> None:
    (tmp_path / "Odd.md").write_bytes(("text\n" * 100 + end).encode())
    assert self_check(tmp_path) == ()


@pytest.mark.parametrize("name", ["", "missing"])
def test_vault_without_notes(tmp_path: Path, name: str) -> None:
    assert self_check(tmp_path / name) == ()


def test_a_script_that_is_not_cut_into_words_is_named(
    vault: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    terms = Analyzer.terms

    def only_ascii(self: Analyzer, text: str) -> list[str]:
        return [term for term in terms(self, text) if term.isascii()]

    monkeypatch.setattr(Analyzer, "terms", only_ascii)
    failing = self_check(vault)
    assert set(failing) <= set(PLANTED)
    assert "Thai" in failing
    assert "Latin" not in failing
