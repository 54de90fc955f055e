"""The one door through which aiogram comes in, at a third of its weight.

A plain ``import aiogram`` builds pydantic's validators for more than six hundred models, of
which a bot uses a few dozen: two to three seconds and over 150 MB. Here the import is made with
building put off, and only what is called is built afterwards. Where aiogram or pydantic look
different from what this was written for, the plain import is used and one warning says so.
"""

from __future__ import annotations

import importlib
import logging
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import ModuleType
from typing import Any, Literal, Optional, Union, cast

from octopus.frontends.telegram.api import Api

log = logging.getLogger(__name__)

#: Every method of the Bot API that this front end calls, by its name in aiogram.
METHODS = (
    "AnswerCallbackQuery",
    "DeleteWebhook",
    "EditMessageText",
    "GetFile",
    "GetMyCommands",
    "GetUpdates",
    "PinChatMessage",
    "SendChatAction",
    "SendDocument",
    "SendMessage",
    "SendMessageDraft",
    "SendPhoto",
    "SetMessageReaction",
    "SetMyCommands",
    "UnpinChatMessage",
)


def open_api(token: str, base: str) -> Api:
    """The Bot API over aiogram. Blocks for half a second where aiogram was not loaded yet.

    Raises ConfigError for a token that cannot be one.
    """
    methods = load()
    # aiogram must have come through load() before this module may import it.
    session = importlib.import_module("octopus.frontends.telegram.session")
    return cast(Api, session.AiogramApi(token, base, methods))


def load() -> Mapping[str, type[Any]]:
    """aiogram's classes of METHODS, ready to be used."""
    if "aiogram" not in sys.modules:
        try:
            return _light()
        except Exception as error:  # noqa: BLE001 - whatever has changed, the plain way works
            log.warning("aiogram is loaded the slow way: %s: %s", type(error).__name__, error)
            forget()
    methods = importlib.import_module("aiogram.methods")
    return {name: getattr(methods, name) for name in METHODS}


def forget() -> None:
    """Remove a half-loaded aiogram, so that it can be imported anew."""
    for name in [name for name in sys.modules if name.partition(".")[0] == "aiogram"]:
        del sys.modules[name]


def _light() -> Mapping[str, type[Any]]:
    with _building_put_off():
        importlib.import_module("aiogram")
    types = importlib.import_module("aiogram.types")
    methods = importlib.import_module("aiogram.methods")
    names = _names(types)
    for module in (types, methods):
        for name in module.__all__:
            # Where pydantic looks for what an annotation means when it builds a model on need.
            model = getattr(module, name)
            if hasattr(model, "__pydantic_complete__"):
                model.__pydantic_parent_namespace__ = names
    classes = {name: getattr(methods, name) for name in METHODS}
    for name, found in classes.items():
        found.model_rebuild()
        if not found.__pydantic_complete__:
            raise TypeError(f"{name} cannot be built")
    _probe(classes)
    return classes


@contextmanager
def _building_put_off() -> Iterator[None]:
    """While this lasts, new models are not built and ``model_rebuild`` does nothing."""
    base = importlib.import_module("pydantic").BaseModel
    config, before = base.model_config, dict(base.model_config)
    rebuild = base.__dict__["model_rebuild"]
    config["defer_build"] = True
    base.model_rebuild = classmethod(lambda cls, **options: None)
    try:
        yield
    finally:
        base.model_rebuild = rebuild
        config.clear()
        config.update(before)


def _names(types: ModuleType) -> dict[str, Any]:
    """What aiogram's annotations mean, as at the end of ``aiogram.types``."""
    default = importlib.import_module("aiogram.client.default").Default
    return {
        "List": list,
        "Optional": Optional,
        "Union": Union,
        "Literal": Literal,
        "Default": default,
        **{name: getattr(types, name) for name in types.__all__},
    }


def _probe(classes: Mapping[str, type[Any]]) -> None:
    """Make one method with everything in it; raises when it does not come out as it went in."""
    sent = {
        "chat_id": 1,
        "text": "x",
        "entities": [{"type": "bold", "offset": 0, "length": 1}],
        "link_preview_options": {"is_disabled": True},
        "reply_parameters": {"message_id": 2, "allow_sending_without_reply": True},
        "reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": "b"}]]},
    }
    got = classes["SendMessage"](**sent).model_dump(exclude_unset=True, warnings=False)
    if got != sent:
        raise TypeError("SendMessage changes what it is given")
