"""Say why a note is, or is not, among the answers to a query."""

from __future__ import annotations

from collections.abc import Iterator, Set

from octopus.backends.whoosh.analysis import Analyzer, fold
from octopus.backends.whoosh.document import title_of
from octopus.backends.whoosh.letters import Reading
from octopus.backends.whoosh.match import Matcher, words_in
from octopus.backends.whoosh.prior import Prior
from octopus.backends.whoosh.rank import texts_in
from octopus.backends.whoosh.schema import TEXT_FIELD
from octopus.backends.whoosh.store import Part, Snapshot
from octopus.backends.whoosh.view import live
from octopus.obsidian.query_node import And, Node, Not, Or, Scope, Tag, Word

MOST_NAMED = 5  # words that a text is a part of


def located(snapshot: Snapshot, paths: Set[str]) -> dict[str, tuple[Part, int]]:
    """Where files stand in the index, those that do."""
    found: dict[str, tuple[Part, int]] = {}
    for path in paths:
        term = path.encode()
        for part in snapshot.parts:
            postings = part.view.postings("path", term)
            for number in postings.ids if postings else ():
                if number not in part.deleted:
                    found[path] = part, number
    return found


def locate(snapshot: Snapshot, path: str) -> tuple[Part, int] | None:
    """Where one file stands in the index."""
    return located(snapshot, {path}).get(path)


def named(snapshot: Snapshot, name: str) -> str | None:
    """The path of the file with this path, or else with this title; the first of several."""
    wanted, titled = name.casefold(), []
    for part in snapshot.parts:
        for number in live(part.view, part.deleted):
            path = part.view.rows[number].path
            if path in {name, f"{name}.md"}:
                return path
            if title_of(path).casefold() == wanted:
                titled.append(path)
    return min(titled, default=None)


def parts_of(root: Node, matcher: Matcher, part: Part, number: int) -> Iterator[str]:
    """One line for each thing that the query asks for: whether the note has it."""
    asked = root.parts if isinstance(root, And) else (root,)
    for node in asked:
        holds = number in matcher.match(node, part, {number})
        yield f"{'yes' if holds else 'no':3} {describe(node)}"


def spellings_of(
    root: Node, matcher: Matcher, analyzer: Analyzer, part: Part, number: int
) -> Iterator[str]:
    """One line for each word: the spellings of it that the note has."""
    for term, prefix in dict.fromkeys(words_in(root, analyzer)):
        there = []
        for form in matcher.forms_of(term, prefix):
            found = part.view.term(TEXT_FIELD, form.encode())
            if found is not None and number in found.among([number]).ids:
                there.append(form)
        yield f"{term}: {', '.join(there) if there else 'not in the note'}"


def said(root: Node, reading: Reading, path: str) -> Iterator[str]:
    """One line for each text that is looked for by its letters: the words that it is a part of."""
    source = reading.sources.get(path)
    words = set(reading.analyzer.terms(f"{source.place}\n{source.text}")) if source else set()
    for text in dict.fromkeys(texts_in(root)):
        around = sorted(word for word in words if text in word)
        if text in around:
            yield f"{text}: {text}"
        elif around:
            yield f"{text}: only inside a word: {', '.join(around[:MOST_NAMED])}"
        elif source and (text in source.folded or text in fold(source.place)):
            yield f"{text}: letter for letter"
        else:
            yield f"{text}: not in the note"


def worth(earned: tuple[float, float], prior: Prior, part: Part, number: int) -> Iterator[str]:
    """One line for each thing that the note's place in the list comes from."""
    by_words, by_names = earned
    row = part.view.rows[number]
    yield f"its words are worth {by_words:.2f}"
    if by_names:
        yield f"its title or alias adds {by_names:.2f}"
    if recent := prior.by_recency(row):
        yield f"changed {_ago(int(prior.age(row)))}: {recent:+.1%}"
    if linked := prior.by_links(row):
        yield f"{prior.links(row)} notes link to its name: {linked:+.1%}"


def _ago(days: int) -> str:
    return "today" if not days else f"{days} day{'s' * (days > 1)} ago"


def describe(node: Node) -> str:
    """A part of a query in the words that it was typed in, as far as they are kept."""
    match node:
        case Not(part):
            return f"not {describe(part)}"
        case Or(parts):
            return " or ".join(describe(part) for part in parts)
        case And(parts):
            return " and ".join(describe(part) for part in parts)
        case Scope(kind, part):
            return f"{kind}: {describe(part)}"
        case Word(text):
            return f"the word “{text}”"
        case Tag(name):
            return f"the tag #{name}"
    return (
        type(node).__name__.lower()
        + " "
        + str(
            getattr(node, "text", "") or getattr(node, "pattern", "") or getattr(node, "name", "")
        )
    )
