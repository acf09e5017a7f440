"""What a mock is told when it starts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

BASE_PATH = "/tmf-api/promotionManagement/v4"

CallbackStyle = Literal["as-given", "listener"]


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one mock; all have defaults.

    Args:
        api_version: "4.0.0" or "4.1.0".
        base_path: what precedes `/promotion` and `/hub`.
        seed: the generator's seed for promotions to start with; None starts empty.
        count: how many promotions the seed gives.
        data: promotions to start with, besides the seeded ones.
        defects: names of defects to commit, see `mockserver.defects`.
        variants: names of legitimate variants to follow, see `mockserver.variants`.
        page_max: the most promotions in one answer; None sets no limit.
        partial_status: the status of a page that is only a part of the result, 200 or 206.
        callback_style: "as-given" posts events to the callback itself, "listener" to
            `/listener/{eventName}` below it.
        callback_hosts: "loopback" delivers events to this machine only, so that generated
            callbacks reach nobody; "any" delivers wherever a client asks for.
        max_body: the largest request body, bytes, after decompression.
        trust_forwarded: build links from X-Forwarded-Proto and X-Forwarded-Host.
        delivery_attempts: how often an event is offered before it counts as undeliverable.
        delivery_timeout: seconds that a subscriber has to answer.
        delivery_backoff: seconds before the second attempt; doubled for each further one.
        delivery_queue: events that wait for one subscriber at most; the oldest give way.
        drain_seconds: how long a stopping mock goes on delivering.

    """

    api_version: str = "4.1.0"
    base_path: str = BASE_PATH
    seed: int | None = None
    count: int = 25
    data: Sequence[Mapping[str, Any]] = ()
    defects: tuple[str, ...] = ()
    variants: tuple[str, ...] = ()
    page_max: int | None = None
    partial_status: Literal[200, 206] = 200
    callback_style: CallbackStyle = "as-given"
    callback_hosts: Literal["loopback", "any"] = "loopback"
    max_body: int = 1 << 20
    trust_forwarded: bool = False
    delivery_attempts: int = 5
    delivery_timeout: float = 5.0
    delivery_backoff: float = 0.2
    delivery_queue: int = 1000
    drain_seconds: float = 2.0
