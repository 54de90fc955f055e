"""How fast Telegram lets a bot talk, and when it has told us to wait."""

from __future__ import annotations

import asyncio

from aiolimiter import AsyncLimiter

#: Messages that may follow one another at once before the interval counts.
BURST = 4


class Pace:
    """When the next call for a chat may be made; shared by everything that writes to chats."""

    def __init__(self, chat_interval: float, total_rate: float) -> None:
        """``chat_interval`` in seconds, ``total_rate`` a second; 0 stands for no limit."""
        self._interval = chat_interval
        self._chats: dict[int, AsyncLimiter] = {}
        self._total = AsyncLimiter(max(1.0, total_rate), 1.0) if total_rate > 0 else None
        self._until: dict[int, float] = {}

    async def message(self, chat: int) -> None:
        """Wait until a new message may be sent."""
        await self._held(chat)
        if self._interval > 0:
            await self._limiter(chat).acquire()
        await self.other(chat)

    async def other(self, chat: int) -> None:
        """Wait until something else may be done: a reaction, an edit, a draft."""
        await self._held(chat)
        if self._total is not None:
            await self._total.acquire()
            await self._held(chat)

    def crowded(self, chat: int) -> bool:
        """True when a message would have to wait."""
        if self._left(chat) > 0:
            return True
        return self._interval > 0 and not self._limiter(chat).has_capacity()

    def hold(self, chat: int, seconds: float) -> None:
        """Telegram said not to call anything for this chat for so long."""
        now = asyncio.get_running_loop().time()
        self._until[chat] = max(now + seconds, self._until.get(chat, 0.0))

    def _limiter(self, chat: int) -> AsyncLimiter:
        if chat not in self._chats:
            self._chats[chat] = AsyncLimiter(BURST, BURST * self._interval)
        return self._chats[chat]

    def _left(self, chat: int) -> float:
        return self._until.get(chat, 0.0) - asyncio.get_running_loop().time()

    async def _held(self, chat: int) -> None:
        # A sleep may end early, and a hold may grow meanwhile.
        while (left := self._left(chat)) > 0:  # noqa: ASYNC110
            await asyncio.sleep(left)
        self._until.pop(chat, None)
