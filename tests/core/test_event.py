"""Whoever listens hears everything in order; a slow one holds up nobody."""

from __future__ import annotations

import asyncio

from octopus.core.event import BACKLOG, Bus, Event
from tests.fakes.ports import NOON


def event(number: int) -> Event:
    return Event("test", NOON, {"n": number}, number)


async def test_every_listener_hears_every_event_in_order() -> None:
    bus = Bus()
    with bus.subscribe() as one, bus.subscribe() as two:
        for number in range(10):
            bus.publish(event(number))
        for listener in (one, two):
            assert [(await listener.get()).id for _ in range(10)] == list(range(10))
            assert listener.missed == 0


async def test_nobody_hears_what_was_before_or_comes_after() -> None:
    bus = Bus()
    bus.publish(event(1))
    with bus.subscribe() as listener:
        bus.publish(event(2))
    bus.publish(event(3))
    assert (await listener.get()).id == 2
    waiting = asyncio.ensure_future(listener.get())
    await asyncio.sleep(0)
    assert not waiting.done()
    waiting.cancel()


async def test_a_slow_listener_loses_the_oldest_and_knows_how_many() -> None:
    bus = Bus()
    with bus.subscribe() as slow, bus.subscribe() as quick:
        for number in range(BACKLOG + 7):
            bus.publish(event(number))
            assert (await quick.get()).id == number
    assert (slow.missed, quick.missed) == (7, 0)
    assert (await slow.get()).id == 7


async def test_events_can_be_looped_over() -> None:
    bus = Bus()
    heard = []
    with bus.subscribe() as listener:
        for number in range(3):
            bus.publish(event(number))
        async for each in listener:
            heard.append(each.id)
            if each.id == 2:
                break
    assert heard == [0, 1, 2]


async def test_a_listener_may_leave_while_it_is_told() -> None:
    bus = Bus()
    with bus.subscribe() as one:
        with bus.subscribe():
            pass
        bus.publish(event(1))
        assert (await one.get()).id == 1
