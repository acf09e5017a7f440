"""The promotions that checks look at, with the exchanges that made them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from conformance.client import Answer
from conformance.outcomes import Blocked
from conformance.target import Target, identity_of
from reports.results import Exchange

CREATE_CHECK = "TMF671-CREATE-201"
SUBSCRIBE_CHECK = "TMF671-HUB-201"
NOTHING_TO_READ = "the target holds no promotion to read"


@dataclass(frozen=True)
class Sample:
    """A promotion in the target.

    `sent` is what was posted, None for one that was there before; `answer` is the answer that
    first showed it; `exchanges` are the evidence that checks on it cite.
    """

    id: str
    name: str
    sent: dict[str, Any] | None
    answer: Answer
    exchanges: tuple[Exchange, ...]


def make(target: Target, promotion: dict[str, Any]) -> Sample:
    """Create a promotion to test other things with. Raises Blocked as `sample_of` does."""
    return sample_of(target.create(promotion), promotion)


def sample_of(answer: Answer, promotion: dict[str, Any]) -> Sample:
    """Return the promotion that an answer to POST says was created.

    Lenient on purpose: any 2xx that tells an id will do, so that one fault in POST is one failed
    check and not many. Raises Blocked when there is no id to go on with.
    """
    identity = identity_of(answer) if answer.succeeded else None
    if identity is None:
        raise Blocked(
            CREATE_CHECK,
            f"POST /promotion was answered {answer.status}"
            + ("" if not answer.succeeded else " without telling an id"),
        )
    return Sample(identity, str(promotion["name"]), promotion, answer, (answer.exchange,))


@dataclass(frozen=True)
class Group:
    """Several samples that belong together."""

    members: tuple[Sample, ...]

    @property
    def ids(self) -> list[str]:
        """Their ids, in the order of creation."""
        return [member.id for member in self.members]

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        """The evidence of all."""
        return tuple(exchange for member in self.members for exchange in member.exchanges)

    def __getitem__(self, number: int) -> Sample:
        return self.members[number]


@dataclass(frozen=True)
class Subscription:
    """A subscription in the target's hub, and the callback that was given for it."""

    id: str
    callback: str
    answer: Answer

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        """The evidence."""
        return (self.answer.exchange,)
