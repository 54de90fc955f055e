"""The process that is killed: the real store under a clock that runs as fast as it can.

Run as ``python -m tests.reminders.subject STATE BEGIN END [AT=SECONDS ...]``; every message that
is shown is one line of STATE/shown, written before it is recorded, as with any chat.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from datetime import datetime, timedelta
from pathlib import Path

from octopus.backends.sqlite import Database, SqliteOutbox, SqliteReminders
from octopus.core.crash import crash_point
from octopus.core.event import Bus
from octopus.core.outgoing import Delivery
from octopus.core.reminder import Quiet
from octopus.language.reminding import Wording

CHAT = "telegram:7"


class Subject:
    """Looks when something is due, or the clock was set; then shows what is in the outbox."""

    def __init__(self, state: Path) -> None:
        self.database = Database(state / "octopus.db")
        self.reminders = SqliteReminders(self.database, Bus())
        self.outbox = SqliteOutbox(self.database)
        self.wording = Wording(Quiet())
        self.shown = os.open(state / "shown", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    async def live(
        self, begin: datetime, end: datetime, jumps: list[tuple[datetime, float]]
    ) -> None:
        """From one moment to the other on the wall clock, which is set on the way."""
        now = begin
        stops = [*jumps, (end, 0.0)]
        for stop, by in stops:
            while now <= stop:
                await self.look(now)
                upcoming = await self.reminders.next_due()
                if upcoming is None or upcoming > stop:
                    break
                now = max(now, upcoming)
            now = max(now, stop)
            await self.look(now)
            now += timedelta(seconds=by)

    async def look(self, now: datetime) -> None:
        """Tell what is due at ``now`` and show it."""
        while await self.reminders.fire(now, self.wording):
            pass
        for row in await self.outbox.due("telegram:", 5_000):
            again = "again" if row.state is Delivery.SENDING else "first"
            await self.outbox.sending([row])
            os.write(self.shown, f"{row.job} {again}\n".encode())
            crash_point("outbox.called")
            await self.outbox.sent(row, [str(row.id)])


async def main(state: Path, begin: str, end: str, *jumps: str) -> None:
    """Live, and die by the end without tidying up."""
    subject = Subject(state)
    await subject.database.open()
    parted = (jump.rsplit("=", 1) for jump in jumps)
    await subject.live(
        datetime.fromisoformat(begin),
        datetime.fromisoformat(end),
        [(datetime.fromisoformat(at), float(by)) for at, by in parted],
    )
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), *sys.argv[2:]))
