"""Scripted misfortune: which calls fail, how, and how often."""

from __future__ import annotations

import math
import random
import time
from dataclasses import dataclass, field
from typing import Literal

from tests.fakes.telegram.rules import JSON, ApiError

Kind = Literal["flood", "status", "cut_before", "cut_after", "silence", "slow", "garbage"]


@dataclass(slots=True)
class Fault:
    """One rule; the first one that matches a call decides.

    ``flood``: 429 with ``retry_after``, ``seconds`` long (said rounded up). ``status``: the given
    HTTP code. ``cut_before`` and ``cut_after``: the connection breaks before or after the method
    took effect. ``silence``: accepted and never answered, until ``fake.release()``. ``slow``:
    answered after ``seconds``. ``garbage``: 200 with a body that is no JSON.
    """

    kind: Kind
    methods: frozenset[str] = frozenset()  # empty: all of them; lower case
    chat: int | None = None
    left: int | None = 1  # calls still to hit; None: no end
    share: float = 1.0  # of the matching calls
    code: int = 502
    description: str = "Bad Gateway"
    seconds: float = 1.0  # retry_after of a flood, delay of slow
    until: float = 0.0  # end of the flood's window, monotonic

    def matches(self, method: str, params: JSON) -> bool:
        """True when this rule is about such a call."""
        return (not self.methods or method.lower() in self.methods) and (
            self.chat is None or self.chat == params.get("chat_id")
        )


@dataclass(slots=True)
class Pace:
    """Telegram's own limits: so many messages at once, then one each ``interval`` seconds."""

    interval: float
    burst: float
    _full: dict[int, tuple[float, float]] = field(default_factory=dict)  # chat: tokens, when

    def wait(self, chat: int) -> float:
        """Seconds to wait; 0 when the message may go now, which is then counted."""
        now = time.monotonic()
        tokens, last = self._full.get(chat, (self.burst, now))
        tokens = min(self.burst, tokens + (now - last) / self.interval)
        if tokens < 1:
            self._full[chat] = (tokens, now)
            return (1 - tokens) * self.interval
        self._full[chat] = (tokens - 1, now)
        return 0.0


@dataclass(slots=True)
class Faults:
    """The rules in force."""

    seed: int = 1
    rules: list[Fault] = field(default_factory=list)
    hit: int = 0
    pace: Pace | None = None
    early: int = 0  # calls that came inside a flood's window, though told to wait
    _random: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)

    def add(
        self,
        kind: Kind,
        *methods: str,
        count: int | None = 1,
        share: float = 1.0,
        chat: int | None = None,
        seconds: float = 1.0,
        code: int = 502,
        description: str = "Bad Gateway",
    ) -> Fault:
        """Add a rule; without ``methods`` it is about every call, getUpdates included."""
        names = frozenset(name.lower() for name in methods)
        rule = Fault(kind, names, chat, count, share, code, description, seconds)
        self.rules.append(rule)
        return rule

    def clear(self) -> None:
        """Good weather again."""
        self.rules.clear()

    def pick(self, method: str, params: JSON) -> Fault | None:
        """The rule that hits this call, counted down; None when all goes well."""
        for rule in list(self.rules):
            if not rule.matches(method, params):
                continue
            if rule.kind == "flood" and time.monotonic() < rule.until:
                self.early += 1
                return rule
            if rule.left == 0:
                self.rules.remove(rule)
                continue
            if rule.share < 1.0 and self._random.random() >= rule.share:
                continue
            if rule.left is not None:
                rule.left -= 1
            if rule.kind == "flood":
                rule.until = time.monotonic() + rule.seconds
            self.hit += 1
            return rule
        return self._too_fast(method, params)

    def _too_fast(self, method: str, params: JSON) -> Fault | None:
        """The flood that a message brings about which comes faster than the pace allows."""
        chat = params.get("chat_id")
        talks = method.startswith(("send", "edit")) and method != "sendChatAction"
        if self.pace is None or not talks or not isinstance(chat, int):
            return None
        wait = self.pace.wait(chat)
        if not wait:
            return None
        self.early += 1
        return Fault("flood", seconds=wait)


def refusal(rule: Fault) -> ApiError:
    """The answer of a flood or a status rule."""
    if rule.kind == "flood":
        wait = max(1, math.ceil(rule.seconds))  # the API speaks in whole seconds
        return ApiError(429, f"Too Many Requests: retry after {wait}", retry_after=wait)
    return ApiError(rule.code, rule.description)
