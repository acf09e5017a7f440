# ruff: noqa: INP001  (a script, not a package)
"""Draw the architecture figure of the example: `python draw_architecture.py > architecture.svg`.

Plain SVG from a few boxes and arrows, the same bytes at each run, without any package.
"""

from __future__ import annotations

import sys
from html import escape

_WIDTH, _HEIGHT = 960, 460
_STYLE = """\
  text { font-family: sans-serif; font-size: 15px; fill: #1b1f24; text-anchor: middle; }
  .small { font-size: 12.5px; fill: #57606a; }
  .group { font-size: 13px; fill: #57606a; text-anchor: start; }
  .box { fill: #ffffff; stroke: #7d8894; stroke-width: 1.2; }
  .api { fill: #123a6b; stroke: #123a6b; }
  .api-text { fill: #ffffff; font-weight: bold; }
  .ground { fill: #f3f5f8; stroke: #c9d0d8; }
  .arrow { stroke: #57606a; stroke-width: 1.4; fill: none; marker-end: url(#head); }
"""


def drawing() -> str:
    """Return the figure as SVG: channels, the CRM with its API, and the systems around it."""
    parts = [
        _ground(20, 12, 920, 98, "Channels"),
        _ground(20, 148, 640, 300, "CRM 3.2.1"),
        _ground(720, 148, 220, 300, "Other systems"),
    ]
    for place, (name, note) in enumerate(
        (
            ("Mobile app and web", "own customers"),
            ("Business halls", "shop assistants"),
            ("Customer service", "call centre"),
            ("Partners", "by agreement"),
        )
    ):
        left = 40 + 225 * place
        parts += [_box(left, 38, 205, 58, name, note), _arrow((left + 102, 96), (340, 180))]
    parts += [
        _box(180, 182, 320, 54, "TMF671 Promotion Management API", "REST, JSON, HTTPS", api=True),
        _box(50, 280, 180, 58, "Promotion Center", "life cycle, approval"),
        _box(250, 280, 180, 58, "Rule engine", "criteria and actions"),
        _box(450, 280, 180, 58, "Event hub", "listeners, delivery"),
        _box(140, 376, 200, 58, "Promotion store", "replicated database"),
        _box(740, 182, 180, 54, "Product catalogue", "offers"),
        _box(740, 280, 180, 58, "Order management", "applies a promotion"),
        _box(740, 376, 180, 58, "Billing", "grants what is due"),
        _arrow((250, 236), (140, 278)),
        _arrow((340, 236), (340, 278)),
        _arrow((430, 236), (540, 278)),
        _arrow((140, 338), (210, 374)),
        _arrow((340, 338), (270, 374)),
        _arrow((738, 209), (502, 209)),
        _arrow((630, 300), (738, 300)),
        _arrow((630, 320), (738, 396)),
    ]
    return "\n".join(
        (
            (
                f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{_HEIGHT}" '
                f'viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img">'
            ),
            "<title>Where the Promotion Management API is in the CRM</title>",
            f"<style>\n{_STYLE}</style>",
            (
                '<defs><marker id="head" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" '
                'markerHeight="7" orient="auto"><path d="M0 0 10 5 0 10z" fill="#57606a"/>'
                "</marker></defs>"
            ),
            f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#ffffff"/>',
            *parts,
            "</svg>\n",
        )
    )


def _ground(left: int, top: int, width: int, height: int, name: str) -> str:
    return (
        f'<rect class="ground" x="{left}" y="{top}" width="{width}" height="{height}" rx="8"/>'
        f'<text class="group" x="{left + 14}" y="{top + 21}">{escape(name)}</text>'
    )


def _box(
    left: int, top: int, width: int, height: int, name: str, note: str, *, api: bool = False
) -> str:
    middle, text = left + width // 2, top + height // 2
    kind, inside = ("box api", ' class="api-text"') if api else ("box", "")
    below = ' style="fill: #d6e0ee"' if api else ""
    return (
        f'<rect class="{kind}" x="{left}" y="{top}" width="{width}" height="{height}" rx="5"/>'
        f'<text{inside} x="{middle}" y="{text - 3}">{escape(name)}</text>'
        f'<text class="small"{below} x="{middle}" y="{text + 16}">{escape(note)}</text>'
    )


def _arrow(start: tuple[int, int], end: tuple[int, int]) -> str:
    return f'<path class="arrow" d="M{start[0]} {start[1]} L{end[0]} {end[1]}"/>'


if __name__ == "__main__":
    sys.stdout.write(drawing())
