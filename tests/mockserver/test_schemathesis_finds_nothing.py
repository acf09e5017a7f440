"""Generated requests, judged by all checks of schemathesis, against the mock without a defect."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import requests

import specs
from mockserver.embedded import running_mock
from mockserver.settings import BASE_PATH, Settings

ROOT = Path(__file__).parents[2]
CONFIGURATION = ROOT / "schemathesis.toml"
CASES = int(os.environ.get("TMF671_SCHEMATHESIS_CASES", "1500"))
OFFICIAL_FILES = {
    "4.0.0": "TMF671-Promotion-v4.0.0.swagger.json",
    "4.1.0": "TMF671_Promotion_Management_API_v4.1.0_swagger.json",
}
LISTENERS = (
    "POST /listener/promotionAttributeValueChangeEvent",
    "POST /listener/promotionCreateEvent",
    "POST /listener/promotionDeleteEvent",
    "POST /listener/promotionInformationRequiredEvent",
    "POST /listener/promotionStateChangeEvent",
)
ERRATA = {
    "declares only some of the codes that TMF630 uses": [
        ("ST103", operation)
        for operation in (*LISTENERS, "POST /promotion", "POST /hub", "PATCH /promotion/{id}")
    ],
    "types the promotions of this answer as Promotion_Create": [
        ("ST108", "GET /promotion"),
        ("ST108", "GET /promotion/{id}"),
    ],
    "name is required in the published file": [
        ("ST108", "GET /promotion"),
        ("ST108", "GET /promotion/{id}"),
        ("ST201", "PATCH /promotion/{id}"),
        *(("ST201", listener) for listener in LISTENERS),
    ],
    "does not let a merge patch remove it by null": [("ST201", "PATCH /promotion/{id}")],
    "lets it be blank": [("ST202", "POST /promotion"), ("ST202", "PATCH /promotion/{id}")],
    "sets no lower bound": [("ST202", "GET /promotion")],
    "events cannot be posted to any text": [("ST202", "POST /hub")],
    "leaves out this operation of TMF630": [
        ("ST204", "PATCH /promotion"),
        ("ST205", "OPTIONS /promotion"),
    ],
}
# Swagger 2.0 has `produces` for the whole file and cannot say that a 204 has no content.
NO_CONTENT = {("ST104", "DELETE /promotion/{id}"), ("ST104", "DELETE /hub/{id}")}
LABEL_OF_CHAINS = "Stateful tests"


def run_schemathesis(description, url, report, *, examples, seed, phases):
    ended = subprocess.run(
        [
            *(sys.executable, "-m", "schemathesis.cli", "--config-file", str(CONFIGURATION)),
            *("run", str(description), "--url", url),
            *("--checks", "all", "--continue-on-failure", "--max-examples", str(examples)),
            *("--seed", str(seed), "--phases", phases, "--generation-database", "none"),
            *("--request-timeout", "60", "--suppress-health-check", "all"),
            *("--report", "json", "--report-json-path", str(report), "--no-color"),
        ],
        capture_output=True,
        text=True,
        cwd=report.parent,
    )
    found = json.loads(report.read_text())
    assert found["complete"], ended.stdout + ended.stderr
    assert found["operations"]["tested"] == found["operations"]["total"] > 0
    assert found["operations"]["errored"] == 0, ended.stdout
    return found, ended.stdout


@pytest.mark.slow
@pytest.mark.parametrize("version", ["4.1.0", "4.0.0"])
def test_the_clean_mock_does_all_that_the_description_says(version, tmp_path):
    description = ROOT / "specs" / "tmf671" / version / "openapi.yaml"
    cases, seed, phases, examples = 0, 1, "examples,coverage,fuzzing,stateful", 20
    with running_mock(Settings(api_version=version, seed=5, journal=0)) as url:
        while cases < CASES:
            found, said = run_schemathesis(
                description,
                url,
                tmp_path / "report.json",
                examples=examples,
                seed=seed,
                phases=phases,
            )
            assert found["failures"] == [], said
            cases += found["test_cases"]["generated"]
            requests.post(url.replace(BASE_PATH, "/_mock/reset"), timeout=5).raise_for_status()
            seed, phases, examples = seed + 1, "fuzzing,stateful", 400


@pytest.mark.slow
@pytest.mark.parametrize("version", ["4.1.0", "4.0.0"])
def test_the_official_file_finds_nothing_but_its_declared_errata(version, tmp_path):
    folder = Path(os.environ.get("TMF671_OFFICIAL", ROOT.parent / "shared" / "official"))
    official = folder / OFFICIAL_FILES[version]
    if not official.exists():
        pytest.skip(
            "the official files are not part of this project: set TMF671_OFFICIAL to their folder"
        )
    with running_mock(Settings(api_version=version, seed=5, journal=0)) as url:
        found, said = run_schemathesis(
            official,
            url,
            tmp_path / "report.json",
            examples=40,
            seed=1,
            phases="examples,coverage,fuzzing,stateful",
        )
    declared = {finding for findings in ERRATA.values() for finding in findings} | NO_CONTENT
    codes = {code for code, _ in declared}
    findings = {
        (failure["code"], operation)
        for failure in found["failures"]
        for operation in failure["operations"]
    }
    undeclared = {
        (code, operation)
        for code, operation in findings
        if (code, operation) not in declared
        and not (operation == LABEL_OF_CHAINS and code in codes)
    }
    assert findings
    assert undeclared == set(), said


def test_every_erratum_that_excuses_a_finding_is_declared_in_a_description():
    declared = " ".join(
        " ".join(str(text).split())
        for version in ("4.0.0", "4.1.0")
        for text in _errata(specs.load(version).document)
    )
    assert [text for text in ERRATA if text not in declared] == []


def _errata(node):
    if isinstance(node, dict):
        if "x-erratum" in node:
            yield node["x-erratum"]
        for child in node.values():
            yield from _errata(child)
    elif isinstance(node, list):
        for child in node:
            yield from _errata(child)
