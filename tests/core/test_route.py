"""Which message goes to which note."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from octopus.core.meaning import Meaning
from octopus.core.message import Attachment, Message, Origin
from octopus.core.route import MEDIA, Route, media_of, routed
from tests.fakes.ports import NOON

KEPT = Meaning("note.add", {"text": "soup"})


def message(text: str = "soup", **more: Any) -> Message:
    return Message("k", "telegram:42", "42", text, NOON, **more)


def route(**more: Any) -> Route:
    return Route(**{"name": "r", "to": "Note.md"} | more)


def taken(one: Route, text: str = "soup", meaning: Meaning = KEPT, **more: Any) -> str | None:
    found = routed([one], message(text, **more), meaning)
    return None if found is None else str(found.args["text"])


@pytest.mark.parametrize(
    ("text", "tag", "met"),
    [
        ("lentils #recipe", "recipe", True),
        ("#Recipe lentils", "recipe", True),
        ("lentils #recipe/soup.", "recipe", True),
        ("lentils #recipes", "recipe", False),
        ("lentils #recipe", "recipe/soup", False),
        ("page.html#recipe", "recipe", False),
        ("a&#recipe;", "recipe", False),
        ("no tag, recipe", "recipe", False),
    ],
)
def test_hashtags_are_compared_as_obsidian_does(text: str, tag: str, met: bool) -> None:
    meaning = Meaning("note.add", {"text": text})
    assert (taken(route(hashtag=tag), text, meaning) == text) is met


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("idea: a boat", "a boat"),
        ("Idea:a boat", "a boat"),
        ("  idea:\nlines\nof it", "lines\nof it"),
        ("the idea: a boat", None),
    ],
)
def test_a_prefix_is_not_part_of_what_is_kept(text: str, kept: str | None) -> None:
    assert taken(route(prefix="idea:"), text, Meaning("chat", {"text": text})) == kept


def test_a_prefix_speaks_for_itself_and_a_tag_only_for_what_is_kept() -> None:
    remind = Meaning("reminder.add", {"text": "soup", "at": "2026-11-21T09:00:00+01:00"})
    assert taken(route(prefix="remind"), "remind me #x", remind) == "me #x"
    assert taken(route(hashtag="x"), "remind me #x", remind) is None
    assert taken(route(hashtag="x"), "buy soup #x", Meaning("todo.add", {"text": "a"})) is not None
    assert taken(route(), "buy soup", Meaning("todo.add", {"text": "a"})) is None
    assert taken(route(prefix="un"), "undo", Meaning("command", {"name": "undo"})) is None


def test_the_capture_word_goes_and_nothing_else() -> None:
    found = Meaning("note.add", {"text": "lentils #recipe"})
    assert taken(route(hashtag="recipe"), "note: lentils #recipe", found) == "lentils #recipe"


def test_forwards_by_their_source() -> None:
    one = route(source="Daily News")
    origin = Origin("channel", "daily news", NOON)
    assert taken(one, meaning=Meaning("capture"), origin=origin) == "soup"
    assert taken(one, meaning=Meaning("capture")) is None
    other = Origin("channel", "Daily News Fans", NOON)
    assert taken(one, meaning=Meaning("capture"), origin=other) is None


def test_topics_by_number_and_by_name() -> None:
    for topic in ("7", "garden"):
        assert taken(route(topic=topic), topic="7", topic_name="Garden") == "soup"
        assert taken(route(topic=topic), topic="8") is None
        assert taken(route(topic=topic)) is None


@pytest.mark.parametrize("kind", MEDIA)
def test_every_kind_of_message_has_its_route(kind: str) -> None:
    made = {
        "text": message(),
        "link": message("see https://example.org/a"),
        "location": message("geo:1,2", media="location"),
        "contact": message("Ann: 1", media="contact"),
    }
    one = made.get(kind) or message("", attachments=(Attachment(kind, "ref"),))
    assert kind in media_of(one)
    found = routed([route(media=(kind,))], one, Meaning("capture"))
    assert found is not None
    others = tuple(other for other in MEDIA if other not in media_of(one))
    assert routed([route(media=others)], one, Meaning("capture")) is None


def test_all_of_a_route_has_to_match_and_the_first_one_is_taken() -> None:
    both = route(name="both", hashtag="a", media=("photo",))
    tag = route(name="tag", hashtag="a")
    rest = route(name="rest")
    for text, files, name in (
        ("#a", (Attachment("photo", "p"),), "both"),
        ("#a", (), "tag"),
        ("b", (Attachment("photo", "p"),), "rest"),
    ):
        found = routed([both, tag, rest], message(text, attachments=files), Meaning("capture"))
        assert found is not None
        assert found.args["route"] == name
        assert name in found.why[0]


def test_the_reason_names_route_and_matchers() -> None:
    found = routed(
        [route(prefix="x"), route(name="pics", media=("photo", "video"), topic="7")],
        message("", attachments=(Attachment("photo", "p"),), topic="7"),
        Meaning("capture"),
    )
    assert found is not None
    assert found.why == ("route 2 (pics): topic 7, photo or video",)
    assert found.source == "rules"


# What an earlier route leaves for a later one.

VALUES: dict[str, tuple[Any, ...]] = {
    "hashtag": ("", "a", "a/b"),
    "prefix": ("", "id", "idea:"),
    "source": ("", "News"),
    "topic": ("", "7"),
    "media": ((), ("photo",), ("photo", "text")),
}


def test_a_route_is_hidden_exactly_when_no_message_is_left_for_it() -> None:
    routes = [
        route(**dict(zip(VALUES, values, strict=True)))
        for values in itertools.product(*VALUES.values())
    ]
    texts = ("idea: #a", "idea: #a/b", "idea: x", "id #a", "id #a/b", "id", "#a", "#a/b", "x")
    files = ((), (Attachment("photo", "p"),))
    origins = (None, Origin("channel", "News", NOON))
    messages = [
        message(text, attachments=some, origin=origin, topic=topic)
        for text, some, origin, topic in itertools.product(texts, files, origins, ("", "7"))
    ]
    intents = ("capture", "todo.add", "reminder.add")
    took = {
        one: {
            (number, intent)
            for number, each in enumerate(messages)
            for intent in intents
            if routed([one], each, Meaning(intent)) is not None
        }
        for one in routes
    }
    for early, late in itertools.product(routes, routes):
        if early.hides(late):
            assert took[late] <= took[early], (early, late)
        elif early.source == late.source and not early.media:
            # Nothing is called hidden without reason; and where it could be told, it is.
            assert not took[late] <= took[early] or not took[late], (early, late)
