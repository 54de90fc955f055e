"""Makes a prompt that fits and that cannot pretend to be the system: by our rules, not theirs."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from octopus.core.ports import Turn

#: What every turn costs beside its text, in tokens.
TURN_TOKENS = 8

#: Kept free for what a template adds.
MARGIN_TOKENS = 64

#: The least context that is of any use.
SMALLEST_CONTEXT = 2048

#: Stands where the middle of a text was left out.
GAP = "\n[… left out, too long …]\n"

DIRECT = "Answer at once, without thinking aloud. /no_think"

# Control and bidirectional characters carry nothing for a model and hide things from people.
_WORDS = re.compile(r"[A-Za-z\s]+", re.ASCII)
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")

# The opening bracket of everything that a chat template uses as a token: <|im_start|> and its
# like (ChatML, Llama 3, Phi, GPT-OSS, DeepSeek, Granite, Command R), <|turn> and <turn|> (Gemma 4),
# [|user|] (EXAONE), ]~b] (MiniMax), and the named ones of Llama 2, Mistral, Gemma, Qwen, GLM, T5.
_NAMED = (
    r"/?s|<?/?SYS|/?think(?:ing)?|bos|eos|pad|unk|mask|sop|eop|eod|eo[ahtdms]|"
    r"(?:start|end|begin)_of_\w+|(?:[bse]os|user|assistant|system)_token|unused\d+|"
    r"extra_id_\d+|reserved_\w+|/?tool_(?:call|response|calls)|/?tools?|/?function(?:=[^>\n]{0,64})?"
)
_SQUARE = (
    r"/?INST|/?SYSTEM_PROMPT|/?AVAILABLE_TOOLS|/?TOOL_RESULTS|/?TOOL_CALLS|/?TOOL_CONTENT|"
    r"/?THINK|/?MODEL_SETTINGS|IMG(?:_BREAK|_END)?|ARGS|CALL_ID|PREFIX|SUFFIX|MIDDLE|[gs]?MASK"
)
_TOKEN = re.compile(
    r"<(?=[|｜][^<>\n]{0,64}>|[^<>\n]{1,64}[|｜]>)"
    rf"|<(?=(?:{_NAMED})>)"
    rf"|\[(?=(?:{_SQUARE})\]|\|[^\]\n]{{1,64}}\|\])"
    r"|\](?=~!?b[\[\]])",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of the model; a changed request is a new one."""

    turns: tuple[Turn, ...]
    num_ctx: int
    answer_tokens: int
    think: bool | Literal["low"] = False
    schema: Mapping[str, Any] | None = None

    def smaller(self) -> Request:
        """With half the context."""
        context = max(SMALLEST_CONTEXT, self.num_ctx // 2)
        return replace(self, num_ctx=context, answer_tokens=min(self.answer_tokens, context // 3))

    def thinking(self, level: Literal["low"]) -> Request:
        """With as little thinking as a family allows that cannot do without."""
        return replace(self, think=level)

    def direct(self) -> Request:
        """With a plain demand for the answer at the end."""
        last = self.turns[-1]
        return replace(self, turns=(*self.turns[:-1], replace(last, text=f"{last.text}\n{DIRECT}")))

    @property
    def prompt_tokens(self) -> int:
        """What the turns may take."""
        schema = estimate(json.dumps(self.schema)) if self.schema else 0
        return self.num_ctx - self.answer_tokens - schema - MARGIN_TOKENS

    def fitted(self) -> Prompt:
        """The turns made harmless and cut to what the context holds."""
        return fit([replace(t, text=neutral(t.text)) for t in self.turns], self.prompt_tokens)


@dataclass(frozen=True, slots=True)
class Prompt:
    """Turns that fit, and what it took."""

    turns: tuple[Turn, ...]
    tokens: int  # estimated, on the high side
    dropped: int = 0  # older turns left out
    cut: bool = False  # the middle of the last turn left out

    @property
    def least(self) -> int:
        """Fewer tokens than any tokenizer makes of it: a server that read less left some out."""
        text = "".join(turn.text for turn in self.turns)
        plain, size = len(text.encode("ascii", "ignore")), len(text.encode("utf-8", "replace"))
        return plain // 7 + (size - plain) // 9


def estimate(text: str) -> int:
    """Tokens that a text takes, on the high side for every script.

    English takes about four letters a token, Cyrillic two to three, Chinese and Japanese about
    one; many tokenizers give every digit and sign one of its own. Three ASCII letters, one other
    ASCII character and two bytes of anything else are below all of them.
    """
    rest = _WORDS.sub("", text)
    signs, size = len(rest.encode("ascii", "ignore")), len(rest.encode("utf-8", "replace"))
    return math.ceil((len(text) - len(rest)) / 3 + signs + (size - signs) / 2)


def cost(turn: Turn) -> int:
    """Tokens of a turn with what surrounds it."""
    return estimate(turn.text) + TURN_TOKENS


def neutral(text: str) -> str:
    """The text with every chat-template token broken up by a space; a person reads the same."""
    return _TOKEN.sub(lambda found: f"{found[0]} ", _UNSEEN.sub("", text))


def fit(turns: Sequence[Turn], budget: int) -> Prompt:
    """Leave out the oldest turns, never the system's and never the last one.

    Where those alone are too long, the middle of the last turn goes: a question stands at
    its beginning or at its end.
    """
    kept = list(turns)
    size = sum(cost(turn) for turn in kept)
    before = len(kept)
    while size > budget:
        at = next((i for i, turn in enumerate(kept[:-1]) if turn.role != "system"), None)
        if at is None:
            break
        size -= cost(kept.pop(at))
        if kept[at].role == "assistant" and at < len(kept) - 1:
            size -= cost(kept.pop(at))  # an answer without its question misleads
    if size <= budget:
        return Prompt(tuple(kept), size, before - len(kept))
    last = kept[-1]
    room = max(budget - (size - estimate(last.text)), SMALLEST_CONTEXT // 8)
    kept[-1] = replace(last, text=_without_middle(last.text, room))
    return Prompt(tuple(kept), sum(map(cost, kept)), before - len(kept), cut=True)


def _without_middle(text: str, room: int) -> str:
    """Beginning and end of a text that together take at most ``room`` tokens."""
    low, high = 0, len(text) // 2
    while low < high:  # the most characters on either side that fit
        half = (low + high + 1) // 2
        if estimate(text[:half] + GAP + text[len(text) - half :]) <= room:
            low = half
        else:
            high = half - 1
    return text[:low] + GAP + text[len(text) - low :]
