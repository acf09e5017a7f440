"""The seams at which a mock can be told to differ: by a defect, or by a legitimate variant.

A behaviour is immutable. A defect or variant takes one and returns another whose functions wrap or
replace the first one's, so the handlers know nothing of either.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from yarl import URL

from mockserver import clock, events, ids, lifecycle, protection, validation
from mockserver.conditional import check_if_match, require_if_match
from mockserver.exchange import Answer, Call
from mockserver.media_types import PATCH_TYPES
from mockserver.patch.json_patch import json_patch
from mockserver.patch.json_patch_query import json_patch_query
from mockserver.patch.merge_patch import merge_patch
from mockserver.query.filtering import Filter, matches
from mockserver.query.json_path import ResourceFilter
from mockserver.query.paging import Page, cut, page_headers
from mockserver.query.request import Query
from mockserver.query.selection import Selection, select
from mockserver.query.sorting import SortKey, sort
from mockserver.record import Promotion, Record, href_of
from mockserver.settings import CallbackStyle, Settings
from mockserver.store import PromotionStore

if TYPE_CHECKING:
    from jsonschema.protocols import Validator

    from mockserver.delivery import Publisher


class Surroundings(Protocol):
    """What a call is carried out in: the parts of a tenant that a behaviour may use."""

    @property
    def behaviour(self) -> "Behaviour":
        """The behaviour in force."""

    @property
    def store(self) -> PromotionStore:
        """The promotions."""

    @property
    def publisher(self) -> "Publisher":
        """The subscriptions."""

    def announce(self, event: events.Event) -> None:
        """Send an event to the subscribers."""


Conduct = Callable[[Surroundings, Call, Callable[[], Answer]], Awaitable[Answer]]
"""Carries out a call; the last argument answers it, as often as it is called."""

HEADERS: Mapping[str, str] = {"X-Content-Type-Options": "nosniff"}


def keep_answer(_call: Call, answer: Answer) -> Answer:
    """Return the answer as it is."""
    return answer


def represent(promotion: Promotion, root: str) -> Promotion:
    """Return what clients see of a stored promotion: it, with an absolute href."""
    href = href_of(str(promotion["id"]), root)
    return {"id": promotion["id"], "href": href, **promotion}


def validate_promotion(promotion: Promotion, validator: "Validator") -> None:
    """Check a promotion that is to be stored.

    Raises:
        ProblemError: 400, it breaks the schema or its name is blank (profile pattern: mandatory
            attributes are neither null nor blank).

    """
    validation.check(promotion, validator)
    if not promotion["name"].strip():
        raise validation.invalid(["name must not be blank"])


def insertion_order(records: Sequence[Record]) -> Sequence[Record]:
    """Return the records as they were inserted, oldest first."""
    return records


def write(store: PromotionStore, replaced: Record | None, promotion: Promotion) -> Record:
    """Put a promotion into the store, in the place of a record or as a new one."""
    return store.put(promotion, seeded=replaced is not None and replaced.seeded)


def describe(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the API description as it is."""
    return document


def remove(store: PromotionStore, promotion_id: str) -> None:
    """Remove a promotion from the store."""
    store.remove(promotion_id)


def address_as_given(callback: URL, _event_type: str) -> URL:
    """Return where to post an event: the callback itself."""
    return callback


def address_below(callback: URL, event_type: str) -> URL:
    """Return where to post an event: `/listener/promotionCreateEvent` below the callback."""
    name = event_type[:1].lower() + event_type[1:]
    path = f"{callback.path.rstrip('/')}/listener/{name}"
    return callback.with_path(path).with_query(callback.query)


ADDRESSES: Mapping[CallbackStyle, Callable[[URL, str], URL]] = {
    "as-given": address_as_given,
    "listener": address_below,
}


@dataclass(frozen=True, slots=True)
class Behaviour:
    """One function a decision. The defaults conform.

    Args:
        unsupported: operations that are refused, with the status of the refusal.
        new_id: gives the id of a new promotion.
        validate: raises ProblemError for a promotion that must not be stored.
        protect: raises ProblemError for a change of an attribute that cannot change.
        transition: raises ProblemError for a lifecycleStatus that cannot follow the present one.
        patch_types: the media types of PATCH.
        precondition: raises ProblemError for an If-Match that does not name the current ETag.
        merge: applies a merge patch.
        json_patch: applies a JSON Patch.
        json_patch_query: applies a JSON Patch Query.
        gather: takes the promotions that a PATCH of the collection brings, before one is written.
        write: puts a promotion into the store, in the place of a record or as a new one.
        touch: gives the new lastUpdate, from the previous one.
        remove: takes a promotion out of the store.
        changes: gives the events for a promotion before and after.
        represent: turns a stored promotion into what clients see, from the API root.
        order: orders the records of a list before any `sort`.
        matches: tells whether a representation passes a filter.
        select_by_path: takes the representations that a JSON Path in `filter` selects.
        sort: sorts representations.
        cut: takes a page.
        page_headers: gives the headers of a list.
        page_max: the most items in one answer.
        partial_status: the status of a list that is only a part.
        select: takes the selected attributes.
        matches_event: tells whether an event passes the query of a subscription.
        address: tells where an event is posted.
        event_delay: seconds between a change and the post of its events.
        unsubscribes: whether DELETE of a subscription ends its deliveries.
        answer: has the last word on every answer, errors included.
        headers: stand in every answer of the API.
        conduct: carries out a call; None does so at once.
        describe: has the last word on the API description that the mock serves.
        shows_stored: what is read goes out as it is stored, since all seams that could alter it
            conform; so records need not be parsed, and indexes tell the truth.

    """

    unsupported: Mapping[str, int] = field(default_factory=dict)
    new_id: Callable[[], str] = ids.new_uuid
    validate: Callable[[Promotion, "Validator"], None] = validate_promotion
    protect: Callable[[Promotion, Promotion, frozenset[str]], None] = protection.check_unchanged
    transition: lifecycle.CheckTransition = lifecycle.allow_any
    patch_types: tuple[str, ...] = PATCH_TYPES
    precondition: Callable[[str | None, str], None] = check_if_match
    merge: Callable[[Any, Any], Any] = merge_patch
    json_patch: Callable[[Any, Any], Any] = json_patch
    json_patch_query: Callable[[Any, Any], Any] = json_patch_query
    gather: Callable[[Iterable[Promotion]], Iterable[Promotion]] = tuple
    write: Callable[[PromotionStore, Record | None, Promotion], Record] = write
    touch: Callable[[str | None], str] = clock.later_than
    remove: Callable[[PromotionStore, str], None] = remove
    changes: Callable[[Promotion | None, Promotion | None], list[events.Event]] = events.changes
    represent: Callable[[Promotion, str], Promotion] = represent
    order: Callable[[Sequence[Record]], Sequence[Record]] = insertion_order
    matches: Callable[[Promotion, Filter], bool] = matches
    select_by_path: Callable[[ResourceFilter, Sequence[Promotion]], list[Promotion]] = (
        ResourceFilter.select
    )
    sort: Callable[[Sequence[Promotion], Sequence[SortKey]], list[Promotion]] = sort
    cut: Callable[[Sequence[Promotion], Page], Sequence[Promotion]] = cut
    page_headers: Callable[[Page, int, int, str, str], Mapping[str, str]] = page_headers
    page_max: int | None = None
    partial_status: int = 200
    select: Callable[[Promotion, Selection | None], Promotion] = select
    matches_event: Callable[[events.Event, Query], bool] = events.matches_query
    address: Callable[[URL, str], URL] = address_as_given
    event_delay: float = 0.0
    unsubscribes: bool = True
    answer: Callable[[Call, Answer], Answer] = keep_answer
    headers: Mapping[str, str] = field(default_factory=lambda: HEADERS)
    conduct: Conduct | None = None
    describe: Callable[[Mapping[str, Any]], Mapping[str, Any]] = describe
    shows_stored: bool = field(init=False, default=False)

    def __post_init__(self) -> None:
        reading = (
            self.represent is represent
            and self.order is insertion_order
            and self.matches is matches
            and self.select_by_path is ResourceFilter.select
            and self.sort is sort
            and self.cut is cut
            and self.select is select
        )
        as_given = self.answer is keep_answer and self.conduct is None
        object.__setattr__(self, "shows_stored", reading and as_given)


def conforming(settings: Settings) -> Behaviour:
    """Return the behaviour that the settings ask for, before any defect or variant."""
    return Behaviour(
        page_max=settings.page_max,
        partial_status=settings.partial_status,
        precondition=require_if_match if settings.require_if_match else check_if_match,
        transition=lifecycle.RULES[settings.lifecycle],
        address=ADDRESSES[settings.callback_style],
    )
