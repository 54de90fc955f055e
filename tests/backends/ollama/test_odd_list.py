"""What a server lists may have any shape: it is a model, or a reason, and never a crash."""

from __future__ import annotations

import asyncio
import gzip
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octopus.backends.ollama.choice import choose, full, installed, is_cloud
from octopus.backends.ollama.fault import Unreachable
from octopus.core.ports import Turn
from octopus.errors import ModelError
from tests.backends.ollama.conftest import Make
from tests.backends.ollama.test_fault import answering
from tests.patience import PATIENCE

HELLO = [Turn("user", "hello")]

json_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)
entries = st.fixed_dictionaries(
    {},
    optional={
        "name": json_values,
        "model": json_values,
        "digest": json_values,
        "size": json_values,
        "remote_host": json_values,
        "capabilities": json_values,
        "details": st.one_of(
            json_values,
            st.fixed_dictionaries(
                {},
                optional={
                    "family": json_values,
                    "parameter_size": st.one_of(json_values, st.text("0123456789.MBT ")),
                },
            ),
        ),
    },
)


@given(entries)
def test_any_entry_is_a_model_of_some_size(entry: dict[str, Any]) -> None:
    found = installed(entry)
    assert isinstance(found.name, str)
    assert isinstance(found.billions, float)
    assert isinstance(found.chats, bool)


@given(st.lists(entries, max_size=5))
def test_whatever_is_listed_no_cloud_and_no_embedder_is_chosen(some: list[dict[str, Any]]) -> None:
    models = [installed(entry) for entry in some]
    chosen = choose(models)
    usable = [model for model in models if model.chats and not model.cloud]
    assert (chosen in usable) if usable else chosen is None


@pytest.mark.parametrize(
    ("size", "billions"),
    [
        ("7B", 7.0),
        ("7.6B", 7.6),
        ("567M", 0.567),
        ("1.2.3B", 2.3),
        (".B", 0.0),
        ("..", 0.0),
        ("", 0.0),
        ("large", 0.0),
    ],
)
def test_parameters_in_odd_spellings(size: str, billions: float) -> None:
    found = installed({"name": "m", "details": {"parameter_size": size}})
    assert found.billions == pytest.approx(billions)


@given(st.text(max_size=20))
def test_a_full_name_stays_as_it_is(name: str) -> None:
    assert full(full(name)) == full(name)
    assert is_cloud(name) is is_cloud(full(name))


def page(document: object, *, status: str = "200 OK", head: str = "") -> bytes:
    """An answer with this as JSON."""
    body = json.dumps(document).encode()
    length = f"Content-Length: {len(body)}\r\n"
    return f"HTTP/1.1 {status}\r\n{length}{head}\r\n".encode() + body


@pytest.mark.parametrize(
    "document",
    [
        [],
        "models",
        7,
        None,
        {},
        {"models": 7},
        {"models": "llama"},
        {"models": {"name": "llama"}},
        {"models": ["llama"]},
        {"models": [None]},
        {"models": [{"name": "m"}, 3]},
    ],
)
async def test_a_list_of_another_shape_is_somebody_else(make: Make, document: object) -> None:
    async with answering(page(document)) as url:
        model = make(url=url)
        with pytest.raises(Unreachable, match="is not Ollama"):
            await model.chat(HELLO)
        assert (await model.status()).startswith("none: ")


@pytest.mark.parametrize("document", [{"models": None}, {"models": []}])
async def test_an_empty_list_says_how_to_get_a_model(make: Make, document: object) -> None:
    async with answering(page(document)) as url:
        with pytest.raises(ModelError, match="ollama pull"):
            await make(url=url).chat(HELLO)


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 400\r\n\r\n{",  # closed before its end
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnone",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + gzip.compress(b'{"models"')[:-9],
        b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n\xff\xfe\xff\xfe\xff\xfe",
        page({"error": "no"}, status="500 Internal Server Error"),
        page({"error": "no"}, status="401 Unauthorized"),
        page({}, status="307 Temporary Redirect", head="Location: http://127.0.0.1:1/\r\n"),
        b"HTTP/1.1 999 \r\n\r\n",
        b"\x16\x03\x01\x02\x00",  # TLS
    ],
)
async def test_an_answer_that_is_damaged_on_its_way_is_a_named_error(
    make: Make, answer: bytes
) -> None:
    async with answering(answer) as url:
        model = make(url=url, busy_wait=0.0)
        async with asyncio.timeout(PATIENCE):
            with pytest.raises(ModelError) as raised:
                await model.chat(HELLO)
        assert not str(raised.value).rstrip().endswith(":")  # it says something
