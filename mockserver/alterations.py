"""How defects and variants alter a behaviour."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from mockserver.behaviour import Behaviour
from mockserver.exchange import Answer, Call
from mockserver.store import Promotion

Install = Callable[[Behaviour], Behaviour]
Rewrite = Callable[[Call, Answer], Answer]
Change = Callable[[Any], Any]


def replacing(**seams: Any) -> Install:
    """Return an alteration that replaces whole seams."""
    return lambda behaviour: replace(behaviour, **seams)


def representing(change: Callable[[Promotion], Promotion]) -> Install:
    """Return an alteration of what clients see of every promotion, events included."""

    def install(behaviour: Behaviour) -> Behaviour:
        def represent(promotion: Promotion, root: str) -> Promotion:
            return change(behaviour.represent(promotion, root))

        return replace(behaviour, represent=represent)

    return install


def rewriting(rewrite: Rewrite, applies: Callable[[Call, Answer], bool]) -> Install:
    """Return an alteration of the answers to which it `applies`."""

    def install(behaviour: Behaviour) -> Behaviour:
        def answer(call: Call, given: Answer) -> Answer:
            given = behaviour.answer(call, given)
            return rewrite(call, given) if applies(call, given) else given

        return replace(behaviour, answer=answer)

    return install


def answering(*operations: str, rewrite: Rewrite) -> Install:
    """Return an alteration of the successful answers of these operations."""
    return rewriting(
        rewrite,
        lambda call, given: call.operation in operations and 200 <= given.status < 300,
    )


def refusing(rewrite: Rewrite, *statuses: int, operation: str | None = None) -> Install:
    """Return an alteration of the errors with these statuses, or of every one without any."""

    def applies(call: Call, given: Answer) -> bool:
        concerned = given.status in statuses if statuses else given.status >= 400
        return concerned and operation in {None, call.operation}

    return rewriting(rewrite, applies)


def status(code: int) -> Rewrite:
    """Return a rewrite that gives another status."""
    return lambda _call, given: replace(given, status=code)


def body(change: Change) -> Rewrite:
    """Return a rewrite of the body alone."""
    return lambda _call, given: replace(given, body=change(given.body))


def header(name: str, value: str | None) -> Rewrite:
    """Return a rewrite that sets a header, or leaves it out if the value is None."""

    def rewrite(_call: Call, given: Answer) -> Answer:
        kept = {key: old for key, old in given.headers.items() if key != name}
        return replace(given, headers=kept if value is None else {**kept, name: value})

    return rewrite


def without(*names: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """Return a change that leaves out first-level attributes."""
    return lambda given: {key: value for key, value in given.items() if key not in names}
