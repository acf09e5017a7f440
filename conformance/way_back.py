"""Whether events can reach this machine: without a way back their absence is no finding."""

from __future__ import annotations

import time

from conformance.client import Client
from conformance.connection import Connection
from conformance.discovery import Capabilities
from conformance.event_story import Story, tell
from conformance.listener import RECOGNISED_BY, Listener
from conformance.outcomes import SwitchedOff, TransportError
from conformance.recorder import Recorder
from conformance.settings import Settings, is_loopback
from conformance.target import Target

_POLL = 0.1


def no_way_back(*, loopback: bool, told: bool, answered: bool | None, reached: bool) -> str | None:
    """Return why the absence of events says nothing about the target; None when it does.

    `loopback` is a target on this machine; `told` that the user said how the listener is reached;
    `answered` whether the listener could be reached by its public URL, None when there is none;
    `reached` whether anything connected to the listener while events were to come.
    """
    if reached:
        return None
    if answered is False:
        return (
            "no event reached the listener, nor did a request of our own by --callback-url: "
            "does it lead to --listener-port of this machine?"
        )
    if loopback or told:
        return None
    return (
        "no event reached the listener: the target may not reach this machine; "
        "give --callback-url or --listener-host"
    )


def comes_back(callback: str, settings: Settings) -> bool:
    """Tell whether a GET of a channel's public URL is answered by our own listener."""
    connection = Connection(
        insecure=True,  # who answers is told by the channel's unguessable path
        proxy=settings.connection.proxy,
        connect_timeout=5.0,
        total_timeout=10.0,
        retries=1,
    )
    client = Client(callback, Recorder(), timeout=5.0, connection=connection)
    try:
        answer = client.send("GET", callback, patient=False)
    except TransportError:
        return False
    finally:
        client.close()
    return answer.header(RECOGNISED_BY) == callback.rsplit("/", 1)[-1]


def tell_if_reached(target: Target, listener: Listener, capabilities: Capabilities) -> Story:
    """Return the story when there is a way back.

    Raises SwitchedOff with the reason when there is none, Blocked when nothing can be subscribed.
    """
    settings = target.settings
    public = settings.callback_url
    answered = None if public is None else comes_back(listener.channel().url, settings)
    before = listener.connections
    story = tell(target, listener, capabilities)
    loopback = is_loopback(settings.url)
    told = public is not None or settings.reception.host is not None
    while True:
        reached = listener.connections > before
        reason = no_way_back(loopback=loopback, told=told, answered=answered, reached=reached)
        if reason is None:
            return story
        if time.monotonic() >= story.deadline:
            raise SwitchedOff(reason)
        time.sleep(_POLL)
