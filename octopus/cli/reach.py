"""The way to whoever does the work: the daemon where one runs, this process otherwise."""

from __future__ import annotations

import contextlib
import importlib
from collections.abc import Callable, Mapping
from typing import Any

from octopus.backends.lock import is_held
from octopus.config import Config
from octopus.errors import BusyError, NotListening
from octopus.frontends.control import Say, request


async def call(
    config: Config, op: str, progress: Callable[[Any], None] | None = None, **values: Any
) -> Any:
    """Have something done: by the daemon where one runs, by ourselves otherwise.

    Raises BusyError when somebody holds the state directory and does not answer.
    """
    state = config.state.path
    if is_held(state):
        # Nobody listens while the daemon starts, or when a short command holds the lock.
        with contextlib.suppress(NotListening):
            return await request(state, op, progress, **values)
    try:
        # Imported only where no daemon answers: that takes longer than most answers.
        app = importlib.import_module("octopus.app.operation")
        async with app.Octopus(config, state).opened() as octopus:
            return await app.operations(octopus)[op](values, _reporter(progress))
    except BusyError:
        return await request(state, op, progress, **values)


def _reporter(progress: Callable[[Any], None] | None) -> Say:
    async def say(document: Mapping[str, Any]) -> None:
        if progress is not None:
            progress(document["progress"])

    return say
