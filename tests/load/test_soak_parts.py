"""The parts of the soak: what it sends, what it keeps, how it judges."""

import asyncio
import sys
from pathlib import Path

import pytest

from mockserver.testing import promotion_mock

sys.path.insert(0, str(Path(__file__).parents[2] / "bench"))
try:
    import soak
    import soak_driver
    import soak_malformed
finally:
    sys.path.pop(0)


@pytest.fixture(scope="module")
def root():
    with promotion_mock(seed=3) as mock:
        yield mock.url


def flat(seconds, kib):
    return [(float(at), kib + (at % 3) * 40) for at in range(1, seconds)]


def test_memory_that_only_wavers_holds():
    assert soak.memory_row(flat(600, 60_000)).holds


def test_memory_that_grows_before_the_end_of_the_warm_up_holds():
    samples = [(at, kib - max(0, 150 - at) * 100) for at, kib in flat(600, 60_000)]
    assert soak.memory_row(samples).holds


def test_memory_that_goes_on_growing_does_not_hold():
    samples = [(at, kib + int(at * 20)) for at, kib in flat(600, 60_000)]
    row = soak.memory_row(samples)
    assert not row.holds
    assert "+8.7" in row.found


def test_a_promotion_that_is_lost_strange_or_different_is_no_consistent_state():
    there = {"1": {"id": "1"}, "2": {"id": "2"}}
    assert soak.state_row(there, dict(there)).holds
    row = soak.state_row(there, {"1": {"id": "1", "name": "x"}, "3": {"id": "3"}})
    assert not row.holds
    assert row.found == "2 promotions compared: 1 missing, 1 too many, 1 different"


def test_the_weights_make_one_request_in_a_hundred_malformed():
    weights = soak_driver._WEIGHTS
    assert weights["malformed"] + weights["broken"] == 10
    assert sum(weights.values()) == 1000


async def answered(driver, data):
    client = soak_driver.Client(driver, 0)
    wire = await client._connected()
    try:
        return (await wire.ask(data))[0]
    except soak_driver.Lost:
        return 0
    finally:
        wire.transport.close()


@pytest.mark.parametrize("what", list(soak_malformed.REFUSED))
def test_the_mock_refuses(root, what):
    driver = soak_driver.Driver(root, 1)
    data = soak_malformed.REFUSED[what](driver.root, driver.netloc)
    assert 400 <= asyncio.run(answered(driver, data)) < 500


@pytest.mark.parametrize("what", [one for one in soak_malformed.BROKEN if one != "half a request"])
def test_the_mock_refuses_what_is_no_http(root, what):
    driver = soak_driver.Driver(root, 1)
    data = soak_malformed.BROKEN[what](driver.root, driver.netloc)
    status = asyncio.run(answered(driver, data))
    assert status == 0 or 400 <= status < 500


async def driven(driver, seconds):
    load = asyncio.create_task(driver.run(4))
    await asyncio.sleep(seconds)
    driver.running = False
    await load


def test_the_driver_finds_no_fault_in_the_mock_and_knows_its_promotions(root):
    driver = soak_driver.Driver(root, 1)
    asyncio.run(driven(driver, 2))
    assert driver.surprises == {}
    assert driver.statuses[200] > 100
    there = asyncio.run(soak.everything(root))
    mine = {one: there[one] for one in there if there[one]["name"].startswith("soak ")}
    assert mine == driver.model
    assert len(mine) > 5


@pytest.mark.parametrize(
    ("defect", "found"),
    [("second-create-returns-first", "create"), ("filter-ignored", "search")],
)
def test_the_driver_sees_a_mock_that_has_a_defect(defect, found):
    with promotion_mock(defects=[defect]) as mock:
        driver = soak_driver.Driver(mock.url, 1)
        asyncio.run(driven(driver, 1.5))
    assert any(what.startswith(found) for what in driver.surprises)
