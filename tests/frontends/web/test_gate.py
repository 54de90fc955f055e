"""Who gets in: every combination of host, origin and token, over real HTTP."""

from __future__ import annotations

import asyncio
import itertools
import stat
from pathlib import Path
from typing import Any

import httpx
import pytest
from loguru import logger

from octopus.config import Http
from octopus.frontends.web import TOKEN_FILE, Web, read_token
from octopus.frontends.web.gate import BODY_LIMIT, Names
from tests.frontends.web.conftest import House, Running, Start
from tests.patience import PATIENCE

GOOD_HOSTS = ["127.0.0.1:{port}", "localhost:{port}", "LOCALHOST:{port}", "[::1]:{port}"]
BAD_HOSTS = [
    "evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1:1",
    "localhost.evil.example:{port}", "127.0.0.1:{port}@evil.example", "0.0.0.0:{port}", "",
]  # fmt: skip
GOOD_ORIGINS: list[str | None] = [None, "http://127.0.0.1:{port}", "http://localhost:{port}"]
BAD_ORIGINS: list[str | None] = [
    "null",
    "http://evil.example",
    "https://127.0.0.1:{port}",
    "http://127.0.0.1",
    "x",
]
GOOD_TOKENS: list[str | None] = ["Bearer {token}", "bearer {token}"]
BAD_TOKENS: list[str | None] = [
    None,
    "Bearer x",
    "{token}",
    "Basic {token}",
    "Bearer {token}x",
    "Bearer",
    "Bearer é",
]


async def ask(running: Running, path: str = "/status", **headers: str | None) -> httpx.Response:
    known = {"port": running.port, "token": running.token}
    sent = {name: value.format(**known) for name, value in headers.items() if value is not None}
    async with httpx.AsyncClient(
        base_url=str(running.client.base_url), headers=None, timeout=PATIENCE
    ) as client:
        return await client.get(path, headers=sent)


def expected(host: str, origin: str | None, token: str | None) -> int:
    if host not in GOOD_HOSTS:
        return 421
    if origin not in GOOD_ORIGINS:
        return 403
    return 200 if token in GOOD_TOKENS else 401


async def test_host_origin_and_token_in_every_combination(running: Running) -> None:
    cases = list(
        itertools.product(
            GOOD_HOSTS + BAD_HOSTS, GOOD_ORIGINS + BAD_ORIGINS, GOOD_TOKENS + BAD_TOKENS
        )
    )
    assert len(cases) >= 200
    wrong = []
    async with httpx.AsyncClient(base_url=str(running.client.base_url), timeout=PATIENCE) as client:
        for case in cases:
            names = ("Host", "Origin", "Authorization")
            given = [
                (name.encode(), part.format(port=running.port, token=running.token).encode())
                for name, part in zip(names, case, strict=True)
                if part is not None
            ]
            answer = await client.get("/status", headers=given)
            if answer.status_code != expected(*case):
                wrong.append((case, answer.status_code))
            if answer.status_code != 200:
                assert set(answer.json()) == {"error", "message"}
    assert wrong == []
    assert running.house.asked == []


class TestRoutes:
    async def test_every_endpoint_but_health_wants_the_token(self, running: Running) -> None:
        document = (await running.client.get("/openapi.json")).json()
        table = [(path, method) for path, found in document["paths"].items() for method in found]
        assert len(table) >= 8
        closed = []
        for path, method in table:
            for header in (None, "Bearer wrong"):
                headers = {"Authorization": header} if header else {}
                async with httpx.AsyncClient(
                    base_url=running.client.base_url, timeout=PATIENCE
                ) as client:
                    answer = await client.request(method, path, headers=headers)
                if answer.status_code == 401:
                    assert answer.headers["www-authenticate"] == "Bearer"
                    closed.append((path, method))
        assert {path for path, _ in table} - {path for path, _ in closed} == {"/health"}

    @pytest.mark.parametrize("path", ["/", "/nothing", "/api", "/health/", "//health", "/HEALTH"])
    async def test_what_does_not_exist_wants_it_too(self, running: Running, path: str) -> None:
        assert (await ask(running, path)).status_code == 401

    async def test_health_is_open_but_not_to_foreign_pages(self, running: Running) -> None:
        assert (await ask(running, "/health")).json() == {"status": "ok"}
        assert (await ask(running, "/health", Origin="http://evil.example")).status_code == 403
        assert (await ask(running, "/health", Host="evil.example")).status_code == 421

    async def test_preflights_of_foreign_pages_are_refused(self, running: Running) -> None:
        for path in ("/health", "/api/messages"):
            answer = await running.client.options(path, headers={"Origin": "http://evil.example"})
            assert answer.status_code == 403
            assert "access-control-allow-origin" not in answer.headers

    async def test_unknown_addresses_and_methods(self, running: Running) -> None:
        missing = await running.client.get("/nothing")
        assert (missing.status_code, missing.json()["error"]) == (404, "NotFound")
        refused = await running.client.delete("/status")
        assert refused.status_code == 405
        assert set(refused.headers["allow"].split(", ")) == {"GET", "HEAD"}

    async def test_security_headers_on_every_answer(self, running: Running) -> None:
        for path in ("/health", "/status", "/nothing", "/metrics"):
            for answer in (await running.client.get(path), await ask(running, path, Host="x")):
                assert answer.headers["x-content-type-options"] == "nosniff"
                assert "default-src 'self'" in answer.headers["content-security-policy"]
                assert answer.headers["cache-control"] == "no-store"
                assert "server" not in answer.headers


class TestNames:
    @pytest.mark.parametrize(
        ("host", "fits"),
        [
            ("octopus.example.org", True),
            ("octopus.example.org:443", True),
            ("OCTOPUS.example.org", True),
            ("octopus.example.org:8321", False),
            ("x.octopus.example.org", False),
            ("octopus.example.org.", False),
            ("192.168.1.5:8321", True),
            ("192.168.1.6:8321", False),
            ("localhost:8321", True),
            ("localhost:٨٣٢١", False),
            ("[::1]8321", False),
            ("[::1]:", False),
            (":8321", False),
        ],
    )
    def test_hosts_behind_a_proxy(self, host: str, fits: bool) -> None:
        names = Names("192.168.1.5", 8321, "https://octopus.example.org")
        assert names.is_ours(host, None) is fits

    @pytest.mark.parametrize(
        ("origin", "fits"),
        [
            ("https://octopus.example.org", True),
            ("https://octopus.example.org:443", True),
            ("http://octopus.example.org", False),
            ("https://octopus.example.org.evil", False),
            ("http://192.168.1.5:8321", True),
            ("file://", False),
            ("chrome-extension://abc", False),
            ("", False),
        ],
    )
    def test_origins_behind_a_proxy(self, origin: str, fits: bool) -> None:
        names = Names("192.168.1.5", 8321, "https://octopus.example.org/")
        assert names.may_ask(origin) is fits

    def test_port_of_the_public_address(self) -> None:
        names = Names("127.0.0.1", 8321, "http://[fd00::1]:8080")
        assert names.is_ours("[fd00::1]:8080", None)
        assert not names.is_ours("[fd00::1]", None)

    def test_the_address_connected_to_is_ours_on_every_interface(self) -> None:
        names = Names("0.0.0.0", 8321, "")
        assert names.is_ours("10.0.0.7:8321", ("10.0.0.7", 8321))
        assert names.is_ours("[fe80::1]:8321", ("fe80::1", 8321))
        assert not names.is_ours("10.0.0.8:8321", ("10.0.0.7", 8321))
        assert not names.is_ours("rebound.example:8321", ("10.0.0.7", 8321))

    def test_host_without_port_means_port_80(self) -> None:
        assert Names("127.0.0.1", 80, "").is_ours("localhost", None)


async def raw(port: int, *lines: str, body: bytes = b"") -> int:
    """Send a request as it stands; returns the status."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write("\r\n".join([*lines, "", ""]).encode("latin-1") + body)
    await writer.drain()
    async with asyncio.timeout(PATIENCE):
        status = int((await reader.readline()).split()[1])
    writer.close()
    return status


class TestRaw:
    """What no decent client sends."""

    async def test_host_twice_or_missing(self, running: Running) -> None:
        host, token = f"Host: 127.0.0.1:{running.port}", f"Authorization: Bearer {running.token}"
        assert await raw(running.port, "GET /status HTTP/1.1", host, token) == 200
        assert await raw(running.port, "GET /status HTTP/1.0", token) == 421
        assert await raw(running.port, "GET /status HTTP/1.1", host, host, token) in {400, 421}
        assert await raw(running.port, "GET /status HTTP/1.1", token) == 400

    async def test_origin_or_token_twice(self, running: Running) -> None:
        host, token = f"Host: 127.0.0.1:{running.port}", f"Authorization: Bearer {running.token}"
        ours, foreign = f"Origin: http://127.0.0.1:{running.port}", "Origin: http://evil.example"
        line = "GET /status HTTP/1.1"
        assert await raw(running.port, line, host, token, ours) == 200
        assert await raw(running.port, line, host, token, ours, foreign) == 403
        assert await raw(running.port, line, host, "Authorization: Bearer x", token) == 401

    async def test_absolute_address_does_not_replace_the_host(self, running: Running) -> None:
        line = f"GET http://127.0.0.1:{running.port}/status HTTP/1.1"
        assert await raw(running.port, line, "Host: evil.example") == 421

    @pytest.mark.parametrize("length", [str(BODY_LIMIT + 1), "9" * 30])
    async def test_announced_body_over_the_limit_is_not_read(
        self, running: Running, length: str
    ) -> None:
        host, token = f"Host: 127.0.0.1:{running.port}", f"Authorization: Bearer {running.token}"
        lines = ("POST /api/messages HTTP/1.1", host, token, f"Content-Length: {length}")
        assert await raw(running.port, *lines) in {400, 413}

    async def test_body_over_the_limit_in_pieces(self, running: Running) -> None:
        async def pieces() -> Any:
            for _ in range(BODY_LIMIT // 65536 + 2):
                yield b" " * 65536

        headers = {"Content-Type": "application/json"}
        answer = await running.client.post("/api/messages", content=pieces(), headers=headers)
        assert (answer.status_code, answer.json()["error"]) == (413, "TooLarge")
        assert running.house.asked == []

    async def test_no_token_no_body_read(self, running: Running) -> None:
        host = f"Host: 127.0.0.1:{running.port}"
        line = "POST /api/messages HTTP/1.1"
        assert await raw(running.port, line, host, "Content-Length: 1000") == 401


class TestToken:
    def test_made_once_and_private(self, tmp_path: Path) -> None:
        state = tmp_path / "state"
        token = read_token(state)
        assert len(token) >= 43
        assert stat.S_IMODE((state / TOKEN_FILE).stat().st_mode) == 0o600
        assert read_token(state) == token
        assert read_token(tmp_path) != token
        assert [file.name for file in state.iterdir()] == [TOKEN_FILE]

    def test_open_mode_is_mended(self, tmp_path: Path) -> None:
        token = read_token(tmp_path)
        (tmp_path / TOKEN_FILE).chmod(0o644)
        assert read_token(tmp_path) == token
        assert stat.S_IMODE((tmp_path / TOKEN_FILE).stat().st_mode) == 0o600

    @pytest.mark.parametrize(
        "content", [b"", b"short", b"with a space in the middle", b"\xff" * 40]
    )
    def test_unusable_ones_are_replaced(self, tmp_path: Path, content: bytes) -> None:
        (tmp_path / TOKEN_FILE).write_bytes(content)
        token = read_token(tmp_path)
        assert len(token) >= 43
        assert (tmp_path / TOKEN_FILE).read_text().strip() == token

    def test_a_link_is_not_followed(self, tmp_path: Path) -> None:
        (tmp_path / "other").write_text("a token of somebody else\n")
        (tmp_path / TOKEN_FILE).symlink_to(tmp_path / "other")
        with pytest.raises(OSError, match="symbolic links"):
            read_token(tmp_path)

    async def test_configured_one_is_used_and_kept_secret(
        self, house: House, tmp_path: Path
    ) -> None:
        told: list[str] = []
        token = "configured-token-0123"
        web = Web(Http(port=0, token=token), tmp_path, house.backstage(), told.append)
        await web.start()
        try:
            async with httpx.AsyncClient(
                base_url=f"http://127.0.0.1:{web.port}", timeout=PATIENCE
            ) as client:
                answer = await client.get("/status", headers={"Authorization": f"Bearer {token}"})
        finally:
            await web.close()
        assert answer.status_code == 200
        assert told == [token]
        assert not (tmp_path / TOKEN_FILE).exists()


async def test_log_has_the_route_and_nothing_of_the_owner(running: Running) -> None:
    lines: list[str] = []
    sink = logger.add(lambda line: lines.append(str(line)), level="DEBUG")
    try:
        await running.client.get("/api/search?q=private+canary")
        await running.client.get("/api/notes/canary.md")
        body = {"text": "canary", "conversation": "desk"}
        await running.client.post("/api/messages", json=body)
        await running.client.request("CANARY", "/status")
        await running.client.get("/health")
    finally:
        logger.remove(sink)
    text = "".join(lines)
    assert "GET /api/search 200" in text
    assert "GET - 404" in text
    assert "POST /api/messages 200" in text
    assert "other /status 405" in text
    assert "canary" not in text.lower()
    assert running.token not in text


async def test_host_header_of_public_url(start: Start) -> None:
    async with start(public_url="https://octopus.example.org") as running:
        good = {"Host": "octopus.example.org", "Origin": "https://octopus.example.org"}
        assert (await running.client.get("/status", headers=good)).status_code == 200
        bad = {"Host": "octopus.example.com"}
        assert (await running.client.get("/status", headers=bad)).status_code == 421
