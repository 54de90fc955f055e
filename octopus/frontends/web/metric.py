"""Figures for a monitor, in Prometheus' text format, from a registry of our own."""

from __future__ import annotations

import asyncio
import contextlib

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from starlette.responses import Response

from octopus import __version__
from octopus.core.ports import Index
from octopus.frontends.web.backstage import Backstage

_SECONDS = (0.005, 0.02, 0.1, 0.5, 2, 10, 60, 300)


class Metrics:
    """Counts requests and events; index and process are looked at when asked."""

    def __init__(self, backstage: Backstage) -> None:
        self._backstage = backstage
        self._registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        self._requests = Counter(
            "octopus_http_requests",
            "Requests by address and status",
            ("method", "path", "status"),
            registry=registry,
        )
        self._seconds = Histogram(
            "octopus_http_request_seconds",
            "How long requests took",
            ("path",),
            buckets=_SECONDS,
            registry=registry,
        )
        self._events = Counter(
            "octopus_events", "What happened, by type", ("type",), registry=registry
        )
        self._notes = Gauge(
            "octopus_notes", "Notes by what the index knows of them", ("state",), registry=registry
        )
        self._lag = Gauge(
            "octopus_index_lag_seconds",
            "Age of the oldest change that cannot be found yet",
            registry=registry,
        )
        build = Gauge("octopus_build", "The running version", ("version",), registry=registry)
        build.labels(__version__).set(1)
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Count events from now on."""
        self._task = asyncio.create_task(self._count(), name="metrics")

    async def close(self) -> None:
        """Count no more."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    def seen(self, method: str, path: str, status: int, seconds: float) -> None:
        """A request was answered. ``path`` is the route's pattern, never what was asked."""
        self._requests.labels(method, path, str(status)).inc()
        self._seconds.labels(path).observe(seconds)

    async def answer(self) -> Response:
        """All figures."""
        await self._look_at(self._backstage.search)
        return Response(generate_latest(self._registry), headers={"Content-Type": _TYPE})

    async def _look_at(self, index: Index) -> None:
        status = await index.status()
        self._notes.labels("all").set(status.notes)
        self._notes.labels("indexed").set(status.indexed)
        self._notes.labels("skipped").set(len(status.skipped))
        self._lag.set(status.lag_ms / 1000)

    async def _count(self) -> None:
        with self._backstage.bus.subscribe() as subscription:
            async for event in subscription:
                self._events.labels(event.type).inc()


_TYPE = CONTENT_TYPE_LATEST
