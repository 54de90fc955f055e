"""What the owner may choose about Telegram."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class TelegramSettings:
    """The section ``[telegram]`` of the configuration."""

    token: str = field(repr=False)
    allowed_users: frozenset[int]
    api_base: str = "https://api.telegram.org"
    poll_timeout: float = 25.0  # seconds that one long poll may last
    use_reactions: bool = True
    chat_interval: float = 1.0  # seconds between messages to one chat; 0: no limit
    total_rate: float = 30.0  # messages a second over all chats; 0: no limit
    language: str = "en"  # of what is told without a message that could tell it
