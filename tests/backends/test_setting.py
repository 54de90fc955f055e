"""The owner's settings are read as plain files; nothing that stands in their place does harm."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from loguru import logger

from octopus.backends.setting import read_setting, setting_or_none
from octopus.backends.vault import VaultFiles
from octopus.errors import VaultError, VaultUnavailable
from octopus.obsidian.settings import MAX_SIZE

Put = Callable[[Path], object]


def giant(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(50 * 1024 * 1024)


#: What can stand in the place of a settings file.
ODD: dict[str, Put] = {
    "a link to outside": lambda path: path.symlink_to("/etc/passwd"),
    "a link to a note": lambda path: path.symlink_to(path.parent.parent / "note.md"),
    "a link to nothing": lambda path: path.symlink_to("nothing"),
    "a link to itself": lambda path: path.symlink_to(path),
    "a folder": Path.mkdir,
    "a pipe": os.mkfifo,
    "50 MB": giant,
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / ".obsidian").mkdir()
    (tmp_path / "note.md").write_bytes(b"{}")
    return tmp_path


@pytest.fixture
def warnings() -> Iterator[list[str]]:
    found: list[str] = []
    number = logger.add(lambda line: found.append(str(line)), level="WARNING", format="{message}")
    yield found
    logger.remove(number)


@pytest.mark.parametrize("put", ODD.values(), ids=ODD)
async def test_odd_things_count_as_none_and_are_told_once(
    root: Path, warnings: list[str], put: Put
) -> None:
    put(root / ".obsidian/app.json")
    vault = VaultFiles(root)
    try:
        assert [await vault.text_of("app.json") for _ in range(3)] == [None] * 3
    finally:
        vault.close()
    assert len(warnings) == 1
    assert warnings[0].startswith(".obsidian/app.json: ")
    assert "using defaults" in warnings[0]
    with pytest.raises(VaultError):
        read_setting(root, ".obsidian", "app.json")
    assert setting_or_none(root, ".obsidian", "app.json") is None


async def test_a_folder_of_settings_that_is_a_link_is_not_followed(
    tmp_path: Path, warnings: list[str]
) -> None:
    (tmp_path / "vault").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere/app.json").write_bytes(b"{}")
    (tmp_path / "vault/.obsidian").symlink_to(tmp_path / "elsewhere")
    vault = VaultFiles(tmp_path / "vault")
    try:
        assert await vault.text_of("app.json") is None
    finally:
        vault.close()
    assert len(warnings) == 1


async def test_what_is_there_is_read_and_what_is_not_is_no_news(
    root: Path, warnings: list[str]
) -> None:
    (root / ".obsidian/app.json").write_bytes(b"\xef\xbb\xbf{} \xff")
    (root / ".obsidian/types.json").write_bytes(b" " * MAX_SIZE)
    vault = VaultFiles(root)
    try:
        assert await vault.text_of("app.json") == "\ufeff{} \ufffd"
        assert await vault.text_of("types.json") == " " * MAX_SIZE
        assert await vault.text_of("none.json") is None
        assert await vault.text_of("plugins/x/data.json") is None
    finally:
        vault.close()
    assert warnings == []


async def test_a_vault_that_is_away_is_not_a_vault_without_settings(tmp_path: Path) -> None:
    vault = VaultFiles(tmp_path / "gone")
    try:
        with pytest.raises(VaultUnavailable):
            await vault.text_of("app.json")
    finally:
        vault.close()
    assert setting_or_none(tmp_path / "gone", "app.json") is None
