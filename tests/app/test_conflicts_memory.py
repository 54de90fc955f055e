"""What is remembered of conflict copies may be damaged or lost: nobody is left untold for it."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octopus.app.conflicts import TOLD
from octopus.errors import VaultUnavailable
from tests.app.test_conflicts import COPY, House

OTHER = "Ideas.sync-conflict-20261121-093000-ABCDEFG.md"


@pytest.mark.parametrize("fact", ["", "{", "5", "null", '"text"', '{"a": 1}', "[[1]]", "[null, 3]"])
async def test_a_damaged_memory_tells_once_more_and_is_mended(fact: str) -> None:
    house = House()
    house.vault.files[COPY] = b"two"
    house.memory.facts[TOLD] = fact
    assert await house.watch().look() == 1
    assert json.loads(house.memory.facts[TOLD]) == [COPY]
    assert await house.watch().look() == 0


async def test_what_could_not_be_accepted_is_not_remembered_as_told() -> None:
    house = House()
    house.vault.files[COPY] = b"two"

    async def refuse(messages: object) -> None:
        raise VaultUnavailable("full")

    watch = house.watch()
    accept, watch._accept = watch._accept, refuse
    with pytest.raises(VaultUnavailable):
        await watch.look()
    assert TOLD not in house.memory.facts
    watch._accept = accept
    assert await watch.look() == 1


async def test_the_same_copies_in_another_message_are_another_job() -> None:
    house = House()
    house.vault.files[COPY] = b"two"
    await house.watch().look()
    del house.vault.files[COPY]
    house.vault.files[OTHER] = b"two"
    await house.watch().look()
    first, second = house.accepted
    assert first.key != second.key
    assert json.loads(second.press)["args"]["paths"] == [OTHER]


@given(st.lists(st.sets(st.integers(0, 4)), max_size=8))
async def test_each_is_told_exactly_when_it_appears(visits: list[set[int]]) -> None:
    """Whatever comes and goes between two looks, also with a new process for each."""
    house, told = House(), set[int]()
    for there in visits:
        names = {number: f"N{number}.sync-conflict-20261120-093000-ABCDEFG.md" for number in there}
        house.vault.files = {name: b"" for name in names.values()}
        assert await house.watch().look() == len(there - told)
        told = set(there)
        assert sorted(json.loads(house.memory.facts.get(TOLD, "[]"))) == sorted(names.values())
