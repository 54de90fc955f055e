"""Who may write is decided first; what was written arrives whole."""

from __future__ import annotations

import copy
import random
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from octopus.core.message import Kind, Message
from octopus.frontends.telegram.update import Ignored, Malformed, Reader, query_id

CALM = settings(deadline=None)  # a busy machine is no failure


NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
OWNER = 42
READER = Reader(7000, frozenset({OWNER}))


def message(kind: str = "message", /, **fields: Any) -> dict[str, Any]:
    """An update with a text message of the owner."""
    body: dict[str, Any] = {
        "message_id": 7,
        "date": 1_795_000_000,
        "chat": {"id": OWNER, "type": "private", "first_name": "O"},
        "from": {"id": OWNER, "is_bot": False, "first_name": "O", "language_code": "de"},
        "text": "hello",
    }
    body.update(fields)
    return {"update_id": 1, kind: {k: v for k, v in body.items() if v is not None}}


def press(**fields: Any) -> dict[str, Any]:
    """An update with a pressed button."""
    shown = message()["message"] | {"from": {"id": 7000, "is_bot": True, "first_name": "B"}}
    query: dict[str, Any] = {
        "id": "991",
        "from": {"id": OWNER, "is_bot": False, "first_name": "O"},
        "message": shown,
        "chat_instance": "1",
        "data": "undo-1",
    }
    return {"update_id": 1, "callback_query": query | fields}


def read(update: dict[str, Any], reader: Reader = READER) -> Message:
    result = reader.read(update, NOW)
    assert isinstance(result, Message)
    return result


def test_text_message() -> None:
    found = read(message())
    assert found == Message(
        key="telegram:7000:message:42:7:0",
        conversation="telegram:42",
        user="42",
        text="hello",
        sent_at=datetime.fromtimestamp(1_795_000_000, UTC),
        message_id="7",
        language="de",
    )
    assert not found.untrusted


def test_key_does_not_depend_on_the_update_id() -> None:
    one, other = message(), message()
    other["update_id"] = 999_999
    assert read(one).key == read(other).key


def test_another_bot_has_other_keys() -> None:
    assert read(message()).key != read(message(), Reader(7001, frozenset({OWNER}))).key


def test_edit_is_an_event_of_its_own() -> None:
    edit = read(message("edited_message", text="new", edit_date=1_795_000_060))
    assert edit.kind is Kind.EDIT
    assert edit.message_id == "7"
    assert edit.text == "new"
    assert edit.sent_at == datetime.fromtimestamp(1_795_000_060, UTC)
    assert edit.key != read(message()).key


def test_two_edits_within_one_second_are_two() -> None:
    first = read(message("edited_message", text="a", edit_date=5))
    second = read(message("edited_message", text="b", edit_date=5))
    again = read(message("edited_message", text="b", edit_date=5))
    assert first.key != second.key
    assert second.key == again.key


def test_press() -> None:
    found = read(press())
    assert (found.kind, found.press, found.message_id) == (Kind.PRESS, "undo-1", "7")
    assert found.key == "telegram:7000:press:991"
    assert found.sent_at == NOW
    assert (found.conversation, found.user, found.text) == ("telegram:42", "42", "")
    assert query_id(press()) == "991"
    assert query_id(message()) == ""


def test_press_under_a_message_too_old_to_be_shown() -> None:
    old = {"message_id": 7, "chat": {"id": OWNER, "type": "private"}, "date": 0}
    assert read(press(message=old)).message_id == "7"


def test_reply_carries_what_it_answers() -> None:
    answered = {"message_id": 3, "text": "Saved to Inbox/a.md", "date": 1, "chat": {"id": 42}}
    found = read(message(reply_to_message=answered))
    assert (found.reply_to, found.reply_text) == ("3", "Saved to Inbox/a.md")
    quoted = read(message(reply_to_message=answered, quote={"text": "Inbox", "position": 9}))
    assert (quoted.reply_to, quoted.reply_text) == ("3", "Inbox")


def test_topics_are_conversations_of_their_own() -> None:
    found = read(message(message_thread_id=9, is_topic_message=True))
    assert found.conversation == "telegram:42/9"
    assert read(message(message_thread_id=9)).conversation == "telegram:42"


def test_command_stays_as_it_was_written() -> None:
    entities = [{"type": "bot_command", "offset": 0, "length": 5}]
    assert read(message(text="/note  a  b", entities=entities)).text == "/note  a  b"


def test_album_is_shared() -> None:
    photo = [{"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}]
    assert read(message(media_group_id="G1", photo=photo, text=None)).album == "G1"


@pytest.mark.parametrize(
    "field", ["pinned_message", "forum_topic_created", "write_access_allowed", "users_shared"]
)
def test_what_telegram_says_about_the_chat_is_no_message(field: str) -> None:
    assert READER.read(message(text=None, **{field: {}}), NOW) is Ignored.KIND


def test_a_kind_of_content_that_is_not_known_is_still_a_message() -> None:
    found = read(message(text=None, hologram={"file_id": "f"}))
    assert found.text == ""
    assert found.attachments == ()


STRANGERS: list[tuple[str, dict[str, Any]]] = [
    ("stranger", message(**{"from": {"id": 666, "is_bot": False}, "chat": {"id": 666}})),
    ("stranger in the owner's chat", message(**{"from": {"id": 666}})),
    ("group", message(chat={"id": -5, "type": "group"})),
    ("supergroup", message(chat={"id": -1005, "type": "supergroup"})),
    ("group that has the owner's id", message(chat={"id": OWNER, "type": "group"})),
    ("other private chat", message(chat={"id": 43, "type": "private"})),
    ("anonymous admin", message(sender_chat={"id": -5, "type": "supergroup"})),
    ("business", message(business_connection_id="b")),
    ("no sender", message(**{"from": None})),
    ("bot with the owner's id", message(**{"from": {"id": OWNER, "is_bot": True}})),
    ("id as text", message(**{"from": {"id": str(OWNER)}})),
    ("id as float", message(**{"from": {"id": float(OWNER)}})),
    ("id as true", message(**{"from": {"id": True}})),
    ("name instead of id", message(**{"from": {"username": "owner"}})),
    ("channel post", {"update_id": 1, "channel_post": message()["message"]}),
    ("business message", {"update_id": 1, "business_message": message()["message"]}),
    ("guest message", {"update_id": 1, "guest_message": message()["message"]}),
    ("inline query", {"update_id": 1, "inline_query": {"from": {"id": OWNER}, "query": "x"}}),
    ("reaction", {"update_id": 1, "message_reaction": {"user": {"id": OWNER}}}),
    ("member", {"update_id": 1, "my_chat_member": {"from": {"id": OWNER}}}),
    ("unheard of", {"update_id": 1, "telepathy": {"from": {"id": OWNER}}}),
    ("nothing", {"update_id": 1}),
    ("pressed by a stranger", press(**{"from": {"id": 666}})),
    ("pressed in a group", press(message=message(chat={"id": -5, "type": "group"})["message"])),
    ("pressed in an inline message", press(message=None, inline_message_id="i")),
    ("edited by a stranger", message("edited_message", **{"from": {"id": 666}})),
]


@pytest.mark.parametrize(("what", "update"), STRANGERS, ids=[what for what, _ in STRANGERS])
def test_only_the_owner_in_the_private_chat_is_heard(what: str, update: dict[str, Any]) -> None:
    assert isinstance(READER.read(update, NOW), Ignored)


def test_nobody_is_allowed_where_the_list_is_empty() -> None:
    assert Reader(1, frozenset()).read(message(), NOW) is Ignored.STRANGER


MALFORMED: list[Any] = [
    {"update_id": 1, "message": None},
    {"update_id": 1, "message": []},
    {"update_id": 1, "message": "text"},
    {"update_id": 1, "message": {}},
    message(chat=None),
    message(chat="private"),
    message(message_id="7"),
    message(message_id=None),
    message(date="never"),
    message(date=None),
    message(date=10**30),
    message(text=5),
    message(photo=[{"file_id": "f"}]),
    message(text=None, document="file"),
    message(reply_to_message="x"),
    message(forward_origin={"type": "user"}),
    {"update_id": 1, "callback_query": None},
    {"update_id": 1, "callback_query": {}},
    press(data=None),
    press(id=5),
    press(message={"message_id": "x", "chat": {"id": OWNER, "type": "private"}}),
]


@pytest.mark.parametrize("update", MALFORMED)
def test_what_has_not_the_documented_shape_is_malformed(update: Any) -> None:
    with pytest.raises(Malformed) as raised:
        READER.read(update, NOW)
    assert "hello" not in str(raised.value)
    assert raised.value.__suppress_context__


def _paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path] if path else []
    if isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            found += _paths(inner, (*path, key))
    return found


_RICH = [
    message(
        photo=[{"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1, "file_size": 3}],
        forward_origin={"type": "channel", "date": 5, "chat": {"id": -1001, "title": "T"}},
        quote={"text": "q"},
        reply_to_message={"message_id": 3, "text": "x"},
        caption="c",
    ),
    press(),
    message("edited_message", edit_date=9),
]


@CALM
@given(st.data())
def test_damaged_updates_are_read_ignored_or_malformed_and_nothing_else(
    data: st.DataObject,
) -> None:
    update = copy.deepcopy(data.draw(st.sampled_from(_RICH)))
    for _ in range(data.draw(st.integers(1, 3))):
        paths = _paths(update)
        if not paths:
            break
        *way, last = data.draw(st.sampled_from(paths))
        place: Any = update
        for key in way:
            place = place[key]
        junk: st.SearchStrategy[Any] = st.none() | st.integers() | st.text(max_size=3)
        place[last] = data.draw(
            junk | st.sampled_from([[], {}, [None]]) | st.booleans() | st.floats()
        )
    try:
        found = READER.read(update, NOW)
    except Malformed:
        return
    if isinstance(found, Message):
        assert (found.conversation.partition("/")[0], found.user) == ("telegram:42", "42")
        assert Message.from_json(found.to_json()) == found


def test_a_thousand_strangers_of_every_type() -> None:
    chance = random.Random(1)
    shapes = [update for _, update in STRANGERS]
    for number in range(1_000):
        update = copy.deepcopy(chance.choice(shapes))
        update["update_id"] = number
        assert not isinstance(READER.read(update, NOW), Message)
