"""Durations, shares and weights as they are written on the command line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import click

from conformance.load.mix import DEFAULT_MIX

_DURATION = re.compile(r"(\d+(?:\.\d+)?|\.\d+)\s*(ms|s|m|min|h)?")
_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0}
_MOST_WEIGHT = 1000


class Duration(click.ParamType[float]):
    """A duration with its unit, `200ms`, `60s`, `5m` or `1h`; a bare number is seconds."""

    name = "duration"

    def __init__(self, *, zero: bool = False) -> None:
        self._zero = zero

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Return it in seconds."""
        found = _DURATION.fullmatch(str(value).strip())
        seconds = float(found[1]) * _UNITS[found[2] or "s"] if found else -1.0
        if seconds < 0 or (seconds == 0 and not self._zero):
            self.fail(f"{value!r} is no duration: write 200ms, 60s, 5m or 1h", param, ctx)
        return seconds


class Share(click.ParamType[float]):
    """A share of a whole, `1%` or `0.01`."""

    name = "share"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Return it as a number between 0 and 1."""
        text = str(value).strip()
        try:
            share = float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
        except ValueError:
            share = -1.0
        if not 0 <= share <= 1:
            self.fail(f"{value!r} is no share: write 1% or 0.01", param, ctx)
        return share


class Weights(click.ParamType[Mapping[str, int]]):
    """How often users do what, `browse=40,create=5`; what is not named keeps its default."""

    name = "weights"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> Mapping[str, int]:
        """Return the whole mix."""
        pairs = value.items() if isinstance(value, Mapping) else _pairs(str(value))
        mix = dict(DEFAULT_MIX)
        for name, weight in pairs:
            if name not in mix:
                self.fail(f"users do not {name!r}: there are {', '.join(mix)}", param, ctx)
            if not str(weight).isdecimal() or int(weight) > _MOST_WEIGHT:
                self.fail(
                    f"the weight of {name} must be between 0 and {_MOST_WEIGHT}: "
                    "write browse=40,create=5",
                    param,
                    ctx,
                )
            mix[name] = int(weight)
        if not any(mix.values()):
            self.fail("all weights are 0: users would do nothing", param, ctx)
        return mix


def _pairs(text: str) -> list[tuple[str, str]]:
    return [
        (name.strip(), weight.strip())
        for name, _, weight in (part.partition("=") for part in text.split(",") if part.strip())
    ]
