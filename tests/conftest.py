"""What holds for every test: the same examples each time, and no limit that a busy machine ends."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import partial

import pytest
from hypothesis import HealthCheck, settings

from octopus.backends.whoosh import searcher, slow
from octopus.backends.whoosh.letters import Budget
from octopus.handlers import search
from tests.patience import PATIENCE

#: A change is judged by examples that are the same on every machine and in every run, however slow
#: it is. New ones are looked for with OCTOPUS_TEST_SCALE=full; what fails there gets a test.
FULL = os.environ.get("OCTOPUS_TEST_SCALE") == "full"

settings.register_profile(
    "octopus",
    deadline=None,
    derandomize=not FULL,
    database=None,
    max_examples=1000 if FULL else 100,
    suppress_health_check=[HealthCheck.too_slow],
    print_blob=FULL,
)
settings.load_profile("octopus")


@pytest.fixture(autouse=True, scope="session")
def searches_have_time() -> Iterator[None]:
    """A search that is cut off after half a second finds less where the machine is busy."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(searcher, "Budget", partial(Budget, PATIENCE))
        patched.setattr(slow, "TIME_LIMIT", PATIENCE)
        patched.setattr(search, "FRESH_WITHIN", PATIENCE)
        yield
