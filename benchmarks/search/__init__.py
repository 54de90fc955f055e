"""How fast and how well notes are found, beside stock Whoosh, FTS5 and tantivy."""
