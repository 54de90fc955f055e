"""A file arrives with its words whatever Telegram thinks of the photo or of an ornament."""

from __future__ import annotations

from typing import Any

import pytest

from octopus.core.message import Button
from octopus.frontends.telegram.api import ApiError, Fault, Upload
from octopus.frontends.telegram.calls import Calls
from octopus.frontends.telegram.render import Part
from tests.frontends.telegram.house import HERE, FakeApi, refused

FILE = Upload("map.png", b"\x89PNG")
BOLD = Part("bold", ({"type": "bold", "offset": 0, "length": 4},))
BUTTONS = (Button("Undo", "undo", id="b1"),)
SENT = {"message_id": 9}
ORNAMENTS = {"caption_entities", "reply_parameters", "reply_markup"}


async def send(api: FakeApi, *, photo: bool) -> str:
    return await Calls(api).send_file(HERE, FILE, BOLD, photo=photo, answers="7", buttons=BUTTONS)


async def test_a_photo_with_everything_in_its_place() -> None:
    api = FakeApi(SendPhoto=[SENT])
    assert await send(api, photo=True) == "9"
    assert api.called("SendPhoto") == [
        {
            "chat_id": 42,
            "photo": FILE,
            "caption": "bold",
            "caption_entities": [{"type": "bold", "offset": 0, "length": 4}],
            "reply_parameters": {"message_id": 7, "allow_sending_without_reply": True},
            "reply_markup": {"inline_keyboard": [[{"text": "Undo", "callback_data": "b1"}]]},
        }
    ]
    assert not api.called("SendDocument")


async def test_without_ornaments_none_are_named() -> None:
    api = FakeApi(SendDocument=[SENT])
    assert await Calls(api).send_file(HERE, FILE, Part("x"), photo=False, answers="cli:3") == "9"
    assert api.called("SendDocument") == [{"chat_id": 42, "document": FILE, "caption": "x"}]


@pytest.mark.parametrize("why", ["PHOTO_INVALID_DIMENSIONS", "IMAGE_PROCESS_FAILED", "no"])
async def test_what_is_no_photo_for_telegram_goes_whole_as_a_file(why: str) -> None:
    api = FakeApi(SendPhoto=[refused(why)], SendDocument=[SENT])
    assert await send(api, photo=True) == "9"
    (photo,), (document,) = api.called("SendPhoto"), api.called("SendDocument")
    assert photo.pop("photo") == document.pop("document") == FILE
    assert photo == document


@pytest.mark.parametrize(
    "error",
    [
        ApiError(Fault.FORBIDDEN, "Forbidden: bot was blocked by the user"),
        ApiError(Fault.WAIT, "Too Many Requests", retry_after=3),
        ApiError(Fault.SERVER, "Bad Gateway"),
        ApiError(Fault.BROKEN, "reset"),
        refused("chat not found"),
        refused("message caption is too long"),
    ],
)
async def test_what_would_fail_as_a_file_too_is_not_sent_twice(error: ApiError) -> None:
    """A photo that may have arrived must not arrive again."""
    api = FakeApi(SendPhoto=[error])
    with pytest.raises(ApiError) as raised:
        await send(api, photo=True)
    assert raised.value is error
    assert len(api.calls) == 1


@pytest.mark.parametrize(
    ("description", "left_out"),
    [
        ("can't parse caption entities: entity #0 is out of bounds", "caption_entities"),
        ("message to be replied not found", "reply_parameters"),
        ("BUTTON_DATA_INVALID", "reply_markup"),
    ],
)
@pytest.mark.parametrize("photo", [True, False])
async def test_the_ornament_that_was_refused_is_left_out(
    description: str, left_out: str, photo: bool
) -> None:
    fault = refused(description)
    api = FakeApi(SendPhoto=[fault], SendDocument=[fault, SENT])
    assert await send(api, photo=photo) == "9"
    first, second = api.called("SendDocument")
    assert set(first) - set(second) == {left_out}
    assert second["document"] is FILE


async def test_refused_to_the_end_it_was_tried_bare() -> None:
    api = FakeApi(SendDocument=[refused("no")])
    with pytest.raises(ApiError):
        await send(api, photo=False)
    calls = api.called("SendDocument")
    assert [len(ORNAMENTS & set(params)) for params in calls] == [3, 2, 1, 0]


@pytest.mark.parametrize("result", [True, None, [], {"ok": 1}])
@pytest.mark.parametrize("photo", [True, False])
async def test_an_answer_that_names_no_message_is_in_doubt(result: Any, photo: bool) -> None:
    api = FakeApi(SendPhoto=[result], SendDocument=[result])
    with pytest.raises(ApiError) as raised:
        await send(api, photo=photo)
    assert raised.value.fault is Fault.BROKEN
    assert len(api.calls) == 1


@pytest.mark.parametrize("on", [True, False])
async def test_pinning_makes_no_sound(on: bool) -> None:
    api = FakeApi()
    await Calls(api).pin(HERE, "5", on=on)
    ((method, params),) = api.calls
    assert method == ("PinChatMessage" if on else "UnpinChatMessage")
    assert params["message_id"] == 5
    assert params.get("disable_notification", False) is on
