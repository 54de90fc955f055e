"""A fake Ollama with scripted answers and phases, for tests of everything that asks a model."""

from tests.fakes.ollama.model import Asked, Model
from tests.fakes.ollama.script import Turn, busy, only_thinking, out_of_memory, repetition
from tests.fakes.ollama.server import EMBEDDER, MODEL, FakeOllama

__all__ = [
    "EMBEDDER",
    "MODEL",
    "Asked",
    "FakeOllama",
    "Model",
    "Turn",
    "busy",
    "only_thinking",
    "out_of_memory",
    "repetition",
]
