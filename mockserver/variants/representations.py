"""Variants of what a promotion looks like."""

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any
from urllib.parse import urlsplit

from mockserver.alterations import Install, replacing, representing, without
from mockserver.clock import later_than, parse_timestamp
from mockserver.query.selection import select
from mockserver.store import Promotion
from mockserver.variants.variant import Variant

_OFFSET = timezone(timedelta(hours=8))


def _relative_href(promotion: Promotion) -> Promotion:
    return {**promotion, "href": urlsplit(promotion["href"]).path}


def _gateway_host(promotion: Promotion) -> Promotion:
    path = urlsplit(promotion["href"]).path.replace("/tmf-api", "/gateway/crm/tmf-api")
    return {**promotion, "href": f"https://api.example.com{path}"}


def _extra_attributes(promotion: Promotion) -> Promotion:
    return {**promotion, "version": "1.0", "channel": [{"id": "web", "name": "Web shop"}]}


def _absent_as_null(promotion: Promotion) -> Promotion:
    return {**dict.fromkeys(("description", "promotionType", "validFor")), **promotion}


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


def _whole_seconds(previous: str | None) -> str:
    """Return a lastUpdate without decimals that still advances on each change."""
    return f"{later_than(previous, timedelta(seconds=1))[:19]}Z"


REPRESENTATIONS = (
    Variant(
        "relative-href", "href is a path without scheme and host", representing(_relative_href)
    ),
    Variant(
        "gateway-host",
        "href is the address at a gateway, on another host and below another path",
        representing(_gateway_host),
    ),
    Variant(
        "extra-attributes",
        "every promotion has attributes of an extension",
        representing(_extra_attributes),
    ),
    Variant("absent-as-null", "attributes without a value are null", representing(_absent_as_null)),
    Variant("no-type", "promotions have no @type", representing(without("@type"))),
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
    Variant(
        "numeric-ids",
        "ids are numbers of twelve digits",
        replacing(new_id=lambda: str(10**11 + secrets.randbelow(9 * 10**11))),
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
)
