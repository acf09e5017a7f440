import doctest

import pytest

from reports.certificate import versions
from reports.certificate.api_overview import default_text
from reports.certificate.blocks import Bullets, Paragraph, blocks_of
from reports.certificate.versions import other_versions


def test_the_examples_in_the_docstring_hold():
    outcome = doctest.testmod(versions)
    assert (outcome.failed, outcome.attempted) == (0, 2)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The API is V4.0.0.", ("V4.0.0",)),
        ("TMF671 Promotion Management API release 5.0.0 is served.", ("5.0.0",)),
        ("It offers TMF671 (v4.0).", ("v4.0",)),
        ("接口版本4.0.0已上线", ("4.0.0",)),
        ("Served since version 4.0 and V4.0.0.", ("version 4.0", "V4.0.0")),
        ("TMF671 V4.1.0, in short v4.1 or v4", ()),
        ("It follows TMF630 v4.2.0 and TMF620 Product Catalog Management V4.0.0.", ()),
        ("OpenShift 4.14.0, Kubernetes 1.29.0, HTTP/1.1, IPv4 10.4.0.0", ()),
        ("Chapter 4.0 tells more.", ()),
    ],
)
def test_other_versions_of_the_api_are_found_and_nothing_else(text, found):
    assert other_versions(text, "4.1.0", "CRM 3.2.1") == found


def test_the_products_own_release_is_no_version_of_the_api():
    assert other_versions("CRM 4.0.0 is live.", "4.1.0", "CRM 4.0.0") == ()
    assert other_versions("CRM 4.0.0 offers TMF671 4.0.0.", "4.1.0", "CRM 4.0.0") == ("4.0.0",)


@pytest.mark.parametrize(("tested", "other"), [("4.0.0", "4.1.0"), ("4.1.0", "4.0.0")])
def test_the_overview_of_our_own_names_its_version_alone(tested, other):
    text = default_text(tested)
    assert tested in text
    assert other not in text
    assert other_versions(text, tested, "") == ()


def test_only_release_4_0_0_has_the_event_that_information_is_required():
    assert "information required" in default_text("4.0.0")
    assert "information required" not in default_text("4.1.0")


def test_a_text_wrapped_by_hand_becomes_paragraphs_and_lists():
    text = "\nOne paragraph\nin two lines.\n\n- first\n  item\n- second\n\n\nA - dash\n- inside.\n"
    assert blocks_of(text) == (
        Paragraph("One paragraph in two lines."),
        Bullets(("first item", "second")),
        Paragraph("A - dash - inside."),
    )


def test_chinese_lines_are_joined_without_a_space():
    assert blocks_of("中国电信的\n促销中心 CRM\n系统") == (
        Paragraph("中国电信的促销中心 CRM 系统"),
    )
