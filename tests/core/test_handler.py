"""How a skill is written and found: a mistake stops the start and names the file."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

from octopus.core.handler import Context, Lane, collect, handler
from octopus.core.message import Reply
from octopus.core.policy import Capability, allowed
from octopus.errors import OctopusError


def module(code: str, name: str = "skill") -> ModuleType:
    """A file with this code."""
    made = ModuleType(name)
    made.__file__ = f"/handlers/{name}.py"
    head = (
        "from octopus.core.handler import handler, Lane\n"
        "from octopus.core.message import Reply\n"
        "from octopus.core.policy import Capability\n"
    )
    exec(compile(head + code, made.__file__, "exec"), made.__dict__)
    return made


GOOD = """
@handler("toss", capability=Capability.PURE, command="toss", lane=Lane.URGENT, deadline=5)
async def toss(ctx, sides: int, weight: float = 1.0):
    '''Toss a coin

    More words that no menu shows.
    '''
    return Reply(text=str(sides))

async def helper(ctx):
    '''Not a skill'''
"""


async def test_a_marked_function_becomes_a_skill() -> None:
    (skill,) = collect([module(GOOD)]).values()
    assert (skill.intent, skill.command, skill.summary) == ("toss", "toss", "Toss a coin")
    assert (skill.lane, skill.deadline, skill.capability) == (Lane.URGENT, 5, Capability.PURE)
    assert list(skill.parameters) == ["sides", "weight"]
    context: Any = None
    assert (await skill.run(context, sides=2)).text == "2"


def test_the_marker_leaves_the_function_as_it_is() -> None:
    @handler("a", capability=Capability.PURE)
    @handler("b", capability=Capability.READ, command="b")
    async def both(ctx: Context) -> Reply:
        """Does both"""
        return Reply()

    assert both.__name__ == "both"
    made = ModuleType("both")
    made.__dict__["both"] = both
    both.__module__ = "both"
    found = collect([made])
    assert set(found) == {"a", "b"}
    assert found["a"].run is both


def test_a_function_that_is_only_imported_is_not_found_twice() -> None:
    first = module(GOOD, "first")
    second = module(GOOD.replace("toss", "roll"), "second")
    second.__dict__["toss"] = first.__dict__["toss"]
    assert set(collect([first, second])) == {"toss", "roll"}


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("x = 1", "no function is marked"),
        (
            GOOD.replace("'''Toss a coin\n\n    More words that no menu shows.\n    '''", "pass"),
            "has no docstring",
        ),
        (GOOD + GOOD.replace("def toss", "def other"), "claimed twice"),
        (
            GOOD + GOOD.replace("def toss", "def other").replace('"toss", cap', '"x", cap'),
            "claimed twice",
        ),
    ],
)
def test_a_mistake_names_the_file(code: str, words: str) -> None:
    with pytest.raises(OctopusError, match=words) as caught:
        collect([module(code, "broken")])
    assert "/handlers/broken.py" in str(caught.value)


def test_two_files_that_claim_one_intent() -> None:
    with pytest.raises(OctopusError, match=r"second\.py"):
        collect([module(GOOD, "first"), module(GOOD, "second")])


def test_what_text_of_others_may_do() -> None:
    own = {one for one in Capability if allowed(one, untrusted=False)}
    theirs = {one for one in Capability if allowed(one, untrusted=True)}
    assert own == set(Capability) - {Capability.SEND, Capability.DANGER}
    assert theirs == {Capability.PURE, Capability.READ, Capability.ADD}
    assert {one for one in Capability if one.writes} == {Capability.ADD, Capability.CHANGE}
