"""Files about the project as a whole say what is so: pinned versions, links, named tests."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PINNED = {
    canonicalize_name(name): version
    for name, version in (
        line.split("==") for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    )
}
NEEDED = [
    Requirement(text)
    for texts in (PROJECT["dependencies"], *PROJECT["optional-dependencies"].values())
    for text in texts
]


@pytest.mark.parametrize("needed", NEEDED, ids=str)
def test_each_dependency_is_pinned_to_a_version_that_the_project_admits(needed):
    if needed.name == PROJECT["name"]:
        return
    assert PINNED[canonicalize_name(needed.name)] in needed.specifier


def test_the_project_itself_is_not_pinned():
    assert PROJECT["name"] not in PINNED


@pytest.mark.parametrize("page", ["SECURITY.md", "docs/security.md", "docs/production.md"])
def test_what_a_page_refers_to_is_there(page):
    text = (ROOT / page).read_text(encoding="utf-8")
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in link]
    tests = re.findall(r"`(tests/[\w/]+\.py)`", text)
    assert links
    assert all((ROOT / page).parent.joinpath(link).exists() for link in links)
    assert [name for name in tests if not (ROOT / name).is_file()] == []
