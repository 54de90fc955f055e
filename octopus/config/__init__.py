"""The owner's choices, read once and frozen: ``load`` finds them, the sections hold them."""

from octopus.config.load import MASK, Loaded, Origin, keys, load, masked
from octopus.config.model import (
    Agenda,
    Capture,
    Config,
    Daily,
    Http,
    Jobs,
    Log,
    Ollama,
    Owner,
    Search,
    State,
    Telegram,
    Vault,
)

__all__ = [
    "MASK",
    "Agenda",
    "Capture",
    "Config",
    "Daily",
    "Http",
    "Jobs",
    "Loaded",
    "Log",
    "Ollama",
    "Origin",
    "Owner",
    "Search",
    "State",
    "Telegram",
    "Vault",
    "keys",
    "load",
    "masked",
]
