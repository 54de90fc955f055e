"""The room behind the door: aiogram's bot over a session that speaks JSON and returns JSON.

Only ``door`` imports this module, since it brings all of aiogram with it.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from typing import Any

import aiohttp
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.methods import TelegramMethod
from aiogram.types import BufferedInputFile
from aiogram.utils.token import TokenValidationError
from pydantic import ValidationError

from octopus.errors import ConfigError
from octopus.frontends.telegram.api import MAX_DOWNLOAD, ApiError, Fault, Upload, fault_of

log = logging.getLogger(__name__)

_CONNECT = 10.0  # seconds; a server that is there answers a handshake sooner
_JSON = {"Content-Type": "application/json"}
_NOT_SENT = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL)


class JsonSession(AiohttpSession):
    """Sends methods as JSON where no file is uploaded; returns results as plain values.

    aiogram's own session sends forms and validates every answer. Results here are read by
    code that looks at two or three fields, and an update that no model fits must not stop the
    others.
    """

    async def make_request(
        self, bot: Bot, method: TelegramMethod[Any], timeout: float | None = None
    ) -> Any:
        """Call a method. Raises ApiError; its text is free of the token."""
        url = self.api.api_url(token=bot.token, method=method.__api_method__)
        content, headers = self._content(bot, method)
        limit = aiohttp.ClientTimeout(total=timeout or self.timeout, sock_connect=_CONNECT)
        session = await self.create_session()
        try:
            async with session.post(url, data=content, headers=headers, timeout=limit) as response:
                status, raw = response.status, await response.read()
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            failure = _network(error, bot.token)
        else:
            return _result(status, raw)
        raise failure  # outside: its context would carry the address, and so the token

    async def fetch(self, bot: Bot, path: str, timeout: float) -> bytes:
        """Download a file, at most MAX_DOWNLOAD bytes. Raises ApiError."""
        url = self.api.file_url(token=bot.token, path=path)
        limit = aiohttp.ClientTimeout(total=timeout, sock_connect=_CONNECT)
        session = await self.create_session()
        try:
            async with session.get(url, timeout=limit) as response:
                if response.status != 200:
                    failure = ApiError(
                        fault_of(response.status, None).fault,
                        f"the file could not be downloaded (HTTP {response.status})",
                        code=response.status,
                    )
                else:
                    return await _read(response)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            failure = _network(error, bot.token)
        raise failure

    def _content(self, bot: Bot, method: TelegramMethod[Any]) -> tuple[Any, dict[str, str] | None]:
        files: dict[str, Any] = {}
        fields = {
            name: prepared
            for name, value in method.model_dump(warnings=False, exclude_none=True).items()
            if (prepared := self.prepare_value(value, bot, files, _dumps_json=False)) is not None
        }
        if files:
            return self.build_form_data(bot, method), None
        return json.dumps(fields, separators=(",", ":")).encode(), _JSON


async def _read(response: aiohttp.ClientResponse) -> bytes:
    parts, size = [], 0
    async for part in response.content.iter_chunked(1 << 16):
        size += len(part)
        if size > MAX_DOWNLOAD:
            raise ApiError(Fault.REFUSED, "file is too big")
        parts.append(part)
    return b"".join(parts)


def _result(status: int, raw: bytes) -> Any:
    try:
        body = json.loads(raw)
    except ValueError:
        body = None
    if status == 200 and isinstance(body, dict) and body.get("ok") is True:
        return body.get("result")
    if status == 200 and not (isinstance(body, dict) and body.get("ok") is False):
        raise ApiError(Fault.BROKEN, "the answer is not what the Bot API sends", code=status)
    raise fault_of(status, body)


def _uploaded(value: Any) -> Any:
    return BufferedInputFile(value.data, value.name) if isinstance(value, Upload) else value


def _network(error: BaseException, token: str) -> ApiError:
    fault = Fault.UNREACHABLE if isinstance(error, _NOT_SENT) else Fault.BROKEN
    text = f"{type(error).__name__}: {error}".replace(token, "<token>")
    return ApiError(fault, text)


class AiogramApi:
    """Fills ``Api`` with aiogram's bot."""

    def __init__(self, token: str, base: str, methods: Mapping[str, type[Any]]) -> None:
        """``methods`` are aiogram's classes by name. Raises ConfigError for a malformed token."""
        self._methods = methods
        self._session = JsonSession(api=TelegramAPIServer.from_base(base))
        try:
            self._bot = Bot(token, session=self._session)
        except TokenValidationError:
            refused = True
        else:
            refused = False
        if refused:  # raised here, so that no context carries the token
            raise ConfigError(["telegram.token: found something else than 123456:ABC-DEF..."])

    @property
    def bot_id(self) -> int:
        """The number before the colon of the token."""
        return self._bot.id

    async def call(self, method: str, /, *, patience: float = 30.0, **params: Any) -> Any:
        """Call a method by its name. Raises ApiError."""
        try:
            given = {name: _uploaded(value) for name, value in params.items()}
            request = self._methods[method](**given)
        except ValidationError as error:
            places = ", ".join(".".join(map(str, item["loc"])) for item in error.errors())
            failure = ApiError(Fault.REFUSED, f"{method} does not take this: {places}", code=400)
        else:
            return await self._session.make_request(self._bot, request, patience)
        raise failure

    async def download(self, path: str, /, *, patience: float = 120.0) -> bytes:
        """The bytes of a file. Raises ApiError."""
        return await self._session.fetch(self._bot, path, patience)

    async def close(self) -> None:
        """Close the connections, without aiogram's pause of a quarter second after it."""
        session = self._session._session
        if session is not None and not session.closed:
            await session.close()
