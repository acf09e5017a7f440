"""A mock for the tests of a client.

A mock per test, on a free port of 127.0.0.1, in the process of the tests. As a pytest fixture:

    import pytest
    from mockserver.testing import PromotionMock, promotion_mock

    @pytest.fixture
    def mock():
        with promotion_mock() as running:
            yield running

    def test_my_client_tries_again_after_a_503(mock: PromotionMock):
        mock.create(id="summer", name="Summer sale")
        mock.faults(errors=[{"operation": "retrievePromotion", "status": 503, "rate": 0.5}])
        assert my_client(mock.url).name_of("summer") == "Summer sale"
        assert mock.journal()[-1].status == 200
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal, NotRequired, TypedDict

from mockserver import ids
from mockserver.behaviour import represent
from mockserver.clock import parse_timestamp, told_by
from mockserver.control.misbehaviour import switch_faults
from mockserver.creation import create_promotion
from mockserver.embedded import EmbeddedMock, embedded_mock
from mockserver.exchange import Call
from mockserver.journal import Exchange
from mockserver.json_text import read_json, write_json
from mockserver.media_types import JSON
from mockserver.settings import Settings

__all__ = ["Delivered", "ErrorFault", "Exchange", "Latency", "PromotionMock", "promotion_mock"]


class Latency(TypedDict):
    """Time before a request is carried out, milliseconds."""

    kind: Literal["fixed", "uniform", "long-tail"]
    ms: float
    maxMs: NotRequired[float]


class ErrorFault(TypedDict):
    """An answer in place of an operation (or of all, "*"), at a rate between 0 and 1."""

    operation: str
    status: int
    rate: NotRequired[float]


@dataclass(frozen=True, slots=True)
class Delivered:
    """What became of one event.

    Args:
        callback: where it was posted.
        event_type: the type of the event.
        at: when that ended, RFC 3339.
        status: the last status that the subscriber answered; None if none came.
        attempts: how often it was posted.

    """

    callback: str
    event_type: str
    at: str
    status: int | None
    attempts: int


class PromotionMock:
    """A running mock, seen from a test."""

    def __init__(self, running: EmbeddedMock) -> None:
        self._running = running
        self._tenant = running.tenant

    @property
    def url(self) -> str:
        """The API root, without a final slash."""
        return self._running.root

    def promotions(self) -> list[dict[str, Any]]:
        """Return all promotions, oldest first."""
        return self._running.run(
            lambda: [represent(record.promotion, self.url) for record in self._tenant.store]
        )

    def create(self, **attributes: Any) -> dict[str, Any]:
        """Create a promotion as a POST would, events included, and return it.

        Args:
            attributes: those of the promotion; the name is "Promotion" unless it is given.

        Raises:
            ProblemError: the API would refuse it.

        """
        body = write_json({"name": "Promotion", **attributes})
        path = "/promotion"
        headers = {"Content-Type": JSON}
        call = Call("createPromotion", "POST", path, "", self.url, self.url, headers, body=body)

        def work() -> dict[str, Any]:
            with told_by(self._tenant.clock):
                body = create_promotion(self._tenant, call).body
            created: dict[str, Any] = read_json(body) if isinstance(body, bytes) else body
            return created

        return self._running.run(work)

    def journal(self) -> list[Exchange]:
        """Return the last exchanges, newest last, nothing masked."""
        return self._running.run(self._tenant.journal.last)

    def deliveries(self) -> list[Delivered]:
        """Return what became of the last events of each subscription."""
        report = self._running.run(self._tenant.publisher.report)
        return [
            Delivered(
                subscription["callback"],
                ended["eventType"],
                ended["at"],
                ended["status"],
                ended["attempts"],
            )
            for subscription in report
            for ended in subscription["deliveries"]
        ]

    def faults(
        self,
        *,
        latency: Latency | None = None,
        errors: Sequence[ErrorFault] = (),
        drop: float | None = None,
        half_sent: float | None = None,
        malformed_json: float | None = None,
        rate_limit: tuple[int, float] | None = None,
        seed: int = 0,
    ) -> None:
        """Switch these faults on and all others off.

        Args:
            latency: time before a request is carried out.
            errors: answers in place of operations.
            drop: share of the requests whose connection ends without an answer.
            half_sent: share of those whose answer breaks off.
            malformed_json: share of those whose answer is no JSON.
            rate_limit: how many requests in how many seconds; more get 429.
            seed: of the chance.

        Raises:
            ProblemError: 400, it names the part that makes no sense.

        """
        parts: dict[str, Any] = {
            "latency": latency,
            "errors": list(errors) or None,
            "drop": None if drop is None else {"rate": drop},
            "halfSent": None if half_sent is None else {"rate": half_sent},
            "malformedJson": None if malformed_json is None else {"rate": malformed_json},
            "rateLimit": rate_limit and {"requests": rate_limit[0], "perSeconds": rate_limit[1]},
        }
        given = {name: part for name, part in parts.items() if part is not None}
        configuration = {**given, "seed": seed} if given else {}
        self._running.run(lambda: switch_faults(self._tenant, configuration))

    def freeze(self, moment: str) -> None:
        """Stop the clock at an RFC 3339 date-time.

        Raises:
            ValueError: it is none.

        """
        frozen = parse_timestamp(moment)
        if frozen is None:
            raise ValueError(f"{moment!r} is no RFC 3339 date-time")
        self._tenant.clock.frozen = frozen

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self._running.run(lambda: self._tenant.clock.advance(seconds))

    def fix_ids(self, *following: str) -> None:
        """Give the next promotions these ids; random ones follow.

        Raises:
            ProblemError: 400, one cannot be an id, since it is no text or cannot stand in a path.

        """
        for promotion_id in following:
            ids.check_client_id(promotion_id)
        source = ids.fixed_ids(following, self._tenant.store, ids.new_uuid)
        self._running.run(lambda: self._tenant.make_ids(source))

    def reset(self) -> None:
        """Go back to the state after the start."""
        self._running.run(self._tenant.reset)


@contextmanager
def promotion_mock(**settings: Any) -> Iterator[PromotionMock]:
    """Run a mock with these settings, see `mockserver.settings.Settings`, until the block ends.

    Raises:
        TypeError: there is no such setting.
        KeyError: a defect or a variant that the settings name does not exist.
        DataError: a promotion to start with is not valid.

    """
    with embedded_mock(Settings(**settings)) as running:
        yield PromotionMock(running)
