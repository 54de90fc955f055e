"""The owner's rules for capture, which message goes to which note, checked at the start."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from octopus.config.section import Section
from octopus.core.route import MEDIA, Route
from octopus.errors import PathError
from octopus.obsidian.path import note_path
from octopus.obsidian.template import render, variables

#: What a path and a content may hold.
PATH_VARIABLES = frozenset(
    {"date", "time", "title", "yesterday", "tomorrow", "source", "filename", "topic"}
)
CONTENT_VARIABLES = PATH_VARIABLES | {"text", "url", "files"}

_HASHTAG = re.compile(r"#?(?=.*[^\d/])[^\s#.,;:!?'\"()\[\]{}<>|`]+")
#: Messages of these kinds hold no words in which a hashtag or a prefix could stand.
_WORDLESS = {"location", "contact", "sticker", "video_note"}


def _hashtag(value: str) -> str:
    if value and not _HASHTAG.fullmatch(value):
        raise ValueError("can never match: not a tag")
    return value.removeprefix("#").strip("/")


def _prefix(value: str) -> str:
    if value.lstrip().startswith("/"):
        raise ValueError("can never match: what begins with / is a command")
    return value.lstrip()


def _to(value: str) -> str:
    _known(value, PATH_VARIABLES)
    names = dict.fromkeys(PATH_VARIABLES, "x")
    sample = render(value, title="x", now=datetime(2026, 1, 2, 3, 4, 5), values=names)  # noqa: DTZ001 - any
    try:
        note_path(sample)
    except PathError as error:
        raise ValueError(str(error)) from error
    if any(part.startswith(".") for part in sample.strip("/").split("/")):
        raise ValueError("hidden files are no notes")
    return value


def _content(value: str) -> str:
    _known(value, CONTENT_VARIABLES)
    if value and "text" not in variables(value):
        raise ValueError("without {{text}} the words would be lost")
    return value


def _known(value: str, known: frozenset[str]) -> None:
    unknown = sorted(set(variables(value)) - known)
    if unknown:
        raise ValueError(f"no such variable: {{{{{unknown[0]}}}}}")


def _media(value: object) -> object:
    return (value,) if isinstance(value, str) else value


def _name(value: object) -> object:
    return str(value) if isinstance(value, int) else value


def _medium(value: str) -> str:
    if value not in MEDIA:
        raise ValueError("no such kind")
    return value


class CaptureRoute(Section):
    """One ``[[capture.routes]]``."""

    name: str = Field("", max_length=60, description="up to 60 characters")
    hashtag: Annotated[str, AfterValidator(_hashtag)] = Field(
        "", description="a tag, not only digits, without spaces"
    )
    prefix: Annotated[str, AfterValidator(_prefix)] = Field(
        "", max_length=100, description='how the text begins, not with "/"'
    )
    source: str = Field("", max_length=200, description="the name of a person, chat or channel")
    topic: Annotated[str, BeforeValidator(_name)] = Field(
        "", max_length=128, description="the name or number of a topic"
    )
    media: Annotated[
        tuple[Annotated[str, AfterValidator(_medium)], ...], BeforeValidator(_media)
    ] = Field((), description=f"one or a list of {', '.join(MEDIA)}")
    to: Annotated[str, AfterValidator(_to)] = Field(
        description="a path inside the vault, which may hold "
        + ", ".join(f"{{{{{name}}}}}" for name in sorted(PATH_VARIABLES))
    )
    content: Annotated[str, AfterValidator(_content)] = Field(
        "",
        description="a text with {{text}}, which may hold "
        + ", ".join(f"{{{{{name}}}}}" for name in sorted(CONTENT_VARIABLES)),
    )
    append: bool = Field(False, description="true or false")
    heading: str = Field("", max_length=200, description="a heading, only together with append")

    @model_validator(mode="after")
    def _can_match(self) -> CaptureRoute:
        if self.heading and not self.append:
            raise ValueError("heading = ... needs append = true")
        if self.media and set(self.media) <= _WORDLESS and (self.hashtag or self.prefix):
            raise ValueError("can never match: such messages have no words")
        return self

    def route(self, number: int) -> Route:
        """As the rules of the house know it; ``number`` counts from 1."""
        values: dict[str, Any] = self.model_dump()
        return Route(**values | {"name": self.name or f"route {number}"})


def reachable(routes: tuple[CaptureRoute, ...]) -> tuple[CaptureRoute, ...]:
    """The routes, when each of them can be reached. Raises ValueError naming one that cannot."""
    names = [each.name for each in routes if each.name]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise ValueError(f"two routes are called {_quoted(twice)}")
    known = [each.route(number) for number, each in enumerate(routes, 1)]
    for number, late in enumerate(known):
        for early in known[:number]:
            if early.hides(late):
                raise ValueError(
                    f"route {number + 1} ({late.name}) can never match: "
                    f"{early.name} takes all of it first"
                )
    return routes


def _quoted(text: str) -> str:
    return f'"{text}"'
