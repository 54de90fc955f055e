"""What is known of the notes, read from the files whenever somebody asks."""

from __future__ import annotations

from datetime import time

from octopus.core.ports import Vault
from octopus.core.todo import Todo
from octopus.obsidian.scan import scan
from octopus.obsidian.settings import FILES, read_settings
from octopus.obsidian.text import read
from octopus.obsidian.todos import todos


class ScannedNotes:
    """Fills the ``Notes`` port. ``alarm`` is the time of alarms that have only a day."""

    def __init__(self, vault: Vault, alarm: time = time(9)) -> None:
        self._vault = vault
        self._alarm = alarm

    async def todos(self) -> list[Todo]:
        """Every task line of the vault."""
        settings = read_settings({name: await self._vault.text_of(name) for name in FILES})
        found: list[Todo] = []
        for path in await self._vault.notes():
            data = await self._vault.read(path)
            if data is not None:
                found += todos(path, scan(read(data)), settings.tasks, self._alarm)
        return found

    async def settle(self) -> None:
        """Nothing is kept, so nothing is behind."""
