"""How defects and variants alter a behaviour."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from mockserver.behaviour import Behaviour, Conduct, Surroundings
from mockserver.errors import ProblemError
from mockserver.exchange import Answer, Call
from mockserver.store import Promotion

if TYPE_CHECKING:
    from jsonschema.protocols import Validator


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


def rewriting_all(rewrite: Rewrite) -> Install:
    """Return an alteration of every answer."""
    return rewriting(rewrite, lambda _call, _answer: True)


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


def failing(applies: Callable[[Call], bool]) -> Install:
    """Return an alteration by which calls to which it `applies` meet a fault of the server."""
    fault = ProblemError(500, "unexpected condition").answer()
    return rewriting(lambda _call, _given: fault, lambda call, _given: applies(call))


def refusing_new(refuses: Callable[[Promotion], bool], code: int, reason: str) -> Install:
    """Return an alteration by which new promotions that it `refuses` are refused with `code`."""

    def install(behaviour: Behaviour) -> Behaviour:
        def validate(promotion: Promotion, validator: "Validator") -> None:
            # Only the result of a PATCH has an href.
            if "href" not in promotion and refuses(promotion):
                raise ProblemError(code, reason)
            behaviour.validate(promotion, validator)

        return replace(behaviour, validate=validate)

    return install


def conducting(*operations: str, conduct: Conduct) -> Install:
    """Return an alteration of how calls to these operations are carried out."""

    def install(behaviour: Behaviour) -> Behaviour:
        async def conducted(tenant: Surroundings, call: Call, work: Callable[[], Answer]) -> Answer:
            if call.operation in operations:
                return await conduct(tenant, call, work)
            return (
                work() if behaviour.conduct is None else await behaviour.conduct(tenant, call, work)
            )

        return replace(behaviour, conduct=conducted)

    return install
