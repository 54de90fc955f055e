"""Talking with the model, and what is left when there is none."""

from __future__ import annotations

import pytest

from octopus.core.handler import House, Lane, collect
from octopus.core.policy import Capability
from octopus.core.ports import Answer, Turn
from octopus.errors import ModelFailed, ModelUnavailable
from octopus.handlers import chat as module
from octopus.handlers.chat import SYSTEM, chat
from tests.handlers.scene import Scene, ScriptedModel, labels


def talking(*answers: str | Answer | ModelFailed | ModelUnavailable, loads: bool = False) -> Scene:
    return Scene(model=ScriptedModel(*answers, loads=loads))


async def test_the_answer_grows_and_is_kept() -> None:
    here = talking("The *sky* is blue.")
    reply = await chat(here.ctx(), "why?")
    assert reply.text == "The *sky* is blue."
    assert reply.markdown
    assert reply.buttons == ()
    assert here.partials[0] == "The "
    assert here.partials[-1] == reply.text
    assert here.conversations.turns["console"][1] == [
        Turn("user", "why?"),
        Turn("assistant", "The *sky* is blue."),
    ]


async def test_the_model_knows_the_rules_the_day_and_what_was_said() -> None:
    here = talking("One.", "Two.")
    await chat(here.ctx(), "first")
    await chat(here.ctx(), "second")
    asked = here.model.asked[1]
    assert asked[0].role == "system"
    assert asked[0].text.startswith(SYSTEM)
    assert "Friday, 2026-11-20" in asked[0].text
    assert list(asked[1:]) == [
        Turn("user", "first"),
        Turn("assistant", "One."),
        Turn("user", "second"),
    ]


def test_the_rules_take_hundreds_of_tokens_not_thousands() -> None:
    assert 600 < len(SYSTEM) < 1600


async def test_the_window_leaves_room_for_the_answer() -> None:
    budgets = []

    class Watched(type(Scene().conversations)):  # type: ignore[misc]
        async def window(self, conversation: str, budget: int) -> list[Turn]:
            budgets.append(budget)
            return []

    here = Scene(
        model=ScriptedModel("Yes."), conversations=Watched(), house=House(context_tokens=4096)
    )
    await chat(here.ctx(), "x")
    assert budgets == [2048]


async def test_a_model_that_is_being_loaded_is_announced_in_the_owners_language() -> None:
    here = talking("Ja.", loads=True)
    await chat(here.ctx(language="de"), "x")
    assert here.notices == ["Das Modell wird geladen, das kann eine Minute dauern."]


async def test_without_a_model_the_text_can_be_kept_or_searched() -> None:
    here = talking()
    reply = await chat(here.ctx(), "what is {x}?")
    assert reply.text == "No model can be reached, so I cannot answer that. Your text is kept."
    assert "\n" not in reply.text
    assert [(b.label, b.intent, b.args) for b in reply.buttons] == [
        ("Save as note", "note.add", {"text": "what is {x}?"}),
        ("Search", "search", {"query": "x"}),
    ]
    assert reply.failed
    assert here.conversations.turns == {}


async def test_a_failure_is_one_sentence_with_the_reason() -> None:
    here = talking(ModelFailed("The model does not fit into the memory."))
    reply = await chat(here.ctx(), "hm")
    assert reply.text == (
        "The model does not fit into the memory. I did not answer; your text is kept."
    )
    assert labels(reply) == ["Save as note", "Search", "Try again"]
    assert reply.buttons[2].args == {"text": "hm"}
    assert here.conversations.turns == {}  # half an answer is not remembered as one


@pytest.mark.parametrize(
    ("answer", "remark"),
    [
        (Answer("It goes", "m", complete=False), "cut short"),
        (Answer("Yes.", "m", details={"cut": True}), "only parts"),
        (Answer("Yes.", "m", details={"unread": True}), "only parts"),
    ],
)
async def test_what_is_not_whole_says_so(answer: Answer, remark: str) -> None:
    here = talking(answer)
    reply = await chat(here.ctx(), "x")
    assert reply.text.startswith(f"{answer.text}\n\n_")
    assert remark in reply.text
    assert here.conversations.turns["console"][1][1].text == answer.text


async def test_a_whole_answer_has_no_remark() -> None:
    details = {"cut": False, "unread": False, "dropped": 3}
    assert (await chat(talking(Answer("Yes.", "m", details=details)).ctx(), "x")).text == "Yes."


@pytest.mark.parametrize("text", ["", "  ", "\n"])
async def test_nothing_said(text: str) -> None:
    here = talking("x")
    assert (await chat(here.ctx(), text)).text == "What would you like to talk about?"
    assert here.model.asked == []


async def test_the_models_own_addresses_are_never_links() -> None:
    here = talking("See [this](https://evil.example/?q=secret) and www.evil.example/x.")
    reply = await chat(here.ctx(), "where?")
    assert reply.text == ("See this (`https://evil.example/?q=secret`) and `www.evil.example/x`.")
    assert not [partial for partial in here.partials if "](http" in partial]


async def test_an_address_that_the_owner_wrote_stays_one() -> None:
    here = talking("https://example.org/a is a page.")
    reply = await chat(here.ctx(), "what is https://example.org/a ?")
    assert reply.text == "https://example.org/a is a page."


def test_it_waits_for_the_model_alone_and_may_do_nothing() -> None:
    (skill,) = collect([module]).values()
    assert skill.lane is Lane.MODEL
    assert skill.capability is Capability.PURE
    assert skill.deadline > 420  # loading and the answer have their own limits


async def test_an_answer_cut_within_code_is_closed_before_the_remark() -> None:
    reply = await chat(talking(Answer("```py\nx = 1", "m", complete=False)).ctx(), "x")
    assert reply.text.startswith("```py\nx = 1\n```\n\n_")
