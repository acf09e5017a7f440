"""What a mock is told when it starts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from mockserver.lifecycle import Lifecycle

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
        lifecycle: "free" lets lifecycleStatus change at will, "suggested" keeps to a table of
            transitions, see `mockserver.lifecycle`.
        require_if_match: refuse PATCH and DELETE of a promotion without If-Match by 428.
        cors: the origins whose pages may use the API from a browser; "*" is all of them.
        trust_forwarded: build links from X-Forwarded-Proto and X-Forwarded-Host.
        delivery_attempts: how often an event is offered before it counts as undeliverable.
        delivery_timeout: seconds that a subscriber has to answer.
        delivery_backoff: seconds before the second attempt; doubled for each further one.
        delivery_queue: events that wait for one subscriber at most; the oldest give way.
        drain_seconds: how long a stopping mock goes on delivering.
        journal: how many exchanges the request journal keeps; 0 keeps none.
        tenants: how many catalogues of their own may live below `/t/{tenant}`.
        control: whether the control API below `/_mock` answers.
        admin_token: the bearer token that the control API demands; None demands none.
        save_to: the file that takes the catalogue when the control API is asked to save.
        require_token: a bearer token that opens the API; see also `oauth_client`.
        oauth_client: the id and secret for which `POST /oauth/token` issues tokens. With neither
            of the two the API demands no token.
        token_ttl: seconds that an issued token lives.
        tls_cert: the certificate chain (PEM); None speaks plain HTTP.
        tls_key: its private key (PEM); None takes it from `tls_cert`.
        tls_client_ca: the authority (PEM) whose certificates clients must show (mutual TLS).

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
    lifecycle: Lifecycle = "free"
    require_if_match: bool = False
    cors: tuple[str, ...] = ()
    trust_forwarded: bool = False
    delivery_attempts: int = 5
    delivery_timeout: float = 5.0
    delivery_backoff: float = 0.2
    delivery_queue: int = 10_000
    drain_seconds: float = 2.0
    journal: int = 200
    tenants: int = 32
    control: bool = True
    admin_token: str | None = None
    save_to: Path | None = None
    require_token: str | None = None
    oauth_client: tuple[str, str] | None = None
    token_ttl: float = 3600.0
    tls_cert: Path | None = None
    tls_key: Path | None = None
    tls_client_ca: Path | None = None
