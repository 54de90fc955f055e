"""What the middle needs of the outside, as protocols. Backends fill them, fakes in tests too."""

from octopus.core.ports.model import Answer, Model, Turn
from octopus.core.ports.store import (
    Conversations,
    EffectJournal,
    Events,
    Journal,
    Outbox,
    Reminders,
    Standing,
    Views,
)
from octopus.core.ports.vault import Calendars, Index, Listener, Notes, Vault
from octopus.core.ports.world import Clock, Control, Files, Pages, Pictures

__all__ = [
    "Answer",
    "Calendars",
    "Clock",
    "Control",
    "Conversations",
    "EffectJournal",
    "Events",
    "Files",
    "Index",
    "Journal",
    "Listener",
    "Model",
    "Notes",
    "Outbox",
    "Pages",
    "Pictures",
    "Reminders",
    "Standing",
    "Turn",
    "Vault",
    "Views",
]
