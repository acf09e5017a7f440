"""The kinds of offers that a telecom promotes, one function a kind.

Each returns name, description, promotionType and pattern: when the promotion applies (criteria) and
what the customer then gets (actions).
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from faker import Faker

Offer = dict[str, Any]

_PLANS = ("Mobile S", "Mobile M", "Mobile L", "Mobile Unlimited", "Family Plan")
_FIXED = ("Fibre 100", "Fibre 500", "Fibre 1000", "Home Internet")
_EXTRAS = ("TV Basic", "TV Sport", "Cloud Storage", "Device Care", "Roaming World")
_PARTNERS = ("cinema ticket", "coffee voucher", "music streaming month", "headphones", "power bank")
_CHANNELS = ("web", "app", "store", "callCentre")


def discount(fake: "Faker") -> Offer:
    """Return a percentage off the monthly fee of a plan for some months."""
    pick = fake.random
    plan, percent = pick.choice(_PLANS), pick.choice((10, 15, 20, 25, 50))
    months = pick.choice((3, 6, 12))
    return {
        "name": f"{percent}% off {plan}",
        "description": f"{percent}% off the monthly fee of {plan} for {months} months.",
        "promotionType": "Discount",
        "pattern": [
            _pattern(
                "Monthly fee discount",
                [
                    _criterion("orderedOffering", "=", plan),
                    _criterion("contractMonths", ">=", "24"),
                ],
                [_action(fake, "percentageDiscount", str(percent), plan)],
            )
        ],
    }


def bundle(fake: "Faker") -> Offer:
    """Return a fixed amount off for those who take mobile and fixed line together."""
    pick = fake.random
    plan, line, amount = pick.choice(_PLANS), pick.choice(_FIXED), pick.choice((5, 8, 10, 15))
    return {
        "name": f"{line} and {plan} Bundle",
        "description": f"{amount} EUR less each month for {line} together with {plan}.",
        "promotionType": "Reduction",
        "pattern": [
            _pattern(
                "Both in one basket",
                [
                    _criterion("orderedOffering", "=", plan),
                    _criterion("orderedOffering", "=", line),
                ],
                [_action(fake, "amountDiscount", str(amount), line)],
            )
        ],
    }


def voucher(fake: "Faker") -> Offer:
    """Return a voucher code that takes an amount off one order of some value."""
    pick = fake.random
    code = fake.bothify("????-####", letters="ABCDEFGHJKLMNPQRSTUVWXYZ")
    amount, least = pick.choice((10, 20, 30, 50)), pick.choice((100, 200, 300))
    return {
        "name": f"Voucher {code}",
        "description": f"{amount} EUR off orders of {least} EUR or more with the code {code}.",
        "promotionType": "Reduction",
        "pattern": [
            _pattern(
                "Code and order value",
                [
                    _criterion("voucherCode", "=", code),
                    _criterion("orderValue", ">=", str(least)),
                    _criterion("channel", "=", pick.choice(_CHANNELS)),
                ],
                [_action(fake, "amountDiscount", str(amount), "Order")],
            )
        ],
    }


def bonus_data(fake: "Faker") -> Offer:
    """Return extra gigabytes for a top-up, in two steps."""
    pick = fake.random
    low = pick.choice((10, 15, 20))
    small, large = pick.choice((1, 2, 5)), pick.choice((10, 20, 30))
    return {
        "name": f"{large} GB Bonus Data",
        "description": f"{small} GB extra from a top-up of {low} EUR, {large} GB from {2 * low}.",
        "promotionType": "Award",
        "pattern": [
            _pattern(
                f"Top-up from {2 * low} EUR",
                [_criterion("topUpAmount", ">=", str(2 * low))],
                [_action(fake, "bonusData", str(large), "Prepaid Data")],
                priority=1,
            ),
            _pattern(
                f"Top-up from {low} EUR",
                [
                    _criterion("topUpAmount", ">=", str(low)),
                    _criterion("topUpAmount", "<", str(2 * low)),
                ],
                [_action(fake, "bonusData", str(small), "Prepaid Data")],
                priority=2,
            ),
        ],
    }


def loyalty_gift(fake: "Faker") -> Offer:
    """Return a gift for customers of some years, in a town where shops hand it out."""
    pick = fake.random
    years, gift, extra = pick.choice((2, 5, 10)), pick.choice(_PARTNERS), pick.choice(_EXTRAS)
    city = fake.city()
    return {
        "name": f"{years} Years Loyalty {gift.title()}",
        "description": f"A {gift} and {extra} for those who have been with us for {years} years,"
        f" in our shops in {city}.",
        "promotionType": "Award",
        "pattern": [
            _pattern(
                "Loyal customers",
                [
                    _criterion("customerTenureYears", ">=", str(years)),
                    _criterion("customerCity", "=", city),
                ],
                [
                    _action(fake, "gift", "1", gift.title()),
                    _action(fake, "freeProduct", "1", extra),
                ],
            )
        ],
    }


OFFERS: tuple[Callable[["Faker"], Offer], ...] = (
    discount,
    bonus_data,
    bundle,
    voucher,
    loyalty_gift,
)


def _pattern(
    name: str, criteria: list[dict[str, str]], actions: list[dict[str, Any]], priority: int = 1
) -> dict[str, Any]:
    return {
        "id": str(priority),
        "name": name,
        "priority": priority,
        "criteriaGroupLogicalRelationship": "AND",
        "criteriaGroup": [
            {
                "id": "1",
                "groupName": name,
                "criteriaLogicalRelationship": "AND",
                "criteria": [
                    {"id": str(number), **criterion}
                    for number, criterion in enumerate(criteria, start=1)
                ],
            }
        ],
        "action": [{"id": str(number), **action} for number, action in enumerate(actions, start=1)],
    }


def _criterion(parameter: str, operator: str, value: str) -> dict[str, str]:
    return {
        "criteriaParameter": parameter,
        "criteriaOperator": operator,
        "criteriaValue": value,
    }


def _action(fake: "Faker", kind: str, value: str, entity: str) -> dict[str, Any]:
    number = fake.random.randint(1000, 9999)
    return {
        "actionType": kind,
        "actionValue": value,
        "actionEntityRef": {
            "id": str(number),
            "href": f"https://catalog.example.com/productOffering/{number}",
            "name": entity,
            "@referredType": "ProductOffering",
        },
    }
