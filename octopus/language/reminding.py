"""Words for reminders: what is said when they ring, and when they will."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from octopus.core.message import Button, Reply
from octopus.core.reminder import Quiet, Reminder, Ring
from octopus.language.catalogue import say
from octopus.language.lexicon import languages, load

#: Characters of a reminder's text that a list shows.
SHORT = 80

_ORDERS = {"mdy": "%m/%d/%Y", "ymd": "%Y-%m-%d"}


def moment(at: datetime, language: str, order: str = "dmy") -> str:
    """Weekday, date and time, as "Sat 21.11.2026 09:00"."""
    code = language if language in languages() else "en"
    lines = load(code).data.get("lines", {})
    days = str(lines.get("days") or load("en").data["lines"]["days"]).split()
    return f"{days[at.weekday()]} {at.strftime(_ORDERS.get(order, '%d.%m.%Y'))} {at:%H:%M}"


def short(text: str, most: int = SHORT) -> str:
    """The text in one line of a list."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


@dataclass(frozen=True, slots=True)
class Wording:
    """Says what rings. Fills the ``Teller`` protocol."""

    quiet: Quiet
    order: str = "dmy"  # how the owner writes dates in figures

    def reply(self, rings: Sequence[Ring], now: datetime) -> Reply:
        """One reminder with its buttons, or a digest of many."""
        first = rings[0].reminder
        here = now.astimezone(ZoneInfo(first.zone))
        silent = self.quiet.holds(here)
        if len(rings) > 1:
            return replace(self._digest(rings), silent=silent)
        ring = rings[0]
        lines, times = [f"⏰ {first.text}"], []
        if ring.late:
            when = moment(ring.at.astimezone(ZoneInfo(first.zone)), first.language, self.order)
            lines.append(say(first.language, "reminder.late", when=when))
            times.append((when, int(ring.at.timestamp())))
        if ring.missed:
            lines.append(say(first.language, "reminder.missed", count=ring.missed))
        return Reply(
            text="\n".join(lines),
            buttons=ring_buttons(first),
            about=first.path or "",
            reminder=first.id,
            times=tuple(times),
            silent=silent,
            language=first.language,
        )

    def _digest(self, rings: Sequence[Ring]) -> Reply:
        language = rings[0].reminder.language
        lines = [say(language, "reminder.digest", count=len(rings))]
        for ring in sorted(rings, key=lambda one: one.at):
            at = ring.at.astimezone(ZoneInfo(ring.reminder.zone))
            more = f" ×{ring.missed + 1}" if ring.missed else ""
            when = moment(at, language, self.order)
            lines.append(f"• {when} · {short(ring.reminder.text)}{more}")
        button = Button(say(language, "button.reminders"), "reminder.list")
        return Reply(text="\n".join(lines), buttons=(button,), language=language)


def ring_buttons(reminder: Reminder) -> tuple[Button, ...]:
    """What can be done with a reminder that rings."""
    language, who = reminder.language, {"id": reminder.id}
    return (
        Button(say(language, "button.done"), "reminder.done", who),
        Button(say(language, "button.ten_minutes"), "reminder.snooze", who | {"minutes": 10}),
        Button(say(language, "button.hour"), "reminder.snooze", who | {"minutes": 60}),
        Button(say(language, "button.tomorrow"), "reminder.move", who | {"days": 1}),
    )
