"""With a model that never answers, every message of the sets is dealt with all the same."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest

from octopus.core.job import Job, State
from octopus.core.ports import Answer, Turn
from octopus.errors import ModelUnavailable
from octopus.language.understand import understand
from tests.fakes.desk import Desk, reply_of
from tests.fakes.ports import FakeModel
from tests.language.reading import BERLIN, HERE, rows

OWN = [
    row
    for file in sorted((HERE / "messages").glob("*.jsonl"))
    for row in rows(f"messages/{file.name}")
]
PHRASES = list(rows("phrases.jsonl"))

#: What talks with the model, when there is one.
TALKS = {"chat", "ask"}


class Hanging(FakeModel):
    """Writes down who asks, and answers nobody until it is told to give up."""

    def __init__(self) -> None:
        super().__init__()
        self.gone = asyncio.Event()

    async def chat(
        self,
        turns: Sequence[Turn],
        *,
        on_text: Callable[[str], None] | None = None,
        on_wait: Callable[[str], None] | None = None,
        schema: Mapping[str, Any] | None = None,
    ) -> Answer:
        self.asked.append(turns)
        await self.gone.wait()
        raise ModelUnavailable


async def _outcomes(messages: Sequence[Mapping[str, Any]]) -> tuple[Desk, list[Job], list[Job]]:
    """The desk, what was settled while the model hung, and what after it had given up."""
    model = Hanging()
    house = Desk({"Boat.md": b"# Boat\n"}, model=model)
    async with house.open():
        sent = [
            house.message(row["text"], conversation=f"telegram:{number}")
            for number, row in enumerate(messages)
        ]
        jobs = await house.supervisor.accept(sent)
        waiting = {
            job.id for job, row in zip(jobs, messages, strict=True) if _talks(house, row["text"])
        }
        at_once = [await house.settled(job) for job in jobs if job.id not in waiting]
        model.gone.set()
        later = [await house.settled(job) for job in jobs if job.id in waiting]
    return house, at_once, later


def _talks(house: Desk, text: str) -> bool:
    meaning = understand(text, now=house.clock.now())
    if meaning.intent == "command":
        return str(meaning.args["name"]) in TALKS
    return meaning.intent in TALKS and meaning.question is None


@pytest.mark.parametrize("name", ["phrases", "own"])
async def test_only_talk_waits_for_the_model_and_all_is_settled(name: str) -> None:
    messages = PHRASES if name == "phrases" else OWN
    house, at_once, later = await _outcomes(messages)
    assert len(at_once) + len(later) == len(messages)
    assert len(at_once) > 0.8 * len(messages)
    for job in at_once:
        assert job.state is State.DONE, (job.message.text, job.error)
        reply = reply_of(job)
        assert reply.text or reply.reaction, job.message.text
    # Nobody else asked it for anything.
    texts = [job.message.text for job in later]
    assert len(house.model.asked) <= len(later)
    for turns in house.model.asked:
        assert any(text.strip()[:40] in turns[-1].text for text in texts if text.strip()) or texts
    for job in later:  # the text is kept, and there is something to press
        assert job.state is State.DONE, (job.message.text, job.error)
        assert reply_of(job).text
        assert reply_of(job).buttons or job.intent == "ask", job.message.text
    assert {job.intent for job in later} <= TALKS


def test_the_rules_pass_on_what_only_a_model_knows_and_nothing_else() -> None:
    house = Desk()
    for row in PHRASES + OWN:
        meaning = understand(row["text"], now=house.clock.now().astimezone(BERLIN))
        if meaning.source == "model":
            assert meaning.intent == "chat", row["text"]
