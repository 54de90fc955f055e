"""A message never fails over an ornament, and no preview is ever fetched."""

from __future__ import annotations

from typing import Any

import pytest

from octopus.core.message import Button
from octopus.frontends.telegram.api import ApiError, Fault
from octopus.frontends.telegram.calls import Calls
from octopus.frontends.telegram.render import Part
from tests.frontends.telegram.house import HERE, FakeApi, refused

BOLD = Part("bold", ({"type": "bold", "offset": 0, "length": 4},))
BUTTONS = (Button("Undo", "undo", id="b1"),)
SENT = {"message_id": 9}


async def test_everything_in_its_place() -> None:
    api = FakeApi(SendMessage=[SENT])
    assert await Calls(api).send(HERE, BOLD, answers="7", buttons=BUTTONS) == "9"
    assert api.called("SendMessage") == [
        {
            "chat_id": 42,
            "text": "bold",
            "entities": [{"type": "bold", "offset": 0, "length": 4}],
            "link_preview_options": {"is_disabled": True},
            "reply_parameters": {"message_id": 7, "allow_sending_without_reply": True},
            "reply_markup": {"inline_keyboard": [[{"text": "Undo", "callback_data": "b1"}]]},
        }
    ]


async def test_topics() -> None:
    api = FakeApi()
    await Calls(api).send("telegram:42/7", Part("x"))
    await Calls(api).typing("telegram:42/7")
    await Calls(api).draft("telegram:42/7", 5, BOLD)
    assert {(p["chat_id"], p["message_thread_id"]) for _, p in api.calls} == {(42, 7)}


@pytest.mark.parametrize("url", ["https://evil.example/?q=1", "www.x.y", "[a](http://b)"])
async def test_no_call_that_shows_text_allows_a_preview(url: str) -> None:
    api = FakeApi()
    await Calls(api).send(HERE, Part(url))
    await Calls(api).edit(HERE, "5", Part(url))
    assert [params["link_preview_options"] for _, params in api.calls] == [
        {"is_disabled": True}
    ] * 2


@pytest.mark.parametrize(
    ("description", "left_out"),
    [
        ("can't parse entities: entity #0 is out of bounds", "entities"),
        ("message to be replied not found", "reply_parameters"),
        ("BUTTON_DATA_INVALID", "reply_markup"),
        ("can't parse inline keyboard button", "reply_markup"),
    ],
)
async def test_the_ornament_that_was_refused_is_left_out(description: str, left_out: str) -> None:
    api = FakeApi(SendMessage=[refused(description), SENT])
    assert await Calls(api).send(HERE, BOLD, answers="7", buttons=BUTTONS) == "9"
    first, second = api.called("SendMessage")
    assert set(first) - set(second) == {left_out}
    assert second["text"] == "bold"


async def test_a_refusal_that_says_nothing_costs_one_ornament_after_the_other() -> None:
    api = FakeApi(SendMessage=[refused("no")] * 3 + [SENT])
    await Calls(api).send(HERE, BOLD, answers="7", buttons=BUTTONS)
    last = api.called("SendMessage")[-1]
    assert set(last) == {"chat_id", "text", "link_preview_options"}


@pytest.mark.parametrize(
    "error",
    [
        refused("chat not found"),
        refused("PEER_ID_INVALID"),
        refused("user is deactivated"),
        refused("message text is empty"),
        refused("message is too long"),
        ApiError(Fault.FORBIDDEN, "Forbidden: bot was blocked by the user"),
        ApiError(Fault.WAIT, "Too Many Requests", retry_after=3),
        ApiError(Fault.SERVER, "Bad Gateway"),
        ApiError(Fault.BROKEN, "reset"),
    ],
)
async def test_what_no_simpler_call_mends_is_tried_once(error: ApiError) -> None:
    api = FakeApi(SendMessage=[error])
    with pytest.raises(ApiError) as raised:
        await Calls(api).send(HERE, BOLD, answers="7", buttons=BUTTONS)
    assert raised.value is error
    assert len(api.calls) == 1


async def test_refused_to_the_end() -> None:
    api = FakeApi(SendMessage=[refused("no")])
    with pytest.raises(ApiError):
        await Calls(api).send(HERE, BOLD, buttons=BUTTONS)
    assert len(api.calls) == 3


@pytest.mark.parametrize("result", [True, None, [], {"ok": 1}])
async def test_an_answer_that_names_no_message_is_in_doubt(result: Any) -> None:
    with pytest.raises(ApiError) as raised:
        await Calls(FakeApi(SendMessage=[result])).send(HERE, BOLD)
    assert raised.value.fault is Fault.BROKEN


async def test_edit() -> None:
    api = FakeApi()
    assert await Calls(api).edit(HERE, "5", BOLD, BUTTONS)
    [params] = api.called("EditMessageText")
    assert (params["chat_id"], params["message_id"], params["text"]) == (42, 5, "bold")


async def test_edit_that_changes_nothing_is_done() -> None:
    api = FakeApi(EditMessageText=[refused("message is not modified: same content")])
    assert await Calls(api).edit(HERE, "5", BOLD, BUTTONS)
    assert len(api.calls) == 1


@pytest.mark.parametrize(
    "description",
    ["message to edit not found", "message can't be edited", "MESSAGE_ID_INVALID"],
)
async def test_what_cannot_be_edited_is_said(description: str) -> None:
    api = FakeApi(EditMessageText=[refused(description)])
    assert not await Calls(api).edit(HERE, "5", BOLD)
    assert len(api.calls) == 1


async def test_a_name_that_is_no_message_of_telegrams_is_not_asked_for() -> None:
    api = FakeApi()
    assert not await Calls(api).edit(HERE, "console:5", BOLD)
    await Calls(api).send(HERE, BOLD, answers="console:5")
    assert "reply_parameters" not in api.called("SendMessage")[0]
    assert not api.called("EditMessageText")


async def test_edit_refused_for_its_entities_goes_plain() -> None:
    api = FakeApi(EditMessageText=[refused("can't parse entities"), True])
    assert await Calls(api).edit(HERE, "5", BOLD)
    assert "entities" not in api.called("EditMessageText")[1]


async def test_other_trouble_of_an_edit_is_raised() -> None:
    api = FakeApi(EditMessageText=[ApiError(Fault.FORBIDDEN, "blocked")])
    with pytest.raises(ApiError):
        await Calls(api).edit(HERE, "5", BOLD)


async def test_react() -> None:
    api = FakeApi()
    await Calls(api).react(HERE, "5", "👌")
    assert api.called("SetMessageReaction") == [
        {"chat_id": 42, "message_id": 5, "reaction": [{"type": "emoji", "emoji": "👌"}]}
    ]


async def test_silently_or_not() -> None:
    api = FakeApi()
    await Calls(api).send(HERE, Part("x"), silent=True)
    await Calls(api).send(HERE, Part("x"))
    assert [p.get("disable_notification") for _, p in api.calls] == [True, None]
