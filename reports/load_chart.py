"""Curves over time as SVG paths: scales with round ticks, and points in a fixed frame."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 720, 190
"""The frame of the curves, in units of the viewBox; labels stand outside of it."""


@dataclass(frozen=True)
class Tick:
    """A place on an axis and what is written there."""

    place: float
    label: str


@dataclass(frozen=True)
class Curve:
    """One series: `line` is the path's data, `area` the same closed down to the axis."""

    name: str
    line: str
    area: str


@dataclass(frozen=True)
class Chart:
    """What a template draws; `shade` is the width of the time that does not count."""

    curves: tuple[Curve, ...]
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    shade: float


def chart(
    series: dict[str, Sequence[float | None]],
    *,
    slot: float,
    seconds: float,
    counted_from: float,
) -> Chart:
    """Return the chart of `series`, one value a slot of `slot` seconds, None for a gap.

    The value of a slot stands in its middle. The vertical axis begins at 0; `seconds` is the
    length of the horizontal one, of which what is before `counted_from` is shaded.
    """
    highest = max((v for values in series.values() for v in values if v is not None), default=0.0)
    steps = _ticks(highest)
    top = steps[-1]
    curves = []
    for name, values in series.items():
        runs = _runs(
            [
                None
                if value is None
                else (
                    min((number + 0.5) * slot, seconds) / seconds * WIDTH,
                    HEIGHT - value / top * HEIGHT,
                )
                for number, value in enumerate(values)
            ]
        )
        curves.append(Curve(name, " ".join(map(_line, runs)), " ".join(map(_area, runs))))
    times = [tick for tick in _ticks(seconds, 6) if tick <= seconds]
    return Chart(
        curves=tuple(curves),
        x_ticks=tuple(Tick(round(t / seconds * WIDTH, 1), time_label(t)) for t in times),
        y_ticks=tuple(Tick(round(HEIGHT - v / top * HEIGHT, 1), f"{v:,g}") for v in steps),
        shade=round(min(counted_from / seconds, 1) * WIDTH, 1),
    )


def time_label(seconds: float) -> str:
    """Return a time on the axis: "0", "45 s", "3:20".

    >>> time_label(200)
    '3:20'
    """
    if seconds == 0:
        return "0"
    whole = round(seconds)
    return f"{seconds:g} s" if whole < 120 else f"{whole // 60}:{whole % 60:02}"


def _ticks(highest: float, about: int = 4) -> list[float]:
    """Return round numbers from 0 to at least `highest`, `about` so many steps."""
    if highest <= 0:
        return [0.0, 1.0]
    raw = highest / about
    unit = 10 ** math.floor(math.log10(raw))
    step = next(factor * unit for factor in (1, 2, 5, 10) if factor * unit >= raw * 0.999)
    count = max(1, math.ceil(highest / step - 1e-9))
    return [round(step * number, 6) for number in range(count + 1)]


def _runs(points: Sequence[tuple[float, float] | None]) -> list[list[tuple[float, float]]]:
    """Split points at the gaps."""
    runs: list[list[tuple[float, float]]] = [[]]
    for point in points:
        if point is None:
            runs.append([])
        else:
            runs[-1].append(point)
    return [run for run in runs if run]


def _line(run: Sequence[tuple[float, float]]) -> str:
    points = run if len(run) > 1 else [run[0], (run[0][0] + 1, run[0][1])]
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)


def _area(run: Sequence[tuple[float, float]]) -> str:
    return f"{_line(run)}V{HEIGHT}H{run[0][0]:.1f}Z"
