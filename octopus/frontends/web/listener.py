"""Puts the HTTP front end together and listens, in the loop of everything else."""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path

import uvicorn
from loguru import logger
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.routing import Router
from starlette.types import ASGIApp, Receive, Scope, Send

from octopus.config import Http
from octopus.frontends.web.answer import HANDLERS
from octopus.frontends.web.api import Api
from octopus.frontends.web.backstage import GRACE, Backstage, Curtain
from octopus.frontends.web.gate import Names, bounded, guarded, headed, named, pass_through, watched
from octopus.frontends.web.metric import Metrics
from octopus.frontends.web.token import read_token

#: Connections at one time; more are told to come back later.
CONNECTIONS = 100


class Web:
    """The listener. Without its port everything else works, so that is only a warning.

    ``keep_secret`` is told the token, so that it never shows in a log.
    """

    def __init__(
        self,
        settings: Http,
        state: Path,
        backstage: Backstage,
        keep_secret: Callable[[str], None] = lambda token: None,
    ) -> None:
        self._settings = settings
        self._state = state
        self._keep_secret = keep_secret
        self._curtain = Curtain()
        self._metrics = Metrics(backstage)
        self._api = Api(backstage, self._curtain, self._metrics)
        self._server: uvicorn.Server | None = None
        self._socket: socket.socket | None = None

    @property
    def port(self) -> int:
        """The port that is listened on; 0 while there is none."""
        return int(self._socket.getsockname()[1]) if self._socket is not None else 0

    async def start(self) -> None:
        """Listen from now on."""
        host, port = self._settings.host, self._settings.port
        try:
            token = self._settings.token.get_secret_value() or read_token(self._state)
            self._keep_secret(token)
            family = socket.AF_INET6 if ":" in host else socket.AF_INET
            self._socket = socket.create_server((host, port), family=family)
            # Head and body of an answer are two writes: without this the second one waits 40 ms
            # for the first to be acknowledged. Accepted connections inherit it.
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except OSError as error:
            logger.warning(
                "no HTTP on {}:{} ({}); everything else works. Set http.port to a free one, or "
                "http.enabled to false",
                host,
                port,
                error.strerror or error,
            )
            return
        self._server = uvicorn.Server(_uvicorn(self._app(token)))
        # Not serve(): that takes the signals, which are the daemon's, and wakes ten times a
        # second for a clock that nobody here reads.
        self._server.config.load()
        self._server.lifespan = self._server.config.lifespan_class(self._server.config)
        await self._server.startup(sockets=[self._socket])
        self._metrics.start()
        logger.info("HTTP on {}:{}", host, self.port)

    async def close(self) -> None:
        """Answer what is being asked as far as it is known, and hang up."""
        self._curtain.fall()
        if self._server is not None and self._socket is not None:
            await self._server.shutdown(sockets=[self._socket])
        self._server = self._socket = None
        await self._metrics.close()

    def _app(self, token: str) -> ASGIApp:
        """The way of a request: the gates in this order, then the table of endpoints."""
        endpoints = self._api.endpoints
        names = Names(self._settings.host, self.port, self._settings.public_url)
        open_paths = frozenset(endpoint.path for endpoint in endpoints if endpoint.open)
        router = Router([endpoint.route() for endpoint in endpoints], redirect_slashes=False)

        async def routed(scope: Scope, receive: Receive, send: Send) -> None:
            scope["app"] = router  # without it, what is not found is answered past our handlers
            await router(scope, receive, send)

        return pass_through(
            ExceptionMiddleware(routed, HANDLERS),
            [
                watched(self._metrics.seen),
                headed,
                named(names),
                guarded(token, open_paths),
                bounded(),
            ],
        )


def _uvicorn(app: ASGIApp) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http="h11",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        date_header=False,
        limit_concurrency=CONNECTIONS,
        timeout_keep_alive=10,
        timeout_graceful_shutdown=round(GRACE) + 1,
    )
