"""What a load run is asked to do: one frozen record, handed to the generators as a file."""

from __future__ import annotations

import math
import os
from pathlib import Path
from typing import Any

import msgspec

from conformance.connection import Connection
from conformance.load.mix import ACTIVITIES, WRITING, without
from conformance.masking import MASK, is_secret, without_password

_SLOTS = 300
"""Into about how many slots of time a run is divided at most."""


_ORDERED = ("users", "duration", "think_time", "rate", "mix", "seed")


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """Times are in seconds; `rate` is requests a second of all users together, None for no limit.

    `think_time` is the mean pause of a user. `mark` stands in the name of everything created,
    `callback` is where the hub is told to post events, None for no events; `shelf` are ids of
    promotions that stay during the run.
    """

    url: str
    mark: str
    users: int
    spawn_rate: float
    duration: float
    think_time: float
    mix: dict[str, int]
    read_only: bool = False
    rate: float | None = None
    payload: dict[str, Any] | None = None
    headers: dict[str, str] = {}
    connection: Connection = Connection()
    timeout: float = 10.0
    callback: str | None = None
    shelf: tuple[str, ...] = ()
    seed: int = 0

    @property
    def slot(self) -> float:
        """The length of a slot of time: a second, more in a long run."""
        return float(max(1, math.ceil(self.duration / _SLOTS)))

    @property
    def ramp_up(self) -> float:
        """When all users are at work."""
        return self.users / self.spawn_rate

    def orders(self) -> dict[str, Any]:
        """Return what a master decides for its workers."""
        return {name: getattr(self, name) for name in _ORDERED}

    def following(self, orders: dict[str, Any]) -> Plan:
        """Return the plan of a worker that follows its master's orders.

        It does not do what its own command line rules out: write, or subscribe.
        """
        mix = {str(name): int(weight) for name, weight in orders["mix"].items()}
        if self.read_only:
            mix = without(mix, WRITING)
        if self.callback is None:
            mix = without(mix, ACTIVITIES["Subscriber"])
        return msgspec.structs.replace(self, **{**orders, "mix": mix})

    def recorded(self) -> dict[str, Any]:
        """Return the options as they stand in load.json: no secret, no payload."""
        options: dict[str, Any] = msgspec.to_builtins(self)
        for name in ("payload", "shelf"):
            del options[name]
        options["own_payload"] = self.payload is not None
        options["url"] = without_password(self.url)
        options["headers"] = {
            name: MASK if is_secret(name) else value for name, value in self.headers.items()
        }
        options["connection"] = self.connection.recorded()
        return options


def write(plan: Plan, path: Path) -> None:
    """Write the plan where only this user can read it, for it holds credentials."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(msgspec.json.encode(plan))


def read(path: Path) -> Plan:
    """Read the plan."""
    return msgspec.json.decode(path.read_bytes(), type=Plan)
