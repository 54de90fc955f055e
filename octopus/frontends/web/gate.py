"""What every request passes on its way in, one gate after the other.

Plain ASGI: nothing is buffered, so answers can be streamed through all of them.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Collection, Iterable
from urllib.parse import urlsplit

from loguru import logger
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from octopus.frontends.web.answer import Json, TooLarge, mistake

Gate = Callable[[ASGIApp], ASGIApp]
#: Told of each answered request: method, route, status, seconds.
Seen = Callable[[str, str, int, float], None]

#: No message is longer; what is sent beyond this is not even read.
BODY_LIMIT = 1024 * 1024

_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
_DEFAULT_PORTS = {"http": 80, "https": 443}

#: Answers are for programs and for our own pages; no page of others may show or embed them.
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'self'; img-src 'self'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
}


def pass_through(app: ASGIApp, gates: Iterable[Gate]) -> ASGIApp:
    """The application behind its gates; the first in the list is the outermost."""
    for gate in reversed(list(gates)):
        app = gate(app)
    return app


def watched(seen: Seen) -> Gate:
    """Log and count each request: method, route, status, time. Never the query or the body."""

    def gate(app: ASGIApp) -> ASGIApp:
        async def run(scope: Scope, receive: Receive, send: Send) -> None:
            status, began = 500, time.monotonic()

            async def note(message: Message) -> None:
                nonlocal status
                if message["type"] == "http.response.start":
                    status = message["status"]
                await send(message)

            try:
                await app(scope, receive, note)
            finally:
                seconds = time.monotonic() - began
                # Methods are whatever a caller writes; they must not become labels of their own.
                method = scope["method"] if scope["method"] in _METHODS else "other"
                path = getattr(scope.get("route"), "path", "-")
                seen(method, path, status, seconds)
                level = "DEBUG" if path in _QUIET and status == 200 else "INFO"
                logger.log(level, "{} {} {} {:.1f} ms", method, path, status, seconds * 1000)

        return _http_only(app, run)

    return gate


_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
#: Asked every few seconds by monitors; their success is not worth a line.
_QUIET = frozenset({"/health", "/metrics"})


def headed(app: ASGIApp) -> ASGIApp:
    """Add the security headers that an answer has not set itself."""

    async def run(scope: Scope, receive: Receive, send: Send) -> None:
        async def add(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await app(scope, receive, add)

    return _http_only(app, run)


class Names:
    """Under which names and origins this listener may be spoken to."""

    def __init__(self, host: str, port: int, public_url: str) -> None:
        own = f"[{host}]" if ":" in host else host.lower()
        self._hosts = {(name, port) for name in (*_LOOPBACK, own)}
        self._origins = {("http", *host) for host in self._hosts}
        if public_url:
            public = urlsplit(public_url)
            name = f"[{public.hostname}]" if ":" in (public.hostname or "") else public.hostname
            port = public.port or _DEFAULT_PORTS[public.scheme]
            self._hosts.add((name or "", port))
            self._origins.add((public.scheme, name or "", port))
            if public.port is None:  # the proxy in front may speak either scheme to us
                self._hosts |= {(name or "", usual) for usual in _DEFAULT_PORTS.values()}

    def is_ours(self, host: str | None, server: tuple[str, int] | None) -> bool:
        """Whether a Host header names us. An address that was connected to always does.

        A name that leads here but is not ours is how a foreign page would reach us (DNS
        rebinding); an address cannot be made to lead elsewhere.
        """
        found = _split(host or "")
        if found is None:
            return False
        if server is not None:
            address, port = server
            if found == (f"[{address}]" if ":" in address else address, port):
                return True
        return found in self._hosts

    def may_ask(self, origin: str) -> bool:
        """Whether an Origin header is that of our own pages."""
        scheme, colon, rest = origin.partition("://")
        usual = _DEFAULT_PORTS.get(scheme)
        found = _split(rest, usual) if colon and usual else None
        return found is not None and (scheme, *found) in self._origins


def _split(host: str, usual: int = 80) -> tuple[str, int] | None:
    """Name and port of ``name``, ``name:port`` or ``[address]:port``; None for anything else."""
    name, bracket, rest = host.lower().rpartition("]")
    if bracket:
        name, colon, port = name + bracket, rest[:1], rest[1:]
        if colon not in {"", ":"}:
            return None
    else:
        name, colon, port = rest.partition(":")
    if not name or (colon and not (port.isascii() and port.isdigit() and len(port) <= 5)):
        return None
    return name, int(port) if colon else usual


def named(names: Names) -> Gate:
    """Answer 421 to requests for somebody else, 403 to pages of somebody else."""

    def gate(app: ASGIApp) -> ASGIApp:
        async def run(scope: Scope, receive: Receive, send: Send) -> None:
            headers = Headers(scope=scope)
            origin = headers.get("origin")
            answer: Json | None = None
            if len(headers.getlist("host")) != 1 or not names.is_ours(
                headers.get("host"), scope.get("server")
            ):
                answer = mistake(
                    421, "WrongHost", "This is not the host you ask for. Set http.public_url."
                )
            elif len(headers.getlist("origin")) > 1 or (
                origin is not None and not names.may_ask(origin)
            ):
                answer = mistake(403, "WrongOrigin", "Pages from elsewhere may not ask here.")
            await (answer or app)(scope, receive, send)

        return _http_only(app, run)

    return gate


def guarded(token: str, open_paths: Collection[str]) -> Gate:
    """Answer 401 without the bearer token, whatever is asked for, but for the open paths."""
    expected = token.encode()

    def gate(app: ASGIApp) -> ASGIApp:
        async def run(scope: Scope, receive: Receive, send: Send) -> None:
            given = Headers(scope=scope).getlist("authorization")
            scheme, _, credential = (given[0] if len(given) == 1 else "").partition(" ")
            # Both sides as bytes: the comparison takes the same time wherever they differ.
            same = secrets.compare_digest(credential.strip().encode("latin-1"), expected)
            if scope["path"] in open_paths or (scheme.lower() == "bearer" and same):
                await app(scope, receive, send)
                return
            answer = mistake(
                401,
                "Unauthorized",
                'Send the header "Authorization: Bearer TOKEN"; the token is in the file '
                "http_token of the state folder.",
                {"WWW-Authenticate": "Bearer"},
            )
            await answer(scope, receive, send)

        return _http_only(app, run)

    return gate


def bounded(limit: int = BODY_LIMIT) -> Gate:
    """Answer 413 to bodies over the limit, said or unsaid, without reading on."""

    def gate(app: ASGIApp) -> ASGIApp:
        async def run(scope: Scope, receive: Receive, send: Send) -> None:
            length = Headers(scope=scope).get("content-length", "0")
            if not length.isdigit() or int(length[:18]) > limit:
                answer = mistake(413, "TooLarge", said, {"Connection": "close"})
                await answer(scope, receive, send)
                return
            read = 0

            async def counted() -> Message:
                nonlocal read
                message = await receive()
                read += len(message.get("body", b""))
                if read > limit:
                    raise TooLarge(said)  # becomes the same answer, behind the last gate
                return message

            await app(scope, counted, send)

        return _http_only(app, run)

    said = f"Send at most {limit} bytes."
    return gate


def _http_only(app: ASGIApp, run: ASGIApp) -> ASGIApp:
    """Gates judge requests; there are no web sockets here, and the life span passes through."""

    async def choose(scope: Scope, receive: Receive, send: Send) -> None:
        await (run if scope["type"] == "http" else app)(scope, receive, send)

    return choose
