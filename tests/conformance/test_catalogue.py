import ast
import inspect
import types

import pytest

import specs
from conformance.catalogue import SECTIONS, CatalogueError, catalogue, check, collect, selected
from conformance.levels import at_least
from conformance.settings import UsageError


def module_with(*functions):
    module = types.ModuleType("conformance.checks.made_up")
    for number, function in enumerate(functions):
        function.__module__ = module.__name__
        setattr(module, f"check_{number}", function)
    return module


def make_check(check_id, requirements=("R-P07-ID",), doc="What holds.\n\nWhat passes."):
    def function():
        pass

    function.__doc__ = doc
    function.__module__ = "conformance.checks.made_up"
    return check(check_id, level="must", requirements=requirements)(function)


def test_there_are_more_than_forty_checks():
    assert len(catalogue()) > 40


def test_a_check_that_names_an_unknown_requirement_does_not_load():
    with pytest.raises(CatalogueError, match="R-NO-SUCH"):
        make_check("TMF671-X", requirements=("R-NO-SUCH",))


def test_a_check_without_requirement_or_docstring_does_not_load():
    with pytest.raises(CatalogueError, match="no requirement"):
        make_check("TMF671-X", requirements=())
    with pytest.raises(CatalogueError, match="docstring"):
        make_check("TMF671-X", doc="Only what holds.")


def test_two_checks_with_one_id_do_not_load():
    with pytest.raises(CatalogueError, match="share the id TMF671-X"):
        collect([module_with(make_check("TMF671-X"), make_check("TMF671-X"))])


def test_a_check_is_never_stricter_than_the_rule_it_cites():
    rules = specs.requirements()
    for info in catalogue().values():
        strongest = min(
            (rules[name].level for name in info.requirements), key=("must", "should", "may").index
        )
        assert at_least(strongest, info.level), f"{info.id} is {info.level}, the rule {strongest}"


def test_a_check_of_one_version_cites_rules_of_that_version():
    rules = specs.requirements()
    for info in catalogue().values():
        for version in info.versions:
            assert any(version in rules[name].versions for name in info.requirements), info.id


def test_a_check_is_one_short_function():
    for info in catalogue().values():
        body = ast.parse(inspect.getsource(info.function)).body[0].body[1:]
        lines = body[-1].end_lineno - body[0].lineno + 1
        assert lines <= 25, f"{info.id} has {lines} lines"


def test_ids_speak_of_their_section_and_sections_are_complete():
    assert {info.section for info in catalogue().values()} == set(SECTIONS)
    for info in catalogue().values():
        assert info.id.startswith("TMF671-")
        assert info.id.upper() == info.id


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("TMF671-CREATE-201", {"TMF671-CREATE-201"}),
        (
            "tmf671-delete-*",
            {
                "TMF671-DELETE-204",
                "TMF671-DELETE-GONE",
                "TMF671-DELETE-UNLISTED",
                "TMF671-DELETE-TWICE",
            },
        ),
        ("R-G54-LINK", {"TMF671-PAGE-LINK"}),
    ],
)
def test_checks_are_selected_by_id_section_or_requirement(pattern, expected):
    assert set(selected([pattern])) == expected


def test_a_section_selects_its_checks():
    chosen = {catalogue()[name].section for name in selected(["filtering"])}
    assert chosen == {"filtering"}


def test_a_selection_of_nothing_is_refused():
    with pytest.raises(UsageError, match="no check matches NO-SUCH-THING"):
        selected(["no-such-thing"])
