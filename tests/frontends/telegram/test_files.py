"""A file is fetched, or the owner learns in words why not."""

from __future__ import annotations

import pytest

from octopus.core.message import Attachment
from octopus.core.ports import Files
from octopus.errors import DeliveryDelayed, DeliveryRefused
from octopus.frontends.telegram.api import MAX_DOWNLOAD, ApiError, Fault
from octopus.frontends.telegram.files import TelegramFiles
from tests.frontends.telegram.house import HERE, FakeApi, refused

PDF = Attachment("document", "F1", "U1", "a.pdf", "application/pdf", 4)
PLACE = {"file_id": "F1", "file_unique_id": "U1", "file_path": "documents/1.pdf"}


async def test_fetch() -> None:
    api = FakeApi(GetFile=[PLACE])
    api.files["documents/1.pdf"] = b"%PDF"
    files: Files = TelegramFiles(api)
    assert await files.fetch(HERE, PDF) == b"%PDF"
    assert api.calls == [
        ("GetFile", {"file_id": "F1"}),
        ("download", {"path": "documents/1.pdf"}),
    ]


async def test_too_big_by_what_the_message_says() -> None:
    api = FakeApi()
    big = Attachment("video", "F1", size=MAX_DOWNLOAD + 1)
    with pytest.raises(DeliveryRefused, match="20 MB"):
        await TelegramFiles(api).fetch(HERE, big)
    assert api.calls == []


async def test_exactly_the_limit_is_allowed() -> None:
    api = FakeApi(GetFile=[PLACE])
    api.files["documents/1.pdf"] = b"x"
    assert await TelegramFiles(api).fetch(HERE, Attachment("video", "F1", size=MAX_DOWNLOAD))


async def test_too_big_by_what_telegram_says() -> None:
    api = FakeApi(GetFile=[refused("file is too big")])
    with pytest.raises(DeliveryRefused, match="20 MB"):
        await TelegramFiles(api).fetch(HERE, PDF)


@pytest.mark.parametrize(
    "answer",
    [
        refused("wrong file_id or the file is temporarily unavailable"),
        {"file_id": "F1"},
        {"file_id": "F1", "file_path": ""},
        True,
    ],
)
async def test_gone(answer: object) -> None:
    with pytest.raises(DeliveryRefused, match="send it again"):
        await TelegramFiles(FakeApi(GetFile=[answer])).fetch(HERE, PDF)


@pytest.mark.parametrize(
    ("error", "wait"),
    [
        (ApiError(Fault.WAIT, "flood", retry_after=33.0), 33.0),
        (ApiError(Fault.SERVER, "Bad Gateway"), 5.0),
        (ApiError(Fault.UNREACHABLE, "no route"), 5.0),
        (ApiError(Fault.BROKEN, "reset"), 5.0),
        (ApiError(Fault.TOKEN, "Unauthorized"), 5.0),
    ],
)
@pytest.mark.parametrize("where", ["GetFile", "download"])
async def test_later(error: ApiError, wait: float, where: str) -> None:
    api = FakeApi(GetFile=[error if where == "GetFile" else PLACE])
    api.files["documents/1.pdf"] = error
    with pytest.raises(DeliveryDelayed) as raised:
        await TelegramFiles(api).fetch(HERE, PDF)
    assert raised.value.retry_after == wait
    assert raised.value.__context__ is None
