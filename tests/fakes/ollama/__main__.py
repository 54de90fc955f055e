"""Runs the fake Ollama as a process: prints its address, serves until it is ended."""

from __future__ import annotations

import argparse
import asyncio
import signal

from tests.fakes.ollama.server import FakeOllama


async def _serve(port: int) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with FakeOllama(port=port) as fake:
        print(fake.url, flush=True)
        await stop.wait()


def main() -> None:
    """Parse the arguments and serve."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    asyncio.run(_serve(parser.parse_args().port))


main()
