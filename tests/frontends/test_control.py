"""The way in for commands on this machine: for its user only, whatever is sent."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from octopus.errors import (
    Ambiguous,
    BusyError,
    NotFound,
    NotListening,
    OctopusError,
    Refused,
    UserError,
    VaultUnavailable,
)
from octopus.frontends import control
from octopus.frontends.control import SOCKET, ControlServer, Operation, Say, request
from tests.patience import PATIENCE


class Daemon:
    """Operations as the daemon has them, in small."""

    def __init__(self) -> None:
        self.begun = asyncio.Event()
        self.go = asyncio.Event()
        self.finished: list[str] = []

    def operations(self) -> dict[str, Operation]:
        return {"echo": self.echo, "wait": self.wait, "fail": self.fail, "climb": self.climb}

    async def echo(self, values: Mapping[str, Any], say: Say) -> Any:
        return dict(values)

    async def wait(self, values: Mapping[str, Any], say: Say) -> Any:
        self.begun.set()
        await self.go.wait()
        self.finished.append(values["name"])
        return values["name"]

    async def fail(self, values: Mapping[str, Any], say: Say) -> Any:
        errors: dict[str, Exception] = {
            "user": UserError("no"),
            "none": NotFound("not there"),
            "two": Ambiguous("which?"),
            "refused": Refused("never"),
            "vault": VaultUnavailable("full"),
            "bug": ZeroDivisionError("oops"),
        }
        raise errors[values["how"]]

    async def climb(self, values: Mapping[str, Any], say: Say) -> Any:
        for step in (0.25, 0.5, 1.0):
            await say({"progress": step})
        return "top"


@pytest.fixture
async def daemon(tmp_path: Path) -> AsyncIterator[Daemon]:
    found = Daemon()
    server = ControlServer(tmp_path, found.operations())
    await server.start()
    yield found
    found.go.set()
    await server.close()


async def raw(folder: Path, data: bytes) -> bytes:
    """What the daemon answers to these bytes."""
    with control._address(folder) as address:
        reader, writer = await asyncio.open_unix_connection(address)
    try:
        writer.write(data)
        writer.write_eof()
        return await asyncio.wait_for(reader.read(), PATIENCE)
    except ConnectionError:
        return b""
    finally:
        writer.close()


async def test_values_go_there_and_back(daemon: Daemon, tmp_path: Path) -> None:
    values: dict[str, Any] = {
        "text": "Grüße \U0001f600 \x00 \u2028\n",
        "number": 7,
        "none": None,
        "lone": "\ud800",
    }
    assert await request(tmp_path, "echo", **values) == values


async def test_only_its_user_can_connect(daemon: Daemon, tmp_path: Path) -> None:
    assert (tmp_path / SOCKET).stat().st_mode & 0o777 == 0o600


async def test_nothing_else_that_is_written_meanwhile_gets_another_mode(tmp_path: Path) -> None:
    """A umask holds for the whole process: notes would become unreadable for the owner."""
    mask = os.umask(0o022)
    try:
        server = ControlServer(tmp_path, {})
        starting = asyncio.create_task(server.start())
        while not (tmp_path / SOCKET).exists():
            await asyncio.sleep(0)
            assert os.umask(0o022) == 0o022
        assert os.umask(0o022) == 0o022
        await starting
        await server.close()
    finally:
        os.umask(mask)


async def test_a_state_path_longer_than_a_socket_may_have(tmp_path: Path) -> None:
    folder = tmp_path / ("deep" * 30) / ("er" * 60)
    folder.mkdir(parents=True)
    assert len(bytes(folder)) > 240
    server = ControlServer(folder, Daemon().operations())
    await server.start()
    try:
        assert await request(folder, "echo", a=1) == {"a": 1}
    finally:
        await server.close()
    assert not (folder / SOCKET).exists()


async def test_a_socket_left_by_a_killed_daemon_is_replaced(tmp_path: Path) -> None:
    (tmp_path / SOCKET).write_text("left behind")
    server = ControlServer(tmp_path, Daemon().operations())
    await server.start()
    assert await request(tmp_path, "echo") == {}
    await server.close()


@pytest.mark.parametrize(
    ("how", "kind"),
    [
        ("user", UserError),
        ("none", NotFound),
        ("two", Ambiguous),
        ("refused", Refused),
        ("vault", VaultUnavailable),
        ("bug", OctopusError),
    ],
)
async def test_errors_are_the_same_on_this_side(
    daemon: Daemon, tmp_path: Path, how: str, kind: type[OctopusError]
) -> None:
    with pytest.raises(kind) as caught:
        await request(tmp_path, "fail", how=how)
    assert type(caught.value) is kind
    if how == "bug":
        assert "ZeroDivisionError: oops" in str(caught.value)


async def test_progress_comes_before_the_result(daemon: Daemon, tmp_path: Path) -> None:
    seen: list[float] = []
    assert await request(tmp_path, "climb", seen.append) == "top"
    assert seen == [0.25, 0.5, 1.0]


@pytest.mark.parametrize(
    "garbage",
    [
        b"",
        b"\n",
        b"\xff\xfe\x00\n",
        b"{}\n",
        b'{"op": null}\n',
        b'{"op": "none such"}\n',
        b'{"op": ["echo"]}\n',
        b'{"op": {}}\n',
        b'"echo"\n',
        b"[1, 2]\n",
        b"7\n",
        b"null\n",
        b'{"op": "echo"',
        b"GET / HTTP/1.1\r\n",
        b"[" * 200_000 + b"\n",
        b'{"a":' * 100_000 + b"\n",
        b"x" * (9 * 1024 * 1024) + b"\n",
    ],
    ids=lambda data: f"{data[:12]!r}-{len(data)}",
)
async def test_garbage_is_answered_and_forgotten(
    daemon: Daemon, tmp_path: Path, garbage: bytes
) -> None:
    answer = await raw(tmp_path, garbage)
    if answer:  # a line beyond the limit may be hung up on
        assert json.loads(answer)["error"] == "UserError"
    else:
        assert len(garbage) > control.LINE_LIMIT
    assert await request(tmp_path, "echo", still="here") == {"still": "here"}


async def test_a_bug_in_an_operation_is_told_and_the_next_one_works(
    daemon: Daemon, tmp_path: Path
) -> None:
    daemon.go.set()
    answer = json.loads(await raw(tmp_path, b'{"op": "wait"}\n'))
    assert answer["message"] == "KeyError: 'name'"
    assert await request(tmp_path, "echo") == {}


async def test_long_lines_go_through_up_to_the_limit(daemon: Daemon, tmp_path: Path) -> None:
    text = "x" * (control.LINE_LIMIT - 100)
    assert (await request(tmp_path, "echo", text=text))["text"] == text
    with pytest.raises(UserError, match="more than 8 MB"):
        await request(tmp_path, "echo", text=text + "x" * 100)


async def test_requests_run_beside_each_other(daemon: Daemon, tmp_path: Path) -> None:
    slow = [asyncio.create_task(request(tmp_path, "wait", name=str(n))) for n in range(20)]
    await asyncio.wait_for(daemon.begun.wait(), PATIENCE)
    quick = await asyncio.gather(*(request(tmp_path, "echo", n=n) for n in range(50)))
    assert quick == [{"n": n} for n in range(50)]
    assert not any(task.done() for task in slow)
    daemon.go.set()
    assert await asyncio.gather(*slow) == [str(n) for n in range(20)]


async def test_a_visitor_who_leaves_ends_nothing(daemon: Daemon, tmp_path: Path) -> None:
    with control._address(tmp_path) as address:
        _, writer = await asyncio.open_unix_connection(address)
    writer.write(b'{"op": "wait", "name": "gone"}\n')
    await asyncio.wait_for(daemon.begun.wait(), PATIENCE)
    writer.close()
    await writer.wait_closed()
    assert await request(tmp_path, "echo") == {}
    daemon.go.set()
    while not daemon.finished:
        await asyncio.sleep(0)
    assert daemon.finished == ["gone"]
    assert await request(tmp_path, "echo") == {}


async def test_a_visitor_who_says_nothing_holds_up_nobody(tmp_path: Path) -> None:
    server = ControlServer(tmp_path, Daemon().operations())
    await server.start()
    with control._address(tmp_path) as address:
        reader, writer = await asyncio.open_unix_connection(address)
    assert await request(tmp_path, "echo") == {}
    await asyncio.wait_for(server.close(), PATIENCE)
    assert await asyncio.wait_for(reader.read(), PATIENCE) == b""
    writer.close()


async def test_hanging_up_on_a_visitor_who_waits_is_no_fault(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    house = Daemon()
    server = ControlServer(tmp_path, house.operations())
    await server.start()
    asking = asyncio.create_task(request(tmp_path, "wait", name="a"))
    await house.begun.wait()
    await server.close()
    with pytest.raises(BusyError, match="went away"):
        await asking
    assert [record.getMessage() for record in caplog.records] == []


async def test_nobody_there_means_that_nothing_was_asked(tmp_path: Path) -> None:
    with pytest.raises(NotListening):
        await request(tmp_path, "echo")
    with pytest.raises(NotListening):
        await request(tmp_path / "no such folder", "echo")
    (tmp_path / SOCKET).write_text("not a socket")
    with pytest.raises(NotListening):
        await request(tmp_path, "echo")


async def test_a_daemon_that_goes_away_may_have_done_it(tmp_path: Path) -> None:
    daemon = Daemon()
    server = ControlServer(tmp_path, daemon.operations())
    await server.start()
    asking = asyncio.create_task(request(tmp_path, "wait", name="x"))
    await asyncio.wait_for(daemon.begun.wait(), PATIENCE)
    await server.close()
    with pytest.raises(BusyError) as caught:
        await asking
    assert type(caught.value) is BusyError


@pytest.mark.parametrize("cut", [b'{"resu', b'{"result": 1}', b""])
async def test_an_answer_that_was_cut_off_is_no_answer(tmp_path: Path, cut: bytes) -> None:
    async def visit(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        writer.write(cut)
        writer.close()

    with control._address(tmp_path) as address:
        server = await asyncio.start_unix_server(visit, address)
    with pytest.raises(BusyError):
        await request(tmp_path, "echo")
    server.close()
    await server.wait_closed()
