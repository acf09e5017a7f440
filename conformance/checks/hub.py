"""POST /hub and DELETE /hub/{id} (TMF630 Part 1 R14.5.0 §8; TMF671 Swagger).

The hub does not occur in the v4 profiles; a target that does not offer it is not judged.
"""

from __future__ import annotations

from conformance.catalogue import check
from conformance.conditions import equal, header, json_object, present, status, that
from conformance.levels import MUST, SHOULD
from conformance.listener import Listener
from conformance.outcomes import NotApplicable
from conformance.samples import Subscription
from conformance.target import Target


@check("TMF671-HUB-201", level=MUST, requirements=["R-G80-STATUS"], needs=["hub"])
def answers_201(target: Target, listener: Listener) -> None:
    """Registering a callback is answered 201.

    The body and the headers are judged by other checks.
    """
    answer = target.subscribe(listener.channel().url)
    target.unsubscribe_answer(answer)
    status(answer, 201)


@check("TMF671-HUB-LOCATION", level=MUST, requirements=["R-G80-LOCATION"], needs=["hub"])
def tells_location(target: Target, subscription: Subscription) -> None:
    """The answer to a registration has a Location that ends with the subscription's id.

    A relative or absolute reference passes, on any host.
    """
    location = header(subscription.answer, "Location")
    last = target.absolute(location, "/hub").rstrip("/").rsplit("/", 1)[-1]
    that(
        target.same_resource("/x/" + last, f"/x/{subscription.id}"),
        "the Location does not lead to the new subscription",
        expected=f"…/hub/{subscription.id}",
        observed=location,
    )


@check("TMF671-HUB-BODY", level=MUST, requirements=["R-G80-BODY"], needs=["hub"])
def returns_the_subscription(subscription: Subscription) -> None:
    """The answer to a registration shows the subscription: its id and the callback as given.

    More attributes pass.
    """
    body = json_object(subscription.answer)
    present("the subscription", body, "id", "callback")
    that(
        str(body["callback"]).rstrip("/") == subscription.callback,
        "another callback was registered",
        expected=subscription.callback,
        observed=body["callback"],
    )


@check("TMF671-HUB-DUPLICATE", level=SHOULD, requirements=["R-G81-DUPLICATE"], needs=["hub"])
def second_registration(target: Target, subscription: Subscription) -> None:
    """Registering one callback a second time is accepted or answered 409.

    201 and 409 pass, and so does 200 for a hub that tells the subscription it already has.
    """
    answer = target.subscribe(subscription.callback)
    if answer.succeeded:
        target.unsubscribe_answer(answer, keep=subscription.id)
    status(answer, 200, 201, 409)


@check("TMF671-HUB-DELETE", level=MUST, requirements=["R-G82-DELETE"], needs=["hub"])
def delete_answers_204(target: Target, subscription: Subscription) -> None:
    """Removing a subscription is answered 204.

    That its events stop is judged by TMF671-EVENT-UNSUBSCRIBED.
    """
    status(target.unsubscribe(subscription.id), 204)


@check("TMF671-HUB-UNKNOWN", level=MUST, requirements=["R-G82-UNKNOWN"], needs=["hub"])
def unknown_subscription_is_404(target: Target, subscription: Subscription) -> None:
    """Removing a subscription that does not exist is answered 404.

    The id that is sent has the form of the target's own ids.
    """
    answer = target.unsubscribe_unknown(subscription.id)
    if answer is None:
        raise NotApplicable("no unknown id can be made of the form of the target's ids")
    status(answer, 404)


@check("TMF671-HUB-QUERY", level=SHOULD, requirements=["R-G80-BODY"], needs=["hub"])
def shows_the_query(target: Target, listener: Listener) -> None:
    """A subscription with a query shows the query as it was given.

    409 for a second listener, and a refusal of the query, are not judged here.
    """
    query = "eventType=PromotionCreateEvent"
    answer = target.subscribe(listener.channel().url, query)
    target.unsubscribe_answer(answer)
    if not answer.succeeded:
        raise NotApplicable("the target did not accept a subscription with a query")
    equal("the query", query, json_object(answer).get("query"))


@check(
    "TMF671-HUB-NO-CALLBACK",
    level=MUST,
    requirements=["R-M29-CALLBACK-REQUIRED"],
    needs=["hub"],
)
def callback_is_required(target: Target) -> None:
    """A registration without callback is refused.

    400 and 422 pass.
    """
    answer = target.subscribe(None, "eventType=PromotionCreateEvent")
    target.unsubscribe_answer(answer)
    status(answer, 400, 422)
