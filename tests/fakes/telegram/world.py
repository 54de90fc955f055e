"""What exists on the other side: chats, messages, the update queue, files, and the record."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from tests.fakes.telegram.rules import JSON, ApiError, bad
from tests.patience import PATIENCE

T = TypeVar("T")

OWNER = 42
KEPT_SECONDS = 24 * 3600  # "will not be kept longer than 24 hours", Bot API: Getting updates

# What an empty ``allowed_updates`` leaves out (Bot API: getUpdates).
OFF_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


@dataclass(slots=True)
class Call:
    """One request of the bot, in the order in which they came. ``code`` is 200 when accepted."""

    number: int
    method: str
    params: JSON
    at: float  # time.monotonic(), seconds
    code: int = 0  # 0: no answer was given (cut, silence, still running)
    description: str = ""
    result: Any = None

    @property
    def ok(self) -> bool:
        """True when the API accepted it."""
        return self.code == 200


@dataclass(slots=True)
class Poll:
    """One getUpdates: what it confirmed with, and what it was given."""

    at: float
    offset: int | None
    given: list[int] = field(default_factory=list)
    code: int = 0


@dataclass(slots=True)
class StoredFile:
    """A file that can be asked for by id."""

    path: str
    data: bytes
    size: int
    unique_id: str
    missing: bool = False  # getFile knows it, the download answers 404


@dataclass(slots=True)
class Chat:
    """One chat with everything that is visible in it."""

    data: JSON
    messages: dict[int, JSON] = field(default_factory=dict)
    reactions: dict[int, str] = field(default_factory=dict)
    drafts: list[JSON] = field(default_factory=list)
    actions: list[str] = field(default_factory=list)
    pinned: list[int] = field(default_factory=list)
    deleted: list[JSON] = field(default_factory=list)
    blocked: bool = False
    moved_to: int | None = None


class World:
    """The state of the fake, and the queue of updates with its confirm-and-forget semantics."""

    def __init__(self, *, token: str = "7000:TEST", owner: int = OWNER) -> None:
        self.token = token
        self.owner = owner
        self.bot: JSON = {
            "id": int(token.partition(":")[0]),
            "is_bot": True,
            "first_name": "Octopus",
            "username": "octopus_test_bot",
        }
        self.chats: dict[int, Chat] = {}
        self.files: dict[str, StoredFile] = {}
        self.calls: list[Call] = []
        self.polls: list[Poll] = []
        self.accepted: Counter[str] = Counter()  # calls that took effect, by method
        self.sent_at: dict[int, float] = {}  # people's messages: time.monotonic()
        self.queries: dict[str, JSON] = {}  # callback queries by id
        self.answers: dict[str, JSON] = {}  # and what they were answered with
        self.commands: dict[str, list[JSON]] = {}  # by scope and language
        self.webhook = ""
        self.dropped = 0  # updates thrown away by drop_pending_updates
        self.expired = 0  # updates that nobody fetched within a day
        self.allowed: frozenset[str] | None = None  # None: the default
        self.drafts_work = True
        self.revoked = False
        self.clock_shift = 0.0
        self.message_ids = itertools.count(1)
        self._update_id = 1_000
        self._queue: deque[tuple[int, float, JSON]] = deque()
        self._changed = asyncio.Event()
        self._poller: asyncio.Future[None] | None = None
        self.private_chat(owner, "Owner")

    # -- time ----------------------------------------------------------------------------------

    def now(self) -> float:
        """Unix time of this world, seconds."""
        return time.time() + self.clock_shift

    def advance(self, *, hours: float = 0, seconds: float = 0) -> None:
        """Let time pass at once."""
        self.clock_shift += hours * 3600 + seconds

    # -- chats ---------------------------------------------------------------------------------

    def private_chat(self, user: int, name: str = "Stranger") -> Chat:
        """The private chat with this user, made when it does not exist."""
        if user not in self.chats:
            self.chats[user] = Chat({"id": user, "type": "private", "first_name": name})
        return self.chats[user]

    def group(self, chat_id: int = -500, title: str = "Family") -> Chat:
        """A group that the bot is a member of."""
        if chat_id not in self.chats:
            self.chats[chat_id] = Chat({"id": chat_id, "type": "group", "title": title})
        return self.chats[chat_id]

    def chat(self, chat_id: Any) -> Chat:
        """The chat that a method names; raises what the API would answer."""
        chat = self.chats.get(chat_id) if isinstance(chat_id, int) else None
        if chat is None:
            raise bad("chat_id is empty" if chat_id in (None, "") else "chat not found")
        if chat.moved_to is not None:
            raise bad(
                "group chat was upgraded to a supergroup chat", migrate_to_chat_id=chat.moved_to
            )
        if chat.blocked:
            raise ApiError(403, "Forbidden: bot was blocked by the user")
        return chat

    # -- updates -------------------------------------------------------------------------------

    def queue(self, kind: str, content: Any) -> int:
        """Queue an update for the bot and return its id; 0 when its kind is not allowed."""
        wanted = kind not in OFF_BY_DEFAULT if self.allowed is None else kind in self.allowed
        if not wanted:
            return 0
        return self.queue_raw({kind: content})

    def queue_raw(self, body: JSON) -> int:
        """Queue exactly this body as an update, valid or not."""
        self._update_id += 1
        body = {"update_id": self._update_id, **body}
        self._queue.append((self._update_id, self.now(), body))
        self._wake()
        self.touch()
        return self._update_id

    def restart_update_ids(self, start: int = 17) -> None:
        """The next id is ``start``, as after a week without updates (Bot API: Update)."""
        self._update_id = start - 1

    @property
    def pending(self) -> int:
        """Updates that the bot has not confirmed."""
        return len(self._queue)

    def confirm(self, offset: int | None) -> None:
        """Forget what ``offset`` confirms, and what is too old."""
        queue = self._queue
        oldest = self.now() - KEPT_SECONDS
        while queue and queue[0][1] < oldest:
            queue.popleft()
            self.expired += 1
        if offset is None or offset == 0:
            return
        if offset < 0:
            while len(queue) > -offset:
                queue.popleft()
        else:
            while queue and queue[0][0] < offset:
                queue.popleft()
        self.touch()

    async def fetch(self, limit: int, timeout: float) -> list[JSON]:
        """The oldest unconfirmed updates; waits up to ``timeout`` seconds for the first.

        Raises 409 when another call comes while this one waits.
        """
        self._stop_poller()
        if not self._queue and timeout > 0:
            poller = self._poller = asyncio.get_running_loop().create_future()
            try:
                async with asyncio.timeout(timeout):
                    await poller
            except TimeoutError:
                return []
            finally:
                if self._poller is poller:
                    self._poller = None
        return [body for _, _, body in itertools.islice(self._queue, limit)]

    def _stop_poller(self) -> None:
        if self._poller is not None and not self._poller.done():
            self._poller.set_exception(
                ApiError(
                    409,
                    "Conflict: terminated by other getUpdates request; "
                    "make sure that only one bot instance is running",
                )
            )
        self._poller = None

    def _wake(self) -> None:
        if self._poller is not None and not self._poller.done():
            self._poller.set_result(None)

    # -- waiting -------------------------------------------------------------------------------

    def touch(self) -> None:
        """Tell those who wait that something happened."""
        self._changed.set()

    async def wait_for(self, predicate: Callable[[], T], timeout: float = PATIENCE) -> T:
        """Wait until ``predicate()`` is true, looking again after each event; TimeoutError."""
        try:
            async with asyncio.timeout(timeout):
                while not (value := predicate()):
                    self._changed.clear()
                    await self._changed.wait()
                return value
        except TimeoutError:
            raise TimeoutError(f"not within {timeout} s; {self.summary()}") from None

    def summary(self) -> str:
        """One line for a failing test."""
        calls = Counter(call.method for call in self.calls)
        return f"pending={self.pending} polls={len(self.polls)} calls={dict(calls)}"

    # -- the record ----------------------------------------------------------------------------

    def shown(self, chat_id: int | None = None) -> list[JSON]:
        """The bot's messages as the owner sees them now, in order; deleted ones are gone."""
        chat = self.chats[self.owner if chat_id is None else chat_id]
        bot = self.bot["id"]
        return [message for message in chat.messages.values() if message["from"]["id"] == bot]

    def texts(self, chat_id: int | None = None) -> list[str]:
        """Texts (or captions) of what is shown."""
        return [
            str(message.get("text", message.get("caption", ""))) for message in self.shown(chat_id)
        ]

    def answers_to(self, message_id: int, chat_id: int | None = None) -> list[JSON]:
        """The bot's messages that reply to this one."""
        return [
            message
            for message in self.shown(chat_id)
            if message.get("reply_to_message", {}).get("message_id") == message_id
        ]

    def with_button(self, label: str, chat_id: int | None = None) -> list[JSON]:
        """The bot's messages that show a button with ``label`` in its text, oldest first."""
        return [
            message
            for message in self.shown(chat_id)
            if any(
                label in button["text"]
                for row in message.get("reply_markup", {}).get("inline_keyboard", [])
                for button in row
            )
        ]

    def reaction(self, message_id: int, chat_id: int | None = None) -> str:
        """The bot's reaction on a message, "" when there is none."""
        chat = self.chats[self.owner if chat_id is None else chat_id]
        return chat.reactions.get(message_id, "")

    def polled_after(self, at: float) -> float:
        """When the first getUpdates after this moment came; both are time.monotonic()."""
        return next(poll.at for poll in self.polls[-1000:] if poll.at > at)

    def called(self, method: str) -> list[Call]:
        """Calls of this method, whatever came of them."""
        return [call for call in self.calls if call.method == method]

    def repeats(self, chat_id: int | None = None) -> dict[str, int]:
        """Texts that the bot shows more than once, each with how often."""
        return {text: n for text, n in Counter(self.texts(chat_id)).items() if n > 1}
