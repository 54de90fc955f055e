"""A fake Bot API with true confirm-and-forget semantics, for tests of the Telegram front end."""

from tests.fakes.telegram.client import RemoteTelegram
from tests.fakes.telegram.faults import Pace
from tests.fakes.telegram.rules import ApiError, utf16
from tests.fakes.telegram.server import FakeTelegram
from tests.fakes.telegram.world import OWNER

__all__ = ["OWNER", "ApiError", "FakeTelegram", "Pace", "RemoteTelegram", "utf16"]
