import re
from importlib import resources
from typing import get_args

import pytest
from jinja2 import Environment, nodes
from markupsafe import Markup

import conformance.catalogue
from reports import html
from reports.language import LANGUAGES, Language, texts
from reports.results import LEVELS, OUTCOMES, Scope, Verdict

TEMPLATES = resources.files("reports") / "templates"
REPORT_TEMPLATES = (
    "report",
    "masthead",
    "overview",
    "causes",
    "checks",
    "check",
    "parts",
    "requirements",
    "latency",
    "run",
)
SECTIONS = {
    "create",
    "validation",
    "retrieve",
    "listing",
    "selection",
    "filtering",
    "paging",
    "sorting",
    "update",
    "delete",
    "lifecycle",
    "concurrency",
    "errors",
    "negotiation",
    "robustness",
    "transport",
    "hub",
    "events",
    "fuzzing",
    "description",
}
FAMILIES = {
    "verdict": {"sentence", *get_args(Verdict)},
    "scope": set(get_args(Scope)),
    "level": set(LEVELS),
    "outcome": {"untested", "counted", *OUTCOMES},
    "meaning": set(OUTCOMES),
    "section": SECTIONS,
    "look": SECTIONS,
    "why": SECTIONS | set(LEVELS),
    "date": {"long", *(f"month-{month}" for month in range(1, 13))},
    "reason": {"failed", "strict", "undecided", "none", "one", "all", "interrupted"},
    "adaptation": {"payload", "payloads", "profile", "spec", "callback_url"},
}
# Names, formats and units that are the same in every language.
INTERNATIONAL = {"", "TMF671", "JSON", "SHA-256", "ms"}


def places(entry):
    """The places of a text, those of all its forms together."""
    forms = [entry] if isinstance(entry, str) else entry.values()
    return {name for form in forms for name in re.findall(r"\{(\w+)\}", form.replace("{{id}}", ""))}


def source(name):
    return TEMPLATES.joinpath(name).read_text("utf-8")


def test_each_section_of_the_suite_has_its_texts():
    assert set(conformance.catalogue.SECTIONS) == SECTIONS


def test_all_languages_have_the_same_texts_with_the_same_places():
    english, chinese = (texts(language).entries for language in LANGUAGES)
    assert list(english) == list(chinese)
    assert {key for key in english if places(english[key]) != places(chinese[key])} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_with_forms_has_the_general_one(language):
    forms = {key: entry for key, entry in texts(language).entries.items() if type(entry) is not str}
    assert "overview.checks" in forms
    for key, entry in forms.items():
        assert set(entry) <= {"one", "other"}, key
        assert entry["other"], key


def test_a_chinese_text_has_chinese_in_it():
    untranslated = {
        key
        for key, entry in texts("zh").entries.items()
        if not re.search("[\u4e00-\u9fff]", entry if isinstance(entry, str) else entry["other"])
    }
    assert untranslated == {
        "fact.api-version",
        "outcome.counted",
        "verdict.sentence",
        "latency.p95",
        "latency.bucket",
    }


def test_every_text_is_used_and_every_text_that_is_used_is_there():
    used = {f"{family}.{name}" for family, names in FAMILIES.items() for name in names}
    used |= {
        f"overview.why-grouped-{kind}" for kind in ("finding", "observed", "hint", "requirement")
    }
    for name in REPORT_TEMPLATES:
        used |= set(
            re.findall(r'"((?!why\.|look\.)[a-z0-9]+\.[a-z0-9-]+)"', source(f"{name}.html.j2"))
        )
    for script in html._SCRIPTS:
        used |= {f"script.{key}" for key in re.findall(r'say\("([a-z-]+)"', source(script))}
    used = {key for key in used if not key.endswith((".", "-", ".j2", ".html"))}
    assert used == set(texts("en").entries)


@pytest.mark.parametrize("name", REPORT_TEMPLATES)
def test_no_template_has_a_text_of_its_own(name):
    tree = Environment(autoescape=True).parse(source(f"{name}.html.j2"))
    page = "".join(
        part.data if isinstance(part, nodes.TemplateData) else "\ufffc"
        for output in tree.find_all(nodes.Output)
        for part in output.nodes
    )
    spoken = r'(?:aria-label|placeholder|title|alt|content)="([^"\ufffc]*[A-Za-z]{3}[^"\ufffc]*)"'
    assert set(re.findall(spoken, page)) <= {
        "width=device-width, initial-scale=1",
        "light dark",
        "no-referrer",
    }
    shown = re.sub(r"<(?:[^<>\"]|\"[^\"]*\")*>?|[^<>]*>", "\n", page)
    words = {word.strip() for word in re.findall(r"[A-Za-z][A-Za-z' ]+", shown)}
    assert words <= INTERNATIONAL


@pytest.mark.parametrize("script", html._SCRIPTS)
def test_no_script_has_a_text_of_its_own(script):
    code = re.sub(r"//.*|(?<=\()/.*?/(?=[gm]*[,.)])", "", source(script))
    literals = re.findall(r'"([^"\n]*)"|`([^`]*)`', code)
    sentences = [a or b for a, b in literals if re.search("[A-Za-z]{2,} [A-Za-z]{2,}", a or b)]
    assert sentences == ["use strict"] * (script == "elements.js")


def test_values_are_escaped_and_markup_is_not():
    say = texts("en")
    assert say("check.blocked-by", check="<b>") == "Blocked by &lt;b&gt;."
    assert say("check.blocked-by", check=Markup("<b>x</b>")) == "Blocked by <b>x</b>."


@pytest.mark.parametrize(
    ("language", "count", "text"),
    [("en", 1, "1 check"), ("en", 2, "2 checks"), ("en", 0, "0 checks"), ("zh", 1, "1 项检查")],
)
def test_a_number_decides_the_form(language, count, text):
    assert texts(language)("overview.checks", n=count) == text


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "2 March 2026, 09:15:00 UTC"), ("zh", "2026年3月2日 09:15:00 UTC")],
)
def test_a_date_is_written_as_the_language_does(language, text):
    assert texts(language).date("2026-03-02T09:15:00Z") == text


@pytest.mark.parametrize(
    ("reason", "chinese"),
    [
        ("3 of 96 mandatory checks failed", "96 项必须满足的检查中有 3 项失败"),
        ("1 of 1 mandatory check failed", "1 项必须满足的检查中有 1 项失败"),
        ("all 101 mandatory checks passed", "全部 101 项必须满足的检查均已通过"),
        ("the one mandatory check passed", "唯一一项必须满足的检查已通过"),
        ("1 mandatory check could not be carried out", "1 项必须满足的检查无法执行"),
        ("no mandatory check was carried out", "没有执行任何必须满足的检查"),
        (
            "4 checks failed (recommendations decide with --strict)",
            "4 项检查失败（使用 --strict 时，建议性规则也影响结论）",  # noqa: RUF001
        ),
        ("the run was interrupted", "测试运行被中断"),
        ("the target cannot be reached: refused", None),
    ],
)
def test_the_standing_reasons_of_a_verdict_are_translated(reason, chinese):
    assert texts("zh").reason(reason) == chinese


def test_a_language_without_a_catalogue_is_refused(results):
    with pytest.raises(ValueError, match="no catalogue of 'fr': there are en, zh"):
        html.render(results, lang="fr")


def test_the_catalogues_are_those_of_the_languages():
    names = {path.name for path in (resources.files("reports") / "catalogues").iterdir()}
    assert names == {f"{language}.toml" for language in get_args(Language)}


def test_the_chinese_page_marks_what_the_suite_said_as_english(results):
    page = html.render(results, lang="zh")
    assert '<html lang="zh-Hans">' in page
    assert '<h4 lang="en">A promotion is created with 201</h4>' in page
    assert '<p class="message" lang="en">The answer has no Location header.</p>' in page
    assert '<span class="reason">8 项必须满足的检查中有 2 项失败</span>' in page
    assert ' lang="en"' not in html.render(results).replace('<html lang="en">', "")
