"""The commands that Telegram offers while the owner types, taken from the skills."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from octopus.core.handler import Skill
from octopus.frontends.telegram.api import Api, ApiError

log = logging.getLogger(__name__)

_SCOPE = {"type": "all_private_chats"}
_MOST = 100  # commands (Bot API: setMyCommands)
_LONGEST = 256  # characters of a description


def commands(skills: Iterable[Skill]) -> list[dict[str, str]]:
    """The menu: one entry for each skill that has a command, sorted by name."""
    found = {skill.command: skill.summary for skill in skills if skill.command}
    return [
        {"command": name.lower(), "description": summary[:_LONGEST]}
        for name, summary in sorted(found.items())[:_MOST]
    ]


async def set_menu(api: Api, skills: Iterable[Skill]) -> bool:
    """Set the menu where it differs from what is set; True when it was changed.

    A menu is a convenience: when Telegram refuses it, one line in the log says so.
    """
    wanted = commands(skills)
    try:
        present = await api.call("GetMyCommands", scope=_SCOPE)
        if present == wanted:
            return False
        await api.call("SetMyCommands", commands=wanted, scope=_SCOPE)
    except ApiError as error:
        log.warning("the menu of commands could not be set: %s", error)
        return False
    return True
