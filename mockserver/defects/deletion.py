"""Defects of DELETE /promotion/{id}."""

from collections.abc import Sequence
from dataclasses import replace

from mockserver.alterations import answering, refusing, replacing
from mockserver.behaviour import Behaviour
from mockserver.defects.defect import must, should
from mockserver.exchange import Answer, Call
from mockserver.store import PromotionStore, Record

_DELETE = "deletePromotion"


def _with_body(_call: Call, _answer: Answer) -> Answer:
    return Answer(200, {"deleted": True})


def _no_content(_call: Call, _answer: Answer) -> Answer:
    return Answer(204)


def _hidden(behaviour: Behaviour) -> Behaviour:
    hidden: set[str] = set()

    def remove(_store: PromotionStore, promotion_id: str) -> None:
        hidden.add(promotion_id)

    def order(records: Sequence[Record]) -> Sequence[Record]:
        return [record for record in behaviour.order(records) if record.id not in hidden]

    return replace(behaviour, remove=remove, order=order)


def _still_listed(behaviour: Behaviour) -> Behaviour:
    ghosts: dict[str, Record] = {}

    def remove(store: PromotionStore, promotion_id: str) -> None:
        record = store.get(promotion_id)
        if record is not None:
            ghosts[promotion_id] = record
        behaviour.remove(store, promotion_id)

    def order(records: Sequence[Record]) -> Sequence[Record]:
        return behaviour.order((*records, *ghosts.values()))

    return replace(behaviour, remove=remove, order=order)


DELETION = (
    must(
        "R-G73-GONE",
        "delete-keeps-it",
        "DELETE answers 204 and deletes nothing",
        replacing(remove=lambda _store, _promotion_id: None),
    ),
    must(
        "R-G73-GONE",
        "deleted-still-readable",
        "a deleted promotion leaves the list, and GET by id still finds it",
        _hidden,
    ),
    must(
        "R-P06-DELETE-204",
        "delete-answers-200",
        "DELETE answers 200 with a body",
        answering(_DELETE, rewrite=_with_body),
    ),
    should(
        "R-G73-SECOND-DELETE",
        "second-delete-204",
        "DELETE of what is not there answers 204",
        refusing(_no_content, 404, operation=_DELETE),
    ),
    must(
        "R-G73-GONE",
        "deleted-still-listed",
        "a deleted promotion answers 404 and stays in the list",
        _still_listed,
    ),
)
