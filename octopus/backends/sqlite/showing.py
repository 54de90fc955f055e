"""What a reply becomes in the outbox: rows, buttons, and what it shows of the to-dos."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from datetime import datetime, timedelta

from octopus.backends.sqlite import rows
from octopus.core.job import Job
from octopus.core.message import Button, Kind, Reply
from octopus.core.outgoing import Act
from octopus.core.view import ViewKind

#: How long a button that agrees to something hard to take back can be pressed.
CONFIRM_FOR = timedelta(minutes=10)

#: Front ends that can keep a message at the top of a conversation.
PINNING = ("telegram:",)

# The message in which a row of the outbox is shown; an edit that came too late is a new one.
MESSAGE = "coalesce(o.parts ->> '$[0]', o.target)"
# No other row was sent in the same message, as receipts are after a burst.
UNSHARED = (
    "(SELECT count(*) FROM shown s JOIN outbox other ON other.id = s.outbox"
    f" WHERE s.conversation = o.conversation AND s.message_id = {MESSAGE}"
    " AND other.act = 'send') < 2"
)
# It is shown, or about to take the place of what is.
THERE = "(o.state = 'sent' OR (o.act = 'edit' AND o.state <> 'dead'))"


def keep_buttons(
    connection: sqlite3.Connection, job: int, buttons: Sequence[Button], at: datetime
) -> None:
    """Remember what the buttons of a reply mean."""
    connection.executemany(
        "INSERT OR REPLACE INTO buttons (id, job, label, intent, args, expires_at)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        [
            (
                button.id,
                job,
                button.label,
                button.intent,
                json.dumps(dict(button.args), ensure_ascii=False),
                rows.stamp(at + CONFIRM_FOR) if button.confirm else None,
            )
            for button in buttons
        ],
    )


def put_out(connection: sqlite3.Connection, job: Job, reply: Reply, at: datetime) -> None:
    """Everything that has to be shown for this reply, in order."""
    message = job.message
    where = message.conversation
    acts: list[tuple[Act, str]] = []
    if reply.reaction and message.message_id and message.kind is not Kind.PRESS:
        acts.append((Act.REACT, message.message_id))
    if reply.text and reply.replaces:
        acts.append((Act.EDIT, reply.replaces))
    elif reply.text or (reply.reaction and not acts):
        acts.append((Act.SEND, message.message_id))
    for act, target in acts:
        row = put_row(connection, job.id, where, act, target, reply)
        if act is Act.EDIT:
            forget_views(connection, where, target)
        if act is not Act.REACT and reply.view is not None:
            keep_view(connection, row, where, reply.view.kind, rows.stamp(at))
        if act is Act.SEND and reply.pin and where.startswith(PINNING):
            _pin(connection, job.id, row, where)


def put_row(
    connection: sqlite3.Connection, job: int, where: str, act: Act, target: str, reply: Reply
) -> int:
    """One row of the outbox; returns its id."""
    cursor = connection.execute(
        "INSERT INTO outbox (job, conversation, act, target, reply) VALUES (?, ?, ?, ?, ?)",
        (job, where, act, target, reply.to_json()),
    )
    return cursor.lastrowid or 0


def keep_view(
    connection: sqlite3.Connection, row: int, where: str, kind: ViewKind, at: str
) -> None:
    """Remember that this row shows to-dos since ``at``."""
    connection.execute(
        "INSERT INTO views (outbox, conversation, kind, at) VALUES (?, ?, ?, ?)",
        (row, where, kind, at),
    )


def forget_views(connection: sqlite3.Connection, where: str, message_id: str) -> None:
    """The message shows something else from now on."""
    connection.execute(
        "DELETE FROM views WHERE outbox IN ("
        " SELECT outbox FROM shown WHERE conversation = ?1 AND message_id = ?2"
        " UNION SELECT id FROM outbox WHERE conversation = ?1 AND target = ?2 AND act = 'edit')",
        (where, message_id),
    )


def _pin(connection: sqlite3.Connection, job: int, row: int, where: str) -> None:
    """Pin what this job shows; whatever was pinned before stays as it is from now on."""
    earlier = connection.execute(
        f"SELECT v.outbox, {MESSAGE}, o.act, o.parts FROM views v JOIN outbox o ON o.id = v.outbox"
        " WHERE v.conversation = ? AND v.kind = ? AND v.outbox <> ?",
        (where, ViewKind.TODAY, row),
    ).fetchall()
    for outbox, message_id, act, parts in earlier:
        connection.execute("DELETE FROM views WHERE outbox = ?", (outbox,))
        if act == Act.EDIT or parts != "[]":
            put_row(connection, job, where, Act.UNPIN, message_id, Reply())
    put_row(connection, job, where, Act.PIN, "", Reply())
