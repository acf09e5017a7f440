"""lifecycleStatus and lastUpdate over the life of a promotion.

No table of transitions is published for TMF671, and the values are only suggested; so a refused
change of status is never held against a target.
"""

from __future__ import annotations

import time

from conformance.catalogue import check
from conformance.conditions import equal, json_object, status, that
from conformance.equality import instant
from conformance.levels import SHOULD
from conformance.outcomes import NotApplicable
from conformance.samples import Sample
from conformance.target import Target

TICK = 1.1
"""Seconds after which lastUpdate must differ even where it has whole seconds only."""


@check("TMF671-LIFECYCLE-CHANGE", level=SHOULD, requirements=["R-G47-MERGE"], needs=["patch"])
def status_changes(target: Target, fresh: Sample) -> None:
    """A change of lifecycleStatus that is accepted is what is retrieved afterwards.

    A target that refuses the status, or maps it to one of its own, is not judged.
    """
    wanted = target.another_status
    before = json_object(status(target.retrieve(fresh.id), 200)).get("lifecycleStatus")
    answer = target.patch(fresh.id, {"name": fresh.name, "lifecycleStatus": wanted})
    if not answer.succeeded:
        raise NotApplicable(f"the target refuses lifecycleStatus {wanted}")
    after = json_object(status(target.retrieve(fresh.id), 200)).get("lifecycleStatus")
    if after not in {before, wanted}:
        raise NotApplicable("the target maps lifecycleStatus to values of its own")
    equal("lifecycleStatus", wanted, after)


@check(
    "TMF671-LIFECYCLE-LAST-UPDATE",
    level=SHOULD,
    requirements=["R-M05-LASTUPDATE-ADVANCES"],
    needs=["patch"],
)
def last_update_advances(target: Target, fresh: Sample) -> None:
    """LastUpdate is later after a change than before it.

    The change comes more than a second after the creation, so whole seconds pass. A target that
    shows no lastUpdate is not judged here.
    """
    before = instant(json_object(target.retrieve(fresh.id)).get("lastUpdate"))
    if before is None:
        raise NotApplicable("the promotion shows no lastUpdate")
    time.sleep(TICK)
    target.patch(fresh.id, {"name": fresh.name, target.changeable: "later"})
    after = instant(json_object(target.retrieve(fresh.id)).get("lastUpdate"))
    that(
        after is not None and after > before,
        "lastUpdate did not advance with a change",
        expected=f"later than {before.isoformat()}",
        observed=None if after is None else after.isoformat(),
    )
