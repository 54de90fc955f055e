"""Make a vault of any size: the same words, notes and links for the same seed.

Words are made of syllables with English endings and are used as often as words of a language are
(Zipf). Some notes hold a sentence in another script, planted for the recall figures.
"""

from __future__ import annotations

import itertools
import random
from dataclasses import dataclass, field
from pathlib import Path

_ONSETS = [
    "b",
    "br",
    "c",
    "ch",
    "cl",
    "d",
    "dr",
    "f",
    "fl",
    "g",
    "gr",
    "h",
    "j",
    "k",
    "l",
    "m",
    "n",
]
_ONSETS += [
    "p",
    "pl",
    "pr",
    "qu",
    "r",
    "s",
    "sh",
    "sl",
    "st",
    "str",
    "t",
    "th",
    "tr",
    "v",
    "w",
    "z",
]
_NUCLEI = ["a", "e", "i", "o", "u", "ai", "ea", "ee", "oa", "oo", "ou", "ie"]
_CODAS = [
    "",
    "b",
    "ck",
    "d",
    "g",
    "l",
    "ld",
    "m",
    "mp",
    "n",
    "nd",
    "ng",
    "nt",
    "p",
    "r",
    "rd",
    "rk",
]
_CODAS += ["rm", "rn", "rt", "sk", "st", "t", "w", "x"]
_COMMON = [
    "the",
    "of",
    "and",
    "to",
    "in",
    "a",
    "is",
    "that",
    "it",
    "was",
    "for",
    "on",
    "are",
    "as",
    "with",
    "his",
    "they",
    "at",
    "be",
    "this",
    "from",
    "have",
    "or",
    "by",
    "one",
    "had",
    "not",
    "but",
    "what",
    "all",
    "were",
    "when",
    "we",
    "there",
    "can",
    "an",
    "your",
    "which",
    "their",
    "said",
    "if",
    "do",
    "will",
    "each",
    "about",
    "how",
]
MOST_KNOWN = 2000  # notes; more would take the memory that is measured
PLANTED = {
    "latin": "Kärntner Weinbauern überprüfen ältere Reblausbekämpfungsmaßnahmen",
    "polish": "Gżegżółka złożyła niezwykłe żądanie",
    "cyrillic": "Ёжик переплыл широкую речку вчера вечером",
    "greek": "Ο παππούς φύτεψε ελαιόδεντρα στην αυλή",
    "chinese": "昨天下午我们在湖边修理了旧木船",
    "japanese": "祖母の梅干しの作り方を書き留めておく",
    "korean": "할머니께서 담그신 된장이 아주 맛있다",
    "arabic": "زرعنا أشجار الزيتون في الحديقة القديمة",
    "hebrew": "סבתא שלי אופה חלה מתוקה בכל שבוע",
    "hindi": "दादी ने पुराने बगीचे में आम लगाया",
    "thai": "คุณยายปลูกมะม่วงไว้หลังบ้านเก่า",
}


@dataclass(frozen=True, slots=True)
class Known:
    """What a note is known to hold, for queries whose answer is known."""

    path: str
    title: str
    sentences: tuple[tuple[str, ...], ...]


@dataclass(slots=True)
class Made:
    """A vault on disk and what is known of it."""

    root: Path
    known: list[Known] = field(default_factory=list)  # of some of the notes
    planted: list[tuple[str, str, str]] = field(default_factory=list)  # script, sentence, path
    words: list[str] = field(default_factory=list)  # the most frequent first
    nouns: set[str] = field(default_factory=set)  # words whose plural is a word as well


def make_words(rnd: random.Random, count: int) -> tuple[list[str], set[str]]:
    """The words of the vault, the most frequent first, and those that have a plural."""
    words = dict.fromkeys(_COMMON)
    nouns = set()
    while len(words) < count:
        parts = [
            rnd.choice(_ONSETS) + rnd.choice(_NUCLEI) + rnd.choice(_CODAS)
            for _ in range(rnd.choice([1, 2, 2, 3]))
        ]
        stem = "".join(parts)
        if len(stem) < 4:
            continue
        words[stem] = None
        ending = rnd.random()
        if ending < 0.5 and not stem.endswith(("s", "x", "ch", "sh")):
            words[stem + "s"] = None
            nouns.add(stem)
        elif ending < 0.7:
            words[stem + "ing"] = None
    return list(words), nouns


class Generator:
    """Makes notes one after the other."""

    def __init__(self, seed: int, vocabulary: int) -> None:
        self.rnd = random.Random(seed)
        self.words, self.nouns = make_words(self.rnd, vocabulary)
        weights = (1 / (rank + 3) for rank in range(len(self.words)))
        self._weights = list(itertools.accumulate(weights))
        self._rare = self.words[len(self.words) // 10 :]

    def sentence(self) -> tuple[str, ...]:
        """Some words, as often as they are used."""
        count = self.rnd.randint(6, 18)
        return tuple(self.rnd.choices(self.words, cum_weights=self._weights, k=count))

    def note(self, number: int, titles: list[str]) -> tuple[Known, str]:
        """A note and its text."""
        rnd = self.rnd
        title = " ".join(rnd.choice(self._rare).capitalize() for _ in range(rnd.randint(2, 3)))
        title = f"{title} {number}" if title in titles else title
        folder = f"{self.words[60 + number % 37]}/{self.words[100 + number % 11]}"
        sentences = [self.sentence() for _ in range(rnd.randint(12, 36))]
        lines = []
        if rnd.random() < 0.6:
            tags = ", ".join({f"topic/{self.words[rnd.randint(50, 90)]}", "note"})
            lines += ["---", f"tags: [{tags}]", f"rating: {rnd.randint(1, 5)}", "---"]
        lines.append(f"# {title}")
        for at in range(0, len(sentences), 3):
            if rnd.random() < 0.2:
                lines += ["", "## " + " ".join(self.sentence()[:3])]
            paragraph = ". ".join(" ".join(s).capitalize() for s in sentences[at : at + 3])
            lines += ["", paragraph + "."]
            if rnd.random() < 0.15 and titles:
                lines += [
                    "",
                    f"See [[{rnd.choice(titles)}]] and #{self.words[rnd.randint(40, 60)]}",
                ]
            if rnd.random() < 0.1:
                lines += ["", "- [ ] " + " ".join(self.sentence()[:5])]
        return Known(f"{folder}/{title}.md", title, tuple(sentences)), "\n".join(lines) + "\n"


def make_vault(root: Path, count: int, seed: int = 1) -> Made:
    """Write ``count`` notes below ``root``; about 1.9 KB each."""
    generator = Generator(seed, vocabulary=20_000 + 4 * count)
    made = Made(root, words=generator.words, nouns=generator.nouns)
    titles: list[str] = []
    plants = list(PLANTED.items())
    for number in range(count):
        known, text = generator.note(number, titles[-50:])
        if number % max(count // 110, 1) == 0:
            script, sentence = plants[len(made.planted) % len(plants)]
            made.planted.append((script, sentence, known.path))
            text += f"\n{sentence}\n"
        target = root / known.path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "utf-8")
        titles.append(known.title)
        if number % max(count // MOST_KNOWN, 1) == 0:
            made.known.append(known)
    return made
