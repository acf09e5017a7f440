"""Whether the absence of events says something about the target."""

import threading
from urllib.parse import urlsplit

import pytest
import requests
from hostile import Hostile

from conformance.judging import run
from conformance.listener import Listener
from conformance.outcomes import SwitchedOff
from conformance.reception import Reception
from conformance.recorder import Recorder
from conformance.settings import Settings
from conformance.way_back import comes_back, no_way_back, tell_if_reached
from mockserver.embedded import running_mock
from mockserver.settings import Settings as MockSettings

FAR = "http://192.0.2.1/v4"


@pytest.mark.parametrize(
    ("loopback", "told", "answered", "reached", "words"),
    [
        (True, False, None, False, None),
        (True, False, None, True, None),
        (False, False, None, True, None),
        (False, True, None, False, None),
        (False, True, True, False, None),
        (False, True, False, True, None),
        (False, False, None, False, "may not reach this machine; give --callback-url"),
        (False, True, False, False, "nor did a request of our own by --callback-url"),
        (True, True, False, False, "nor did a request of our own by --callback-url"),
    ],
)
def test_absence_counts_only_where_there_is_a_way_back(loopback, told, answered, reached, words):
    reason = no_way_back(loopback=loopback, told=told, answered=answered, reached=reached)
    assert (reason is None) if words is None else (words in reason)


@pytest.fixture
def listener():
    made = Listener(Recorder(), FAR, reception=Reception(host="127.0.0.1"))
    yield made
    made.close()


def test_our_own_listener_is_recognised_through_its_public_address(listener):
    callback = listener.channel().url
    assert comes_back(callback, Settings(url=FAR))
    assert not comes_back(callback + "x", Settings(url=FAR))
    assert not comes_back("http://127.0.0.1:1/x", Settings(url=FAR))


class Telling:
    """A target that tells its events by `come`, and a story without content."""

    def __init__(self, **settings):
        self.settings = Settings(url=FAR, **settings)


class Told:
    deadline = 0.0


@pytest.fixture
def told(monkeypatch):
    """Let the story be what is given here; it ends at once."""

    def by(come):
        def tell(_target, listener, _capabilities):
            come(listener)
            return Told()

        monkeypatch.setattr("conformance.way_back.tell", tell)

    return by


def test_without_anything_at_the_listener_of_a_far_target_events_are_left_out(listener, told):
    told(lambda _listener: None)
    with pytest.raises(SwitchedOff, match="may not reach this machine"):
        tell_if_reached(Telling(), listener, None)


def test_any_request_shows_that_there_is_a_way(listener, told):
    told(lambda one: requests.get(f"http://127.0.0.1:{one.port}/", timeout=5))
    assert isinstance(tell_if_reached(Telling(), listener, None), Told)


def test_a_way_that_the_user_names_and_that_answers_is_believed(listener, told):
    told(lambda _listener: None)
    public = f"http://127.0.0.1:{listener.port}"
    target = Telling(callback_url=public)
    assert isinstance(tell_if_reached(target, listener, None), Told)
    target = Telling(reception=Reception(host="127.0.0.1"))
    assert isinstance(tell_if_reached(target, listener, None), Told)


def test_a_callback_url_that_leads_elsewhere_is_no_way_back(told):
    told(lambda _listener: None)
    astray = "http://127.0.0.1:1/tunnel"
    listener = Listener(Recorder(), FAR, public_url=astray, reception=Reception(port=0))
    with pytest.raises(SwitchedOff, match="does it lead to --listener-port"):
        tell_if_reached(Telling(callback_url=astray), listener, None)
    listener.close()


def test_an_event_that_is_on_its_way_is_waited_for(listener, told, monkeypatch):
    import time

    def later(one):
        url = f"http://127.0.0.1:{one.port}/"
        threading.Timer(0.5, lambda: requests.get(url, timeout=5)).start()

    told(later)
    monkeypatch.setattr(Told, "deadline", time.monotonic() + 5)
    assert isinstance(tell_if_reached(Telling(), listener, None), Told)


def judged(url, **options):
    """Return the outcome and the message of the checks of events that were carried out."""
    results = run(url, select=["TMF671-EVENT-*"], fuzz=0, event_timeout=1, **options)
    checks = {check.id: check for check in results.checks if check.section == "events"}
    return {name: checks[f"TMF671-EVENT-{name}"] for name in ("CREATE", "DELETE", "SCHEMA")}


def behind_a_proxy(mock_url):
    """A proxy to the mock by a name that is not of this machine, with the mock's own events."""

    def mode(server, connection, request, _number):
        method, path, headers, body = request
        parts = urlsplit(path)
        local = parts.path + (f"?{parts.query}" if parts.query else "")
        connection.sendall(server._from_upstream((method, local, headers, body)))
        return True

    return Hostile(mode, mock_url)


SILENT = ("no-create-event", "no-delete-event", "no-change-event")


@pytest.mark.parametrize("defects", [(), SILENT])
def test_a_far_target_is_judged_by_its_events_when_one_came(defects):
    with running_mock(MockSettings(seed=3, defects=defects)) as url, behind_a_proxy(url) as proxy:
        far = f"http://crm.invalid{urlsplit(url).path}"
        of_far = judged(far, connection={"proxy": f"http://127.0.0.1:{proxy.port}"})
        of_near = judged(url)
    expected = ("skipped", "failed") if defects else ("passed", "passed")
    assert (of_far["CREATE"].outcome, of_near["CREATE"].outcome) == expected
    assert (of_far["DELETE"].outcome, of_near["DELETE"].outcome) == expected
    if defects:
        assert of_near["SCHEMA"].outcome == "blocked"
        assert {check.outcome for check in of_far.values()} == {"skipped"}
        assert {"may not reach this machine" in check.message for check in of_far.values()} == {
            True
        }
