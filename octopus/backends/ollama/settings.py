"""How Ollama is asked, and for how long it may stay silent."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OllamaSettings:
    """The owner's choices, then the limits behind them. All times are seconds."""

    url: str = "http://127.0.0.1:11434"
    model: str = ""  # "": the one that suits best of those installed
    num_ctx: int = 8192  # tokens of prompt and answer together
    request_timeout: float = 120.0  # the whole answer, the loading of the model left out
    first_token_timeout: float = 60.0  # by a model that is loaded
    allow_cloud: bool = False

    connect_timeout: float = 2.0
    probe_timeout: float = 5.0  # for the small questions: which models are there
    load_timeout: float = 300.0  # for the first token of a cold model, as Ollama itself allows
    token_timeout: float = 30.0  # between two tokens
    notice_after: float = 2.0  # a cold model that is quicker needs no announcement
    down_for: float = 5.0  # how long an unreachable server is not asked again
    busy_wait: float = 1.0  # before asking a busy server again; doubles each time
    choice_for: float = 300.0  # how long the list of models is trusted

    @property
    def answer_tokens(self) -> int:
        """What an answer may take of the context; a model that never ends is cut here."""
        return min(2048, self.num_ctx // 3)
