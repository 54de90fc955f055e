"""Fetches the files that came with messages."""

from __future__ import annotations

from octopus.core.message import Attachment
from octopus.errors import DeliveryDelayed, DeliveryRefused, Sentence
from octopus.frontends.telegram.api import MAX_DOWNLOAD, Api, ApiError, Fault

_LATER = 5.0  # seconds after a fault of the network

_TOO_BIG = Sentence(
    "This file is larger than the 20 MB that Telegram lets a bot download.", "file.larger"
)
_GONE = Sentence("Telegram does not have this file any more. Please send it again.", "file.gone")


class TelegramFiles:
    """Fills the ``Files`` port."""

    def __init__(self, api: Api) -> None:
        self._api = api

    async def fetch(self, conversation: str, attachment: Attachment) -> bytes:
        """The bytes. Raises DeliveryRefused for what cannot be had, DeliveryDelayed for later."""
        if attachment.size > MAX_DOWNLOAD:
            raise DeliveryRefused(_TOO_BIG)
        try:
            path = await self._path(attachment)
            return await self._api.download(path)
        except ApiError as error:
            refusal = _refusal(error)
        raise refusal

    async def _path(self, attachment: Attachment) -> str:
        """Where the file is now; such a place is good for an hour."""
        file = await self._api.call("GetFile", file_id=attachment.ref)
        path = file.get("file_path") if isinstance(file, dict) else None
        if not path:
            raise ApiError(Fault.REFUSED, "the file has no place")
        return str(path)


def _refusal(error: ApiError) -> DeliveryRefused | DeliveryDelayed:
    if error.fault in {Fault.REFUSED, Fault.FORBIDDEN}:
        return DeliveryRefused(_TOO_BIG if error.says("too big") else _GONE)
    wait = error.retry_after if error.fault is Fault.WAIT else _LATER
    return DeliveryDelayed(
        wait, "The file could not be fetched yet ({reason}).", "file.not_yet", reason=str(error)
    )
