"""Full-text search over the vault, kept in Whoosh's files."""

from octopus.backends.whoosh.index import WhooshIndex
from octopus.backends.whoosh.settings import IndexSettings, Weights

__all__ = ["IndexSettings", "Weights", "WhooshIndex"]
