"""The fixtures that checks are given, each a thing in the target or the target itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

import specs
from conformance.conditions import status
from conformance.discovery import Capabilities
from conformance.event_story import Story
from conformance.listener import Listener
from conformance.outcomes import Blocked, ConditionFailed, NotApplicable
from conformance.samples import (
    NOTHING_TO_READ,
    SUBSCRIBE_CHECK,
    Group,
    Sample,
    Subscription,
    make,
    sample_of,
)
from conformance.suite import SuitePlugin
from conformance.target import Target, hub_path, identities_of, identity_of, promotion_path
from conformance.way_back import tell_if_reached

SERIES_ORDER = "caebd"


def _suite(request: pytest.FixtureRequest) -> SuitePlugin:
    plugin: Any = request.config.pluginmanager.getplugin("tmf671-suite")
    assert isinstance(plugin, SuitePlugin)
    return plugin


@pytest.fixture(scope="session")
def target(request: pytest.FixtureRequest) -> Target:
    """The implementation under test."""
    return _suite(request).target


@pytest.fixture(scope="session")
def capabilities(request: pytest.FixtureRequest) -> Capabilities:
    """What the target offers."""
    return _suite(request).capabilities


@pytest.fixture(scope="session")
def listener(request: pytest.FixtureRequest) -> Listener:
    """The receiver of events."""
    return _suite(request).listener


@pytest.fixture(scope="session")
def published(target: Target) -> specs.ApiDescription:
    """The target's own description, from --target-spec, without the published files' mistakes.

    Raises NotApplicable when none was given, ConditionFailed when it is no description of TMF671.
    """
    source = target.settings.target_spec
    if source is None:
        raise NotApplicable("no description of the target was given (--target-spec)")
    try:
        if source.startswith(("http://", "https://")):
            answer = status(target.client.send("GET", source), 200)
            found = specs.read(answer.content.decode("utf-8", "replace"), source)
        else:
            found = specs.load(source)
    except specs.SpecError as problem:
        raise ConditionFailed(
            f"the target's description cannot be read: {problem}",
            expected="a Swagger 2.0 or OpenAPI 3.x description with /promotion",
            observed=source,
        ) from None
    return replace(found, document=found.patched())


@pytest.fixture(scope="session")
def created(target: Target) -> Sample:
    """A promotion that the run created from the payload as it is; nobody changes it."""
    return make(target, target.promotion("sample"))


@pytest.fixture(scope="session")
def known(request: pytest.FixtureRequest, target: Target) -> Sample:
    """A promotion to read: `created`, or the first one that is there in a read-only run."""
    if not target.settings.read_only:
        sample: Sample = request.getfixturevalue("created")
        return sample
    answer = target.list((("limit", "1"),))
    try:
        items = answer.json() if answer.succeeded else None
    except ValueError:
        items = None
    if items == []:
        raise NotApplicable(NOTHING_TO_READ)
    if not isinstance(items, list) or not isinstance(items[0], dict) or "id" not in items[0]:
        raise Blocked("TMF671-LIST-200", "GET /promotion shows no promotion to read")
    name = str(items[0].get("name"))
    return Sample(str(items[0]["id"]), name, None, answer, (answer.exchange,))


@pytest.fixture
def fresh(request: pytest.FixtureRequest, target: Target) -> Iterator[Sample]:
    """A promotion of this check alone, to change or delete."""
    label = request.node.name.removeprefix("TMF671-").lower()
    sample = make(target, target.promotion(label, description="before"))
    yield sample
    if target.ledger.owns(promotion_path(sample.id)):
        target.delete(sample.id)


@pytest.fixture(scope="session")
def family(target: Target) -> Group:
    """Four promotions whose names and descriptions a loose comparison confuses.

    Names: one is the beginning of another, one differs in case only, one has the characters that
    queries are made of, and none is ASCII only. The first two share their description.
    """
    mark = target.mark
    shared, other = f"{mark} shared words", f"{mark} other words"
    return Group(
        tuple(
            make(target, target.promotion("", name=name, description=description))
            for name, description in (
                (f"{mark} 五折 spring", shared),
                (f"{mark} 五折 spring sale", shared),
                (f"{mark} 五折 SPRING", other),
                (f'{mark} 007 🎁 100% é & a=b + "c"', other),
            )
        )
    )


@pytest.fixture(scope="session")
def series(target: Target) -> Group:
    """Five promotions of one name, so that a filter gives a list of known length.

    Their descriptions end with SERIES_ORDER, a letter each, so that sorting by description gives
    another order than that of creation. Raises NotApplicable where names must be unique, Blocked
    where the filter by name does not give this list, so that pages of it cannot be judged.
    """
    name = f"{target.mark} series"
    members: list[Sample] = []
    for letter in SERIES_ORDER:
        promotion = target.promotion("", name=name, description=f"{target.mark} {letter}")
        answer = target.create(promotion)
        if answer.status == 409 and members:
            raise NotApplicable("the target refuses two promotions of one name")
        members.append(sample_of(answer, promotion))
    group = Group(tuple(members))
    listed = target.list((("name", name),))
    found = identities_of(listed)
    if not found or set(found) - set(group.ids):
        raise Blocked("TMF671-FILTER-NAME", "the filter by name does not give the run's promotions")
    return group


@pytest.fixture
def subscription(target: Target, listener: Listener) -> Iterator[Subscription]:
    """A subscription of this check alone, removed when the check is over."""
    callback = listener.channel().url
    answer = target.subscribe(callback)
    identity = identity_of(answer) if answer.succeeded else None
    if identity is None:
        raise Blocked(SUBSCRIBE_CHECK, f"POST /hub was answered {answer.status}")
    yield Subscription(identity, callback, answer)
    if target.ledger.owns(hub_path(identity)):
        target.unsubscribe(identity)


@pytest.fixture(scope="session")
def story(request: pytest.FixtureRequest, target: Target, listener: Listener) -> Story:
    """What happened at a subscribed callback while a promotion lived: see event_story."""
    return tell_if_reached(target, listener, _suite(request).capabilities)
