"""The line to the service manager, over a real datagram socket."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from loguru import logger

from octopus.frontends.service import Service
from tests.patience import PATIENCE


class Manager:
    """The other end: what systemd would hear."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
        self._socket.bind("\0" + address[1:] if address.startswith("@") else address)

    async def hears(self) -> dict[str, str]:
        async with asyncio.timeout(PATIENCE):
            data = await asyncio.get_running_loop().sock_recv(self._socket, 4096)
        return dict(line.split("=", 1) for line in data.decode().split("\n"))

    def silent(self) -> bool:
        try:
            self._socket.recv(4096)
        except BlockingIOError:
            return True
        return False

    def close(self) -> None:
        self._socket.close()

    def environ(self, **more: str) -> dict[str, str]:
        return {"NOTIFY_SOCKET": self.address, **more}


@pytest.fixture(params=["path", "abstract"])
async def manager(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Manager]:
    abstract = f"@octopus-test-{os.getpid()}-{tmp_path.name}"
    manager = Manager(str(tmp_path / "notify") if request.param == "path" else abstract)
    yield manager
    manager.close()


async def fine() -> bool:
    return True


async def test_ready_and_stopping(manager: Manager) -> None:
    service = Service(manager.environ())
    async with service.ready(fine):
        assert await manager.hears() == {"READY": "1", "STATUS": "running"}
        assert manager.silent()
        service.stopping()
        assert await manager.hears() == {"STOPPING": "1", "STATUS": "stopping"}


async def test_a_status_cannot_forge_a_variable(manager: Manager) -> None:
    Service(manager.environ()).notify(STATUS="indexing\nMAINPID=1\nREADY=1")
    assert await manager.hears() == {"STATUS": "indexing MAINPID=1 READY=1"}


async def test_signs_of_life(manager: Manager) -> None:
    asked = 0

    async def probe() -> bool:
        nonlocal asked
        asked += 1
        return True

    service = Service(manager.environ(WATCHDOG_USEC="3000", WATCHDOG_PID=str(os.getpid())))
    async with service.ready(probe):
        assert "READY" in await manager.hears()
        for _ in range(3):
            assert await manager.hears() == {"WATCHDOG": "1"}
    assert asked >= 3


async def test_no_task_is_left_behind(manager: Manager) -> None:
    async with Service(manager.environ(WATCHDOG_USEC="3000")).ready(fine):
        pass
    assert [task for task in asyncio.all_tasks() if task.get_name() == "watchdog"] == []


async def hangs() -> bool:
    await asyncio.Event().wait()
    return True


async def fails() -> bool:
    raise OSError("disk gone")


async def stands() -> bool:
    return False


@pytest.mark.parametrize("probe", [hangs, fails, stands])
async def test_no_sign_of_life_when_the_work_stands(manager: Manager, probe: object) -> None:
    told = asyncio.Event()
    sink = logger.add(lambda _: told.set(), level="ERROR", filter="octopus.frontends.service")
    try:
        service = Service(manager.environ(WATCHDOG_USEC="3000"))
        async with service.ready(probe):  # type: ignore[arg-type]
            assert "READY" in await manager.hears()
            async with asyncio.timeout(PATIENCE):
                await told.wait()
            assert manager.silent()
    finally:
        logger.remove(sink)


async def test_signs_come_again_when_the_work_moves_again(manager: Manager) -> None:
    answers = iter([False, False])

    async def probe() -> bool:
        return next(answers, True)

    async with Service(manager.environ(WATCHDOG_USEC="3000")).ready(probe):
        assert "READY" in await manager.hears()
        assert await manager.hears() == {"WATCHDOG": "1"}


@pytest.mark.parametrize(
    "environ",
    [{}, {"WATCHDOG_USEC": "soon"}, {"WATCHDOG_USEC": "3000", "WATCHDOG_PID": "1"}],
)
async def test_watchdog_is_off_unless_it_is_meant_for_us(
    manager: Manager, environ: dict[str, str]
) -> None:
    async with Service(manager.environ(**environ)).ready(stands):
        assert "READY" in await manager.hears()
        assert "watchdog" not in {task.get_name() for task in asyncio.all_tasks()}


async def test_without_a_manager_nothing_is_said() -> None:
    async with Service({}).ready(fine):
        Service({}).stopping()


async def test_a_manager_that_went_away_is_no_error(tmp_path: Path) -> None:
    heard: list[str] = []
    sink = logger.add(lambda message: heard.append(str(message)), level="WARNING")
    try:
        Service({"NOTIFY_SOCKET": str(tmp_path / "nobody")}).stopping()
    finally:
        logger.remove(sink)
    assert len(heard) == 1
    assert "cannot be told" in heard[0]
