from types import SimpleNamespace

from conformance.ledger import Ledger
from conformance.outcomes import TransportError


def answer(status):
    return SimpleNamespace(status=status, succeeded=200 <= status < 300)


def test_what_is_left_is_deleted_newest_first():
    ledger, deleted = Ledger(), []
    for path in ("/promotion/1", "/hub/2", "/promotion/3"):
        ledger.add(path)
    ledger.remove("/hub/2")

    def delete(path):
        deleted.append(path)
        return answer(204)

    cleanup = ledger.clean(delete)
    assert deleted == ["/promotion/3", "/promotion/1"]
    assert (cleanup.created, cleanup.deleted, cleanup.left) == (3, 3, ())


def test_what_cannot_be_deleted_is_told_with_its_reason():
    ledger = Ledger()
    ledger.add("/promotion/refused")
    ledger.add("/promotion/gone")
    ledger.add("/promotion/unreachable")
    ledger.add_unnamed("POST /promotion (exchange 7)")

    def delete(path):
        if path.endswith("unreachable"):
            raise TransportError("reset")
        return answer(404 if path.endswith("gone") else 405)

    cleanup = ledger.clean(delete)
    assert (cleanup.created, cleanup.deleted) == (4, 1)
    assert [(left.url, left.reason) for left in cleanup.left] == [
        ("/promotion/unreachable", "reset"),
        ("/promotion/refused", "DELETE was answered 405"),
        ("1 creates, the first POST /promotion (exchange 7)", "the target told no id"),
    ]


def test_only_what_the_run_created_is_owned():
    ledger = Ledger()
    ledger.remove("/promotion/other")
    ledger.add("/promotion/1")
    assert ledger.owns("/promotion/1")
    assert not ledger.owns("/promotion/other")
    assert ledger.deleted == 0


def test_an_interrupt_ends_the_cleaning_and_tells_what_is_left():
    ledger = Ledger()
    for number in range(3):
        ledger.add(f"/promotion/{number}")

    def delete(path):
        if path == "/promotion/1":
            raise KeyboardInterrupt
        return answer(204)

    cleanup = ledger.clean(delete)
    assert cleanup.deleted == 1
    assert [left.url for left in cleanup.left] == ["/promotion/1", "/promotion/0"]
