"""One message with everything that the rules ask of it, worked out once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from octopus.core.meaning import Meaning, Option
from octopus.language.detect import candidates
from octopus.language.lexicon import Language, load
from octopus.language.moment import Reader
from octopus.language.owner import Owner
from octopus.language.scan import Scan
from octopus.language.token import Text

_CLOSE = 0.75
SHAPES: Mapping[str, tuple[str, ...]] = {
    "note.add": ("text", "tags"),
    "note.append": ("note", "text", "heading"),
    "note.edit": ("note", "change"),
    "note.rename": ("from", "to"),
    "note.merge": ("note", "into"),
    "note.new": ("title", "text", "template"),
    "note.delete": ("note",),
    "note.open": ("note",),
    "daily.append": ("text", "date"),
    "daily.open": ("date", "period"),
    "link.save": ("url", "text", "note"),
    "todo.add": ("text", "due", "at", "repeat", "priority", "list"),
    "todo.add_many": ("items", "list"),
    "todo.complete": ("query",),
    "todo.reschedule": ("query", "due", "at"),
    "todo.drop": ("query",),
    "todo.edit": ("query", "words", "priority", "repeat"),
    "todo.list": ("when",),
    "list.show": ("list",),
    "reminder.add": ("text", "at", "repeat"),
    "reminder.list": (),
    "zone.set": ("place",),
    "agenda": ("date",),
    "search": ("query",),
    "ask": ("question", "from", "to"),
    "chat": ("text",),
    "undo": ("kind",),
    "correct": ("change",),
    "smalltalk": (),
    "command": ("name", "args"),
    "clarify": ("options",),
}
"""The arguments of every intent; those that were not said are None."""


@dataclass
class Said:
    """A message, its words in each language that it may be in, and how to answer for it."""

    text: Text
    now: datetime
    owner: Owner
    reply_to: str | None = None
    languages: tuple[str, ...] = ()
    close: tuple[str, ...] = ()  # those of them that are about as likely as the first
    _scans: dict[str, Scan] = field(default_factory=dict)
    _readers: dict[str, Reader] = field(default_factory=dict)

    @classmethod
    def of(cls, raw: str, now: datetime, owner: Owner, reply_to: str | None) -> Said:
        """Cuts the message into words and finds the languages that it may be in."""
        text = Text(raw)
        found = candidates(text, owner.language)
        best = next(iter(found.values()))
        close = tuple(code for code, score in found.items() if score >= best * _CLOSE)
        return cls(text, now, owner, reply_to, tuple(found), close)

    @property
    def raw(self) -> str:
        """The message as it was written."""
        return self.text.raw

    @property
    def code(self) -> str:
        """The likeliest language."""
        return self.languages[0]

    def language(self, code: str) -> Language:
        """A language's data."""
        return load(code)

    def scan(self, code: str) -> Scan:
        """The message as this language reads it."""
        if code not in self._scans:
            self._scans[code] = Scan(self.text, load(code))
        return self._scans[code]

    def reader(self, code: str) -> Reader:
        """Resolves this language's days and times."""
        if code not in self._readers:
            self._readers[code] = Reader(self.now, self.owner, load(code).data)
        return self._readers[code]

    def words(self, code: str) -> list[str]:
        """The message's words as this language corrects them."""
        return [token.text for token in self.scan(code).tokens]

    def begin(self, code: str) -> int:
        """The first word that counts: "please", "hey" and the like are passed over."""
        said = self.words(code)
        language = load(code)
        at = 0
        while at < len(said):
            step = language.longest("please", said[at:])
            if said[at] in ",.!-" and at:
                step = 1
            if not step:
                break
            at += step
        return at if at < len(said) else 0

    def rest(self, code: str, at: int) -> str:
        """The message from this word on, as it was written."""
        scan = self.scan(code)
        if at >= len(scan.text.tokens):
            return ""
        return self.raw[scan.text.place(scan.text.tokens[at].start) :]

    def means(
        self,
        intent: str,
        why: Iterable[str] = (),
        args: Mapping[str, Any] | None = None,
        *,
        code: str = "",
        source: str = "rules",
    ) -> Meaning:
        """A meaning with every argument that the intent has."""
        known = dict.fromkeys(SHAPES.get(intent, ()))
        return Meaning(
            intent=intent,
            args={**known, **(args or {})},
            source=source,
            language=self.code,
            why=tuple(why),
        )

    def asks(self, question: str, options: Iterable[Option], why: Iterable[str]) -> Meaning:
        """One short question instead of a guess."""
        some = tuple(options)
        return Meaning(
            intent="clarify",
            args={"options": [option.label for option in some]},
            language=self.code,
            question=question,
            options=some,
            why=tuple(why),
        )

    def line(self, key: str, **values: str) -> str:
        """A question or a label in the message's language."""
        lines = load(self.code).data.get("lines", {})
        line = lines.get(key) or load("en").data["lines"][key]
        return str(line).format(**values)

    def label(self, at: datetime) -> str:
        """A moment for a button: "tomorrow 08:00", "Tue 24.11. 08:00"."""
        days = (at.date() - self.reader(self.code).today).days
        if days in (0, 1):
            day = self.line("today" if days == 0 else "tomorrow")
        else:
            order = "%m/%d" if self.owner.date_order.startswith("m") else "%d.%m."
            day = f"{self.line('days').split()[at.weekday()]} {at.strftime(order)}"
        return f"{day} {at:%H:%M}"

    def soon(self) -> tuple[datetime, ...]:
        """The usual answers to "when?": this evening, tomorrow morning, Monday morning."""
        reader = self.reader(self.code)
        evening = reader.local(reader.today, self.owner.evening)
        some = [evening] if evening > reader.now else []
        tomorrow = reader.local(reader.today + timedelta(days=1), self.owner.morning)
        monday = reader.local(reader.weekday(0), self.owner.morning)
        return tuple(dict.fromkeys((*some, tomorrow, monday)))
