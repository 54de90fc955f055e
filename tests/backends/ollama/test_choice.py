"""Which model is taken when none is named."""

from __future__ import annotations

import pytest

from octopus.backends.ollama.choice import Installed, choose, full, installed, is_cloud


def names(*models: Installed, allow_cloud: bool = False) -> str:
    """The chosen one's name, "" for none."""
    found = choose(models, allow_cloud=allow_cloud)
    return found.name if found else ""


SMALL = Installed("qwen3:0.6b", billions=0.6)
RIGHT = Installed("qwen3:4b", billions=4.0)
LARGE = Installed("qwen3:8b", billions=8.2)
HUGE = Installed("llama3.3:70b", billions=70.6)
CODE = Installed("qwen2.5-coder:3b", billions=3.1)
EMBEDS = Installed("embeddinggemma:latest", billions=0.3, chats=False)
CLOUD = Installed("gpt-oss:120b-cloud", billions=120, cloud=True)


def test_the_largest_comfortable_one() -> None:
    assert names(HUGE, SMALL, RIGHT, LARGE, CODE, EMBEDS) == "qwen3:4b"


def test_else_the_smallest() -> None:
    assert names(HUGE, LARGE) == "qwen3:8b"


def test_a_specialist_only_when_there_is_no_other() -> None:
    assert names(CODE, HUGE) == "llama3.3:70b"
    assert names(CODE, EMBEDS) == "qwen2.5-coder:3b"


def test_never_one_that_cannot_chat() -> None:
    assert names(EMBEDS) == ""
    assert names() == ""


def test_a_cloud_model_only_when_allowed_and_then_last() -> None:
    assert names(CLOUD) == ""
    assert names(CLOUD, allow_cloud=True) == "gpt-oss:120b-cloud"
    assert names(CLOUD, HUGE, allow_cloud=True) == "llama3.3:70b"


@pytest.mark.parametrize(
    ("name", "cloud"),
    [
        ("gpt-oss:120b-cloud", True),
        ("kimi-k2:cloud", True),
        ("qwen3:4b", False),
        ("cloudy:latest", False),
        ("my-cloud", False),  # my-cloud:latest
        ("registry.home:5000/library/qwen3", False),
    ],
)
def test_cloud_by_its_name(name: str, cloud: bool) -> None:
    assert is_cloud(name) is cloud


def test_names_with_and_without_tag() -> None:
    assert full("qwen3") == "qwen3:latest"
    assert full("qwen3:4b") == "qwen3:4b"
    assert full("host:5000/qwen3") == "host:5000/qwen3:latest"


def test_an_entry_of_the_list() -> None:
    entry = {"name": "a:1b", "digest": "ab", "details": {"parameter_size": "999.89M"}}
    found = installed(entry | {"capabilities": ["completion", "tools"]})
    assert (found.name, found.digest, found.chats, found.cloud) == ("a:1b", "ab", True, False)
    assert found.billions == pytest.approx(0.99989)
    assert not installed(entry | {"capabilities": ["embedding"]}).chats
    assert installed(entry | {"remote_host": "https://ollama.com"}).cloud


@pytest.mark.parametrize("name", ["nomic-embed-text:latest", "all-minilm:22m", "bge-m3:latest"])
def test_older_servers_do_not_say_what_a_model_can_do(name: str) -> None:
    assert not installed({"name": name}).chats
    assert installed({"name": "llama3.2:3b"}).chats


def test_the_size_of_the_file_stands_in_for_the_parameters() -> None:
    assert installed({"name": "x", "size": 2_600_000_000}).billions == pytest.approx(4.0)
    assert installed({"model": "y", "details": None, "size": None}).name == "y"
