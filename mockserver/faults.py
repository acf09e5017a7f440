"""Misbehaviour of the network and of the server, on demand and the same for the same seed.

A refusal takes the place of the operation, so nothing changes. What harms an answer comes after the
operation has been carried out: as on a real network, the client cannot know whether it was.
"""

import math
import random
import time
from collections import deque
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from mockserver.errors import ProblemError
from mockserver.exchange import Answer

ANY = "*"

Harm = Literal["drop", "halfSent", "malformedJson"]

_HARMS: tuple[Harm, ...] = ("drop", "halfSent", "malformedJson")
_TAIL = 10
"""A long tail ends at this multiple of its median, unless told otherwise."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to go wrong with one request.

    Args:
        delay: seconds before it is carried out.
        refusal: the answer that takes the place of the operation.
        harm: what happens to the answer.

    """

    delay: float = 0.0
    refusal: Answer | None = None
    harm: Harm | None = None

    @property
    def name(self) -> str:
        """The fault that is most to be noticed, "" if there is none."""
        if self.refusal is not None:
            return "rateLimit" if self.refusal.status == 429 else "errors"
        return self.harm or ("latency" if self.delay else "")


class Faults:
    """The faults that are on, by the configuration that the control API documents.

    Args:
        configuration: valid by the schema `Faults` of the control API; kept as it is.
        monotonic: gives seconds, for the rate limit.

    """

    def __init__(
        self, configuration: Mapping[str, Any], monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self.configuration = configuration
        self._random = random.Random(configuration.get("seed", 0))  # noqa: S311 -- repeatable
        self._monotonic = monotonic
        limit = configuration.get("rateLimit")
        self._recent: deque[float] = deque(maxlen=limit["requests"] if limit else 0)

    def plan(self, operation: str) -> Plan:
        """Decide what goes wrong with the next request to an operation."""
        delay = self._delay()
        return Plan(delay, self._refusal(operation), self._harm())

    def _delay(self) -> float:
        latency = self.configuration.get("latency")
        if latency is None:
            return 0.0
        milliseconds: float = latency["ms"]
        match latency["kind"]:
            case "uniform":
                milliseconds = self._random.uniform(milliseconds, latency["maxMs"])
            case "long-tail":
                longest = latency.get("maxMs", _TAIL * milliseconds)
                milliseconds = min(milliseconds * self._random.lognormvariate(0, 1), longest)
        return milliseconds / 1000

    def _refusal(self, operation: str) -> Answer | None:
        limited = self._limited()
        for error in self.configuration.get("errors", ()):
            concerned = error["operation"] in {ANY, operation}
            if concerned and self._random.random() < error.get("rate", 1) and limited is None:
                status = error["status"]
                return ProblemError(status, f"the mock was told to answer {status} here").answer()
        return limited

    def _limited(self) -> Answer | None:
        limit = self.configuration.get("rateLimit")
        if limit is None:
            return None
        now, requests, seconds = self._monotonic(), limit["requests"], limit["perSeconds"]
        if len(self._recent) == requests:
            free_in = self._recent[0] + seconds - now
            if free_in > 0:
                return ProblemError(
                    429,
                    f"more than {requests} requests in {seconds} s",
                    headers={"Retry-After": str(math.ceil(free_in))},
                ).answer()
        self._recent.append(now)
        return None

    def _harm(self) -> Harm | None:
        for harm in _HARMS:
            if harm in self.configuration:
                rate = self.configuration[harm].get("rate", 1)
                if self._random.random() < rate:
                    return harm
        return None


def check_faults(configuration: Mapping[str, Any], operations: Collection[str]) -> None:
    """Check what the schema of the configuration cannot say.

    Raises:
        ProblemError: 400, it names an operation that is none of `operations`, or a longest latency
            below the shortest.

    """
    for number, error in enumerate(configuration.get("errors", ())):
        if error["operation"] not in {ANY, *operations}:
            raise ProblemError(
                400,
                f"errors[{number}].operation {error['operation']!a:.80} is no operation; there are"
                f" {', '.join([ANY, *operations])}",
                code="invalidBody",
            )
    latency = configuration.get("latency")
    if latency is None:
        return
    if latency["kind"] == "uniform" and "maxMs" not in latency:
        raise ProblemError(400, "latency.maxMs is missing", code="invalidBody")
    if latency.get("maxMs", latency["ms"]) < latency["ms"]:
        raise ProblemError(400, "latency.maxMs is less than latency.ms", code="invalidBody")


def malformed(body: bytes) -> bytes:
    """Return JSON that breaks off before its end."""
    return body[:-1]
