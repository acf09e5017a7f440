import pytest

from conformance.adaptation import adapted, changeable, check_payload, read_rules, told
from conformance.profiles import level_under
from conformance.settings import UsageError

RULES = read_rules(
    {
        "id": {"given-by-client": True},
        "lifecycleStatus": {"values": ["active", "inactive"]},
        "promotionType": {"server-set": True},
        "description": {"immutable": True, "mandatory": True},
    }
)


def test_a_promotion_is_sent_as_the_target_wants_it():
    promotion = {"name": "n", "lifecycleStatus": "draft", "promotionType": "x"}
    first, second = adapted(promotion, RULES), adapted(promotion, RULES)
    assert first.keys() == {"id", "name", "lifecycleStatus"}
    assert first["lifecycleStatus"] == "active"
    assert first["id"] != second["id"]
    assert adapted({"lifecycleStatus": "inactive"}, RULES)["lifecycleStatus"] == "inactive"
    assert promotion["lifecycleStatus"] == "draft"


def test_a_mandatory_attribute_must_be_in_the_payload():
    check_payload({"name": "n", "description": "d"}, RULES)
    with pytest.raises(UsageError, match=r"target\.attributes\.description.*mandatory"):
        check_payload({"name": "n"}, RULES)


@pytest.mark.parametrize(
    ("rules", "name"),
    [
        ({}, "description"),
        ({"description": {"immutable": True}}, "promotionType"),
        ({"description": {"server-set": True}, "promotionType": {"values": ["a"]}}, None),
    ],
)
def test_checks_of_patch_change_what_can_be_changed(rules, name):
    assert changeable(read_rules(rules)) == name


@pytest.mark.parametrize(
    "table",
    [[], {"id": {"given": True}}, {"id": {"values": []}}, {"id": {"values": "active"}}, {"id": 1}],
)
def test_a_wrong_rule_is_one_line(table):
    with pytest.raises(UsageError, match=r"target\.attributes"):
        read_rules(table)


def test_each_adaptation_is_told():
    assert told(RULES) == [
        "id is given by the client: a new one for each create",
        "lifecycleStatus has a closed list of values: active, inactive",
        "promotionType is set by the server: never sent, never compared",
        "description is mandatory: the payload has it",
        "description cannot be changed: no PATCH of it",
    ]


@pytest.mark.parametrize(
    ("profile", "level", "requirements", "expected"),
    [
        ("default", "should", ["R-P11-LASTUPDATE"], "should"),
        ("strict", "should", ["R-P11-LASTUPDATE"], "must"),
        ("lenient", "should", ["R-P11-LASTUPDATE"], "may"),
        ("lenient", "must", ["R-P17-FILTER-ID", "R-G30-EQUALITY"], "should"),
        ("lenient", "must", ["R-G30-EQUALITY"], "must"),
    ],
)
def test_a_profile_levels_the_inferred_rules(profile, level, requirements, expected):
    assert level_under(profile, level, requirements) == expected
