"""A load run as data."""

import pytest

from reports.load_histogram import bucket
from reports.load_results import (
    Cleanup,
    Failure,
    Figures,
    Generator,
    LoadResults,
    Slot,
    Tally,
    Threshold,
)


def tally(requests, failed, latency):
    return Tally(
        requests=requests,
        failed=failed,
        bytes=100 * requests,
        max_ms=latency * 3,
        latencies={bucket(latency): requests - 2, bucket(latency * 3): 2},
    )


@pytest.fixture
def load_results():
    """A run of a minute with some failures, whose threshold for p95 was not met."""
    slots = tuple(
        Slot(
            start=float(second),
            users=min(20, 4 * (second + 1)),
            operations={
                "list": tally(100 + second % 7, 0, 20.0 + second % 5),
                "create": tally(20, 1 if second > 40 else 0, 45.0),
            },
        )
        for second in range(60)
    )
    listed = Figures(
        requests=5670, failed=0, rate=103.1, p50=22.0, p95=25.0, p99=66.0, maximum=75.0
    )
    created = Figures(
        requests=1100, failed=19, rate=20.0, p50=45.0, p95=135.0, p99=135.0, maximum=135.0
    )
    return LoadResults(
        tool="tmf671",
        version="1.2.3",
        started="2026-11-25T10:00:00.123456Z",
        duration=60.0,
        interrupted=False,
        url="https://crm.example.com/v4",
        options={
            "users": 20,
            "rate": None,
            "think_time": 0.1,
            "read_only": False,
            "mix": {"browse": 80, "create": 20},
        },
        generator=Generator(locust="2.47.0", python="3.11.7", workers=2),
        slot_length=1.0,
        slots=slots,
        ramp_up=5.0,
        counted_from=5.0,
        counted_to=60.0,
        total=Figures(
            requests=6770, failed=19, rate=123.1, p50=23.0, p95=45.0, p99=135.0, maximum=135.0
        ),
        operations={"list": listed, "create": created},
        statuses={"list": {"200": 6170}, "create": {"201": 1181, "503": 17, "0": 2}},
        failures=(
            Failure(operation="create", cause="answered 503", count=17),
            Failure(operation="create", cause="timed out", count=2),
        ),
        events=321,
        cleanup=Cleanup(created=1200, deleted=1198, left=("/promotion/7", "/promotion/9")),
        thresholds=(
            Threshold(name="p95", asked="at most 40.0 ms", found="45.0 ms", met=False),
            Threshold(name="errors", asked="at most 1 %", found="0.26 % (19 of 7,370)", met=True),
        ),
        verdict="not-met",
        notes=("Left out, since it is not offered or cannot be reached: patch.",),
    )
