"""A page is asked for its title, and this house and its network never are."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from octopus.backends.web import HOPS, LARGEST, WebPages, look_up, public, title_of
from tests.fakes.idle import idle_time
from tests.patience import PATIENCE

Serve = Callable[[bytes, asyncio.StreamWriter], Awaitable[None]]

PAGE = b"<html><head><title>A page</title></head>"


def answer(body: bytes, *more: str, status: str = "200 OK", kind: str = "text/html") -> Serve:
    head = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", f"Content-Length: {len(body)}", *more]

    async def serve(request: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write("\r\n".join([*head, "Connection: close", "", ""]).encode() + body)
        await writer.drain()

    return serve


class Site:
    """A server on this machine that remembers what it was asked."""

    def __init__(self, serve: Serve) -> None:
        self.serve = serve
        self.asked: list[bytes] = []
        self.port = 0

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            request = await reader.readuntil(b"\r\n\r\n")
            self.asked.append(request)
            await self.serve(request, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the other side has heard enough
        finally:
            writer.close()


@asynccontextmanager
async def site(serve: Serve) -> AsyncIterator[Site]:
    made = Site(serve)
    server = await asyncio.start_server(made, "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    async with server:
        yield made


LOCAL = WebPages(allow_local=True, patience=PATIENCE)


async def test_the_title_of_a_page() -> None:
    async with site(answer(PAGE)) as web:
        assert await LOCAL.title(f"http://127.0.0.1:{web.port}/a?b=c") == "A page"
    (request,) = web.asked
    assert request.startswith(b"GET /a?b=c HTTP/1.1\r\n")
    assert b"cookie" not in request.lower()
    assert b"referer" not in request.lower()


@pytest.mark.parametrize(
    ("body", "charset", "title"),
    [
        (b"<TITLE lang=de>A\n  &amp; B</TITLE >", None, "A & B"),
        ("<title>Überschrift</title>".encode(), None, "Überschrift"),
        ("<title>Überschrift</title>".encode("cp1252"), None, "Überschrift"),
        ("<title>Привет</title>".encode("cp1251"), "windows-1251", "Привет"),
        ('<meta charset="koi8-r"><title>Привет</title>'.encode("koi8-r"), None, "Привет"),
        ("<title>标题</title>".encode("gbk"), "gb2312", "标题"),
        ("<title>x</title>".encode("utf-16"), None, "x"),
        ("\ufeff<title>标题</title>".encode(), "latin1", "标题"),
        (b"<title>a\xffb</title>", "utf-8", "a\ufffdb"),
        (b"<title>a</title>", "no-such-charset", "a"),
        (b"<title>a</title>", "hex", "a"),
        (b"<title></title>", None, ""),
        (b"<title>never closed", None, ""),
        (b"no page at all", None, ""),
        (b"<svg><title>first</title></svg><title>second</title>", None, "first"),
        (b"<title>&lt;b&gt;</title>", None, "<b>"),
    ],
)
def test_titles_in_many_spellings(body: bytes, charset: str | None, title: str) -> None:
    assert title_of(body, charset) == title


def test_any_bytes_have_a_title_or_none() -> None:
    for start in range(256):
        data = bytes((start * each) % 256 for each in range(300))
        assert isinstance(title_of(b"<title>" + data + b"</title>"), str)


@pytest.mark.parametrize(
    ("status", "kind", "more"),
    [
        ("404 Not Found", "text/html", ()),
        ("200 OK", "image/png", ()),
        ("200 OK", "application/octet-stream", ()),
        ("200 OK", "text/html", ("Content-Encoding: gzip",)),
        ("204 No Content", "text/html", ()),
    ],
)
async def test_what_is_no_page_has_no_title(status: str, kind: str, more: tuple[str, ...]) -> None:
    async with site(answer(PAGE, *more, status=status, kind=kind)) as web:
        assert await LOCAL.title(f"http://127.0.0.1:{web.port}/") == ""


# Bounds.


async def test_a_page_without_end_is_read_to_a_limit() -> None:
    sent = 0

    async def serve(request: bytes, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
        while True:
            writer.write(b"x" * 65536)
            await writer.drain()
            sent += 65536

    async with site(serve) as web:
        assert await LOCAL.title(f"http://127.0.0.1:{web.port}/") == ""
    assert sent < 40 * LARGEST  # what lay in buffers of both sides


async def test_a_title_behind_the_limit_is_not_looked_for() -> None:
    async with site(answer(b" " * LARGEST + PAGE)) as web:
        assert await LOCAL.title(f"http://127.0.0.1:{web.port}/") == ""


@pytest.mark.parametrize("first", [b"", b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<ti"])
async def test_a_server_that_says_nothing_more_is_not_waited_for(first: bytes) -> None:
    gone = asyncio.Event()

    async def serve(request: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(first)
        await writer.drain()
        await gone.wait()

    async with site(serve) as web:
        with idle_time():
            pages = WebPages(allow_local=True)
            assert await pages.title(f"http://127.0.0.1:{web.port}/") == ""
        assert len(web.asked) == 1
        gone.set()


async def test_a_name_server_that_hangs_is_not_waited_for() -> None:
    async def never(host: str, port: int) -> list[str]:
        await asyncio.Event().wait()
        return []

    assert await WebPages(patience=0.05, lookup=never).title("http://example.org/") == ""


async def test_redirects_are_followed_a_few_times() -> None:
    async def serve(request: bytes, writer: asyncio.StreamWriter) -> None:
        number = int(request.split(b" ")[1][1:])
        if number == 0:
            await answer(PAGE)(request, writer)
        else:
            await answer(b"", f"Location: /{number - 1}", status="302 Found")(request, writer)

    async with site(serve) as web:
        assert await LOCAL.title(f"http://127.0.0.1:{web.port}/{HOPS}") == "A page"
        assert await LOCAL.title(f"http://127.0.0.1:{web.port}/{HOPS + 1}") == ""
        assert len(web.asked) == 2 * (HOPS + 1)


async def test_no_cookie_goes_along_a_redirect() -> None:
    async def serve(request: bytes, writer: asyncio.StreamWriter) -> None:
        more = ("Location: /b", "Set-Cookie: a=b")
        first = request.startswith(b"GET /a")
        say = answer(b"", *more, status="307 Temporary Redirect") if first else answer(PAGE)
        await say(request, writer)

    async with site(serve) as web:
        assert await LOCAL.title(f"http://127.0.0.1:{web.port}/a") == "A page"
    assert not any(b"cookie" in request.lower() for request in web.asked)


@pytest.mark.parametrize("body", [b"", b"\x00" * 100, b"HTTP/1.1 999 ?\r\n\r\n", b"SSH-2.0-x\r\n"])
async def test_what_speaks_no_http_has_no_title(body: bytes) -> None:
    async def serve(request: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(body)
        await writer.drain()

    async with site(serve) as web:
        assert await LOCAL.title(f"http://127.0.0.1:{web.port}/") == ""


# This house and its network.

INSIDE = (
    *("127.0.0.1", "127.8.9.1", "0.0.0.0", "10.0.0.1", "172.16.3.4", "192.168.1.1"),
    *("169.254.169.254", "100.64.0.1", "224.0.0.1", "255.255.255.255", "198.18.0.1"),
    *("::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12::1", "ff02::1", "2001:db8::1"),
    *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::10.0.0.1"),
    *("2002:7f00:1::", "2002:a00:1::", "no address", ""),
)


@pytest.mark.parametrize("address", INSIDE)
def test_addresses_of_this_house(address: str) -> None:
    assert not public(address)


@pytest.mark.parametrize(
    "address", ["93.184.216.34", "8.8.8.8", "2606:2800:220:1::1", "::ffff:8.8.8.8"]
)
def test_addresses_of_the_world(address: str) -> None:
    assert public(address)


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "127.1", "0x7f.1", "0x7f000001", "2130706433", "017700000001", "0"),
        *("localhost", "LOCALHOST", "localhost.", "[::1]", "[::ffff:127.0.0.1]", "[::]"),
        *("[0:0:0:0:0:ffff:7f00:1]", "127.0.0.1.", "①②⑦.⓪.⓪.①"),
    ],
)
async def test_no_spelling_of_this_machine_is_asked(host: str) -> None:
    async with site(answer(PAGE)) as web:
        for port in (f":{web.port}", ":80", ""):
            assert await WebPages(patience=2).title(f"http://{host}{port}/") == ""
    assert web.asked == []


@pytest.mark.parametrize(
    "url",
    [
        *("file:///etc/passwd", "ftp://example.org/", "gopher://127.0.0.1/", "javascript:alert(1)"),
        *("http://", "http:///x", "//example.org", "", "http://user:pw@example.org/"),
        *("http://example.org:22/", "http://example.org:99999/", "http://[::1", "http://a b/"),
        "http://example.org/" + "x" * 3000,
    ],
)
async def test_odd_addresses_are_not_even_looked_up(url: str) -> None:
    looked: list[str] = []

    async def lookup(host: str, port: int) -> list[str]:
        looked.append(host)
        return ["127.0.0.1"]

    assert await WebPages(lookup=lookup).title(url) == ""
    assert looked in ([], ["a b"])


@pytest.mark.parametrize("inside", ["127.0.0.1", "10.1.2.3", "169.254.169.254", "::1"])
async def test_a_name_for_an_address_of_this_house_is_refused(inside: str) -> None:
    async def lookup(host: str, port: int) -> list[str]:
        return ["93.184.216.34", inside]  # one good one among them does not help

    async with site(answer(PAGE)) as web:
        assert await WebPages(patience=2, lookup=lookup).title("http://example.org/") == ""
    assert web.asked == []


async def test_a_name_is_looked_up_once_and_that_address_is_asked() -> None:
    """A second question could be answered with an address of this house."""
    answers = iter(["127.0.0.1", "10.0.0.1"])
    looked: list[str] = []

    async def lookup(host: str, port: int) -> list[str]:
        looked.append(host)
        return [next(answers)]

    async with site(answer(PAGE)) as web:
        pages = WebPages(allow_local=True, patience=PATIENCE, lookup=lookup)
        assert await pages.title(f"http://rebind.example:{web.port}/") == "A page"
    assert looked == ["rebind.example"]
    assert b"Host: rebind.example" in web.asked[0]


async def test_a_redirect_to_this_house_is_refused() -> None:
    """The first host passes for one of the world, the one that it points to does not."""
    secret = Site(answer(PAGE))
    server = await asyncio.start_server(secret, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    targets = [f"http://127.0.0.1:{port}/", f"http://localhost:{port}/", f"//[::1]:{port}/x"]
    async with server:
        for target in [*targets, "file:///etc/passwd", "http://169.254.169.254/latest/"]:
            async with site(answer(b"", f"Location: {target}", status="302 Found")) as web:
                pages = _Disguised(web.port)
                assert await pages.title(f"http://first.example:{web.port}/") == ""
                assert len(web.asked) == 1
    assert secret.asked == []


class _Disguised(WebPages):
    """Takes one local server for one of the world; everything else is judged as ever."""

    def __init__(self, port: int) -> None:
        super().__init__(patience=PATIENCE, lookup=self._names)
        self._first = f"http://first.example:{port}/"

    async def _names(self, host: str, port: int) -> list[str]:
        return ["127.0.0.1"] if host == "first.example" else await look_up(host, port)

    def _may(self, host: str, address: str) -> bool:
        return host == "first.example" or super()._may(host, address)

    def _check(self, url: str) -> None:
        if url != self._first:
            super()._check(url)
