"""Full-text search over the vault, kept in Whoosh's files."""

from octopus.backends.whoosh.index import WhooshIndex
from octopus.backends.whoosh.settings import IndexSettings

__all__ = ["IndexSettings", "WhooshIndex"]
