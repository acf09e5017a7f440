"""A generated catalogue: the same seed gives the same promotions, ids and times included."""

import re
import uuid
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from mockserver.clock import timestamp
from mockserver.seeds.offers import OFFERS

if TYPE_CHECKING:
    from faker import Faker

TODAY = datetime(2026, 6, 1, tzinfo=UTC)
"""The day on which the catalogue was, so to speak, exported. It is fixed, as all times are."""

_SEASONS = ("Spring", "Summer", "Autumn", "Winter", "Weekend", "Back to School", "Black Friday")


def catalogue(seed: int, count: int, api_version: str) -> list[dict[str, Any]]:
    """Return `count` promotions of a telecom, without href.

    Args:
        seed: two calls with the same seed give the same promotions; a longer catalogue begins with
            the shorter one.
        count: how many.
        api_version: "4.0.0" has no attachments.

    """
    from faker import Faker  # noqa: PLC0415 -- half a second that only a seeded mock pays

    fake = Faker("en_GB")
    fake.seed_instance(seed)
    promotions = [_promotion(fake, number) for number in range(count)]
    if api_version == "4.0.0":
        for promotion in promotions:
            promotion.pop("attachment", None)
    return promotions


def _promotion(fake: "Faker", number: int) -> dict[str, Any]:
    pick = fake.random
    offer = OFFERS[number % len(OFFERS)](fake)
    start = TODAY + timedelta(days=pick.randint(-400, 120))
    end = start + timedelta(days=pick.choice((7, 14, 30, 60, 90, 180)))
    status = _status(fake, start, end)
    age = timedelta(days=pick.randint(1, 60), seconds=pick.randint(0, 86399))
    changed = min(start, TODAY) - age
    promotion = {
        "id": str(uuid.UUID(int=pick.getrandbits(128), version=4)),
        "name": f"{pick.choice(_SEASONS)} {offer['name']}",
        "description": offer["description"],
        "lastUpdate": timestamp(changed + timedelta(milliseconds=pick.randint(0, 999))),
        "lifecycleStatus": status,
        "promotionType": offer["promotionType"],
        "validFor": {"startDateTime": timestamp(start), "endDateTime": timestamp(end)},
        "pattern": offer["pattern"],
        "@type": "Promotion",
    }
    if pick.random() < 0.3:
        promotion["attachment"] = [_banner(fake, str(offer["name"]))]
    return promotion


def _status(fake: "Faker", start: datetime, end: datetime) -> str:
    """Return a state that makes sense for the validity, among the suggested ones."""
    if end < TODAY:
        return "retirement"
    if start > TODAY:
        return str(fake.random.choice(("draft", "test", "waitForApproval")))
    return str(fake.random.choice(("release", "release", "release", "suspend")))


def _banner(fake: "Faker", name: str) -> dict[str, Any]:
    slug = "-".join(re.findall(r"[a-z0-9]+", name.lower()))
    return {
        "id": str(uuid.UUID(int=fake.random.getrandbits(128), version=4)),
        "attachmentType": "banner",
        "description": f"Banner for {name}",
        "mimeType": "image/png",
        "name": f"{slug}.png",
        "url": f"https://assets.example.com/promotions/{slug}.png",
        "size": {"amount": float(fake.random.randint(40, 900)), "units": "kB"},
        "@type": "Attachment",
    }
