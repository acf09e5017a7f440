# ruff: noqa: INP001  part of a script
"""Line plots with logarithmic axes, as SVG that follows the reader's light or dark scheme."""

import math
from collections.abc import Mapping, Sequence

_WIDTH, _HEIGHT = 720, 400
_LEFT, _RIGHT, _TOP, _BOTTOM = 70, 170, 40, 50
_COLOURS = ("#1f77b4", "#d1550f", "#2e8b57", "#b0235f", "#7a5cc7", "#8a7000")
_STYLE = (
    "text{font:13px system-ui,sans-serif;fill:#222}.grid{stroke:#8885;stroke-width:1}"
    "@media(prefers-color-scheme:dark){text{fill:#ddd}}"
)

Points = Sequence[tuple[float, float]]


def log_plot(title: str, x_name: str, y_name: str, lines: Mapping[str, Points]) -> str:
    """Return a plot of named lines, both axes logarithmic, with a grid line at each power of ten.

    Raises:
        ValueError: a coordinate is not greater than zero.

    """
    xs = [x for points in lines.values() for x, _ in points]
    ys = [y for points in lines.values() for _, y in points]
    x_range, y_range = _decades(xs), _decades(ys)

    def place(x: float, y: float) -> tuple[float, float]:
        across = (math.log10(x) - x_range[0]) / (x_range[1] - x_range[0])
        up = (math.log10(y) - y_range[0]) / (y_range[1] - y_range[0])
        return (
            _LEFT + across * (_WIDTH - _LEFT - _RIGHT),
            _HEIGHT - _BOTTOM - up * (_HEIGHT - _TOP - _BOTTOM),
        )

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img">',
        f"<title>{title}</title><style>{_STYLE}</style>",
        f'<text x="{_LEFT}" y="22" font-weight="600">{title}, {y_name}</text>',
    ]
    for power in range(x_range[0], x_range[1] + 1):
        x, bottom = place(10**power, 10 ** y_range[0])
        parts.append(
            f'<line class="grid" x1="{x:.1f}" y1="{_TOP}" x2="{x:.1f}" y2="{bottom:.1f}"/>'
        )
        parts.append(_text(x, bottom + 18, f"{10**power:,}", "middle"))
    for power in range(y_range[0], y_range[1] + 1):
        left, y = place(10 ** x_range[0], 10**power)
        right = _WIDTH - _RIGHT
        parts.append(f'<line class="grid" x1="{left:.1f}" y1="{y:.1f}" x2="{right}" y2="{y:.1f}"/>')
        parts.append(_text(left - 8, y + 4, f"{10**power:,.6g}", "end"))
    parts.append(_text((_LEFT + _WIDTH - _RIGHT) / 2, _HEIGHT - 10, x_name, "middle"))
    for number, (name, points) in enumerate(lines.items()):
        colour, placed = _COLOURS[number % len(_COLOURS)], [place(*point) for point in points]
        track = " ".join(f"{x:.1f},{y:.1f}" for x, y in placed)
        parts.append(f'<polyline fill="none" stroke="{colour}" stroke-width="2" points="{track}"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in placed]
        beside = _WIDTH - _RIGHT + 14
        height = _TOP + 14 + 20 * number
        parts.append(
            f'<rect x="{beside}" y="{height - 9}" width="10" height="10" fill="{colour}"/>'
        )
        parts.append(_text(beside + 16, height, name, "start"))
    return "\n".join([*parts, "</svg>", ""])


def _decades(values: Sequence[float]) -> tuple[int, int]:
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    return low, max(high, low + 1)


def _text(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{text}</text>'
