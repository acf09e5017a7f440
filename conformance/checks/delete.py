"""DELETE /promotion/{id} (conformance profiles of TMF v4).

DELETE is not mandatory for TMF671; a target that does not offer it is not judged. Only
promotions that the check itself created are deleted.
"""

from __future__ import annotations

from conformance.catalogue import check
from conformance.conditions import ids, json_list, status, that
from conformance.levels import MUST, SHOULD
from conformance.samples import Sample
from conformance.target import Target


@check("TMF671-DELETE-204", level=MUST, requirements=["R-P06-DELETE-204"], needs=["delete"])
def answers_204(target: Target, fresh: Sample) -> None:
    """Deleting a promotion is answered 204.

    Its being gone is judged by another check.
    """
    status(target.delete(fresh.id), 204)


@check("TMF671-DELETE-GONE", level=MUST, requirements=["R-G73-GONE"], needs=["delete"])
def is_gone(target: Target, fresh: Sample) -> None:
    """A promotion that was deleted is answered 404 when it is retrieved.

    410 passes.
    """
    target.delete(fresh.id)
    status(target.retrieve(fresh.id), 404, 410)


@check("TMF671-DELETE-UNLISTED", level=MUST, requirements=["R-G73-GONE"], needs=["delete"])
def is_not_listed(target: Target, fresh: Sample) -> None:
    """A promotion that was deleted is not in the list.

    It is asked for by its id.
    """
    target.delete(fresh.id)
    found = ids(json_list(status(target.list((("id", fresh.id),)), 200, 206)))
    that(
        fresh.id not in found,
        "the list shows a promotion that was deleted",
        expected="not in the list",
        observed=fresh.id,
    )


@check("TMF671-DELETE-TWICE", level=SHOULD, requirements=["R-G73-SECOND-DELETE"], needs=["delete"])
def second_delete_is_404(target: Target, fresh: Sample) -> None:
    """Deleting what was deleted is answered 404.

    410 passes.
    """
    target.delete(fresh.id)
    status(target.delete(fresh.id), 404, 410)
