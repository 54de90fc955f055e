"""What is said of a query that was not taken as it was written, in words for every language."""

from __future__ import annotations

from octopus.errors import Sentence

EXTRA = Sentence("There is a closing bracket too many; it was left out.", "query.extra")
OPEN = Sentence("A bracket is not closed; it was closed at the end.", "query.open")
QUOTE = Sentence(
    "A quotation mark is not closed; its words were searched one by one.", "query.quote"
)
DEEP = Sentence(
    "The query is nested too deeply; the innermost brackets were left out.", "query.deep"
)
LATIN = Sentence("In a regular expression, only A to Z are letters to \\w and \\b.", "query.latin")

EMPTY = Sentence("There is nothing in this to look for.", "query.empty")
AND = Sentence("“AND” goes without saying between words; it was left out.", "query.and")
NOT = Sentence("“NOT” was read as the minus before what is not wanted.", "query.not")


def first_characters(count: int) -> Sentence:
    """It is too long."""
    return Sentence(
        "Only the first {count} characters were searched.", "query.characters", count=count
    )


def first_words(count: int) -> Sentence:
    """It has too many words."""
    return Sentence("Only the first {count} words were searched.", "query.words", count=count)


def fits_all(pattern: str) -> Sentence:
    """An expression that says nothing."""
    return Sentence(
        "The regular expression /{pattern}/ fits any text.", "query.fits", pattern=pattern
    )


def unreadable(pattern: str, why: str, *, words: bool) -> Sentence:
    """An expression that is none; ``words``: it has some to be searched instead."""
    instead = (
        Sentence("its words were searched", "query.its_words")
        if words
        else Sentence("it has no words to search for instead", "query.no_words")
    )
    return Sentence(
        "The regular expression /{pattern}/ cannot be read ({why}); {instead}.",
        "query.regex",
        pattern=pattern,
        why=why,
        instead=instead,
    )


def no_operator(name: str) -> Sentence:
    """A word with a colon that does nothing here."""
    return Sentence(
        "“{name}:” is not an operator here; it was searched as a word.",
        "query.no_operator",
        name=name,
    )


def only_word(name: str) -> Sentence:
    """An operator with nothing at all after it."""
    return Sentence(
        "“{name}:” says nothing of what to look for; it was a word here.",
        "query.only_word",
        name=name,
    )


def says_nothing(name: str) -> Sentence:
    """An operator with nothing after it."""
    return Sentence("“{name}:” says nothing of what to look for.", "query.nothing", name=name)


def left_out(name: str, value: str) -> Sentence:
    """An operator with a value that it does not know."""
    return Sentence(
        "“{name}:{value}” is not understood; it was left out.",
        "query.left_out",
        name=name,
        value=value,
    )


def no_limit(operator: str, value: str) -> Sentence:
    """A comparison with words."""
    return Sentence(
        "“{operator}{value}” compares with no number and no date; its words count.",
        "query.no_limit",
        operator=operator,
        value=value,
    )
