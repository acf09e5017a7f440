"""Ways to break the rules on purpose, each under a name."""

from collections.abc import Mapping

from mockserver.defects.concurrency import CONCURRENCY
from mockserver.defects.creation import CREATION
from mockserver.defects.defect import Defect
from mockserver.defects.deletion import DELETION
from mockserver.defects.delivery import DELIVERY
from mockserver.defects.description import DESCRIPTION
from mockserver.defects.filtering import FILTERING
from mockserver.defects.hub import HUB
from mockserver.defects.listing import LISTING
from mockserver.defects.patch_kinds import PATCH_KINDS
from mockserver.defects.refusals import REFUSALS
from mockserver.defects.retrieval import RETRIEVAL
from mockserver.defects.robustness import ROBUSTNESS
from mockserver.defects.selection import SELECTION
from mockserver.defects.update import UPDATE

_CHAPTERS = (
    CREATION,
    RETRIEVAL,
    LISTING,
    SELECTION,
    FILTERING,
    UPDATE,
    PATCH_KINDS,
    DELETION,
    CONCURRENCY,
    HUB,
    DELIVERY,
    REFUSALS,
    ROBUSTNESS,
    DESCRIPTION,
)

DEFECTS: Mapping[str, Defect] = {defect.name: defect for chapter in _CHAPTERS for defect in chapter}

__all__ = ["DEFECTS", "Defect"]
