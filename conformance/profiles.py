"""How the two rules are levelled that are inferred from the profiles of sibling APIs.

The profile of TMF671 itself is for members of TM Forum. Whether lastUpdate and lifecycleStatus
must be in an answer, and whether id and name must be filters, follows from TMF620B, TMF637B and
TMF669B only; who knows better says so with --profile.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Literal

from reports.results import LEVELS, Level

Profile = Literal["default", "strict", "lenient"]

PROFILES: Mapping[Profile, Mapping[str, Level]] = MappingProxyType(
    {
        "default": {},
        "strict": {"R-P11-LASTUPDATE": "must", "R-P11-LIFECYCLESTATUS": "must"},
        "lenient": {
            "R-P11-LASTUPDATE": "may",
            "R-P11-LIFECYCLESTATUS": "may",
            "R-P17-FILTER-ID": "should",
            "R-P17-FILTER-NAME": "should",
        },
    }
)


def level_under(profile: Profile, level: Level, requirements: Iterable[str]) -> Level:
    """Return the level of a check, or of a requirement, under a profile.

    The heaviest of the levels that the profile gives to its requirements counts; without any, the
    level stays.
    """
    given = [PROFILES[profile][name] for name in requirements if name in PROFILES[profile]]
    return min(given, key=LEVELS.index, default=level)
