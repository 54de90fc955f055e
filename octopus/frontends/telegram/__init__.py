"""Telegram: updates in, replies out. aiogram is loaded when :class:`Telegram` is made."""

from octopus.frontends.telegram.files import TelegramFiles
from octopus.frontends.telegram.frontend import Telegram
from octopus.frontends.telegram.setting import TelegramSettings

__all__ = ["Telegram", "TelegramFiles", "TelegramSettings"]
