from types import SimpleNamespace

from conformance.cleaning import Cleaning
from conformance.ledger import Ledger
from conformance.outcomes import ConditionFailed, CredentialsRefused, TransportError

MARK = "tmf671-check-1f2e3d4c"


def answer(status):
    return SimpleNamespace(status=status, succeeded=200 <= status < 300)


def nothing(_name):
    return []


def ledger_of(*paths):
    ledger = Ledger()
    for path in paths:
        ledger.add(path)
    return ledger


def left(cleanup):
    return [(leftover.url, leftover.reason) for leftover in cleanup.left]


def test_what_is_left_is_deleted_newest_first():
    ledger, deleted = ledger_of("/promotion/1", "/hub/2", "/promotion/3"), []
    ledger.remove("/hub/2")

    def delete(path):
        deleted.append(path)
        return answer(204)

    cleanup = Cleaning(ledger, delete, nothing, MARK).done()
    assert deleted == ["/promotion/3", "/promotion/1"]
    assert (cleanup.created, cleanup.deleted, cleanup.left) == (3, 3, ())


def test_what_cannot_be_deleted_is_told_with_its_reason():
    def delete(path):
        if path.endswith("unreachable"):
            raise TransportError("reset")
        return answer(404 if path.endswith("gone") else 405)

    ledger = ledger_of("/promotion/refused", "/promotion/gone", "/promotion/unreachable")
    cleanup = Cleaning(ledger, delete, nothing, MARK).done()
    assert (cleanup.created, cleanup.deleted) == (3, 1)
    assert left(cleanup) == [
        ("/promotion/unreachable", "reset"),
        ("/promotion/refused", "DELETE was answered 405"),
    ]


def test_a_target_that_is_gone_is_asked_three_times():
    asked = []

    def delete(path):
        asked.append(path)
        raise TransportError("timed out")

    cleanup = Cleaning(
        ledger_of(*(f"/promotion/{n}" for n in range(100))), delete, nothing, MARK
    ).done()
    assert asked == ["/promotion/99", "/promotion/98", "/promotion/97"]
    assert len(cleanup.left) == 100
    assert left(cleanup)[3:5] == [
        ("/promotion/96", "not tried: the target no longer answers"),
        ("/promotion/95", "not tried: the target no longer answers"),
    ]


def test_a_target_that_answers_in_between_is_asked_on():
    def delete(path):
        if path[-1] in "02468":
            return answer(204)
        raise TransportError("reset")

    cleanup = Cleaning(
        ledger_of(*(f"/promotion/{n}" for n in range(10))), delete, nothing, MARK
    ).done()
    assert cleanup.deleted == 5
    assert {reason for _, reason in left(cleanup)} == {"reset"}


def test_refused_credentials_end_the_pass():
    def delete(_path):
        raise CredentialsRefused("the credentials are accepted no longer")

    cleanup = Cleaning(ledger_of("/promotion/1", "/promotion/2"), delete, nothing, MARK).done()
    assert left(cleanup) == [
        ("/promotion/2", "the credentials are accepted no longer"),
        ("/promotion/1", "not tried: the credentials are accepted no longer"),
    ]


def test_an_interrupt_ends_the_pass_and_tells_what_is_left():
    def delete(path):
        if path == "/promotion/1":
            raise KeyboardInterrupt
        return answer(204)

    cleanup = Cleaning(ledger_of(*(f"/promotion/{n}" for n in range(3))), delete, nothing, MARK)
    done = cleanup.done()
    assert done.deleted == 1
    assert left(done) == [
        ("/promotion/1", "cleaning was interrupted"),
        ("/promotion/0", "cleaning was interrupted"),
    ]


def test_cleaning_that_was_given_up_sends_nothing():
    def delete(_path):
        raise AssertionError("nothing is sent")

    cleanup = Cleaning(ledger_of("/promotion/1"), delete, nothing, MARK).done(given_up=True)
    assert left(cleanup) == [("/promotion/1", "cleaning was interrupted")]


def test_a_create_without_an_answer_is_looked_for_by_its_name():
    ledger, deleted = Ledger(), []
    ledger.announce(f"{MARK} lost")
    ledger.announce(f"{MARK} never arrived")
    found = {f"{MARK} lost": ["/promotion/7"]}

    def delete(path):
        deleted.append(path)
        return answer(204)

    pauses = []
    cleanup = Cleaning(ledger, delete, lambda name: found.get(name, []), MARK, pauses.append).done()
    assert pauses == [2.0]
    assert deleted == ["/promotion/7"]
    assert (cleanup.created, cleanup.deleted, cleanup.left) == (1, 1, ())
    assert dict(ledger.lost) == {}


def test_two_creates_of_one_name_are_both_found():
    ledger, asked = Ledger(), []
    for _ in range(2):
        ledger.announce(f"{MARK} series")

    def find(name):
        asked.append(name)
        return ["/promotion/1", "/promotion/2"]

    cleanup = Cleaning(ledger, lambda _path: answer(204), find, MARK).done()
    assert asked == [f"{MARK} series"]
    assert (cleanup.created, cleanup.deleted, cleanup.left) == (2, 2, ())


def test_what_has_not_the_runs_mark_is_never_looked_for():
    ledger = Ledger()
    ledger.announce("Summer sale")
    ledger.announce(None)

    def find(_name):
        raise AssertionError("a customer's name is not looked for")

    cleanup = Cleaning(ledger, lambda _path: answer(204), find, MARK).done()
    assert left(cleanup) == [
        ("2 creates without the run's mark", "no answer came: it may be there")
    ]


def test_a_create_without_an_id_that_cannot_be_found_is_told():
    ledger = Ledger()
    ledger.add_unnamed(ledger.announce(f"{MARK} no id"))
    cleanup = Cleaning(ledger, lambda _path: answer(204), nothing, MARK).done()
    assert left(cleanup) == [(f"promotions named '{MARK} no id'", "the target told no id")]
    assert (cleanup.created, cleanup.deleted) == (1, 0)


def test_a_list_that_cannot_be_read_leaves_the_create_in_question():
    ledger = Ledger()
    ledger.announce(f"{MARK} lost")

    def find(_name):
        raise ConditionFailed("the status is wrong", 200, 500)

    cleanup = Cleaning(ledger, lambda _path: answer(204), find, MARK).done()
    assert left(cleanup) == [
        (
            f"promotions named '{MARK} lost'",
            "no answer came: it may be there (the status is wrong)",
        )
    ]


def test_a_subscription_whose_id_is_not_known_is_told():
    ledger = Ledger()
    ledger.announce_subscription("http://127.0.0.1:1/x")
    cleanup = Cleaning(ledger, lambda _path: answer(204), nothing, MARK).done()
    assert left(cleanup) == [
        ("/hub (callback http://127.0.0.1:1/x)", "its id is not known: it may be there")
    ]


def test_a_create_that_is_still_carried_out_is_looked_for_again():
    ledger, there = Ledger(), []
    ledger.announce(f"{MARK} late")

    def find(_name):
        return list(there)

    def wait(_seconds):
        there.append("/promotion/9")

    cleanup = Cleaning(ledger, lambda _path: answer(204), find, MARK, wait).done()
    assert (cleanup.created, cleanup.deleted, cleanup.left) == (1, 1, ())
