"""aiogram comes in light, and works as if it had come in whole."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from octopus.errors import ConfigError
from octopus.frontends.telegram import door

# Run in a process of its own: what is imported there must not depend on other tests.
_SCRIPT = """
import json, sys, importlib
mode = sys.argv[1]
samples = json.loads(sys.argv[2])
if mode == "plain":
    methods = importlib.import_module("aiogram.methods")
    classes = {name: getattr(methods, name) for name in samples}
else:
    from octopus.frontends.telegram import door
    classes = door.load()
out = {}
for name, sample in samples.items():
    found = classes[name]
    results = []
    for params in sample:
        try:
            made = found(**params)
            results.append(repr(sorted(made.model_dump(warnings=False).items(), key=str)))
        except Exception as error:
            results.append(type(error).__name__ + str([
                (item["type"], list(item["loc"])) for item in error.errors()
            ]))
    out[name] = [results, sorted(found.model_fields), found.__api_method__,
                 found.__pydantic_complete__]
types = importlib.import_module("aiogram.types")
update = {"update_id": 1, "message": {"message_id": 2, "date": 3, "text": "x",
          "chat": {"id": 4, "type": "private"}, "from": {"id": 4, "is_bot": False,
          "first_name": "O"}, "photo": [{"file_id": "f", "file_unique_id": "u", "width": 1,
          "height": 2}]}}
out["complete"] = sum(
    1 for name in types.__all__
    if getattr(getattr(types, name), "__pydantic_complete__", False)
)
# What this front end does not use builds itself when others do.
response = importlib.import_module("aiogram.methods").Response
batch = response[list[types.Update]].model_validate({"ok": True, "result": [update]})
out["Update"] = [repr(types.Update.model_validate(update)), repr(batch)]
document = importlib.import_module("aiogram.methods").SendDocument(chat_id=1, document="f")
out["other"] = repr(document)
from pydantic import BaseModel
class Later(BaseModel):
    x: int
out["later"] = [Later.__pydantic_complete__, BaseModel.model_config.get("defer_build", False)]
print(json.dumps(out))
"""

_KEYBOARD = {"inline_keyboard": [[{"text": "a", "callback_data": "b"}]]}
SAMPLES: dict[str, list[dict[str, Any]]] = {
    "AnswerCallbackQuery": [{"callback_query_id": "1"}, {}, {"callback_query_id": 7}],
    "DeleteWebhook": [{"drop_pending_updates": False}, {}],
    "EditMessageText": [
        {"chat_id": 1, "message_id": 2, "text": "x", "reply_markup": _KEYBOARD},
        {"text": "x", "entities": [{"type": "pre", "offset": 0, "length": 1, "language": "py"}]},
        {"chat_id": 1, "message_id": "two", "text": "x"},
    ],
    "GetFile": [{"file_id": "f"}, {"file_id": None}],
    "GetMyCommands": [{"scope": {"type": "all_private_chats"}}, {"scope": {"type": "nowhere"}}],
    "GetUpdates": [
        {"limit": 100, "timeout": 25, "allowed_updates": ["message"]},
        {"offset": 5},
        {"offset": "x"},
    ],
    "PinChatMessage": [
        {"chat_id": 1, "message_id": 2, "disable_notification": True},
        {"chat_id": 1, "message_id": "two"},
        {"message_id": 2},
    ],
    "SendPhoto": [
        {
            "chat_id": 1,
            "photo": "F1",
            "caption": "x",
            "caption_entities": [{"type": "bold", "offset": 0, "length": 1}],
            "reply_parameters": {"message_id": 2, "allow_sending_without_reply": True},
            "reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": "b"}]]},
        }
    ],
    "SendDocument": [{"chat_id": 1, "document": "F1", "caption": "x"}],
    "SendChatAction": [{"chat_id": 1, "action": "typing"}, {"chat_id": 1}],
    "SendMessage": [
        {
            "chat_id": 1,
            "text": "x",
            "entities": [{"type": "text_link", "offset": 0, "length": 1, "url": "http://a"}],
            "link_preview_options": {"is_disabled": True},
            "reply_parameters": {"message_id": 2, "allow_sending_without_reply": True},
            "reply_markup": _KEYBOARD,
            "message_thread_id": 9,
        },
        {"chat_id": "@name", "text": "x", "reply_markup": {"force_reply": True}},
        {"chat_id": 1, "text": 5},
        {"chat_id": 1, "text": "x", "reply_markup": {"odd": 1}},
    ],
    "SendMessageDraft": [{"chat_id": 1, "draft_id": 2, "text": "x"}, {"chat_id": 1}],
    "SetMessageReaction": [
        {"chat_id": 1, "message_id": 2, "reaction": [{"type": "emoji", "emoji": "👍"}]},
        {"chat_id": 1, "message_id": 2, "reaction": [{"type": "odd"}]},
    ],
    "SetMyCommands": [
        {
            "commands": [{"command": "a", "description": "b"}],
            "scope": {"type": "all_private_chats"},
        },
        {"commands": [{"command": "a"}]},
    ],
    "UnpinChatMessage": [{"chat_id": 1, "message_id": 2}, {"chat_id": 1}, {}],
}


def _run(mode: str) -> Any:
    command = [sys.executable, "-c", _SCRIPT, mode, json.dumps(SAMPLES)]
    root = Path(__file__).parents[3]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=root)
    return json.loads(done.stdout)


def test_every_method_that_is_called_is_compared() -> None:
    assert set(SAMPLES) == set(door.METHODS)


def test_light_and_plain_import_give_the_same() -> None:
    plain, light = _run("plain"), _run("light")
    built, all_built = light.pop("complete"), plain.pop("complete")
    assert light == plain
    assert built < all_built / 3, "most models must not have been built"
    assert light["later"] == [True, False], "models of others are built as ever"


def test_importing_the_front_end_loads_no_aiogram() -> None:
    code = (
        "import sys, octopus.frontends.telegram;"
        "print([n for n in ('aiogram', 'aiohttp', 'telegramify_markdown') if n in sys.modules])"
    )
    root = Path(__file__).parents[3]
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root
    )
    assert done.stdout.strip() == "[]"


_FALLBACK = """
import logging, sys
logging.basicConfig(stream=sys.stderr, format="%(levelname)s %(message)s")
from octopus.frontends.telegram import door
{change}
classes = door.load()
again = door.load()
print(classes["SendMessage"](chat_id=1, text="x").text, again == classes)
"""


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ("door._probe = lambda classes: 1 / 0", "ZeroDivisionError"),
        ("door._names = lambda types: {}['gone']", "KeyError"),
        (
            "import pydantic; rebuild = pydantic.BaseModel.model_rebuild;"
            "door._building_put_off = None",
            "TypeError",
        ),
    ],
)
def test_whatever_looks_different_ends_in_the_plain_import(change: str, reason: str) -> None:
    root = Path(__file__).parents[3]
    code = _FALLBACK.format(change=change)
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root
    )
    assert done.stdout.split() == ["x", "True"]
    warnings = [line for line in done.stderr.splitlines() if line.startswith("WARNING")]
    assert len(warnings) == 1
    assert reason in warnings[0]


@pytest.mark.parametrize("token", ["", "nonsense", "x:y", "12 3:abc", "123:"])
def test_a_token_that_cannot_be_one_is_a_mistake_of_the_configuration(
    token: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with pytest.raises(ConfigError) as raised:
        door.open_api(token, "http://127.0.0.1:9")
    assert "telegram.token" in str(raised.value)
    assert raised.value.__context__ is None, "the token would be in it"
    assert len(token) < 4 or token not in str(raised.value) + caplog.text
