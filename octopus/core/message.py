"""What every front end speaks: a message in, a reply out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from octopus.core.view import View

#: Control characters: no words of anybody's, and commands to whatever shows them. Tabs and ends of
#: lines are words.
_CONTROLS = dict.fromkeys({*range(0x20), *range(0x7F, 0xA0)} - {*map(ord, "\t\n\r")})


class Kind(StrEnum):
    """What happened on the other side."""

    MESSAGE = "message"  # something new was written
    EDIT = "edit"  # an earlier message was changed; ``message_id`` names it
    PRESS = "press"  # a button was pressed; ``press`` is its id
    ALARM = "alarm"  # nobody wrote anything: a reminder has come due
    ACT = "act"  # a program of the owner's asks for an intent; ``press`` is {"intent", "args"}


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that came with a message; its bytes are fetched later, by ``ref``."""

    kind: str  # photo, document, voice, audio, video, video_note, animation, sticker
    ref: str  # what the front end needs to fetch it (Telegram's file_id)
    unique_id: str = ""  # the same for the same file, whoever sends it
    name: str = ""  # as the sender named it; untrusted
    mime: str = ""
    size: int = 0  # bytes; 0 where the sender does not say
    duration: int = 0  # seconds


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a forwarded message was first written. All of it is untrusted text."""

    kind: str  # user, hidden_user, chat, channel
    name: str
    date: datetime
    link: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """One thing that a person sent, edited or pressed; its words are without control characters."""

    key: str  # unique over all front ends and for ever; the journal refuses a second one
    conversation: str  # "telegram:42", "console", "http:desk": the lane, and where replies go
    user: str
    text: str
    sent_at: datetime  # aware
    kind: Kind = Kind.MESSAGE
    message_id: str = ""  # within the conversation; reactions and edits refer to it
    attachments: tuple[Attachment, ...] = ()
    origin: Origin | None = None
    reply_to: str = ""  # message_id of the message that this one answers
    reply_text: str = ""  # and its text
    album: str = ""  # messages that belong together share it
    press: str = ""
    language: str = ""  # what the front end says of the person's language, a hint
    media: str = ""  # location, contact, poll: what the text stands for, where it is not words
    topic: str = ""  # number of the topic within the chat
    topic_name: str = ""  # and its name, where the front end knows it

    def __post_init__(self) -> None:
        """No control character comes in, whatever the door."""
        for name in ("text", "reply_text", "topic_name"):
            object.__setattr__(self, name, getattr(self, name).translate(_CONTROLS))

    @property
    def untrusted(self) -> bool:
        """True when the text was not written by the owner: it may be kept, never obeyed."""
        return self.origin is not None

    def to_json(self) -> str:
        """As the journal keeps it."""
        return json.dumps(asdict(self), default=datetime.isoformat)

    @classmethod
    def from_json(cls, text: str) -> Message:
        """The inverse of :meth:`to_json`."""
        data = json.loads(text)
        data["sent_at"] = datetime.fromisoformat(data["sent_at"])
        data["kind"] = Kind(data["kind"])
        data["attachments"] = tuple(Attachment(**item) for item in data["attachments"])
        if data["origin"] is not None:
            origin = data["origin"]
            data["origin"] = Origin(**origin | {"date": datetime.fromisoformat(origin["date"])})
        return cls(**data)


@dataclass(frozen=True, slots=True)
class Button:
    """A choice under a reply. What it does stays on the server; the front end sees only the id."""

    label: str
    intent: str
    args: Mapping[str, Any] = field(default_factory=dict)
    id: str = ""  # given when the reply is settled
    confirm: bool = False  # agrees to something hard to take back: once, within ten minutes
    language: str = ""  # of the reply that shows it; known once it is pressed


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file that goes out with a reply. Its bytes are kept elsewhere, and not for ever."""

    kind: str  # photo or document
    name: str  # as the person sees it
    mime: str
    ref: str  # what the ``Pictures`` port finds it by


@dataclass(frozen=True, slots=True)
class Reply:
    """What is said in answer. Every accepted message ends in exactly one of these."""

    text: str = ""
    buttons: tuple[Button, ...] = ()
    reaction: str = ""  # an emoji on the message answered; says it all when text is empty
    markdown: bool = False  # the text is Markdown (a note, a model's answer), not plain words
    receipt: bool = False  # may be merged with its neighbours after a burst
    failed: bool = False  # nothing was done
    replaces: str = ""  # message_id of an earlier reply that this one takes the place of
    about: str = ""  # the path that it is about: an answer to this reply means that note
    #: What was done, where that is something else than was understood; kept with the job.
    did: Mapping[str, Any] = field(default_factory=dict)
    view: View | None = None  # the to-dos that it shows: it is changed when they change
    reminder: int = 0  # the reminder that it tells of: an answer to this reply means that one
    times: tuple[tuple[str, int], ...] = ()  # words of the text that say a moment, in Unix time
    silent: bool = False  # arrives without a sound
    enclosure: Enclosure | None = None  # shown with the text as its caption
    pin: bool = False  # keep it at the top of the chat, instead of the one pinned before
    update: bool = False  # only keeps a message true: where that one is gone, nothing is shown
    language: str = ""  # the one spoken, where there are buttons: presses are answered in it
    left: tuple[str, ...] = ()  # files that should have changed, but could not be edited safely

    def to_json(self) -> str:
        """As the journal keeps it."""
        return json.dumps({name: value for name, value in asdict(self).items() if name != "did"})

    @classmethod
    def from_json(cls, text: str) -> Reply:
        """The inverse of :meth:`to_json`."""
        data = json.loads(text)
        data["buttons"] = tuple(Button(**item) for item in data["buttons"])
        data["times"] = tuple((words, at) for words, at in data.get("times", ()))
        data["left"] = tuple(data.get("left", ()))
        if data.get("enclosure"):
            data["enclosure"] = Enclosure(**data["enclosure"])
        if data.get("view"):
            data["view"] = View.read(data["view"])
        return cls(**data)
