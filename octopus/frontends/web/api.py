"""The table of endpoints, and the short ones among them."""

from __future__ import annotations

import time
from dataclasses import asdict

from starlette.requests import Request
from starlette.responses import Response

from octopus import __version__
from octopus.core.job import State
from octopus.core.outcome import job_as_json
from octopus.core.todo import selected, todo_as_json
from octopus.frontends.web.answer import BadRequest, Json
from octopus.frontends.web.backstage import Backstage, Curtain
from octopus.frontends.web.endpoint import EVENT_STREAM, Endpoint, Parameter, openapi
from octopus.frontends.web.message import Incoming, Messages
from octopus.frontends.web.metric import Metrics
from octopus.frontends.web.stream import stream_events

_LIMIT = Parameter("limit", "how many at most", "integer")


class Api:
    """The endpoints over the parts behind them."""

    def __init__(self, backstage: Backstage, curtain: Curtain, metrics: Metrics) -> None:
        self._backstage = backstage
        self._curtain = curtain
        self._metrics = metrics
        self._messages = Messages(backstage, curtain)
        self._began = time.monotonic()
        self.endpoints = self._table()

    def _table(self) -> tuple[Endpoint, ...]:
        after = Parameter("after", "the id of the last event known; 0 for all", "integer")
        types = Parameter("types", 'names, or parts before a dot, with commas: "job,effect.done"')
        last = Parameter("Last-Event-ID", "as after, and stronger", "integer", where="header")
        query = Parameter("q", "what to look for", required=True)
        state = Parameter("state", ", ".join(State))
        when = Parameter("when", "today, overdue, week, all (the default), a day or a #tag")
        body = Incoming.model_json_schema()
        return (
            Endpoint("GET", "/health", self.health, "Whether it runs", open=True),
            Endpoint("GET", "/status", self.status, "How each part is"),
            Endpoint("GET", "/metrics", self.metrics, "Figures", gives=("text/plain",)),
            Endpoint("GET", "/openapi.json", self.openapi, "This description"),
            Endpoint(
                "POST",
                "/api/messages",
                self._messages.post,
                "Say something and wait for the answer",
                body=body,
                gives=("application/json", EVENT_STREAM),
            ),
            Endpoint("GET", "/api/search", self.search, "Find notes", (query, _LIMIT)),
            Endpoint("GET", "/api/todos", self.todos, "What is to be done", (when,)),
            Endpoint("GET", "/api/jobs", self.jobs, "The newest jobs", (state, _LIMIT)),
            Endpoint("GET", "/api/reminders", self.reminders, "What will be told, and when"),
            Endpoint(
                "GET",
                "/api/events",
                self.events,
                "What happens, as it happens",
                (after, types, last),
                gives=(EVENT_STREAM,),
            ),
        )

    async def health(self, request: Request) -> Response:
        """For a monitor without a token: nothing but that it answers."""
        return Json({"status": "ok"})

    async def status(self, request: Request) -> Response:
        """``{"version","uptime_s","parts"}``; neither secrets nor texts of the owner."""
        uptime = round(time.monotonic() - self._began, 1)
        parts = dict(await self._backstage.status())
        return Json({"version": __version__, "uptime_s": uptime, "parts": parts})

    async def metrics(self, request: Request) -> Response:
        """For Prometheus."""
        return await self._metrics.answer()

    async def openapi(self, request: Request) -> Response:
        """For generators of clients."""
        return Json(openapi(self.endpoints, __version__))

    async def search(self, request: Request) -> Response:
        """The best notes first."""
        query = request.query_params.get("q", "").strip()
        if not query:
            raise BadRequest("What is to be found? Add ?q=words to the address.")
        return Json(asdict(await self._backstage.search.search(query, limit=_limit(request, 10))))

    async def todos(self, request: Request) -> Response:
        """The open to-dos, the most urgent first."""
        when = request.query_params.get("when", "all")
        now = self._backstage.clock.now()
        found = selected(await self._backstage.notes.todos(), when, now.date())
        if found is None:
            raise BadRequest(f'"when" must be today, overdue, week, all, a day or a #tag: {when}')
        return Json({"todos": [todo_as_json(todo, now.tzinfo) for todo in found]})

    async def jobs(self, request: Request) -> Response:
        """The journal, newest first."""
        name = request.query_params.get("state")
        if name is not None and name not in set(State):
            raise BadRequest(f'"state" must be one of {", ".join(State)}.')
        state = State(name) if name else None
        found = await self._backstage.journal.jobs(state, _limit(request, 50))
        return Json({"jobs": [job_as_json(job) for job in found]})

    async def reminders(self, request: Request) -> Response:
        """The armed ones, the soonest first."""
        found = await self._backstage.reminders.armed()
        return Json({"reminders": [each.as_json() for each in found]})

    async def events(self, request: Request) -> Response:
        """Server-sent events with replay."""
        return stream_events(request, self._backstage, self._curtain)


def _limit(request: Request, usual: int, most: int = 200) -> int:
    given = request.query_params.get("limit", str(usual))
    if not (given.isascii() and given.isdigit() and 1 <= int(given[:9]) <= most):
        raise BadRequest(f'"limit" must be a number from 1 to {most}.')
    return int(given)
