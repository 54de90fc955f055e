"""The fields of the index, and where things stand within them.

Everything that can be read of a note is one field, ``text``: the title and the folders first, the
file's text after them, with words of the title, the aliases, the headings and the tags weighing
more. One list of postings a word is what a query has to read then, and adding the weights up
before the saturation is what BM25F does (Robertson, Zaragoza and Taylor, "Simple BM25 extension
to multiple weighted fields", 2004). The other fields hold exact keys for the operators.
"""

from __future__ import annotations

import struct

from whoosh.analysis import KeywordAnalyzer, SimpleAnalyzer
from whoosh.columns import VarBytesColumn
from whoosh.fields import COLUMN, ID, KEYWORD, TEXT, Schema

# Raise it when files written before must not be read any more: the index is then built anew.
VERSION = 8

TEXT_FIELD = "text"
KEY_FIELDS = ("kind", "link", "name", "property", "tag")
# Positions in the text field: the title, then its folders, then what the file says.
FOLDER_START = 512
CONTENT_START = 1024
LONGEST_NAME = 500  # terms; there is a gap after them, so that no phrase runs on

# mtime in ns, size in bytes, ctime in ns, inode, CRC-32; then the path in UTF-8
ENTRY = struct.Struct("<qqqQI")


def make_schema() -> Schema:
    """A schema that an unmodified Whoosh can read the index with."""
    keys = {
        name: KEYWORD(commas=True, analyzer=KeywordAnalyzer(commas=True)) for name in KEY_FIELDS
    }
    return Schema(
        path=ID(unique=True, stored=True),
        text=TEXT(analyzer=SimpleAnalyzer(), phrase=True),
        entry=COLUMN(VarBytesColumn()),
        **keys,
    )
