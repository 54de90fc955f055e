"""The engines that are compared: the product's index and three others, with the same fields."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import time
from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from octopus.backends.whoosh.document import Document, read_document
from octopus.backends.whoosh.indexer import Indexer
from octopus.backends.whoosh.scan import look, walk
from octopus.backends.whoosh.searcher import Searcher
from octopus.backends.whoosh.store import Store


class Engine(ABC):
    """Builds an index of a vault and answers queries by kind."""

    name = ""

    def __init__(self, root: Path, folder: Path) -> None:
        self.root = root
        self.folder = folder
        shutil.rmtree(folder, ignore_errors=True)

    def documents(self) -> Sequence[Document]:
        """Everything that is indexed; read beforehand for nobody."""
        stamps = walk(self.root).files.items()
        return [read_document(self.root, path, stamp) for path, stamp in stamps]

    @abstractmethod
    def build(self) -> None:
        """Read the vault and index it."""

    def warm(self) -> None:  # noqa: B027 - most have nothing to prepare
        """What the daemon does after building, before anybody asks."""

    @abstractmethod
    def search(self, kind: str, words: Sequence[str], snippet: bool = False) -> list[str]:
        """The ten best paths. Kinds: single, and, or, phrase, prefix, fuzzy, tag."""

    @abstractmethod
    def close(self) -> None:
        """Let go of everything."""

    def size(self) -> int:
        """Bytes on disk."""
        return sum(file.stat().st_size for file in self.folder.rglob("*") if file.is_file())


class Following(Engine):
    """An engine that takes up a single changed file, too."""

    @abstractmethod
    def update(self, path: str) -> None:
        """Make a changed file findable."""


class Ours(Following):
    """The product's index, asked without the event loop around it."""

    name = "octopus"

    def build(self) -> None:
        self.indexer = Indexer(self.root, Store(self.folder, self.root))
        self.indexer.rebuild()

    def warm(self) -> None:
        self.searcher = Searcher(self.root, ("en",), lambda: date(2026, 11, 20))
        self.searcher.warm(self.indexer.snapshot)

    def search(self, kind: str, words: Sequence[str], snippet: bool = False) -> list[str]:
        query = {
            "phrase": f'"{" ".join(words)}"',
            "prefix": f"{words[0]}*",
            "tag": f"tag:{words[0]} {words[-1]}",
            "or": " OR ".join(words),
        }.get(kind, " ".join(words))
        hits = self.searcher.search(self.indexer.snapshot, query, 10, 0, places=snippet)
        return [hit.path for hit in hits.hits]

    def update(self, path: str) -> None:
        self.indexer.follow([path])

    def close(self) -> None:
        self.searcher.close()


class Stock(Following):
    """Whoosh as it comes: its analyzer, its writer, its searcher."""

    name = "whoosh"

    def build(self) -> None:
        from whoosh import index
        from whoosh.analysis import StandardAnalyzer
        from whoosh.fields import ID, KEYWORD, TEXT, Schema

        analyzer = StandardAnalyzer()
        schema = Schema(
            path=ID(unique=True, stored=True),
            title=TEXT(analyzer=analyzer, stored=True, field_boost=4.0),
            tags=KEYWORD(commas=True, lowercase=True),
            headings=TEXT(analyzer=analyzer, field_boost=1.5),
            body=TEXT(analyzer=analyzer),
        )
        self.folder.mkdir(parents=True)
        self._index = index.create_in(str(self.folder), schema)
        writer = self._index.writer(limitmb=256)
        for document in self.documents():
            writer.add_document(**self._fields(document))
        writer.commit()
        self._searcher = self._index.searcher()

    def _fields(self, document: Document) -> dict[str, Any]:
        return {
            "path": document.path,
            "title": document.names[0],
            "tags": ",".join(document.tags),
            "headings": "\n".join(zone.text for zone in document.zones),
            "body": document.text,
        }

    def search(self, kind: str, words: Sequence[str], snippet: bool = False) -> list[str]:
        from whoosh.qparser import MultifieldParser, OrGroup
        from whoosh.query import And, FuzzyTerm, Or, Phrase, Prefix, Term

        fields = ["title", "headings", "body"]
        if kind == "phrase":
            query = Or([Phrase(field, list(words)) for field in fields])
        elif kind == "prefix":
            query = Or([Prefix(field, words[0]) for field in fields])
        elif kind == "fuzzy":
            query = Or([FuzzyTerm(field, words[0]) for field in fields])
        elif kind == "tag":
            rest = Or([Term(field, words[-1]) for field in fields])
            query = And([Term("tags", words[0]), rest])
        else:
            group = {"group": OrGroup} if kind == "or" else {}
            query = MultifieldParser(fields, self._index.schema, **group).parse(" ".join(words))
        results = self._searcher.search(query, limit=10)
        if snippet:
            for hit in results:
                hit.highlights("body", text=(self.root / hit["path"]).read_text("utf-8"))
        return [hit["path"] for hit in results]

    def update(self, path: str) -> None:
        stamp = look(self.root, path)
        assert stamp is not None
        writer = self._index.writer()
        writer.update_document(**self._fields(read_document(self.root, path, stamp)))
        writer.commit()
        self._searcher = self._searcher.refresh()

    def close(self) -> None:
        self._searcher.close()


class Fts5(Following):
    """SQLite's full-text search, ranked with bm25 over the same fields."""

    name = "fts5"
    tokenizer = "unicode61 remove_diacritics 2"

    def build(self) -> None:
        self.folder.mkdir(parents=True)
        self._db = sqlite3.connect(self.folder / "fts.db")
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute(
            "CREATE VIRTUAL TABLE notes USING fts5(path UNINDEXED, title, tags, headings, body,"
            f" tokenize='{self.tokenizer}')"
        )
        with self._db:
            self._db.executemany(
                "INSERT INTO notes VALUES (?,?,?,?,?)", map(self._row, self.documents())
            )

    def _row(self, document: Document) -> tuple[str, ...]:
        headings = "\n".join(zone.text for zone in document.zones)
        tags = " ".join(document.tags)
        return document.path, document.names[0], tags, headings, document.text

    def search(self, kind: str, words: Sequence[str], snippet: bool = False) -> list[str]:
        quoted = [f'"{word}"' for word in words]
        query = {
            "phrase": f'"{" ".join(words)}"',
            "prefix": f'"{words[0]}"*',
            "tag": f"tags : {quoted[0]} AND {quoted[-1]}",
            "or": " OR ".join(quoted),
        }.get(kind, " AND ".join(quoted))
        shown = ", snippet(notes, 4, '', '', '…', 24)" if snippet else ""
        rows = self._db.execute(
            f"SELECT path{shown} FROM notes WHERE notes MATCH ?"
            " ORDER BY bm25(notes, 0, 4.0, 1.0, 1.5, 1.0) LIMIT 10",
            (query,),
        )
        return [row[0] for row in rows.fetchall()]

    def update(self, path: str) -> None:
        stamp = look(self.root, path)
        assert stamp is not None
        with self._db:
            self._db.execute("DELETE FROM notes WHERE path = ?", (path,))
            row = self._row(read_document(self.root, path, stamp))
            self._db.execute("INSERT INTO notes VALUES (?,?,?,?,?)", row)

    def close(self) -> None:
        self._db.close()


class Fts5Porter(Fts5):
    """The same with English stems."""

    name = "fts5 porter"
    tokenizer = "porter unicode61 remove_diacritics 2"


class Tantivy(Following):
    """A search library in Rust; only where its Python package is installed."""

    name = "tantivy"

    def build(self) -> None:
        import tantivy

        builder = tantivy.SchemaBuilder()
        builder.add_text_field("path", stored=True, tokenizer_name="raw")
        for name in ("title", "tags", "headings", "body"):
            builder.add_text_field(name, stored=False)
        self.folder.mkdir(parents=True)
        self._index = tantivy.Index(builder.build(), path=str(self.folder))
        self._writer = self._index.writer(128_000_000, 1)
        for document in self.documents():
            self._add(document)
        self._commit()

    def _add(self, document: Document) -> None:
        import tantivy

        self._writer.add_document(
            tantivy.Document(
                path=document.path,
                title=document.names[0],
                tags=" ".join(document.tags),
                headings="\n".join(zone.text for zone in document.zones),
                body=document.text,
            )
        )

    def _commit(self) -> None:
        self._writer.commit()
        self._index.reload()
        self._searcher = self._index.searcher()

    def search(self, kind: str, words: Sequence[str], snippet: bool = False) -> list[str]:
        import tantivy

        text = {
            "phrase": f'"{" ".join(words)}"',
            "tag": f"+tags:{words[0]} +{words[-1]}",
            "or": " ".join(words),
        }.get(kind, " ".join(f"+{word}" for word in words))
        fields = ["title", "headings", "body"]
        if kind == "prefix":
            query = tantivy.Query.regex_query(self._index.schema, "body", f"{words[0]}.*")
        elif kind == "fuzzy":
            query = tantivy.Query.fuzzy_term_query(self._index.schema, "body", words[0])
        else:
            query = self._index.parse_query(text, fields)
        hits = self._searcher.search(query, 10).hits
        return [str(self._searcher.doc(address)["path"][0]) for _, address in hits]

    def update(self, path: str) -> None:
        stamp = look(self.root, path)
        assert stamp is not None
        self._writer.delete_documents("path", path)
        self._add(read_document(self.root, path, stamp))
        self._commit()

    def close(self) -> None:
        del self._searcher, self._writer, self._index


def daemon(root: Path, folder: Path, changes: Sequence[str]) -> tuple[list[float], list[float]]:
    """What the daemon's index does, in ms: lateness of a tick of 5 ms while it indexes the vault
    in its thread, then the time from the hint that a note changed until a search finds it.
    """
    from octopus.backends.whoosh import IndexSettings, WhooshIndex

    async def run() -> tuple[list[float], list[float]]:
        loop = asyncio.get_running_loop()
        late: list[float] = []
        index = WhooshIndex(root, folder, IndexSettings(debounce=0.0))
        await index.open()
        done = loop.create_task(index.settle())
        while not done.done():
            due = loop.time() + 0.005
            await asyncio.sleep(0.005)
            late.append((loop.time() - due) * 1000)
        await done
        fresh = [await _change(index, root, path, n) for n, path in enumerate(changes)]
        await index.close()
        return late, fresh

    shutil.rmtree(folder, ignore_errors=True)
    return asyncio.run(run())


async def _change(index: Any, root: Path, path: str, number: int) -> float:
    word = f"quagga{number}x"
    target = root / path
    target.write_text(target.read_text("utf-8") + f"\n{word} again\n", "utf-8")
    started = time.perf_counter()
    index.hint(path)
    await index.settle()
    found = await index.search(word, limit=1)
    took = (time.perf_counter() - started) * 1000
    assert [hit.path for hit in found.hits] == [path], "the change is not found"
    return took
