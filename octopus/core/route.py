"""Which message goes to which note: the owner's rules, matched in their order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from octopus.core.meaning import Meaning
from octopus.core.message import Message

#: What a message can be, beside the kinds of attachments: "text" has no file, place or contact.
MEDIA = (
    *("photo", "voice", "document", "audio", "video", "video_note", "animation", "sticker"),
    *("location", "contact", "link", "text"),
)

#: What is kept as it is, whatever was said in it: any route may say where.
_KEPT = {"note.add", "link.save", "capture"}

#: What a hashtag of a route makes a thing to keep: the owner set it apart on purpose.
_TAGGED = _KEPT | {"note.new", "todo.add", "todo.add_many", "daily.append", "chat", "clarify"}

_TAG = re.compile(r"(?<![\w#&/])#([^\s#.,;:!?'\"()\[\]{}<>|`]+)")
_URL = re.compile(r"https?://\S", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Route:
    """One rule. A matcher that is empty matches everything; all of them have to."""

    name: str
    to: str  # template of the note's path
    content: str = ""  # template of what is written; "" for the text and its files
    append: bool = False  # to the note at that path, instead of a new note each time
    heading: str = ""  # under which it is appended
    hashtag: str = ""  # without "#"; its nested tags count
    prefix: str = ""  # with which the text begins; not part of what is kept
    source: str = ""  # the person, chat or channel that a forward came from
    topic: str = ""  # the topic of the chat, by name or number
    media: tuple[str, ...] = ()

    def why(self, message: Message) -> list[str] | None:
        """The reasons for which it takes this message; None where it does not."""
        tests = (
            (self.prefix, _begins(message.text, self.prefix), f"prefix {self.prefix}"),
            (self.hashtag, _tagged(message.text, self.hashtag), f"hashtag #{self.hashtag}"),
            (self.source, _from(message, self.source), f"forwarded from {self.source}"),
            (self.topic, _in(message, self.topic), f"topic {self.topic}"),
            (self.media, bool(media_of(message) & set(self.media)), " or ".join(self.media)),
        )
        if not all(met for wanted, met, _ in tests if wanted):
            return None
        return [reason for wanted, _, reason in tests if wanted] or ["everything"]

    def takes(self, intent: str) -> bool:
        """Whether what was understood may be kept by this route instead."""
        if self.prefix:
            return intent != "command"
        return intent in (_TAGGED if self.hashtag else _KEPT)

    def hides(self, other: Route) -> bool:
        """Whether nothing is left for a later route: whatever that takes, this one takes first."""
        return (
            other.prefix.casefold().startswith(self.prefix.casefold())
            and (not self.hashtag or _within(other.hashtag, self.hashtag))
            and self.source.casefold() in {"", other.source.casefold()}
            and self.topic.casefold() in {"", other.topic.casefold()}
            and (not self.media or (bool(other.media) and set(other.media) <= set(self.media)))
            and (bool(self.prefix) or not other.prefix)
            and (bool(self.prefix or self.hashtag) or not other.hashtag)
        )


def routed(routes: Sequence[Route], message: Message, meaning: Meaning) -> Meaning | None:
    """Where the first route that takes the message has it kept; None where none does."""
    for number, route in enumerate(routes, 1):
        why = route.why(message) if route.takes(meaning.intent) else None
        if why is None:
            continue
        kept = meaning.args.get("text")
        text = kept if meaning.intent == "note.add" and isinstance(kept, str) else message.text
        if route.prefix:
            text = message.text.lstrip()[len(route.prefix) :].lstrip(" \t:").removeprefix("\n")
        reason = f"route {number} ({route.name}): {', '.join(why)}"
        args = {"route": route.name, "path": route.to, "text": text}
        return replace(
            meaning,
            intent="capture",
            args=args,
            question=None,
            options=(),
            source="rules",
            answers=None,
            why=(reason,),
        )
    return None


def media_of(message: Message) -> set[str]:
    """All that a message is: kinds of its files, a place, a contact, words with a link."""
    kinds = {attachment.kind for attachment in message.attachments}
    if message.media:
        kinds.add(message.media)
    if _URL.search(message.text):
        kinds.add("link")
    return kinds | ({"text"} if not kinds - {"link"} else set())


def _begins(text: str, prefix: str) -> bool:
    return text.lstrip().casefold().startswith(prefix.casefold())


def _tagged(text: str, tag: str) -> bool:
    return any(_within(found, tag) for found in _TAG.findall(text))


def _within(tag: str, above: str) -> bool:
    """Tags are compared as Obsidian does: without case, a nested one belongs to its parent."""
    return f"{tag}/".casefold().startswith(f"{above}/".casefold())


def _from(message: Message, source: str) -> bool:
    return message.origin is not None and message.origin.name.casefold() == source.casefold()


def _in(message: Message, topic: str) -> bool:
    return topic.casefold() in {message.topic, message.topic_name.casefold()} and bool(topic)
