"""A process that keeps the index of a vault, as the daemon does, to be stopped and killed.

``python -m benchmarks.search.keeper VAULT FOLDER`` prints a line when it has caught up.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from loguru import logger

from octopus.backends.whoosh import IndexSettings, WhooshIndex
from octopus.frontends.watcher import Watcher


async def keep(vault: Path, folder: Path) -> None:
    """Index and watch until somebody ends it."""
    index = WhooshIndex(vault, folder, IndexSettings())
    await index.open()
    watcher = Watcher(vault, index.hint)
    await watcher.open()
    await index.settle()
    print("ready", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    logger.remove()
    asyncio.run(keep(Path(sys.argv[1]), Path(sys.argv[2])))
