"""What scripts see of a job, key by key."""

from __future__ import annotations

from dataclasses import replace

import pytest

from octopus.core.effect import Edit, Effect, EffectState
from octopus.core.job import Job, State
from octopus.core.message import Button, Message, Reply
from octopus.core.outcome import Outcome, job_as_json
from tests.fakes.ports import NOON

JOB = Job(7, Message("k", "cli:ask", "owner", "note: lamp", NOON), NOON, State.DONE, attempt=1)


def effect(**more: object) -> Effect:
    made = Effect(3, 7, 1, "cli:ask", "create", "a.md", EffectState.DONE, None, "x")
    return replace(made, **more)  # type: ignore[arg-type]


def test_an_outcome_has_the_documented_keys() -> None:
    reply = Reply(text="Saved", buttons=(Button("Undo", "undo", {"effect": 3}, id="b1"),))
    job = replace(JOB, intent="note.add", reply=reply)
    assert Outcome.of(job, [effect()], 12.34567).as_json() == {
        "job": 7,
        "intent": "note.add",
        "reply": "Saved",
        "buttons": [{"id": "b1", "label": "Undo"}],
        "effects": [{"kind": "create", "path": "a.md", "undo": 3}],
        "took_ms": 12.346,
    }


@pytest.mark.parametrize(
    ("more", "path"),
    [
        ({}, "a.md"),
        ({"kind": "move", "to": "b/a.md"}, "b/a.md"),
        ({"kind": "undo", "to": ".trash/a.md"}, "a.md"),
    ],
)
def test_the_path_is_the_one_that_the_owner_knows(more: dict[str, str], path: str) -> None:
    assert Outcome.of(JOB, [effect(**more)], 0).as_json()["effects"][0]["path"] == path


def test_what_was_only_wanted_is_no_effect() -> None:
    effects = [effect(), effect(id=4, state=EffectState.INTENDED), effect(id=5)]
    shown = Outcome.of(JOB, effects, 0).as_json()["effects"]
    assert [each["undo"] for each in shown] == [3, 5]


def test_a_reaction_stands_for_words() -> None:
    job = replace(JOB, reply=Reply(reaction="👍"))
    assert Outcome.of(job, [], 0).as_json()["reply"] == "👍"
    assert Outcome.of(JOB, [], 0).as_json()["reply"] == ""


def test_a_job_has_the_documented_keys() -> None:
    assert job_as_json(JOB) == {
        "id": 7,
        "kind": "message",
        "state": "done",
        "attempt": 1,
        "received_at": "2026-11-20T12:00:00+00:00",
        "intent": None,
        "error": None,
    }


# How an append is found again after a crash.


@pytest.mark.parametrize(
    ("before", "now", "found"),
    [
        (b"", b"x\n", True),
        (b"x\n", b"x\n", False),
        (b"x\n", b"x\nx\n", True),
        (b"", b"x", True),
        (b"a\r\n", b"a\r\nx\r\n", True),
        (b"", b"an x somewhere\n", False),
        (b"", b"xx\n", False),
        (b"", b"x y\nx\n", True),
        (b"x\nx\nx\n", b"x\nx\n", False),
    ],
)
def test_added_lines_are_counted_as_whole_lines(before: bytes, now: bytes, found: bool) -> None:
    edit = Edit("a.md", lambda old: old or b"", b"x\n")
    assert edit.is_in(now, edit.mark(before)) is found
    assert not edit.is_in(None, edit.mark(before))


def test_several_lines_count_together_whatever_their_ends() -> None:
    edit = Edit("a.md", lambda old: old or b"", b"- a\n- b")
    assert edit.is_in(b"x\r\n- a\r\n- b\r\ny", edit.mark(b"- a\n\n- b\n"))
    assert not edit.is_in(b"- b\n- a\n", edit.mark(b""))


def test_what_brings_no_lines_in_is_never_taken_for_done() -> None:
    edit = Edit("a.md", lambda old: old or b"")
    assert not edit.is_in(b"anything", edit.mark(b""))
    blank = Edit("a.md", lambda old: old or b"", b"\n\n")
    assert not blank.is_in(b"\n\n\n", blank.mark(b""))
