"""A local model behind Ollama, for everything that language is needed for and nothing else."""

from octopus.backends.ollama.model import OllamaModel
from octopus.backends.ollama.settings import OllamaSettings

__all__ = ["OllamaModel", "OllamaSettings"]
