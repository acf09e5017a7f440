"""Section 2 for those who write none: what the certified API is for, in our own words."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_PURPOSE = """\
TMF671 Promotion Management is the TM Forum Open API by which an operator keeps its promotions in \
one place and lets every channel use them. A promotion is an advantage that customers get for a \
time and under conditions: a discount, extra allowance, points, a voucher or a gift.

A promotion has a name, a kind, a period of validity, a status in its life cycle and one or more \
patterns. A pattern joins groups of criteria, such as the product bought or the customer's age, \
with the actions that follow when they are met.
"""

_OPERATIONS = """\
- Promotions are listed, filtered, sorted and read page by page; one is retrieved by its id.
- A promotion is created, changed in part and deleted.
- Systems register a listener at the hub and are told of events: {events}.
"""

_EVENTS: Mapping[str, str] = {
    "4.0.0": "creation, change of an attribute, change of state, deletion, information required",
    "4.1.0": "creation, change of an attribute, change of state, deletion",
}

_RELEASES: Mapping[str, str] = {
    "4.0.0": "Release 4.0.0 describes a promotion without attachments, which came with the next.",
    "4.1.0": (
        "Release 4.1.0 lets a promotion carry attachments, such as pictures and terms, "
        "beside what describes the promotion itself."
    ),
}


def default_text(version: str) -> str:
    """Return the overview of TMF671 `version`, one of "4.0.0" and "4.1.0".

    Source: the paths and schemas of the TMF671 Swagger files of these versions; rules of TMF630.
    """
    operations = _OPERATIONS.format(events=_EVENTS[version])
    return f"{_PURPOSE}\n{operations}\n{_RELEASES[version]}"
