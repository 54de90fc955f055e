"""Named points at which the process can be killed on purpose, to prove that nothing is lost."""

from __future__ import annotations

import os
import signal

#: Every point, in the order of a message's way. ``octopus doctor --crash-points`` lists them.
POINTS: dict[str, str] = {
    "ingest.received": "updates fetched, nothing written down",
    "ingest.accepted": "updates in the journal, not yet confirmed to Telegram",
    "job.started": "the attempt is counted, nothing was done",
    "effect.intended": "a write is recorded, the file is unchanged",
    "vault.written": "the new content is on disk, without its name",
    "vault.swapped": "new and old file have changed names, nobody has looked at the old one yet",
    "vault.replaced": "the file is replaced, the folder not yet synced",
    "effect.made": "the file is on disk, the effect not marked as done",
    "effect.done": "the effect is marked as done, the job is not settled",
    "job.settled": "reply and outcome are in the outbox, nothing is sent",
    "outbox.sending": "a call is about to be made",
    "outbox.called": "the other side has the message, we have not recorded it",
    "outbox.sent": "delivered and recorded",
    "index.commit": "documents are written, the index not yet committed",
    "notes.commit": "what notes say is in the derived tables, not yet committed",
    "reminder.due": "reminders have come due, nothing is written",
    "reminder.firing": "what they say is in a transaction that is not committed",
    "reminder.fired": "what they say is in the outbox, nothing is sent",
    "stop.begun": "asked to stop, work still running",
}

_AT = os.environ.get("OCTOPUS_CRASH_AT", "")


def crash_point(name: str) -> None:
    """Die here, as from a power cut, when ``OCTOPUS_CRASH_AT`` names this point."""
    if name == _AT:
        os.kill(os.getpid(), signal.SIGKILL)
