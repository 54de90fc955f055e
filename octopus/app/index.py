"""What is derived from the notes, for commands that ask once beside a daemon that may run."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from loguru import logger

from octopus.backends.lock import hold
from octopus.backends.notes import NotesSettings, SqliteNotes
from octopus.backends.pdf import PdfTexts
from octopus.backends.whoosh import IndexSettings, Weights, WhooshIndex
from octopus.config import Config
from octopus.core.ports import Index, Notes
from octopus.errors import BusyError, VaultUnavailable

if TYPE_CHECKING:
    from octopus.backends.embedding import Embed, MeaningIndex

    Searching = WhooshIndex | MeaningIndex


#: Seconds that a command which asks once waits for the text of attachments.
READING = 60.0


@asynccontextmanager
async def searching(
    config: Config, reading: Callable[[float], None] | None = None
) -> AsyncIterator[Index]:
    """The index for a command that asks once, beside a daemon that may be running.

    Where none runs, and with ``reading``, which is told the share that was read, the text of
    attachments is waited for. Raises VaultUnavailable where there is no vault to look at.
    """
    _expect_vault(config)
    index = make_text_index(config, config.state.path)
    async with AsyncExitStack() as stack:
        alone = _alone(stack, config.state.path)
        await index.open(read_only=not alone, reconcile=alone)
        stack.push_async_callback(index.close)
        if alone and reading is not None and not await index.read_attachments(READING, reading):
            logger.warning("Not every attachment could be read in time; the next search goes on")
        yield index


def make_index(config: Config, state: Path, embed: Embed) -> tuple[Searching, Callable[[], str]]:
    """The index of the vault, by meaning too where that is wanted and possible.

    With it comes what is to be told of search by meaning, "" where it is not wanted.
    """
    text = make_text_index(config, state)
    if not config.search.semantic:
        return text, lambda: ""
    if lacking := _lacking(config):
        logger.warning("Search by meaning is off: {}", lacking)
        return text, lambda: f"off: {lacking}"
    door = importlib.import_module("octopus.backends.embedding")
    settings = door.MeaningSettings(config.ollama.embed_model, private=config.vault.private)
    keeper = door.Keeper(
        config.vault.path.absolute(), derived(state) / "meaning.db", settings, embed
    )
    return door.MeaningIndex(text, keeper), keeper.status


def _lacking(config: Config) -> str:
    """What search by meaning needs and does not have."""
    if not config.ollama.embed_model:
        return "ollama.embed_model names no model, such as embeddinggemma"
    if importlib.util.find_spec("numpy") is None:
        return "numpy is not installed: pip install 'octopus[semantic]'"
    return ""


def make_text_index(config: Config, state: Path) -> WhooshIndex:
    """The index of the vault's words, with what stands in its PDF files."""
    root = config.vault.path.absolute()
    texts = PdfTexts(root, derived(state) / "pdf.db")
    return WhooshIndex(root, state / "index", index_settings(config), texts)


@asynccontextmanager
async def knowing(config: Config) -> AsyncIterator[Notes]:
    """What is known of the notes, for a command that asks once.

    Raises VaultUnavailable where there is no vault to look at.
    """
    _expect_vault(config)
    state = config.state.path
    notes = SqliteNotes(
        config.vault.path.absolute(), derived(state) / "notes.db", notes_settings(config)
    )
    async with AsyncExitStack() as stack:
        alone = _alone(stack, state)
        await notes.open(read_only=not alone, once=alone)
        stack.push_async_callback(notes.close)
        yield notes


def _expect_vault(config: Config) -> None:
    if not config.vault.path.is_dir():
        raise VaultUnavailable(f"The vault {config.vault.path} is not there; set vault.path.")


def _alone(stack: AsyncExitStack, state: Path) -> bool:
    """Whether no daemon holds the state: then it is held here until the stack is left."""
    try:
        stack.enter_context(hold(state))
    except BusyError:
        return False
    return True


def derived(state: Path) -> Path:
    """Where files are that may be thrown away and made anew; not beside the one that may not."""
    return state / "derived"


def notes_settings(config: Config) -> NotesSettings:
    """The part of the settings that the derived tables go by."""
    return NotesSettings(
        config_dir=config.vault.config_dir,
        alarm=config.owner.morning,
        private=config.vault.private,
    )


def index_settings(config: Config) -> IndexSettings:
    """The part of the settings that the index goes by."""
    search = config.search
    spoken = (config.owner.language, *search.languages)
    return IndexSettings(
        languages=tuple(dict.fromkeys(code.partition("-")[0] for code in spoken)),
        config_dir=config.vault.config_dir,
        weights=Weights(search.recency, search.links, search.names),
        debounce=0.25,
    )
