"""Legitimate differences between implementations, each under a name.

A client, and a conformance check, must cope with every one of them.
"""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from typing import Any
from urllib.parse import urlsplit

from mockserver.alterations import Install, Rewrite, replacing, representing, rewriting
from mockserver.behaviour import Behaviour, address_below
from mockserver.clock import later_than, parse_timestamp
from mockserver.exchange import Answer, Call
from mockserver.query.selection import select
from mockserver.store import Promotion

_OFFSET = timezone(timedelta(hours=8))


@dataclass(frozen=True, slots=True)
class Variant:
    """A named way to differ and still conform.

    Args:
        name: what `--variant` takes.
        text: what differs, in one line.
        install: makes a behaviour differ so.

    """

    name: str
    text: str
    install: Install


def _on_all(rewrite: Rewrite) -> Install:
    return rewriting(rewrite, lambda _call, _answer: True)


def _relative_href(promotion: Promotion) -> Promotion:
    return {**promotion, "href": urlsplit(promotion["href"]).path}


def _extra_attributes(promotion: Promotion) -> Promotion:
    return {**promotion, "version": "1.0", "channel": [{"id": "web", "name": "Web shop"}]}


def _rewriting_times(write: Callable[[datetime], str]) -> Install:
    def rewritten(value: Any) -> Any:
        match value:
            case dict():
                return {name: rewritten(child) for name, child in value.items()}
            case list():
                return [rewritten(child) for child in value]
            case str() if (moment := parse_timestamp(value)) is not None:
                return write(moment)
            case _:
                return value

    def rewritten_times(promotion: Promotion) -> Promotion:
        times = {name: promotion[name] for name in ("lastUpdate", "validFor") if name in promotion}
        return {**promotion, **rewritten(times)}

    return representing(rewritten_times)


def _rich_error(_call: Call, answer: Answer) -> Answer:
    if answer.status < 400 or not isinstance(answer.body, dict):
        return answer
    extra = {"@baseType": "Error", "traceId": "4bf92f3577b34da6a3ce929d0e0e4736", "details": []}
    return replace(answer, body={**answer.body, **extra})


def _extra_headers(_call: Call, answer: Answer) -> Answer:
    extra = {"Cache-Control": "no-store", "X-Request-Id": "7d3c", "Vary": "Accept"}
    return replace(answer, headers={**answer.headers, **extra})


def _without_charset(_call: Call, answer: Answer) -> Answer:
    if answer.body is None:
        return answer
    return replace(answer, headers={"Content-Type": "application/json", **answer.headers})


def _vendor_codes(_call: Call, answer: Answer) -> Answer:
    if answer.status < 400 or not isinstance(answer.body, dict):
        return answer
    return replace(answer, body={"code": f"ERR-{answer.status}-2", "reason": "Anfrage abgelehnt"})


def _relative_location(_call: Call, answer: Answer) -> Answer:
    if "Location" not in answer.headers:
        return answer
    path = urlsplit(answer.headers["Location"]).path
    return replace(answer, headers={**answer.headers, "Location": path})


def _without_list_headers(call: Call, answer: Answer) -> Answer:
    if call.operation != "listPromotion":
        return answer
    kept = {
        name: value
        for name, value in answer.headers.items()
        if name not in {"Link", "Content-Range", "X-Result-Count"}
    }
    return replace(answer, headers=kept)


def _late_below(behaviour: Behaviour) -> Behaviour:
    return replace(behaviour, address=address_below, event_delay=1.0)


def _whole_seconds(previous: str | None) -> str:
    """Return a lastUpdate without decimals that still advances on each change."""
    return f"{later_than(previous, timedelta(seconds=1))[:19]}Z"


def _refusing(**statuses: int) -> Install:
    """Return a variant that refuses operations, beside those that are refused already."""

    def install(behaviour: Behaviour) -> Behaviour:
        return replace(behaviour, unsupported={**behaviour.unsupported, **statuses})

    return install


_ALL = (
    Variant(
        "relative-href", "href is a path without scheme and host", representing(_relative_href)
    ),
    Variant(
        "relative-location",
        "Location is a path without scheme and host",
        _on_all(_relative_location),
    ),
    Variant(
        "partial-206", "a page that is only a part has status 206", replacing(partial_status=206)
    ),
    Variant(
        "extra-attributes",
        "every promotion has attributes of an extension",
        representing(_extra_attributes),
    ),
    Variant("page-max-10", "a list has at most ten items", replacing(page_max=10)),
    Variant(
        "newest-first",
        "lists begin with the newest promotion",
        replacing(order=lambda records: tuple(reversed(records))),
    ),
    Variant(
        "offset-plus-0800",
        "date-times carry the offset +08:00",
        _rewriting_times(lambda moment: moment.astimezone(_OFFSET).isoformat("T", "milliseconds")),
    ),
    Variant(
        "microsecond-dates",
        "date-times have six decimals",
        _rewriting_times(
            lambda moment: moment.isoformat("T", "microseconds").replace("+00:00", "Z")
        ),
    ),
    Variant("whole-second-dates", "lastUpdate has no decimals", replacing(touch=_whole_seconds)),
    Variant(
        "lowercase-dates",
        "date-times are written with a lower-case t and z",
        _rewriting_times(
            lambda moment: (
                moment.isoformat("T", "milliseconds").replace("+00:00", "z").replace("T", "t")
            )
        ),
    ),
    Variant(
        "no-patch-no-delete",
        "PATCH and DELETE of promotions answer 405",
        _refusing(patchPromotion=405, deletePromotion=405),
    ),
    Variant(
        "patch-delete-501",
        "PATCH and DELETE of promotions answer 501",
        _refusing(patchPromotion=501, deletePromotion=501),
    ),
    Variant(
        "no-hub",
        "/hub answers 404",
        _refusing(registerListener=404, unregisterListener=404),
    ),
    Variant("late-events", "events come one second late and below the callback", _late_below),
    Variant("rich-errors", "error bodies have attributes of their own", _on_all(_rich_error)),
    Variant(
        "terse-errors",
        "error bodies have only a code and a reason, in another language",
        _on_all(_vendor_codes),
    ),
    Variant("extra-headers", "every answer has headers of its own", _on_all(_extra_headers)),
    Variant("no-charset", "Content-Type has no charset", _on_all(_without_charset)),
    Variant(
        "few-list-headers",
        "lists have X-Total-Count and no other paging header",
        _on_all(_without_list_headers),
    ),
    Variant(
        "fields-without-href",
        "a selection keeps only id besides what is asked for",
        replacing(select=lambda promotion, paths: select(promotion, paths, always=("id",))),
    ),
    Variant(
        "own-id-scheme",
        "ids are short codes such as PROMO-4F2A91C03B",
        replacing(new_id=lambda: f"PROMO-{secrets.token_hex(5).upper()}"),
    ),
)
VARIANTS: Mapping[str, Variant] = {variant.name: variant for variant in _ALL}
