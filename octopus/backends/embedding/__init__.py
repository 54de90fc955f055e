"""Search by meaning: paragraphs as vectors, kept beside the full-text index."""

from octopus.backends.embedding.index import MeaningIndex
from octopus.backends.embedding.keeper import Embed, Keeper, MeaningSettings

__all__ = ["Embed", "Keeper", "MeaningIndex", "MeaningSettings"]
