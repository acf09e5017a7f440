import pytest

from conformance.ledger import ForeignWrite, Ledger
from conformance.ledger_file import Created, Creating, Deleted, Settled, Subscribing
from conformance.outcomes import RunEnded


class Disk:
    """A ledger file in memory that is full after some lines."""

    path = "ledger.jsonl"

    def __init__(self, room=1000):
        self.lines = []
        self.room = room

    def write(self, record):
        if len(self.lines) == self.room:
            raise OSError(28, "No space left on device")
        self.lines.append(record)


def test_only_what_the_run_created_is_owned():
    ledger = Ledger()
    ledger.remove("/promotion/other")
    ledger.add("/promotion/1")
    assert ledger.owns("/promotion/1")
    assert not ledger.owns("/promotion/other")
    assert ledger.deleted == 0


def test_what_the_run_did_not_create_is_not_touched():
    ledger = Ledger()
    with pytest.raises(ForeignWrite, match="/promotion/customers was not created by this run"):
        ledger.guard("/promotion/customers")


def test_what_was_created_may_be_touched_also_when_it_is_gone():
    ledger = Ledger()
    ledger.add("/promotion/1")
    ledger.remove("/promotion/1")
    ledger.guard("/promotion/1")
    assert ledger.live == ()


def test_an_id_that_was_made_up_may_be_asked_for():
    ledger = Ledger()
    ledger.free("/hub/999")
    ledger.guard("/hub/999")
    with pytest.raises(ForeignWrite):
        ledger.guard("/hub/998")


def test_every_step_stands_on_the_disk_in_its_order():
    disk = Disk()
    ledger = Ledger(disk)
    first, second = ledger.announce("mark a"), ledger.announce("mark b")
    ledger.add("/promotion/1", first)
    ledger.settle(second)
    third = ledger.announce_subscription("http://127.0.0.1:1/x")
    ledger.add("/hub/2", third)
    ledger.remove("/promotion/1")
    assert disk.lines == [
        Creating(first, "mark a"),
        Creating(second, "mark b"),
        Created(first, "/promotion/1"),
        Settled(second),
        Subscribing(third, "http://127.0.0.1:1/x"),
        Created(third, "/hub/2"),
        Deleted("/promotion/1"),
    ]
    assert (ledger.created, ledger.deleted) == (2, 1)
    assert (dict(ledger.lost), dict(ledger.subscriptions)) == ({}, {})


def test_what_cannot_be_noted_is_not_created():
    ledger = Ledger(Disk(room=0))
    with pytest.raises(RunEnded, match="No space left on device"):
        ledger.announce("mark a")
    assert dict(ledger.lost) == {}
    with pytest.raises(RunEnded):
        ledger.announce_subscription("http://127.0.0.1:1/x")


def test_what_happened_is_remembered_even_when_it_cannot_be_noted():
    ledger = Ledger(Disk(room=1))
    number = ledger.announce("mark a")
    ledger.add("/promotion/1", number)
    assert ledger.live == ("/promotion/1",)
    ledger.remove("/promotion/1")
    assert ledger.live == ()


def test_a_create_without_an_answer_stays_in_question():
    ledger = Ledger()
    number = ledger.announce("mark a")
    assert dict(ledger.lost) == {number: "mark a"}
    assert ledger.created == 0
    ledger.add("/promotion/1", number)
    assert dict(ledger.lost) == {}


def test_a_create_that_told_no_id_counts_once_when_it_is_found():
    ledger = Ledger()
    number = ledger.announce("mark a")
    ledger.add_unnamed(number)
    assert (ledger.created, dict(ledger.unnamed)) == (1, {number: "mark a"})
    ledger.add("/promotion/1", number)
    assert (ledger.created, dict(ledger.unnamed)) == (1, {})
