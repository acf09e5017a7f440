import msgspec
import pytest
from markdown_it import MarkdownIt

from reports import markdown

replace = msgspec.structs.replace
GFM = MarkdownIt("commonmark", {"html": True}).enable("table")


def with_check(results, **parts):
    check = replace(results.checks[1], **parts)
    return replace(results, checks=(check,))


def test_the_first_line_is_the_verdict(results, passed_results):
    assert markdown.render(results).splitlines()[0] == (
        "### ❌ Not conformant: 2 of 8 mandatory checks failed"
    )
    assert markdown.render(passed_results).splitlines()[0] == (
        "### ✅ Conformant: All 8 mandatory checks passed."
    )


def test_the_run_is_told_in_one_line(results):
    assert markdown.render(results, "China Telecom").splitlines()[2] == (
        "TMF671 v4.1.0 · China Telecom · Promotion Center CRM 3.2.1 · "
        "`http://crm.example.net:8080/tmf-api/promotionManagement/v4` · scope full · "
        "2 March 2026, 09:15:00 UTC · 12.4 s · tmf671 0.1.0, seed 671"
    )


def test_levels_by_outcomes_are_a_table(results):
    lines = markdown.render(results).splitlines()
    assert lines[4].startswith("| Level | passed | failed | warned | known-deviation | blocked |")
    assert lines[4].endswith("| skipped | not-applicable | error |")
    assert lines[5:9] == [
        "| --- | --: | --: | --: | --: | --: | --: | --: | --: |",
        "| MUST | 2 | 2 | 0 | 1 | 1 | 1 | 1 | 0 |",
        "| SHOULD | 0 | 0 | 1 | 0 | 0 | 0 | 0 | 0 |",
        "| MAY | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 1 |",
    ]
    assert "<table>" in GFM.render(markdown.render(results))


def test_a_failed_check_is_a_line_with_expected_and_observed(results):
    text = markdown.render(results)
    assert "#### Failed (2)\n" in text
    assert (
        "- **TMF671-CREATE-LOCATION** (must, R-G40-LOCATION, R-P08-HREF-LOCATION) "
        "the answer to a creation names the new promotion in Location "
        "→ `The answer has no Location header.` "
        'Expected `{"Location": "an absolute or relative reference to the new promotion"}`, '
        'observed `{"Location": null}`.\n'
    ) in text


def test_a_blocked_check_names_what_blocked_it(results):
    text = markdown.render(results)
    assert "#### Not carried out (2)\n" in text
    assert "a deleted promotion is gone Blocked by TMF671-CREATE-LOCATION.\n" in text


def test_a_conformant_run_lists_no_check(passed_results):
    assert "####" not in markdown.render(passed_results)


def test_the_last_line_points_to_the_report(results):
    assert markdown.render(results, None, "TMF671-v4.1.0-HTMLReport.html").splitlines()[-1] == (
        "Every check with its requests and answers: `TMF671-v4.1.0-HTMLReport.html`. "
        "Prepared by the company itself, not a certificate."
    )


HOSTILE = [
    "</script><img src=x onerror=window.pwned=1>",
    "`</code><img src=x>`",
    "``` ` <b>bold</b>",
    "[click](https://example.org/) ![x](https://example.org/x.png)",
    "@everyone #1 ~~gone~~ **bold** __bold__ $x$",
    "<https://example.org> https://example.org www.example.org",
    "line\n\n# heading\n\n- item\n| a | b |\n| --- | --- |\n",
    "\\` <img src=x> \\",
    "&lt;img&gt; &#64;everyone",
    "`",
]


@pytest.mark.parametrize("poison", HOSTILE)
@pytest.mark.parametrize("place", ["message", "title", "expected", "observed"])
def test_text_of_a_target_has_no_meaning_in_markdown(results, poison, place):
    harmless, hostile = (
        GFM.parse(markdown.render(with_check(results, **{place: text})))
        for text in ("harmless", poison)
    )
    assert [token.type for token in hostile] == [token.type for token in harmless]
    kinds = {child.type for token in hostile for child in token.children or ()}
    assert kinds <= {"text", "code_inline", "strong_open", "strong_close", "text_special"}


@pytest.mark.parametrize("poison", ["@everyone", "see #12", "x<@everyone"])
def test_nobody_is_mentioned(results, poison):
    made = GFM.parse(
        markdown.render(
            replace(with_check(results, title=poison), verdict_reason=poison), company=poison
        )
    )
    texts = [
        "".join(child.content for child in token.children if child.type != "code_inline")
        for token in made
        if token.children
    ]
    assert any("@\u200b" in text or "#\u200b" in text for text in texts)
    for text in texts:
        assert "@e" not in text
        assert "#1" not in text


def test_a_hostile_run_has_neither_markup_nor_control_characters(hostile_results):
    text = markdown.render(hostile_results, "</p><script>")
    kinds = {child.type for token in GFM.parse(text) for child in token.children or ()}
    assert "html_inline" not in kinds
    assert "\x1b" not in text
    text.encode()


def test_a_run_with_many_findings_fits_a_comment(results):
    failed = replace(results.checks[1], message="促销" * 400, expected="期" * 900, observed="望")
    checks = tuple(replace(failed, id=f"TMF671-CHECK-{n}") for n in range(500))
    text = markdown.render(replace(results, checks=checks))
    assert len(text.encode()) <= 60_000
    told = text.count("\n- **")
    assert told > 10
    assert f"… and {500 - told} more in the report." in text
