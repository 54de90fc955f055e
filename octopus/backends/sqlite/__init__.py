"""The state of Octopus in one SQLite file: jobs, outbox, effects, conversations, events."""

from octopus.backends.sqlite.conversations import SqliteConversations
from octopus.backends.sqlite.database import Database
from octopus.backends.sqlite.effects import SqliteEffects
from octopus.backends.sqlite.events import SqliteEvents
from octopus.backends.sqlite.journal import SqliteJournal
from octopus.backends.sqlite.outbox import SqliteOutbox
from octopus.backends.sqlite.reminders import SqliteReminders
from octopus.backends.sqlite.views import SqliteViews

__all__ = [
    "Database",
    "SqliteConversations",
    "SqliteEffects",
    "SqliteEvents",
    "SqliteJournal",
    "SqliteOutbox",
    "SqliteReminders",
    "SqliteViews",
]
