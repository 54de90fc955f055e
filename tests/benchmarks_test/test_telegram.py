"""The benchmark's arithmetic, and its yardstick at work in a small size."""

from __future__ import annotations

import os
from typing import Any

import pytest

from benchmarks.telegram import (
    AIMS,
    Echo,
    latency,
    memory_of,
    processor_seconds,
    ratios,
    table,
    throughput,
)


def found(per_second: float = 500.0) -> dict[str, Any]:
    result: dict[str, Any] = {
        "throughput_octopus": {"per_second": per_second},
        "throughput_echo": {"per_second": 1000.0},
        "latency_octopus": {"reply_p50_ms": 3.0},
        "latency_echo": {"reply_p50_ms": 2.0},
        "start": {"p50_s": 1.0},
        "import": {"p50_s": 2.5},
        "memory_idle": {"rss_mb": 90.0, "pss_mb": 80.0},
        "memory_import": {"rss_mb": 180.0, "pss_mb": 160.0},
        "processor_idle": {"percent": 0.1},
    }
    result["ratios"] = ratios(result)
    return result


def test_ratios() -> None:
    assert found()["ratios"] == {
        "throughput": 0.5,
        "latency": 1.5,
        "start": 0.4,
        "rss": 0.5,
        "pss": 0.5,
        "idle_percent": 0.1,
    }
    assert set(found()["ratios"]) == set(AIMS)


def test_a_missed_aim_is_said() -> None:
    assert "MISSED" not in table(found())
    assert table(found(per_second=499.0)).count("MISSED") == 1


def test_what_the_system_says_of_a_process() -> None:
    mine = memory_of(os.getpid())
    assert 5 < mine["pss_mb"] <= mine["rss_mb"] < 4096
    assert processor_seconds(os.getpid()) > 0


@pytest.mark.process
async def test_the_yardstick_answers_everything() -> None:
    result = await throughput(Echo, 30)
    assert result["messages"] == 30
    assert result["per_second"] > 0
    slow = await latency(Echo, 5)
    assert 0 < slow["first_sign_p50_ms"] <= slow["reply_p50_ms"] <= slow["reply_p95_ms"]
