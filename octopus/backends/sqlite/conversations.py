"""What was said with the model, kept whole; the working window is cut by a budget."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from octopus.backends.sqlite import rows
from octopus.backends.sqlite.database import Database
from octopus.core.ports import Turn

#: Characters a token stands for, on the careful side; other scripts than Latin need more tokens.
CHARACTERS_A_TOKEN = 3


class SqliteConversations:
    """Fills the ``Conversations`` port."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def window(self, conversation: str, budget: int) -> list[Turn]:
        """The newest turns that fit into ``budget`` tokens, oldest first."""

        def work(connection: sqlite3.Connection) -> list[Turn]:
            left = budget * CHARACTERS_A_TOKEN
            turns: list[Turn] = []
            for role, text in connection.execute(
                "SELECT role, text FROM turns WHERE conversation = ? ORDER BY id DESC LIMIT 200",
                (conversation,),
            ):
                left -= len(text.encode())
                if left < 0:
                    break
                turns.append(Turn(role, text))
            return turns[::-1]

        return await self._db.read(work)

    async def add(self, conversation: str, job: int, turns: Sequence[Turn]) -> None:
        """Keep turns; a second call for the same job replaces the first."""
        at = rows.stamp(rows.now())

        def work(connection: sqlite3.Connection) -> None:
            connection.execute("DELETE FROM turns WHERE job = ?", (job,))
            connection.executemany(
                "INSERT INTO turns (conversation, job, role, text, at) VALUES (?, ?, ?, ?, ?)",
                [(conversation, job, turn.role, turn.text, at) for turn in turns],
            )

        await self._db.write(work)
