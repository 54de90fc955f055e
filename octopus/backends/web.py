"""Asks a page of the web for its title: bounded in time and size, and never this house itself."""

from __future__ import annotations

import asyncio
import codecs
import html
import ipaddress
import logging
import re
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urljoin, urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

log = logging.getLogger(__name__)

PATIENCE: Final = 3.0  # seconds for all of it; the note waits for this
LARGEST: Final = 256 * 1024  # bytes of a page that are looked at
HOPS: Final = 4  # redirects that are followed
LONGEST: Final = 2_000  # characters of an address, and of a title before it is shortened

_TITLE = re.compile(r"<title(?:\s[^>]*)?>(.*?)</title", re.IGNORECASE | re.DOTALL)
_META = re.compile(
    rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([a-zA-Z0-9_:.-]{1,40})", re.IGNORECASE
)
_PORTS = {None, 80, 443, 8080, 8443}
#: IPv4 addresses written into IPv6 ones by translators (RFC 6052, 3056, 4380).
_NAT64 = ipaddress.ip_network("64:ff9b::/96")

Lookup = Callable[[str, int], Awaitable[list[str]]]


class Refused(Exception):
    """This address is not asked."""


def public(address: str) -> bool:
    """Whether an IP address is one of the internet, and not of this house or its network."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is None and ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return public(str(inner))
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


async def look_up(host: str, port: int) -> list[str]:
    """The addresses of a name."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]


@dataclass(slots=True)
class _Once(AbstractResolver):
    """Gives the connection exactly the addresses that were looked at: a second question to the
    name server could have another answer."""

    lookup: Lookup
    may: Callable[[str, str], bool]  # host and address

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """The addresses of a host. Raises Refused when any of them is not public."""
        addresses = await self.lookup(host, port)
        for address in addresses:
            if not self.may(host, address):
                raise Refused(f"{host} is {address}")
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
            for address in addresses
        ]

    async def close(self) -> None:
        """Nothing is held."""


class WebPages:
    """Fills the ``Pages`` port. ``allow_local`` is for tests on this machine alone."""

    def __init__(
        self,
        *,
        patience: float = PATIENCE,
        allow_local: bool = False,
        lookup: Lookup = look_up,
    ) -> None:
        self._patience = patience
        self._allow_local = allow_local
        self._lookup = lookup

    async def title(self, url: str) -> str:
        """The title of a page, "" where there is none to be had."""
        try:
            async with asyncio.timeout(self._patience):
                return await self._title(url)
        except (Refused, TimeoutError, aiohttp.ClientError, OSError, ValueError) as error:
            log.info("no title of %s: %s", url[:80], type(error).__name__)
        return ""

    async def _title(self, url: str) -> str:
        resolver = _Once(self._lookup, self._may)
        connector = aiohttp.TCPConnector(
            resolver=resolver, use_dns_cache=False, force_close=True, limit=1
        )
        async with aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=False,
            auto_decompress=False,
            headers={"Accept": "text/html", "Accept-Encoding": "identity", "User-Agent": "Octopus"},
        ) as session:
            for _ in range(HOPS + 1):
                self._check(url)
                async with session.get(url, allow_redirects=False) as response:
                    target = response.headers.get("Location")
                    if response.status in {301, 302, 303, 307, 308} and target:
                        url = urljoin(url, target)
                        continue
                    return await _read(response)
        return ""

    def _may(self, host: str, address: str) -> bool:
        """Whether this host may be asked at this address."""
        return self._allow_local or public(address)

    def _check(self, url: str) -> None:
        """Raises Refused for addresses that are not asked; names are looked up later."""
        parts = urlsplit(url)
        if len(url) > LONGEST or parts.scheme not in {"http", "https"} or not parts.hostname:
            raise Refused("not an address of a page")
        if parts.username or parts.password:
            raise Refused("with a password")
        if self._allow_local:
            return
        if parts.port not in _PORTS:
            raise Refused("an unusual port")
        try:
            ipaddress.ip_address(parts.hostname.partition("%")[0])
        except ValueError:
            return
        if not public(parts.hostname):
            raise Refused("an address of this network")


async def _read(response: aiohttp.ClientResponse) -> str:
    kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    packed = response.headers.get("Content-Encoding", "identity").lower() != "identity"
    if response.status != 200 or packed or kind not in {"text/html", "application/xhtml+xml"}:
        return ""
    body = b""
    async for chunk in response.content.iter_chunked(16 * 1024):
        body += chunk
        if len(body) >= LARGEST or b"</title" in body.lower():
            break
    return title_of(body[:LARGEST], response.charset)


def title_of(body: bytes, charset: str | None = None) -> str:
    """The title in a page's first bytes, its entities resolved; "" for none."""
    match = _TITLE.search(_decoded(body, charset))
    return " ".join(html.unescape(match[1]).split())[:LONGEST] if match else ""


def _decoded(body: bytes, charset: str | None) -> str:
    """By the byte order mark, what the server says, what the page says, UTF-8, in this order."""
    if body.startswith(codecs.BOM_UTF8):
        return body.decode("utf-8-sig", "replace")
    if body[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return body.decode("utf-16", "replace")
    meta = _META.search(body[:4096])
    for name in (charset, meta[1].decode("ascii") if meta else None):
        try:
            if name:
                return body.decode(_SAME.get(name.lower(), name), "replace")
        except LookupError:
            continue
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        whole = error.reason == "unexpected end of data"  # cut in the middle of a character
        return body.decode("utf-8" if whole else "cp1252", "replace")


#: As browsers read these names (WHATWG Encoding Standard, "Names and labels").
_SAME: Final = {
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "us-ascii": "cp1252",
    "gb2312": "gb18030",
}
