"""A change of the connection is told once; a long gap is told afterwards."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from octopus.core.event import Bus
from octopus.frontends.telegram.contact import Contact, Link
from tests.frontends.telegram.house import START, FakeMemory, FakeTime
from tests.frontends.telegram.test_poller import _drain, links

Gaps = list[tuple[datetime, datetime]]


def contact(memory: FakeMemory | None = None) -> tuple[Contact, Bus, Gaps]:
    gaps: Gaps = []

    async def on_gap(since: datetime, until: datetime) -> None:
        gaps.append((since, until))

    bus = Bus()
    return Contact(bus, FakeTime().now, memory, on_gap), bus, gaps


async def test_changes_are_told_and_sameness_is_not() -> None:
    found, bus, _ = contact()
    with bus.subscribe() as events:
        for link in (Link.DOWN, Link.DOWN, Link.UP, Link.UP, Link.CONFLICT, Link.TOKEN):
            found.turn(link, "because")
        told = _drain(events)
    assert links(told) == ["down", "up", "conflict", "token"]
    assert told[0].data == {"state": "down", "before": "new", "reason": "because"}


@pytest.mark.parametrize(
    ("link", "level"),
    [(Link.DOWN, "WARNING"), (Link.CONFLICT, "ERROR"), (Link.TOKEN, "ERROR")],
)
async def test_each_trouble_is_one_line(
    link: Link, level: str, caplog: pytest.LogCaptureFixture
) -> None:
    found, _, _ = contact()
    found.turn(link, "because")
    found.turn(link, "because")
    [record] = caplog.records
    assert record.levelname == level
    assert "because" in record.getMessage()


@pytest.mark.parametrize(("hours", "told"), [(23, False), (24, False), (25, True), (400, True)])
async def test_only_a_gap_longer_than_a_day_may_have_lost_something(hours: int, told: bool) -> None:
    found, bus, gaps = contact()
    await found.seen(START)
    with bus.subscribe() as events:
        await found.seen(START + timedelta(hours=hours))
        await found.seen(START + timedelta(hours=hours, seconds=25))
        kinds = [event.type for event in _drain(events)]
    assert gaps == ([(START, START + timedelta(hours=hours))] if told else [])
    assert kinds.count("telegram.gap") == told


async def test_a_gap_while_the_process_was_down_is_known_too() -> None:
    memory = FakeMemory()
    first, _, _ = contact(memory)
    await first.recall()
    await first.seen(START)
    second, _, gaps = contact(memory)
    await second.recall()
    assert second.last == START
    await second.seen(START + timedelta(hours=30))
    assert gaps == [(START, START + timedelta(hours=30))]


async def test_contact_is_written_every_ten_minutes_not_every_poll() -> None:
    memory = FakeMemory()
    found, _, _ = contact(memory)
    written = set()
    for second in range(0, 3600, 25):
        await found.seen(START + timedelta(seconds=second))
        written |= set(memory.facts.values())
    assert len(written) == 6


async def test_memory_that_fails_does_not_stop_the_poll(caplog: pytest.LogCaptureFixture) -> None:
    memory = FakeMemory()
    memory.failures = 1
    found, _, _ = contact(memory)
    await found.seen(START)
    assert found.link is Link.UP
    assert "could not be remembered" in caplog.text
    await found.seen(START + timedelta(hours=1))
    assert memory.facts


async def test_first_run_has_no_gap() -> None:
    found, _, gaps = contact(FakeMemory())
    await found.recall()
    await found.seen(START)
    assert gaps == []


async def test_a_poll_alone_does_not_mend_the_journal() -> None:
    found, _, _ = contact()
    found.turn(Link.JOURNAL)
    await found.seen(START)
    after_poll = found.link
    found.turn(Link.UP)
    assert (after_poll, found.link) == (Link.JOURNAL, Link.UP)
