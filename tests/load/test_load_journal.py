"""What a load run created stands on the disk, and is deleted whatever became of the generators."""

import json

import pytest

from conformance.client import Client
from conformance.load.cleaning import Cleaned, clean, find_unanswered
from conformance.load.journal import Created, Journal, read
from conformance.recorder import Recorder
from mockserver.testing import promotion_mock


def test_the_journal_tells_what_is_left_and_what_was_never_answered(tmp_path):
    journal = Journal(tmp_path / "a")
    for name in ("one", "two", "three", "four"):
        journal.asked(name)
    journal.made("one", "/promotion/1")
    journal.made("two", "/promotion/2")
    journal.refused("three")
    journal.gone("/promotion/1")
    Journal(tmp_path / "b").made("a subscription", "/hub/9")
    found = read([tmp_path / "a", tmp_path / "b", tmp_path / "not there"])
    assert found == Created(3, ("/promotion/2", "/hub/9"), ("four",))


def test_a_line_is_on_the_disk_as_soon_as_it_is_written(tmp_path):
    Journal(tmp_path / "a").asked('a "name"\nof two lines')
    lines = (tmp_path / "a").read_text().splitlines()
    assert [json.loads(line) for line in lines] == [["asked", 'a "name"\nof two lines']]


@pytest.fixture
def mock():
    with promotion_mock() as running:
        yield running


def client_of(mock):
    return Client(mock.url, Recorder())


def test_everything_named_is_deleted_and_nothing_else(mock):
    mine = [mock.create(name=f"mine {number}")["id"] for number in range(20)]
    other = mock.create(name="other")["id"]
    cleaned = Cleaned()
    clean([f"/promotion/{one}" for one in mine], lambda: client_of(mock), cleaned)
    assert (cleaned.deleted, cleaned.left) == (20, [])
    assert [one["id"] for one in mock.promotions()] == [other]


def test_what_is_gone_already_counts_as_deleted(mock):
    cleaned = Cleaned()
    clean(["/promotion/nobody"], lambda: client_of(mock), cleaned)
    assert (cleaned.deleted, cleaned.left) == (1, [])


def test_what_the_target_does_not_delete_is_told(mock):
    identity = mock.create(name="mine")["id"]
    mock.faults(errors=[{"operation": "deletePromotion", "status": 500}])
    cleaned = Cleaned()
    clean([f"/promotion/{identity}"], lambda: client_of(mock), cleaned)
    assert (cleaned.deleted, cleaned.left) == (0, [f"/promotion/{identity}"])


def test_an_unanswered_create_is_found_by_its_exact_name(mock):
    mine = mock.create(name="tmf671-load-1 edited 1-1-1")["id"]
    mock.create(name="tmf671-load-1 edited 1-1-11")
    cleaned = Cleaned()
    found = find_unanswered(["tmf671-load-1 edited 1-1-1"], client_of(mock), cleaned)
    assert found == [f"/promotion/{mine}"]
    assert cleaned.created == 1


def test_a_target_that_ignores_the_filter_loses_nothing_of_others():
    with promotion_mock(defects=["filter-ignored"]) as mock:
        mock.create(name="somebody else's")
        cleaned = Cleaned()
        assert find_unanswered(["mine"], client_of(mock), cleaned) == []
        assert cleaned.left == []


def test_a_name_that_cannot_be_looked_for_is_told(mock):
    mock.faults(errors=[{"operation": "listPromotion", "status": 503}])
    cleaned = Cleaned()
    assert find_unanswered(["mine"], client_of(mock), cleaned) == []
    assert cleaned.left == ["perhaps a promotion named mine"]
