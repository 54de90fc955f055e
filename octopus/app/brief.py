"""Sees to it that the morning's brief and the evening's review are told, each once a day."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from octopus.config import Config
from octopus.core.job import Job
from octopus.core.message import Kind, Message
from octopus.core.ports import Clock, Journal

#: A brief that is later than noon and than this tells nothing new.
LATEST = timedelta(hours=3)

_NEVER = 2**62  # above every number of a job


@dataclass(frozen=True, slots=True)
class Telling:
    """Something told once a day, from one time of the owner's clock to another."""

    intent: str
    begin: time
    end: time


@dataclass(frozen=True, slots=True)
class Habits:
    """What is told, to whom, and in which language."""

    tellings: tuple[Telling, ...] = ()
    users: tuple[int, ...] = ()
    language: str = "en"

    @classmethod
    def of(cls, config: Config) -> Habits:
        """As the owner has set it; nobody is told anything without Telegram."""
        found = []
        owner, telegram = config.owner, config.telegram
        if config.agenda.brief:
            end = max(owner.noon, _later(owner.morning, LATEST))
            found.append(Telling("brief", owner.morning, end))
        if config.agenda.review:
            found.append(Telling("review", owner.evening, time.max))
        users = telegram.allowed_users if telegram.token.get_secret_value() else ()
        return cls(tuple(found), users, owner.language)


def _later(clock: time, by: timedelta) -> time:
    """This time of the day later, at most its end."""
    day = datetime(2000, 1, 1, tzinfo=UTC)
    at = day.replace(hour=clock.hour, minute=clock.minute) + by
    return at.time() if at.date() == day.date() else time.max


class Briefs:
    """Writes down a job for each telling whose time has come.

    Its key holds the day: however often the process dies or the clock is set, a day has one.
    """

    def __init__(
        self,
        accept: Callable[[Sequence[Message]], Awaitable[Sequence[Job]]],
        journal: Journal,
        clock: Clock,
        habits: Habits,
    ) -> None:
        self._accept = accept
        self._journal = journal
        self._clock = clock
        self._habits = habits
        self._told: dict[str, date] = {}

    async def look(self) -> datetime | None:
        """Have told what is due; returns when the next will be, None for never."""
        now = self._clock.now()
        for telling in self._habits.tellings:
            if telling.begin <= now.time() <= telling.end:
                for user in self._habits.users:
                    await self._tell(telling, user, now)
        return min(self._next(now), default=None)

    async def _tell(self, telling: Telling, user: int, now: datetime) -> None:
        conversation = f"telegram:{user}"
        key = f"{telling.intent}:{now.date()}:{conversation}"
        if self._told.get(f"{telling.intent}:{user}") == now.date():
            return
        if not await self._journal.latest(conversation, _NEVER):
            return  # a bot may not write first
        until = datetime.combine(now.date(), telling.end, now.tzinfo)
        wanted = {
            "intent": telling.intent,
            "args": {"until": until.isoformat()},
            "language": self._habits.language,
        }
        message = Message(
            key=key,
            conversation=conversation,
            user=str(user),
            text="",
            sent_at=now,
            kind=Kind.ACT,
            press=json.dumps(wanted),
        )
        await self._accept([message])
        self._told[f"{telling.intent}:{user}"] = now.date()

    def _next(self, now: datetime) -> Iterable[datetime]:
        for telling in self._habits.tellings:
            day = now.date() + timedelta(days=telling.begin <= now.time())
            yield datetime.combine(day, telling.begin, now.tzinfo)
