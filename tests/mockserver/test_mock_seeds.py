"""The generated catalogue."""

import json

import pytest

import specs
from mockserver.seeds.catalogue import TODAY, catalogue
from mockserver.settings import Settings
from mockserver.tenant import DataError, open_tenant


def test_the_same_seed_gives_the_same_catalogue_byte_for_byte():
    first, second = (json.dumps(catalogue(7, 30, "4.1.0")) for _ in range(2))
    assert first == second
    assert json.dumps(catalogue(8, 30, "4.1.0")) != first


def test_a_longer_catalogue_begins_with_the_shorter_one():
    assert catalogue(7, 40, "4.1.0")[:10] == catalogue(7, 10, "4.1.0")


@pytest.mark.parametrize("version", ["4.0.0", "4.1.0"])
def test_every_promotion_is_valid_and_makes_sense(version):
    validator = specs.load(version).validator("Promotion_Create")
    promotions = catalogue(1, 200, version)
    assert len({promotion["id"] for promotion in promotions}) == 200
    kinds = set()
    for promotion in promotions:
        assert list(validator.iter_errors(promotion)) == []
        valid = promotion["validFor"]
        assert valid["startDateTime"] < valid["endDateTime"]
        assert promotion["lastUpdate"] < TODAY.isoformat()
        expired = valid["endDateTime"] < TODAY.isoformat()
        assert (promotion["lifecycleStatus"] == "retirement") == expired
        kinds |= {
            action["actionType"] for part in promotion["pattern"] for action in part["action"]
        }
    assert kinds == {"percentageDiscount", "amountDiscount", "bonusData", "gift", "freeProduct"}
    assert {p["promotionType"] for p in promotions} == {"Award", "Discount", "Reduction"}
    assert any("attachment" in promotion for promotion in promotions) == (version == "4.1.0")


def test_a_mock_starts_empty_unless_told_otherwise(start):
    assert start().names() == []
    assert len(start(seed=5, count=12).names()) == 12


def test_data_is_loaded_with_its_ids_and_times(start):
    mine = {"id": "mine", "name": "Mine", "href": "/old", "lastUpdate": "2020-01-01T00:00:00Z"}
    mock = start(data=[mine, {"name": "No id"}])
    shown = mock("GET", "/promotion/mine").json()
    assert shown == {**mine, "href": f"{mock.root}/promotion/mine"}
    assert mock.names() == ["Mine", "No id"]
    changed = mock("PATCH", "/promotion/mine", json={"name": "Ours"}).json()
    assert changed["lastUpdate"] > "2026"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ([{"name": "a"}, {}], "promotion 2: name is missing"),
        (
            [{"name": "a", "id": "1"}, {"name": "b", "id": "1"}],
            "promotion 2: the id '1' occurs twice",
        ),
        ([{"name": "a", "id": 1}], "promotion 1: id must be a string"),
    ],
)
def test_data_that_is_no_promotion_is_refused(data, message):
    with pytest.raises(DataError, match=message):
        open_tenant(Settings(data=data))
