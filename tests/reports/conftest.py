from dataclasses import dataclass, field

import msgspec
import pytest

from reports.results import (
    OUTCOMES,
    Check,
    Cleanup,
    Exchange,
    Header,
    KnownDeviation,
    Leftover,
    Request,
    Requirement,
    Response,
    Results,
    Target,
    Tool,
)

ROOT = "http://crm.example.net:8080/tmf-api/promotionManagement/v4"
PRODUCT = "Promotion Center CRM 3.2.1"
HOSTILE = '</script><img src=x onerror="window.owned=1"><script>window.owned=1</script>\'"'


def exchange(n, check, method, path, status, reason, *, sent=None, body=None, **more):
    url = ROOT + path
    headers = [Header("Host", "crm.example.net:8080"), Header("Accept", "application/json")]
    if sent is not None:
        headers.append(Header("Content-Type", "application/json"))
    headers.append(Header("Authorization", "***"))
    answer = (
        Header("Content-Type", "application/json;charset=utf-8"),
        Header("Server", more.pop("server", "crm/8.2")),
    )
    response = Response(
        status=status, reason=reason, headers=answer, body=body, bytes=len(body or "")
    )
    return Exchange(
        n=n,
        at=f"2026-03-02T09:15:{n % 60:02d}.250Z",
        check=check,
        request=Request(
            method=method, url=url, headers=tuple(headers), body=sent, bytes=len(sent or "")
        ),
        response=None if more.get("error") else response,
        duration_ms=12.4 + n,
        curl=more.pop("curl", f"curl -i -X {method} -H 'Accept: application/json' {url}"),
        **more,
    )


@dataclass
class Draft:
    checks: list = field(default_factory=list)
    exchanges: list = field(default_factory=list)

    def check(self, id_, title, section, level, outcome, *requirements, wire=(), **parts):
        numbers = []
        for method, path, status, reason, *more in wire:
            n = len(self.exchanges) + 1
            numbers.append(n)
            extra = more[0] if more else {}
            self.exchanges.append(exchange(n, id_, method, path, status, reason, **extra))
        values = {"blocked_by": None, "expected": None, "observed": None, "message": ""} | parts
        self.checks.append(
            Check(
                id=id_,
                title=title,
                section=section,
                level=level,
                requirements=requirements,
                outcome=outcome,
                duration_ms=8.0 + 3 * len(numbers),
                exchanges=tuple(numbers),
                **values,
            )
        )


PROMOTION = (
    '{"id":"42","href":"/promotion/42","name":"Double data weekend","lifecycleStatus":"Active",'
    '"validFor":{"startDateTime":"2026-03-01T00:00:00Z","endDateTime":"2026-06-01T00:00:00Z"},'
    '"priority":1.0,"pattern":[{"name":"weekend","criteriaGroup":[],"action":[{"actionType":"1",'
    '"actionValue":"2 GB"}]}]}'
)


def draft():
    made = Draft()
    made.exchanges.append(exchange(1, None, "OPTIONS", "/promotion", 200, "OK"))
    created = ("POST", "/promotion", 201, "Created", {"sent": PROMOTION, "body": PROMOTION})
    made.check(
        "TMF671-CREATE-201",
        "a promotion is created with 201",
        "create",
        "must",
        "passed",
        "R-P03-CREATE-201",
        wire=[created],
        expected=201,
        observed=201,
        description="POST /promotion answers 201. A payload of the user's own passes as well.",
    )
    made.check(
        "TMF671-CREATE-LOCATION",
        "the answer to a creation names the new promotion in Location",
        "create",
        "must",
        "failed",
        "R-G40-LOCATION",
        "R-P08-HREF-LOCATION",
        wire=[created],
        expected={"Location": "an absolute or relative reference to the new promotion"},
        observed={"Location": None},
        message="The answer has no Location header.",
        hint="Set Location to the new promotion's href when answering 201.",
        description=(
            "The answer to POST carries a Location header that leads to the new promotion.\n\n"
            "A relative reference passes, and so does another base path."
        ),
    )
    made.check(
        "TMF671-FILTER-NAME",
        "only promotions with the asked name are listed",
        "filtering",
        "must",
        "failed",
        "R-P17-FILTER-NAME",
        wire=[
            created,
            ("GET", "/promotion?name=Double%20data%20weekend", 200, "OK", {"body": "[]"}),
        ],
        expected=[{"id": "42", "name": "Double data weekend", "lifecycleStatus": "Active"}],
        observed=[
            {"id": "42", "name": "Double data weekend", "lifecycleStatus": "Active"},
            {"id": "7", "name": "Voucher for loyal customers", "lifecycleStatus": "Active"},
        ],
        message="A promotion with another name is in the list: the filter is ignored.",
        hint="Compare the attribute with the value of the query parameter before answering.",
        description="GET /promotion?name=… lists the promotions of that name and no other.",
    )
    made.check(
        "TMF671-FILTER-OR",
        "values joined by a comma are alternatives",
        "filtering",
        "should",
        "warned",
        "R-G31-OR-COMMA",
        wire=[("GET", "/promotion?name=a,b", 200, "OK", {"body": "[]"})],
        expected=2,
        observed=0,
        message="None of the two promotions was listed.",
        description="name=a,b lists those named a and those named b.",
    )
    made.check(
        "TMF671-RETRIEVE-200",
        "a promotion is retrieved with 200",
        "retrieve",
        "must",
        "known-deviation",
        "R-P02-GET-200",
        wire=[("GET", "/promotion/42", 203, "Non-Authoritative Information")],
        expected=200,
        observed=203,
        message="Declared in the configuration: the gateway answers 203.",
    )
    made.check(
        "TMF671-RETRIEVE-FIELDS",
        "selected attributes alone are answered",
        "retrieve",
        "must",
        "passed",
        "R-G21-SELECTED-ONLY",
        wire=[("GET", "/promotion/42?fields=name", 200, "OK", {"body": '{"id":"42"}'})],
    )
    made.check(
        "TMF671-DELETE-GONE",
        "a deleted promotion is gone",
        "delete",
        "must",
        "blocked",
        "R-G73-GONE",
        blocked_by="TMF671-CREATE-LOCATION",
        message="Nothing could be deleted.",
    )
    made.check(
        "TMF671-HUB-201",
        "a listener is registered with 201",
        "hub",
        "must",
        "not-applicable",
        "R-G80-STATUS",
        wire=[("POST", "/hub", 405, "Method Not Allowed", {"sent": '{"callback":"http://x"}'})],
        message="The target offers no hub.",
    )
    made.check(
        "TMF671-EVENTS-CREATE",
        "a creation is told to the listeners",
        "events",
        "must",
        "skipped",
        "R-G84-CREATE-EVENT",
        message="Switched off by --no-events.",
    )
    made.check(
        "TMF671-ERRORS-415",
        "another media type is refused",
        "errors",
        "may",
        "error",
        "R-G05-415",
        wire=[("POST", "/promotion", 0, "", {"sent": "<a/>", "error": "connection reset"})],
        message="ConnectionResetError: the connection was reset.",
    )
    return made


def results_of(made, **more):
    counts = dict.fromkeys(OUTCOMES, 0)
    for check in made.checks:
        counts[check.outcome] += 1
    tested = [r for check in made.checks for r in check.requirements]
    requirements = [
        Requirement(
            id=id_,
            text=f"The rule named {id_} holds for every promotion.",
            level="must",
            source="TMF630 Part 1 v4.2.0 §4.4",
            checks=tuple(check.id for check in made.checks if id_ in check.requirements),
            outcome=next(check.outcome for check in made.checks if id_ in check.requirements),
            not_tested_because=None,
        )
        for id_ in dict.fromkeys(tested)
    ]
    requirements.append(
        Requirement(
            id="R-G48-JSON-PATCH",
            text="A patch by RFC 6902 may be accepted.",
            level="may",
            source="TMF630 Part 5 §4",
            checks=(),
            outcome=None,
            not_tested_because="no check tests it yet",
        )
    )
    values = {
        "tool": Tool("tmf671", "0.1.0"),
        "started": "2026-03-02T09:15:00Z",
        "ended": "2026-03-02T09:15:12.400Z",
        "seed": 671,
        "target": Target(
            url=ROOT,
            api_version="4.1.0",
            capabilities={"create": True, "patch": True, "delete": True, "hub": False},
        ),
        "options": {"level": "should", "header": ["Authorization: ***"], "product": PRODUCT},
        "verdict": "not-conformant",
        "verdict_reason": "2 of 8 mandatory checks failed",
        "scope": "full",
        "summary": counts
        | {"total": len(made.checks), "requests": len(made.exchanges), "bytes": 20480},
        "checks": tuple(made.checks),
        "exchanges": tuple(made.exchanges),
        "requirements": tuple(requirements),
        "cleanup": Cleanup(
            created=4,
            deleted=3,
            left=(Leftover(f"{ROOT}/promotion/9", "DELETE answered 500"),),
        ),
    }
    deviations = tuple(
        KnownDeviation(check=check.id, reason="CRM-1", until="2027-03-01", state="used")
        for check in values["checks"]
        if check.outcome == "known-deviation"
    )
    return Results(**(values | {"deviations": deviations} | more))


@pytest.fixture(scope="session")
def results():
    """A run in which every outcome occurs once at least."""
    return results_of(draft())


@pytest.fixture(scope="session")
def passed_results():
    made = draft()
    made.checks = [
        msgspec.structs.replace(check, outcome="passed", blocked_by=None, message="")
        for check in made.checks
    ]
    return results_of(
        made,
        verdict="conformant",
        verdict_reason="All 8 mandatory checks passed.",
        cleanup=Cleanup(created=4, deleted=4),
    )


@pytest.fixture(scope="session")
def hostile_results():
    """A target that puts markup, control characters and broken Unicode wherever it can."""
    made = Draft()
    poison = HOSTILE + "\x00\x1b[31m\ud800\u202e<!--"
    body = '{"name": "' + poison + '"}'
    for outcome in OUTCOMES:
        made.check(
            f"TMF671-HOSTILE-{outcome.upper()}",
            "the target's text stays text" + poison,
            "errors" + poison,
            "must",
            outcome,
            "R-G13-ERROR-CODE",
            wire=[
                (
                    "GET",
                    "/promotion/" + poison,
                    200,
                    poison,
                    {"sent": body, "body": body, "server": poison, "curl": f"curl '{poison}'"},
                )
            ],
            expected={poison: poison},
            observed=[poison],
            message=poison,
            hint=poison,
            description=poison,
        )
    return results_of(
        made,
        verdict_reason=poison,
        options={poison: poison, "product": poison, "company": poison},
        target=Target(url=poison, api_version="4.1.0", capabilities={poison: True}),
        cleanup=Cleanup(created=1, deleted=0, left=(Leftover(poison, poison),)),
    )


@pytest.fixture(scope="session")
def long_results():
    """5,000 exchanges with bodies of 64 KiB, most of them of one check."""
    made = draft()
    body = '{"note": "' + "x" * 65536 + '"}'
    wire = [("GET", f"/promotion?n={n}", 200, "OK", {"body": body}) for n in range(4980)]
    made.check(
        "TMF671-FUZZ-SCHEMA",
        "generated requests are answered by the description",
        "fuzzing",
        "must",
        "passed",
        "R-P02-LIST-200",
        wire=wire,
    )
    return results_of(made)
