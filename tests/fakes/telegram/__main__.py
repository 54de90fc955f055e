"""Runs the fake Bot API as a process: prints its address, serves until it is ended."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import signal

from tests.fakes.telegram.server import FakeTelegram


async def _serve(port: int, token: str, owner: int) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with FakeTelegram(port=port, token=token, owner=owner) as fake:
        print(fake.url, flush=True)
        await stop.wait()


def main() -> None:
    """Parse the arguments and serve."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--token", default="7000:TEST")
    parser.add_argument("--owner", type=int, default=42)
    arguments = parser.parse_args()
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(arguments.port, arguments.token, arguments.owner))


main()
