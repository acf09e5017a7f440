from pathlib import Path

import specs
from conformance.catalogue import catalogue
from conformance.documentation import checks_page

ROOT = Path(__file__).parents[2]


def test_the_page_of_the_checks_is_fresh():
    page = (ROOT / "docs/checks.md").read_text(encoding="utf-8")
    assert page == checks_page(), "run: tmf671 list --markdown > docs/checks.md"


def test_every_observable_requirement_has_a_check():
    tested = {name for info in catalogue().values() for name in info.requirements}
    assert set(specs.requirements()) - tested == set()
