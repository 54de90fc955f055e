"""The doctor says of each part what is wrong and how to mend it, and never fails itself."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from octopus.app.build import Octopus
from octopus.app.examine import examine
from octopus.backends.lock import hold
from octopus.config import Config
from octopus.frontends.control import ControlServer
from tests.fakes.ollama import FakeOllama
from tests.fakes.ollama import Turn as Said

NAMES = ["state", "database", "vault", "notes", "index", "search", "telegram", "model", "daemon"]


@pytest.fixture
def values(tmp_path: Path) -> dict[str, Any]:
    (tmp_path / "vault").mkdir()
    (tmp_path / "vault" / "Lamp.md").write_text("A lamp for the hall.\n" * 20)
    return {
        "vault": {"path": str(tmp_path / "vault")},
        "state": {"path": str(tmp_path / "state")},
        "http": {"enabled": False},
        "ollama": {"url": "http://127.0.0.1:9"},
    }


async def checked(
    values: Mapping[str, Any], name: str, *, ask_model: bool = False
) -> dict[str, Any]:
    """One check of a complete examination."""
    found = await examine(Config.model_validate(values), ask_model=ask_model)
    assert [each["name"] for each in found] == NAMES
    assert all(bool(each["fix"]) is not each["ok"] for each in found)
    return next(each for each in found if each["name"] == name)


async def lived(values: Mapping[str, Any]) -> Path:
    """The state that a first run leaves."""
    octopus = Octopus(Config.model_validate(values), Path(values["state"]["path"]))
    async with octopus.opened():
        await octopus.ask("note: buy a lamp", "cli:ask")
    return octopus.state


async def test_before_the_first_start_nothing_is_wrong(values: dict[str, Any]) -> None:
    found = await examine(Config.model_validate(values))
    assert [each["name"] for each in found if not each["ok"]] == []
    details = {each["name"]: each["detail"] for each in found}
    assert "first start" in details["state"] or "mode 700" in details["state"]
    assert (details["database"], details["daemon"]) == ("none yet", "not running")
    assert "no token" in details["telegram"]
    assert "No model server answers" in details["model"]  # it is no part that has to be there


async def test_a_state_that_others_can_read(values: dict[str, Any]) -> None:
    state = await lived(values)
    state.chmod(0o755)
    check = await checked(values, "state")
    assert not check["ok"]
    assert (check["detail"], check["fix"]) == (f"{state}, mode 755", f"chmod 700 {state}")


async def test_a_database_that_is_whole(values: dict[str, Any]) -> None:
    await lived(values)
    check = await checked(values, "database")
    assert check["ok"]
    assert check["detail"].startswith("ok, ")


async def test_a_database_with_damaged_pages(values: dict[str, Any]) -> None:
    state = await lived(values)
    with sqlite3.connect(state / "octopus.db") as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    data = bytearray((state / "octopus.db").read_bytes())
    data[8192:] = b"\xa5" * (len(data) - 8192)
    (state / "octopus.db").write_bytes(data)
    check = await checked(values, "database")
    assert not check["ok"]


@pytest.mark.parametrize("data", [b"no database" * 500, b"SQLite format 3\0" + b"\xff" * 4000])
async def test_a_database_that_is_none(values: dict[str, Any], data: bytes) -> None:
    state = await lived(values)
    (state / "octopus.db").write_bytes(data)
    check = await checked(values, "database")
    assert not check["ok"]
    assert (state / "octopus.db").read_bytes() == data  # a doctor does not operate


async def test_a_vault_that_is_not_there_fails_what_needs_it_and_nothing_else(
    values: dict[str, Any], tmp_path: Path
) -> None:
    (tmp_path / "vault").rename(tmp_path / "elsewhere")
    found = await examine(Config.model_validate(values))
    wrong = {each["name"]: each for each in found if not each["ok"]}
    assert set(wrong) == {"vault", "index", "search"}
    assert "vault.path" in wrong["vault"]["fix"]
    assert all("is not there" in wrong[name]["detail"] for name in ("vault", "index", "search"))


@pytest.mark.parametrize(("read_only", "ok"), [(False, False), (True, True)])
async def test_a_vault_that_cannot_be_written_is_wrong_unless_it_need_not(
    values: dict[str, Any], monkeypatch: pytest.MonkeyPatch, read_only: bool, ok: bool
) -> None:
    access = os.access
    root = values["vault"]["path"]
    monkeypatch.setattr(
        os, "access", lambda path, mode, **more: str(path) != root and access(path, mode, **more)
    )
    values["vault"]["read_only"] = read_only
    check = await checked(values, "vault")
    assert check["ok"] is ok


async def test_a_bot_that_nobody_may_write_to(values: dict[str, Any]) -> None:
    values["telegram"] = {"token": "1:" + "a" * 35}
    check = await checked(values, "telegram")
    assert not check["ok"]
    assert "telegram.allowed_users" in check["fix"]
    values["telegram"]["allowed_users"] = [42]
    check = await checked(values, "telegram")
    assert check["ok"]
    assert "a" * 35 not in check["detail"]


async def test_a_model_that_is_there_and_one_that_answers(values: dict[str, Any]) -> None:
    async with FakeOllama() as fake:
        fake.otherwise = lambda asked: Said("yes")
        values["ollama"]["url"] = fake.url
        quiet = await checked(values, "model")
        assert quiet["ok"]
        assert not any(asked.path == "/api/chat" for asked in fake.asked)
        check = await checked(values, "model", ask_model=True)
        assert check["ok"]
        assert check["detail"].endswith(" answered")


async def test_a_model_that_fails_when_it_is_asked(values: dict[str, Any]) -> None:
    check = await checked(values, "model", ask_model=True)
    assert not check["ok"]
    assert "No model server answers" in check["detail"]


@asynccontextmanager
async def daemon(state: Path, lines: Mapping[str, str]) -> AsyncIterator[None]:
    """Whoever holds the state and tells this of its parts."""

    async def status(values: Mapping[str, Any], say: object) -> Any:
        return dict(lines)

    state.mkdir(mode=0o700, exist_ok=True)
    with hold(state):
        server = ControlServer(state, {"status": status})
        await server.start()
        try:
            yield
        finally:
            await server.close()


@pytest.mark.parametrize(
    ("line", "ok"),
    [("running", True), ("the token was refused", False)],
)
async def test_a_daemon_tells_of_itself(
    values: dict[str, Any], tmp_path: Path, line: str, ok: bool
) -> None:
    async with daemon(tmp_path / "state", {"Jobs": "none", "Telegram": line}):
        check = await checked(values, "daemon")
    assert check["ok"] is ok
    assert check["detail"] == f"running; Jobs: none; Telegram: {line}"


async def test_a_daemon_that_holds_the_state_and_says_nothing(
    values: dict[str, Any], tmp_path: Path
) -> None:
    (tmp_path / "state").mkdir(mode=0o700)
    with hold(tmp_path / "state"):
        check = await checked(values, "daemon")
    assert not check["ok"]


async def test_a_daemon_that_hangs_up(values: dict[str, Any], tmp_path: Path) -> None:
    state = tmp_path / "state"
    state.mkdir(mode=0o700)

    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    with hold(state):
        server = await asyncio.start_unix_server(hang_up, state / "octopus.sock")
        check = await checked(values, "daemon")
        server.close()
        await server.wait_closed()
    assert not check["ok"]
    assert "went away" in check["detail"]


async def test_notes_that_can_only_be_appended_to_are_listed(values: dict[str, Any]) -> None:
    assert (await checked(values, "notes"))["detail"] == "all can be edited"
    vault = Path(values["vault"]["path"])
    (vault / "Binary.md").write_bytes(b"a\x00\xff\xfe\x81 lamp\xc3\x28")
    for number in range(5):
        (vault / f"Broken {number}.md").write_text("---\na: [1\nb: }\n---\ntext\n")
    (vault / "Whole.md").write_text("---\na: 1\n---\ntext\n")
    (vault / ".obsidian").mkdir()
    (vault / ".obsidian" / "app.json").write_text("{broken")
    check = await checked(values, "notes")
    assert check["ok"]
    assert check["detail"].startswith("6 can only be appended to: Binary.md, Broken 0.md, ")
    assert (
        "Broken 3.md and 1 more (mend their properties, or save them as UTF-8)" in check["detail"]
    )
    assert "; app.json: " in check["detail"]
    assert "Whole.md" not in check["detail"]
