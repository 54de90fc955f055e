"""The doctor: looks at every part from outside and says how to mend what fails."""

from __future__ import annotations

import asyncio
import importlib
import os
import sqlite3
import stat
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

from octopus.app.build import had_notes, ollama_settings
from octopus.app.index import searching
from octopus.backends.lock import is_held
from octopus.backends.ollama import OllamaModel
from octopus.backends.sqlite import Database
from octopus.backends.vault import VaultFiles
from octopus.config import Config
from octopus.core.ports import Turn
from octopus.errors import OctopusError, Undecodable, VaultUnavailable
from octopus.frontends.control import request
from octopus.obsidian.edit import open_source
from octopus.obsidian.settings import FILES, read_settings
from octopus.obsidian.text import decode

Check = Callable[[Config], Awaitable[tuple[bool, str, str]]]

SHOWN = 5  # paths in a line; the others are counted
AT_ONCE = 200  # notes that are in memory together


async def examine(config: Config, *, ask_model: bool = False) -> list[dict[str, Any]]:
    """Every check as ``{"name","ok","detail","fix"}``. Never raises."""
    checks: dict[str, Check] = {
        "state": _state,
        "database": _database,
        "vault": _vault,
        "notes": _notes,
        "index": _index,
        "search": _search,
        "telegram": _telegram,
        "model": _asked_model if ask_model else _model,
        "daemon": _daemon,
    }
    found = []
    for name, check in checks.items():
        try:
            ok, detail, fix = await check(config)
        except (OctopusError, OSError, sqlite3.Error) as error:
            ok, detail, fix = False, str(error), "Mend this, then run octopus doctor again."
        found.append({"name": name, "ok": ok, "detail": detail, "fix": "" if ok else fix})
    return found


async def _state(config: Config) -> tuple[bool, str, str]:
    folder = config.state.path
    if not folder.exists():
        return True, f"{folder} will be made at the first start", ""
    mode = stat.S_IMODE(folder.stat().st_mode)
    fix = f"chmod 700 {folder}"
    return not mode & 0o077, f"{folder}, mode {mode:o}", fix


async def _database(config: Config) -> tuple[bool, str, str]:
    path = config.state.path / "octopus.db"
    if not path.exists():
        return True, "none yet", ""
    database = Database(path)
    try:
        await database.open_for_reading()
        (answer,) = await database.read(
            lambda connection: connection.execute("PRAGMA quick_check").fetchone()
        )
    finally:
        await database.close()
    size = path.stat().st_size / 1_000_000
    return answer == "ok", f"{answer}, {size:.1f} MB", "Restore a backup of the state directory."


async def _vault(config: Config) -> tuple[bool, str, str]:
    root = config.vault.path.absolute()
    known = await _had_notes(config, root)
    vault = VaultFiles(root, config_dir=config.vault.config_dir, had_notes=known)
    try:
        if not root.is_dir():
            return False, f"{root} is not there", "Set vault.path to the folder of your notes."
        notes = await vault.notes()
    finally:
        vault.close()
    if not config.vault.read_only and not os.access(root, os.W_OK):
        return False, f"{root} cannot be written", "Give the user of the service write access."
    return True, f"{root}, {len(notes)} notes", ""


async def _notes(config: Config) -> tuple[bool, str, str]:
    """Which notes are only appended to, and which settings of Obsidian cannot be read."""
    root = config.vault.path.absolute()
    if not root.is_dir():
        return True, "none to look at", ""
    vault = VaultFiles(root, config_dir=config.vault.config_dir, had_notes=False)
    fixed: list[str] = []
    try:
        paths = await vault.notes()
        for begin in range(0, len(paths), AT_ONCE):
            some = paths[begin : begin + AT_ONCE]
            contents = await vault.read_all(some)
            fixed += await asyncio.to_thread(_append_only, some, contents)
        warnings = read_settings({name: await vault.text_of(name) for name in FILES}).warnings
    finally:
        vault.close()
    told = list(warnings)
    if fixed:
        more = f" and {len(fixed) - SHOWN} more" if len(fixed) > SHOWN else ""
        told.insert(
            0,
            f"{len(fixed)} can only be appended to: {', '.join(fixed[:SHOWN])}{more} "
            "(mend their properties, or save them as UTF-8)",
        )
    return True, "; ".join(told) or "all can be edited", ""


def _append_only(paths: Sequence[str], contents: Sequence[bytes | None]) -> list[str]:
    """The notes whose text or properties cannot be read."""
    found = []
    for path, data in zip(paths, contents, strict=True):
        try:
            if data is not None and decode(data)[0].startswith("---"):
                open_source(data)
        except Undecodable:
            found.append(path)
    return found


async def _had_notes(config: Config, root: Path) -> bool:
    """Whether an earlier run saw notes there: an empty folder is then an unmounted one."""
    database = Database(config.state.path / "octopus.db")
    if not database.path.exists():
        return False
    try:
        await database.open_for_reading()
        return await database.remembered(had_notes(root)) == "yes"
    finally:
        await database.close()


async def _index(config: Config) -> tuple[bool, str, str]:
    async with searching(config) as index:
        status = await index.status()
    detail = f"{status.indexed} of {status.notes} notes, {len(status.skipped)} skipped"
    if status.copies:
        detail += f", {status.copies} conflict copies (octopus vault conflicts)"
    ok = status.indexed + len(status.skipped) >= status.notes
    return ok, detail, "octopus index rebuild"


async def _search(config: Config) -> tuple[bool, str, str]:
    """Plant sentences in a scratch copy of the longest note, and look for them."""
    if not config.vault.path.is_dir():
        raise VaultUnavailable(f"The vault {config.vault.path} is not there; set vault.path.")
    check = importlib.import_module("octopus.backends.whoosh.selfcheck")
    missed = await asyncio.to_thread(check.self_check, config.vault.path.absolute())
    if missed:
        fix = "Please report this with the output of octopus version: your notes are not damaged."
        return False, f"sentences in these scripts are not found: {', '.join(missed)}", fix
    return True, f"a sentence in each of {len(check.PLANTED)} scripts was planted and found", ""


async def _telegram(config: Config) -> tuple[bool, str, str]:
    telegram = config.telegram
    if not telegram.token.get_secret_value():
        return True, "no token, so the terminal and HTTP are the only ways in", ""
    if not telegram.allowed_users:
        fix = "Set telegram.allowed_users to your numeric user id."
        return False, "nobody is allowed to write to the bot", fix
    return True, f"token set, {len(telegram.allowed_users)} allowed users", ""


async def _model(config: Config) -> tuple[bool, str, str]:
    model = OllamaModel(ollama_settings(config))
    try:
        return True, await model.status(), ""
    finally:
        await model.close()


async def _asked_model(config: Config) -> tuple[bool, str, str]:
    model = OllamaModel(ollama_settings(config))
    try:
        answer = await model.chat([Turn("user", "Answer with the word yes.")])
    finally:
        await model.close()
    return bool(answer.text), f"{answer.model} answered", "ollama pull a model, or ollama serve."


async def _daemon(config: Config) -> tuple[bool, str, str]:
    if not await asyncio.to_thread(is_held, config.state.path):
        return True, "not running", ""
    lines: dict[str, str] = await request(config.state.path, "status")
    detail = "; ".join(f"{name}: {line}" for name, line in lines.items())
    refused = "refused" in lines.get("Telegram", "")
    return not refused, f"running; {detail}", "Ask @BotFather for the token, set telegram.token."
